#include <algorithm>
#include <cmath>
#include <limits>

#include "support/scores.hpp"
#include "tenure/core/detail/confidence.hpp"
#include "tenure/core/detail/number_text.hpp"
#include "tenure/forecast/quantile.hpp"

/// Quantile forecasts beside what happened.
namespace tenure::python {

namespace {

struct QuantileNames {
  std::string actual;
  std::vector<std::string> columns;
  std::vector<double> levels;
};

class Quantiles {
 public:
  Quantiles(const Input& table, QuantileNames names, const ScaleNames& series, const Input* history, int lag,
            bool sort, UndefinedSeries undefined_series, const Execution& execution)
      : names_(std::move(names)),
        cell_names_(series.cells),
        crossed_(sort ? CrossedQuantiles::sort : CrossedQuantiles::refuse),
        undefined_series_(undefined_series),
        threads_(execution.threads),
        cells_(table, series.cells, execution),
        period_(to_times(table, series.period, execution.poll)) {
    actual_ = all_numbers(table, {names_.actual}, execution)[0];
    forecast_ = all_numbers(table, names_.columns, execution);
    QuantileRows rows = rows_of(cells_.all());
    rows.period = period_names(period_, series.grain);
    losses_ = pinball_by_row(rows, crossed_);
    scales_ = scales_of(table, history, series, lag, execution);
    scaled_ = history != nullptr;
    shown_actual_ = actual_;
    shown_ = forecast_;
    actual_ = cells_.arranged(std::move(actual_), execution);
    for (Numbers& column : forecast_) column = cells_.arranged(std::move(column), execution);
    if (scaled_) scales_.of_row = cells_.arranged(std::move(scales_.of_row), execution);
  }

  /// A line for each cell: the losses over all quantiles, then by quantile and by interval.
  std::shared_ptr<Output> columns(double confidence, bool pooled) const {
    const std::vector<QuantileScores> scores = scores_of(confidence, pooled);
    auto output = std::make_shared<Output>(scores.size());
    cells_.add_labels(*output, pooled, each_of(scores.size()));
    std::vector<std::int64_t> points;
    for (const QuantileScores& score : scores) points.push_back(static_cast<std::int64_t>(score.points));
    output->add("points", std::move(points));
    const auto add = [&](const std::string& name, auto&& of) {
      std::vector<Real> values;
      for (const QuantileScores& score : scores) values.push_back(of(score));
      add_reals(*output, name, values);
    };
    add("pinball", [](const QuantileScores& score) { return score.mean_pinball; });
    add("wql", [](const QuantileScores& score) { return score.weighted_loss; });
    add("crps", [](const QuantileScores& score) { return score.crps; });
    add("wis", [](const QuantileScores& score) { return score.weighted_interval_score; });
    if (scaled_) add("scaled_pinball", [](const QuantileScores& score) { return score.scaled_pinball; });
    for (std::size_t i = 0; i < names_.levels.size(); ++i)
      add("pinball_" + names_.columns[i], [i](const QuantileScores& score) { return score.pinball[i]; });
    for (std::size_t i = 0; i < scores.at(0).interval.size(); ++i) {
      const std::string level = percent(scores[0].interval[i].level);
      add("coverage_" + level, [i](const QuantileScores& score) { return score.interval[i].coverage.value; });
      add("interval_score_" + level, [i](const QuantileScores& score) { return score.interval[i].score; });
    }
    return output;
  }
  /// A line for each cell and quantile: its loss, and the share of actuals at or below it.
  std::shared_ptr<Output> by_quantile(double confidence, bool pooled) const {
    const std::vector<QuantileScores> scores = scores_of(confidence, pooled);
    std::vector<std::size_t> cell_of_line;
    std::vector<double> levels;
    std::vector<std::int64_t> points;
    std::vector<Real> loss, share, lower, upper;
    for (std::size_t cell = 0; cell < scores.size(); ++cell)
      for (std::size_t i = 0; i < names_.levels.size(); ++i) {
        cell_of_line.push_back(cell);
        levels.push_back(names_.levels[i]);
        points.push_back(static_cast<std::int64_t>(scores[cell].points));
        loss.push_back(scores[cell].pinball[i]);
        share.push_back(scores[cell].at_or_below[i].value);
        lower.push_back(scores[cell].at_or_below[i].lower);
        upper.push_back(scores[cell].at_or_below[i].upper);
      }
    auto output = std::make_shared<Output>(levels.size());
    cells_.add_labels(*output, pooled, cell_of_line);
    output->add("quantile", std::move(levels));
    output->add("points", std::move(points));
    add_reals(*output, "pinball", loss);
    add_reals(*output, "share_below", share);
    add_reals(*output, "lower", lower);
    add_reals(*output, "upper", upper);
    return output;
  }
  std::shared_ptr<Output> coverage(double confidence, bool pooled) const {
    std::vector<IntervalScore> intervals;
    std::vector<std::size_t> cell_of_line;
    const std::vector<QuantileScores> scores = scores_of(confidence, pooled);
    for (std::size_t cell = 0; cell < scores.size(); ++cell)
      for (const IntervalScore& interval : scores[cell].interval) {
        cell_of_line.push_back(cell);
        intervals.push_back(interval);
      }
    auto output = std::make_shared<Output>(intervals.size());
    cells_.add_labels(*output, pooled, cell_of_line);
    add_intervals(*output, intervals, scaled_);
    return output;
  }
  /// Rows by their loss, the largest first, with their share of all losses.
  std::shared_ptr<Output> largest(std::size_t count) const {
    std::vector<std::uint32_t> rows = each_row(losses_.size());
    const auto size_of = [&](std::uint32_t row) {
      return losses_[row].value_or(std::numeric_limits<double>::infinity());
    };
    std::ranges::sort(rows, [&](std::uint32_t a, std::uint32_t b) {
      return size_of(a) != size_of(b) ? size_of(a) > size_of(b) : a < b;
    });
    double sum = 0;
    for (auto row = rows.rbegin(); row != rows.rend(); ++row) sum += size_of(*row);
    const Real total = detail::or_diverges(sum);
    rows.resize(std::min(rows.size(), count));
    auto output = std::make_shared<Output>(rows.size());
    cells_.add_labels_of_rows(*output, rows);
    std::vector<std::int64_t> numbers(rows.begin(), rows.end());
    output->add("row", std::move(numbers));
    if (period_.present() && std::ranges::find(cell_names_, period_.name) == cell_names_.end())
      add_times(*output, period_, rows);
    const auto add = [&](const std::string& name, std::span<const double> values) {
      std::vector<double> held;
      for (const std::uint32_t row : rows) held.push_back(values[row]);
      output->add(name, std::move(held));
    };
    add(names_.actual, shown_actual_.values);
    for (std::size_t i = 0; i < shown_.size(); ++i) add(names_.columns[i], shown_[i].values);
    std::vector<Real> losses, shares;
    for (const std::uint32_t row : rows) {
      losses.push_back(losses_[row]);
      shares.push_back(divide(losses_[row], total, Undefined::no_error));
    }
    add_reals(*output, "pinball", losses);
    add_reals(*output, "share", shares);
    return output;
  }

