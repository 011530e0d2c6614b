#pragma once

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "convert.hpp"
#include "tenure/core/error.hpp"

/// How the conversions walk over runs of rows. Every element is read once: another thread may write to the
/// caller's memory meanwhile, and an index that was checked must be the index that is used.
namespace tenure::python {

inline constexpr std::int64_t rows_between_polls = 1 << 16;

[[noreturn]] inline void throw_type(const InputColumn& column, std::string_view expected,
                                    std::string_view code = "E_TYPE",
                                    std::string remedy = "Cast the column.") {
  throw_input({.code = std::string(code),
               .what = "is " + column.type.name + "; expected " + std::string(expected),
               .column = column.name,
               .value = column.type.name,
               .remedy = std::move(remedy)});
}

/// Calls block(run, begin, end, row of the table at which the run begins).
template <class Block>
void for_blocks(const InputColumn& column, const Poll& poll, Block&& block) {
  std::int64_t first_row = 0;
  for (const Array& run : column.runs) {
    for (std::int64_t begin = 0; begin < run.length; begin += rows_between_polls) {
      block(run, begin, std::min(run.length, begin + rows_between_polls), first_row);
      if (poll) poll();
    }
    first_row += run.length;
  }
}

/// Calls use(pointer to the value of row 0), typed.
template <class Use>
void with_integers(int bits, bool is_signed, const Array& run, Use&& use) {
  const auto typed = [&]<class T>(T) { use(static_cast<const T*>(run.values) + run.offset); };
  switch (bits) {
    case 8:
      return is_signed ? typed(std::int8_t{}) : typed(std::uint8_t{});
    case 16:
      return is_signed ? typed(std::int16_t{}) : typed(std::uint16_t{});
    case 32:
      return is_signed ? typed(std::int32_t{}) : typed(std::uint32_t{});
    default:
      return is_signed ? typed(std::int64_t{}) : typed(std::uint64_t{});
  }
}

[[noreturn]] inline void throw_invalid(const std::string& column, std::int64_t row, std::string what) {
  throw_input({.code = "E_ARROW_INVALID",
               .what = std::move(what),
               .column = column,
               .row = row,
               .remedy = "The producer of this Arrow data is at fault; export it again."});
}

/// A text in one of Arrow's three layouts; nullopt if its offsets make no sense.
inline std::optional<std::string_view> text_at(int bits, const Array& run, std::int64_t row) noexcept {
  const std::int64_t at = row + run.offset;
  const auto between = [&](std::int64_t begin, std::int64_t end) -> std::optional<std::string_view> {
    if (begin < 0 || end < begin || (run.bytes == nullptr && end > begin)) return std::nullopt;
    return std::string_view(run.bytes + begin, static_cast<std::size_t>(end - begin));
  };
  if (bits == 32)
    return between(static_cast<const std::int32_t*>(run.values)[at],
                   static_cast<const std::int32_t*>(run.values)[at + 1]);
  if (bits == 64)
    return between(static_cast<const std::int64_t*>(run.values)[at],
                   static_cast<const std::int64_t*>(run.values)[at + 1]);

  // A string view: length, then either 12 bytes in place, or 4 bytes of prefix, number of a buffer, offset in
  // it.
  const char* view = static_cast<const char*>(run.values) + at * 16;
  std::int32_t parts[4];
  std::memcpy(parts, view, sizeof parts);
  if (parts[0] < 0) return std::nullopt;
  const auto length = static_cast<std::size_t>(parts[0]);
  if (length <= 12) return std::string_view(view + 4, length);
  if (parts[2] < 0 || parts[2] >= run.view_buffer_count || parts[3] < 0) return std::nullopt;
  return std::string_view(static_cast<const char*>(run.view_buffers[parts[2]]) + parts[3], length);
}

inline std::string_view checked_text(const InputColumn& column, int bits, const Array& run, std::int64_t row,
                                     std::int64_t at) {
  const auto text = text_at(bits, run, row);
  if (!text) throw_invalid(column.name, at, "the offsets of a text make no sense");
  return *text;
}

template <class T>
std::int64_t checked_index(const InputColumn& column, const Array& run, const T* indices, std::int64_t row,
                           std::int64_t first_row) {
  const T index = indices[row];
  if (!std::in_range<std::int64_t>(index) || index < T{0} ||
      static_cast<std::int64_t>(index) >= run.dictionary->length)
    throw_invalid(
        column.name, first_row + row,
        "dictionary index " + std::to_string(index) + ", size " + std::to_string(run.dictionary->length));
  return static_cast<std::int64_t>(index);
}

inline bool bool_at(const InputColumn& column, const Array& run, std::int64_t row) noexcept {
  const std::int64_t at = row + run.offset;
  if (column.type.bits == 8) return static_cast<const std::uint8_t*>(run.values)[at] != 0;
  return ((static_cast<const std::uint8_t*>(run.values)[at >> 3] >> (at & 7)) & 1) != 0;
}

/// Whether two runs share their dictionary, as the chunks of a table mostly do: what was learnt of it stays
/// true.
inline bool same_dictionary(const Array* known, const Array& other) noexcept {
  return known != nullptr && known->values == other.values && known->bytes == other.bytes &&
         known->length == other.length && known->offset == other.offset && known->validity == other.validity;
}

inline bool holds_texts(const Type& type) noexcept {
  return type.kind == Kind::text || (type.kind == Kind::dictionary && type.values->kind == Kind::text);
}

/// Whether a column holds no value at all. Nobody can tell what it is for: pandas keeps it as NaN, and a list
/// of None comes as texts.
inline bool only_missing(const InputColumn& column) {
  if (column.type.kind == Kind::null) return true;
  const bool texts = holds_texts(column.type);
  if (!texts && column.type.kind != Kind::floating) return false;
  for (const Array& run : column.runs)
    for (std::int64_t row = 0; row < run.length; ++row) {
      if (texts) {
        if (run.valid(row)) return false;
        continue;
      }
      const double value = column.type.bits == 32 ? static_cast<const float*>(run.values)[run.offset + row]
                                                  : static_cast<const double*>(run.values)[run.offset + row];
      if (run.valid(row) && !std::isnan(value)) return false;
    }
  return true;
}

/// A dictionary of fixed-width values as a plain column; any other column as it is.
InputColumn decoded(const InputColumn& column, const Poll& poll);

/// Collects values of ours, row by row.
template <class T>
class Filled {
 public:
  explicit Filled(std::int64_t rows)
      : rows_(static_cast<std::size_t>(rows)),
        held_(std::make_shared<Held>(Buffer<T>(std::max<std::size_t>(rows_, 1)))) {}

