#include <algorithm>
#include <cmath>

#include "support/signals.hpp"
#include "support/stays.hpp"
#include "tenure/cohort/detail/large_columns.hpp"
#include "tenure/cohort/incidence.hpp"
#include "tenure/cohort/survival.hpp"

/// Kaplan-Meier curves, the tests between them, and competing reasons.
namespace tenure::python {

namespace {

/// Curves by group. Their columns are made at once, from their own memory; what is asked of them later is
/// computed again from the counts among those.
class Curves {
 public:
  Curves(const Input& table, const StayNames& names, const std::vector<std::string>& by,
         const SurvivalOptions& options)
      : options_(options) {
    SignalCheck signals;
    const py::gil_scoped_release unlocked;
    const Execution execution{.poll = [&signals] { signals(); }};
    Stays stays(table, names, by, execution.poll);
    stays.take_events(table.at(names.event), execution.poll);
    std::vector<DurationTable> tables = tabulate(stays.rows, execution);
    groups_ = std::move(stays.groups);
    groups_.codes = {};
    for (const DurationTable& of_group : tables)
      late_.push_back({.entry = of_group.entry, .entered = of_group.entered});
    std::vector<SurvivalCurve> curves;
    for (DurationTable& of_group : tables)
      curves.push_back(survival_curve(std::move(of_group), options_, execution));
    for (const SurvivalCurve& curve : curves) begin_.push_back(begin_.back() + curve.size());
    output_ = columns_of(curves, stays.whole_time, stays.rows.weight.empty(), execution);
  }
  std::shared_ptr<Output> columns() const { return output_; }

  /// A line for each group and each of `at`, with what `ask` says of it.
  template <class Ask>
  std::shared_ptr<Output> asked(const std::string& at_name, const std::vector<double>& at,
                                const std::vector<std::string>& names, Ask&& ask) const {
    const std::size_t size = late_.size() * at.size();
    auto output = std::make_shared<Output>(size);
    std::vector<std::size_t> group_of_row;
    std::vector<double> asked_at;
    std::vector<std::vector<Real>> found(names.size());
    for (std::size_t group = 0; group < late_.size(); ++group) {
      const SurvivalCurve curve = survival_curve(table_of(group), options_);
      for (const double value : at) {
        group_of_row.push_back(group);
        asked_at.push_back(value);
        const std::vector<Real> answer = ask(curve, value);
        for (std::size_t i = 0; i < names.size(); ++i) found[i].push_back(answer[i]);
      }
    }
    add_groups(*output, groups_, group_of_row);
    output->add(at_name, std::move(asked_at));
    for (std::size_t i = 0; i < names.size(); ++i) add_reals(*output, names[i], found[i]);
    return output;
  }
  std::shared_ptr<Output> quantile(const std::vector<double>& shares) const {
    return asked("share", shares, {"time", "lower", "upper"}, [](const SurvivalCurve& curve, double share) {
      const Estimate found = curve.quantile(share);
      return std::vector<Real>{found.value, found.lower, found.upper};
    });
  }
  std::shared_ptr<Output> at(const std::vector<double>& times) const {
    return asked("time", times, {"survival", "lower", "upper"}, [](const SurvivalCurve& curve, double time) {
      const Estimate found = curve.at(time);
      return std::vector<Real>{found.value, found.lower, found.upper};
    });
  }
  std::shared_ptr<Output> restricted_mean(const std::vector<double>& horizons) const {
    return asked("until", horizons, {"mean", "std_error", "lower", "upper"},
                 [](const SurvivalCurve& curve, double until) {
                   const RestrictedMean found = curve.restricted_mean(until);
                   return std::vector<Real>{found.value, found.std_error, found.lower, found.upper};
                 });
  }
  /// Labels of the groups in which nobody ended.
  std::vector<std::vector<std::string>> without_events() const {
    std::vector<std::vector<std::string>> labels;
    for (std::size_t group = 0; group < late_.size(); ++group) {
      const std::vector<double> events = column("events", group);
      if (std::ranges::all_of(events, [](double count) { return count == 0; }))
        labels.push_back(groups_.labels[group]);
    }
    return labels;
  }
  const std::vector<std::vector<std::string>>& labels() const noexcept { return groups_.labels; }

