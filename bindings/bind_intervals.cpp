#include "support/scores.hpp"
#include "tenure/forecast/interval.hpp"

/// Central intervals beside what happened.
namespace tenure::python {

void add_intervals(Output& output, std::span<const IntervalScore> intervals, bool scaled) {
  std::vector<double> level;
  std::vector<std::int64_t> points, below, above;
  std::vector<Real> coverage, lower, upper, width, score, scaled_score;
  for (const IntervalScore& interval : intervals) {
    level.push_back(interval.level);
    points.push_back(static_cast<std::int64_t>(interval.points));
    below.push_back(static_cast<std::int64_t>(interval.below));
    above.push_back(static_cast<std::int64_t>(interval.above));
    coverage.push_back(interval.coverage.value);
    lower.push_back(interval.coverage.lower);
    upper.push_back(interval.coverage.upper);
    width.push_back(interval.mean_width);
    score.push_back(interval.score);
    scaled_score.push_back(interval.scaled);
  }
  output.add("level", std::move(level));
  output.add("points", std::move(points));
  output.add("below", std::move(below));
  output.add("above", std::move(above));
  add_reals(output, "coverage", coverage);
  add_reals(output, "lower", lower);
  add_reals(output, "upper", upper);
  add_reals(output, "mean_width", width);
  add_reals(output, "interval_score", score);
  if (scaled) add_reals(output, "scaled_interval_score", scaled_score);
}

namespace {

struct LimitNames {
  std::string actual, lower, upper;
};

class Intervals {
 public:
  Intervals(const Input& table, const LimitNames& names, double level, const ScaleNames& series,
            const Input* history, int lag, UndefinedSeries undefined_series, const Execution& execution)
      : level_(level),
        undefined_series_(undefined_series),
        threads_(execution.threads),
        cells_(table, series.cells, execution),
        scaled_(history != nullptr) {
    std::vector<Numbers> columns = all_numbers(table, {names.actual, names.lower, names.upper}, execution);
    actual_ = std::move(columns[0]);
    lower_ = std::move(columns[1]);
    upper_ = std::move(columns[2]);
    IntervalRows rows = rows_of(cells_.all());
    rows.actual_name = names.actual;
    rows.lower_name = names.lower;
    rows.upper_name = names.upper;
    rows.period = period_names(to_times(table, series.period, execution.poll), series.grain);
    check_rows(rows);
    scales_ = scales_of(table, history, series, lag, execution);
    for (Numbers* column : {&actual_, &lower_, &upper_})
      *column = cells_.arranged(std::move(*column), execution);
    if (scaled_) scales_.of_row = cells_.arranged(std::move(scales_.of_row), execution);
  }

  std::shared_ptr<Output> columns(double confidence, bool pooled) const {
    const std::vector<IntervalScore> scores = unlocked(threads_, [&](const Execution& execution) {
      IntervalRows rows = rows_of(cells_.begin(pooled));
      rows.scale = scales_.of_row.values;
      rows.undefined_series = undefined_series_;
      return interval_scores(rows, confidence, execution);
    });
    auto output = std::make_shared<Output>(scores.size());
    cells_.add_labels(*output, pooled, each_of(scores.size()));
    add_intervals(*output, scores, scaled_);
    return output;
  }
  std::map<std::string, std::size_t> scales() const { return scales_.counts(); }

 private:
  IntervalRows rows_of(std::span<const std::uint32_t> begin) const {
    return {.actual = actual_.values,
            .lower = lower_.values,
            .upper = upper_.values,
            .level = level_,
            .begin = begin};
  }

  double level_;
  UndefinedSeries undefined_series_;
  int threads_;
  ScoreCells cells_;
  bool scaled_;
  Numbers actual_, lower_, upper_;  // by cell, as are scales
  SeriesScales scales_;
};

}  // namespace

void bind_intervals(py::module_& module) {
  py::class_<Intervals>(module, "IntervalForecasts",
                        "Intervals beside what happened; tenure.forecast.Intervals is their face.")
      .def(py::init([](const Input& table, const std::string& actual, const std::string& lower,
                       const std::string& upper, double level, const ScaleNames& names, const Input* history,
                       int lag, bool skip_series, int threads) {
             ScaleNames series = names;
             series.actual = actual;
             return unlocked(threads, [&](const Execution& execution) {
               return std::make_unique<Intervals>(
                   table, LimitNames{actual, lower, upper}, level, series, history, lag,
                   skip_series ? UndefinedSeries::skip : UndefinedSeries::undefined, execution);
             });
           }),
           py::arg("table"), py::kw_only(), py::arg("actual"), py::arg("lower"), py::arg("upper"),
           py::arg("level"), py::arg("names"), py::arg("history"), py::arg("lag"), py::arg("skip_series"),
           py::arg("threads"))
      .def_property_readonly("scales", &Intervals::scales, "Series, and those without a scale by reason.")
      .def("columns", &Intervals::columns, py::arg("confidence"), py::arg("pooled"));
}

}  // namespace tenure::python
