#include "forecast_points.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "tenure/core/error.hpp"

namespace tenure::python {

namespace {

/// Positions of equal ranks together, in their order.
std::vector<std::uint32_t> sorted_by(const Ranks& ranks, std::span<const std::uint32_t> order) {
  std::vector<std::uint32_t> next(ranks.count + 1);
  for (const std::uint32_t rank : ranks.of) ++next[rank + 1];
  std::partial_sum(next.begin(), next.end(), next.begin());
  std::vector<std::uint32_t> sorted(order.size());
  for (const std::uint32_t at : order) sorted[next[ranks.of[at]]++] = at;
  return sorted;
}

}  // namespace

Panel::Panel(const Input& table, const PanelNames& names, const Execution& execution)
    : if_twice_(names.if_twice), series_count_(names.series.size()) {
  if (table.rows() > std::int64_t{UINT32_MAX})
    throw_input({.code = "E_LIMIT_ROWS",
                 .what = std::to_string(table.rows()) + " rows; one call takes 4294967295",
                 .remedy = "Split the rows by series."});
  for (const std::string& name : names.series) keys_.emplace_back(table.at(name), false, execution.poll);
  for (const std::string& name : names.by) keys_.emplace_back(table.at(name), true, execution.poll);
  cutoff_ = to_times(table, names.cutoff, execution.poll);
  period_ = to_times(table, names.period, execution.poll);
  horizon_ = to_times(table, names.horizon, execution.poll);
  const auto rows = static_cast<std::size_t>(table.rows());
  Runs runs = runs_of(rows, execution);
  if (runs.keys_ascend)
    begin_ = std::move(runs.begin);
  else
    sort_runs(runs, rows);
  if (!runs.times_ascend || !runs.keys_ascend) sort_times(execution);
}

Panel::Runs Panel::runs_of(std::size_t rows, const Execution& execution) const {
  std::vector<Runs> found((rows + block_rows - 1) / block_rows);
  for_rows(execution, rows,
           [&](std::size_t first, std::size_t end) { check_block(first, end, found[first / block_rows]); });
  Runs all;
  std::size_t count = 0;
  for (const Runs& part : found) count += part.begin.size();
  all.begin.reserve(count + 1);
  for (const Runs& part : found) {
    all.begin.insert(all.begin.end(), part.begin.begin(), part.begin.end());
    all.keys_ascend = all.keys_ascend && part.keys_ascend;
    all.times_ascend = all.times_ascend && part.times_ascend;
  }
  all.begin.push_back(static_cast<std::uint32_t>(rows));
  return all;
}

void Panel::check_block(std::size_t first, std::size_t end, Runs& found) const {
  constexpr std::size_t piece = 2048;
  std::uint8_t changed[piece];
  const bool one_time = !cutoff_.present() && !horizon_.present();
  for (std::size_t from = first; from < end; from += piece) {
    const std::size_t last = std::min(end, from + piece);
    std::fill_n(changed, last - from, std::uint8_t{0});
    if (from == 0) changed[0] = 1;
    const std::size_t begin = from == 0 ? 1 : from;  // row 0 has none before it
    const std::span<std::uint8_t> marks(changed + (begin - from), last - begin);
    if (!marks.empty())
      for (const KeyColumn& key : keys_) key.mark_changes(begin, marks);
    const auto ascends = [&](const auto* times) {
      unsigned bad = 0;
      for (std::size_t i = 0; i < marks.size(); ++i)
        bad |= static_cast<unsigned>(marks[i] == 0) &
               static_cast<unsigned>(times[begin + i] <= times[begin + i - 1]);
      return bad == 0;
    };
    if (one_time && period_.kind == TimeColumn::Kind::days)
      found.times_ascend = ascends(period_.days.data()) && found.times_ascend;
    else if (one_time && period_.present())
      found.times_ascend = ascends(period_.numbers.data()) && found.times_ascend;
    else if (!one_time && found.times_ascend)
      for (std::size_t i = 0; i < marks.size() && found.times_ascend; ++i)
        found.times_ascend = marks[i] != 0 || compare_times(begin + i - 1, begin + i) < 0;
    for (std::size_t row = from; row < last; ++row) {
      if (changed[row - from] == 0) continue;
      found.begin.push_back(static_cast<std::uint32_t>(row));
      if (row > 0 && found.keys_ascend) found.keys_ascend = compare_keys(keys_, row - 1, keys_, row) < 0;
    }
  }
}

std::strong_ordering Panel::compare_times(std::size_t row, std::size_t other) const noexcept {
  for (const TimeColumn* times : {&cutoff_, &period_, &horizon_})
    if (times->present())
      if (const auto order = times->at(row) <=> times->at(other); order != 0) return order;
  return std::strong_ordering::equal;
}

void Panel::sort_runs(const Runs& runs, std::size_t rows) {
  const std::span<const std::uint32_t> first(runs.begin.data(), runs.begin.size() - 1);
  std::vector<std::uint32_t> sorted(first.size());
  std::iota(sorted.begin(), sorted.end(), 0U);
  std::vector<Ranks> ranks;
  for (const KeyColumn& key : keys_) ranks.push_back(key.ranks(first));
  for (auto rank = ranks.rbegin(); rank != ranks.rend(); ++rank) sorted = sorted_by(*rank, sorted);
  order_.reserve(rows);
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const bool again = i > 0 && std::ranges::all_of(ranks, [&](const Ranks& rank) {
                         return rank.of[sorted[i]] == rank.of[sorted[i - 1]];
                       });
    if (!again) begin_.push_back(static_cast<std::uint32_t>(order_.size()));
    for (std::uint32_t row = runs.begin[sorted[i]]; row < runs.begin[sorted[i] + 1]; ++row)
      order_.push_back(row);
  }
  begin_.push_back(static_cast<std::uint32_t>(rows));
}

