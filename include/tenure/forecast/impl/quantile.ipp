#include <algorithm>
#include <cmath>
#include <utility>

#include "../../core/detail/confidence.hpp"
#include "../detail/interval_totals.hpp"
#include "../quantile.hpp"

namespace tenure {

namespace detail {

inline std::string quantile_name(const QuantileRows& rows, std::size_t i) {
  return i < rows.names.size() ? rows.names[i] : "q" + number_text(rows.level[i]);
}

/// Calls use(row, quantiles of the row, which rise) for a range of checked rows.
template <class Use>
void each_row(const QuantileRows& rows, std::size_t begin, std::size_t end, Use&& use) {
  std::vector<double> held(rows.level.size());
  for (std::size_t row = begin; row < end; ++row) {
    for (std::size_t i = 0; i < held.size(); ++i) held[i] = rows.forecast[i][row];
    if (!std::ranges::is_sorted(held)) std::ranges::sort(held);
    use(row, std::span<const double>(held));
  }
}

/// Places of the levels q and 1 - q, narrow to wide, and that of the median (or the number of levels).
struct LevelPairs {
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  std::size_t median;

  explicit LevelPairs(std::span<const double> level) : median(level.size()) {
    constexpr double near = 1e-9;
    for (std::size_t i = level.size(); i-- > 0;) {
      if (std::abs(level[i] - 0.5) < near) median = i;
      if (level[i] > 0.5 - near) continue;
      for (std::size_t j = i + 1; j < level.size(); ++j)
        if (std::abs(level[i] + level[j] - 1) < near) pairs.emplace_back(i, j);
    }
  }
};

inline QuantileScores score_cell(const QuantileRows& rows, const LevelPairs& partners, double reach,
                                 std::size_t begin, std::size_t end) {
  const std::size_t levels = rows.level.size(), points = end - begin;
  std::vector<WideSum> losses(levels);
  std::vector<std::size_t> below(levels);
  std::vector<IntervalTotals> totals(partners.pairs.size());
  WideSum actuals, weighted;
  ScaledMean scaled;
  const auto level_of = [&](std::size_t pair) {
    return rows.level[partners.pairs[pair].second] - rows.level[partners.pairs[pair].first];
  };
  const bool with_scale = !rows.scale.empty(), with_median = partners.median < levels;
  each_row(rows, begin, end, [&](std::size_t row, std::span<const double> quantiles) {
    const double actual = rows.actual[row];
    double of_row = 0;
    for (std::size_t i = 0; i < levels; ++i) {
      const double loss = pinball(actual, quantiles[i], rows.level[i]);
      losses[i].add(loss);
      of_row += loss;
      below[i] += actual <= quantiles[i];
    }
    for (std::size_t pair = 0; pair < totals.size(); ++pair) {
      const auto [low, high] = partners.pairs[pair];
      const double level = level_of(pair);
      totals[pair].add(actual, quantiles[low], quantiles[high], level);
      if (with_scale)
        totals[pair].add_scaled(actual, quantiles[low], quantiles[high], level, rows.scale[row]);
      weighted.add((1 - level) / 2 * interval_score(actual, quantiles[low], quantiles[high], 1 - level));
    }
    if (with_median) weighted.add(std::abs(actual - quantiles[partners.median]) / 2);
    actuals.add(std::abs(actual));
    if (with_scale) scaled.add(of_row / static_cast<double>(levels), rows.scale[row]);
  });
  QuantileScores scores;
  scores.points = points;
  if (with_scale) scores.scaled_pinball = scaled.mean(rows.undefined_series);
  WideSum all;
  for (std::size_t i = 0; i < levels; ++i) {
    all.add(losses[i].value());
    scores.pinball.push_back(mean_of(losses[i].value(), points));
    scores.at_or_below.push_back(share_of(below[i], points, reach));
  }
  for (std::size_t pair = 0; pair < totals.size(); ++pair)
    scores.interval.push_back(totals[pair].score(level_of(pair), reach, with_scale, rows.undefined_series));
  if (points == 0) return scores;
  const double count = static_cast<double>(points), width = static_cast<double>(levels);
  scores.mean_pinball = or_diverges(all.value() / (count * width));
  scores.crps = or_diverges(2 * all.value() / (count * width));
  scores.weighted_loss = divide(2 * all.value() / width, actuals.value(), Undefined::zero_actual);
  const double terms = static_cast<double>(totals.size()) + (with_median ? 0.5 : 0);
  if (terms > 0) scores.weighted_interval_score = or_diverges(weighted.value() / (count * terms));
  return scores;
}

}  // namespace detail

TENURE_INLINE void check_rows(const QuantileRows& rows, CrossedQuantiles crossed) {
  double before = 0;
  for (const double level : rows.level) {
    if (!(level > before && level < 1))
      throw_option({.code = "E_QUANTILE",
                    .what = "a quantile of " + detail::number_text(level) +
                            (level > 0 && level < 1 ? " follows one of " + detail::number_text(before)
                                                    : " is not between 0 and 1"),
                    .value = detail::number_text(level),
                    .remedy = "Name each quantile once, rising; write the 90 % quantile as 0.9."});
    before = level;
  }
  if (rows.level.empty())
    throw_option(
        {.code = "E_QUANTILE", .what = "no quantile is named", .remedy = "Name the columns of quantiles."});
  const std::size_t size = rows.actual.size();
  detail::require_length("quantiles", rows.forecast.size(), rows.level.size());
  detail::cells_of(rows.begin, size);
  if (!rows.scale.empty()) detail::require_length("scale", rows.scale.size(), size);
  detail::require_numbers(rows.actual_name, rows.actual);
  for (std::size_t i = 0; i < rows.level.size(); ++i) {
    const std::string name = detail::quantile_name(rows, i);
    detail::require_length(name, rows.forecast[i].size(), size);
    detail::require_numbers(name, rows.forecast[i]);
  }
  if (crossed == CrossedQuantiles::sort) return;
  FaultList faults;
  for (std::size_t i = 1; i < rows.level.size(); ++i)
    for (std::size_t row = 0; row < size; ++row)
      if (rows.forecast[i - 1][row] > rows.forecast[i][row])
        faults.add(detail::crossed({detail::quantile_name(rows, i - 1), rows.forecast[i - 1][row]},
                                   {detail::quantile_name(rows, i), rows.forecast[i][row]}, row,
                                   rows.period));
  faults.raise();
}

TENURE_INLINE std::vector<QuantileScores> quantile_scores(const QuantileRows& rows, CrossedQuantiles crossed,
                                                          double confidence, const Execution& execution) {
  const double reach = detail::normal_reach(confidence);
  check_rows(rows, crossed);
  const detail::LevelPairs partners(rows.level);
  const std::vector<std::uint32_t> begin = detail::cells_of(rows.begin, rows.actual.size());
  std::vector<QuantileScores> scores(begin.size() - 1);
  parallel_for(execution, scores.size(), [&](std::size_t cell, int) {
    scores[cell] = detail::score_cell(rows, partners, reach, begin[cell], begin[cell + 1]);
  });
  return scores;
}

TENURE_INLINE std::vector<Real> pinball_by_row(const QuantileRows& rows, CrossedQuantiles crossed) {
  check_rows(rows, crossed);
  std::vector<Real> losses;
  losses.reserve(rows.actual.size());
  detail::each_row(rows, 0, rows.actual.size(), [&](std::size_t row, std::span<const double> quantiles) {
    double sum = 0;
    for (std::size_t i = 0; i < quantiles.size(); ++i)
      sum += pinball(rows.actual[row], quantiles[i], rows.level[i]);
    losses.push_back(detail::or_diverges(sum / static_cast<double>(quantiles.size())));
  });
  return losses;
}

}  // namespace tenure
