#include "support/cohort_table.hpp"
#include "support/signals.hpp"
#include "tenure/cohort/chain_ladder.hpp"

/// Completed triangles.
namespace tenure::python {

namespace {

std::shared_ptr<Output> shared(Output output) { return std::make_shared<Output>(std::move(output)); }

struct Completed {
  CohortTable table;
  std::vector<ChainLadder> ladders;  ///< by segment

  std::shared_ptr<Output> columns() const;
  std::shared_ptr<Output> factors() const;
  std::shared_ptr<Output> totals(bool together) const;
};

std::shared_ptr<Output> Completed::columns() const {
  std::vector<std::size_t> cohorts;
  std::vector<std::int64_t> ages;
  std::vector<Real> value, error, lower, upper;
  Flags projected;
  for (std::size_t segment = 0; segment < ladders.size(); ++segment)
    for (std::size_t i = 0; i < ladders[segment].cells.size(); ++i)
      for (std::size_t age = 0; age < ladders[segment].cells[i].size(); ++age) {
        const CompletedCell& cell = ladders[segment].cells[i][age];
        cohorts.push_back(table.begin[segment] + i);
        ages.push_back(static_cast<std::int64_t>(age));
        value.push_back(cell.value);
        error.push_back(cell.std_error);
        lower.push_back(cell.lower);
        upper.push_back(cell.upper);
        projected.push_back(cell.projected);
      }
  Output output(ages.size());
  table.add_keys(output, cohorts);
  output.add("age", std::move(ages));
  add_reals(output, "value", value);
  add_reals(output, "std_error", error);
  add_reals(output, "lower", lower);
  add_reals(output, "upper", upper);
  output.add("projected", std::move(projected));
  return shared(std::move(output));
}

std::shared_ptr<Output> Completed::factors() const {
  std::vector<std::size_t> segments;
  std::vector<std::int64_t> ages, cohorts;
  std::vector<Real> factor, error, sigma;
  Flags extrapolated;
  for (std::size_t segment = 0; segment < ladders.size(); ++segment)
    for (const DevelopmentFactor& step : ladders[segment].factors) {
      ages.push_back(&step - ladders[segment].factors.data());
      segments.push_back(segment);
      cohorts.push_back(step.cohorts);
      factor.push_back(step.factor);
      error.push_back(step.std_error);
      sigma.push_back(step.sigma);
      extrapolated.push_back(step.extrapolated);
    }
  Output output(ages.size());
  add_groups(output, table.segments, segments);
  output.add("age", std::move(ages));
  add_reals(output, "factor", factor);
  add_reals(output, "std_error", error);
  add_reals(output, "sigma", sigma);
  output.add("cohorts", std::move(cohorts));
  output.add("extrapolated", std::move(extrapolated));
  return shared(std::move(output));
}

std::shared_ptr<Output> Completed::totals(bool together) const {
  std::vector<std::size_t> rows;  // cohorts, or segments
  std::vector<std::int64_t> observed;
  std::vector<Real> latest, total, outstanding, error, lower, upper;
  const auto push_back = [&](std::size_t row, const CohortTotal& sum) {
    rows.push_back(row);
    observed.push_back(static_cast<std::int64_t>(sum.observed));
    latest.push_back(sum.latest);
    total.push_back(sum.total);
    outstanding.push_back(sum.outstanding);
    error.push_back(sum.std_error);
    lower.push_back(sum.lower);
    upper.push_back(sum.upper);
  };
  for (std::size_t segment = 0; segment < ladders.size(); ++segment) {
    if (together) push_back(segment, ladders[segment].all);
    for (std::size_t i = 0; !together && i < ladders[segment].totals.size(); ++i)
      push_back(table.begin[segment] + i, ladders[segment].totals[i]);
  }
  Output output(rows.size());
  together ? add_groups(output, table.segments, rows) : table.add_keys(output, rows);
  if (!together) output.add("observed", std::move(observed));
  add_reals(output, "latest", latest);
  add_reals(output, "total", total);
  add_reals(output, "outstanding", outstanding);
  add_reals(output, "std_error", error);
  add_reals(output, "lower", lower);
  add_reals(output, "upper", upper);
  return shared(std::move(output));
}

std::shared_ptr<Completed> complete(const Input& input, const CohortColumns& columns, bool accumulate,
                                    double confidence) {
  SignalCheck signals;
  const py::gil_scoped_release unlocked;
  auto completed = std::make_shared<Completed>();
  completed->table = read_cohorts(input, columns, [&signals] { signals(); });
  for (const CohortRuns& runs : completed->table.runs) {
    signals();
    completed->ladders.push_back(chain_ladder(runs, {.accumulate = accumulate, .confidence = confidence}));
  }
  return completed;
}

}  // namespace

void bind_chain_ladder(py::module_& module) {
  py::class_<Completed, std::shared_ptr<Completed>>(
      module, "ChainLadder", "Completed triangles; tenure.cohort.chain_ladder makes one.")
      .def(py::init([](const Input& table, std::string cohort, std::string age, std::string value,
                       std::vector<std::string> by, bool accumulate, double confidence) {
             return complete(table, {std::move(cohort), std::move(age), std::move(value), std::move(by)},
                             accumulate, confidence);
           }),
           py::arg("table"), py::kw_only(), py::arg("cohort"), py::arg("age"), py::arg("value"),
           py::arg("by"), py::arg("accumulate"), py::arg("confidence"))
      .def("columns", &Completed::columns)
      .def("factors", &Completed::factors)
      .def("totals", &Completed::totals, py::arg("together"), "By cohort, or of all cohorts together.");
}

}  // namespace tenure::python
