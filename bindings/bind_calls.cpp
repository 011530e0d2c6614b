#include <algorithm>
#include <functional>
#include <tuple>
#include <utility>

#include "support/call_figures.hpp"
#include "support/call_moves.hpp"
#include "support/signals.hpp"
#include "tenure/core/error.hpp"

/// Calls of a revenue team, and what became of them.
namespace tenure::python {

namespace {

/// Which call is asked about, as users name it.
struct Asked {
  std::string period, category;
  std::map<std::string, std::string> only;  ///< labels by column
};

class Calls {
 public:
  Calls(const Input& table, const CallRoles& roles, const CallOptions& options) : owner_(roles.owner) {
    SignalCheck signals;
    const py::gil_scoped_release unlocked;
    const Execution execution{.poll = [&signals] { signals(); }};
    read_ = read_calls(table, roles, options, execution);
    total_.emplace(read_, roles.by, execution);
  }

  const CallHistory& history() const noexcept { return *read_.history; }
  /// Rows that are in no call, and rows of actuals that belong to none.
  std::pair<std::vector<std::uint32_t>, std::vector<std::uint32_t>> outside() const {
    return {history().outside(), history().actuals_outside()};
  }
  std::shared_ptr<Output> columns() const { return call_rows(history(), *total_, counts_owners()); }
  std::shared_ptr<Output> by_owner() const { return call_rows(history(), owners(), false); }
  std::shared_ptr<Output> by_lead_time(const std::vector<double>& tolerances,
                                       const std::vector<std::string>& names) const {
    return lead_time_rows(*total_, tolerances, names);
  }
  std::shared_ptr<Output> hit_rate(const std::vector<double>& within, double confidence) const {
    return hit_rate_rows(*total_, within, confidence);
  }
  std::shared_ptr<Output> settled(double within) const { return settled_rows(history(), *total_, within); }
  std::shared_ptr<Output> habits(const std::string& category, int weeks, double confidence) const {
    return owner_rows(owners(), kind_of(category), weeks, confidence);
  }

  /// Steps, their total, the way straight from the first call to the end, and the deals behind the steps.
  using Bridge = std::tuple<std::shared_ptr<Output>, std::shared_ptr<Output>, std::shared_ptr<Output>,
                            std::shared_ptr<Output>, bool>;
  Bridge drift(const Asked& asked) const {
    const std::vector<std::uint8_t> mask = mask_of(asked);
    const DriftAsk ask{period_of(asked.period), kind_of(asked.category), mask};
    Drift found, straight;
    {
      const py::gil_scoped_release unlocked;
      found = tenure::drift(history(), ask);
      straight = net_drift(history(), ask);
    }
    const bool cut = !asked.only.empty();
    std::vector<DriftStep> whole;
    if (!found.steps.empty()) whole.push_back(found.total());
    return {step_rows(found.steps, cut), step_rows(whole, cut), step_rows(straight.steps, cut),
            move_rows(read_, found), found.observed};
  }

  /// The steps that moved a call most, over all periods.
  std::shared_ptr<Output> swings(const std::string& category, const std::map<std::string, std::string>& only,
                                 std::size_t top) const {
    const std::vector<std::uint8_t> mask = mask_of({.period = {}, .category = {}, .only = only});
    const DriftAsk ask{.period = 0, .category = kind_of(category), .owners = mask};
    std::vector<Swing> found;
    {
      const py::gil_scoped_release unlocked;
      found = tenure::swings(history(), ask, top);
    }
    return swing_rows(read_, found, !only.empty());
  }

  std::shared_ptr<Output> explain(const Asked& asked, int weeks) const {
    const std::vector<std::uint8_t> mask = mask_of(asked);
    const DriftAsk ask{period_of(asked.period), kind_of(asked.category), mask};
    return rows_behind(read_, rows_of_call(history(), ask, weeks), ask.category);
  }

  std::vector<std::string> categories() const {
    std::vector<std::string> names;
    for (const CallCategory category : history().categories()) names.emplace_back(name_of(category));
    return names;
  }
  std::vector<std::string> labels(const std::string& column) const {
    const CallCut cut(read_, {column}, {});
    std::vector<std::string> all;
    for (const auto& label : cut.groups.labels) all.push_back(label[0]);
    return all;
  }
  std::string name(const std::string& period) const {
    return period_name(history().periods(), period_of(period));
  }

