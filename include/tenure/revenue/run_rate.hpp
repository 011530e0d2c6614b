#pragma once

#include <span>
#include <string>
#include <vector>

#include "../core/date.hpp"
#include "../core/frame.hpp"
#include "../core/ratio.hpp"

namespace tenure {

/// What is paid on one day, in total or by segment.
///
///   MRR  = sum over rows with start <= day < end of price * quantity * intervals in a month
///   ARR  = 12 * MRR
///   ARPA = MRR / customers who pay on that day
///
/// Population: customers (by the policy's grain) with a live row on the day; on the last day of a period
/// this is the closing of its bridge under AsOf::period_end. A customer in two segments counts in both.
/// Disagreement: an annualised accounting revenue is called ARR too (Ordway study of 135 filers); not here.
/// ARPA is undefined (`empty_base`) when nobody pays. Snapshots of books that share no customer add up.
struct Snapshot {
  Day at = 0;
  std::string by = {};
  std::vector<std::string> segments = {""};
  std::vector<Flow> flows = std::vector<Flow>(1);
  std::vector<RunRateSum> discounts =
      std::vector<RunRateSum>(1);  ///< what discounts take off: gross = MRR + it
  std::string policy_digest = {};
  Currency currency = {};
  /// Annual micro-units to which amounts are rounded when they are read; 1 for exact. The flows stay exact,
  /// so that snapshots add up whatever is rounded.
  std::int64_t rounded_to = 1;

  RunRateSum amount(std::size_t segment = 0) const { return rounded(flows[segment].amount); }
  RunRateSum discount(std::size_t segment = 0) const { return rounded(discounts[segment]); }
  double mrr(std::size_t segment = 0) const { return amount(segment).mrr(); }
  /// MRR before and what the discounts that count under the policy take off.
  double gross_mrr(std::size_t segment = 0) const { return (amount(segment) + discount(segment)).mrr(); }
  double discount_mrr(std::size_t segment = 0) const { return discount(segment).mrr(); }
  double arr(std::size_t segment = 0) const { return amount(segment).arr(); }
  Ratio arpa(std::size_t segment = 0) const {
    return {amount(segment).annual, int128{12} * micros * flows[segment].customers};
  }

  /// Throws StateError E_STATE_FRAME for another day, segment column, policy or currency.
  Snapshot& operator+=(const Snapshot& other);
  std::vector<std::byte> write() const;
  static Snapshot read(std::span<const std::byte> bytes);
  friend bool operator==(const Snapshot&, const Snapshot&) = default;

 private:
  RunRateSum rounded(RunRateSum sum) const noexcept {
    return RunRateSum(divide_half_even(sum.annual, rounded_to) * rounded_to);
  }
};

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/run_rate.ipp"
#endif
