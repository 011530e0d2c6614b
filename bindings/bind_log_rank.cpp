#include "support/signals.hpp"
#include "support/stays.hpp"
#include "tenure/cohort/log_rank.hpp"

/// Tests between survival curves.
namespace tenure::python {

namespace {

/// A test between groups.
class Test {
 public:
  Test(const Input& table, const StayNames& names, const std::vector<std::string>& by,
       const std::vector<std::string>& strata, const LogRankOptions& options) {
    SignalCheck signals;
    const py::gil_scoped_release unlocked;
    const Poll poll = [&signals] { signals(); };
    Stays stays(table, names, by, poll);
    stays.take_events(table.at(names.event), poll);
    strata_ = to_groups(table, strata, poll);
    result_ = log_rank(stays.rows, options, strata_.codes, strata_.size(), {.poll = poll});
    whole_counts_ = stays.rows.weight.empty();
    groups_ = std::move(stays.groups);
    groups_.codes = strata_.codes = {};
  }

  std::shared_ptr<Output> columns(bool by_stratum) const {
    std::vector<std::size_t> stratum_of_row, group_of_row;
    std::vector<double> rows, observed, expected;
    for (std::size_t stratum = 0; stratum < (by_stratum ? result_.strata : 1); ++stratum)
      for (std::size_t group = 0; group < result_.groups; ++group) {
        const std::size_t at = stratum * result_.groups + group;
        stratum_of_row.push_back(stratum);
        group_of_row.push_back(group);
        rows.push_back(by_stratum ? result_.rows[at] : result_.rows_in(group));
        observed.push_back(by_stratum ? result_.observed[at] : result_.observed_in(group));
        expected.push_back(by_stratum ? result_.expected[at] : result_.expected_in(group));
      }
    auto output = std::make_shared<Output>(rows.size());
    if (by_stratum) add_groups(*output, strata_, stratum_of_row);
    add_groups(*output, groups_, group_of_row);
    output->add("customers", counts(std::move(rows), whole_counts_));
    output->add("observed", std::move(observed));
    output->add("expected", std::move(expected));
    return output;
  }
  std::optional<double> statistic() const noexcept { return result_.statistic.value(); }
  std::optional<double> p_value() const noexcept { return result_.p_value.value(); }
  std::string reason() const { return std::string(name_of(result_.statistic.reason())); }
  int degrees_of_freedom() const noexcept { return result_.degrees_of_freedom; }

 private:
  LogRank result_;
  Groups groups_, strata_;
  bool whole_counts_ = true;
};

}  // namespace

void bind_log_rank(py::module_& module) {
  py::class_<Test>(module, "LogRankTest", "A log-rank test; tenure.cohort.LogRank is its face.")
      .def(py::init([](const Input& table, std::string duration, std::string event,
                       std::optional<std::string> entry, std::optional<std::string> weight,
                       const std::vector<std::string>& by, const std::vector<std::string>& strata, double rho,
                       double gamma) {
             return Test(table, {std::move(duration), std::move(event), std::move(entry), std::move(weight)},
                         by, strata, {.rho = rho, .gamma = gamma});
           }),
           py::arg("table"), py::kw_only(), py::arg("duration"), py::arg("event"), py::arg("entry"),
           py::arg("weight"), py::arg("by"), py::arg("strata"), py::arg("rho"), py::arg("gamma"))
      .def("columns", &Test::columns, py::arg("by_stratum"))
      .def_property_readonly("statistic", &Test::statistic)
      .def_property_readonly("p_value", &Test::p_value)
      .def_property_readonly("reason", &Test::reason, "Why there is no statistic, or nothing.")
      .def_property_readonly("degrees_of_freedom", &Test::degrees_of_freedom);
}

}  // namespace tenure::python
