#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "../core/date.hpp"
#include "../core/group.hpp"
#include "../core/parallel.hpp"
#include "../model/detail/read_rows.hpp"

namespace tenure::detail {

/// Names the subscriptions of one customer that are live twice at a time.
template <class Data>
class OverlapFinder {
 public:
  explicit OverlapFinder(const Data& data) : data_(&data) {}

  void read(std::span<const PackedRow> rows, std::span<const std::uint32_t> source) {
    live_.clear();
    for (std::size_t i = 0; i < rows.size(); ++i) add(rows[i], source[i]);
    const auto key = [](const Live& live) { return std::tie(live.id, live.product, live.kind); };
    std::sort(live_.begin(), live_.end(), [&](const Live& a, const Live& b) {
      return std::tuple_cat(key(a), std::tie(a.start, a.source)) <
             std::tuple_cat(key(b), std::tie(b.start, b.source));
    });
    for (std::size_t i = 1; i < live_.size(); ++i)
      if (key(live_[i]) == key(live_[i - 1]) && live_[i].start < live_[i - 1].end &&
          live_[i].source != live_[i - 1].source)
        report(live_[i - 1], live_[i]);
  }
  const FaultList& faults() const noexcept { return faults_; }

 private:
  struct Live {
    std::int64_t id;
    std::int32_t product;  ///< a subscription may have several at a time
    ChargeKind kind;       ///< ... and a charge beside its price
    Day start, end;
    std::uint32_t source;
  };

  /// Rows with terms are looked at as they were given: whether they overlap does not depend on the policy.
  void add(const PackedRow& row, std::uint32_t source) {
    const Phase phase = data_->phases.empty() ? Phase{row.start, row.end} : data_->phases[source];
    if (phase.start >= phase.end) return;
    const auto* product = data_->find_texts("product");
    live_.push_back({data_->subscription[source], product != nullptr ? product->codes[source] : 0, phase.kind,
                     phase.start, phase.end, source});
  }

  void report(const Live& earlier, const Live& later) {
    const std::string id = data_->subscription.shown(later.id);
    faults_.add(
        {.code = "E_OVERLAP",
         .what = "subscription '" + id + "' is live twice in " + format_day(later.start) + ".." +
                 format_day(std::min(earlier.end, later.end)) + " (the other is row " +
                 std::to_string(earlier.source) + ")",
         .column = data_->options.names.subscription,
         .row = later.source,
         .value = id,
         .remedy = "End the earlier row where the later starts, or give each its own subscription id."});
  }

  const Data* data_;
  std::vector<Live> live_;
  FaultList faults_;
};

/// One subscription may be live once at a time; with products, once per product.
template <class Data>
void refuse_overlaps(const Data& data) {
  const GroupedRows& rows = *data.grouped;
  std::vector<OverlapFinder<Data>> finders(
      static_cast<std::size_t>(worker_count(data.options.execution, rows.partitions())),
      OverlapFinder<Data>(data));
  parallel_for(data.options.execution, rows.partitions(), [&](std::size_t part, int worker) {
    for (std::uint32_t customer = rows.parts[part]; customer < rows.parts[part + 1]; ++customer)
      finders[static_cast<std::size_t>(worker)].read(rows.rows_of(customer), rows.source_of(customer));
  });
  FaultList all;
  for (const auto& finder : finders) all.merge(finder.faults());
  all.raise();
}

}  // namespace tenure::detail