  std::map<std::string, std::size_t> scales() const { return scales_.counts(); }

 private:
  static std::string percent(double level) {
    return detail::number_text(std::round(level * 1e8) / 1e6);  // 0.9 - 0.1 is not 0.8
  }
  QuantileRows rows_of(std::span<const std::uint32_t> begin) const {
    QuantileRows rows;
    rows.actual = actual_.values;
    for (const Numbers& column : forecast_) rows.forecast.push_back(column.values);
    rows.level = names_.levels;
    rows.begin = begin;
    rows.actual_name = names_.actual;
    rows.names = names_.columns;
    return rows;
  }
  std::vector<QuantileScores> scores_of(double confidence, bool pooled) const {
    return unlocked(threads_, [&](const Execution& execution) {
      QuantileRows rows = rows_of(cells_.begin(pooled));
      rows.scale = scales_.of_row.values;
      rows.undefined_series = undefined_series_;
      return quantile_scores(rows, crossed_, confidence, execution);
    });
  }

  QuantileNames names_;
  std::vector<std::string> cell_names_;
  CrossedQuantiles crossed_;
  UndefinedSeries undefined_series_;
  int threads_;
  ScoreCells cells_;
  TimeColumn period_;
  bool scaled_ = false;
  SeriesScales scales_;            // by cell, as are actuals and forecasts
  Numbers actual_, shown_actual_;  // shown ones as the caller has them
  std::vector<Numbers> forecast_, shown_;
  std::vector<Real> losses_;
};

}  // namespace

void bind_quantiles(py::module_& module) {
  py::class_<ScaleNames>(module, "ScoreNames", "Columns that say what rows of forecasts are about.")
      .def(py::init([](std::vector<std::string> series, std::vector<std::string> cells,
                       std::optional<std::string> period, std::optional<std::string> cutoff,
                       std::optional<std::string> horizon, std::string grain) {
             return ScaleNames{std::move(series),  std::move(cells), std::move(period), std::move(cutoff),
                               std::move(horizon), std::string(),    std::move(grain)};
           }),
           py::kw_only(), py::arg("series"), py::arg("cells"), py::arg("period"), py::arg("cutoff"),
           py::arg("horizon"), py::arg("grain"));
  py::class_<Quantiles>(module, "QuantileForecasts",
                        "Quantiles beside what happened; tenure.forecast.Quantiles is their face.")
      .def(py::init([](const Input& table, const std::string& actual, std::vector<std::string> columns,
                       std::vector<double> levels, const ScaleNames& names, const Input* history, int lag,
                       bool sort, bool skip_series, int threads) {
             ScaleNames series = names;
             series.actual = actual;
             QuantileNames held{actual, std::move(columns), std::move(levels)};
             return unlocked(threads, [&](const Execution& execution) {
               return std::make_unique<Quantiles>(
                   table, std::move(held), series, history, lag, sort,
                   skip_series ? UndefinedSeries::skip : UndefinedSeries::undefined, execution);
             });
           }),
           py::arg("table"), py::kw_only(), py::arg("actual"), py::arg("columns"), py::arg("levels"),
           py::arg("names"), py::arg("history"), py::arg("lag"), py::arg("sort"), py::arg("skip_series"),
           py::arg("threads"))
      .def_property_readonly("scales", &Quantiles::scales, "Series, and those without a scale by reason.")
      .def("columns", &Quantiles::columns, py::arg("confidence"), py::arg("pooled"))
      .def("by_quantile", &Quantiles::by_quantile, py::arg("confidence"), py::arg("pooled"))
      .def("coverage", &Quantiles::coverage, py::arg("confidence"), py::arg("pooled"))
      .def("largest", &Quantiles::largest, py::arg("count"));
  bind_intervals(module);
}

}  // namespace tenure::python
