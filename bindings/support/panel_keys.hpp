#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <vector>

#include "convert.hpp"
#include "input.hpp"
#include "numbers.hpp"

/// Columns that say which series a row is of, and when, read where they lie: rows of a series mostly stand
/// together, so that a row is compared with the one before it and nothing is hashed.
namespace tenure::python {

/// The place of each value among the distinct ones.
struct Ranks {
  std::vector<std::uint32_t> of;
  std::size_t count = 0;
};
Ranks ranked(std::span<const std::int64_t> values);

class KeyColumn {
 public:
  /// Of a segment any type that has labels will do, and null is "(none)"; a series is a text or a whole
  /// number. E_KEY_NULL, E_KEY_TYPE, E_KEY_RANGE, E_KEY_UTF8.
  KeyColumn(const InputColumn& column, bool segment, const Poll& poll);

  const std::string& name() const noexcept { return name_; }
  bool is_number() const noexcept { return kind_ == Kind::numbers; }
  std::int64_t number(std::size_t row) const noexcept { return numbers_[row]; }
  std::string_view text(std::size_t row) const;
  std::string shown(std::size_t row) const;

  /// Sets changed[i] where row first + i differs from the row before it; first is above 0.
  void mark_changes(std::size_t first, std::span<std::uint8_t> changed) const;
  /// By number, or byte by byte. E_KEY_TYPE between a number and a text.
  std::strong_ordering compare(std::size_t row, const KeyColumn& other, std::size_t other_row) const;
  /// The place of each row's key among the distinct keys of these rows.
  Ranks ranks(std::span<const std::uint32_t> rows) const;
  void add_to(Output& output, std::span<const std::uint32_t> rows) const;

 private:
  enum class Kind : std::uint8_t { numbers, texts, codes };
  struct Piece {
    std::size_t first_row;
    Array run;
  };
  const Piece& piece_of(std::size_t row) const noexcept;
  void mark_texts(const Piece& piece, std::size_t from, std::size_t end, std::uint8_t* changed) const;

  std::string name_;
  Kind kind_;
  std::span<const std::int64_t> numbers_;
  int text_bits_ = 0;
  std::vector<Piece> pieces_;
  CodedColumn codes_;
  std::vector<std::shared_ptr<const void>> owners_;
};

/// Keys in their order: compare() of each column in turn.
std::strong_ordering compare_keys(std::span<const KeyColumn> keys, std::size_t row,
                                  std::span<const KeyColumn> others, std::size_t other_row);

/// When something is: days, instants (`per_day` of them make a day) or whole numbers, in one run.
struct TimeColumn {
  enum class Kind : std::uint8_t { none, days, instants, numbers };

  std::string name;
  Kind kind = Kind::none;
  std::int64_t per_day = 1;
  bool months = false;  ///< it came as texts such as "2024-03"
  std::span<const Day> days;
  std::span<const std::int64_t> numbers;
  std::shared_ptr<const void> owner;

  bool present() const noexcept { return kind != Kind::none; }
  bool dated() const noexcept { return kind == Kind::days || kind == Kind::instants; }
  std::int64_t at(std::size_t row) const noexcept {
    return kind == Kind::days ? std::int64_t{days[row]} : numbers[row];
  }
  /// Within the calendar: what lies outside is as good as its end.
  Day day(std::size_t row) const noexcept;
  std::string shown(std::size_t row) const;
};
/// E_DATE_NULL, E_DATE_FORMAT, E_DATE_INVALID, E_DATE_RANGE, E_NUMBER_WHOLE, E_TYPE.
TimeColumn to_times(const Input& input, const std::optional<std::string>& name, const Poll& poll);
/// As it came: days, whole numbers, or texts where an instant is not a whole day.
void add_times(Output& output, const TimeColumn& times, std::span<const std::uint32_t> rows);

}  // namespace tenure::python
