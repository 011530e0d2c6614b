#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

#include "../../core/names.hpp"
#include "../confidence_set.hpp"
#include "../detail/blocks.hpp"
#include "../detail/exact_scale.hpp"
#include "../detail/points.hpp"

namespace tenure {

namespace detail::eliminating {

inline constexpr Named<SetStatistic> statistics[] = {{"range", SetStatistic::range},
                                                     {"max", SetStatistic::max}};

using resampling::draw_counts;
using resampling::weighed;

/// Mean losses as they are, and by how much each replicate's differ: deviations[replicate * forecasts + one].
struct ResampledLosses {
  std::vector<double> means, deviations;
  std::size_t replicates;
};

inline ResampledLosses resample(std::span<const std::span<const double>> losses,
                                const BlockOptions& options) {
  const std::size_t count = losses.size(), points = losses.front().size();
  const auto n = static_cast<double>(points);
  const auto replicates = static_cast<std::size_t>(options.replicates);
  ResampledLosses found{{}, std::vector<double>(replicates * count), replicates};
  const std::vector<double> once(points, 1.0);
  std::vector<double> largest;
  const auto size_of = [](double loss) { return std::abs(loss); };
  for (const std::span<const double> one : losses) largest.push_back(std::ranges::max(one, {}, size_of));
  const int scale = exponent_to_one(largest);  // one for all: only their proportions count
  std::vector<std::vector<double>> scaled;
  for (const std::span<const double> one : losses) {
    std::vector<double>& own = scaled.emplace_back(one.begin(), one.end());
    for (double& loss : own) loss = std::ldexp(loss, scale);
    found.means.push_back(weighed(own, once) / n);
  }
  constexpr std::size_t block = 16;
  parallel_for(options.execution, (replicates + block - 1) / block, [&](std::size_t task, int) {
    std::vector<double> counts(points);
    for (std::size_t one = task * block; one < std::min(replicates, (task + 1) * block); ++one) {
      draw_counts(options, one, counts);
      for (std::size_t i = 0; i < count; ++i)
        found.deviations[one * count + i] = weighed(scaled[i], counts) / n - found.means[i];
    }
  });
  return found;
}

/// A difference in standard errors; without any, certain, unless there is no difference.
inline double in_errors(double difference, double variance) noexcept {
  if (difference == 0) return 0;
  return difference / std::sqrt(variance);
}

/// One test among those left: its p-value, and who is worst.
struct Elimination {
  double p_value;
  std::size_t worst;  ///< position among those left
};

/// Of the difference between every two, [a * count + b] with b < a: the same in every test.
inline std::vector<double> pair_variances(const ResampledLosses& all) {
  const std::size_t count = all.means.size();
  std::vector<double> found(count * count);
  for (std::size_t a = 0; a < count; ++a)
    for (std::size_t b = 0; b < a; ++b) {
      double variance = 0;
      for (std::size_t one = 0; one < all.replicates; ++one) {
        const double off = all.deviations[one * count + a] - all.deviations[one * count + b];
        variance += off * off;
      }
      found[a * count + b] = variance / static_cast<double>(all.replicates);
    }
  return found;
}

/// `left` ascends.
inline Elimination by_range(const ResampledLosses& all, std::span<const double> variances,
                            std::span<const std::size_t> left) {
  const std::size_t count = all.means.size();
  double largest = 0;
  std::size_t worst = 0;
  double worst_t = -std::numeric_limits<double>::infinity();
  std::vector<double> most(all.replicates, 0.0);
  for (std::size_t i = 0; i < left.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      const std::size_t a = left[i], b = left[j];
      const double variance = variances[a * count + b];
      const double t = in_errors(all.means[a] - all.means[b], variance);
      largest = std::max(largest, std::abs(t));
      if (std::abs(t) > worst_t) worst_t = std::abs(t), worst = t >= 0 ? i : j;
      if (variance > 0)
        for (std::size_t one = 0; one < all.replicates; ++one)
          most[one] = std::max(most[one],
                               std::abs(all.deviations[one * count + a] - all.deviations[one * count + b]) /
                                   std::sqrt(variance));
    }
  const auto beyond = std::ranges::count_if(most, [&](double one) { return one >= largest; });
  return {static_cast<double>(beyond) / static_cast<double>(all.replicates), worst};
}

inline Elimination by_max(const ResampledLosses& all, std::span<const std::size_t> left) {
  const std::size_t count = all.means.size();
  const auto size = static_cast<double>(left.size());
  double mean = 0;
  for (const std::size_t one : left) mean += all.means[one] / size;
  std::vector<double> means(all.replicates, 0.0);
  for (std::size_t one = 0; one < all.replicates; ++one)
    for (const std::size_t i : left) means[one] += all.deviations[one * count + i] / size;
  constexpr double none = -std::numeric_limits<double>::infinity();
  std::vector<double> most(all.replicates, none);
  Elimination found{1, 0};
  double largest = none;
  for (std::size_t i = 0; i < left.size(); ++i) {
    double variance = 0;
    const auto off = [&](std::size_t one) { return all.deviations[one * count + left[i]] - means[one]; };
    for (std::size_t one = 0; one < all.replicates; ++one) variance += off(one) * off(one);
    variance /= static_cast<double>(all.replicates);
    const double t = in_errors(all.means[left[i]] - mean, variance);
    if (t > largest) largest = t, found.worst = i;
    for (std::size_t one = 0; one < all.replicates; ++one)
      most[one] = std::max(most[one], variance > 0 ? off(one) / std::sqrt(variance) : 0.0);
  }
  const auto beyond = std::ranges::count_if(most, [&](double one) { return one >= largest; });
  found.p_value = static_cast<double>(beyond) / static_cast<double>(all.replicates);
  return found;
}

inline void rank(std::vector<RankedForecast>& forecasts) {
  for (RankedForecast& one : forecasts)
    one.rank =
        1 + static_cast<std::size_t>(std::ranges::count_if(forecasts, [&](const RankedForecast& other) {
          return other.loss.value_or(0) < one.loss.value_or(0);
        }));
}

}  // namespace detail::eliminating

TENURE_INLINE SetStatistic parse_set_statistic(std::string_view name) {
  return parse_named<SetStatistic>(detail::eliminating::statistics, name, "statistic", "E_STATISTIC");
}

TENURE_INLINE ConfidenceSet confidence_set(std::span<const std::span<const double>> losses,
                                           SetStatistic statistic, const BlockOptions& options) {
  detail::resampling::check_blocks(options);
  ConfidenceSet found{.points = losses.empty() ? 0 : losses.front().size(),
                      .forecasts = std::vector<RankedForecast>(losses.size())};
  Undefined reason = found.points < 2 ? Undefined::too_few : Undefined::no;
  for (std::size_t i = 0; i < losses.size(); ++i) {
    detail::require_length("losses", losses[i].size(), found.points);
    if (found.points == 0) continue;
    const Real loss = detail::resampling::mean_loss(losses[i]);
    found.forecasts[i].loss = loss;
    if (!loss.defined() && reason != Undefined::zero_actual) reason = loss.reason();
  }
  if (reason == Undefined::no || reason == Undefined::too_few) detail::eliminating::rank(found.forecasts);
  if (reason != Undefined::no) {
    for (RankedForecast& one : found.forecasts) one.p_value = reason;
    return found;
  }
  const detail::eliminating::ResampledLosses all = detail::eliminating::resample(losses, options);
  std::vector<std::size_t> left(losses.size());
  std::iota(left.begin(), left.end(), std::size_t{0});
  const std::vector<double> variances =
      statistic == SetStatistic::range ? detail::eliminating::pair_variances(all) : std::vector<double>();
  double most = 0;
  while (!left.empty()) {
    const detail::eliminating::Elimination step = left.size() == 1 ? detail::eliminating::Elimination{1, 0}
                                                  : statistic == SetStatistic::range
                                                      ? detail::eliminating::by_range(all, variances, left)
                                                      : detail::eliminating::by_max(all, left);
    most = std::max(most, step.p_value);
    RankedForecast& out = found.forecasts[left[step.worst]];
    out.p_value = most;
    out.in_set = most >= 1 - options.confidence;
    out.left = left.size();
    left.erase(left.begin() + static_cast<std::ptrdiff_t>(step.worst));
  }
  return found;
}

}  // namespace tenure
