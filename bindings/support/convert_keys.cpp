#include <cmath>

#include "runs.hpp"
#include "tenure/core/error.hpp"

namespace tenure::python {

namespace {

/// Well-formed by Unicode table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view text) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  for (std::size_t i = 0; i < text.size();) {
    const unsigned char lead = byte(i);
    if (lead < 0x80) {
      ++i;
      continue;
    }
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || i + length > text.size()) return false;
    const unsigned char low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    const unsigned char high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (byte(i + 1) < low || byte(i + 1) > high) return false;
    for (std::size_t k = 2; k < length; ++k)
      if ((byte(i + k) & 0xC0) != 0x80) return false;
    i += length;
  }
  return true;
}

/// Codes of ours, the same for all runs, whatever dictionaries they came with.
class Coder {
 public:
  explicit Coder(const InputColumn& column) : column_(column) {
    codes_.reserve(static_cast<std::size_t>(column.size()));
  }

  void add_null() { codes_.push_back(null_code); }
  void add_code(std::int32_t code) { codes_.push_back(code); }
  void add(std::string_view text, std::int64_t row) { codes_.push_back(encode(text, row)); }

  std::int32_t encode(std::string_view text, std::int64_t row) {
    const std::size_t before = dictionary_.size();
    const std::int32_t code = dictionary_.encode(text);
    if (dictionary_.size() != before && !is_utf8(text))
      throw_input({.code = "E_KEY_UTF8",
                   .what = "the text is not UTF-8",
                   .column = column_.name,
                   .row = row,
                   .remedy = "Decode the source with the encoding it was written in."});
    return code;
  }

  CodedColumn finish() && {
    if (codes_.empty()) codes_.reserve(1);  // so that an empty column is a column
    return {std::move(codes_), std::make_shared<const std::vector<std::string>>(dictionary_.labels())};
  }

 private:
  const InputColumn& column_;
  Dictionary dictionary_;
  std::vector<std::int32_t> codes_;
};

void code_plain_texts(Coder& coder, const InputColumn& column, const Poll& poll) {
  for_blocks(
      column, poll, [&](const Array& run, std::int64_t begin, std::int64_t end, std::int64_t first_row) {
        for (std::int64_t row = begin; row < end; ++row) {
          if (run.valid(row))
            coder.add(checked_text(column, column.type.bits, run, row, first_row + row), first_row + row);
          else
            coder.add_null();
        }
      });
}

void code_dictionary(Coder& coder, const InputColumn& column, const Poll& poll) {
  constexpr std::int32_t unknown = -2;
  std::vector<std::int32_t> map;
  const Array* mapped = nullptr;
  for_blocks(column, poll,
             [&](const Array& run, std::int64_t begin, std::int64_t end, std::int64_t first_row) {
               const Array& labels = *run.dictionary;
               if (!same_dictionary(mapped, labels))
                 map.assign(static_cast<std::size_t>(labels.length), unknown);
               mapped = &labels;
               with_integers(column.type.bits, column.type.index_signed, run, [&](const auto* indices) {
                 for (std::int64_t row = begin; row < end; ++row) {
                   if (!run.valid(row)) {
                     coder.add_null();
                     continue;
                   }
                   const std::int64_t index = checked_index(column, run, indices, row, first_row);
                   std::int32_t& code = map[static_cast<std::size_t>(index)];
                   if (code == unknown)
                     code = labels.valid(index) ? coder.encode(checked_text(column, column.type.values->bits,
                                                                            labels, index, first_row + row),
                                                               first_row + row)
                                                : null_code;
                   coder.add_code(code);
                 }
               });
             });
}

CodedColumn code_texts(const InputColumn& column, const Poll& poll) {
  Coder coder(column);
  if (column.type.kind == Kind::text)
    code_plain_texts(coder, column, poll);
  else
    code_dictionary(coder, column, poll);
  return std::move(coder).finish();
}

CodedColumn all_null_codes(const InputColumn& column) {
  Coder coder(column);
  for (std::int64_t row = 0; row < column.size(); ++row) coder.add_null();
  return std::move(coder).finish();
}

/// Labels made from values: `label(pointer to row 0, row)`.
template <class Label>
CodedColumn code_values(const InputColumn& column, const Poll& poll, Label&& label) {
  Coder coder(column);
  for_blocks(column, poll,
             [&](const Array& run, std::int64_t begin, std::int64_t end, std::int64_t first_row) {
               for (std::int64_t row = begin; row < end; ++row) {
                 if (run.valid(row))
                   coder.add(label(run, row), first_row + row);
                 else
                   coder.add_null();
               }
             });
  return std::move(coder).finish();
}

Values<std::int64_t> widened(const InputColumn& column, const Poll& poll, std::string_view range_code) {
  if (column.type.bits == 64 && column.type.kind == Kind::signed_integer)
    return borrowed<std::int64_t>(column);
  Values<std::int64_t> values;
  with_integers(column.type.bits, column.type.kind == Kind::signed_integer, {}, [&]<class From>(const From*) {
    values =
        convert_each<std::int64_t, From>(column, poll, [&](From value, std::int64_t& result, Fault& fault) {
          if (std::in_range<std::int64_t>(value)) {
            result = static_cast<std::int64_t>(value);
            return true;
          }
          fault.code = range_code;
          fault.value = std::to_string(value);
          fault.what = fault.value + " is above the largest int64";
          fault.remedy = "Give whole numbers up to 9223372036854775807.";
          return false;
        });
  });
  return values;
}

