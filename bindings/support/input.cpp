#include "input.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "signals.hpp"
#include "tenure/core/column.hpp"
#include "tenure/core/error.hpp"

namespace tenure::python {

namespace {

constexpr std::int64_t seconds_per_day = 86'400;

/// Keeps a Python object alive from threads that do not hold the lock.
std::shared_ptr<const void> keep(py::object object) {
  return {new py::object(std::move(object)), [](const void* held) {
            const py::gil_scoped_acquire lock;
            delete static_cast<const py::object*>(held);
          }};
}

/// What a dictionary column of our own consists of.
struct CodedTexts {
  std::vector<std::int32_t> codes;
  std::vector<std::uint8_t> validity;
  std::vector<std::int64_t> offsets = {0};
  std::string bytes;
};

class TextEncoder {
 public:
  explicit TextEncoder(std::size_t rows) : texts_(std::make_shared<CodedTexts>()) {
    texts_->codes.reserve(rows);
  }

  void add(std::string_view text) { texts_->codes.push_back(dictionary_.encode(text)); }
  void add_null() {
    const std::size_t row = texts_->codes.size();
    if (texts_->validity.empty()) texts_->validity.assign(texts_->codes.capacity() / 8 + 1, 0xFF);
    texts_->validity[row >> 3] = static_cast<std::uint8_t>(texts_->validity[row >> 3] & ~(1U << (row & 7)));
    texts_->codes.push_back(0);
  }

  InputColumn finish(std::string name) && {
    for (const std::string& label : dictionary_.labels()) {
      texts_->bytes += label;
      texts_->offsets.push_back(static_cast<std::int64_t>(texts_->bytes.size()));
    }
    Type values{.kind = Kind::text, .bits = 64, .name = "string"};
    Type type{.kind = Kind::dictionary,
              .bits = 32,
              .values = std::make_shared<const Type>(values),
              .name = "string"};
    Array labels{.length = static_cast<std::int64_t>(dictionary_.size()),
                 .values = texts_->offsets.data(),
                 .bytes = texts_->bytes.data()};
    Array run{.length = static_cast<std::int64_t>(texts_->codes.size()),
              .validity = texts_->validity.empty() ? nullptr : texts_->validity.data(),
              .values = texts_->codes.data(),
              .dictionary = std::make_shared<const Array>(labels)};
    return {std::move(name), std::move(type), {std::move(run)}, {texts_}};
  }

