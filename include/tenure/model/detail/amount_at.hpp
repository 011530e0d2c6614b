#pragma once

#include <cmath>
#include <cstdint>
#include <string>

#include "../../core/int128.hpp"
#include "../subscription.hpp"

namespace tenure::detail {

/// One value of a column of amounts.
struct AmountAt {
  enum class State : std::uint8_t { absent, good, not_a_number, infinite, out_of_range };
  State state = State::absent;
  std::int64_t value = 0;  ///< micro-units

  bool good() const noexcept { return state == State::good; }
  bool bad() const noexcept { return state > State::good; }
};

inline AmountAt to_amount(std::int64_t major) noexcept {
  if (!fits_int64(int128{major} * micros)) return {AmountAt::State::out_of_range};
  return {AmountAt::State::good, major * micros};
}
inline AmountAt to_amount(Micros micro) noexcept { return {AmountAt::State::good, micro.amount}; }
inline AmountAt to_amount(double major) noexcept {
  if (std::isnan(major)) return {AmountAt::State::not_a_number};
  if (std::isinf(major)) return {AmountAt::State::infinite};
  const double scaled = std::nearbyint(major * static_cast<double>(micros));
  if (!(scaled > -0x1p63 && scaled < 0x1p63)) return {AmountAt::State::out_of_range};
  return {AmountAt::State::good, static_cast<std::int64_t>(scaled)};
}

/// Absent where there is no column, or null.
inline AmountAt amount_at(const Amounts& amounts, std::size_t row) noexcept {
  return std::visit(
      [&]<class Column>(const Column& column) -> AmountAt {
        if constexpr (std::is_same_v<Column, std::monostate>)
          return {};
        else
          return row < column.size() && column.valid[row] ? to_amount(column.values[row]) : AmountAt{};
      },
      amounts.any());
}

/// An amount of micro-units in major units, without needless zeros.
inline std::string show_micros(std::int64_t amount) {
  const bool negative = amount < 0;
  const auto size = static_cast<std::uint64_t>(magnitude(amount));
  std::string text = std::to_string(size / micros);
  if (const std::uint64_t rest = size % micros; rest != 0) {
    std::string decimals = std::to_string(rest + micros).substr(1);
    decimals.erase(decimals.find_last_not_of('0') + 1);
    text += "." + decimals;
  }
  return negative ? "-" + text : text;
}

template <class T>
std::optional<T> value_at(const Column<T>& column, std::size_t row) noexcept {
  if (!column.present() || !column.valid[row]) return std::nullopt;
  return column.values[row];
}

/// Where a fault is and how it is put on the list.
class FaultAt {
 public:
  FaultAt(FaultList& list, std::int64_t row) : list_(list), row_(row) {}

  void operator()(const char* code, const std::string& column, std::string what, std::string value,
                  std::string remedy) {
    list_.add({code, std::move(what), column, row_, std::move(value), std::move(remedy)});
    any_ = true;
  }
  /// An amount that is no number at all.
  void amount(const AmountAt& amount, const std::string& column) {
    switch (amount.state) {
      case AmountAt::State::not_a_number:
        return (*this)("E_AMOUNT_NAN", column, "NaN is not an amount", "NaN", "Leave it null, or give it.");
      case AmountAt::State::infinite:
        return (*this)("E_AMOUNT_INF", column, "the amount is infinite", "inf", "Leave it null, or give it.");
      default:
        return (*this)("E_AMOUNT_RANGE", column, "the amount is too large", "",
                       "Amounts are in major units: check that they are not already in micro-units.");
    }
  }
  /// A day that the calendar does not hold.
  void day(Day day, const std::string& column) {
    (*this)("E_DATE_RANGE", column, "day " + std::to_string(day) + " is outside 1400-01-01..9999-12-31",
            std::to_string(day), "Dates run from 1400-01-01 to 9999-12-31.");
  }
  bool any() const noexcept { return any_; }

 private:
  FaultList& list_;
  std::int64_t row_;
  bool any_ = false;
};

}  // namespace tenure::detail
