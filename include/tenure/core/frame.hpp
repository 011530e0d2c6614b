#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "config.hpp"
#include "currency.hpp"
#include "money.hpp"
#include "period.hpp"
#include "state.hpp"

/// What results over periods and segments have in common.
namespace tenure {

/// An amount, and how many customers it is of.
struct Flow {
  RunRateSum amount;
  std::int64_t customers = 0;

  Flow& operator+=(const Flow& other) noexcept {
    amount += other.amount;
    customers += other.customers;
    return *this;
  }
  friend bool operator==(const Flow&, const Flow&) = default;
};

/// What a result was computed over. Only results of equal frames (but for their segments) add up.
struct Frame {
  Periods periods;
  std::string by = {};                       ///< name of the segment column, empty for the total
  std::vector<std::string> segments = {""};  ///< labels, sorted; for the total one empty label
  std::string policy_digest = {};
  Currency currency = {};

  std::size_t rows() const noexcept { return periods.size() * segments.size(); }
  std::size_t row(std::size_t period, std::size_t segment = 0) const noexcept {
    return period * segments.size() + segment;
  }
  /// The same; throws InputError E_WINDOW for a period or segment that is not there.
  std::size_t checked_row(std::size_t period, std::size_t segment = 0) const;
  friend bool operator==(const Frame&, const Frame&) = default;
};

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/frame.ipp"
#endif
