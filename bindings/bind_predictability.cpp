#include "support/forecast_points.hpp"
#include "support/load.hpp"
#include "support/unlocked.hpp"
#include "tenure/forecast/commitments.hpp"
#include "tenure/forecast/history.hpp"
#include "tenure/forecast/predictability.hpp"

/// How predictable revenue is: what is under contract, how its series behave, and the index of both.
namespace tenure::python {

namespace {

using Shared = std::shared_ptr<Output>;

/// E_PERIOD_GAP and what else to_history() refuses: a spectrum is of evenly spaced points.
void refuse_gaps(const Panel& panel, std::span<const double> values) {
  const TimeColumn& period = panel.period();
  if (!period.present() || panel.points() == panel.size()) return;
  std::vector<std::int32_t> series;
  std::vector<std::int64_t> periods;
  for (std::size_t one = 0; one < panel.size(); ++one)
    for (std::size_t place = panel.begin()[one]; place < panel.begin()[one + 1]; ++place) {
      series.push_back(static_cast<std::int32_t>(one));
      periods.push_back(period.at(panel.row_of(place)));
    }
  to_history({.series = series,
              .series_count = panel.size(),
              .period = periods,
              .value = values,
              .dates = period.kind == TimeColumn::Kind::days,
              .series_of = [&](std::size_t one) { return panel.shown(one); },
              .period_column = period.name,
              .value_column = {}});
}

Shared series_columns(const Panel& panel, const Numbers& values, std::span<const Forecastability> found) {
  std::vector<std::uint32_t> rows;
  std::vector<std::int64_t> points;
  std::vector<Real> mean, deviation, coefficient, entropy, share, skill;
  for (std::size_t series = 0; series < panel.size(); ++series) {
    const std::size_t first = panel.begin()[series];
    const Variation varies = variation(values.values.subspan(first, panel.begin()[series + 1] - first));
    rows.push_back(panel.row_of(first));
    points.push_back(static_cast<std::int64_t>(found[series].points));
    mean.push_back(varies.mean);
    deviation.push_back(varies.deviation);
    coefficient.push_back(varies.coefficient);
    entropy.push_back(found[series].spectral_entropy);
    share.push_back(found[series].forecastability);
    skill.push_back(found[series].naive_skill);
  }
  auto output = std::make_shared<Output>(rows.size());
  for (const KeyColumn& key : panel.series_keys()) key.add_to(*output, rows);
  output->add("points", std::move(points));
  add_reals(*output, "mean", mean);
  add_reals(*output, "deviation", deviation);
  add_reals(*output, "variation", coefficient);
  add_reals(*output, "spectral_entropy", entropy);
  add_reals(*output, "forecastability", share);
  add_reals(*output, "naive_skill", skill);
  return output;
}

Shared forecastability_of(const Input& table, const PanelNames& names, const std::string& value, bool detrend,
                          int lag, int threads) {
  PanelNames single = names;
  single.if_twice = "Leave one of them out; name the columns that tell series apart with series=.";
  return unlocked(threads, [&](const Execution& execution) -> Shared {
    const Panel panel(table, single, execution);
    const std::vector<Numbers> given{to_numbers(table.at(value), execution.poll)};
    check_numbers(table, {value}, given, Missing::refuse, execution);
    const Numbers values = panel.arranged(given[0], execution);
    refuse_gaps(panel, values);
    return series_columns(
        panel, values,
        forecastability(values, panel.begin(), {.detrend = detrend, .lag = lag, .execution = execution}));
  });
}

/// How long a price is paid ahead, in whole months; shorter ones promise nothing.
std::int32_t months_of(IntervalUnit unit, std::int64_t count) noexcept {
  const int months = unit == IntervalUnit::month       ? 1
                     : unit == IntervalUnit::quarter   ? 3
                     : unit == IntervalUnit::half_year ? 6
                     : unit == IntervalUnit::year      ? 12
                                                       : 0;
  return static_cast<std::int32_t>(std::min<std::int64_t>(months * count, 1200));
}

/// Of each row of the table the book was made from.
std::vector<std::int32_t> terms_of(const Input& table, const std::optional<std::string>& unit_column,
                                   const std::optional<std::string>& count_column, const std::string& unit,
                                   std::int64_t count) {
  const auto rows = static_cast<std::size_t>(table.rows());
  std::vector<IntervalUnit> units(rows, parse_interval_unit(unit));
  std::vector<std::int64_t> counts(rows, count);
  if (unit_column) units = to_intervals(table.at(*unit_column), {});
  if (count_column) {
    std::size_t row = 0;
    for (const Column<std::int64_t>& run : to_whole_numbers(table.at(*count_column), {}).runs)
      for (const std::int64_t value : run.values) counts[row++] = value;
  }
  std::vector<std::int32_t> terms(rows);
  for (std::size_t row = 0; row < rows; ++row) terms[row] = months_of(units[row], counts[row]);
  return terms;
}

Shared commitment_columns(const Commitments& found, bool decimal, int exponent) {
  const MoneyFormat format{decimal, exponent};
  Output output(found.cells.size());
  Texts labels;
  std::vector<RunRateSum> mrr, contracted, due, rolling;
  std::vector<Ratio> contracted_share, due_share;
  for (std::size_t i = 0; i < found.cells.size(); ++i) {
    const Commitment& cell = found.cells[i];
    labels.push_back(found.segments[i]);
    mrr.push_back(cell.total());
    contracted.push_back(cell.contracted);
    due.push_back(cell.due);
    rolling.push_back(cell.rolling);
    contracted_share.push_back(cell.contracted_share());
    due_share.push_back(cell.due_share());
  }
  if (!found.by.empty()) output.add(found.by, std::move(labels));
  output.add_money("mrr", mrr, format);
  output.add_money("contracted", contracted, format);
  output.add_money("due", due, format);
  output.add_money("rolling", rolling, format);
  output.add("contracted_share", contracted_share);
  output.add("due_share", due_share);
  return std::make_shared<Output>(std::move(output));
}

Shared due_columns(const Commitments& found, bool decimal, int exponent) {
  Output output(found.cells.size() * found.periods.size());
  Texts labels;
  std::vector<Day> periods;
  std::vector<RunRateSum> due;
  std::vector<Ratio> share;
  for (std::size_t k = 0; k < found.periods.size(); ++k)
    for (std::size_t i = 0; i < found.cells.size(); ++i) {
      periods.push_back(found.periods.begin(k));
      labels.push_back(found.segments[i]);
      due.push_back(found.cells[i].due_in[k]);
      share.push_back({due.back().annual, found.cells[i].total().annual});
    }
  output.add("period", std::move(periods));
  if (!found.by.empty()) output.add(found.by, std::move(labels));
  output.add_money("due", due, {decimal, exponent});
  output.add("due_share", share);
  return std::make_shared<Output>(std::move(output));
}

Real real_of(const std::optional<double>& value, const std::string& reason) {
  if (value) return *value;
  return reason == name_of(Undefined::empty_base) ? Undefined::empty_base : Undefined::not_estimated;
}

Shared index_columns(const Predictability& found) {
  Texts names;
  std::vector<double> weights;
  std::vector<Real> value, score, used, points;
  for (std::size_t i = 0; i < predictability_parts; ++i) {
    const Predictability::Part& part = found.parts[i];
    names.push_back(name_of(static_cast<PredictabilityPart>(i)));
    weights.push_back(part.weight);
    value.push_back(part.value);
    score.push_back(part.score);
    used.push_back(part.used);
    points.push_back(part.points);
  }
  Output output(predictability_parts);
  output.add("part", std::move(names));
  add_reals(output, "value", value);
  add_reals(output, "score", score);
  output.add("weight", std::move(weights));
  add_reals(output, "used", used);
  add_reals(output, "points", points);
  return std::make_shared<Output>(std::move(output));
}

void bind_commitments(py::module_& module) {
  py::class_<Commitments>(module, "Commitments",
                          "Run rate by how long it is promised; tenure.forecast.Commitments is its face.")
      .def(py::init([](const LoadedBook& book, const std::string& at, const std::string& unit,
                       int fiscal_start, std::string by, int term, const Input* table,
                       const std::optional<std::string>& unit_column,
                       const std::optional<std::string>& count_column, const std::string& interval,
                       std::int64_t count, int periods) {
             const py::gil_scoped_release released;
             std::vector<std::int32_t> terms;
             if (table != nullptr) terms = terms_of(*table, unit_column, count_column, interval, count);
             const int week_start = static_cast<int>(book.policy().reporting.week_start);
             const Calendar calendar{parse_period_unit(unit), fiscal_start, week_start};
             const CommitmentOptions options{
                 .by = std::move(by), .term_months = term, .terms = terms, .periods = periods};
             return std::make_unique<Commitments>(commitments(book, parse_day(at, "at"), calendar, options));
           }),
           py::arg("book"), py::kw_only(), py::arg("at"), py::arg("period"), py::arg("fiscal_start"),
           py::arg("by"), py::arg("term"), py::arg("table"), py::arg("interval_column"),
           py::arg("interval_count_column"), py::arg("interval"), py::arg("interval_count"),
           py::arg("periods"))
      .def("columns", &commitment_columns, py::kw_only(), py::arg("decimal"), py::arg("exponent"))
      .def("due", &due_columns, py::kw_only(), py::arg("decimal"), py::arg("exponent"))
      .def_readonly("at", &Commitments::at)
      .def_readonly("until", &Commitments::until);
}

}  // namespace

void bind_predictability(py::module_& module) {
  bind_commitments(module);
  module.def("forecastability", &forecastability_of, py::arg("table"), py::arg("panel"), py::kw_only(),
             py::arg("value"), py::arg("detrend"), py::arg("lag"), py::arg("threads"));
  py::class_<Predictability>(module, "Predictability",
                             "The index and its parts; tenure.forecast.Predictability is its face.")
      .def(py::init([](std::optional<double> contracted, const std::string& contracted_reason,
                       std::optional<double> recurring, const std::string& recurring_reason,
                       const std::vector<double>& net_new, const std::vector<double>& levels,
                       const std::vector<double>& weights, bool detrend, int lag) {
             PredictabilityWeights chosen;
             std::ranges::copy(std::span(weights).first(predictability_parts), chosen.of.begin());
             return predictability({.contracted = real_of(contracted, contracted_reason),
                                    .recurring = real_of(recurring, recurring_reason),
                                    .net_new = net_new,
                                    .levels = levels},
                                   chosen, {.detrend = detrend, .lag = lag});
           }),
           py::kw_only(), py::arg("contracted"), py::arg("contracted_reason"), py::arg("recurring"),
           py::arg("recurring_reason"), py::arg("net_new"), py::arg("levels"), py::arg("weights"),
           py::arg("detrend"), py::arg("lag"))
      .def("columns", &index_columns)
      .def_property_readonly("index", [](const Predictability& self) { return self.index.value(); })
      .def_property_readonly(
          "reason", [](const Predictability& self) { return std::string(name_of(self.index.reason())); })
      .def_static("usual_weights", [] {
        std::vector<std::pair<std::string, double>> usual;
        const PredictabilityWeights weights;
        for (std::size_t i = 0; i < predictability_parts; ++i)
          usual.emplace_back(name_of(static_cast<PredictabilityPart>(i)), weights.of[i]);
        return usual;
      });
}

}  // namespace tenure::python
