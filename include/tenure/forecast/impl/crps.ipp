#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "../crps.hpp"
#include "../detail/ensemble_rows.hpp"
#include "../detail/sort_lanes.hpp"

namespace tenure {

TENURE_INLINE Ensembles Ensembles::by_rows(std::span<const double> values, std::size_t members) {
  if (members == 0 || values.size() % members != 0)
    throw_input({.code = "E_COLUMN_LENGTH",
                 .what = std::to_string(values.size()) + " values are no rows of " + std::to_string(members) +
                         " members",
                 .remedy = "Give the same number of members for each forecast."});
  Ensembles found{
      .members = {}, .stride = static_cast<std::ptrdiff_t>(members), .forecasts = values.size() / members};
  for (std::size_t member = 0; member < members; ++member) found.members.push_back(values.data() + member);
  return found;
}

TENURE_INLINE Ensembles Ensembles::by_columns(std::span<const std::span<const double>> columns) {
  Ensembles found;
  for (const std::span<const double> column : columns) {
    if (found.members.empty()) found.forecasts = column.size();
    detail::require_length("member", column.size(), found.forecasts);
    found.members.push_back(column.data());
  }
  return found;
}

namespace detail {

/// What a score is made of: members less the actual, from the lowest to the highest. Distances from the
/// actual, and not values, keep digits where both are large.
struct CrpsSums {
  double distance = 0, spread = 0;

