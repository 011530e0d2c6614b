#pragma once

#include <functional>
#include <optional>

#include "numbers.hpp"
#include "signals.hpp"
#include "tenure/economics/repeat_purchases.hpp"

/// What the bindings of fitted models share.
namespace tenure::python {

/// The value under its name, and its bounds.
inline void add_estimates(Output& output, const std::string& name, const std::vector<Estimate>& estimates) {
  std::vector<Real> value, lower, upper;
  for (const Estimate& estimate : estimates) {
    value.push_back(estimate.value);
    lower.push_back(estimate.lower);
    upper.push_back(estimate.upper);
  }
  add_reals(output, name, value);
  add_reals(output, "lower", lower);
  add_reals(output, "upper", upper);
}

/// Bounds are symmetric for the logarithm of a parameter: never below 0.
inline std::shared_ptr<Output> summary(const ModelFit& fit, double confidence) {
  const std::vector<Estimate> estimates = delta_intervals(
      fit,
      [](const Eigen::VectorXd& p, std::size_t first, std::size_t last, std::span<double> out) {
        for (std::size_t i = first; i < last; ++i) out[i - first] = p(static_cast<Eigen::Index>(i));
      },
      fit.names.size(), {.confidence = confidence});
  std::vector<Real> lower, upper;
  for (const Estimate& estimate : estimates) {
    lower.push_back(estimate.lower);
    upper.push_back(estimate.upper);
  }
  Output output(fit.names.size());
  Texts names;
  for (const std::string& name : fit.names) names.push_back(name);
  output.add("parameter", std::move(names));
  output.add("value", std::vector<double>(fit.parameters.begin(), fit.parameters.end()));
  add_reals(output, "std_error", fit.std_errors);
  add_reals(output, "lower", lower);
  add_reals(output, "upper", upper);
  return std::make_shared<Output>(std::move(output));
}

inline std::vector<std::optional<double>> optional_values(const std::vector<Real>& values) {
  std::vector<std::optional<double>> found;
  for (const Real& value : values) found.push_back(value.value());
  return found;
}

/// What every fit can be asked; `Fit::fit` is the ModelFit, or gives it.
template <class Fit, class... Holder>
py::class_<Fit, Holder...> bind_fit(py::module_& module, const char* name, const char* text) {
  const auto of = [](const Fit& self) -> const ModelFit& { return std::invoke(&Fit::fit, self); };
  py::class_<Fit, Holder...> bound(module, name, text);
  bound.def_property_readonly("names", [of](const Fit& self) { return of(self).names; })
      .def_property_readonly("parameters",
                             [of](const Fit& self) {
                               const Eigen::VectorXd& values = of(self).parameters;
                               return std::vector<double>(values.begin(), values.end());
                             })
      .def_property_readonly("std_errors",
                             [of](const Fit& self) { return optional_values(of(self).std_errors); })
      .def_property_readonly(
          "covariance",
          [of](const Fit& self) {
            std::vector<std::vector<double>> rows;
            for (const auto& row : of(self).covariance.rowwise()) rows.emplace_back(row.begin(), row.end());
            return rows;
          },
          "Rows; none without standard errors.")
      .def_property_readonly("log_likelihood", [of](const Fit& self) { return of(self).log_likelihood; })
      .def_property_readonly("customers", [of](const Fit& self) { return of(self).customers; })
      .def_property_readonly("outcome",
                             [of](const Fit& self) { return std::string(name_of(of(self).outcome)); })
      .def_property_readonly("steps", [of](const Fit& self) { return of(self).steps; })
      .def(
          "summary", [of](const Fit& self, double confidence) { return summary(of(self), confidence); },
          py::kw_only(), py::arg("confidence"));
  return bound;
}

inline Eigen::VectorXd vector_of(const std::vector<double>& values) {
  return Eigen::Map<const Eigen::VectorXd>(values.data(), static_cast<Eigen::Index>(values.size()));
}

/// Runs without the interpreter's lock, listening to signals.
template <class Work>
auto unlocked(int threads, Work&& work) {
  SignalCheck signals;
  const py::gil_scoped_release released;
  return work(Execution{.threads = threads, .poll = [&signals] { signals(); }});
}

}  // namespace tenure::python