 private:
  bool counts_owners() const noexcept { return owner_.has_value() && !history().of_deals(); }
  const CallCut& owners() const {
    if (!by_owner_) by_owner_.emplace(read_, std::vector<std::string>{owner_.value()}, Execution{});
    return *by_owner_;
  }
  std::size_t period_of(const std::string& period) const {
    const Periods& periods = history().periods();
    return periods.index_of(parse_period(period, periods.calendar()));
  }
  CallCategory kind_of(const std::string& category) const {
    const CallCategory kind = parse_call_category(category);
    if (std::ranges::find(history().categories(), kind) != history().categories().end()) return kind;
    std::string known;
    for (const std::string& name : categories()) known += (known.empty() ? "" : ", ") + name;
    throw_option({.code = "E_ENUM",
                  .what = "category='" + category + "': nobody called it",
                  .value = category,
                  .remedy = "Called: " + known + "."});
  }
  /// Which combinations of labels are asked for; empty: all.
  std::vector<std::uint8_t> mask_of(const Asked& asked) const {
    if (asked.only.empty()) return {};
    std::vector<std::uint8_t> mask(std::max<std::size_t>(read_.owners.size(), 1), 1);
    for (const auto& [column, label] : asked.only) {
      const auto at = std::ranges::find(read_.names, column) - read_.names.begin();
      bool found = false;
      for (std::size_t i = 0; i < read_.owners.size(); ++i) {
        const bool same = read_.owners[i][static_cast<std::size_t>(at)] == label;
        found = found || same;
        if (!same) mask[i] = 0;
      }
      if (!found)
        throw_option({.code = "E_SEGMENT",
                      .what = "no row has " + column + " '" + printable(label) + "'",
                      .column = column,
                      .value = printable(label)});
    }
    return mask;
  }

  ColumnName owner_;
  ReadCalls read_;
  std::optional<CallCut> total_;
  mutable std::optional<CallCut> by_owner_;
};

}  // namespace

void bind_calls(py::module_& module) {
  using Labels = std::map<std::string, std::string>;
  py::class_<Calls>(module, "ForecastCalls",
                    "Calls of a revenue team; tenure.forecast.ForecastCalls is their face.")
      .def(
          py::init([](const Input& table, std::string taken, std::string due, std::string amount,
                      ColumnName category, ColumnName opportunity, ColumnName outcome, ColumnName probability,
                      ColumnName owner, std::vector<std::string> by, Labels categories, Labels outcomes,
                      ColumnName actual, std::optional<std::reference_wrapper<const Input>> actual_rows,
                      std::string actual_period, const std::string& grain, int fiscal_start, int week_start,
                      std::optional<int> weeks, bool every_week) {
            const CallRoles roles{.taken = std::move(taken),
                                  .due = std::move(due),
                                  .amount = std::move(amount),
                                  .category = std::move(category),
                                  .opportunity = std::move(opportunity),
                                  .outcome = std::move(outcome),
                                  .probability = std::move(probability),
                                  .owner = std::move(owner),
                                  .by = std::move(by),
                                  .categories = std::move(categories),
                                  .outcomes = std::move(outcomes),
                                  .actual = std::move(actual),
                                  .actual_rows = actual_rows ? &actual_rows->get() : nullptr,
                                  .actual_period = std::move(actual_period)};
            return Calls(table, roles,
                         {.calendar = {parse_period_unit(grain), fiscal_start, week_start},
                          .weeks = weeks,
                          .every_week = every_week});
          }),
          py::arg("table"), py::kw_only(), py::arg("taken"), py::arg("due"), py::arg("amount"),
          py::arg("category"), py::arg("opportunity"), py::arg("outcome"), py::arg("probability"),
          py::arg("owner"), py::arg("by"), py::arg("categories"), py::arg("outcomes"), py::arg("actual"),
          py::arg("actual_rows"), py::arg("actual_period"), py::arg("grain"), py::arg("fiscal_start"),
          py::arg("week_start"), py::arg("weeks"), py::arg("every_week"))
      .def("columns", &Calls::columns)
      .def("outside", &Calls::outside)
      .def("by_owner", &Calls::by_owner)
      .def("by_lead_time", &Calls::by_lead_time, py::arg("tolerances"), py::arg("names"))
      .def("hit_rate", &Calls::hit_rate, py::arg("within"), py::arg("confidence"))
      .def("settled", &Calls::settled, py::arg("within"))
      .def("owners", &Calls::habits, py::arg("category"), py::arg("weeks"), py::arg("confidence"))
      .def(
          "drift",
          [](const Calls& calls, std::string period, std::string category, Labels only) {
            return calls.drift({std::move(period), std::move(category), std::move(only)});
          },
          py::arg("period"), py::arg("category"), py::arg("only"))
      .def("swings", &Calls::swings, py::arg("category"), py::arg("only"), py::arg("top"))
      .def(
          "explain",
          [](const Calls& calls, std::string period, std::string category, Labels only, int weeks) {
            return calls.explain({std::move(period), std::move(category), std::move(only)}, weeks);
          },
          py::arg("period"), py::arg("category"), py::arg("only"), py::arg("weeks"))
      .def("period_name", &Calls::name, py::arg("period"))
      .def("labels", &Calls::labels, py::arg("column"))
      .def_property_readonly("categories", &Calls::categories)
      .def_property_readonly("weeks", [](const Calls& calls) { return calls.history().weeks(); })
      .def_property_readonly("last_taken", [](const Calls& calls) { return calls.history().last_taken(); });
}

}  // namespace tenure::python
