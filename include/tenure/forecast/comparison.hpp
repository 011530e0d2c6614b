#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "../core/parallel.hpp"
#include "../core/real.hpp"

/// Whether one forecast is better than another, or was only luckier.
namespace tenure {

/// What a wrong forecast costs: e = forecast - actual.
enum class Loss : std::uint8_t {
  squared,    ///< e^2
  absolute,   ///< |e|
  percentage  ///< |e| / |actual|; there is none where the actual is 0
};
/// Throws OptionError E_LOSS with the known names.
Loss parse_loss(std::string_view name);
std::string_view name_of(Loss loss) noexcept;

/// The loss of each point; NaN where it has none.
std::vector<double> losses(std::span<const double> actual, std::span<const double> forecast, Loss loss,
                           const Execution& execution = {});

/// Loss of the first - loss of the second; NaN where one has none, infinite where one is too large for a
/// number (also if both are: neither is known to be the smaller).
double loss_difference(double first, double second) noexcept;

/// What is asked for beside "they are equally good".
enum class Alternative : std::uint8_t {
  two_sided,
  less,    ///< the first has the smaller loss (R's "less")
  greater  ///< the first has the greater loss
};
/// Throws OptionError E_ALTERNATIVE.
Alternative parse_alternative(std::string_view name);

/// How autocovariances enter the variance of a mean difference. Forecasts h steps ahead share h - 1 shocks.
enum class LongRunVariance : std::uint8_t {
  rectangular,  ///< g(0) + 2 sum of g(1) ... g(h - 1), as Diebold and Mariano; may come out below 0
  bartlett      ///< the same with weights 1 - k / h, never below 0
};
/// Throws OptionError E_VARIANCE.
LongRunVariance parse_long_run_variance(std::string_view name);

struct ComparisonOptions {
  int horizon = 1;  ///< steps ahead of both forecasts
  Alternative alternative = Alternative::two_sided;
  LongRunVariance variance = LongRunVariance::rectangular;
  bool small_sample = true;  ///< the correction of Harvey, Leybourne and Newbold (1997), and Student's t
  Execution execution = {};
};

/// The test of Diebold and Mariano (1995) on d(t) = loss of the first - loss of the second, in the order of
/// time:
///
///   statistic = mean d / sqrt(V / n) * sqrt((n + 1 - 2 h + h (h - 1) / n) / n)
///   p-value from t with n - 1 degrees of freedom
///
/// where V is the long-run variance of d with autocovariances divided by n. Without the small-sample
/// correction the last factor is 1 and the distribution normal. As R's dm.test (forecast 8.20): should the
/// rectangular variance not be above 0, the test is that of horizon 1, and `horizon` says so.
///
/// Undefined: `too_few` below two points or at a horizon of n or more; `no_variation` if all differences are
/// equal (also if they are 0: one forecast twice); `zero_actual` if one is NaN; `diverges` if one is
/// infinite, or a sum is too large for a number.
struct Comparison {
  std::size_t points = 0;
  Real mean_difference = Undefined::too_few;  ///< below 0: the first is better
  Real statistic = Undefined::too_few;
  Real p_value = Undefined::too_few;
  int horizon = 1;  ///< that the variance is for
};
/// Throws OptionError E_HORIZON below 1.
Comparison diebold_mariano(std::span<const double> differences, const ComparisonOptions& options = {});

/// The same of many series: `begin` has the first row of each, and the number of rows at the end. Results do
/// not depend on the number of threads. Throws InputError E_COLUMN_LENGTH if `begin` does not cut the rows.
std::vector<Comparison> diebold_mariano(std::span<const double> differences,
                                        std::span<const std::uint32_t> begin,
                                        const ComparisonOptions& options = {});

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/comparison.ipp"
#endif
