#pragma once

#include <Eigen/Core>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "../../core/error.hpp"
#include "number_text.hpp"

/// Options that the models refuse.
namespace tenure::detail {

inline void require_parameters(const std::vector<std::string>& names, const Eigen::VectorXd& values) {
  if (static_cast<std::size_t>(values.size()) != names.size())
    throw_option({.code = "E_PARAM",
                  .what = std::to_string(values.size()) + " parameters are given; the model has " +
                          std::to_string(names.size()),
                  .value = std::to_string(values.size())});
  for (std::size_t i = 0; i < names.size(); ++i) {
    const double value = values(static_cast<Eigen::Index>(i));
    if (!(value > 0) || !std::isfinite(value))
      throw_option({.code = "E_PARAM",
                    .what = names[i] + "=" + number_text(value) + "; must be above 0 and finite",
                    .value = number_text(value)});
  }
}

inline void require_time(double t) {
  if (!(t >= 0) || !std::isfinite(t))
    throw_option({.code = "E_PARAM",
                  .what = "t=" + number_text(t) + "; must be 0 or above, and finite",
                  .value = number_text(t)});
}

inline void require_count(std::int64_t n) {
  if (n < 0)
    throw_option({.code = "E_PARAM",
                  .what = "n=" + std::to_string(n) + "; must be 0 or above",
                  .value = std::to_string(n)});
}

inline void require_confidence(double confidence) {
  if (!(confidence > 0 && confidence < 1))
    throw_option({.code = "E_CONFIDENCE",
                  .what = "a confidence of " + number_text(confidence) + " is not between 0 and 1",
                  .value = number_text(confidence),
                  .remedy = "Write 95 % as 0.95."});
}

inline void require_replicates(std::size_t replicates) {
  if (replicates < 20)
    throw_option({.code = "E_BOOTSTRAP",
                  .what = std::to_string(replicates) + " replicates are too few for an interval",
                  .value = std::to_string(replicates),
                  .remedy = "Ask for 20 or more; 1000 are usual."});
}

}  // namespace tenure::detail