void Panel::sort_times(const Execution& execution) {
  if (!cutoff_.present() && !period_.present() && !horizon_.present()) return;
  if (order_.empty()) {
    order_.resize(points());
    std::iota(order_.begin(), order_.end(), 0U);
  }
  constexpr std::size_t block_series = 1024;
  const std::size_t blocks = (size() + block_series - 1) / block_series;
  std::vector<FaultList> faults(blocks);
  const TimeColumn& place = period_.present() ? period_ : cutoff_.present() ? cutoff_ : horizon_;
  const auto before = [&](std::uint32_t a, std::uint32_t b) { return compare_times(a, b) < 0; };
  parallel_for(execution, blocks, [&](std::size_t block, int) {
    for (std::size_t i = block * block_series; i < std::min(size(), (block + 1) * block_series); ++i) {
      const auto rows = std::span(order_).subspan(begin_[i], begin_[i + 1] - begin_[i]);
      if (!std::ranges::is_sorted(rows, before)) std::ranges::stable_sort(rows, before);
      for (std::size_t k = 1; k < rows.size(); ++k)
        if (compare_times(rows[k - 1], rows[k]) == 0)
          faults[block].add({.code = "E_DUPLICATE_ROW",
                             .what = "is of the same series and period as row " +
                                     std::to_string(rows[k - 1]) + (keys_.empty() ? "" : ": " + shown(i)),
                             .column = place.name,
                             .row = rows[k],
                             .value = place.shown(rows[k]),
                             .remedy = if_twice_});
    }
  });
  FaultList all;
  for (const FaultList& list : faults) all.merge(list);
  all.raise();
}

std::string Panel::shown(std::size_t series) const {
  std::string text;
  for (const KeyColumn& key : keys_) text += (text.empty() ? "" : ", ") + key.shown(row_of(begin_[series]));
  return text;
}

void Panel::keep(std::span<const std::uint8_t> kept) {
  std::vector<std::uint32_t> order, begin;
  for (std::size_t i = 0; i < size(); ++i) {
    const std::size_t first = order.size();
    for (std::size_t place = begin_[i]; place < begin_[i + 1]; ++place)
      if (kept[row_of(place)] != 0) order.push_back(row_of(place));
    if (order.size() > first) begin.push_back(static_cast<std::uint32_t>(first));
  }
  begin.push_back(static_cast<std::uint32_t>(order.size()));
  order_ = std::move(order);
  begin_ = std::move(begin);
}

Numbers gathered(const Numbers& column, std::span<const std::uint32_t> places, const Execution& execution) {
  auto held = std::make_shared<Buffer<double>>(places.size());
  for_rows(execution, places.size(), [&](std::size_t first, std::size_t end) {
    for (std::size_t i = first; i < end; ++i) (*held)[i] = column.values[places[i]];
  });
  return {held->span(), held};
}

Numbers Panel::arranged(Numbers column, const Execution& execution) const {
  if (!order_.empty() || points() == 0) return gathered(column, order_, execution);
  return column;
}

Regrouped regroup(const Panel& panel, const Ranks& labels) {
  Regrouped found;
  std::vector<std::uint32_t> next(labels.count + 1);
  for (const std::uint32_t label : labels.of) ++next[label + 1];
  std::partial_sum(next.begin(), next.end(), next.begin());
  const std::vector<std::uint32_t> ends(next.begin() + 1, next.end());
  found.places.resize(labels.of.size());
  for (std::size_t place = 0; place < labels.of.size(); ++place)
    found.places[next[labels.of[place]]++] = static_cast<std::uint32_t>(place);
  const std::span<const std::uint32_t> begin = panel.begin();
  std::uint32_t from = 0;
  for (const std::uint32_t end : ends) {
    found.groups.push_back(static_cast<std::uint32_t>(found.series.size()));
    found.first.push_back(found.places[from]);
    std::size_t series = 0;
    for (std::uint32_t i = from; i < end; ++i) {
      if (i == from || found.places[i] >= begin[series + 1]) {
        // Series ascend within a label, mostly in steps of one.
        if (found.places[i] >= begin[series + 1]) ++series;
        if (found.places[i] >= begin[series + 1])
          series =
              static_cast<std::size_t>(std::ranges::upper_bound(begin, found.places[i]) - begin.begin()) - 1;
        found.begin.push_back(i);
        found.series.push_back(static_cast<std::uint32_t>(series));
      }
    }
    from = end;
  }
  found.groups.push_back(static_cast<std::uint32_t>(found.series.size()));
  found.begin.push_back(static_cast<std::uint32_t>(labels.of.size()));
  return found;
}

}  // namespace tenure::python
