#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "../../core/error.hpp"
#include "../../core/group.hpp"
#include "../contract.hpp"

/// What reading rows with terms gives, beside the rows themselves.
namespace tenure::detail {

/// Which options can make a difference for the rows that were read, whatever the policy.
struct InPlay {
  bool days = false, weeks = false, four_weeks = false;
  bool quantity = false, discounts = false, several_discounts = false, tax = false, usage = false,
       one_time = false, trial = false, first_paid = false, recorded = false, past_due = false,
       paused = false, renewal = false, payment = false, refund = false, prorated = false;

  void add(IntervalUnit unit) noexcept {
    days = days || unit == IntervalUnit::day;
    weeks = weeks || unit == IntervalUnit::week;
    four_weeks = four_weeks || unit == IntervalUnit::four_week;
  }
  /// The same as bits, one per member.
  std::uint32_t bits() const noexcept {
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < members.size(); ++i) bits |= (this->*members[i] ? 1U : 0U) << i;
    return bits;
  }
  void add(std::uint32_t bits) noexcept {
    for (std::size_t i = 0; i < members.size(); ++i)
      this->*members[i] = this->*members[i] || (bits >> i & 1U) != 0;
  }

 private:
  static const std::array<bool InPlay::*, 18> members;
};

inline constexpr std::array<bool InPlay::*, 18> InPlay::members{
    &InPlay::days,     &InPlay::weeks,      &InPlay::four_weeks,
    &InPlay::quantity, &InPlay::discounts,  &InPlay::several_discounts,
    &InPlay::tax,      &InPlay::usage,      &InPlay::one_time,
    &InPlay::trial,    &InPlay::first_paid, &InPlay::recorded,
    &InPlay::past_due, &InPlay::paused,     &InPlay::renewal,
    &InPlay::payment,  &InPlay::refund,     &InPlay::prorated};

/// Rows that count for nothing, by reason.
struct LeftOutRows {
  static constexpr std::size_t reasons = 9;
  std::array<std::int64_t, reasons> count{};
  std::array<std::vector<std::int64_t>, reasons> rows;  ///< the first few

  void add(LeftOut reason, std::int64_t row) {
    const auto at = static_cast<std::size_t>(reason);
    if (reason == LeftOut::no) return;
    if (count[at]++ < static_cast<std::int64_t>(FaultList::kept)) rows[at].push_back(row);
  }
  LeftOutRows& operator+=(const LeftOutRows& later) {
    for (std::size_t at = 0; at < reasons; ++at) {
      count[at] += later.count[at];
      for (const std::int64_t row : later.rows[at])
        if (rows[at].size() < FaultList::kept) rows[at].push_back(row);
    }
    return *this;
  }
};

/// A row as the caller gave it: what overlaps are looked for in, and where a row ends before ChurnAt.
struct Phase {
  Day start, end;
  ChargeKind kind = ChargeKind::recurring;
};
/// What discounts take off a row.
struct DiscountRow {
  PackedRow row;
  std::uint32_t source;
};

/// The rows of one table, or of a piece of it. One row of the caller's may come to several, or to an empty
/// one.
struct ReadRows {
  std::vector<std::int64_t> keys;
  std::vector<PackedRow> rows;
  std::vector<std::uint32_t> source;
  std::vector<DiscountRow> discounts;
  std::vector<Phase> phases;         ///< by row of the caller's
  std::vector<std::uint8_t> paused;  ///< by row of the caller's
  std::vector<Interval> intervals;   ///< by row of the caller's
  LeftOutRows left_out;
  std::vector<std::uint32_t> in_play;  ///< InPlay::bits, by row of the caller's
  FaultList faults;
  std::vector<std::int64_t> dropped;
  bool credits = false;  ///< some rates are negative

  /// Puts what a row came to behind the others.
  void put(std::int64_t key, std::uint32_t at, Day start, const Worth& worth) {
    for (const PackedRow& row : worth.net) {
      push(key, row, at);
      credits = credits || row.annual < 0;
    }
    if (worth.net.empty()) push(key, {0, start, start}, at);
    for (const PackedRow& row : worth.discount) discounts.push_back({row, at});
    left_out.add(worth.left_out, at);
  }
  void push(std::int64_t key, PackedRow row, std::uint32_t at) {
    keys.push_back(key);
    rows.push_back(row);
    source.push_back(at);
  }
  /// The rows of a later piece of the same table.
  void append(ReadRows&& later) {
    const auto behind = [](auto& mine, auto& theirs) {
      mine.insert(mine.end(), theirs.begin(), theirs.end());
    };
    behind(keys, later.keys);
    behind(rows, later.rows);
    behind(source, later.source);
    behind(discounts, later.discounts);
    behind(phases, later.phases);
    behind(paused, later.paused);
    behind(intervals, later.intervals);
    behind(dropped, later.dropped);
    left_out += later.left_out;
    behind(in_play, later.in_play);
    faults.merge(later.faults);
    credits = credits || later.credits;
  }
};

}  // namespace tenure::detail
