#include <cmath>
#include <vector>

#include "../../core/bootstrap.hpp"
#include "../../core/names.hpp"
#include "../detail/blocks.hpp"
#include "../detail/points.hpp"
#include "../skill.hpp"

namespace tenure {

namespace detail::resampling {

inline constexpr Named<Blocks> block_kinds[] = {{"stationary", Blocks::stationary}, {"fixed", Blocks::fixed}};

}  // namespace detail::resampling

TENURE_INLINE Blocks parse_blocks(std::string_view name) {
  return parse_named<Blocks>(detail::resampling::block_kinds, name, "blocks", "E_BLOCK");
}

TENURE_INLINE Skill skill(std::span<const double> losses, std::span<const double> benchmark,
                          const BlockOptions& options) {
  detail::resampling::check_blocks(options);
  detail::require_length("benchmark", benchmark.size(), losses.size());
  const std::size_t points = losses.size();
  Skill found{.points = points};
  if (points == 0) return found;
  found.loss = detail::resampling::mean_loss(losses);
  found.benchmark_loss = detail::resampling::mean_loss(benchmark);
  const Real share = divide(found.loss, found.benchmark_loss, Undefined::no_error);
  const Real value = share.defined() ? Real(1 - share.value_or(0)) : share;
  found.skill = {value, value, value};
  if (!value.defined()) return found;
  found.skill.lower = found.skill.upper = Undefined::too_few;
  if (points < 2) return found;
  const auto replicates = static_cast<std::size_t>(options.replicates);
  std::vector<double> skills(replicates);
  constexpr std::size_t block = 16;
  parallel_for(options.execution, (replicates + block - 1) / block, [&](std::size_t task, int) {
    std::vector<double> counts(points);
    for (std::size_t one = task * block; one < std::min(replicates, (task + 1) * block); ++one) {
      detail::resampling::draw_counts(options, one, counts);
      skills[one] =
          1 - detail::resampling::weighed(losses, counts) / detail::resampling::weighed(benchmark, counts);
    }
  });
  // A replicate in which the benchmark made no error has no skill.
  std::erase_if(skills, [](double one) { return !std::isfinite(one); });
  if (10 * skills.size() < 9 * replicates) return found;
  const double beyond = (1 - options.confidence) / 2;
  found.skill.lower = percentile(skills, beyond);
  found.skill.upper = percentile(skills, 1 - beyond);
  return found;
}

}  // namespace tenure