 private:
  std::shared_ptr<Output> columns_of(std::vector<SurvivalCurve>& curves, bool whole_time, bool whole_counts,
                                     const Execution& execution) const {
    const Lines lines(curves);
    auto output = std::make_shared<Output>(lines.size());
    add_labels(*output, groups_, lines);
    const auto joined = [&](std::vector<double> SurvivalCurve::* member) {
      if (curves.size() == 1) return std::move(curves[0].*member);
      std::vector<double> all;
      detail::reserve_large(all, lines.size());
      for (SurvivalCurve& curve : curves) {
        all.insert(all.end(), (curve.*member).begin(), (curve.*member).end());
        (curve.*member) = {};
      }
      return all;
    };
    Limits limits(lines.size(), execution);
    lines.each_run(execution, [&](std::size_t group, std::size_t first, std::size_t line, std::size_t size) {
      SurvivalCurve& curve = curves[group];
      Estimate estimate = curve.estimate(first);
      Real error = curve.std_error(first);
      for (std::size_t row = first; row < first + size; ++row, ++line) {
        if (row > first && curve.events[row] > 0) {  // else as in the row before
          estimate = curve.estimate(row);
          error = curve.std_error(row);
        }
        limits.set(line, estimate.lower, estimate.upper);
        limits.errors[line] = error.reason();
        curve.log_variance[row] = error.value_or(0);  // from here on the standard error
        curve.hazard_variance[row] = std::sqrt(curve.hazard_variance[row]);
      }
    });
    output->add("time", counts(joined(&SurvivalCurve::time), whole_time));
    output->add("at_risk", counts(joined(&SurvivalCurve::at_risk), whole_counts));
    output->add("events", counts(joined(&SurvivalCurve::events), whole_counts));
    output->add("censored", counts(joined(&SurvivalCurve::censored), whole_counts));
    output->add("survival", joined(&SurvivalCurve::survival));
    output->add("std_error", OutputColumn::Data(joined(&SurvivalCurve::log_variance)),
                std::move(limits.errors));
    limits.add_to(*output);
    output->add("cumulative_hazard", joined(&SurvivalCurve::hazard));
    output->add("hazard_std_error", joined(&SurvivalCurve::hazard_variance));
    return output;
  }
  std::vector<double> column(const char* name, std::size_t group) const {
    const OutputColumn& held = output_->at(name);
    const auto cut = [&](const auto& values) {
      return std::vector<double>(values.begin() + static_cast<std::ptrdiff_t>(begin_[group]),
                                 values.begin() + static_cast<std::ptrdiff_t>(begin_[group + 1]));
    };
    if (const auto* doubles = std::get_if<std::vector<double>>(&held.data)) return cut(*doubles);
    return cut(std::get<std::vector<std::int64_t>>(held.data));
  }
  DurationTable table_of(std::size_t group) const {
    return {.time = column("time", group),
            .ended = column("events", group),
            .censored = column("censored", group),
            .entry = late_[group].entry,
            .entered = late_[group].entered};
  }

  SurvivalOptions options_;
  Groups groups_;
  std::vector<DurationTable> late_;       // the late entries of each group, and nothing else
  std::vector<std::size_t> begin_ = {0};  // lines of each group
  std::shared_ptr<Output> output_;
};

/// Shares that ended for each reason, by group.
class Reasons {
 public:
  Reasons(const Input& table, const StayNames& names, const std::vector<std::string>& by,
          const std::vector<std::string>& censored, const SurvivalOptions& options) {
    SignalCheck signals;
    const py::gil_scoped_release unlocked;
    const Poll poll = [&signals] { signals(); };
    Stays stays(table, names, by, poll);
    reasons_ = stays.take_reasons(table.at(names.event), censored, poll);
    results_ = cumulative_incidence(stays.rows, options, {.poll = poll});
    whole_time_ = stays.whole_time;
    whole_counts_ = stays.rows.weight.empty();
    groups_ = std::move(stays.groups);
    groups_.codes = {};
  }

