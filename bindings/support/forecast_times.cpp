#include <algorithm>
#include <compare>

#include "forecast_points.hpp"
#include "tenure/core/date.hpp"
#include "tenure/core/error.hpp"

/// What periods, cutoffs, horizons and histories say about time must agree.
namespace tenure::python {

namespace {

/// Months of a grain; 0 if it is of days.
int months_of(const std::string& grain) noexcept {
  return grain == "month" ? 1 : grain == "quarter" ? 3 : grain == "year" ? 12 : 0;
}

Day end_of(Day day, const std::string& grain) {
  if (const int months = months_of(grain)) return anniversary(day, months);
  return day + (grain == "week" ? 7 : 1);
}

std::int64_t time_of_day(const TimeColumn& times, std::size_t row) noexcept {
  return times.kind == TimeColumn::Kind::instants
             ? times.at(row) - std::int64_t{times.day(row)} * times.per_day
             : 0;
}

/// Days first; within one, times of day, if both say one. Both units of time divide the finer one.
std::strong_ordering compare_instants(const TimeColumn& one, std::size_t row, const TimeColumn& other,
                                      std::size_t other_row) noexcept {
  if (one.kind == other.kind && one.per_day == other.per_day) return one.at(row) <=> other.at(other_row);
  if (const auto days = one.day(row) <=> other.day(other_row); days != 0) return days;
  if (one.kind != other.kind) return std::strong_ordering::equal;
  const std::int64_t finest = std::max(one.per_day, other.per_day);
  return time_of_day(one, row) * (finest / one.per_day) <=>
         time_of_day(other, other_row) * (finest / other.per_day);
}

bool has_times_of_day(const TimeColumn& times) {
  return times.kind == TimeColumn::Kind::instants &&
         std::ranges::any_of(times.numbers, [&](std::int64_t value) { return value % times.per_day != 0; });
}

void refuse_two_kinds(const TimeColumn& cutoff, const TimeColumn& period) {
  if (cutoff.dated() == period.dated()) return;
  throw_input({.code = "E_TYPE",
               .what = "is of dates and '" + printable(cutoff.dated() ? period.name : cutoff.name) +
                       "' is of whole numbers",
               .column = cutoff.dated() ? cutoff.name : period.name,
               .remedy = "Give both as dates or both as whole numbers."});
}

bool begins_months(const TimeColumn& times, const Panel& panel) {
  for (std::size_t place = 0; place < panel.points(); ++place)
    if (civil_from_days(times.day(panel.row_of(place))).day != 1) return false;
  return true;
}

/// From the period in which a forecast was made to the one it is of.
std::int64_t periods_between(Day cutoff, Day period, const std::string& grain) noexcept {
  const int months = months_of(grain);
  const std::int64_t length = months > 0 ? months : grain == "week" ? 7 : 1;
  std::int64_t apart = std::int64_t{period} - cutoff;
  if (months > 0) {
    const YearMonthDay from = civil_from_days(cutoff), to = civil_from_days(period);
    apart = (std::int64_t{to.year} - from.year) * 12 + to.month - from.month;
  }
  return apart > 0 ? (apart + length - 1) / length : 0;
}

}  // namespace

void refuse_late_forecasts(const Panel& panel, const std::string& grain) {
  const TimeColumn& cutoff = panel.cutoff();
  const TimeColumn& period = panel.period();
  if (!cutoff.present() || !period.present()) return;
  refuse_two_kinds(cutoff, period);
  const std::string length = !grain.empty() ? grain : period.months ? "month" : "day";
  const bool in_time = grain.empty() && has_times_of_day(period);
  const auto shown = [&](std::uint32_t row) {
    if (!period.dated() || in_time || months_of(length) == 0) return period.shown(row);
    return format_day(period.day(row)).substr(0, length == "year" ? 4 : 7);
  };
  const auto late = [&](std::uint32_t row) {
    if (!period.dated()) return cutoff.at(row) > period.at(row);
    if (in_time) return compare_instants(cutoff, row, period, row) > 0;
    return cutoff.day(row) > period.day(row) && cutoff.day(row) >= end_of(period.day(row), length);
  };
  FaultList faults;
  for (std::size_t place = 0; place < panel.points(); ++place) {
    const std::uint32_t row = panel.row_of(place);
    if (period.dated() && months_of(length) > 0 && civil_from_days(period.day(row)).day != 1)
      faults.add({.code = "E_PERIOD_BEGIN",
                  .what = "grain='" + length + "', and no " + length + " begins on this day",
                  .column = period.name,
                  .row = row,
                  .value = period.shown(row),
                  .remedy = "Name periods by their first day, or as \"2024-01\"."});
    else if (late(row))
      faults.add({.code = "E_LEAKAGE",
                  .what = "forecast for " + shown(row) + " was made on " + cutoff.shown(row),
                  .column = cutoff.name,
                  .row = row,
                  .value = cutoff.shown(row),
                  .remedy = !period.dated() ? "Leave it out: its answer was known."
                            : in_time ? "Leave it out; if periods last longer than an instant, say so with "
                                        "grain=."
                                      : "Leave it out; if periods are longer than a " + length +
                                            ", say so with grain=."});
  }
  faults.raise();
}

std::vector<std::int64_t> distances(const Panel& panel, const std::string& grain) {
  const TimeColumn& cutoff = panel.cutoff();
  const TimeColumn& period = panel.period();
  if (!cutoff.present() || !period.present() || cutoff.dated() != period.dated()) return {};
  std::string unit = grain;
  if (period.dated() && unit.empty()) {
    const bool months = period.months || (begins_months(period, panel) && begins_months(cutoff, panel));
    if (!months) return {};
    unit = "month";
  }
  std::vector<std::int64_t> found(panel.points());
  for (std::size_t place = 0; place < found.size(); ++place) {
    const std::uint32_t row = panel.row_of(place);
    // Unsigned: differences of whole numbers may leave their range.
    found[place] = period.dated() ? periods_between(cutoff.day(row), period.day(row), unit)
                                  : static_cast<std::int64_t>(static_cast<std::uint64_t>(period.at(row)) -
                                                              static_cast<std::uint64_t>(cutoff.at(row)));
  }
  return found;
}

void refuse_other_horizons(const Panel& panel, const std::string& grain) {
  const TimeColumn& horizon = panel.horizon();
  if (!horizon.present()) return;
  if (horizon.dated())
    throw_input({.code = "E_TYPE",
                 .what = "is of dates; expected whole numbers of periods",
                 .column = horizon.name,
                 .remedy = "Count the periods from the forecast on, or leave horizon= out."});
  const std::vector<std::int64_t> ahead = distances(panel, grain);
  const bool dated = panel.period().dated();
  // Whole numbers may count in another unit than the horizon, but in one only.
  std::int64_t unit = 1;
  for (std::size_t place = 0; place < ahead.size() && !dated; ++place) {
    const std::int64_t counted = horizon.at(panel.row_of(place));
    if (counted <= 0 || ahead[place] <= 0) continue;
    unit = std::max<std::int64_t>(ahead[place] / counted, 1);
    break;
  }
  const auto agrees = [&](std::size_t place, std::int64_t counted) {
    // A forecast made within a period may count that period.
    if (dated) return counted == ahead[place] || counted == ahead[place] + 1;
    return counted == ahead[place] / unit && ahead[place] % unit == 0;
  };
  FaultList faults;
  for (std::size_t place = 0; place < panel.points(); ++place) {
    const std::uint32_t row = panel.row_of(place);
    const std::int64_t counted = horizon.at(row);
    if (counted < 0)
      faults.add({.code = "E_HORIZON",
                  .what = "a horizon of " + std::to_string(counted) + " lies before the forecast",
                  .column = horizon.name,
                  .row = row,
                  .value = std::to_string(counted),
                  .remedy = "Count the periods from the forecast on."});
    else if (!ahead.empty() && !agrees(place, counted))
      faults.add({.code = "E_HORIZON",
                  .what = "a horizon of " + std::to_string(counted) + " for " + panel.period().shown(row) +
                          ", forecast at " + panel.cutoff().shown(row),
                  .column = horizon.name,
                  .row = row,
                  .value = std::to_string(counted),
                  .remedy = "Leave horizon= out to count from the cutoff; if whole numbers are no counts "
                            "(202401), write periods as \"2024-01\"."});
  }
  faults.raise();
}

StepUnit::StepUnit(const Panel& past, const Panel& panel, const std::string& grain) {
  const TimeColumn &known = past.period(), &tested = panel.period();
  const bool dated = known.dated() && tested.dated();
  const bool named = dated && !grain.empty();
  months_ =
      named ? months_of(grain) > 0 : dated && begins_months(known, past) && begins_months(tested, panel);
  days_ = dated && (named || known.kind != tested.kind || known.per_day != tested.per_day);
  if (named)
    length_ = months_ ? static_cast<std::uint64_t>(months_of(grain)) : grain == "week" ? 7 : 1;
  else
    length_ = shortest(past, panel);
}

std::uint64_t StepUnit::step(const Panel& one, std::size_t place, const Panel& other,
                             std::size_t later) const noexcept {
  const auto number = [&](const Panel& panel, std::size_t at) {
    const TimeColumn& times = panel.period();
    const std::uint32_t row = panel.row_of(at);
    if (months_) {
      const YearMonthDay date = civil_from_days(times.day(row));
      return std::int64_t{date.year} * 12 + date.month;
    }
    return days_ ? std::int64_t{times.day(row)} : times.at(row);
  };
  const std::int64_t from = number(one, place), to = number(other, later);
  return to > from ? static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from) : 0;
}

