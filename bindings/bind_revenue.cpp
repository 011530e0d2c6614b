#include <algorithm>

#include "support/frame_columns.hpp"
#include "tenure/book.hpp"

namespace tenure::python {

namespace {

constexpr Line total_lines[] = {Line::opening, Line::new_,         Line::expansion, Line::contraction,
                                Line::churn,   Line::reactivation, Line::closing};
constexpr Line segment_lines[] = {Line::opening,     Line::new_,         Line::expansion,
                                  Line::contraction, Line::churn,        Line::reactivation,
                                  Line::transfer_in, Line::transfer_out, Line::closing};

std::span<const Line> lines_of(const Frame& frame) {
  if (frame.by.empty()) return total_lines;
  return segment_lines;
}

std::vector<RunRateSum> amounts_of(const std::vector<Flow>& flows) {
  std::vector<RunRateSum> amounts;
  amounts.reserve(flows.size());
  for (const Flow& flow : flows) amounts.push_back(flow.amount);
  return amounts;
}

std::vector<std::int64_t> customers_of(const std::vector<Flow>& flows) {
  std::vector<std::int64_t> customers;
  customers.reserve(flows.size());
  for (const Flow& flow : flows) customers.push_back(flow.customers);
  return customers;
}

Output waterfall_columns(const Waterfall& bridge, MoneyFormat format) {
  Output output = framed(bridge.frame);
  // Decimals are rounded together, so that the printed row still closes.
  std::array<std::vector<int128>, line_count> rounded;
  if (format.decimal) rounded = bridge.rounded(format.exponent);
  for (const Line line : lines_of(bridge.frame)) {
    const auto at = static_cast<std::size_t>(line);
    if (format.decimal)
      output.add(std::string(name_of(line)), Decimals{std::move(rounded[at]), format.exponent});
    else
      output.add_money(std::string(name_of(line)), amounts_of(bridge.exact[at]), format);
  }
  for (const Line line : lines_of(bridge.frame))
    output.add(std::string(name_of(line)) + "_customers",
               customers_of(bridge.exact[static_cast<std::size_t>(line)]));
  return output;
}

/// opening + gains - losses == closing in every row, for money and for customers (expansion and contraction
/// move none).
bool closes(const Waterfall& bridge) {
  bool closed = true;
  for_rows(bridge.frame, 0, [&](std::size_t period, std::size_t segment) {
    Flow sum;
    for (const auto& [name, line] : line_names) {
      const Flow& flow = bridge.at(line, period, segment);
      sum.amount.annual += flow.amount.annual * sign_of(line);
      if (line != Line::expansion && line != Line::contraction)
        sum.customers += flow.customers * sign_of(line);
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

Output net_retention_columns(const NetRetention& retention) {
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
  return output;
}

Output snapshot_columns(const Snapshot& snapshot, MoneyFormat format) {
  Output output(snapshot.segments.size());
  if (!snapshot.by.empty()) {
    Texts labels;
    for (const std::string& segment : snapshot.segments) labels.push_back(segment);
    output.add(snapshot.by, std::move(labels));
  }
  std::vector<Ratio> arpa;
  for (const Flow& flow : snapshot.flows)
    arpa.push_back({flow.amount.annual, int128{12} * micros * flow.customers});
  output.add_money("mrr", amounts_of(snapshot.flows), format);
  output.add_money("arr", amounts_of(snapshot.flows), format, {}, 12);
  output.add("customers", customers_of(snapshot.flows));
  output.add("arpa", arpa);
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
          [](const Waterfall& bridge, bool decimal, int exponent) {
            return shared(waterfall_columns(bridge, {decimal, exponent}));
          },
          py::kw_only(), py::arg("decimal"), py::arg("exponent"))
      .def("closes", &closes, "Whether every row adds up, in money and in customers.")
      .def_property_readonly(
          "bounds", [](const Waterfall& bridge) { return bridge.frame.periods.bounds(); },
          "First day of each period, and the day after the last.");
  module.def(
      "growth",
      [](const Waterfall& longer, const Waterfall& bridge, bool include_reactivation, bool decimal,
         int exponent) {
        const std::size_t skipped = longer.frame.periods.size() - bridge.frame.periods.size();
        Output output = growth_columns(longer, skipped, include_reactivation, {decimal, exponent});
        add_growth_within(output, bridge, include_reactivation);
        return shared(std::move(output));
      },
      py::arg("longer"), py::arg("bridge"), py::kw_only(), py::arg("include_reactivation"),
      py::arg("decimal"), py::arg("exponent"),
      "Growth of a bridge; `longer` is the same with the periods that its rates compare with in front.");
  py::class_<NetRetention>(module, "NetRetention", "Computed retention; tenure.NetRetention is its face.")
      .def("columns", [](const NetRetention& retention) { return shared(net_retention_columns(retention)); })
      .def_property_readonly("bounds",
                             [](const NetRetention& retention) { return retention.frame.periods.bounds(); });
  py::class_<Snapshot>(module, "Snapshot", "Run rate on one day.")
      .def(
          "columns",
          [](const Snapshot& snapshot, bool decimal, int exponent) {
            return shared(snapshot_columns(snapshot, {decimal, exponent}));
          },
          py::kw_only(), py::arg("decimal"), py::arg("exponent"));
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