  /// By group, reason and time.
  std::shared_ptr<Output> columns() const {
    SignalCheck signals;
    const py::gil_scoped_release unlocked;
    std::vector<std::size_t> group_of_row;
    std::vector<double> time, at_risk, events, incidence, survival;
    std::vector<Real> error, lower, upper;
    Texts causes;
    for (std::size_t group = 0; group < results_.size(); ++group) {
      const Incidence& result = results_[group];
      for (std::uint32_t cause = 1; cause <= result.causes; ++cause)
        for (std::size_t row = 0; row < result.size(); ++row) {
          if (row % 65536 == 0) signals();
          const std::size_t at = row * result.causes + cause - 1;
          const Estimate estimate = result.estimate(row, cause);
          group_of_row.push_back(group);
          causes.push_back(reasons_[cause - 1]);
          time.push_back(result.time[row]);
          at_risk.push_back(result.at_risk[row]);
          events.push_back(result.events[at]);
          incidence.push_back(result.incidence[at]);
          error.push_back(result.std_error(row, cause));
          lower.push_back(estimate.lower);
          upper.push_back(estimate.upper);
          survival.push_back(result.survival[row]);
        }
    }
    auto output = std::make_shared<Output>(time.size());
    add_groups(*output, groups_, group_of_row);
    output->add("cause", std::move(causes));
    output->add("time", counts(std::move(time), whole_time_));
    output->add("at_risk", counts(std::move(at_risk), whole_counts_));
    output->add("events", counts(std::move(events), whole_counts_));
    output->add("incidence", std::move(incidence));
    add_reals(*output, "std_error", error);
    add_reals(*output, "lower", lower);
    add_reals(*output, "upper", upper);
    output->add("survival", std::move(survival));
    return output;
  }
  std::shared_ptr<Output> at(const std::vector<double>& times) const {
    std::vector<std::size_t> group_of_row;
    std::vector<double> asked;
    std::vector<Real> value, lower, upper;
    Texts causes;
    for (std::size_t group = 0; group < results_.size(); ++group)
      for (std::uint32_t cause = 1; cause <= results_[group].causes; ++cause)
        for (const double time : times) {
          const Estimate found = results_[group].at(time, cause);
          group_of_row.push_back(group);
          causes.push_back(reasons_[cause - 1]);
          asked.push_back(time);
          value.push_back(found.value);
          lower.push_back(found.lower);
          upper.push_back(found.upper);
        }
    auto output = std::make_shared<Output>(asked.size());
    add_groups(*output, groups_, group_of_row);
    output->add("cause", std::move(causes));
    output->add("time", std::move(asked));
    add_reals(*output, "incidence", value);
    add_reals(*output, "lower", lower);
    add_reals(*output, "upper", upper);
    return output;
  }
  const std::vector<std::string>& causes() const noexcept { return reasons_; }
  const std::vector<std::vector<std::string>>& labels() const noexcept { return groups_.labels; }

 private:
  std::vector<Incidence> results_;
  std::vector<std::string> reasons_;
  Groups groups_;
  bool whole_time_ = false, whole_counts_ = true;
};

}  // namespace

void bind_survival(py::module_& module) {
  const auto options = [](double confidence, const std::string& interval) {
    return SurvivalOptions{.confidence = confidence, .interval = parse_interval_kind(interval)};
  };
  py::class_<Curves>(module, "SurvivalCurves", "Kaplan-Meier curves; tenure.cohort.Survival is their face.")
      .def(py::init([options](const Input& table, std::string duration, std::string event,
                              std::optional<std::string> entry, std::optional<std::string> weight,
                              const std::vector<std::string>& by, double confidence,
                              const std::string& interval) {
             return Curves(table,
                           {std::move(duration), std::move(event), std::move(entry), std::move(weight)}, by,
                           options(confidence, interval));
           }),
           py::arg("table"), py::kw_only(), py::arg("duration"), py::arg("event"), py::arg("entry"),
           py::arg("weight"), py::arg("by"), py::arg("confidence"), py::arg("interval"))
      .def("columns", &Curves::columns)
      .def("quantile", &Curves::quantile, py::arg("shares"))
      .def("at", &Curves::at, py::arg("times"))
      .def("restricted_mean", &Curves::restricted_mean, py::arg("horizons"))
      .def_property_readonly("labels", &Curves::labels, "Of each group, one for each column of `by`.")
      .def_property_readonly("without_events", &Curves::without_events,
                             "Labels of groups in which nobody ended.");
  py::class_<Reasons>(module, "Incidences",
                      "Competing reasons; tenure.cohort.CumulativeIncidence is their face.")
      .def(py::init([options](const Input& table, std::string duration, std::string cause,
                              std::optional<std::string> entry, std::optional<std::string> weight,
                              const std::vector<std::string>& by, const std::vector<std::string>& censored,
                              double confidence, const std::string& interval) {
             return Reasons(table,
                            {std::move(duration), std::move(cause), std::move(entry), std::move(weight)}, by,
                            censored, options(confidence, interval));
           }),
           py::arg("table"), py::kw_only(), py::arg("duration"), py::arg("cause"), py::arg("entry"),
           py::arg("weight"), py::arg("by"), py::arg("censored"), py::arg("confidence"), py::arg("interval"))
      .def("columns", &Reasons::columns)
      .def("at", &Reasons::at, py::arg("times"))
      .def_property_readonly("causes", &Reasons::causes)
      .def_property_readonly("labels", &Reasons::labels, "Of each group, one for each column of `by`.");
  bind_log_rank(module);
}

}  // namespace tenure::python
