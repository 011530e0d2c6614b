#pragma once

#include <boost/math/special_functions/erf.hpp>
#include <cmath>
#include <string>

#include "../../core/error.hpp"

/// Two-sided intervals of a normal distribution.
namespace tenure::detail {

/// How many standard errors an interval reaches to each side. OptionError E_CONFIDENCE.
inline double normal_reach(double confidence) {
  if (!(confidence > 0 && confidence < 1))
    throw_option({.code = "E_CONFIDENCE",
                  .what = "a confidence of " + std::to_string(confidence) + " is not between 0 and 1",
                  .value = std::to_string(confidence),
                  .remedy = "Write 95 % as 0.95."});
  return std::sqrt(2.0) * boost::math::erf_inv(confidence);
}

}  // namespace tenure::detail
