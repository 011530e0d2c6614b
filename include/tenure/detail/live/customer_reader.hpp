#pragma once

#include <algorithm>
#include <numeric>
#include <span>
#include <vector>

#include "../../revenue/detail/bridge_accumulator.hpp"
#include "../../revenue/detail/timeline.hpp"
#include "../settle_ends.hpp"
#include "fold_events.hpp"

namespace tenure::detail {

/// Reads the events of one customer as a Book reads its rows, and feeds what they come to to an accumulator.
/// Reused from customer to customer; allocates only while it grows.
class CustomerReader {
 public:
  CustomerReader(const Policy& policy, const Grid& grid)
      : policy_(policy),
        folder_(policy.loading),
        timeline_(policy.reporting, grid, false, true),
        settler_(rows_of_),
        settles_(moves_ends(policy.loading.churn_at, true)) {}
  CustomerReader(const CustomerReader&) = delete;  // its parts point at each other
  CustomerReader& operator=(const CustomerReader&) = delete;

  /// `exponent`: decimals of the currency. Returns the first event that cannot take effect, if any.
  Misfit read(std::span<const StoredEvent> events, int exponent) {
    phases_.clear();
    Misfit misfit;
    for (std::size_t from = 0; from < events.size();) {
      std::size_t to = from + 1;
      while (to < events.size() && events[to].subscription == events[from].subscription) ++to;
      const Misfit one = folder_.fold(events.subspan(from, to - from), phases_);
      if (misfit.event == nullptr) misfit = one;
      from = to;
    }
    value(exponent);
    return misfit;
  }

  /// Whether all amounts, alone and together, stay within 64 bits of micro-units a year.
  bool fits() const noexcept { return fits_; }
  const std::vector<FoldedPhase>& phases() const noexcept { return phases_; }

  void feed(BridgeAccumulator& bridge) {
    for (const PackedRow& row : rows_) bridge.row(row, 0);
    if (policy_.reporting.grain == Grain::customer)
      timeline_.read(rows_, Traits{phases_, source_}, bridge);
    else
      feed_parts(bridge);
  }

  /// Subscriptions that pay on a day.
  std::int64_t paying(Day day) const noexcept {
    std::int64_t paying = 0;
    for (std::size_t i = 0; i < rows_.size();) {  // rows of a subscription stand together
      const std::int64_t subscription = phases_[source_[i]].subscription;
      bool pays = false;
      for (; i < rows_.size() && phases_[source_[i]].subscription == subscription; ++i)
        pays = pays || (rows_[i].annual > 0 && rows_[i].start <= day && day < rows_[i].end);
      paying += pays ? 1 : 0;
    }
    return paying;
  }
  Day first_day() const noexcept {
    Day first = open_end;
    for (const PackedRow& row : rows_) first = std::min(first, row.start);
    return first;
  }
  /// The first day after `day` on which anything changes; open_end if there is none.
  Day next_change(Day day) const noexcept {
    Day next = open_end;
    for (const PackedRow& row : rows_) {
      if (row.start > day) next = std::min(next, row.start);
      if (row.end > day) next = std::min(next, row.end);
    }
    return next;
  }

 private:
  /// What EndSettler asks a book.
  struct RowsOf {
    std::vector<Phase> phases;
    std::vector<std::int64_t> subscription;
    static constexpr bool has_subscriptions = true;
  };
  /// What the timeline asks about rows.
  struct Traits {
    const std::vector<FoldedPhase>& phases;
    std::span<const std::uint32_t> source;

    static std::uint32_t segment(std::size_t) noexcept { return 0; }
    std::int32_t leg(std::size_t i) const noexcept { return phases[source[i]].product; }
    bool paused(std::size_t i) const noexcept {
      return phases[source[i]].contract.status == SubscriptionStatus::paused;
    }
    // Everything is in one currency.
    static constexpr bool has_local() noexcept { return false; }
    static constexpr std::int32_t unit(std::size_t) noexcept { return 0; }
    static constexpr std::int64_t local(std::size_t) noexcept { return 0; }
  };

  void value(int exponent) {
    rows_.clear();
    source_.clear();
    if (settles_) rows_of_.phases.clear(), rows_of_.subscription.clear();
    fits_ = true;
    uint128 sum = 0;
    for (std::size_t at = 0; at < phases_.size(); ++at) {
      const Contract contract = phases_[at].terms();
      read_contract(policy_.loading, contract, exponent, worth_);
      fits_ = fits_ && worth_.fits;
      for (const PackedRow& row : worth_.net) {
        rows_.push_back(row);
        source_.push_back(static_cast<std::uint32_t>(at));
        sum += magnitude(row.annual);
      }
      if (!settles_) continue;
      rows_of_.phases.push_back({contract.start, worth_.contract_end});
      rows_of_.subscription.push_back(phases_[at].subscription);
    }
    fits_ = fits_ && sum <= INT64_MAX;
    if (settles_) settler_.settle(rows_, source_);
  }

  /// Each subscription, or each product of each, by itself.
  void feed_parts(BridgeAccumulator& bridge) {
    const bool by_item = policy_.reporting.grain == Grain::item;
    order_.resize(rows_.size());
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    const auto part = [&](std::size_t i) {
      const FoldedPhase& phase = phases_[source_[i]];
      return std::pair(phase.subscription, by_item ? phase.product : 0);
    };
    std::sort(order_.begin(), order_.end(),
              [&](std::size_t a, std::size_t b) { return std::pair(part(a), a) < std::pair(part(b), b); });
    for (std::size_t from = 0; from < order_.size();) {
      part_rows_.clear();
      part_source_.clear();
      std::size_t to = from;
      for (; to < order_.size() && part(order_[to]) == part(order_[from]); ++to) {
        part_rows_.push_back(rows_[order_[to]]);
        part_source_.push_back(source_[order_[to]]);
      }
      timeline_.read(part_rows_, Traits{phases_, part_source_}, bridge);
      from = to;
    }
  }

  const Policy& policy_;
  EventFolder folder_;
  TimelineReader timeline_;
  RowsOf rows_of_;
  EndSettler<RowsOf> settler_;
  const bool settles_;
  bool fits_ = true;
  Worth worth_;
  std::vector<FoldedPhase> phases_;
  std::vector<PackedRow> rows_;
  std::vector<std::uint32_t> source_;  ///< phase of each row
  std::vector<std::size_t> order_;
  std::vector<PackedRow> part_rows_;
  std::vector<std::uint32_t> part_source_;
};

}  // namespace tenure::detail
