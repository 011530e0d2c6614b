#include "../../core/detail/confidence.hpp"
#include "../detail/interval_totals.hpp"
#include "../interval.hpp"

namespace tenure {

TENURE_INLINE void check_rows(const IntervalRows& rows) {
  detail::require_confidence(rows.level);
  const std::size_t size = rows.actual.size();
  detail::require_length(rows.lower_name, rows.lower.size(), size);
  detail::require_length(rows.upper_name, rows.upper.size(), size);
  if (!rows.scale.empty()) detail::require_length("scale", rows.scale.size(), size);
  detail::cells_of(rows.begin, size);
  detail::require_numbers(rows.actual_name, rows.actual);
  detail::require_numbers(rows.lower_name, rows.lower);
  detail::require_numbers(rows.upper_name, rows.upper);
  FaultList faults;
  for (std::size_t row = 0; row < size; ++row)
    if (rows.lower[row] > rows.upper[row])
      faults.add(detail::crossed({rows.lower_name, rows.lower[row]}, {rows.upper_name, rows.upper[row]}, row,
                                 rows.period));
  faults.raise();
}

TENURE_INLINE std::vector<IntervalScore> interval_scores(const IntervalRows& rows, double confidence,
                                                         const Execution& execution) {
  const double reach = detail::normal_reach(confidence);
  check_rows(rows);
  const std::vector<std::uint32_t> begin = detail::cells_of(rows.begin, rows.actual.size());
  const bool scaled = !rows.scale.empty();
  std::vector<IntervalScore> scores(begin.size() - 1);
  parallel_for(execution, scores.size(), [&](std::size_t cell, int) {
    detail::IntervalTotals totals;
    for (std::size_t row = begin[cell]; row < begin[cell + 1]; ++row) {
      totals.add(rows.actual[row], rows.lower[row], rows.upper[row], rows.level);
      if (scaled)
        totals.add_scaled(rows.actual[row], rows.lower[row], rows.upper[row], rows.level, rows.scale[row]);
    }
    scores[cell] = totals.score(rows.level, reach, scaled, rows.undefined_series);
  });
  return scores;
}

}  // namespace tenure
