#include "support/arrow_write.hpp"
#include "tenure/revenue/churn.hpp"

namespace tenure::python {

namespace {

template <class T>
std::vector<T> each(const Churn& churn, T ChurnWindow::* member) {
  std::vector<T> values;
  for (const ChurnWindow& window : churn.windows) values.push_back(window.*member);
  return values;
}

void add_rate(Output& output, const char* name, const Churn& churn,
              std::optional<double> ChurnRates::* member) {
  std::vector<std::optional<double>> values;
  std::vector<Undefined> reasons;
  for (const ChurnRates& rates : churn.rates) {
    values.push_back(rates.*member);
    reasons.push_back(rates.*member ? Undefined::no : Undefined::empty_base);
  }
  output.add(name, std::move(values), std::move(reasons));
}

Output churn_columns(const Churn& churn, Day known_until, MoneyFormat format) {
  Output output(churn.windows.size());
  const std::vector<Day>& bounds = churn.periods.bounds();
  output.add("period", std::vector<Day>(bounds.begin(), bounds.end() - 1));
  output.add("window_start", each(churn, &ChurnWindow::begin));
  output.add("window_end", each(churn, &ChurnWindow::end));
  output.add("opening_customers", each(churn, &ChurnWindow::opening));
  output.add("joined_customers", each(churn, &ChurnWindow::joined));
  output.add("lost_customers", each(churn, &ChurnWindow::lost));
  output.add("lost_joiners", each(churn, &ChurnWindow::lost_joiners));
  output.add("returned_customers", each(churn, &ChurnWindow::returned));
  output.add("renewing_customers", each(churn, &ChurnWindow::up_for_renewal));
  add_rate(output, "customer_churn", churn, &ChurnRates::customer);
  output.add_money("opening_mrr", each(churn, &ChurnWindow::opening_mrr), format);
  output.add_money("joined_mrr", each(churn, &ChurnWindow::new_mrr), format);
  output.add_money("lost_joiners_mrr", each(churn, &ChurnWindow::churned_joiners), format);
  output.add_money("renewing_mrr", each(churn, &ChurnWindow::up_for_renewal_mrr), format);
  output.add_money("churned_mrr", each(churn, &ChurnWindow::churned), format);
  output.add_money("contraction_mrr", each(churn, &ChurnWindow::contraction), format);
  output.add_money("expansion_mrr", each(churn, &ChurnWindow::expansion), format);
  output.add_money("reactivation_mrr", each(churn, &ChurnWindow::reactivation), format);
  add_rate(output, "mrr_churn", churn, &ChurnRates::mrr);
  add_rate(output, "gross_mrr_churn", churn, &ChurnRates::gross_mrr);
  add_rate(output, "net_mrr_churn", churn, &ChurnRates::net_mrr);
  Flags complete;
  for (std::size_t period = 0; period < churn.periods.size(); ++period)
    complete.push_back(churn.periods.end(period) - 1 <= known_until);
  output.add("period_is_complete", std::move(complete));
  return output;
}

}  // namespace

void bind_churn(py::module_& module) {
  py::class_<Churn>(module, "Churn", "Computed churn; tenure.Churn is its face.")
      .def(
          "columns",
          [](const Churn& churn, Day known_until, bool decimal, int exponent) {
            return std::make_shared<Output>(churn_columns(churn, known_until, {decimal, exponent}));
          },
          py::kw_only(), py::arg("known_until"), py::arg("decimal"), py::arg("exponent"));
}

}  // namespace tenure::python
