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
/// Population: customers with a live row on the day, whatever the grain of movements; on the last day of a
/// period this is the closing of its bridge under AsOf::period_end. A customer in two segments counts in
/// both. Disagreement: an annualised accounting revenue is called ARR too (Ordway study of 135 filers); not
/// here. ARPA is undefined (`empty_base`) when nobody pays. Snapshots of books that share no customer add up.
struct Snapshot {
  Day at = 0;
  std::string by = {};
  std::vector<std::string> segments = {""};
  std::vector<Flow> flows = std::vector<Flow>(1);
  std::string policy_digest = {};
  Currency currency = {};

  double mrr(std::size_t segment = 0) const { return flows[segment].amount.mrr(); }
  double arr(std::size_t segment = 0) const { return flows[segment].amount.arr(); }
  Ratio arpa(std::size_t segment = 0) const {
    return {flows[segment].amount.annual, int128{12} * micros * flows[segment].customers};
  }

  /// Throws StateError E_STATE_FRAME for another day, segment column, policy or currency.
  Snapshot& operator+=(const Snapshot& other);
  std::vector<std::byte> write() const;
  static Snapshot read(std::span<const std::byte> bytes);
  friend bool operator==(const Snapshot&, const Snapshot&) = default;
};

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/run_rate.ipp"
#endif
