#include <map>

#include "support/bridge_lines.hpp"
#include "support/frame_columns.hpp"
#include "support/load.hpp"

/// What changed in the past between two days of knowledge.
namespace tenure::python {

namespace {

Output period_columns(const Restatement& restated, ShownLines shown, Day known_until, MoneyFormat format) {
  Output output = framed(restated.after.frame);
  const BridgeAmounts before(restated.before, format), after(restated.after, format);
  const auto change = [&](Line line) {
    return [&, line](std::size_t row) { return after.at(line, row) - before.at(line, row); };
  };
  after.add(output, "before", [&](std::size_t row) { return before.at(Line::closing, row); });
  after.add(output, "after", [&](std::size_t row) { return after.at(Line::closing, row); });
  after.add(output, "change", change(Line::closing));
  for (const Line line : shown.all())
    if (line != Line::opening && line != Line::closing)
      after.add(output, std::string(name_of(line)) + "_change", change(line));
  add_complete(output, restated.after.frame, known_until);
  return output;
}

/// after - before, also where both are rounded.
void add_change(Output& output, const std::vector<RunRateSum>& before, const std::vector<RunRateSum>& after,
                MoneyFormat format) {
  output.add_money("before", before, format);
  output.add_money("after", after, format);
  std::vector<RunRateSum> change;
  for (std::size_t row = 0; row < before.size(); ++row) change.push_back(after[row] - before[row]);
  if (!format.decimal) return output.add_money("change", change, format);
  Decimals rounded = to_decimals(after, format.exponent);
  const Decimals earlier = to_decimals(before, format.exponent);
  for (std::size_t row = 0; row < before.size(); ++row) rounded.values[row] -= earlier.values[row];
  output.add("change", std::move(rounded));
}

Output customer_columns(const Restatement& restated, MoneyFormat format) {
  std::map<std::int64_t, Restated> reasons;
  for (const RestatedRow& row : restated.rows) reasons.emplace(row.row, row.reason);
  std::vector<Day> periods;
  std::vector<Id> ids;
  std::vector<RunRateSum> before, after;
  std::array<std::vector<std::int64_t>, 3> counts;  // by Restated
  for (const RestatedCustomer& customer : restated.customers) {
    periods.push_back(restated.after.frame.periods.begin(customer.period));
    ids.push_back(customer.customer);
    before.push_back(customer.before);
    after.push_back(customer.after);
    for (auto& count : counts) count.push_back(0);
    for (const std::int64_t row : customer.rows) ++counts[static_cast<std::size_t>(reasons.at(row))].back();
  }
  Output output(periods.size());
  output.add("period", std::move(periods));
  add_ids(output, "customer", ids);
  add_change(output, before, after, format);
  for (const Restated reason : {Restated::late, Restated::corrected, Restated::deleted})
    output.add(std::string(name_of(reason)), std::move(counts[static_cast<std::size_t>(reason)]));
  return output;
}

Output row_columns(const Restatement& restated, MoneyFormat format) {
  Output output(restated.rows.size());
  std::vector<std::int64_t> numbers, others;
  std::vector<Id> customers;
  Texts reasons;
  Flags known_before;
  std::vector<Day> starts, ends;
  std::vector<RunRateSum> rates;
  std::vector<Undefined> alone, open;
  for (const RestatedRow& row : restated.rows) {
    numbers.push_back(row.row);
    customers.push_back(row.customer);
    reasons.push_back(name_of(row.reason));
    known_before.push_back(row.known_before);
    others.push_back(row.other.value_or(0));
    alone.push_back(row.other ? Undefined::no : Undefined::empty_base);
    starts.push_back(row.start);
    ends.push_back(row.end == open_end ? 0 : row.end);
    open.push_back(row.end == open_end ? Undefined::not_yet_observed : Undefined::no);
    rates.emplace_back(row.rate);
  }
  output.add("row", std::move(numbers));
  add_ids(output, "customer", customers);
  output.add("reason", std::move(reasons));
  output.add("known_before", std::move(known_before));
  output.add("other_row", std::move(others), std::move(alone));
  output.add("start", std::move(starts));
  output.add("end", std::move(ends), std::move(open));
  output.add_money("mrr", rates, format);
  return output;
}

using Shared = std::shared_ptr<Output>;
using Span = std::tuple<std::string, std::string, std::string, int>;

}  // namespace

void bind_restatement(py::module_& module) {
  py::class_<Restatement>(module, "Restatement", "What changed; tenure.Restatement is its face.")
      .def(
          "columns",
          [](const Restatement& restated, bool pauses, bool transfers, bool fx, Day known_until, bool decimal,
             int exponent) -> Shared {
            return std::make_shared<Output>(
                period_columns(restated, {pauses, transfers, fx}, known_until, {decimal, exponent}));
          },
          py::kw_only(), py::arg("pauses"), py::arg("transfers"), py::arg("fx"), py::arg("known_until"),
          py::arg("decimal"), py::arg("exponent"))
      .def(
          "customers",
          [](const Restatement& restated, bool decimal, int exponent) -> Shared {
            return std::make_shared<Output>(customer_columns(restated, {decimal, exponent}));
          },
          py::kw_only(), py::arg("decimal"), py::arg("exponent"))
      .def(
          "rows",
          [](const Restatement& restated, bool decimal, int exponent) -> Shared {
            return std::make_shared<Output>(row_columns(restated, {decimal, exponent}));
          },
          py::kw_only(), py::arg("decimal"), py::arg("exponent"));
  module.def(
      "restatement",
      [](const LoadedBook& book, const std::string& from, const std::string& to, const Span& span) {
        const auto& [first, last, unit, fiscal_start] = span;
        const int week_start = static_cast<int>(book.policy().reporting.week_start);
        return book.restatement(parse_day(from, "known_at_a"), parse_day(to, "known_at_b"),
                                periods({parse_period_unit(unit), fiscal_start, week_start}, first, last));
      },
      py::arg("book"), py::arg("known_at_a"), py::arg("known_at_b"), py::arg("span"),
      py::call_guard<py::gil_scoped_release>(), "What changed in the periods between two days of knowledge.");
}

}  // namespace tenure::python
