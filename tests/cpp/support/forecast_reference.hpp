#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "forecast_series.hpp"

/// Point errors by their definitions, one measure at a time, from lists of points.
namespace tenure::test {

class PlainErrors {
 public:
  PlainErrors(std::vector<ForecastSeries> group, int lag, const PointErrorOptions& options)
      : group_(std::move(group)), lag_(static_cast<std::size_t>(lag)), options_(options) {
    for (const ForecastSeries& series : group_) {
      actual_.insert(actual_.end(), series.actual.begin(), series.actual.end());
      forecast_.insert(forecast_.end(), series.forecast.begin(), series.forecast.end());
    }
    for (std::size_t i = 0; i < actual_.size(); ++i) errors_.push_back(forecast_[i] - actual_[i]);
  }

  /// All points together.
  Real operator()(Measure measure) const {
    if (errors_.empty()) return Undefined::empty_base;
    const double count = static_cast<double>(errors_.size());
    const double sum_error = sum([](double, double, double e) { return e; });
    const double absolute = sum([](double, double, double e) { return std::abs(e); });
    const double squares = sum([](double, double, double e) { return e * e; });
    switch (measure) {
      case Measure::me:
        return sum_error / count;
      case Measure::mae:
        return absolute / count;
      case Measure::mse:
        return squares / count;
      case Measure::rmse:
        return std::sqrt(squares / count);
      case Measure::median_ae: {
        std::vector<double> all;
        for (const double e : errors_) all.push_back(std::abs(e));
        std::sort(all.begin(), all.end());
        return (all[(all.size() - 1) / 2] + all[all.size() / 2]) / 2;
      }
      case Measure::pis:
        return absolute;
      case Measure::cfe:
        return sum_error;
      case Measure::wape:
        return divide(absolute, sum([](double a, double, double) { return std::abs(a); }),
                      Undefined::zero_actual);
      case Measure::theil_u1:
        return divide(std::sqrt(squares),
                      std::sqrt(sum([](double a, double, double) { return a * a; })) +
                          std::sqrt(sum([](double, double f, double) { return f * f; })),
                      Undefined::zero_actual);
      case Measure::r2:
        if (errors_.size() < 2) return Undefined::too_few;
        return change(divide(squares, spread(actual_, actual_), Undefined::no_variation), -1, 1);
      case Measure::tracking_signal:
        return divide(sum_error, absolute / count, Undefined::no_error);
      case Measure::bias_share:
        return divide(sum_error * sum_error / count, squares, Undefined::no_error);
      case Measure::variance_share: {
        const double apart = std::sqrt(spread(forecast_, forecast_)) - std::sqrt(spread(actual_, actual_));
        return divide(apart * apart, squares, Undefined::no_error);
      }
      case Measure::covariance_share:
        return divide(2 * (std::sqrt(spread(forecast_, forecast_) * spread(actual_, actual_)) -
                           spread(actual_, forecast_)),
                      squares, Undefined::no_error);
      case Measure::relative_mae: {
        double benchmark = 0;
        for (const ForecastSeries& series : group_)
          for (std::size_t i = 0; i < series.actual.size(); ++i)
            benchmark += std::abs(series.benchmark[i] - series.actual[i]);
        return divide(absolute, benchmark, Undefined::no_error);
      }
      case Measure::acf1:
        return autocorrelation(sum_error / count);
      case Measure::accuracy:
        return change(of_series(Measure::mape), -1, 1);
      case Measure::smape_200:
        return change(of_series(Measure::smape), 100, 0);
      case Measure::rmsse:
        return root(of_series(Measure::msse));
      case Measure::theil_u2:
        return root(of_series(Measure::theil_u2));
      default:
        return of_series(measure);
    }
  }

 private:
  template <class Term>
  double sum(Term&& term) const {
    double total = 0;
    for (std::size_t i = 0; i < errors_.size(); ++i) total += term(actual_[i], forecast_[i], errors_[i]);
    return total;
  }
  static double spread(const std::vector<double>& x, const std::vector<double>& y) {
    const auto count = static_cast<double>(x.size());
    const double x_mean = std::accumulate(x.begin(), x.end(), 0.0) / count;
    const double y_mean = std::accumulate(y.begin(), y.end(), 0.0) / count;
    double products = 0;
    for (std::size_t i = 0; i < x.size(); ++i) products += (x[i] - x_mean) * (y[i] - y_mean);
    return products;
  }
  static Real change(const Real& value, double factor, double plus) {
    return value.defined() ? Real(plus + factor * value.value_or(0)) : value;
  }
  static Real root(const Real& value) { return value.defined() ? Real(std::sqrt(value.value_or(0))) : value; }

