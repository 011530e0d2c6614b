#include <algorithm>
#include <cmath>
#include <numeric>

#include "support/compared.hpp"
#include "support/unlocked.hpp"
#include "tenure/forecast/value_added.hpp"

/// What each step of making a forecast adds.
namespace tenure::python {

namespace {

using Shared = std::shared_ptr<Output>;

class StepTable {
 public:
  StepTable(const Input& table, const PanelNames& panel, const std::string& actual,
            std::vector<std::string> steps, StepMeasure measure, std::string grain, int threads)
      : measure_(measure) {
    unlocked(threads, [&](const Execution& execution) {
      compared_ = std::make_unique<Compared>(table, panel, actual, std::move(steps), execution);
      refuse_late_forecasts(compared_->panel, grain);
      const auto spans = compared_->spans();
      found_ = value_added({.actual = compared_->actual,
                            .steps = {spans.begin(), spans.end()},
                            .group = compared_->segment,
                            .groups = compared_->segments()},
                           measure_, execution);
    });
  }

  Shared total() const {
    auto output = std::make_shared<Output>(found_.steps);
    Texts names;
    for (const std::string& name : compared_->names) names.push_back(name);
    output->add("step", std::move(names));
    std::int64_t points = 0;
    for (const std::int64_t of_group : found_.points) points += of_group;
    output->add("points", std::vector<std::int64_t>(found_.steps, points));
    add_steps(*output, found_.total);
    return output;
  }
  Shared by_segment() const {
    auto output = std::make_shared<Output>(found_.cells.size());
    std::vector<std::uint32_t> rows;
    Texts names;
    std::vector<std::int64_t> points;
    for (std::size_t group = 0; group < found_.groups; ++group)
      for (const std::string& name : compared_->names) {
        rows.push_back(compared_->segment_rows[group]);
        names.push_back(name);
        points.push_back(found_.points[group]);
      }
    for (const KeyColumn& key : compared_->segment_keys()) key.add_to(*output, rows);
    output->add("step", std::move(names));
    output->add("points", std::move(points));
    add_steps(*output, found_.cells);
    add(*output, "share", found_.cells, &ForecastStep::share);
    add(*output, "added_share", found_.cells, &ForecastStep::added_share);
    return output;
  }
  /// The points that a step gained or lost most at.
  Shared explain(std::size_t step, std::size_t most) const {
    const py::gil_scoped_release released;
    const auto spans = compared_->spans();
    const PointGains gains = point_gains(compared_->actual, spans[step - 1], spans[step], measure_);
    std::vector<std::uint32_t> order(gains.gain.size());
    std::iota(order.begin(), order.end(), 0U);
    const auto before = [&](std::uint32_t a, std::uint32_t b) {
      const double x = std::abs(gains.gain[a]), y = std::abs(gains.gain[b]);
      return x > y || (x == y && a < b);
    };
    const std::size_t size = std::min(most, order.size());
    std::ranges::partial_sort(order, order.begin() + static_cast<std::ptrdiff_t>(size), before);
    order.resize(size);
    const Panel& panel = compared_->panel;
    std::vector<std::uint32_t> rows;
    std::vector<double> actual, from, to, gain;
    for (const std::uint32_t place : order) {
      rows.push_back(panel.row_of(place));
      actual.push_back(compared_->actual.values[place]);
      from.push_back(spans[step - 1][place]);
      to.push_back(spans[step][place]);
      gain.push_back(gains.gain[place]);
    }
    auto output = std::make_shared<Output>(size);
    for (const KeyColumn& key : compared_->segment_keys()) key.add_to(*output, rows);
    for (const KeyColumn& key : panel.series_keys()) key.add_to(*output, rows);
    for (const TimeColumn* times : {&panel.cutoff(), &panel.period()})
      if (times->present()) add_times(*output, *times, rows);
    output->add("actual", std::move(actual));
    output->add("before", std::move(from));
    output->add("after", std::move(to));
    output->add("gain", OutputColumn::Data(std::move(gain)), std::vector<Undefined>(size, gains.reason));
    return output;
  }

 private:
  static void add(Output& output, const char* name, const std::vector<ForecastStep>& steps,
                  Real ForecastStep::* member) {
    std::vector<Real> values;
    for (const ForecastStep& step : steps) values.push_back(step.*member);
    add_reals(output, name, values);
  }
  static void add_steps(Output& output, const std::vector<ForecastStep>& steps) {
    add(output, "error", steps, &ForecastStep::error);
    add(output, "added", steps, &ForecastStep::added);
    add(output, "relative", steps, &ForecastStep::relative);
    add(output, "added_total", steps, &ForecastStep::added_total);
    add(output, "improved", steps, &ForecastStep::improved);
    add(output, "worsened", steps, &ForecastStep::worsened);
  }

  StepMeasure measure_;
  std::unique_ptr<Compared> compared_;
  ValueAdded found_;
};

}  // namespace

void bind_value_added(py::module_& module) {
  py::class_<StepTable>(module, "StepTable",
                        "What steps of a forecast add; tenure.forecast.ValueAdded is its face.")
      .def(py::init([](const Input& table, const PanelNames& panel, const std::string& actual,
                       std::vector<std::string> steps, const std::string& measure, std::string grain,
                       int threads) {
             return std::make_unique<StepTable>(table, panel, actual, std::move(steps),
                                                parse_step_measure(measure), std::move(grain), threads);
           }),
           py::arg("table"), py::arg("panel"), py::kw_only(), py::arg("actual"), py::arg("steps"),
           py::arg("measure"), py::arg("grain"), py::arg("threads"))
      .def("total", &StepTable::total)
      .def("by_segment", &StepTable::by_segment)
      .def("explain", &StepTable::explain, py::kw_only(), py::arg("step"), py::arg("most"));
}

}  // namespace tenure::python