std::uint64_t StepUnit::longest(const Panel& past, std::size_t series) const {
  std::uint64_t found = 0;
  for (std::size_t place = past.begin()[series] + 1; place < past.begin()[series + 1]; ++place)
    found = std::max(found, step(past, place - 1, past, place));
  return found;
}

std::uint64_t StepUnit::shortest(const Panel& past, const Panel& panel) const {
  std::uint64_t found = UINT64_MAX;
  const auto take = [&](std::uint64_t length) { found = length > 0 ? std::min(found, length) : found; };
  for (const Panel* one : {&past, &panel})
    for (std::size_t i = 0; i < one->size(); ++i)
      for (std::size_t place = one->begin()[i] + 1; place < one->begin()[i + 1]; ++place)
        take(step(*one, place - 1, *one, place));
  const std::vector<std::uint32_t> places = places_in_history(past, panel);
  for (std::size_t i = 0; i < places.size(); ++i)
    if (places[i] < past.size()) take(step(past, past.begin()[places[i] + 1] - 1, panel, panel.begin()[i]));
  return found;
}

void refuse_overlap(const Panel& past, std::size_t past_series, const Panel& panel, std::size_t series) {
  const TimeColumn& known = past.period();
  const TimeColumn& tested = panel.period();
  if (!known.present() || !tested.present()) return;
  if (known.dated() != tested.dated())
    throw_input({.code = "E_TYPE",
                 .what = "is of dates in one table and of whole numbers in the other",
                 .column = known.name,
                 .remedy = "Give both tables periods of one type."});
  const std::uint32_t last = past.row_of(past.begin()[past_series + 1] - 1);
  std::size_t place = panel.begin()[series];
  if (panel.cutoff().present())  // periods ascend within a cutoff only
    for (std::size_t other = place + 1; other < panel.begin()[series + 1]; ++other)
      if (tested.at(panel.row_of(other)) < tested.at(panel.row_of(place))) place = other;
  const std::uint32_t first = panel.row_of(place);
  if (compare_instants(known, last, tested, first) < 0) return;
  throw_input({.code = "E_LEAKAGE",
               .what = "the history" + (past.keys().empty() ? "" : " of " + past.shown(past_series)) +
                       " reaches " + known.shown(last) + ", its forecasts begin at " + tested.shown(first),
               .column = known.name,
               .row = last,
               .value = known.shown(last),
               .remedy = "Leave rows out of insample= from the first forecast on."});
}

std::vector<std::uint32_t> places_in_history(const Panel& past, const Panel& panel) {
  std::vector<std::uint32_t> places;
  places.reserve(panel.size());
  std::size_t at = 0;  // both are sorted by their keys
  for (std::size_t series = 0; series < panel.size(); ++series) {
    const std::uint32_t row = panel.row_of(panel.begin()[series]);
    auto order = std::strong_ordering::greater;
    for (; at < past.size(); ++at) {
      order = compare_keys(past.series_keys(), past.row_of(past.begin()[at]), panel.series_keys(), row);
      if (order >= 0) break;
    }
    const bool found = at < past.size() && order == 0;
    if (found) refuse_overlap(past, at, panel, series);
    places.push_back(static_cast<std::uint32_t>(found ? at : past.size()));
  }
  return places;
}

}  // namespace tenure::python
