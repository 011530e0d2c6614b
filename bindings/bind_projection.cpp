#include "support/cohort_table.hpp"
#include "support/signals.hpp"
#include "tenure/cohort/projection.hpp"

/// Retention projected beyond the data.
namespace tenure::python {

namespace {

std::vector<std::size_t> each_segment(const CohortTable& table, std::size_t rows = 1) {
  std::vector<std::size_t> segment_of_row;
  for (std::size_t segment = 0; segment < table.segments.size(); ++segment)
    segment_of_row.insert(segment_of_row.end(), rows, segment);
  return segment_of_row;
}

/// Columns of an estimate and its interval.
class Estimates {
 public:
  void push_back(const Estimate& estimate) {
    value_.push_back(estimate.value);
    lower_.push_back(estimate.lower);
    upper_.push_back(estimate.upper);
  }
  void add_to(Output& output, const std::string& name) const {
    add_reals(output, name, value_);
    add_reals(output, "lower", lower_);
    add_reals(output, "upper", upper_);
  }

 private:
  std::vector<Real> value_, lower_, upper_;
};

Real scaled(const Real& value, double by) { return value.defined() ? Real(by * value.value_or(0)) : value; }

std::shared_ptr<Output> shared(Output output) { return std::make_shared<Output>(std::move(output)); }

struct Projected {
  CohortTable table;
  Rises rises;
  double confidence;
  std::vector<RetentionFit> fits;  ///< by segment

  std::shared_ptr<Output> columns(std::int64_t periods, bool prediction) const;
  std::shared_ptr<Output> parameters() const;
  std::shared_ptr<Output> lifetimes(const std::vector<std::int64_t>& renewals, double discount) const;
  std::shared_ptr<Output> curves(std::int64_t last) const;
};

/// The rows of one cohort, those observed and those projected.
struct CohortLines {
  Estimates survival;
  std::vector<Real> customers;
  std::vector<Real> fitted;
  std::vector<std::size_t> cohort;
  std::vector<std::int64_t> age;
  Flags projected;

