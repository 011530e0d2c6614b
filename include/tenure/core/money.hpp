#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <vector>

#include "config.hpp"
#include "currency.hpp"
#include "int128.hpp"

/// Exact money. Amounts are integers of 10^-6 of the major unit; a recurring price is kept as what it comes
/// to in a year, so that day, week, month and year prices are all whole numbers and MRR is divided once, at
/// output.
namespace tenure {

inline constexpr std::int64_t micros = 1'000'000;  ///< micro-units in one major unit

/// An amount of one currency, in micro-units.
struct Money {
  std::int64_t amount = 0;
  Currency currency = {};
  friend bool operator==(const Money&, const Money&) = default;
};

/// What a subscription comes to in a year, in micro-units.
struct RunRate {
  std::int64_t annual = 0;
  constexpr auto operator<=>(const RunRate&) const = default;
};

/// A total of run rates: 128 bits, so that neither the number of rows nor their order can overflow it.
struct RunRateSum {
  int128 annual = 0;

  constexpr RunRateSum() noexcept = default;
  constexpr explicit RunRateSum(int128 value) noexcept : annual(value) {}
  constexpr RunRateSum(RunRate rate) noexcept : annual(rate.annual) {}  // widening cannot lose anything

  constexpr RunRateSum& operator+=(RunRateSum other) noexcept {
    annual += other.annual;
    return *this;
  }
  constexpr RunRateSum& operator-=(RunRateSum other) noexcept {
    annual -= other.annual;
    return *this;
  }
  friend constexpr RunRateSum operator+(RunRateSum a, RunRateSum b) noexcept { return a += b; }
  friend constexpr RunRateSum operator-(RunRateSum a, RunRateSum b) noexcept { return a -= b; }
  constexpr auto operator<=>(const RunRateSum&) const = default;

  /// Monthly, in major units: annual / 12.
  constexpr double mrr() const noexcept { return quotient(annual, int128{12} * micros); }
  constexpr double arr() const noexcept { return quotient(annual, micros); }
};

/// The price of `amount` major units a month, as an annual run rate. For tests and examples.
constexpr RunRate mrr(std::int64_t amount) noexcept { return {amount * 12 * micros}; }

/// Nearest micro-units of an amount in major units, ties to even. Throws InputError: E_AMOUNT_NAN,
/// E_AMOUNT_INF, E_AMOUNT_RANGE.
std::int64_t to_micros(double major);

/// Splits `whole` in proportion to `weights` (none negative, not all 0) so that the parts add up to it
/// exactly: floors first, then one unit each to the largest remainders; ties go to the lowest position, so
/// give stable positions.
std::vector<int128> allocate(int128 whole, std::span<const int128> weights);

/// Rounds amounts / unit to integers that add up to `rounded_total`, which is the difference of two sums that
/// were rounded by themselves: the printed movements of a bridge then lead from its printed opening to its
/// printed closing. Largest remainder; ties go to the lowest position. A part that is 0 stays 0, none changes
/// its sign, and each moves by less than two units. Throws IntegrityError E_ROUNDING if no such parts exist.
std::vector<int128> round_to_total(std::span<const int128> amounts, int128 unit, int128 rounded_total);

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/money.ipp"
#endif
