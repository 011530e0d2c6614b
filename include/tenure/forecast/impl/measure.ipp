#include <array>
#include <string>

#include "../../core/error.hpp"
#include "../measure.hpp"

namespace tenure {

namespace detail {

inline constexpr std::array<std::string_view, measure_count> measure_names{"me",
                                                                           "mpe",
                                                                           "mae",
                                                                           "mse",
                                                                           "rmse",
                                                                           "median_ae",
                                                                           "mape",
                                                                           "smape",
                                                                           "smape_200",
                                                                           "smape_armstrong",
                                                                           "wape",
                                                                           "mase",
                                                                           "msse",
                                                                           "rmsse",
                                                                           "pis",
                                                                           "spis",
                                                                           "owa",
                                                                           "relative_mae",
                                                                           "theil_u1",
                                                                           "theil_u2",
                                                                           "maape",
                                                                           "r2",
                                                                           "tracking_signal",
                                                                           "cfe",
                                                                           "accuracy",
                                                                           "bias_share",
                                                                           "variance_share",
                                                                           "covariance_share",
                                                                           "acf1"};

}  // namespace detail

TENURE_INLINE std::string_view name_of(Measure measure) noexcept {
  return detail::measure_names[static_cast<std::size_t>(measure)];
}

TENURE_INLINE Measure parse_measure(std::string_view name) {
  std::string known;
  for (std::size_t i = 0; i < measure_count; ++i) {
    if (detail::measure_names[i] == name) return static_cast<Measure>(i);
    known += (i == 0 ? "" : ", ") + std::string(detail::measure_names[i]);
  }
  throw_option({.code = "E_MEASURE",
                .what = "the measure '" + printable(name) + "' is not known",
                .value = printable(name),
                .remedy = "Known: " + known + "."});
}

}  // namespace tenure
