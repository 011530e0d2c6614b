#include <algorithm>
#include <limits>
#include <numeric>

#include "accuracy.hpp"
#include "tenure/core/error.hpp"

/// What errors are measured against, and what their points are cut by.
namespace tenure::python {

namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

}  // namespace

void PointAccuracy::take_history(const Input& history, const Execution& execution) {
  past_.emplace(
      history,
      PanelNames{.series = names_.series, .by = {}, .cutoff = {}, .period = names_.period, .horizon = {}},
      execution);
  const Panel& past = *past_;
  Numbers values = to_numbers(history.at(columns_.actual), execution.poll);
  check_numbers(history, {columns_.actual}, {&values, 1}, Missing::refuse, execution);
  values = past.arranged(std::move(values), execution);
  scales_ = naive_scales(values, past.begin(), options_.lag, execution);
  // Of series without a history.
  for (std::vector<double>* scale : {&scales_.absolute, &scales_.squared, &scales_.level})
    scale->push_back(unknown);
  scale_of_ = places_in_history(past, panel_);
  without_history_ =
      static_cast<std::size_t>(std::ranges::count(scale_of_, static_cast<std::uint32_t>(past.size())));
}

void PointAccuracy::scale_by_test(const Execution& execution) {
  const TimeColumn& period = panel_.period();
  if (!period.present() || !(panel_.cutoff().present() || panel_.horizon().present())) {
    scales_ = naive_scales(actual_, panel_.begin(), options_.lag, execution);
    return;
  }
  // A period that is forecast several times has one actual.
  std::vector<double> values;
  std::vector<std::uint32_t> begin{0}, places;
  for (std::size_t i = 0; i < panel_.size(); ++i) {
    places.resize(panel_.begin()[i + 1] - panel_.begin()[i]);
    std::iota(places.begin(), places.end(), panel_.begin()[i]);
    const auto when = [&](std::uint32_t place) { return period.at(panel_.row_of(place)); };
    std::ranges::stable_sort(places, {}, when);
    const auto same = [&](std::uint32_t a, std::uint32_t b) { return when(a) == when(b); };
    places.erase(std::unique(places.begin(), places.end(), same), places.end());
    for (const std::uint32_t place : places) values.push_back(actual_.values[place]);
    begin.push_back(static_cast<std::uint32_t>(values.size()));
  }
  scales_ = naive_scales(values, begin, options_.lag, execution);
}

std::vector<std::int64_t> PointAccuracy::segment_numbers() const {
  std::vector<std::uint32_t> rows;
  for (std::size_t i = 0; i < panel_.size(); ++i) rows.push_back(panel_.row_of(panel_.begin()[i]));
  Ranks all{std::vector<std::uint32_t>(panel_.size()), 1};
  for (const KeyColumn& segment : panel_.keys().subspan(panel_.series_keys().size())) {
    const Ranks ranks = segment.ranks(rows);
    std::vector<std::int64_t> combined;
    combined.reserve(panel_.size());
    // Ranked again, so that numbers of many columns stay in range.
    for (std::size_t i = 0; i < panel_.size(); ++i)
      combined.push_back(std::int64_t{all.of[i]} * static_cast<std::int64_t>(ranks.count) + ranks.of[i]);
    all = ranked(combined);
  }
  std::vector<std::int64_t> numbers(panel_.points());
  for (std::size_t i = 0; i < panel_.size(); ++i)
    std::fill(numbers.begin() + panel_.begin()[i], numbers.begin() + panel_.begin()[i + 1], all.of[i]);
  return numbers;
}

std::vector<std::int64_t> PointAccuracy::places_within() const {
  std::vector<std::int64_t> places(panel_.points(), 1);
  const TimeColumn& cutoff = panel_.cutoff();
  for (std::size_t i = 0; i < panel_.size(); ++i)
    for (std::size_t place = panel_.begin()[i] + 1; place < panel_.begin()[i + 1]; ++place)
      if (!cutoff.present() || cutoff.at(panel_.row_of(place)) == cutoff.at(panel_.row_of(place - 1)))
        places[place] = places[place - 1] + 1;
  return places;
}

PointAccuracy::Labels PointAccuracy::labels_of(Cut cut) const {
  if (cut == Cut::segment) return {segment_numbers()};
  if (cut == Cut::horizon && !panel_.horizon().present()) {
    std::vector<std::int64_t> ahead = distances(panel_, options_.grain);
    if (!ahead.empty()) return {std::move(ahead)};
    return {places_.empty() ? places_within() : places_, true};
  }
  const TimeColumn& times = cut == Cut::cutoff ? panel_.cutoff() : panel_.horizon();
  std::vector<std::int64_t> values(panel_.points());
  for (std::size_t place = 0; place < values.size(); ++place) values[place] = times.at(panel_.row_of(place));
  return {std::move(values)};
}

std::vector<std::uint32_t> PointAccuracy::runs_of(std::span<const std::uint32_t> places) const {
  const bool steps = std::ranges::any_of(
      measures_, [](Measure measure) { return measure == Measure::theil_u2 || measure == Measure::acf1; });
  const TimeColumn& cutoff = panel_.cutoff();
  if (!steps || !cutoff.present()) return {};
  const auto made = [&](std::size_t i) { return cutoff.at(panel_.row_of(places.empty() ? i : places[i])); };
  std::vector<std::uint32_t> begin{0};
  for (std::size_t i = 1; i < panel_.points(); ++i)
    if (made(i) != made(i - 1)) begin.push_back(static_cast<std::uint32_t>(i));
  begin.push_back(static_cast<std::uint32_t>(panel_.points()));
  return begin;
}

}  // namespace tenure::python
