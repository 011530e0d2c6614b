#include "support/economics.hpp"
#include "support/load.hpp"
#include "support/signals.hpp"
#include "support/spend.hpp"
#include "tenure/economics/customer_totals.hpp"
#include "tenure/economics/payback.hpp"
#include "tenure/revenue/growth.hpp"

/// Spend, and what it is held against: CAC, payback of cohorts, efficiency. bind_worth.cpp has what customers
/// are worth.
namespace tenure::python {

namespace {

using Shared = std::shared_ptr<Output>;
using Unlocked = py::call_guard<py::gil_scoped_release>;

Shared shared(Output output) { return std::make_shared<Output>(std::move(output)); }

Output& add_cac(Output& output, const std::vector<Cac::Cell>& cells, MoneyFormat format) {
  std::vector<std::int64_t> customers;
  std::vector<RunRateSum> won;
  for (const Cac::Cell& cell : cells) {
    customers.push_back(cell.won.customers);
    won.push_back(cell.won.amount);
  }
  add_spend(output, cells, format);
  output.add("new_customers", std::move(customers));
  output.add_money("new_mrr", won, format);
  add_figure(output, "cac", cells, [](const Cac::Cell& cell) { return cell.per_customer(); });
  add_figure(output, "cac_per_new_mrr", cells, [](const Cac::Cell& cell) { return cell.per_new_mrr(); });
  return output;
}

Shared cac_columns(const Cac& cac, Day known_until, bool decimal, int exponent) {
  Output output = framed(cac.frame);
  add_complete(add_cac(output, cac.cells, {decimal, exponent}), cac.frame, known_until);
  return shared(std::move(output));
}

Shared cac_totals(const Cac& cac, bool decimal, int exponent) {
  Output output = by_segment(cac.frame);
  add_cac(output, cac.totals, {decimal, exponent}).add("periods", cac.known);
  return shared(std::move(output));
}

/// Who is new in the periods whose spend is known, by segment of the result. `by` is the segment of the book
/// that the cost was matched with, `channels` those that count.
std::vector<Win> wins(const Cac& cac, const Book& book, const std::string& by,
                      const std::vector<std::string>& channels) {
  const Frame& frame = cac.frame;
  const auto in_book =
      by.empty() ? std::vector<std::string>{} : book.waterfall(frame.periods, {.by = by}).frame.segments;
  const bool split = !frame.by.empty();
  std::vector<Win> found;
  const auto add = [&](std::size_t period, std::size_t segment, const WaterfallOptions& cut,
                       const std::string& label) {
    for (const ExplainedMovement& movement : book.explain(frame.periods, period, Line::new_, cut, label))
      found.push_back({random_key(movement.customer), segment, movement.amount});
  };
  for (std::size_t period = 0; period < frame.periods.size(); ++period) {
    if (!cac.at(period).spend.known()) continue;
    if (!split && channels.empty()) {
      add(period, 0, {}, "");
      continue;
    }
    const std::vector<std::string>& labels = split ? frame.segments : channels;
    for (std::size_t i = 0; i < labels.size(); ++i)
      if (std::ranges::find(in_book, labels[i]) != in_book.end())
        add(period, split ? i : 0, {.by = by}, labels[i]);
  }
  return found;
}

Shared cac_estimates(const Cac& cac, const LoadedBook& book, const std::string& by,
                     const std::vector<std::string>& channels, int replicates, std::uint64_t seed,
                     double confidence) {
  const std::vector<CacEstimate> found = estimates(
      cac, wins(cac, book, by, channels), {.replicates = replicates, .seed = seed, .confidence = confidence});
  Output output = by_segment(cac.frame);
  const auto add = [&](const std::string& name, Estimate CacEstimate::* member) {
    const auto part = [&](const std::string& column, Real Estimate::* of) {
      add_figure(output, column, found, [&](const CacEstimate& estimate) { return (estimate.*member).*of; });
    };
    part(name, &Estimate::value);
    part(name + "_lower", &Estimate::lower);
    part(name + "_upper", &Estimate::upper);
  };
  add("cac", &CacEstimate::per_customer);
  add("cac_per_new_mrr", &CacEstimate::per_new_mrr);
  return shared(std::move(output));
}

Shared payback_columns(const CohortPayback& payback) {
  const Frame& frame = payback.frame;
  Output output(frame.rows());
  std::vector<Day> cohorts;
  Texts labels;
  std::vector<std::int64_t> customers, observed;
  std::vector<Undefined> unseen;
  std::vector<double> margins;
  for_rows(frame, 0, [&](std::size_t cohort, std::size_t segment) {
    const CohortPayback::Row& row = payback.rows[frame.row(cohort, segment)];
    cohorts.push_back(frame.periods.begin(cohort));
    labels.push_back(frame.segments[segment]);
    customers.push_back(row.customers);
    unseen.push_back(cohort < payback.complete ? Undefined::no : Undefined::not_yet_observed);
    observed.push_back(row.observed);
    margins.push_back(row.margin);
  });
  output.add("cohort", std::move(cohorts));
  if (!frame.by.empty()) output.add(frame.by, std::move(labels));
  output.add("customers", std::move(customers), unseen);
  add_figure(output, "spend", payback.rows, [](const CohortPayback::Row& row) { return row.cost; });
  std::vector<Real> costs;
  for (std::size_t row = 0; row < unseen.size(); ++row)
    costs.push_back(unseen[row] != Undefined::no
                        ? Real(unseen[row])
                        : divide(payback.rows[row].cost, static_cast<double>(payback.rows[row].customers),
                                 Undefined::no_gain));
  add_reals(output, "cac", costs);
  output.add("periods", std::move(observed));
  output.add("margin", OutputColumn::Data(std::move(margins)));
  add_figure(output, "paid_back", payback.rows, [](const CohortPayback::Row& row) { return row.share; });
  add_figure(output, "months", payback.rows, [](const CohortPayback::Row& row) { return row.months; });
  add_figure(output, "formula_months", payback.rows,
             [](const CohortPayback::Row& row) { return row.formula; });
  return shared(std::move(output));
}

/// Cumulative margin by age against the spend: what a payback curve shows.
Shared payback_curve(const CohortPayback& payback) {
  const Frame& frame = payback.frame;
  std::vector<Day> cohorts;
  Texts labels;
  std::vector<std::int64_t> ages;
  std::vector<double> margins;
  std::vector<Real> shares;
  for_rows(frame, 0, [&](std::size_t cohort, std::size_t segment) {
    const std::size_t at = frame.row(cohort, segment);
    for (std::size_t age = 0; age < payback.cumulative[at].size(); ++age) {
      cohorts.push_back(frame.periods.begin(cohort));
      labels.push_back(frame.segments[segment]);
      ages.push_back(static_cast<std::int64_t>(age) + 1);
      margins.push_back(payback.cumulative[at][age]);
      shares.push_back(divide(margins.back(), payback.rows[at].cost, Undefined::no_spend));
    }
  });
  Output output(cohorts.size());
  output.add("cohort", std::move(cohorts));
  if (!frame.by.empty()) output.add(frame.by, std::move(labels));
  output.add("periods", std::move(ages));
  output.add("margin", OutputColumn::Data(std::move(margins)));
  add_reals(output, "paid_back", shares);
  return shared(std::move(output));
}

/// What the caller knows of each period beside the book; empty: nothing.
using Given = std::vector<std::optional<double>>;

Real given_at(const Given& values, std::size_t row) {
  return values.at(row) ? Real(*values[row]) : Real(Undefined::not_yet_observed);
}

/// Growth of ARR over a year; `longer` has the periods before the first in front.
std::vector<Real> yearly_growth(const Waterfall& longer, std::size_t rows) {
  const std::vector<Ratio> all = growth(longer).yoy;
  return {all.end() - static_cast<std::ptrdiff_t>(rows), all.end()};
}

Shared efficiency_columns(const Efficiency& result, const Given& burn, const Given& profit_margin,
                          const Waterfall& longer, double margin, Day known_until, bool totals) {
  const std::vector<Efficiency::Cell>& cells = totals ? result.totals : result.cells;
  Output output = totals ? by_segment(result.frame) : framed(result.frame);
  std::vector<double> gross, net;
  for (const Efficiency::Cell& cell : cells) {
    gross.push_back(cell.new_arr.arr());
    net.push_back(cell.net_new_arr.arr());
  }
  add_figure(output, "spend", cells, [](const Efficiency::Cell& cell) {
    return cell.spend.known() ? Real(quotient(cell.spend.amount, micros)) : Real(cell.spend.reason);
  });
  output.add("new_arr", OutputColumn::Data(gross));
  output.add("net_new_arr", OutputColumn::Data(net));
  using Cell = Efficiency::Cell;
  add_figure(output, "magic_number", cells, [](const Cell& cell) { return cell.magic_number(); });
  add_figure(output, "cac_ratio", cells, [&](const Cell& cell) { return cell.cac_ratio(margin); });
  add_figure(output, "payback_years", cells,
             [&](const Cell& cell) { return payback_years(cell.cac_ratio(margin)); });
  add_figure(output, "sales_efficiency", cells, [](const Cell& cell) { return cell.sales_efficiency(); });
  add_figure(output, "spend_share", cells, [](const Cell& cell) { return cell.spend_share(); });
  if (!burn.empty()) {
    std::vector<Real> multiples;
    for (std::size_t row = 0; row < net.size(); ++row)
      multiples.push_back(burn_multiple(given_at(burn, row), net[row]));
    add_reals(output, "burn_multiple", multiples);
  }
  if (!profit_margin.empty()) {
    const std::vector<Real> growths = yearly_growth(longer, cells.size());
    std::vector<Real> sums;
    for (std::size_t row = 0; row < cells.size(); ++row)
      sums.push_back(rule_of_40(growths[row], given_at(profit_margin, row)));
    add_reals(output, "growth", growths);
    add_reals(output, "rule_of_40", sums);
  }
  if (!totals) add_complete(output, result.frame, known_until);
  return shared(std::move(output));
}

void bind_spend(py::module_& module) {
  py::class_<Spend, std::shared_ptr<Spend>>(module, "Spend", "Spend, checked and in one currency.")
      .def(py::init([](const Input& table, std::string date, std::string amount, ColumnName channel,
                       ColumnName kind, ColumnName paid, ColumnName currency_column, ColumnName currency,
                       ColumnName reporting, std::vector<std::string> kinds, bool credits,
                       const std::optional<std::shared_ptr<FxRates>>& rates) {
             const SpendRoles roles{std::move(date),        std::move(amount),
                                    std::move(channel),     std::move(kind),
                                    std::move(paid),        std::move(currency_column),
                                    std::move(currency),    std::move(reporting),
                                    std::move(kinds),       credits,
                                    rates.value_or(nullptr)};
             SignalCheck signals;
             const py::gil_scoped_release unlocked;
             return read_spend(table, roles, [&signals] { signals(); });
           }),
           py::arg("table"), py::kw_only(), py::arg("date"), py::arg("amount"), py::arg("channel"),
           py::arg("kind"), py::arg("paid"), py::arg("currency_column"), py::arg("currency"),
           py::arg("reporting"), py::arg("kinds"), py::arg("credits"), py::arg("rates"))
      .def_property_readonly("currency",
                             [](const Spend& self) { return std::string(self.currency().code()); })
      .def_property_readonly("channels", &Spend::channels)
      .def_property_readonly("paid_channels", &Spend::paid_channels);
}

void bind_cac(py::module_& module) {
  py::class_<Cac>(module, "Cac", "Computed cost of acquisition; tenure.economics.cac gives its face.")
      .def("columns", &cac_columns, py::kw_only(), py::arg("known_until"), py::arg("decimal"),
           py::arg("exponent"))
      .def("totals", &cac_totals, py::kw_only(), py::arg("decimal"), py::arg("exponent"))
      .def("estimates", &cac_estimates, py::arg("book"), py::arg("by"), py::arg("channels"), py::kw_only(),
           py::arg("replicates"), py::arg("seed"), py::arg("confidence"), Unlocked(),
           "The totals with intervals.")
      .def(
          "rows",
          [](const Cac& self, const Spend& spend, const std::string& day,
             const std::vector<std::string>& channels, bool decimal, int exponent) {
            const std::size_t period = self.frame.periods.index_of(parse_day_or_month(day, "period"));
            const auto [begin, end] = Spend::source(self.frame.periods, period, self.lag);
            return spend_rows(spend, begin, end, channels, {decimal, exponent});
          },
          py::arg("spend"), py::arg("day"), py::arg("channels"), py::kw_only(), py::arg("decimal"),
          py::arg("exponent"), "The rows of spend behind a period.")
      .def_property_readonly("segments", [](const Cac& self) { return self.frame.segments; })
      .def_property_readonly("bounds", [](const Cac& self) { return self.frame.periods.bounds(); });
  module.def(
      "segments_of", [](const Waterfall& bridge) { return bridge.frame.segments; }, py::arg("bridge"),
      "Labels of the segments that a bridge is cut by.");
  module.def(
      "cac",
      [](const Spend& spend, const Waterfall& bridge, int lag, std::vector<std::string> channels,
         bool split) {
        return cac(spend, bridge, {.lag = lag, .channels = std::move(channels), .split = split});
      },
      py::arg("spend"), py::arg("bridge"), py::kw_only(), py::arg("lag"), py::arg("channels"),
      py::arg("split"), Unlocked());
}

}  // namespace

void bind_economics(py::module_& module) {
  bind_spend(module);
  bind_cac(module);
  py::class_<CohortPayback>(module, "CohortPayback",
                            "Payback of cohorts; tenure.economics.payback gives its face.")
      .def("columns", &payback_columns)
      .def("curve", &payback_curve)
      .def_property_readonly("segments", [](const CohortPayback& self) { return self.frame.segments; });
  module.def(
      "cohort_payback",
      [](const Cac& cac, const Triangle& cohorts, double margin, double cost_to_serve, bool whole,
         Day known_until) {
        return payback(cac, cohorts,
                       {.margin = margin,
                        .cost_to_serve = cost_to_serve,
                        .crossing = whole ? Crossing::whole : Crossing::interpolated,
                        .known_until = known_until});
      },
      py::arg("cac"), py::arg("cohorts"), py::kw_only(), py::arg("margin"), py::arg("cost_to_serve"),
      py::arg("whole"), py::arg("known_until"), Unlocked());
  py::class_<Efficiency>(module, "Efficiency",
                         "Computed efficiency; tenure.economics.efficiency gives its face.")
      .def("columns", &efficiency_columns, py::kw_only(), py::arg("burn"), py::arg("profit_margin"),
           py::arg("longer"), py::arg("margin"), py::arg("known_until"), py::arg("totals"));
  module.def(
      "efficiency",
      [](const Spend& spend, const Waterfall& bridge, int lag, std::vector<std::string> channels,
         bool split) {
        return efficiency(spend, bridge, {.lag = lag, .channels = std::move(channels), .split = split});
      },
      py::arg("spend"), py::arg("bridge"), py::kw_only(), py::arg("lag"), py::arg("channels"),
      py::arg("split"), Unlocked());
  bind_worth(module);
}

}  // namespace tenure::python
