#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <span>
#include <vector>

#include "config.hpp"
#include "parallel.hpp"
#include "real.hpp"

/// Intervals by resampling customers: what would a figure have been, had other customers of the same kind
/// come? In each replicate every customer counts k times, k a Poisson number of mean 1 (Hanley and MacGibbon
/// 2006; Chamandy et al. 2012, "Estimating uncertainty for massive data streams"). A customer's numbers are a
/// function of the seed and its key alone, so they depend on no order, thread or split of the rows. With many
/// customers this is the usual bootstrap, which draws as many customers as there are; with few (below about
/// 30) its intervals are a little wider, since their number varies too.
namespace tenure {

struct BootstrapOptions {
  int replicates = 1000;
  std::uint64_t seed = 0;
  double confidence = 0.95;
  Execution execution = {};
};

namespace detail {

/// Undefined because it would be larger than any number.
constexpr bool is_beyond(Undefined reason) noexcept {
  return reason == Undefined::no_loss || reason == Undefined::no_gain || reason == Undefined::no_margin ||
         reason == Undefined::not_reached || reason == Undefined::diverges;
}
/// The value at a place among the sorted values, between the two nearest. Sorts in part.
double at_place(std::span<double> values, double place);

}  // namespace detail

/// Sums over customers, as they are and in every replicate. Each figure that is a function of such sums (a
/// ratio, a ratio of ratios) has its interval from them.
struct BootstrapSums {
  Eigen::ArrayXd totals;       ///< by column
  Eigen::ArrayXXd replicates;  ///< a column of values in each column, a replicate in each row
  double confidence = 0.95;

  /// The figure of the totals, and the percentiles of the figure over the replicates. `figure` takes an array
  /// of sums and gives a Real. A replicate without loss, gain, margin or limit is beyond every number: it
  /// counts at the upper end, and a bound that falls there is undefined for that reason (a lifetime where
  /// nobody may have left has a lower bound and no upper one). No interval (too_few) where more than every
  /// tenth replicate is undefined for another reason.
  template <class Figure>
  Estimate estimate(Figure&& figure) const;
};

/// Adds up `values` (a customer in each row) with the weights of each replicate. `keys` say who the customers
/// are: equal keys get equal weights, so two questions about the same customers are resampled alike. Throws
/// OptionError E_BOOTSTRAP for fewer than 20 replicates, E_CONFIDENCE outside (0, 1).
BootstrapSums bootstrap_sums(std::span<const std::uint64_t> keys,
                             const Eigen::Ref<const Eigen::ArrayXXd>& values,
                             const BootstrapOptions& options = {});

/// The part `share` of the values from below, between the two nearest (Hyndman and Fan's type 7). Sorts.
double percentile(std::span<double> values, double share);

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/bootstrap.ipp"
#endif

namespace tenure {

template <class Figure>
Estimate BootstrapSums::estimate(Figure&& figure) const {
  const Real value = figure(totals);
  if (!value.defined()) return {value, value, value};
  std::vector<double> found;
  std::size_t beyond = 0, missing = 0;
  Undefined reason = Undefined::no;
  for (Eigen::Index row = 0; row < replicates.rows(); ++row) {
    const Real replicate = figure(Eigen::ArrayXd(replicates.row(row).transpose()));
    if (replicate.defined()) {
      found.push_back(replicate.value_or(0));
    } else if (detail::is_beyond(replicate.reason())) {
      reason = replicate.reason();
      ++beyond;
    } else {
      ++missing;
    }
  }
  if (10 * missing > static_cast<std::size_t>(replicates.rows()))
    return {value, Undefined::too_few, Undefined::too_few};
  const auto bound = [&](double share) -> Real {
    const double place = share * static_cast<double>(found.size() + beyond - 1);
    if (found.empty() || place > static_cast<double>(found.size() - 1)) return reason;
    return detail::at_place(found, place);
  };
  const double tail = (1 - confidence) / 2;
  return {value, bound(tail), bound(1 - tail)};
}

}  // namespace tenure