Values<std::int64_t> whole_floats(const InputColumn& column, const Poll& poll) {
  const auto convert = [](double value, std::int64_t& result, Fault& fault) {
    if (value == std::floor(value) && std::abs(value) < 0x1p53) {
      result = static_cast<std::int64_t>(value);
      return true;
    }
    fault = {.code = "E_NUMBER_WHOLE",
             .what = std::to_string(value) + " is not a whole number",
             .value = std::to_string(value),
             .remedy = "Round the column."};
    return false;
  };
  return column.type.bits == 32 ? convert_each<std::int64_t, float>(column, poll, convert)
                                : convert_each<std::int64_t, double>(column, poll, convert);
}

}  // namespace

InputColumn decoded(const InputColumn& column, const Poll& poll) {
  if (column.type.kind != Kind::dictionary || column.type.values->bits < 8 ||
      column.type.values->kind == Kind::text)
    return column;
  const auto width = static_cast<std::size_t>(column.type.values->bits) / 8;
  const std::int64_t rows = column.size();
  auto bytes = std::make_shared<std::vector<char>>(static_cast<std::size_t>(rows + 1) * width);
  auto bits =
      std::make_shared<std::vector<std::uint8_t>>(static_cast<std::size_t>(rows) / 8 + 1, std::uint8_t{0});
  for_blocks(column, poll,
             [&](const Array& run, std::int64_t begin, std::int64_t end, std::int64_t first_row) {
               with_integers(column.type.bits, column.type.index_signed, run, [&](const auto* indices) {
                 for (std::int64_t row = begin; row < end; ++row) {
                   if (!run.valid(row)) continue;
                   const std::int64_t index = checked_index(column, run, indices, row, first_row);
                   if (!run.dictionary->valid(index)) continue;
                   const auto to = static_cast<std::size_t>(first_row + row);
                   (*bits)[to >> 3] = static_cast<std::uint8_t>((*bits)[to >> 3] | (1U << (to & 7)));
                   const auto from = static_cast<std::size_t>(run.dictionary->offset + index);
                   std::memcpy(bytes->data() + to * width,
                               static_cast<const char*>(run.dictionary->values) + from * width, width);
                 }
               });
             });
  return {column.name,
          *column.type.values,
          {{.length = rows, .validity = bits->data(), .values = bytes->data()}},
          {bytes, bits}};
}

IdColumn to_ids(const InputColumn& given, const Poll& poll) {
  if (holds_texts(given.type)) return code_texts(given, poll);
  const InputColumn column = decoded(given, poll);
  switch (column.type.kind) {
    case Kind::null:
      return all_null_codes(column);
    case Kind::signed_integer:
    case Kind::unsigned_integer:
      return widened(column, poll, "E_KEY_RANGE");
    case Kind::floating:
      throw_type(column, "whole numbers or texts: ids above 2^53 would collide", "E_KEY_TYPE",
                 "Cast the ids to int64 or to text.");
    default:
      throw_type(column, "whole numbers or texts", "E_KEY_TYPE", "Cast the ids to int64 or to text.");
  }
}

Values<std::int64_t> to_whole_numbers(const InputColumn& given, const Poll& poll) {
  if (only_missing(given)) return all_null<std::int64_t>(given.size());
  const InputColumn column = decoded(given, poll);
  switch (column.type.kind) {
    case Kind::signed_integer:
    case Kind::unsigned_integer:
      return widened(column, poll, "E_NUMBER_RANGE");
    case Kind::floating:
      return whole_floats(column, poll);
    default:
      throw_type(column, "whole numbers");
  }
}

CodedColumn to_labels(const InputColumn& given, const Poll& poll) {
  if (holds_texts(given.type)) return code_texts(given, poll);
  const InputColumn column = decoded(given, poll);
  switch (column.type.kind) {
    case Kind::null:
      return all_null_codes(column);
    case Kind::boolean:
      return code_values(column, poll, [&](const Array& run, std::int64_t row) {
        return std::string_view(bool_at(column, run, row) ? "true" : "false");
      });
    case Kind::signed_integer:
    case Kind::unsigned_integer: {
      const bool is_signed = column.type.kind == Kind::signed_integer;
      return code_values(column, poll, [&](const Array& run, std::int64_t row) {
        std::string label;
        with_integers(column.type.bits, is_signed, run,
                      [&](const auto* values) { label = std::to_string(values[row]); });
        return label;
      });
    }
    case Kind::day:
      if (column.type.bits == 32)
        return code_values(column, poll, [](const Array& run, std::int64_t row) {
          return format_day(static_cast<const Day*>(run.values)[row + run.offset]);
        });
      [[fallthrough]];
    default:
      throw_type(column, "text, dictionary or whole numbers", "E_TYPE", "Cast the column to text.");
  }
}

}  // namespace tenure::python
