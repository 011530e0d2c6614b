#include "support/accuracy.hpp"
#include "support/unlocked.hpp"
#include "tenure/core/error.hpp"

/// Errors of point forecasts, by series and by anything that cuts them.
namespace tenure::python {

namespace {

using Chosen = std::tuple<std::string, std::string, std::string, std::string>;

/// The names are those that Python checked.
PointErrorOptions options_of(const Chosen& chosen, int threads) {
  const auto& [zero_actual, zero_pair, undefined_series, pooling] = chosen;
  PointErrorOptions options;
  options.zero_actual = zero_actual == "skip" ? ZeroActual::skip : ZeroActual::undefined;
  options.zero_pair = zero_pair == "skip"        ? ZeroPair::skip
                      : zero_pair == "undefined" ? ZeroPair::undefined
                                                 : ZeroPair::zero;
  options.undefined_series =
      undefined_series == "undefined" ? UndefinedSeries::undefined : UndefinedSeries::skip;
  options.pooling = pooling == "ratio_of_sums" ? Pooling::ratio_of_sums : Pooling::mean_of_ratios;
  options.execution.threads = threads;
  return options;
}

Pooling pooling_of(const std::string& name) {
  return name == "ratio_of_sums" ? Pooling::ratio_of_sums : Pooling::mean_of_ratios;
}

}  // namespace

void bind_accuracy(py::module_& module) {
  py::class_<PanelNames>(module, "PanelNames")
      .def(py::init([](std::vector<std::string> series, std::vector<std::string> by,
                       std::optional<std::string> cutoff, std::optional<std::string> period,
                       std::optional<std::string> horizon) {
             return PanelNames{std::move(series), std::move(by), std::move(cutoff), std::move(period),
                               std::move(horizon)};
           }),
           py::kw_only(), py::arg("series"), py::arg("by"), py::arg("cutoff"), py::arg("period"),
           py::arg("horizon"));
  py::class_<Gap>(module, "MeasureGap",
                  "Where a measure is not defined; tenure.forecast notes say it in words.")
      .def_readonly("measure", &Gap::measure)
      .def_readonly("parts", &Gap::parts, "How many have no such measure, of one forecast or more.")
      .def_readonly("of", &Gap::of, "How many there are.")
      .def_readonly("what", &Gap::what, "\"series\", \"parts\" of series, or \"rows\" of the table.")
      .def_readonly("reason", &Gap::reason);
  py::class_<AccuracyTable>(module, "AccuracyTable")
      .def_readonly("columns", &AccuracyTable::columns)
      .def_readonly("gaps", &AccuracyTable::gaps)
      .def_readonly("by_place", &AccuracyTable::by_place, "Whether horizons are places within a series.");
  py::class_<PointAccuracy>(module, "PointAccuracy",
                            "Forecasts beside what happened; tenure.forecast.Accuracy is their face.")
      .def(py::init([](const Input& table, PanelNames names, std::string actual,
                       std::vector<std::string> forecasts, std::optional<std::string> benchmark,
                       const std::vector<std::string>& measures, const Chosen& options,
                       const std::string& grain, bool skip, std::optional<const Input*> history,
                       bool test_scale, int lag, int threads) {
             AccuracyNames columns{std::move(actual), std::move(forecasts), std::move(benchmark)};
             std::vector<Measure> parsed;
             for (const std::string& name : measures) parsed.push_back(parse_measure(name));
             const AccuracyOptions chosen{.errors = options_of(options, threads),
                                          .grain = grain,
                                          .skip = skip,
                                          .test_scale = test_scale,
                                          .lag = lag};
             return unlocked(threads, [&](const Execution& execution) {
               return std::make_unique<PointAccuracy>(table, std::move(names), std::move(columns),
                                                      std::move(parsed), history.value_or(nullptr), chosen,
                                                      execution);
             });
           }),
           py::arg("table"), py::arg("names"), py::kw_only(), py::arg("actual"), py::arg("forecasts"),
           py::arg("benchmark"), py::arg("measures"), py::arg("options"), py::arg("grain"), py::arg("skip"),
           py::arg("history"), py::arg("test_scale"), py::arg("lag"), py::arg("threads"))
      .def("by_series",
           [](const PointAccuracy& held) {
             return unlocked(held.threads(), [&](const Execution& run) { return held.by_series(run); });
           })
      .def(
          "pooled",
          [](const PointAccuracy& held, const std::string& cut, const std::string& pooling) {
            return unlocked(held.threads(), [&](const Execution& execution) {
              return held.pooled(parse_cut(cut), pooling_of(pooling), execution);
            });
          },
          py::arg("cut"), py::arg("pooling"))
      .def(
          "explain",
          [](const PointAccuracy& held, const std::optional<std::vector<Id>>& series, std::size_t forecast,
             const std::string& measure,
             std::size_t most) { return held.explain(series, forecast, parse_measure(measure), most); },
          py::arg("series"), py::arg("forecast"), py::arg("measure"), py::arg("most"))
      .def_property_readonly("series", &PointAccuracy::series)
      .def_property_readonly("points", &PointAccuracy::points)
      .def_property_readonly("skipped", &PointAccuracy::skipped, "Rows left out for a missing value.")
      .def_property_readonly("without_history", &PointAccuracy::without_history,
                             "Series that have no row in the history.")
      .def("history_gaps", &PointAccuracy::history_gaps,
           "How many histories leave periods out, and the first series of these.")
      .def_property_readonly("zero_actuals", &PointAccuracy::zero_actuals, "Points whose actual is 0.");
  module.def(
      "measure_names",
      [] {
        std::vector<std::string> names;
        for (std::size_t i = 0; i < measure_count; ++i) names.emplace_back(name_of(static_cast<Measure>(i)));
        return names;
      },
      "Of all measures of point forecasts, in the order of the C++ enum.");
}

}  // namespace tenure::python