  Real autocorrelation(double mean) const {
    double products = 0, steps = 0;
    for (const ForecastSeries& series : group_)
      for (std::size_t i = 1; i < series.actual.size(); ++i) {
        products += (series.forecast[i] - series.actual[i] - mean) *
                    (series.forecast[i - 1] - series.actual[i - 1] - mean);
        ++steps;
      }
    if (steps == 0) return Undefined::too_few;
    return divide(products, spread(errors_, errors_), Undefined::no_variation);
  }

  struct Quotient {
    double above = 0, below = 0;
    Undefined missing = Undefined::no;
  };
  static constexpr Undefined when_zero(Measure measure) {
    using enum Measure;
    const bool steps = measure == mase || measure == msse || measure == theil_u2;
    return steps ? Undefined::no_variation : Undefined::zero_actual;
  }

  /// Sums over series above, sums over series below.
  Real of_series(Measure measure) const {
    Quotient all;
    std::size_t missing = 0, known = 0;
    Undefined reason = Undefined::no;
    for (const ForecastSeries& series : group_) {
      if (series.actual.empty()) continue;
      const Quotient one = quotient(series, measure);
      if (one.missing != Undefined::no) {
        if (missing++ == 0) reason = one.missing;
        continue;
      }
      ++known;
      all.above += one.above;
      all.below += one.below;
    }
    if (missing > 0 && (known == 0 || options_.undefined_series == UndefinedSeries::undefined)) return reason;
    return divide(all.above, all.below, when_zero(measure));
  }

  Quotient quotient(const ForecastSeries& series, Measure measure) const {
    const std::vector<double>& history = series.history;
    const double count = static_cast<double>(series.actual.size());
    Quotient found;
    if (measure == Measure::mase || measure == Measure::msse) {
      if (history.size() <= lag_) return {.missing = Undefined::too_few};
      const double power = measure == Measure::mase ? 1 : 2;
      double scale = 0;
      for (std::size_t i = lag_; i < history.size(); ++i)
        scale += std::pow(std::abs(history[i] - history[i - lag_]), power);
      for (std::size_t i = 0; i < series.actual.size(); ++i)
        found.above += std::pow(std::abs(series.forecast[i] - series.actual[i]), power);
      found.below = count * scale / static_cast<double>(history.size() - lag_);
      return found;
    }
    if (measure == Measure::spis) {
      if (history.empty()) return {.missing = Undefined::too_few};
      found.below =
          std::accumulate(history.begin(), history.end(), 0.0) / static_cast<double>(history.size());
      for (std::size_t i = 0; i < series.actual.size(); ++i)
        found.above += std::abs(series.forecast[i] - series.actual[i]);
      return found;
    }
    if (measure == Measure::theil_u2) {
      if (series.actual.size() < 2) return {.missing = Undefined::too_few};
      std::size_t used = 0;
      for (std::size_t i = 1; i < series.actual.size(); ++i) {
        const double before = series.actual[i - 1];
        if (before == 0 && options_.zero_actual == ZeroActual::undefined)
          return {.missing = Undefined::zero_actual};
        if (before == 0) continue;
        ++used;
        found.above += std::pow((series.forecast[i] - series.actual[i]) / before, 2);
        found.below += std::pow((series.actual[i] - before) / before, 2);
      }
      if (used == 0) found.missing = Undefined::zero_actual;
      return found;
    }
    for (std::size_t i = 0; i < series.actual.size(); ++i) {
      const double a = series.actual[i], f = series.forecast[i], e = std::abs(f - a);
      if (measure == Measure::mpe || measure == Measure::mape) {
        if (a == 0 && options_.zero_actual == ZeroActual::undefined)
          return {.missing = Undefined::zero_actual};
        if (a == 0) continue;
        found.above += measure == Measure::mpe ? (f - a) / a : e / std::abs(a);
        ++found.below;
        continue;
      }
      const bool pair = a == 0 && f == 0;
      if (measure == Measure::smape_armstrong && a + f == 0 && !pair) return {.missing = Undefined::diverges};
      if (pair && options_.zero_pair == ZeroPair::skip) continue;
      ++found.below;
      if (pair && options_.zero_pair == ZeroPair::undefined) found.missing = Undefined::zero_actual;
      if (pair) continue;
      if (measure == Measure::smape) found.above += 2 * e / (std::abs(a) + std::abs(f));
      if (measure == Measure::smape_armstrong) found.above += 2 * e / (a + f);
      if (measure == Measure::maape)
        found.above += a == 0 ? std::numbers::pi / 2 : std::atan(e / std::abs(a));
    }
    if (found.below == 0) found.missing = Undefined::zero_actual;
    return found;
  }

  std::vector<ForecastSeries> group_;
  std::size_t lag_;
  PointErrorOptions options_;
  std::vector<double> actual_, forecast_, errors_;
};

}  // namespace tenure::test
