#include <algorithm>

#include "support/bridge_lines.hpp"
#include "support/frame_columns.hpp"
#include "tenure/book.hpp"

namespace tenure::python {

namespace {

std::vector<RunRateSum> amounts_of(const std::vector<Flow>& flows) {
  std::vector<RunRateSum> amounts;
  amounts.reserve(flows.size());
  for (const Flow& flow : flows) amounts.push_back(flow.amount);
  return amounts;
}

/// What a snapshot shows, rounded as its policy says.
std::vector<RunRateSum> amounts_of(const Snapshot& snapshot) {
  std::vector<RunRateSum> amounts;
  for (std::size_t segment = 0; segment < snapshot.flows.size(); ++segment)
    amounts.push_back(snapshot.amount(segment));
  return amounts;
}

std::vector<std::int64_t> customers_of(const std::vector<Flow>& flows) {
  std::vector<std::int64_t> customers;
  customers.reserve(flows.size());
  for (const Flow& flow : flows) customers.push_back(flow.customers);
  return customers;
}

Output waterfall_columns(const Waterfall& bridge, ShownLines shown, Day known_until, MoneyFormat format) {
  Output output = framed(bridge.frame);
  const BridgeAmounts amounts(bridge, format);
  for (const Line line : shown.all())
    amounts.add(output, std::string(name_of(line)), [&](std::size_t row) { return amounts.at(line, row); });
  for (const Line line : shown.all())
    if (line != Line::fx)  // rates move no customer
      output.add(std::string(name_of(line)) + "_customers",
                 customers_of(bridge.exact[static_cast<std::size_t>(line)]));
  add_complete(output, bridge.frame, known_until);
  return output;
}

/// opening + gains - losses == closing in every row, for money and for customers.
bool closes(const Waterfall& bridge) {
  bool closed = true;
  for_rows(bridge.frame, 0, [&](std::size_t period, std::size_t segment) {
    Flow sum;
    for (const auto& [name, line] : line_names) {
      const Flow& flow = bridge.at(line, period, segment);
      sum.amount.annual += flow.amount.annual * sign_of(line);
      if (moves_customers(line)) sum.customers += flow.customers * sign_of(line);
    }
    closed = closed && sum == bridge.at(Line::closing, period, segment);
  });
  return closed;
}

Output growth_columns(const Waterfall& bridge, std::size_t skipped, bool include_reactivation,
                      MoneyFormat format) {
  const Growth all = growth(bridge, {.include_reactivation = include_reactivation});
  const auto rows_skipped = static_cast<std::ptrdiff_t>(skipped * bridge.frame.segments.size());
  const auto tail = [&]<class T>(const std::vector<T>& values) {
    return std::vector<T>(values.begin() + rows_skipped, values.end());
  };
  const auto closing = tail(bridge.exact[static_cast<std::size_t>(Line::closing)]);
  Output output = framed(bridge.frame, skipped);
  output.add_money("mrr", amounts_of(closing), format);
  output.add_money("arr", amounts_of(closing), format, {}, 12);
  output.add_money("net_new_arr", tail(all.net_new), format, {}, 12);
  output.add("mom", tail(all.mom));
  output.add("qoq", tail(all.qoq));
  output.add("yoy", tail(all.yoy));
  return output;
}

/// What needs no periods before the first one asked for; compound growth starts there.
void add_growth_within(Output& output, const Waterfall& bridge, bool include_reactivation) {
  const Growth within = growth(bridge, {.include_reactivation = include_reactivation});
  std::vector<Undefined> reasons;
  std::vector<bool> started(bridge.frame.segments.size(), false);
  for_rows(bridge.frame, 0, [&](std::size_t period, std::size_t segment) {
    const bool defined = within.cmgr[bridge.frame.row(period, segment)].has_value();
    started[segment] = started[segment] || bridge.at(Line::closing, period, segment).amount.annual > 0;
    reasons.push_back(defined            ? Undefined::no
                      : started[segment] ? Undefined::before_history
                                         : Undefined::empty_base);
  });
  output.add("cmgr", within.cmgr, std::move(reasons));
  output.add("quick_ratio", within.quick_ratio);
  output.add("arpa", within.arpa);
  output.add("customers", customers_of(bridge.exact[static_cast<std::size_t>(Line::closing)]));
  output.add("gross_churn", within.gross_churn);
  output.add("net_churn", within.net_churn);
  output.add("logo_churn", within.logo_churn);
}

Output net_retention_columns(const NetRetention& retention, Day known_until) {
  Output output = framed(retention.frame);
  std::vector<Ratio> nrr, grr, logos;
  for (const Retention& window : retention.windows) {
    nrr.push_back(window.nrr());
    grr.push_back(window.grr());
    logos.push_back(window.logo_retention());
  }
  output.add("nrr", nrr);
  output.add("grr", grr);
  output.add("logo_retention", logos);
  add_complete(output, retention.frame, known_until);
  return output;
}

/// gross - discount == mrr in every row, also where they are rounded.
void add_discounts(Output& output, const Snapshot& snapshot, MoneyFormat format) {
  const std::vector<RunRateSum> net = amounts_of(snapshot);
  std::vector<RunRateSum> taken_off;
  for (std::size_t segment = 0; segment < net.size(); ++segment)
    taken_off.push_back(snapshot.discount(segment));
  std::vector<RunRateSum> gross = taken_off;
  for (std::size_t segment = 0; segment < gross.size(); ++segment) gross[segment] += net[segment];
  if (format.decimal) {
    Decimals rounded = to_decimals(net, format.exponent);
    const Decimals discount = to_decimals(taken_off, format.exponent);
    for (std::size_t segment = 0; segment < gross.size(); ++segment)
      rounded.values[segment] += discount.values[segment];
    output.add("gross_mrr", std::move(rounded));
  } else {
    output.add_money("gross_mrr", gross, format);
  }
  output.add_money("discount_mrr", taken_off, format);
}

Output snapshot_columns(const Snapshot& snapshot, bool discounts, MoneyFormat format) {
  Output output(snapshot.segments.size());
  if (!snapshot.by.empty()) {
    Texts labels;
    for (const std::string& segment : snapshot.segments) labels.push_back(segment);
    output.add(snapshot.by, std::move(labels));
  }
  std::vector<Ratio> arpa;
  for (std::size_t segment = 0; segment < snapshot.flows.size(); ++segment)
    arpa.push_back(snapshot.arpa(segment));
  output.add_money("mrr", amounts_of(snapshot), format);
  output.add_money("arr", amounts_of(snapshot), format, {}, 12);
  output.add("customers", customers_of(snapshot.flows));
  output.add("arpa", arpa);
  if (discounts) add_discounts(output, snapshot, format);
  return output;
}

Output new_products_columns(const NewProducts& products, MoneyFormat format) {
  Output output(products.periods.size());
  std::vector<Day> begins;
  std::vector<Ratio> shares;
  for (std::size_t period = 0; period < products.periods.size(); ++period) {
    begins.push_back(products.periods.begin(period));
    shares.push_back(products.share(period));
  }
  output.add("period", std::move(begins));
  output.add_money("new_arr", products.new_arr, format, {}, 12);
  output.add_money("new_product_arr", products.young_arr, format, {}, 12);
  output.add("share", shares);
  return output;
}

Output concentration_columns(const Concentration& concentration, MoneyFormat format) {
  Output output(concentration.top.size());
  std::vector<Ratio> shares;
  for (std::size_t i = 0; i < concentration.top.size(); ++i) shares.push_back(concentration.share(i));
  output.add("top", concentration.top);
  output.add_money("amount", concentration.amounts, format);
  output.add("share", shares);
  return output;
}

using Shared = std::shared_ptr<Output>;

Shared shared(Output output) { return std::make_shared<Output>(std::move(output)); }

}  // namespace

void bind_revenue(py::module_& module) {
  py::class_<Waterfall>(module, "Waterfall", "A computed bridge; tenure.Waterfall is its face.")
      .def(
          "columns",
          [](const Waterfall& bridge, bool pauses, bool transfers, bool fx, Day known_until, bool decimal,
             int exponent) {
            return shared(
                waterfall_columns(bridge, {pauses, transfers, fx}, known_until, {decimal, exponent}));
          },
          py::kw_only(), py::arg("pauses"), py::arg("transfers"), py::arg("fx"), py::arg("known_until"),
          py::arg("decimal"), py::arg("exponent"))
      .def("closes", &closes, "Whether every row adds up, in money and in customers.")
      .def_property_readonly(
          "bounds", [](const Waterfall& bridge) { return bridge.frame.periods.bounds(); },
          "First day of each period, and the day after the last.");
  module.def(
      "growth",
      [](const Waterfall& longer, const Waterfall& bridge, bool include_reactivation, Day known_until,
         bool decimal, int exponent) {
        const std::size_t skipped = longer.frame.periods.size() - bridge.frame.periods.size();
        Output output = growth_columns(longer, skipped, include_reactivation, {decimal, exponent});
        add_growth_within(output, bridge, include_reactivation);
        add_complete(output, bridge.frame, known_until);
        return shared(std::move(output));
      },
      py::arg("longer"), py::arg("bridge"), py::kw_only(), py::arg("include_reactivation"),
      py::arg("known_until"), py::arg("decimal"), py::arg("exponent"),
      "Growth of a bridge; `longer` is the same with the periods that its rates compare with in front.");
  py::class_<NetRetention>(module, "NetRetention", "Computed retention; tenure.NetRetention is its face.")
      .def(
          "columns",
          [](const NetRetention& retention, Day known_until) {
            return shared(net_retention_columns(retention, known_until));
          },
          py::kw_only(), py::arg("known_until"))
      .def_property_readonly("bounds",
                             [](const NetRetention& retention) { return retention.frame.periods.bounds(); });
  py::class_<Snapshot>(module, "Snapshot", "Run rate on one day.")
      .def(
          "columns",
          [](const Snapshot& snapshot, bool discounts, bool decimal, int exponent) {
            return shared(snapshot_columns(snapshot, discounts, {decimal, exponent}));
          },
          py::kw_only(), py::arg("discounts"), py::arg("decimal"), py::arg("exponent"));
  py::class_<NewProducts>(module, "NewProducts", "New revenue of young products.")
      .def(
          "columns",
          [](const NewProducts& products, bool decimal, int exponent) {
            return shared(new_products_columns(products, {decimal, exponent}));
          },
          py::kw_only(), py::arg("decimal"), py::arg("exponent"));
  py::class_<Concentration>(module, "Concentration", "Shares of the largest customers.")
      .def(
          "columns",
          [](const Concentration& shares, bool decimal, int exponent) {
            return shared(concentration_columns(shares, {decimal, exponent}));
          },
          py::kw_only(), py::arg("decimal"), py::arg("exponent"))
      .def_property_readonly("herfindahl", &Concentration::herfindahl);
}

}  // namespace tenure::python
