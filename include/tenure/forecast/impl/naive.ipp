#include <algorithm>
#include <array>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>
#include <map>
#include <string>

#include "../../core/detail/confidence.hpp"
#include "../../core/names.hpp"
#include "../detail/points.hpp"
#include "../naive.hpp"

namespace tenure {

namespace detail {

inline constexpr std::array<Named<NaiveMethod>, 5> naive_names{
    {{"naive", NaiveMethod::naive},
     {"seasonal_naive", NaiveMethod::seasonal_naive},
     {"drift", NaiveMethod::drift},
     {"mean", NaiveMethod::mean},
     {"seasonal_mean", NaiveMethod::seasonal_mean}}};

/// How many errors the limits take for the forecast of a value itself: degrees of freedom that are used up.
inline std::size_t used_up(NaiveMethod method, std::size_t lag) noexcept {
  switch (method) {
    case NaiveMethod::drift:
      return 2;
    case NaiveMethod::seasonal_naive:
    case NaiveMethod::seasonal_mean:
      return lag;
    default:
      return 1;
  }
}

/// What one series is forecast from.
class NaiveSeries {
 public:
  NaiveSeries(std::span<const double> values, NaiveMethod method, std::size_t lag)
      : values_(values), method_(method), lag_(lag) {
    if (!defined()) return;
    if (method == NaiveMethod::mean) season_ = {mean_of(0, 1)};
    if (method == NaiveMethod::seasonal_mean)
      for (std::size_t place = 0; place < lag; ++place) season_.push_back(mean_of(place, lag));
    if (method == NaiveMethod::drift)
      slope_ = (values.back() - values.front()) / static_cast<double>(values.size() - 1);
  }

  bool defined() const noexcept { return values_.size() >= least(); }
  double value(std::size_t step) const noexcept {  // from 1
    const std::size_t n = values_.size();
    switch (method_) {
      case NaiveMethod::naive:
        return values_.back();
      case NaiveMethod::seasonal_naive:
        return values_[n - lag_ + (step - 1) % lag_];
      case NaiveMethod::drift:
        return values_.back() + static_cast<double>(step) * slope_;
      case NaiveMethod::mean:
        return season_[0];
      case NaiveMethod::seasonal_mean:
        break;
    }
    return season_[(n + step - 1) % lag_];
  }
  /// Standard deviation of the errors one step ahead; below 0 where there are too few.
  double spread() const noexcept {
    const std::size_t n = values_.size(), used = used_up(method_, lag_);
    if (!defined() || n <= used) return -1;
    double sum = 0;
    const auto add = [&sum](double error) { sum += error * error; };
    switch (method_) {
      case NaiveMethod::naive:
      case NaiveMethod::drift:
        for (std::size_t i = 1; i < n; ++i) add(values_[i] - values_[i - 1] - slope_);
        break;
      case NaiveMethod::seasonal_naive:
        for (std::size_t i = lag_; i < n; ++i) add(values_[i] - values_[i - lag_]);
        break;
      case NaiveMethod::mean:
      case NaiveMethod::seasonal_mean:
        for (std::size_t i = 0; i < n; ++i) add(values_[i] - season_[i % season_.size()]);
        break;
    }
    return std::sqrt(sum / static_cast<double>(n - used));
  }
  /// How the spread grows with the step.
  double factor(std::size_t step) const noexcept {
    const auto n = static_cast<double>(values_.size()), h = static_cast<double>(step);
    switch (method_) {
      case NaiveMethod::naive:
        return std::sqrt(h);
      case NaiveMethod::seasonal_naive:
        return std::sqrt(static_cast<double>((step - 1) / lag_ + 1));
      case NaiveMethod::drift:
        return std::sqrt(h * (1 + h / (n - 1)));
      case NaiveMethod::mean:
        return std::sqrt(1 + 1 / n);
      case NaiveMethod::seasonal_mean:
        break;
    }
    const std::size_t place = (values_.size() + step - 1) % lag_;
    return std::sqrt(1 + 1 / static_cast<double>((values_.size() - place - 1) / lag_ + 1));
  }

 private:
  std::size_t least() const noexcept {
    const bool seasonal = method_ == NaiveMethod::seasonal_naive || method_ == NaiveMethod::seasonal_mean;
    return seasonal ? lag_ : method_ == NaiveMethod::drift ? 2 : 1;
  }
  double mean_of(std::size_t first, std::size_t every) const noexcept {
    double sum = 0;
    std::size_t count = 0;
    for (std::size_t i = first; i < values_.size(); i += every, ++count) sum += values_[i];
    return sum / static_cast<double>(count);
  }

