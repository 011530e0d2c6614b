#pragma once

#include <Eigen/Core>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "../../core/detail/number_text.hpp"
#include "../../core/error.hpp"

/// Options that the models refuse. Within these bounds, sums and products of numbers are still numbers.
namespace tenure::detail {

inline constexpr double least_parameter = 1e-60, most_parameter = 1e60, most_shape = 1e12;
inline constexpr double most_age = 1e50, most_time = 1e60;

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
    if (value < least_parameter || value > most_parameter)
      throw_option({.code = "E_PARAM",
                    .what = names[i] + "=" + number_text(value) + "; must be 1e-60 to 1e60",
                    .value = number_text(value)});
  }
}

/// Parameters of a model of repeat purchases, of which some are shapes and the others times.
inline void require_parameters(const std::vector<std::string>& names, const Eigen::VectorXd& values,
                               std::initializer_list<Eigen::Index> shapes) {
  require_parameters(names, values);
  for (const Eigen::Index i : shapes)
    if (values(i) > most_shape)
      throw_option({.code = "E_PARAM",
                    .what = names[static_cast<std::size_t>(i)] + "=" + number_text(values(i)) +
                            "; must be at most 1e12",
                    .value = number_text(values(i))});
}

/// A time ahead, for a model whose shortest time is `scale`.
inline void require_time(double t, double scale) {
  if (!(t >= 0) || !std::isfinite(t))
    throw_option({.code = "E_PARAM",
                  .what = "t=" + number_text(t) + "; must be 0 or above, and finite",
                  .value = number_text(t)});
  if (t > most_time || t / scale > most_time)
    throw_option({.code = "E_PARAM",
                  .what = "t=" + number_text(t) + "; must be at most 1e60, and 1e60 times " +
                          number_text(scale) + ", the time of the model",
                  .value = number_text(t),
                  .remedy = "Give the time in the unit that the model was fitted in."});
}

inline void require_count(std::int64_t n) {
  if (n < 0)
    throw_option({.code = "E_PARAM",
                  .what = "n=" + std::to_string(n) + "; must be 0 or above",
                  .value = std::to_string(n)});
}

}  // namespace tenure::detail
