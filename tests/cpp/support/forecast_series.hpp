#pragma once

#include <string>
#include <utility>
#include <vector>

#include <tenure/core/real.hpp>
#include <tenure/forecast/point_error.hpp>

/// Series of forecasts, laid out as the kernel reads them.
namespace tenure::test {

struct ForecastSeries {
  std::vector<double> actual = {}, forecast = {}, history = {}, benchmark = {};
};

class SeriesColumns {
 public:
  explicit SeriesColumns(const std::vector<ForecastSeries>& all, int lag = 1) {
    for (const ForecastSeries& series : all) {
      for (const auto& [from, to] : {std::pair(&series.actual, &actual_),
                                     {&series.forecast, &forecast_},
                                     {&series.history, &history_},
                                     {&series.benchmark, &benchmark_}})
        to->insert(to->end(), from->begin(), from->end());
      begin_.push_back(static_cast<std::uint32_t>(actual_.size()));
      history_begin_.push_back(static_cast<std::uint32_t>(history_.size()));
    }
    groups_ = {0, static_cast<std::uint32_t>(all.size())};
    scales_ = naive_scales(history_, history_begin_, lag);
  }

  ForecastRows rows() const {
    return {.actual = actual_, .forecast = forecast_, .benchmark = benchmark_, .begin = begin_};
  }
  const ErrorScales& scales() const { return scales_; }

  std::vector<MeasureColumn> each(const std::vector<Measure>& measures,
                                  const PointErrorOptions& options = {}) const {
    return point_errors(rows(), scales_, measures, options);
  }
  MeasureColumn each(Measure measure, const PointErrorOptions& options = {}) const {
    return each(std::vector{measure}, options).at(0);
  }
  std::vector<MeasureColumn> together(const std::vector<Measure>& measures,
                                      const PointErrorOptions& options = {}) const {
    ForecastRows all = rows();
    all.groups = groups_;
    return point_errors(all, scales_, measures, options);
  }
  MeasureColumn together(Measure measure, const PointErrorOptions& options = {}) const {
    return together(std::vector{measure}, options).at(0);
  }

 private:
  std::vector<double> actual_, forecast_, history_, benchmark_;
  std::vector<std::uint32_t> begin_{0}, history_begin_{0}, groups_;
  ErrorScales scales_;
};

inline Real figure(const MeasureColumn& column, std::size_t group = 0) {
  return column.reason[group] == Undefined::no ? Real(column.value[group]) : Real(column.reason[group]);
}

/// A measure of one series.
inline Real measure_of(const ForecastSeries& series, Measure measure, int lag = 1,
                       const PointErrorOptions& options = {}) {
  return figure(SeriesColumns({series}, lag).each(measure, options));
}

inline std::vector<Measure> all_measures() {
  std::vector<Measure> all;
  for (std::size_t i = 0; i < measure_count; ++i) all.push_back(static_cast<Measure>(i));
  return all;
}

/// Readable in messages of failed tests.
inline std::string show(const Real& value) {
  return value.defined() ? std::to_string(value.value_or(0)) : std::string(name_of(value.reason()));
}

}  // namespace tenure::test