  void push_back(std::size_t cohort_here, std::size_t age_here, const Estimate& share, const Real& count,
                 const Real& curve, bool later) {
    cohort.push_back(cohort_here);
    age.push_back(static_cast<std::int64_t>(age_here));
    survival.push_back(share);
    customers.push_back(count);
    fitted.push_back(curve);
    projected.push_back(later);
  }
};

std::shared_ptr<Output> Projected::columns(std::int64_t periods, bool prediction) const {
  const py::gil_scoped_release unlocked;
  SignalCheck signals;
  const std::size_t ages = table.ages(), last = ages == 0 ? 0 : ages - 1 + static_cast<std::size_t>(periods);
  CohortLines lines;
  for (std::size_t segment = 0; segment < fits.size(); ++segment) {
    const RetentionProjection projection(fits[segment], last, confidence);
    const CohortRuns& runs = table.runs[segment];
    const auto fitted = [&](std::size_t age) { return projection.kept(0, age).value; };
    for (std::size_t i = 0; i < runs.size(); ++i) {
      signals();
      const std::vector<double>& run = runs.values[i];
      if (run.empty()) continue;
      const std::size_t cohort = table.begin[segment] + i, from = run.size() - 1;
      const double start = run[0];
      for (std::size_t age = 0; age < run.size(); ++age) {
        const Real share = start > 0 ? Real(run[age] / start) : Real(Undefined::empty_base);
        lines.push_back(cohort, age, {share, share, share}, run[age], fitted(age), false);
      }
      const double left = checked_run(runs, i, rises)[from];
      for (std::size_t age = run.size(); age <= last; ++age) {
        Estimate share = projection.kept(from, age, prediction ? left : 0);
        if (start > 0 && left == 0) share = {0.0, 0.0, 0.0};
        if (start == 0) share = {Undefined::empty_base, Undefined::empty_base, Undefined::empty_base};
        const Real count = start > 0 ? scaled(share.value, left) : Real(0.0);
        const double of_start = start > 0 ? left / start : 0;
        lines.push_back(
            cohort, age,
            {scaled(share.value, of_start), scaled(share.lower, of_start), scaled(share.upper, of_start)},
            count, fitted(age), true);
      }
    }
  }
  Output output(lines.age.size());
  table.add_keys(output, lines.cohort);
  output.add("age", std::move(lines.age));
  lines.survival.add_to(output, "survival");
  output.add("projected", std::move(lines.projected));
  add_reals(output, "customers", lines.customers);
  add_reals(output, "fitted", lines.fitted);
  return shared(std::move(output));
}

std::shared_ptr<Output> Projected::parameters() const {
  Output output(fits.size());
  std::vector<Real> alpha, beta, c, log_likelihood;
  std::array<std::vector<Real>, 3> errors;
  std::vector<double> customers;
  std::vector<std::int64_t> cohorts;
  Texts model, outcome, edge;
  for (std::size_t segment = 0; segment < fits.size(); ++segment) {
    const RetentionFit& fit = fits[segment];
    const auto held = [&](double value) { return fit.reason == Undefined::no ? Real(value) : fit.reason; };
    alpha.push_back(held(fit.curve.alpha));
    beta.push_back(held(fit.curve.beta));
    c.push_back(held(fit.curve.c));
    log_likelihood.push_back(held(fit.log_likelihood));
    const auto found = fit.std_errors();
    for (std::size_t i = 0; i < found.size(); ++i) errors[i].push_back(found[i]);
    model.push_back(name_of(fit.model));
    customers.push_back(fit.customers);
    cohorts.push_back(static_cast<std::int64_t>(table.runs[segment].size()));
    outcome.push_back(fit.reason == Undefined::no ? name_of(fit.outcome) : name_of(fit.reason));
    edge.push_back(name_of(fit.edge));
  }
  add_groups(output, table.segments, each_segment(table));
  output.add("model", std::move(model));
  add_reals(output, "alpha", alpha);
  add_reals(output, "beta", beta);
  add_reals(output, "c", c);
  add_reals(output, "alpha_std_error", errors[0]);
  add_reals(output, "beta_std_error", errors[1]);
  add_reals(output, "c_std_error", errors[2]);
  add_reals(output, "log_likelihood", log_likelihood);
  output.add("customers", std::move(customers));
  output.add("cohorts", std::move(cohorts));
  output.add("outcome", std::move(outcome));
  output.add("edge", std::move(edge));
  return shared(std::move(output));
}

/// Without renewals, lifetimes of new customers.
std::shared_ptr<Output> Projected::lifetimes(const std::vector<std::int64_t>& renewals,
                                             double discount) const {
  const py::gil_scoped_release unlocked;
  const std::size_t rows = std::max<std::size_t>(renewals.size(), 1);
  Output output(fits.size() * rows);
  Estimates lifetime;
  std::vector<std::int64_t> column;
  for (const RetentionFit& fit : fits) {
    if (renewals.empty()) lifetime.push_back(fit.expected_lifetime(discount, confidence));
    for (const std::int64_t renewal : renewals) {
      column.push_back(renewal);
      lifetime.push_back(fit.residual_lifetime(renewal, discount, confidence));
    }
  }
  add_groups(output, table.segments, each_segment(table, rows));
  if (!renewals.empty()) output.add("renewal", std::move(column));
  lifetime.add_to(output, "lifetime");
  return shared(std::move(output));
}

std::shared_ptr<Output> Projected::curves(std::int64_t last) const {
  const auto ages = static_cast<std::size_t>(last) + 1;
  Output output(fits.size() * ages);
  Estimates survival;
  std::vector<Real> retention, churn;
  std::vector<std::int64_t> column;
  for (const RetentionFit& fit : fits) {
    const RetentionProjection projection(fit, ages - 1, confidence);
    for (std::size_t age = 0; age < ages; ++age) {
      column.push_back(static_cast<std::int64_t>(age));
      survival.push_back(projection.kept(0, age));
      const double at = static_cast<double>(age);
      const Undefined reason = age == 0 ? Undefined::empty_base : fit.reason;
      retention.push_back(reason == Undefined::no ? Real(fit.curve.retention(at)) : reason);
      churn.push_back(reason == Undefined::no ? Real(fit.curve.churn(at)) : reason);
    }
  }
  add_groups(output, table.segments, each_segment(table, ages));
  output.add("age", std::move(column));
  survival.add_to(output, "survival");
  add_reals(output, "retention", retention);
  add_reals(output, "churn", churn);
  return shared(std::move(output));
}

std::shared_ptr<Projected> project(const Input& input, CohortColumns columns, bool weibull, bool cap,
                                   double confidence) {
  SignalCheck signals;
  const py::gil_scoped_release unlocked;
  auto projected = std::make_shared<Projected>();
  projected->table = read_cohorts(input, columns, [&signals] { signals(); });
  projected->rises = cap ? Rises::cap : Rises::refuse;
  projected->confidence = confidence;
  const RetentionOptions options{weibull ? RetentionModel::beta_weibull : RetentionModel::beta_geometric,
                                 projected->rises};
  for (const CohortRuns& runs : projected->table.runs) {
    signals();
    projected->fits.push_back(fit_retention(runs, options));
  }
  return projected;
}

std::vector<double> for_each(const std::vector<double>& ages, auto&& figure) {
  std::vector<double> figures;
  for (const double age : ages) figures.push_back(figure(age));
  return figures;
}

}  // namespace

void bind_projection(py::module_& module) {
  bind_chain_ladder(module);
  py::class_<RetentionCurve>(module, "RetentionCurve",
                             "Retention by its parameters; tenure.cohort.RetentionCurve is its face.")
      .def(py::init([](double alpha, double beta, double c) { return RetentionCurve{alpha, beta, c}; }),
           py::kw_only(), py::arg("alpha"), py::arg("beta"), py::arg("c"))
      .def(
          "survival",
          [](const RetentionCurve& self, const std::vector<double>& ages) {
            return for_each(ages, [&](double age) { return self.survival(age); });
          },
          py::arg("ages"))
      .def(
          "retention",
          [](const RetentionCurve& self, const std::vector<double>& ages) {
            return for_each(ages, [&](double age) { return self.retention(age); });
          },
          py::arg("ages"))
      .def(
          "churn",
          [](const RetentionCurve& self, const std::vector<double>& ages) {
            return for_each(ages, [&](double age) { return self.churn(age); });
          },
          py::arg("ages"))
      .def(
          "expected_lifetime",
          [](const RetentionCurve& self, double discount) {
            return self.expected_lifetime(discount).value();
          },
          py::arg("discount"), "None where the sum has no limit.")
      .def(
          "residual_lifetime",
          [](const RetentionCurve& self, std::int64_t renewal, double discount) {
            return self.residual_lifetime(renewal, discount).value();
          },
          py::arg("renewal"), py::arg("discount"));

  py::class_<Projected, std::shared_ptr<Projected>>(module, "Projection",
                                                    "Fitted cohorts; tenure.cohort.project makes one.")
      .def(py::init([](const Input& table, std::string cohort, std::string age, std::string customers,
                       std::vector<std::string> by, bool weibull, bool cap, double confidence) {
             return project(table, {std::move(cohort), std::move(age), std::move(customers), std::move(by)},
                            weibull, cap, confidence);
           }),
           py::arg("table"), py::kw_only(), py::arg("cohort"), py::arg("age"), py::arg("customers"),
           py::arg("by"), py::arg("weibull"), py::arg("cap"), py::arg("confidence"))
      .def("columns", &Projected::columns, py::kw_only(), py::arg("periods"), py::arg("prediction"))
      .def("parameters", &Projected::parameters)
      .def("lifetimes", &Projected::lifetimes, py::kw_only(), py::arg("renewals"), py::arg("discount"),
           "Of new customers where no renewals are named.")
      .def("curves", &Projected::curves, py::arg("last"))
      .def_property_readonly("ages", [](const Projected& self) { return self.table.ages(); });
}

}  // namespace tenure::python
