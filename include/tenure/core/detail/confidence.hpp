#pragma once

#include <boost/math/special_functions/erf.hpp>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <string>

#include "../error.hpp"
#include "../real.hpp"
#include "number_text.hpp"

/// What all intervals share: how they are asked for, and the reach of a normal distribution.
namespace tenure::detail {

/// OptionError E_CONFIDENCE.
inline void require_confidence(double confidence) {
  if (!(confidence > 0 && confidence < 1))
    throw_option({.code = "E_CONFIDENCE",
                  .what = "a confidence of " + number_text(confidence) + " is not between 0 and 1",
                  .value = number_text(confidence),
                  .remedy = "Write 95 % as 0.95."});
}

/// How many standard errors a two-sided interval reaches to each side. OptionError E_CONFIDENCE.
inline double normal_reach(double confidence) {
  require_confidence(confidence);
  return std::numbers::sqrt2 * boost::math::erf_inv(confidence);
}

/// OptionError E_BOOTSTRAP.
inline void require_replicates(std::int64_t replicates) {
  if (replicates < 20)
    throw_option({.code = "E_BOOTSTRAP",
                  .what = std::to_string(replicates) + " replicates are too few for an interval",
                  .value = std::to_string(replicates),
                  .remedy = "Ask for 20 or more; 1000 are usual."});
}

/// A number, or `diverges` where it is too large for one.
inline Real or_diverges(double value) {
  return std::isfinite(value) ? Real(value) : Real(Undefined::diverges);
}

/// Around a value above 0, symmetric in its logarithm, which has this variance. A variance that is no number
/// or, by rounding, below 0 tells nothing: that is not certainty.
inline Estimate log_limits(double value, double variance, double reach) {
  if (!(variance >= 0)) return {value, Undefined::not_estimated, Undefined::not_estimated};
  const double half = reach * std::sqrt(variance);
  return {value, or_diverges(value * std::exp(-half)), or_diverges(value * std::exp(half))};
}

}  // namespace tenure::detail