  std::span<const double> values_;
  NaiveMethod method_;
  std::size_t lag_;
  std::vector<double> season_ = {};  // means by place in the season; of the mean, one
  double slope_ = 0;
};

/// Quantiles by degrees of freedom, which many series share.
class Reaches {
 public:
  Reaches(NaiveMethod method, double confidence)
      : by_freedom_(method == NaiveMethod::mean || method == NaiveMethod::seasonal_mean),
        confidence_(confidence),
        normal_(normal_reach(confidence)) {}
  double operator()(std::size_t freedom) {
    if (!by_freedom_) return normal_;
    const auto [found, fresh] = known_.try_emplace(freedom, 0.0);
    if (fresh)
      found->second = boost::math::quantile(boost::math::complement(
          boost::math::students_t(static_cast<double>(freedom)), (1 - confidence_) / 2));
    return found->second;
  }

 private:
  bool by_freedom_;
  double confidence_, normal_;
  std::map<std::size_t, double> known_ = {};
};

inline void check_naive(std::size_t values, std::span<const std::uint32_t> begin,
                        const NaiveOptions& options) {
  if (options.horizon < 1 || options.horizon > 10000)
    throw_option({.code = "E_HORIZON",
                  .what = "horizon=" + std::to_string(options.horizon) + " is not from 1 to 10000",
                  .value = std::to_string(options.horizon),
                  .remedy = "Say how many periods to forecast."});
  if (options.lag < 1)
    throw_option({.code = "E_LAG",
                  .what = "lag=" + std::to_string(options.lag) + " is not above 0",
                  .value = std::to_string(options.lag),
                  .remedy = "A season of months is 12, of quarters 4; 1 is no season."});
  if (options.confidence) require_confidence(*options.confidence);
  require_cut("begin", begin, values);
  if (begin.empty()) require_length("begin", 0, 1);  // the number of values at the end, if nothing else
}

inline bool any_infinite(const std::vector<double>& values, std::size_t first, std::size_t count) {
  const auto finite = [](double value) { return std::isfinite(value); };
  return !std::ranges::all_of(std::span(values).subspan(first, count), finite);
}

}  // namespace detail

TENURE_INLINE std::string_view name_of(NaiveMethod method) noexcept {
  return detail::naive_names[static_cast<std::size_t>(method)].name;
}

TENURE_INLINE NaiveMethod parse_naive_method(std::string_view name) {
  return parse_named<NaiveMethod>(detail::naive_names, name, "method", "E_METHOD");
}

TENURE_INLINE NaiveForecasts naive_forecasts(std::span<const double> values,
                                             std::span<const std::uint32_t> begin, NaiveMethod method,
                                             const NaiveOptions& options) {
  detail::check_naive(values.size(), begin, options);
  detail::require_numbers("values", values);
  const std::size_t count = begin.size() - 1;
  const auto horizon = static_cast<std::size_t>(options.horizon), lag = static_cast<std::size_t>(options.lag);
  NaiveForecasts found;
  found.value.resize(count * horizon);
  found.reason.resize(count);
  if (options.confidence) {
    found.lower.resize(count * horizon);
    found.upper.resize(count * horizon);
    found.limit_reason.resize(count);
  }
  constexpr std::size_t at_once = 1024;
  parallel_for(options.execution, (count + at_once - 1) / at_once, [&](std::size_t task, int) {
    detail::Reaches reaches(method, options.confidence.value_or(0.5));
    for (std::size_t i = task * at_once; i < std::min(count, (task + 1) * at_once); ++i) {
      const detail::NaiveSeries series(values.subspan(begin[i], begin[i + 1] - begin[i]), method, lag);
      if (!series.defined()) {
        found.reason[i] = Undefined::too_few;
        if (options.confidence) found.limit_reason[i] = Undefined::too_few;
        continue;
      }
      const std::size_t first = i * horizon;
      for (std::size_t step = 1; step <= horizon; ++step) found.value[first + step - 1] = series.value(step);
      if (detail::any_infinite(found.value, first, horizon)) {
        found.reason[i] = Undefined::diverges;
        if (options.confidence) found.limit_reason[i] = Undefined::diverges;
        continue;
      }
      if (!options.confidence) continue;
      const double spread = series.spread();
      if (spread < 0) {
        found.limit_reason[i] = Undefined::too_few;
        continue;
      }
      if (!std::isfinite(spread)) {
        found.limit_reason[i] = Undefined::diverges;
        continue;
      }
      const double reach = spread * reaches(begin[i + 1] - begin[i] - detail::used_up(method, lag));
      for (std::size_t step = 1; step <= horizon; ++step) {
        const std::size_t row = first + step - 1;
        found.lower[row] = found.value[row] - reach * series.factor(step);
        found.upper[row] = found.value[row] + reach * series.factor(step);
      }
      if (detail::any_infinite(found.lower, first, horizon) ||
          detail::any_infinite(found.upper, first, horizon))
        found.limit_reason[i] = Undefined::diverges;
    }
  });
  return found;
}

}  // namespace tenure
