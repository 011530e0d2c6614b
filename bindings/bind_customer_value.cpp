#include <cmath>

#include "support/numbers.hpp"
#include "support/signals.hpp"
#include "support/spend_models.hpp"
#include "tenure/economics/customer_value.hpp"

/// What customers are worth from now on.
namespace tenure::python {

namespace {

DiscountAt parse_discount_at(const std::string& name) {
  if (name == "end") return DiscountAt::end;
  if (name == "middle") return DiscountAt::middle;
  if (name == "beginning") return DiscountAt::beginning;
  throw_option({.code = "E_ENUM",
                .what = "discount_at='" + printable(name) + "' is not known",
                .value = printable(name),
                .remedy = "Known: end, middle, beginning."});
}

std::vector<Real> reals_of(const Output& output, const std::string& name) {
  const OutputColumn& column = output.at(name);
  const auto& values = std::get<std::vector<double>>(column.data);
  std::vector<Real> found(values.begin(), values.end());
  for (std::size_t i = 0; i < column.reasons.size(); ++i)
    if (column.reasons[i] != Undefined::no) found[i] = column.reasons[i];
  return found;
}

using Expected = std::function<py::array_t<double>(double)>;

std::shared_ptr<Output> value_columns(const Expected& expected, const std::vector<Real>& spend,
                                      const CustomerValueOptions& options) {
  const ExpectedPurchases purchases = [&](double t) {
    const py::array_t<double, py::array::c_style | py::array::forcecast> values = expected(t);
    return std::vector<double>(values.data(), values.data() + values.size());
  };
  const std::vector<double> discounted = discounted_purchases(purchases, options);
  Output output(discounted.size());
  output.add("purchases", discounted);
  add_reals(output, "spend", spend);
  add_reals(output, "value", value_of_purchases(discounted, spend, options.margin));
  return std::make_shared<Output>(std::move(output));
}

}  // namespace

void bind_customer_value(py::module_& module) {
  module.def(
      "spend_column",
      [](const Input& table, const std::string& name) {
        SignalCheck signals;
        const Numbers numbers = to_numbers(table.at(name), [&signals] { signals(); });
        std::vector<Real> spend;
        for (const double value : numbers.values)
          spend.push_back(std::isnan(value) ? Real(Undefined::empty_base) : Real(value));
        auto output = std::make_shared<Output>(spend.size());
        add_reals(*output, "spend", spend);
        return output;
      },
      py::arg("table"), py::arg("name"), "A column of numbers, null where it has none.");
  module.def(
      "customer_value",
      [](const Expected& expected, const Output& spend, const std::string& column, int periods,
         double period_length, double discount_rate, double margin, const std::string& discount_at) {
        return value_columns(expected, reals_of(spend, column),
                             {periods, period_length, discount_rate, margin, parse_discount_at(discount_at)});
      },
      py::arg("expected"), py::arg("spend"), py::kw_only(), py::arg("column"), py::arg("periods"),
      py::arg("period_length"), py::arg("discount_rate"), py::arg("margin"), py::arg("discount_at"),
      "Discounted purchases and their value; `expected` gives purchases until a time, for each customer.");
}

}  // namespace tenure::python
