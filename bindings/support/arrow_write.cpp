#include "arrow_write.hpp"

#include <array>
#include <cerrno>

#include "arrow_abi.hpp"
#include "tenure/core/error.hpp"

namespace tenure::python {

void Texts::push_back(std::string_view text) {
  bytes += text;
  offsets.push_back(static_cast<std::int32_t>(bytes.size()));
}

void Flags::push_back(bool flag) {
  const std::size_t at = bytes.size();
  bytes.push_back(flag ? 1 : 0);
  if (at % 8 == 0) bits.push_back(0);
  if (flag) bits.back() = static_cast<std::uint8_t>(bits.back() | (1U << (at % 8)));
}

const OutputColumn& Output::at(std::string_view name) const {
  for (const OutputColumn& column : columns_)
    if (column.name == name) return column;
  throw py::key_error(std::string(name));
}

namespace {

void mark_nulls(OutputColumn& column, std::vector<Undefined> reasons) {
  if (reasons.empty()) return;
  column.nullable = true;
  column.validity.assign(reasons.size() / 8 + 1, 0);
  for (std::size_t row = 0; row < reasons.size(); ++row) {
    if (reasons[row] == Undefined::no)
      column.validity[row >> 3] = static_cast<std::uint8_t>(column.validity[row >> 3] | (1U << (row & 7)));
    else
      ++column.null_count;
  }
  column.reasons = std::move(reasons);
}

}  // namespace

void Output::add(std::string name, OutputColumn::Data data, std::vector<Undefined> reasons) {
  OutputColumn column{.name = std::move(name), .data = std::move(data)};
  mark_nulls(column, std::move(reasons));
  columns_.push_back(std::move(column));
}

void Output::add(std::string name, std::vector<std::optional<double>> values,
                 std::vector<Undefined> reasons) {
  std::vector<double> defined;
  defined.reserve(values.size());
  for (const auto& value : values) defined.push_back(value.value_or(0.0));
  add(std::move(name), OutputColumn::Data(std::move(defined)), std::move(reasons));
}

void Output::add(std::string name, const std::vector<Ratio>& ratios) {
  std::vector<std::optional<double>> values;
  std::vector<Undefined> reasons;
  for (const Ratio& ratio : ratios) {
    values.push_back(ratio.value());
    reasons.push_back(ratio.reason());
  }
  add(std::move(name), std::move(values), std::move(reasons));
}

Decimals to_decimals(const std::vector<RunRateSum>& amounts, int exponent, int months) {
  int128 unit = 12;  // annual / 12 * months, divided once
  for (int i = exponent; i < 6; ++i) unit *= 10;
  Decimals decimals{.values = {}, .scale = exponent};
  for (const RunRateSum& amount : amounts)
    decimals.values.push_back(divide_half_even(amount.annual * months, unit));
  return decimals;
}

void Output::add_money(std::string name, const std::vector<RunRateSum>& amounts, MoneyFormat format,
                       std::vector<Undefined> reasons, int months) {
  OutputColumn column{.name = std::move(name), .data = {}};
  if (format.decimal) {
    column.data = to_decimals(amounts, format.exponent, months);
  } else {
    std::vector<double> values;
    for (const RunRateSum& amount : amounts) values.push_back(months == 12 ? amount.arr() : amount.mrr());
    column.data = std::move(values);
  }
  mark_nulls(column, std::move(reasons));
  columns_.push_back(std::move(column));
}

void add_ids(Output& output, const std::string& name, const std::vector<Id>& ids) {
  if (ids.empty() || std::holds_alternative<std::int64_t>(ids.front())) {
    std::vector<std::int64_t> numbers;
    for (const Id& id : ids) numbers.push_back(std::get<std::int64_t>(id));
    return output.add(name, std::move(numbers));
  }
  Texts texts;
  for (const Id& id : ids) texts.push_back(std::get<std::string>(id));
  output.add(name, std::move(texts));
}

namespace {

/// Everything an exported struct points to; dies with the struct.
struct SchemaStore {
  std::string format, name;
  std::vector<ArrowSchema> children;
  std::vector<ArrowSchema*> child_pointers;
};
struct ArrayStore {
  std::shared_ptr<const Output> output;
  std::array<const void*, 3> buffers{};
  std::vector<ArrowArray> children;
  std::vector<ArrowArray*> child_pointers;
};

// A release callback frees its children first, as the specification asks; a child that was moved out has no
// callback.
template <class Struct, class Store>
void release(Struct* exported) {
  for (int64_t i = 0; i < exported->n_children; ++i)
    if (exported->children[i]->release != nullptr) exported->children[i]->release(exported->children[i]);
  exported->release = nullptr;
  delete static_cast<Store*>(exported->private_data);
}

struct FormatOf {
  std::string operator()(const std::vector<Day>&) const { return "tdD"; }
  std::string operator()(const std::vector<std::int64_t>&) const { return "l"; }
  std::string operator()(const std::vector<double>&) const { return "g"; }
  std::string operator()(const Decimals& decimals) const { return "d:38," + std::to_string(decimals.scale); }
  std::string operator()(const Texts&) const { return "u"; }
  std::string operator()(const Flags&) const { return "b"; }
};

template <class Struct, class Store>
void adopt_children(Struct& exported, Store& store, std::size_t count) {
  store.children.resize(count);
  for (Struct& child : store.children) store.child_pointers.push_back(&child);
  exported.n_children = static_cast<int64_t>(count);
  exported.children = store.child_pointers.data();
}

ArrowSchema export_schema(std::string format, std::string name, std::size_t children, bool nullable) {
  auto* store = new SchemaStore{
      .format = std::move(format), .name = std::move(name), .children = {}, .child_pointers = {}};
  ArrowSchema schema{};
  schema.format = store->format.c_str();
  schema.name = store->name.c_str();
  schema.flags = nullable ? ARROW_FLAG_NULLABLE : 0;
  schema.release = &release<ArrowSchema, SchemaStore>;
  schema.private_data = store;
  adopt_children(schema, *store, children);
  return schema;
}

ArrowArray export_array(std::shared_ptr<const Output> output, std::size_t children) {
  auto* store = new ArrayStore{.output = std::move(output), .children = {}, .child_pointers = {}};
  ArrowArray array{};
  array.length = static_cast<int64_t>(store->output->rows());
  array.n_buffers = 1;
  array.buffers = store->buffers.data();
  array.release = &release<ArrowArray, ArrayStore>;
  array.private_data = store;
  adopt_children(array, *store, children);
  return array;
}

void point_to(ArrowArray& array, const OutputColumn& column) {
  auto& buffers = static_cast<ArrayStore*>(array.private_data)->buffers;
  array.null_count = column.null_count;
  array.n_buffers = 2;
  buffers[0] = column.null_count > 0 ? column.validity.data() : nullptr;
  if (const auto* texts = std::get_if<Texts>(&column.data)) {
    array.n_buffers = 3;
    buffers[1] = texts->offsets.data();
    buffers[2] = texts->bytes.data();
  } else if (const auto* decimals = std::get_if<Decimals>(&column.data)) {
    buffers[1] = decimals->values.data();
  } else if (const auto* flags = std::get_if<Flags>(&column.data)) {
    buffers[1] = flags->bits.data();
  } else {
    std::visit(
        [&]<class Data>(const Data& data) {
          if constexpr (requires { data.data(); }) buffers[1] = data.data();
        },
        column.data);
  }
}

struct StreamStore {
  std::shared_ptr<const Output> output;
  bool done = false;
  std::string error;
};

int get_schema(ArrowArrayStream* stream, ArrowSchema* out) noexcept {
  auto& store = *static_cast<StreamStore*>(stream->private_data);
  try {
    const auto& columns = store.output->columns();
    *out = export_schema("+s", "", columns.size(), false);
    for (std::size_t i = 0; i < columns.size(); ++i)
      *out->children[i] =
          export_schema(std::visit(FormatOf{}, columns[i].data), columns[i].name, 0, columns[i].nullable);
    return 0;
  } catch (const std::exception& failure) {
    store.error = failure.what();
    return ENOMEM;
  }
}

int get_next(ArrowArrayStream* stream, ArrowArray* out) noexcept {
  auto& store = *static_cast<StreamStore*>(stream->private_data);
  *out = ArrowArray{};
  if (store.done) return 0;
  try {
    const auto& columns = store.output->columns();
    *out = export_array(store.output, columns.size());
    for (std::size_t i = 0; i < columns.size(); ++i) {
      *out->children[i] = export_array(store.output, 0);
      point_to(*out->children[i], columns[i]);
    }
    store.done = true;
    return 0;
  } catch (const std::exception& failure) {
    store.error = failure.what();
    return ENOMEM;
  }
}

const char* get_last_error(ArrowArrayStream* stream) noexcept {
  return static_cast<StreamStore*>(stream->private_data)->error.c_str();
}

void release_stream(ArrowArrayStream* stream) noexcept {
  delete static_cast<StreamStore*>(stream->private_data);
  stream->release = nullptr;
}

void destroy_capsule(PyObject* capsule) {
  auto* stream = static_cast<ArrowArrayStream*>(PyCapsule_GetPointer(capsule, "arrow_array_stream"));
  if (stream->release != nullptr) stream->release(stream);
  delete stream;
}

}  // namespace

py::capsule to_stream(std::shared_ptr<const Output> output) {
  auto stream = std::make_unique<ArrowArrayStream>();
  stream->get_schema = &get_schema;
  stream->get_next = &get_next;
  stream->get_last_error = &get_last_error;
  stream->release = &release_stream;
  stream->private_data = new StreamStore{.output = std::move(output), .done = false, .error = {}};
  return py::capsule(stream.release(), "arrow_array_stream", &destroy_capsule);
}

}  // namespace tenure::python
