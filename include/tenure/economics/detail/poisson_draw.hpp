#pragma once

#include <boost/math/distributions/poisson.hpp>
#include <cmath>

namespace tenure::detail {

/// How often a customer of some weight is drawn.
inline double poisson_draw(double weight, double uniform) {
  if (weight > 30) {
    using namespace boost::math::policies;  // Boost's own default rounds small quantiles down
    using Upwards = policy<discrete_quantile<integer_round_up>>;
    const boost::math::poisson_distribution<double, Upwards> law(weight);
    return boost::math::quantile(law, uniform);
  }
  double chance = std::exp(-weight), count = 0;
  while (uniform > chance && count < 300) {
    uniform -= chance;
    chance *= weight / ++count;
  }
  return count;
}

}  // namespace tenure::detail