  void set(std::int64_t row, T value) noexcept { held_->values[static_cast<std::size_t>(row)] = value; }
  void set_null(std::int64_t row) {
    if (held_->validity.empty()) held_->validity.assign(rows_ / 8 + 1, 0xFF);
    std::uint8_t& byte = held_->validity[static_cast<std::size_t>(row) >> 3];
    byte = static_cast<std::uint8_t>(byte & ~(1U << (row & 7)));
    held_->values[static_cast<std::size_t>(row)] = T{};
  }
  Values<T> finish() && {
    const Validity valid{held_->validity.empty() ? nullptr : held_->validity.data(), 0};
    return {{Column<T>(std::span<const T>(held_->values.data(), rows_), valid)}, {std::move(held_)}};
  }

 private:
  struct Held {
    explicit Held(Buffer<T> buffer) : values(std::move(buffer)) {}
    Buffer<T> values;
    std::vector<std::uint8_t> validity = {};
  };
  std::size_t rows_;
  std::shared_ptr<Held> held_;
};

/// The runs of a column whose memory is read in place.
template <class T>
Values<T> borrowed(const InputColumn& column) {
  Values<T> values{{}, column.owners};
  for (const Array& run : column.runs)
    values.runs.emplace_back(
        std::span(static_cast<const T*>(run.values) + run.offset, static_cast<std::size_t>(run.length)),
        Validity{run.validity, run.offset});
  return values;
}

template <class T>
Values<T> all_null(std::int64_t rows) {
  Filled<T> filled(rows);
  for (std::int64_t row = 0; row < rows; ++row) filled.set_null(row);
  return std::move(filled).finish();
}

/// Calls convert(value, row, fault) for each valid value of pointer type `const From*`; false reports the
/// fault.
template <class T, class From, class Convert>
Values<T> convert_each(const InputColumn& column, const Poll& poll, Convert&& convert) {
  Filled<T> filled(column.size());
  FaultList faults;
  for_blocks(
      column, poll, [&](const Array& run, std::int64_t begin, std::int64_t end, std::int64_t first_row) {
        const auto* bytes =
            static_cast<const char*>(run.values) + run.offset * static_cast<std::int64_t>(sizeof(From));
        for (std::int64_t row = begin; row < end; ++row) {
          T result{};
          Fault fault;
          From value;
          std::memcpy(&value, bytes + row * static_cast<std::int64_t>(sizeof(From)),
                      sizeof value);  // 128 bits may lie at 8
          bool null = !run.valid(row);
          if constexpr (std::is_same_v<From, std::int64_t>)
            null = null || (column.type.lowest_is_null && value == INT64_MIN);
          if constexpr (std::is_floating_point_v<From> && std::is_integral_v<T>)
            null = null || std::isnan(value);  // whole numbers of which some are missing
          if (null)
            filled.set_null(first_row + row);
          else if (convert(value, result, fault))
            filled.set(first_row + row, result);
          else {
            fault.column = column.name;
            fault.row = first_row + row;
            filled.set_null(first_row + row);
            faults.add(std::move(fault));
          }
        }
      });
  faults.raise();
  return std::move(filled).finish();
}

/// The same for texts, plain or coded; each text of a dictionary is parsed once.
template <class T, class Parse>
Values<T> parse_each(const InputColumn& column, const Poll& poll, Parse&& parse) {
  Filled<T> filled(column.size());
  FaultList faults;
  const auto store = [&](std::string_view text, std::int64_t row) -> std::optional<T> {
    T result{};
    Fault fault;
    if (parse(text, result, fault)) {
      filled.set(row, result);
      return result;
    }
    fault.column = column.name;
    fault.row = row;
    if (fault.value.empty()) fault.value = printable(text);
    filled.set_null(row);
    faults.add(std::move(fault));
    return std::nullopt;
  };
  if (column.type.kind == Kind::text) {
    for_blocks(
        column, poll, [&](const Array& run, std::int64_t begin, std::int64_t end, std::int64_t first_row) {
          for (std::int64_t row = begin; row < end; ++row) {
            if (run.valid(row))
              store(checked_text(column, column.type.bits, run, row, first_row + row), first_row + row);
            else
              filled.set_null(first_row + row);
          }
        });
  } else {
    std::vector<std::optional<T>> known;
    const Array* current = nullptr;
    for_blocks(
        column, poll, [&](const Array& run, std::int64_t begin, std::int64_t end, std::int64_t first_row) {
          if (!same_dictionary(current, *run.dictionary))
            known.assign(static_cast<std::size_t>(run.dictionary->length), std::nullopt);
          current = run.dictionary.get();
          with_integers(column.type.bits, column.type.index_signed, run, [&](const auto* indices) {
            for (std::int64_t row = begin; row < end; ++row) {
              if (!run.valid(row)) {
                filled.set_null(first_row + row);
                continue;
              }
              const std::int64_t index = checked_index(column, run, indices, row, first_row);
              auto& value = known[static_cast<std::size_t>(index)];
              if (value)
                filled.set(first_row + row, *value);
              else if (run.dictionary->valid(index))
                value = store(
                    checked_text(column, column.type.values->bits, *run.dictionary, index, first_row + row),
                    first_row + row);
              else
                filled.set_null(first_row + row);
            }
          });
        });
  }
  faults.raise();
  return std::move(filled).finish();
}

}  // namespace tenure::python
