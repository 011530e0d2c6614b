#include <algorithm>
#include <bit>
#include <cmath>

#include "../../core/detail/confidence.hpp"
#include "../detail/score_rows.hpp"
#include "../detail/wide_sum.hpp"
#include "../probability.hpp"

namespace tenure {

namespace detail {

inline void add_if_no_probability(FaultList& faults, double value, const std::string& column,
                                  std::size_t row) {
  if (value >= 0 && value <= 1) return;
  const bool missing = std::isnan(value);
  faults.add({.code = "E_PROBABILITY",
              .what = missing ? "is missing, or no number" : number_text(value) + " is not between 0 and 1",
              .column = column,
              .row = static_cast<std::int64_t>(row),
              .value = missing ? "NaN" : number_text(value),
              .remedy = "Write 30 % as 0.3."});
}

inline void check_edges(std::span<const double> edges) {
  bool rising = edges.size() >= 2 && edges.front() == 0 && edges.back() == 1;
  for (std::size_t i = 1; i < edges.size(); ++i) rising = rising && edges[i - 1] < edges[i];
  if (!rising)
    throw_option({.code = "E_BINS",
                  .what = "edges of bins do not rise from 0 to 1",
                  .remedy = "Give 0, 0.1, ... 1, or no edges for a bin of each distinct probability."});
}

/// Probability and outcome of a row as one number, by which rows sort: no row number is kept.
class Said {
 public:
  Said(double probability, double happened) noexcept
      : bits_(std::bit_cast<std::uint64_t>(probability + 0.0) << 1 | (happened == 1 ? 1U : 0U)) {}
  double probability() const noexcept { return std::bit_cast<double>(bits_ >> 1); }
  double happened() const noexcept { return static_cast<double>(bits_ & 1); }
  auto operator<=>(const Said&) const = default;

