#pragma once

#include <algorithm>
#include <tuple>
#include <vector>

#include "../core/group.hpp"
#include "../core/parallel.hpp"
#include "../model/detail/read_rows.hpp"
#include "../model/policy.hpp"

/// ChurnAt can move the end of a row beyond that of its contract: to the end of the paid service period, or
/// to the day after. That is meant for who leaves. Where the same subscription (or, without subscription
/// ids, the same customer) goes on with another row, the earlier row ends where the later begins.
namespace tenure::detail {

/// Rows without terms have no paid period that could end later.
inline bool moves_ends(ChurnAt churn_at, bool has_terms) noexcept {
  return churn_at == ChurnAt::day_after || (churn_at == ChurnAt::service_period_end && has_terms);
}

/// Settles the ends of one customer's rows after the other.
template <class Data>
class EndSettler {
 public:
  explicit EndSettler(const Data& data) : data_(&data) {}

  void settle(std::span<PackedRow> rows, std::span<const std::uint32_t> source) {
    if (rows.size() < 2) return;
    const bool many = rows.size() > 24;
    if (many) sort_starts(rows, source);
    ends_.clear();
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const Phase phase = contract(rows[i], source[i]);
      const Day moved = rows[i].end;
      ends_.push_back(moved);
      if (moved == open_end || moved <= phase.end) continue;
      // A contract of no day is followed by what starts later, any other also by what starts on its end.
      const Day from = phase.start < phase.end ? phase.end : phase.start + 1;
      const Start earliest{subscription(source[i]), from, source[i]};
      const Day next = many ? next_sorted(earliest) : next_among(rows, source, earliest);
      // A stretch that lies behind the next row altogether is empty.
      ends_.back() = std::max(rows[i].start, std::min(moved, next));
    }
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i].end = ends_[i];
  }

 private:
  struct Start {
    std::int64_t subscription;
    Day day;
    std::uint32_t source;  ///< the stretches of one row do not follow each other
  };

  void sort_starts(std::span<const PackedRow> rows, std::span<const std::uint32_t> source) {
    starts_.clear();
    for (std::size_t i = 0; i < rows.size(); ++i)
      if (rows[i].start < rows[i].end) starts_.push_back({subscription(source[i]), rows[i].start, source[i]});
    std::sort(starts_.begin(), starts_.end(), is_before);
  }
  static bool is_before(const Start& a, const Start& b) noexcept {
    return std::tie(a.subscription, a.day) < std::tie(b.subscription, b.day);
  }
  Day next_sorted(const Start& earliest) const noexcept {
    auto next = std::lower_bound(starts_.begin(), starts_.end(), earliest, is_before);
    while (next != starts_.end() && next->source == earliest.source) ++next;
    return next == starts_.end() || next->subscription != earliest.subscription ? open_end : next->day;
  }
  Day next_among(std::span<const PackedRow> rows, std::span<const std::uint32_t> source,
                 const Start& earliest) const noexcept {
    Day next = open_end;
    for (std::size_t i = 0; i < rows.size(); ++i)
      if (rows[i].start >= earliest.day && rows[i].start < next && rows[i].start < rows[i].end &&
          source[i] != earliest.source && subscription(source[i]) == earliest.subscription)
        next = rows[i].start;
    return next;
  }

  std::int64_t subscription(std::uint32_t source) const noexcept {
    return data_->has_subscriptions ? data_->subscription[source] : 0;
  }
  /// The row before ChurnAt moved its end.
  Phase contract(const PackedRow& row, std::uint32_t source) const noexcept {
    return data_->phases.empty() ? Phase{row.start, row.end - 1} : data_->phases[source];
  }

  const Data* data_;
  std::vector<Start> starts_;
  std::vector<Day> ends_;
};

/// Returns the ends as they were, in the order of the rows.
template <class Data>
std::vector<Day> settle_ends(const Data& data, GroupedRows& rows) {
  std::vector<Day> moved(rows.rows.size());
  std::vector<EndSettler<Data>> settlers(
      static_cast<std::size_t>(worker_count(data.options.execution, rows.partitions())),
      EndSettler<Data>(data));
  parallel_for(data.options.execution, rows.partitions(), [&](std::size_t part, int worker) {
    for (std::uint32_t customer = rows.parts[part]; customer < rows.parts[part + 1]; ++customer) {
      const std::size_t first = rows.begin[customer];
      const std::span<PackedRow> own{rows.rows.data() + first, rows.rows_of(customer).size()};
      for (std::size_t i = 0; i < own.size(); ++i) moved[first + i] = own[i].end;
      settlers[static_cast<std::size_t>(worker)].settle(own, rows.source_of(customer));
    }
  });
  return moved;
}

}  // namespace tenure::detail
