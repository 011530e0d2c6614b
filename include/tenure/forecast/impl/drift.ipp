#include <algorithm>
#include <optional>

#include "../../core/error.hpp"
#include "../../core/names.hpp"
#include "../detail/drift_sweep.hpp"
#include "../drift.hpp"

namespace tenure {

namespace detail {

inline constexpr std::array<Named<DriftLine>, drift_lines> drift_line_names{
    {{"added", DriftLine::added},
     {"pulled_in", DriftLine::pulled_in},
     {"upgraded", DriftLine::upgraded},
     {"raised", DriftLine::raised},
     {"transfer_in", DriftLine::transfer_in},
     {"lowered", DriftLine::lowered},
     {"downgraded", DriftLine::downgraded},
     {"slipped_out", DriftLine::slipped_out},
     {"transfer_out", DriftLine::transfer_out},
     {"lost", DriftLine::lost}}};

inline void require_week(const CallHistory& history, std::size_t period, int weeks, bool observed) {
  const auto refuse = [&](std::string what) {
    throw_option({.code = "E_HORIZON",
                  .what = "weeks_before_end=" + std::to_string(weeks) + std::move(what),
                  .value = std::to_string(weeks)});
  };
  if (weeks < 0 || weeks > history.weeks()) refuse(" is not from 0 to " + std::to_string(history.weeks()));
  if (!observed && history.week_end(period, weeks) - 6 > history.last_taken())
    refuse(" of " + period_name(history.periods(), period) + " has not come by " +
           format_day(history.last_taken()));
}

/// The weeks at which the history has a call that was asked for, the earliest first.
inline std::vector<int> weeks_called(const CallHistory& history, const DriftAsk& ask) {
  const DriftSweep sweep(history, ask);
  std::optional<Day> first;
  for (const CallRow& row : history.rows())
    if (sweep.may_count(row)) first = std::min(first.value_or(row.taken), row.taken);
  std::vector<int> weeks;
  if (!first) return weeks;
  const bool observed = sweep.observed();
  for (int week = history.weeks(); week >= 0; --week) {
    const Day end = history.week_end(ask.period, week);
    const bool begun = end >= (history.of_deals() ? history.first_taken() : *first);
    const bool come = observed || history.has_week(ask.period, week);
    if (begun && come) weeks.push_back(week);
  }
  return weeks;
}

inline Drift drift_between(const CallHistory& history, const DriftAsk& ask, const std::vector<int>& weeks) {
  Drift result;
  const DriftSweep sweep(history, ask);
  result.observed = sweep.observed();
  if (weeks.empty()) return result;
  std::vector<Moment> moments;
  for (const int week : weeks) moments.push_back({week, history.week_end(ask.period, week)});
  if (result.observed) moments.push_back({at_actual, open_end});
  for (std::size_t i = 1; i < moments.size(); ++i) {
    const bool end = moments[i].weeks == at_actual;
    const Day told =
        std::max(history.last_day(ask.period), history.of_deals() ? history.last_taken() : min_day);
    const Day to = end ? told : history.taken_by(moments[i].day);
    result.steps.push_back({.period = ask.period,
                            .weeks = moments[i].weeks,
                            .from = history.taken_by(moments[i - 1].day),
                            .to = to});
  }
  int128 opening = 0;
  sweep.run(moments, opening, result.moves);
  std::stable_sort(result.moves.begin(), result.moves.end(),
                   [](const DriftMove& a, const DriftMove& b) { return a.step < b.step; });
  for (const DriftMove& move : result.moves)
    result.steps[move.step].lines[static_cast<std::size_t>(move.line)] += move.amount;
  for (DriftStep& step : result.steps) {
    step.opening = step.closing = opening;
    for (std::size_t line = 0; line < drift_lines; ++line)
      step.closing += raises(static_cast<DriftLine>(line)) ? step.lines[line] : -step.lines[line];
    opening = step.closing;
  }
  return result;
}

}  // namespace detail

TENURE_INLINE std::string_view name_of(DriftLine line) noexcept {
  return find_name<DriftLine>(detail::drift_line_names, line);
}

TENURE_INLINE bool DriftStep::closes() const noexcept {
  int128 reached = opening;
  for (std::size_t line = 0; line < drift_lines; ++line)
    reached += raises(static_cast<DriftLine>(line)) ? lines[line] : -lines[line];
  return reached == closing;
}

TENURE_INLINE DriftStep Drift::total() const {
  DriftStep sum;
  if (steps.empty()) return sum;
  sum = steps.front();
  sum.weeks = steps.back().weeks;
  sum.to = steps.back().to;
  sum.closing = steps.back().closing;
  for (std::size_t i = 1; i < steps.size(); ++i)
    for (std::size_t line = 0; line < drift_lines; ++line) sum.lines[line] += steps[i].lines[line];
  return sum;
}

TENURE_INLINE Drift drift(const CallHistory& history, const DriftAsk& ask) {
  return detail::drift_between(history, ask, detail::weeks_called(history, ask));
}

TENURE_INLINE Drift net_drift(const CallHistory& history, const DriftAsk& ask) {
  std::vector<int> weeks = detail::weeks_called(history, ask);
  const bool observed = detail::DriftSweep(history, ask).observed();
  if (!weeks.empty() && observed) weeks.resize(1);
  if (weeks.size() > 2) weeks = {weeks.front(), weeks.back()};
  return detail::drift_between(history, ask, weeks);
}

TENURE_INLINE std::vector<std::uint32_t> rows_of_call(const CallHistory& history, const DriftAsk& ask,
                                                      int weeks) {
  const detail::DriftSweep sweep(history, ask);
  if (weeks != at_actual) detail::require_week(history, ask.period, weeks, sweep.observed());
  const Day day = weeks == at_actual ? open_end : history.week_end(ask.period, weeks);
  std::vector<std::uint32_t> found;
  for (std::size_t s = 0; s + 1 < history.begin().size(); ++s) {
    std::uint32_t at = DriftMove::nothing;
    for (std::uint32_t i = history.begin()[s]; i < history.begin()[s + 1]; ++i)
      if (history.rows()[i].taken <= day) at = i;
    if (at != DriftMove::nothing && sweep.share(at, weeks == at_actual)) found.push_back(at);
  }
  return found;
}

TENURE_INLINE std::vector<Swing> swings(const CallHistory& history, const DriftAsk& ask, std::size_t top) {
  std::vector<Swing> found;
  for (std::size_t period = 0; period < history.periods().size(); ++period) {
    const Drift one = drift(history, {.period = period, .category = ask.category, .owners = ask.owners});
    const std::size_t first = found.size();
    for (const DriftStep& step : one.steps) found.push_back({.step = step, .moves = 0, .largest = {}});
    for (const DriftMove& move : one.moves) {
      Swing& swing = found[first + move.step];
      if (swing.moves++ == 0 || move.amount > swing.largest.amount) swing.largest = move;
    }
  }
  std::erase_if(found, [](const Swing& swing) { return swing.step.change() == 0; });
  std::ranges::stable_sort(
      found, [](uint128 a, uint128 b) { return a > b; },
      [](const Swing& swing) { return magnitude(swing.step.change()); });
  found.resize(std::min(found.size(), top));
  return found;
}

}  // namespace tenure
