#include <map>

#include "support/economics.hpp"
#include "support/load.hpp"
#include "support/signals.hpp"
#include "support/windows.hpp"
#include "tenure/economics/ltv.hpp"
#include "tenure/economics/payback.hpp"

/// What customers are worth, and the formulas for plain numbers.
namespace tenure::python {

namespace {

using Shared = std::shared_ptr<Output>;
using Window = std::tuple<std::string, std::string, std::string, int>;
using Intervals = std::optional<std::tuple<int, std::uint64_t, double>>;  ///< replicates, seed, confidence

/// A figure and why there is none.
using Figure = std::pair<std::optional<double>, std::string>;

Figure figure(const Real& value) { return {value.value(), std::string(name_of(value.reason()))}; }

Real given(const std::optional<double>& value) { return value ? Real(*value) : Real(Undefined::empty_base); }

ZeroChurn parse_zero_churn(const std::string& name) {
  static constexpr std::array<Named<ZeroChurn>, 3> known{
      {{"null", ZeroChurn::undefined}, {"zero", ZeroChurn::zero}, {"floor", ZeroChurn::floor}}};
  return parse_named<ZeroChurn>(known, name, "zero_churn", "E_ZERO_CHURN");
}

Timing parse_timing(const std::string& name) {
  static constexpr std::array<Named<Timing>, 2> known{{{"begin", Timing::begin}, {"end", Timing::end}}};
  return parse_named<Timing>(known, name, "timing", "E_TIMING");
}

std::optional<BootstrapOptions> bootstrap_of(const Intervals& asked, SignalCheck& signals) {
  if (!asked) return std::nullopt;
  const auto& [replicates, seed, confidence] = *asked;
  return BootstrapOptions{.replicates = replicates,
                          .seed = seed,
                          .confidence = confidence,
                          .execution = {.poll = [&signals] { signals(); }}};
}

Periods periods_of(const Book& book, const Window& window) {
  const auto& [first, last, unit, fiscal_start] = window;
  return to_periods(book, first, last, unit, fiscal_start);
}

void add_estimate(Output& output, const std::string& name, const std::vector<SegmentValue>& values,
                  Estimate SegmentValue::* member, bool intervals) {
  add_figure(output, name, values, [&](const SegmentValue& at) { return (at.*member).value; });
  if (!intervals) return;
  add_figure(output, name + "_lower", values, [&](const SegmentValue& at) { return (at.*member).lower; });
  add_figure(output, name + "_upper", values, [&](const SegmentValue& at) { return (at.*member).upper; });
}

/// CAC by label of a segment; "" for the total.
using Costs = std::optional<std::map<std::string, std::optional<double>>>;

Real cost_of(const std::map<std::string, std::optional<double>>& costs, const std::string& label) {
  const auto found = costs.find(label);
  return found == costs.end() || !found->second ? Real(Undefined::no_spend) : Real(*found->second);
}

void add_costs(Output& output, const std::vector<SegmentValue>& values,
               const std::map<std::string, std::optional<double>>& costs, bool intervals) {
  const auto put = [&](const char* name, Real Estimate::* bound) {
    add_figure(output, name, values,
               [&](const SegmentValue& at) { return ltv_to_cac(at.ltv.*bound, cost_of(costs, at.segment)); });
  };
  add_figure(output, "cac", values, [&](const SegmentValue& at) { return cost_of(costs, at.segment); });
  put("ltv_to_cac", &Estimate::value);
  if (!intervals) return;
  put("ltv_to_cac_lower", &Estimate::lower);
  put("ltv_to_cac_upper", &Estimate::upper);
}

/// What is said of a segment of which no period is over.
SegmentValue unobserved(const std::string& segment) {
  constexpr Real unknown = Undefined::not_yet_observed;
  constexpr Estimate none{unknown, unknown, unknown};
  return {.segment = segment, .customers = 0, .arpa = none, .churn = none, .lifetime = none, .ltv = none};
}

Shared segment_columns(const LoadedBook& book, const Window& window, const std::string& by,
                       const LtvTerms& terms, const std::string& measure, const Intervals& asked,
                       const Costs& costs, Day known_until) {
  SignalCheck signals;
  const py::gil_scoped_release unlocked;
  const auto bootstrap = bootstrap_of(asked, signals);
  const Periods periods = periods_of(book, window);
  const std::size_t complete = complete_periods(periods, known_until);
  const CustomerTotals totals =
      book.customer_totals(complete == 0 ? periods : first_of(periods, complete), by);
  std::vector<SegmentValue> values = segment_values(totals, parse_churn_measure(measure), terms, bootstrap);
  if (complete == 0)
    for (SegmentValue& value : values) value = unobserved(value.segment);
  Output output(values.size());
  Texts labels;
  std::vector<std::int64_t> customers;
  for (const SegmentValue& value : values) {
    labels.push_back(value.segment);
    customers.push_back(value.customers);
  }
  if (!by.empty()) output.add(by, std::move(labels));
  output.add("periods", std::vector<std::int64_t>(values.size(), static_cast<std::int64_t>(complete)));
  output.add("customers", std::move(customers));
  add_estimate(output, "arpa", values, &SegmentValue::arpa, asked.has_value());
  add_estimate(output, "churn", values, &SegmentValue::churn, asked.has_value());
  add_estimate(output, "lifetime", values, &SegmentValue::lifetime, asked.has_value());
  add_estimate(output, "ltv", values, &SegmentValue::ltv, asked.has_value());
  if (costs) add_costs(output, values, *costs, asked.has_value());
  return std::make_shared<Output>(std::move(output));
}

/// The mean of the churn of each segment over the periods before, by row.
std::vector<Real> trailing_by_row(const std::vector<Real>& rates, std::size_t segments, int periods,
                                  bool with_current) {
  std::vector<Real> means = rates;
  for (std::size_t segment = 0; segment < segments; ++segment) {
    std::vector<Real> own;
    for (std::size_t row = segment; row < rates.size(); row += segments) own.push_back(rates[row]);
    const std::vector<Real> mean = trailing_churn(own, periods, with_current);
    for (std::size_t period = 0; period < mean.size(); ++period)
      means[period * segments + segment] = mean[period];
  }
  return means;
}

/// Longer spans of history were hardly meant.
constexpr int most_trailing = 1000;

/// Row by period; without `trailing` each period's own churn. The policy counts churn of the total, the
/// bridge that of segments.
Shared period_columns(const LoadedBook& book, const Window& window, const std::string& by,
                      const LtvTerms& terms, const std::string& measure, std::optional<int> trailing,
                      bool with_current, Day known_until) {
  const py::gil_scoped_release unlocked;
  const Periods asked = periods_of(book, window);
  const auto before = static_cast<std::size_t>(std::clamp(trailing.value_or(0), 0, most_trailing));
  const Periods longer(asked.calendar(), asked.calendar().advance(asked.begin(), -static_cast<int>(before)),
                       asked.end() - 1);
  const ChurnMeasure by_what = parse_churn_measure(measure);
  const Waterfall bridge = book.waterfall(longer, {.by = by});
  std::vector<Real> churn =
      by.empty() ? churn_by_period(book.churn(longer), by_what) : churn_by_row(bridge, by_what);
  const std::size_t segments = bridge.frame.segments.size();
  if (trailing) churn = trailing_by_row(churn, segments, *trailing, with_current);
  std::vector<PeriodValue> values = period_values(bridge, churn, terms);
  const auto skipped = static_cast<std::ptrdiff_t>(before * segments);
  values.erase(values.begin(), values.begin() + skipped);
  churn.erase(churn.begin(), churn.begin() + skipped);
  // The closing of a period that is not over has not been seen, nor who leaves until then.
  const std::size_t complete = complete_periods(longer, known_until),
                    over = complete - std::min(complete, before);
  for (std::size_t row = over * segments; row < values.size(); ++row) {
    churn[row] = Undefined::not_yet_observed;
    values[row] = {churn[row], churn[row], churn[row]};
  }

  Output output = framed(bridge.frame, before);
  std::vector<std::int64_t> customers;
  std::vector<Undefined> unseen;
  for_rows(bridge.frame, before, [&](std::size_t period, std::size_t segment) {
    const bool seen = period < complete;
    customers.push_back(seen ? bridge.at(Line::closing, period, segment).customers : 0);
    unseen.push_back(seen ? Undefined::no : Undefined::not_yet_observed);
  });
  output.add("customers", std::move(customers), std::move(unseen));
  add_figure(output, "arpa", values, [](const PeriodValue& value) { return value.arpa; });
  add_reals(output, "churn", churn);
  add_figure(output, "lifetime", values, [](const PeriodValue& value) { return value.lifetime; });
  add_figure(output, "ltv", values, [](const PeriodValue& value) { return value.ltv; });
  add_complete(output, bridge.frame, known_until, before);
  return std::make_shared<Output>(std::move(output));
}

/// Value per customer by age, each segment by itself.
Shared observed_columns(const Triangle& cohorts, const LtvTerms& terms, double cost_to_serve,
                        Day known_until) {
  Texts labels;
  std::vector<std::int64_t> ages;
  std::vector<ObservedValue> all;
  for (std::size_t segment = 0; segment < cohorts.frame.segments.size(); ++segment) {
    const std::vector<ObservedValue> values =
        observed_ltv(cohorts, segment, terms, cost_to_serve, known_until);
    for (std::size_t age = 0; age < values.size(); ++age) {
      labels.push_back(cohorts.frame.segments[segment]);
      ages.push_back(static_cast<std::int64_t>(age) + 1);
    }
    all.insert(all.end(), values.begin(), values.end());
  }
  Output output(all.size());
  if (!cohorts.frame.by.empty()) output.add(cohorts.frame.by, std::move(labels));
  output.add("periods", std::move(ages));
  std::vector<std::int64_t> customers;
  for (const ObservedValue& value : all) customers.push_back(value.customers);
  output.add("customers", std::move(customers));
  add_figure(output, "ltv", all, [](const ObservedValue& value) { return value.per_customer; });
  return std::make_shared<Output>(std::move(output));
}

void bind_terms(py::module_& module) {
  py::class_<LtvTerms>(module, "LtvTerms", "How a customer's value is summed up.")
      .def(py::init([](double margin, double discount, std::optional<int> horizon, const std::string& timing,
                       const std::string& zero_churn, double floor) {
             LtvTerms terms{.margin = margin,
                            .discount = discount,
                            .horizon = horizon,
                            .timing = parse_timing(timing),
                            .zero_churn = parse_zero_churn(zero_churn),
                            .floor = floor};
             terms.check();
             return terms;
           }),
           py::kw_only(), py::arg("margin"), py::arg("discount"), py::arg("horizon"), py::arg("timing"),
           py::arg("zero_churn"), py::arg("floor"));
}

void bind_values(py::module_& module) {
  module.def("segment_values", &segment_columns, py::arg("book"), py::arg("window"), py::arg("by"),
             py::kw_only(), py::arg("terms"), py::arg("churn"), py::arg("intervals"), py::arg("costs"),
             py::arg("known_until"));
  module.def("period_values", &period_columns, py::arg("book"), py::arg("window"), py::arg("by"),
             py::kw_only(), py::arg("terms"), py::arg("churn"), py::arg("trailing"), py::arg("with_current"),
             py::arg("known_until"));
  module.def("observed_ltv", &observed_columns, py::arg("cohorts"), py::kw_only(), py::arg("terms"),
             py::arg("cost_to_serve"), py::arg("known_until"));
  module.def(
      "ltv",
      [](double revenue, std::optional<double> churn, const LtvTerms& terms) {
        return figure(ltv(revenue, given(churn), terms));
      },
      py::arg("revenue"), py::arg("churn"), py::kw_only(), py::arg("terms"));
  module.def(
      "ltv_of_survival",
      [](double revenue, const std::vector<double>& survival, const LtvTerms& terms) {
        return figure(ltv_of_survival(revenue, survival, terms));
      },
      py::arg("revenue"), py::arg("survival"), py::kw_only(), py::arg("terms"));
  module.def(
      "mean_value",
      [](const std::vector<double>& values, const Intervals& asked) {
        SignalCheck signals;
        const py::gil_scoped_release unlocked;
        std::vector<std::uint64_t> keys(values.size());
        for (std::size_t i = 0; i < keys.size(); ++i) keys[i] = i;
        const Estimate mean = mean_value(keys, values, bootstrap_of(asked, signals));
        return std::tuple(figure(mean.value), figure(mean.lower), figure(mean.upper));
      },
      py::arg("values"), py::kw_only(), py::arg("intervals"), "Mean, lower and upper bound.");
  module.def("lifetime", [](double churn) { return figure(lifetime(churn)); }, py::arg("churn"));
  module.def(
      "ltv_to_cac",
      [](std::optional<double> ltv, std::optional<double> cac) {
        return figure(ltv_to_cac(given(ltv), given(cac)));
      },
      py::arg("ltv"), py::arg("cac"));
}

void bind_formulas(py::module_& module) {
  module.def(
      "payback_months",
      [](double cost, double revenue, double margin, double churn, double processing, double support) {
        return figure(payback_months(cost, {.revenue = revenue,
                                            .margin = margin,
                                            .churn = churn,
                                            .processing = processing,
                                            .support = support}));
      },
      py::arg("cost"), py::arg("revenue"), py::kw_only(), py::arg("margin"), py::arg("churn"),
      py::arg("processing"), py::arg("support"));
  module.def(
      "cac_ratio",
      [](double now, double before, double spend) { return figure(cac_ratio(now, before, spend)); },
      py::arg("margin_now"), py::arg("margin_before"), py::arg("spend_before"));
  module.def(
      "payback_years", [](double ratio) { return figure(payback_years(ratio)); }, py::arg("cac_ratio"));
  module.def(
      "magic_number",
      [](double net_new_arr, double spend) { return figure(magic_number(net_new_arr, spend)); },
      py::arg("net_new_arr"), py::arg("spend"));
  module.def(
      "burn_multiple",
      [](double burn, double net_new_arr) { return figure(burn_multiple(burn, net_new_arr)); },
      py::arg("burn"), py::arg("net_new_arr"));
  module.def(
      "sales_efficiency",
      [](double new_arr, double spend) { return figure(sales_efficiency(new_arr, spend)); },
      py::arg("new_arr"), py::arg("spend"));
  module.def(
      "rule_of_40",
      [](double growth, double profit_margin) { return figure(rule_of_40(growth, profit_margin)); },
      py::arg("growth"), py::arg("profit_margin"));
  module.def(
      "spend_share", [](double spend, double new_arr) { return figure(spend_share(spend, new_arr)); },
      py::arg("spend"), py::arg("new_arr"));
  module.def(
      "crossing",
      [](const std::vector<double>& margins, double cost, bool whole, bool over) {
        return figure(crossing(margins, cost, whole ? Crossing::whole : Crossing::interpolated,
                               over ? Undefined::not_reached : Undefined::not_yet_observed));
      },
      py::arg("margins"), py::arg("cost"), py::kw_only(), py::arg("whole"), py::arg("over"));
}

}  // namespace

void bind_worth(py::module_& module) {
  bind_terms(module);
  bind_values(module);
  bind_formulas(module);
}

}  // namespace tenure::python
