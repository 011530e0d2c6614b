#include "support/frame_columns.hpp"
#include "support/signals.hpp"
#include "support/windows.hpp"
#include "tenure/cohort/triangle.hpp"

namespace tenure::python {

namespace {

/// The triangle of the periods, from the first on, that are over on the last day that the data speak of, or
/// have at least begun; nothing without any.
std::optional<Triangle> until(const Triangle& triangle, Day known_until, bool complete) {
  const Periods& periods = triangle.frame.periods;
  std::size_t count = 0;
  while (count < periods.size() && (complete ? periods.end(count) - 1 : periods.begin(count)) <= known_until)
    ++count;
  if (count == 0) return std::nullopt;
  if (count == periods.size()) return triangle;
  Triangle shorter = triangle;
  shorter.frame.periods = first_of(periods, count);
  shorter.cells.assign(count * count * triangle.frame.segments.size(), Flow{});
  for (std::size_t segment = 0; segment < triangle.frame.segments.size(); ++segment)
    for (std::size_t cohort = 0; cohort < count; ++cohort)
      for (std::size_t age = 0; cohort + age < count; ++age)
        shorter.cells[shorter.index(cohort, age, segment)] = triangle.at(cohort, age, segment);
  return shorter;
}

/// Every pair of cohort and age; null from the first period on that nobody has seen: `seen` periods were.
std::shared_ptr<Output> triangle_columns(const Triangle& triangle, std::size_t seen, MoneyFormat format) {
  const Frame& frame = triangle.frame;
  const std::size_t size = triangle.size(), segments = frame.segments.size();
  Output output(size * size * segments);
  std::vector<Day> cohorts;
  std::vector<std::int64_t> ages;
  std::vector<RunRateSum> amounts;
  std::vector<Ratio> revenue_retention, customer_retention;
  std::vector<Undefined> reasons;
  std::vector<std::int64_t> counts;
  Texts labels;
  const py::gil_scoped_release unlocked;
  SignalCheck signals;
  for (std::size_t segment = 0; segment < segments; ++segment)
    for (std::size_t cohort = 0; cohort < size; ++cohort) {
      signals();
      for (std::size_t age = 0; age < size; ++age) {
        const bool observed = triangle.observed(cohort, age) && cohort + age < seen;
        const Flow cell = observed ? triangle.at(cohort, age, segment) : Flow{};
        cohorts.push_back(frame.periods.begin(cohort));
        ages.push_back(static_cast<std::int64_t>(age));
        labels.push_back(frame.segments[segment]);
        amounts.push_back(cell.amount);
        counts.push_back(cell.customers);
        reasons.push_back(observed ? Undefined::no : Undefined::not_yet_observed);
        const Ratio unknown{0, 0, Undefined::not_yet_observed};
        revenue_retention.push_back(observed ? triangle.revenue_retention(cohort, age, segment) : unknown);
        customer_retention.push_back(observed ? triangle.customer_retention(cohort, age, segment) : unknown);
      }
    }
  output.add("cohort", std::move(cohorts));
  if (!frame.by.empty()) output.add(frame.by, std::move(labels));
  output.add("age", std::move(ages));
  output.add_money("amount", amounts, format, reasons);
  output.add("customers", std::move(counts), std::move(reasons));
  output.add("revenue_retention", revenue_retention);
  output.add("customer_retention", customer_retention);
  return std::make_shared<Output>(std::move(output));
}

/// One row an age: all cohorts observed at it, weighted by what they started with.
std::shared_ptr<Output> average_columns(const Triangle& triangle, std::size_t segment) {
  Output output(triangle.size());
  std::vector<std::int64_t> ages;
  std::vector<Ratio> revenue, customers;
  for (std::size_t age = 0; age < triangle.size(); ++age) {
    ages.push_back(static_cast<std::int64_t>(age));
    revenue.push_back(triangle.average_revenue_retention(age, segment));
    customers.push_back(triangle.average_customer_retention(age, segment));
  }
  output.add("age", std::move(ages));
  output.add("revenue_retention", revenue);
  output.add("customer_retention", customers);
  return std::make_shared<Output>(std::move(output));
}

}  // namespace

void bind_cohort(py::module_& module) {
  py::class_<Triangle>(module, "Triangle", "A computed cohort triangle; tenure.Cohorts is its face.")
      .def(
          "columns",
          [](const Triangle& triangle, std::size_t seen, bool decimal, int exponent) {
            return triangle_columns(triangle, seen, {decimal, exponent});
          },
          py::kw_only(), py::arg("seen"), py::arg("decimal"), py::arg("exponent"))
      .def("until", &until, py::arg("known_until"), py::kw_only(), py::arg("complete"),
           "The periods that the data speak of, or those of them that are over; None without any.")
      .def("average", &average_columns, py::arg("segment"), "Weighted average of all cohorts, by age.")
      .def_property_readonly("segments", [](const Triangle& triangle) { return triangle.frame.segments; })
      .def_property_readonly("bounds",
                             [](const Triangle& triangle) { return triangle.frame.periods.bounds(); });
}

}  // namespace tenure::python
