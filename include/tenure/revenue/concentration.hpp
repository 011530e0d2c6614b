#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "../core/money.hpp"
#include "../core/ratio.hpp"
#include "../core/state.hpp"

namespace tenure {

/// How much of the run rate hangs on few customers, on one day (customers, whatever the grain of movements).
///
///   share(n) = run rate of the n largest customers / total
///   Herfindahl = sum over customers of (run rate / total)^2      1/n <= H <= 1
///
/// Undefined (`empty_base`) when nobody pays.
struct Concentration {
  RunRateSum total;
  std::int64_t customers = 0;
  std::vector<std::int64_t> top;    ///< the n asked for
  std::vector<RunRateSum> amounts;  ///< run rate of the n largest
  double sum_of_squares = 0;        ///< of the shares; meaningless while customers == 0

  Ratio share(std::size_t i) const noexcept { return {amounts[i].annual, total.annual}; }
  std::optional<double> herfindahl() const noexcept {
    return total.annual > 0 ? std::optional<double>(sum_of_squares) : std::nullopt;
  }
};

/// The mergeable part: the largest levels seen, their exact sum and the exact sum of their squares (192
/// bits).
class ConcentrationState {
 public:
  explicit ConcentrationState(std::vector<std::int64_t> top, std::string policy_digest = {},
                              Currency currency = {});
  void add(RunRate level);
  ConcentrationState& operator+=(const ConcentrationState& other);
  Concentration finish() const;

  std::vector<std::byte> write() const;
  static ConcentrationState read(std::span<const std::byte> bytes);

  /// Equal content; the order in which levels were added does not matter.
  friend bool operator==(const ConcentrationState& a, const ConcentrationState& b);

 private:
  void keep(std::int64_t level);

  std::vector<std::int64_t> top_;
  std::string policy_digest_;
  Currency currency_;
  std::vector<std::int64_t> largest_;  ///< a heap while adding, at most max(top) long
  std::size_t wanted_;
  RunRateSum total_;
  std::int64_t customers_ = 0;
  uint128 squares_low_ = 0;
  std::uint64_t squares_high_ = 0;
};

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/concentration.ipp"
#endif
