#include "support/model_fits.hpp"
#include "support/spend_models.hpp"
#include "tenure/economics/gamma_gamma.hpp"

/// What customers spend per purchase.
namespace tenure::python {

namespace {

struct GammaGammaFit {
  ModelFit fit;
  Real correlation = Undefined::not_estimated;
};

/// Columns of customers, owned for one call.
struct SpendColumns {
  Numbers frequency, monetary, weight;
  AverageSpendNames names;

  SpendColumns(const Input& table, const std::string& x, const std::string& z,
               const std::optional<std::string>& w, const Poll& poll)
      : frequency(to_numbers(table.at(x), poll)),
        monetary(to_numbers(table.at(z), poll)),
        weight(maybe_numbers(table, w, poll)),
        names{x, z, w.value_or("weight")} {
    check(rows(), names);
  }
  AverageSpend rows() const { return {frequency, monetary, weight}; }
};

std::shared_ptr<Output> expected_spend(const GammaGammaFit& self, const Input& table, const std::string& x,
                                       const std::string& z, std::optional<double> confidence, int threads) {
  return unlocked(threads, [&](const Execution& execution) {
    const SpendColumns columns(table, x, z, std::nullopt, execution.poll);
    Output output(columns.frequency.values.size());
    if (!confidence) {
      const GammaGamma model = GammaGamma::of(self.fit.parameters);
      add_reals(output, "expected_spend", model.conditional_expected_spend(columns.rows(), execution));
      return std::make_shared<Output>(std::move(output));
    }
    add_estimates(output, "expected_spend",
                  expected_spend_intervals(self.fit, columns.rows(), *confidence, execution));
    return std::make_shared<Output>(std::move(output));
  });
}

}  // namespace

void bind_gamma_gamma(py::module_& module) {
  bind_fit<GammaGammaFit>(module, "GammaGammaFit", "A fitted model; tenure.economics.GammaGamma is its face.")
      .def_static(
          "fit",
          [](const Input& table, const std::string& x, const std::string& z,
             const std::optional<std::string>& w, double penalty, int threads) {
            return unlocked(threads, [&](const Execution& execution) {
              const SpendColumns columns(table, x, z, w, execution.poll);
              return GammaGammaFit{
                  fit_gamma_gamma(columns.rows(), {.penalty = penalty, .execution = execution}),
                  spend_correlation(columns.rows())};
            });
          },
          py::arg("table"), py::kw_only(), py::arg("frequency"), py::arg("monetary"), py::arg("weight"),
          py::arg("penalty"), py::arg("threads"))
      .def_static(
          "of",
          [](const std::vector<double>& parameters) {
            return GammaGammaFit{known_parameters(GammaGamma::names(), vector_of(parameters))};
          },
          py::arg("parameters"))
      .def_property_readonly("correlation",
                             [](const GammaGammaFit& self) { return self.correlation.value(); })
      .def("expected_spend",
           [](const GammaGammaFit& self) {
             return GammaGamma::of(self.fit.parameters).expected_spend().value();
           })
      .def("conditional_expected_spend", &expected_spend, py::arg("table"), py::kw_only(),
           py::arg("frequency"), py::arg("monetary"), py::arg("confidence"), py::arg("threads"));
}

}  // namespace tenure::python
