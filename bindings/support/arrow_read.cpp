#include "arrow_read.hpp"

#include <cstring>

#include "signals.hpp"
#include "tenure/core/error.hpp"

namespace tenure::python {

namespace {

/// Releases what it holds; the producer's callback may need Python's lock and takes it itself.
template <class Struct>
struct Owned : Struct {
  Owned() noexcept : Struct{} {}
  Owned(const Owned&) = delete;
  Owned& operator=(const Owned&) = delete;
  ~Owned() {
    if (this->release != nullptr) this->release(this);
  }
};

[[noreturn]] void refuse(std::string what) {
  throw_input({.code = "E_ARROW_INVALID", .what = std::move(what), .remedy = "Export the data again."});
}

void check(int status, ArrowArrayStream& stream) {
  if (status == 0) return;
  const char* said = stream.get_last_error != nullptr ? stream.get_last_error(&stream) : nullptr;
  throw_input({.code = "E_ARROW_STREAM",
               .what = "the data source failed: " + printable(said != nullptr ? said : std::strerror(status)),
               .remedy = "Nothing was loaded; mend the source and read it again."});
}

/// The children of a record batch, shifted by its own offset.
void append_batch(std::vector<InputColumn>& columns, const std::shared_ptr<Owned<ArrowArray>>& batch,
                  bool is_struct) {
  if (!is_struct) {
    columns[0].runs.push_back(view_array(*batch, columns[0].type, columns[0].name));
    columns[0].owners.push_back(batch);
    return;
  }
  if (batch->n_children != static_cast<std::int64_t>(columns.size()))
    refuse("a batch and its schema differ in columns");
  if (batch->null_count > 0) refuse("a batch has null rows");
  for (std::size_t i = 0; i < columns.size(); ++i) {
    Array run = view_array(*batch->children[i], columns[i].type, columns[i].name);
    if (run.length < batch->offset + batch->length)
      refuse("column '" + printable(columns[i].name) + "' is shorter than its batch");
    run.offset += batch->offset;
    run.length = batch->length;
    columns[i].runs.push_back(std::move(run));
    columns[i].owners.push_back(batch);
  }
}

}  // namespace

std::vector<InputColumn> read_stream(const py::capsule& capsule, const Progress& progress) {
  if (capsule.name() == nullptr || std::strcmp(capsule.name(), "arrow_array_stream") != 0)
    refuse("__arrow_c_stream__ gave a capsule that is no arrow_array_stream");
  auto* source = capsule.get_pointer<ArrowArrayStream>();
  if (source->release == nullptr)
    throw_input({.code = "E_ARROW_RELEASED",
                 .what = "this Arrow stream was already read",
                 .remedy = "A stream can be read once: export it again, or keep the rows in a table."});

  const py::gil_scoped_release unlocked;
  Owned<ArrowArrayStream> stream;
  static_cast<ArrowArrayStream&>(stream) = *source;  // moving it marks the capsule as consumed
  source->release = nullptr;

  Owned<ArrowSchema> schema;
  check(stream.get_schema(&stream, &schema), stream);
  const bool is_struct =
      schema.format != nullptr && std::strcmp(schema.format, "+s") == 0 && schema.dictionary == nullptr;
  std::vector<InputColumn> columns;
  if (is_struct) {
    for (std::int64_t i = 0; i < schema.n_children; ++i) {
      const ArrowSchema& child = *schema.children[i];
      columns.push_back(
          {.name = child.name != nullptr ? child.name : "", .type = parse_type(child), .runs = {}});
    }
  } else {
    columns.push_back({.name = "", .type = parse_type(schema), .runs = {}});
  }

  SignalCheck signals;
  for (std::int64_t rows = 0;;) {
    auto batch = std::make_shared<Owned<ArrowArray>>();
    check(stream.get_next(&stream, batch.get()), stream);
    if (batch->release == nullptr) break;
    append_batch(columns, batch, is_struct);
    rows += batch->length;
    if (progress) {
      const py::gil_scoped_acquire lock;
      progress(rows);
    }
    signals();
  }
  return columns;
}

}  // namespace tenure::python