 private:
  std::shared_ptr<CodedTexts> texts_;
  Dictionary dictionary_;
};

[[noreturn]] void refuse_character(const std::string& column, std::int64_t row, std::uint32_t code) {
  static constexpr char hex[] = "0123456789ABCDEF";
  std::string shown = "U+";
  for (int shift = code > 0xFFFF ? 28 : 12; shift >= 0; shift -= 4) shown += hex[(code >> shift) & 15];
  throw_input({.code = "E_KEY_UTF8",
               .what = "the text holds " + shown +
                       (code > 0xFFFF ? ", which is" : ", a lone surrogate, which is") + " no character",
               .column = column,
               .row = row,
               .value = shown,
               .remedy = "Decode the source with the encoding it was written in."});
}

void append_utf8(std::string& text, std::uint32_t code) {
  const auto byte = [&](std::uint32_t value) { text += static_cast<char>(value); };
  if (code < 0x80) return byte(code);
  if (code < 0x800) return byte(0xC0 | code >> 6), byte(0x80 | (code & 63));
  if (code < 0x10000) return byte(0xE0 | code >> 12), byte(0x80 | (code >> 6 & 63)), byte(0x80 | (code & 63));
  byte(0xF0 | code >> 18), byte(0x80 | (code >> 12 & 63)), byte(0x80 | (code >> 6 & 63)),
      byte(0x80 | (code & 63));
}

constexpr bool is_character(std::uint32_t code) noexcept {
  return code < 0xD800 || (code >= 0xE000 && code <= 0x10FFFF);
}

/// Fixed-width UCS-4, padded with zeros at the end.
void encode_wide(TextEncoder& encoder, const std::string& name, const py::array& texts) {
  const auto width = static_cast<std::size_t>(texts.itemsize()) / sizeof(std::uint32_t);
  const auto* characters = static_cast<const std::uint32_t*>(texts.data());
  const std::int64_t rows = texts.size();
  const py::gil_scoped_release unlocked;
  SignalCheck signals;
  std::string text;
  for (std::int64_t row = 0; row < rows; ++row, characters += width) {
    if ((row & 0xFFF) == 0) signals();
    std::size_t length = width;
    while (length > 0 && characters[length - 1] == 0) --length;
    text.clear();
    for (std::size_t i = 0; i < length; ++i) {
      if (!is_character(characters[i])) refuse_character(name, row, characters[i]);
      append_utf8(text, characters[i]);
    }
    encoder.add(text);
  }
}

void encode_objects(TextEncoder& encoder, const std::string& name, const py::sequence& texts) {
  std::int64_t row = 0;
  for (const py::handle text : texts) {
    if (PyUnicode_Check(text.ptr())) {
      Py_ssize_t size = 0;
      const char* bytes = PyUnicode_AsUTF8AndSize(text.ptr(), &size);
      if (bytes == nullptr) {
        PyErr_Clear();
        std::uint32_t code = 0xD800;
        for (Py_ssize_t i = 0; i < PyUnicode_GetLength(text.ptr()); ++i)
          if (!is_character(PyUnicode_ReadChar(text.ptr(), i))) {
            code = PyUnicode_ReadChar(text.ptr(), i);
            break;
          }
        refuse_character(name, row, code);
      }
      encoder.add({bytes, static_cast<std::size_t>(size)});
    } else {
      encoder.add_null();
    }
    if ((++row & 0xFFFF) == 0 && PyErr_CheckSignals() != 0) throw py::error_already_set();
  }
}

}  // namespace

void Input::set(InputColumn column) {
  const auto same =
      std::find_if(columns_.begin(), columns_.end(), [&](const auto& c) { return c.name == column.name; });
  const bool alone = columns_.empty() || (columns_.size() == 1 && same != columns_.end());
  if (!alone && column.size() != rows())
    throw_input({.code = "E_COLUMN_LENGTH",
                 .what = "the column has " + std::to_string(column.size()) + " rows, '" +
                         printable(columns_.front().name) + "' has " + std::to_string(rows()),
                 .column = column.name,
                 .value = std::to_string(column.size()),
                 .remedy = "Give columns of equal length."});
  if (same != columns_.end())
    *same = std::move(column);
  else
    columns_.push_back(std::move(column));
}

const InputColumn& Input::at(std::string_view name) const {
  for (const InputColumn& column : columns_)
    if (column.name == name) return column;
  throw_input(
      {.code = "E_COLUMN_MISSING", .what = "the column is not in the table", .column = std::string(name)});
}

InputColumn from_numbers(std::string name, const py::array& values, const py::object& missing, Type type) {
  InputColumn column{std::move(name), std::move(type), {}, {keep(values)}};
  Array run{.length = values.size(), .values = values.data()};
  if (!missing.is_none()) {
    const auto marks = py::array_t < bool, py::array::c_style | py::array::forcecast > ::ensure(missing);
    if (!marks || marks.size() != values.size())
      throw py::value_error("a mask must have one bool for each row");
    auto bits = std::make_shared<std::vector<std::uint8_t>>(static_cast<std::size_t>(run.length) / 8 + 1,
                                                            std::uint8_t{0});
    for (std::int64_t row = 0; row < run.length; ++row)
      if (!marks.data()[row])
        (*bits)[static_cast<std::size_t>(row >> 3)] |= static_cast<std::uint8_t>(1U << (row & 7));
    run.validity = bits->data();
    column.owners.push_back(bits);
  }
  column.runs.push_back(std::move(run));
  return column;
}

InputColumn from_texts(std::string name, const py::object& texts) {
  TextEncoder encoder(py::len(texts));
  if (py::isinstance<py::array>(texts) && py::reinterpret_borrow<py::array>(texts).dtype().kind() == 'U')
    encode_wide(encoder, name, py::reinterpret_borrow<py::array>(texts));
  else
    encode_objects(encoder, name, py::reinterpret_borrow<py::sequence>(texts));
  return std::move(encoder).finish(std::move(name));
}

Seconds seconds_of(const InputColumn& column) {
  const auto rows = static_cast<std::size_t>(column.size());
  Seconds seconds{Buffer<std::int64_t>(rows), Buffer<bool>(rows)};
  const std::int64_t per_second = column.type.per_day / seconds_per_day;
  std::size_t at = 0;
  for (const Array& run : column.runs) {
    const auto* values = static_cast<const std::int64_t*>(run.values) + run.offset;
    for (std::int64_t row = 0; row < run.length; ++row, ++at) {
      const std::int64_t value = values[row];
      seconds.valid[at] = run.valid(row) && !(column.type.lowest_is_null && value == INT64_MIN);
      const std::int64_t floored = value / per_second - (value % per_second < 0 ? 1 : 0);
      seconds.values[at] = seconds.valid[at] ? floored : 0;
    }
  }
  return seconds;
}

bool midnight_only(const InputColumn& column) {
  for (const Array& run : column.runs) {
    const auto* values = static_cast<const std::int64_t*>(run.values) + run.offset;
    for (std::int64_t row = 0; row < run.length; ++row)
      if (values[row] % column.type.per_day != 0 && run.valid(row) &&
          !(column.type.lowest_is_null && values[row] == INT64_MIN))
        return false;
  }
  return true;
}

}  // namespace tenure::python