 private:
  std::uint64_t bits_;  // doubles from 0 to 1 have bits that rise with them, the two highest of which are 0
};

/// Rows of a cell by their bin: from..to of those sorted are in one.
struct BinRun {
  double lower, upper;
  std::size_t from, to;
};

inline std::vector<BinRun> bins_of(std::span<const Said> sorted,
                                   std::optional<std::span<const double>> edges) {
  std::vector<BinRun> runs;
  const auto end_below = [&](std::size_t from, auto&& below) {
    return from + static_cast<std::size_t>(std::ranges::partition_point(sorted.subspan(from), below) -
                                           sorted.subspan(from).begin());
  };
  if (!edges) {
    for (std::size_t from = 0; from < sorted.size();) {
      const double said = sorted[from].probability();
      std::size_t to = from + 1;
      while (to < sorted.size() && sorted[to].probability() == said) ++to;
      runs.push_back({said, said, from, to});
      from = to;
    }
    return runs;
  }
  std::size_t from = 0;
  for (std::size_t bin = 0; bin + 1 < edges->size(); ++bin) {
    const double upper = (*edges)[bin + 1];
    const bool last = bin + 2 == edges->size();
    const std::size_t to =
        last ? sorted.size() : end_below(from, [&](const Said& row) { return row.probability() < upper; });
    runs.push_back({(*edges)[bin], upper, from, to});
    from = to;
  }
  return runs;
}

/// Of 1 and 0 without a sign: the logarithm of 1 is 0, not -0.
inline double surprise(double happened, double probability) noexcept {
  return std::abs(happened == 1 ? std::log(probability) : std::log1p(-probability));
}

inline BrierScore score_cell(const ProbabilityRows& rows, std::size_t begin, std::size_t end,
                             std::optional<std::span<const double>> edges, double reach) {
  std::vector<Said> sorted;
  sorted.reserve(end - begin);
  for (std::size_t row = begin; row < end; ++row)
    sorted.emplace_back(rows.probability[row], rows.happened[row]);
  std::ranges::sort(sorted);
  BrierScore score;
  score.points = sorted.size();
  WideSum squares, surprises;
  for (const Said& row : sorted) {
    const double error = row.probability() - row.happened();
    score.happened += row.happened() == 1;
    squares.add(error * error);
    const double found = surprise(row.happened(), row.probability());
    if (std::isfinite(found)) surprises.add(found);
    if (!std::isfinite(found)) score.log_score = Undefined::diverges;
  }
  const auto points = static_cast<double>(score.points);
  const double base = score.points == 0 ? 0 : static_cast<double>(score.happened) / points;
  WideSum reliability, resolution, variance, covariance;
  for (const BinRun& run : bins_of(sorted, edges)) {
    const std::span<const Said> inside = std::span<const Said>(sorted).subspan(run.from, run.to - run.from);
    ReliabilityBin bin{.lower = run.lower, .upper = run.upper, .points = inside.size()};
    WideSum total;
    for (const Said& row : inside) {
      total.add(row.probability());
      bin.happened += row.happened() == 1;
    }
    bin.observed = share_of(bin.happened, bin.points, reach);
    if (bin.points > 0) {
      const auto count = static_cast<double>(bin.points);
      // Of equal probabilities the mean is that probability, to the last bit.
      const bool equal = inside.front().probability() == inside.back().probability();
      const double mean = equal ? inside.front().probability() : total.value() / count;
      const double observed = bin.observed.value.value_or(0);
      bin.mean_probability = mean;
      reliability.add(count * (mean - observed) * (mean - observed));
      resolution.add(count * (observed - base) * (observed - base));
      for (const Said& row : inside) {
        variance.add((row.probability() - mean) * (row.probability() - mean));
        covariance.add(2 * (row.probability() - mean) * (row.happened() - observed));
      }
    }
    score.bins.push_back(bin);
  }
  if (score.points == 0) return score;
  score.brier = squares.value() / points;
  score.reliability = reliability.value() / points;
  score.resolution = resolution.value() / points;
  score.uncertainty = base * (1 - base);
  score.within_variance = variance.value() / points;
  score.within_covariance = covariance.value() / points;
  const Real share = divide(score.brier, score.uncertainty, Undefined::no_variation);
  score.skill = share.defined() ? Real(1 - share.value_or(0)) : share;
  if (score.log_score.reason() != Undefined::diverges) score.log_score = surprises.value() / points;
  return score;
}

}  // namespace detail

TENURE_INLINE void check_rows(const ProbabilityRows& rows) {
  detail::require_length(rows.probability_name, rows.probability.size(), rows.happened.size());
  detail::cells_of(rows.begin, rows.happened.size());
  FaultList faults;
  for (std::size_t row = 0; row < rows.happened.size(); ++row) {
    const double happened = rows.happened[row];
    if (happened != 0 && happened != 1)
      faults.add({.code = "E_EVENT_CODE",
                  .what = std::isnan(happened) ? "is missing"
                                               : detail::number_text(happened) + " is neither 0 nor 1",
                  .column = rows.happened_name,
                  .row = static_cast<std::int64_t>(row),
                  .value = std::isnan(happened) ? "null" : detail::number_text(happened),
                  .remedy = "Leave out what has not been decided."});
    detail::add_if_no_probability(faults, rows.probability[row], rows.probability_name, row);
  }
  faults.raise();
}

TENURE_INLINE std::vector<BrierScore> brier_scores(const ProbabilityRows& rows,
                                                   std::optional<std::span<const double>> edges,
                                                   double confidence, const Execution& execution) {
  const double reach = detail::normal_reach(confidence);
  if (edges) detail::check_edges(*edges);
  check_rows(rows);
  const std::vector<std::uint32_t> begin = detail::cells_of(rows.begin, rows.happened.size());
  std::vector<BrierScore> scores(begin.size() - 1);
  parallel_for(execution, scores.size(), [&](std::size_t cell, int) {
    scores[cell] = detail::score_cell(rows, begin[cell], begin[cell + 1], edges, reach);
  });
  return scores;
}

TENURE_INLINE std::vector<Real> probability_log_score(const ProbabilityRows& rows) {
  check_rows(rows);
  std::vector<Real> found;
  found.reserve(rows.happened.size());
  for (std::size_t row = 0; row < rows.happened.size(); ++row)
    found.push_back(detail::or_diverges(detail::surprise(rows.happened[row], rows.probability[row])));
  return found;
}

TENURE_INLINE std::vector<double> ranked_probability_score(const RankedRows& rows, bool normalised) {
  const std::size_t outcomes = rows.probability.size(), size = rows.outcome.size();
  if (outcomes < 2)
    throw_input({.code = "E_COLUMN_LENGTH",
                 .what = std::to_string(outcomes) + " outcomes have no ranks",
                 .remedy = "Give the probabilities of 2 outcomes or more, in their order."});
  const auto name = [&](std::size_t i) {
    return i < rows.names.size() ? rows.names[i] : "outcome " + std::to_string(i);
  };
  FaultList faults;
  for (std::size_t i = 0; i < outcomes; ++i) {
    detail::require_length(name(i), rows.probability[i].size(), size);
    for (std::size_t row = 0; row < size; ++row)
      detail::add_if_no_probability(faults, rows.probability[i][row], name(i), row);
  }
  faults.raise();
  std::vector<double> scores(size);
  for (std::size_t row = 0; row < size; ++row) {
    if (rows.outcome[row] >= outcomes)
      faults.add({.code = "E_OUTCOME",
                  .what = "outcome " + std::to_string(rows.outcome[row]) + " is not one of " +
                          std::to_string(outcomes),
                  .column = "outcome",
                  .row = static_cast<std::int64_t>(row),
                  .value = std::to_string(rows.outcome[row]),
                  .remedy = "Outcomes are places in their order, from 0."});
    double said = 0;
    for (std::size_t i = 0; i < outcomes; ++i) {
      said += rows.probability[i][row];
      const double difference = said - (i >= rows.outcome[row] ? 1.0 : 0.0);
      scores[row] += difference * difference;
    }
    if (std::abs(said - 1) > 1e-9)
      faults.add({.code = "E_PROBABILITY",
                  .what = "probabilities add up to " + detail::number_text(said),
                  .column = name(0),
                  .row = static_cast<std::int64_t>(row),
                  .value = detail::number_text(said),
                  .remedy = "Those of a row add up to 1."});
    if (normalised) scores[row] /= static_cast<double>(outcomes - 1);
  }
  faults.raise();
  return scores;
}

}  // namespace tenure
