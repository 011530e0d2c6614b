#include "support/frame_columns.hpp"
#include "support/load.hpp"
#include "support/numbers.hpp"
#include "support/signals.hpp"
#include "support/windows.hpp"

/// What each customer did: lives, totals over periods, and intervals from resampling customers.
namespace tenure::python {

namespace {

Stays parse_stays(const std::string& name) {
  if (name == "first") return Stays::first;
  if (name == "whole") return Stays::whole;
  if (name == "each") return Stays::each;
  throw_option({.code = "E_STAYS",
                .what = "stays='" + printable(name) + "' is not known",
                .value = printable(name),
                .remedy = "Known: first, whole, each."});
}

Texts texts_of(const std::vector<std::string>& labels) {
  Texts texts;
  for (const std::string& label : labels) texts.push_back(label);
  return texts;
}

std::shared_ptr<Output> life_columns(const Lifetimes& lives, const std::string& reason) {
  Output output(lives.size());
  std::vector<std::int64_t> durations;
  std::vector<Undefined> still_there, no_reason;
  for (std::size_t i = 0; i < lives.size(); ++i) {
    durations.push_back(lives.duration(i));
    still_there.push_back(lives.ended[i] != 0 ? Undefined::no : Undefined::not_yet_observed);
  }
  add_ids(output, "customer", lives.customer);
  output.add("start", std::vector<Day>(lives.start));
  output.add("end", std::vector<Day>(lives.end), still_there);
  output.add("entry", std::vector<std::int64_t>(lives.entry));
  output.add("duration", std::move(durations));
  output.add("event", std::vector<std::int64_t>(lives.ended.begin(), lives.ended.end()));
  if (!reason.empty()) output.add("reason", texts_of(lives.reasons), still_there);
  for (std::size_t column = 0; column < lives.by.size(); ++column)
    output.add(lives.by[column], texts_of(lives.segments[column]));
  return std::make_shared<Output>(std::move(output));
}

std::shared_ptr<Output> total_columns(const CustomerTotals& totals, MoneyFormat format) {
  Output output(totals.customers.size());
  std::vector<Id> ids;
  Texts segments;
  for (const CustomerTotal& total : totals.customers) {
    ids.push_back(total.customer);
    segments.push_back(totals.segments[total.segment]);
  }
  add_ids(output, "customer", ids);
  if (!totals.by.empty()) output.add(totals.by, std::move(segments));
  const auto count = [&](const char* name, std::int64_t CustomerTotal::* member) {
    std::vector<std::int64_t> counts;
    for (const CustomerTotal& total : totals.customers) counts.push_back(total.*member);
    output.add(name, std::move(counts));
  };
  const auto money = [&](const char* name, RunRateSum CustomerTotal::* member) {
    std::vector<RunRateSum> amounts;
    for (const CustomerTotal& total : totals.customers) amounts.push_back(total.*member);
    output.add_money(name, amounts, format);
  };
  count("exposed", &CustomerTotal::exposed);
  count("lost", &CustomerTotal::lost);
  count("active", &CustomerTotal::active);
  count("started", &CustomerTotal::started);
  money("opening", &CustomerTotal::opening);
  money("paid", &CustomerTotal::paid);
  money("churned", &CustomerTotal::churned);
  money("contracted", &CustomerTotal::contracted);
  money("expanded", &CustomerTotal::expanded);
  money("reactivated", &CustomerTotal::reactivated);
  money("started_with", &CustomerTotal::started_with);
  money("closing", &CustomerTotal::closing);
  return std::make_shared<Output>(std::move(output));
}

std::shared_ptr<Output> estimate_columns(const RetentionEstimates& estimates, Day known_until) {
  Output output = framed(estimates.frame);
  const auto add = [&](const std::string& name, Estimate RetentionEstimate::* member) {
    std::vector<Real> values, lower, upper;
    for (const RetentionEstimate& cell : estimates.cells) {
      values.push_back((cell.*member).value);
      lower.push_back((cell.*member).lower);
      upper.push_back((cell.*member).upper);
    }
    add_reals(output, name, values);
    add_reals(output, name + "_lower", lower);
    add_reals(output, name + "_upper", upper);
  };
  add("nrr", &RetentionEstimate::nrr);
  add("grr", &RetentionEstimate::grr);
  add("logo_retention", &RetentionEstimate::logo_retention);
  add_complete(output, estimates.frame, known_until);
  return std::make_shared<Output>(std::move(output));
}

}  // namespace

void bind_customers(py::module_& module) {
  py::class_<CustomerTotals>(module, "CustomerTotals", "What each customer did over a run of periods.")
      .def(
          "columns",
          [](const CustomerTotals& totals, bool decimal, int exponent) {
            return total_columns(totals, {decimal, exponent});
          },
          py::kw_only(), py::arg("decimal"), py::arg("exponent"))
      .def_readonly("segments", &CustomerTotals::segments);
  module.def(
      "customer_totals",
      [](const LoadedBook& book, const std::string& first, const std::string& last, const std::string& period,
         int fiscal_start, const std::string& by, Day known_until) {
        const py::gil_scoped_release unlocked;
        const Periods periods = to_periods(book, first, last, period, fiscal_start);
        const std::size_t complete = complete_periods(periods, known_until);
        CustomerTotals totals =
            book.customer_totals(complete == 0 ? periods : first_of(periods, complete), by);
        if (complete == 0) totals.customers.clear();
        return totals;
      },
      py::arg("book"), py::arg("first"), py::arg("last"), py::arg("period"), py::arg("fiscal_start"),
      py::arg("by"), py::kw_only(), py::arg("known_until"));
  module.def(
      "lifetimes",
      [](const LoadedBook& book, const std::string& stays, std::vector<std::string> by,
         const std::string& reason, const std::optional<std::string>& from, Day until) {
        const py::gil_scoped_release unlocked;
        const Lifetimes lives = book.lifetimes({.stays = parse_stays(stays),
                                                .by = std::move(by),
                                                .reason = reason,
                                                .from = from ? parse_day(*from, "from") : min_day,
                                                .until = until});
        return life_columns(lives, reason);
      },
      py::arg("book"), py::kw_only(), py::arg("stays"), py::arg("by"), py::arg("reason"), py::arg("since"),
      py::arg("until"), "Columns of lives; `until` in days since 1970-01-01.");
  module.def(
      "retention_estimates",
      [](const LoadedBook& book, const std::string& first, const std::string& last, const std::string& period,
         int fiscal_start, int horizon, const std::string& by, int replicates, std::uint64_t seed,
         double confidence, Day known_until) {
        SignalCheck signals;
        const py::gil_scoped_release unlocked;
        const BootstrapOptions bootstrap{.replicates = replicates,
                                         .seed = seed,
                                         .confidence = confidence,
                                         .execution = {.poll = [&signals] { signals(); }}};
        return estimate_columns(book.retention_estimates(to_periods(book, first, last, period, fiscal_start),
                                                         {.horizon = horizon, .by = by}, bootstrap),
                                known_until);
      },
      py::arg("book"), py::arg("first"), py::arg("last"), py::arg("period"), py::arg("fiscal_start"),
      py::kw_only(), py::arg("horizon"), py::arg("by"), py::arg("replicates"), py::arg("seed"),
      py::arg("confidence"), py::arg("known_until"));
}

}  // namespace tenure::python
