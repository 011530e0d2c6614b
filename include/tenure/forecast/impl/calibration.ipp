#include <algorithm>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>

#include "../calibration.hpp"
#include "../detail/ensemble_rows.hpp"
#include "../detail/wide_sum.hpp"

namespace tenure {

TENURE_INLINE ForecastPlaces ensemble_places(std::span<const double> actual, const Ensembles& forecasts,
                                             const CrpsOptions& options) {
  detail::require_length(forecasts.name, forecasts.forecasts, actual.size());
  detail::require_members(forecasts.members.size(), false);
  detail::require_numbers(options.actual_name, actual);
  detail::refuse_forecast(actual, forecasts);
  ForecastPlaces places{.lower = std::vector<double>(actual.size()),
                        .upper = std::vector<double>(actual.size())};
  constexpr std::size_t together = 1024;
  const auto ranks = static_cast<double>(forecasts.members.size() + 1);
  parallel_for(options.execution, (actual.size() + together - 1) / together, [&](std::size_t task, int) {
    for (std::size_t row = task * together; row < std::min(actual.size(), (task + 1) * together); ++row) {
      std::size_t below = 0, equal = 0;
      for (const double* const member : forecasts.members) {
        const double value = member[static_cast<std::ptrdiff_t>(row) * forecasts.stride];
        below += value < actual[row];
        equal += value == actual[row];
      }
      places.lower[row] = static_cast<double>(below) / ranks;
      places.upper[row] = static_cast<double>(below + equal + 1) / ranks;
    }
  });
  return places;
}

namespace detail {

/// Counts a place in the bins that it covers, by the part of it in each.
inline void count_place(double lower, double upper, std::vector<WideSum>& counts) {
  const auto bins = static_cast<double>(counts.size());
  const auto bin_of = [&](double place) {
    return std::min(static_cast<std::size_t>(place * bins), counts.size() - 1);
  };
  const std::size_t first = bin_of(lower), last = bin_of(upper);
  if (first == last) return counts[first].add(1);
  for (std::size_t bin = first; bin <= last; ++bin) {
    const double from = std::max(lower, static_cast<double>(bin) / bins),
                 to = std::min(upper, static_cast<double>(bin + 1) / bins);
    counts[bin].add(std::max(to - from, 0.0) / (upper - lower));
  }
}

inline PlaceHistogram histogram(const ForecastPlaces& places, std::size_t begin, std::size_t end, int bins) {
  std::vector<WideSum> counts(static_cast<std::size_t>(bins));
  WideSum middles, squares;
  for (std::size_t row = begin; row < end; ++row) {
    const double low = places.lower[row], high = places.upper[row];
    count_place(low, high, counts);
    const double middle = (low + high) / 2 - 0.5;
    middles.add(middle);
    squares.add(middle * middle + (high - low) * (high - low) / 12);
  }
  PlaceHistogram found;
  found.points = end - begin;
  for (const WideSum& count : counts) found.count.push_back(count.value());
  if (found.points == 0) return found;
  const auto points = static_cast<double>(found.points);
  const double mean = middles.value() / points, even = points / bins;
  found.mean = 0.5 + mean;
  found.spread = 12 * (squares.value() / points - mean * mean);
  if (even < 5) return found;
  double statistic = 0;
  for (const double count : found.count) statistic += (count - even) * (count - even) / even;
  found.chi_squared = statistic;
  found.p_value = boost::math::gamma_q((bins - 1) / 2.0, statistic / 2);
  return found;
}

}  // namespace detail

TENURE_INLINE std::vector<PlaceHistogram> place_histograms(const ForecastPlaces& places,
                                                           std::span<const std::uint32_t> begin, int bins) {
  if (bins < 2 || bins > 10000)
    throw_option({.code = "E_BINS",
                  .what = std::to_string(bins) + " bins make no histogram",
                  .value = std::to_string(bins),
                  .remedy = "Give 2 or more; 10 are usual."});
  detail::require_length("upper", places.upper.size(), places.lower.size());
  const std::vector<std::uint32_t> cells = detail::cells_of(begin, places.lower.size());
  for (std::size_t row = 0; row < places.lower.size(); ++row)
    if (!(0 <= places.lower[row] && places.lower[row] <= places.upper[row] && places.upper[row] <= 1))
      throw_option({.code = "E_PARAM",
                    .what = "a place from " + detail::number_text(places.lower[row]) + " to " +
                            detail::number_text(places.upper[row]) + " does not lie within 0 and 1",
                    .row = static_cast<std::int64_t>(row),
                    .value = detail::number_text(places.lower[row]),
                    .remedy = "Give shares."});
  std::vector<PlaceHistogram> found;
  for (std::size_t cell = 0; cell + 1 < cells.size(); ++cell)
    found.push_back(detail::histogram(places, cells[cell], cells[cell + 1], bins));
  return found;
}

}  // namespace tenure