  double score(double members, bool fair) const noexcept {
    return distance / members - spread / (members * (fair ? members - 1 : members));
  }
};

inline double sorted_crps(std::span<const double> distances, bool fair) noexcept {
  const auto members = static_cast<double>(distances.size());
  CrpsSums sums;
  for (std::size_t k = 0; k < distances.size(); ++k) {
    sums.distance += std::abs(distances[k]);
    sums.spread += (2 * static_cast<double>(k) + 1 - members) * distances[k];
  }
  return sums.score(members, fair);
}

/// Up to so many members a network of comparisons is faster than a sort that branches.
inline constexpr std::size_t network_members = 2048;

/// Forecasts first .. first + lane_count - 1, or as many as there are. False if a distance or a
/// score is no number.
inline bool score_lanes(std::span<const double> actual, const Ensembles& forecasts, std::size_t first,
                        const std::vector<NetworkStep>& network, std::vector<double>& held, bool fair,
                        std::span<double> scores) {
  const std::size_t members = forecasts.members.size(), count = std::min(lane_count, scores.size() - first);
  std::array<double, lane_count> happened{}, check{}, distance{}, spread{};
  std::array<std::ptrdiff_t, lane_count> place{};
  for (std::size_t lane = 0; lane < lane_count; ++lane) {
    const std::size_t row = first + std::min(lane, count - 1);  // lanes without a forecast repeat the last
    happened[lane] = actual[row];
    place[lane] = static_cast<std::ptrdiff_t>(row) * forecasts.stride;
  }
  held.resize(members * lane_count);
  for (std::size_t k = 0; k < members; ++k) {
    const double* const member = forecasts.members[k];
    double* const line = held.data() + k * lane_count;
    if (forecasts.stride == 1 && count == lane_count)
      for (std::size_t lane = 0; lane < lane_count; ++lane)
        line[lane] = member[first + lane] - happened[lane];
    else
      for (std::size_t lane = 0; lane < lane_count; ++lane) line[lane] = member[place[lane]] - happened[lane];
    for (std::size_t lane = 0; lane < lane_count; ++lane) check[lane] += line[lane] * 0.0;
  }
  // Infinity and NaN times 0 are NaN, and so is any sum with them.
  for (const double zero : check)
    if (!(zero == 0)) return false;
  sort_lanes(network, held.data());
  double place_of_member = 1 - static_cast<double>(members);
  for (std::size_t k = 0; k < members; ++k, place_of_member += 2)
    for (std::size_t lane = 0; lane < lane_count; ++lane) {
      const double value = held[k * lane_count + lane];
      distance[lane] += std::abs(value);
      spread[lane] += place_of_member * value;
    }
  for (std::size_t lane = 0; lane < count; ++lane)
    scores[first + lane] = CrpsSums{distance[lane], spread[lane]}.score(static_cast<double>(members), fair);
  return std::ranges::all_of(scores.subspan(first, count), [](double score) { return std::isfinite(score); });
}

/// One forecast of many members. False if a distance or the score is no number.
inline bool score_many(std::span<const double> actual, const Ensembles& forecasts, std::size_t row,
                       std::vector<double>& held, bool fair, std::span<double> scores) {
  held.clear();
  const std::ptrdiff_t place = static_cast<std::ptrdiff_t>(row) * forecasts.stride;
  for (const double* const member : forecasts.members) held.push_back(member[place] - actual[row]);
  if (!std::ranges::all_of(held, [](double value) { return std::isfinite(value); })) return false;
  std::ranges::sort(held);
  scores[row] = sorted_crps(held, fair);
  return std::isfinite(scores[row]);
}

}  // namespace detail

TENURE_INLINE std::vector<double> ensemble_crps(std::span<const double> actual, const Ensembles& forecasts,
                                                const CrpsOptions& options) {
  detail::require_length(forecasts.name, forecasts.forecasts, actual.size());
  detail::require_members(forecasts.members.size(), options.fair);
  detail::require_numbers(options.actual_name, actual);
  std::vector<double> scores(actual.size());
  constexpr std::size_t together = 32 * detail::lane_count;  // forecasts of a task
  const std::size_t tasks = (actual.size() + together - 1) / together;
  std::vector<std::vector<double>> held(static_cast<std::size_t>(worker_count(options.execution, tasks)));
  std::atomic<bool> refused{false};
  const bool few = forecasts.members.size() <= detail::network_members;
  const std::vector<detail::NetworkStep> network =
      detail::sorting_network(few ? forecasts.members.size() : 0);
  parallel_for(options.execution, tasks, [&](std::size_t task, int worker) {
    std::vector<double>& room = held[static_cast<std::size_t>(worker)];
    const std::size_t end = std::min(actual.size(), (task + 1) * together);
    for (std::size_t row = task * together; row < end; row += few ? detail::lane_count : 1)
      if (!(few ? detail::score_lanes(actual, forecasts, row, network, room, options.fair, scores)
                : detail::score_many(actual, forecasts, row, room, options.fair, scores)))
        refused.store(true, std::memory_order_relaxed);
  });
  if (refused) detail::refuse_forecast(actual, forecasts);
  if (refused) detail::refuse_infinite(scores, options.actual_name);
  return scores;
}

TENURE_INLINE std::vector<double> ensemble_crps(std::span<const double> actual,
                                                std::span<const double> values,
                                                std::span<const std::size_t> begin,
                                                const CrpsOptions& options) {
  detail::require_length("begin", begin.size(), actual.size() + 1);
  detail::require_numbers(options.actual_name, actual);
  detail::require_numbers("ensemble", values);
  std::vector<double> scores(actual.size());
  for (std::size_t row = 0; row < actual.size(); ++row) {
    if (begin[row] > begin[row + 1] || begin[row + 1] > values.size())
      detail::require_length("begin", begin[row + 1], begin[row]);
    detail::require_members(begin[row + 1] - begin[row], options.fair, static_cast<std::int64_t>(row));
  }
  constexpr std::size_t together = 256;
  parallel_for(options.execution, (actual.size() + together - 1) / together, [&](std::size_t task, int) {
    std::vector<double> held;
    for (std::size_t row = task * together; row < std::min(actual.size(), (task + 1) * together); ++row) {
      held.clear();
      for (std::size_t k = begin[row]; k < begin[row + 1]; ++k) held.push_back(values[k] - actual[row]);
      std::ranges::sort(held);
      scores[row] = detail::sorted_crps(held, options.fair);
    }
  });
  detail::refuse_infinite(scores, options.actual_name);
  return scores;
}

}  // namespace tenure
