#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "../core/parallel.hpp"
#include "fit.hpp"

/// What buy-till-you-die models read of customers, and how sure their predictions are.
namespace tenure {

/// Names of the columns in messages.
struct RepeatPurchaseNames {
  std::string frequency = "frequency", recency = "recency", age = "T", weight = "weight";
};

/// The repeat purchases of customers, a row each. Times are in any one unit, which becomes that of the model.
struct RepeatPurchases {
  std::span<const double> frequency;  ///< x: purchases after the first
  std::span<const double> recency;    ///< t_x: from the first purchase to the last; 0 without a repeat
  std::span<const double> age;        ///< T: from the first purchase to the end of observation
  std::span<const double> weight{};   ///< how many such customers there are; none: 1 each
  RepeatPurchaseNames names{};

  std::size_t size() const noexcept { return frequency.size(); }
};

/// Refuses rows that no customer can have: E_RFM_FREQUENCY (negative, not whole, no number),
/// E_RFM_AGE and E_RFM_RECENCY (negative, no number, above 1e50, recency above age), E_RFM_ZERO (no repeat
/// purchase but a recency), E_WEIGHT (not above 0). Repeat purchases at recency 0 are allowed: all on the
/// first day.
void check(const RepeatPurchases& customers, const Execution& execution = {});

/// Predictions for rows [first, last) under given parameters.
using Prediction = std::function<void(const Eigen::VectorXd& parameters, std::size_t first, std::size_t last,
                                      std::span<double> predicted)>;

/// Where an interval is symmetric: predictions above 0 on the scale of their logarithms, shares on that of
/// their logits, so that no bound is impossible.
enum class IntervalScale { logarithm, logit };

struct IntervalOptions {
  double confidence = 0.95;
  IntervalScale scale = IntervalScale::logarithm;
  Execution execution = {};
};

/// Delta method: the variance of a prediction is that of its linear form in the logarithms of the parameters.
/// Says how well the expectation is known, not how customers scatter around it. Undefined (not_estimated)
/// for fits without standard errors and where rounding leaves no variance; limits too large for a number
/// `diverges`. E_CONFIDENCE for a confidence outside (0, 1).
std::vector<Estimate> delta_intervals(const ModelFit& fit, const Prediction& prediction, std::size_t rows,
                                      const IntervalOptions& options = {});

/// Quantiles of the predictions under each row of `parameters` (of draw_parameters() or of bootstrap()),
/// interpolated between order statistics as R's type 7. Undefined: not_estimated without rows, too_few where
/// more than every tenth row is NaN (other such rows are left out). E_BOOTSTRAP for fewer than 20 rows,
/// E_CONFIDENCE.
std::vector<Estimate> drawn_intervals(const ModelFit& fit, const Eigen::MatrixXd& parameters,
                                      const Prediction& prediction, std::size_t rows,
                                      const IntervalOptions& options = {});

/// Fits the model again to customers with these weights, starting from known parameters.
using Refit = std::function<ModelFit(const RepeatPurchases& customers, const FitOptions& options)>;

/// Parameters of `replicates` fits to resampled customers, a replicate in each row: every customer counts
/// Poisson(weight) times (Hanley and MacGibbon 2006). The count is a function of (seed, replicate, row).
/// A replicate that ends at a bound is kept: it is what such data can give. One with fewer kinds of customers
/// (equal in x, t_x and T) than the model has parameters cannot be fitted: its row is NaN. E_BOOTSTRAP for
/// fewer than 20.
Eigen::MatrixXd bootstrap(const RepeatPurchases& customers, const ModelFit& fit, const Refit& refit,
                          std::size_t replicates, std::uint64_t seed, const FitOptions& options = {});

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/repeat_purchases.ipp"
#endif
