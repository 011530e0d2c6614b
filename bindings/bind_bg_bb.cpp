#include <algorithm>

#include "support/model_fits.hpp"
#include "support/spend_models.hpp"
#include "tenure/economics/bg_bb.hpp"

/// Purchases at regular opportunities.
namespace tenure::python {

namespace {

struct BgBbFit {
  ModelFit fit;
};

struct OpportunityColumns {
  Numbers frequency, recency, periods, weight;
  PurchaseOpportunityNames names;

  OpportunityColumns(const Input& table, const std::string& x, const std::string& last, const std::string& n,
                     const std::optional<std::string>& w, const Poll& poll)
      : frequency(to_numbers(table.at(x), poll)),
        recency(to_numbers(table.at(last), poll)),
        periods(to_numbers(table.at(n), poll)),
        weight(maybe_numbers(table, w, poll)),
        names{x, last, n, w.value_or("weight")} {
    check(rows(), names);
  }
  PurchaseOpportunities rows() const { return {frequency, recency, periods, weight}; }
};

/// Predictions of rows, with an interval by the delta method if a confidence is given.
template <class Of>
std::shared_ptr<Output> predicted(const BgBbFit& self, Output output, const std::string& name,
                                  IntervalScale scale, std::optional<double> confidence,
                                  const Execution& execution, Of&& of) {
  const auto model = [](const Eigen::VectorXd& p) { return BetaGeoBetaBinom::of(p); };
  if (!confidence) {
    output.add(name, of(model(self.fit.parameters), std::size_t{0}, output.rows()));
  } else {
    const Prediction prediction = [&](const Eigen::VectorXd& p, std::size_t first, std::size_t last,
                                      std::span<double> out) {
      std::ranges::copy(of(model(p), first, last), out.begin());
    };
    add_estimates(output, name,
                  delta_intervals(self.fit, prediction, output.rows(),
                                  {.confidence = *confidence, .scale = scale, .execution = execution}));
  }
  return std::make_shared<Output>(std::move(output));
}

/// Of customers, so many opportunities ahead.
template <class Ask>
auto ahead(const char* name, IntervalScale scale, Ask ask) {
  return [=](const BgBbFit& self, std::int64_t steps, const Input& table, const std::string& x,
             const std::string& last, const std::string& n, std::optional<double> confidence) {
    return unlocked(1, [&](const Execution& execution) {
      const OpportunityColumns columns(table, x, last, n, std::nullopt, execution.poll);
      const PurchaseOpportunities all = columns.rows();
      return predicted(self, Output(all.size()), name, scale, confidence, execution,
                       [&](const BetaGeoBetaBinom& model, std::size_t first, std::size_t end) {
                         const auto part = [&](std::span<const double> values) {
                           return values.subspan(first, end - first);
                         };
                         return (model.*ask)(steps,
                                             {part(all.frequency), part(all.recency), part(all.periods), {}},
                                             execution);
                       });
    });
  };
}

/// Of a new customer, a row for each number.
template <class Of>
std::shared_ptr<Output> of_numbers(const BgBbFit& self, Output output, const std::string& name,
                                   IntervalScale scale, std::optional<double> confidence, Of&& of) {
  return unlocked(1, [&](const Execution& execution) {
    return predicted(self, std::move(output), name, scale, confidence, execution,
                     [&](const BetaGeoBetaBinom& model, std::size_t first, std::size_t end) {
                       std::vector<double> found;
                       for (std::size_t i = first; i < end; ++i) found.push_back(of(model, i));
                       return found;
                     });
  });
}

}  // namespace

void bind_bg_bb(py::module_& module) {
  bind_fit<BgBbFit>(module, "BetaGeoBetaBinomFit",
                    "A fitted model; tenure.economics.BetaGeoBetaBinom is its face.")
      .def_static(
          "fit",
          [](const Input& table, const std::string& x, const std::string& last, const std::string& n,
             const std::optional<std::string>& w, double penalty) {
            return unlocked(1, [&](const Execution& execution) {
              const OpportunityColumns columns(table, x, last, n, w, execution.poll);
              return BgBbFit{
                  fit_beta_geo_beta_binom(columns.rows(), {.penalty = penalty, .execution = execution})};
            });
          },
          py::arg("table"), py::kw_only(), py::arg("frequency"), py::arg("recency"), py::arg("periods"),
          py::arg("weight"), py::arg("penalty"))
      .def_static(
          "of",
          [](const std::vector<double>& parameters) {
            return BgBbFit{known_parameters(BetaGeoBetaBinom::names(), vector_of(parameters))};
          },
          py::arg("parameters"))
      .def("probability_alive",
           ahead("probability_alive", IntervalScale::logit, &BetaGeoBetaBinom::probability_alive),
           py::arg("ahead"), py::arg("table"), py::kw_only(), py::arg("frequency"), py::arg("recency"),
           py::arg("periods"), py::arg("confidence"))
      .def("conditional_expected_purchases",
           ahead("expected_purchases", IntervalScale::logarithm,
                 &BetaGeoBetaBinom::conditional_expected_purchases),
           py::arg("ahead"), py::arg("table"), py::kw_only(), py::arg("frequency"), py::arg("recency"),
           py::arg("periods"), py::arg("confidence"))
      .def(
          "expected_purchases",
          [](const BgBbFit& self, const std::vector<std::int64_t>& n, std::optional<double> confidence) {
            Output output(n.size());
            output.add("n", n);
            return of_numbers(
                self, std::move(output), "expected_purchases", IntervalScale::logarithm, confidence,
                [&](const auto& model, std::size_t i) { return model.expected_purchases(n[i]); });
          },
          py::arg("n"), py::kw_only(), py::arg("confidence"))
      .def(
          "probability_of_purchases",
          [](const BgBbFit& self, std::int64_t n, const std::vector<std::int64_t>& x,
             std::optional<double> confidence) {
            Output output(x.size());
            output.add("n", x);
            return of_numbers(
                self, std::move(output), "probability", IntervalScale::logit, confidence,
                [&](const auto& model, std::size_t i) { return model.probability_of_purchases(n, x[i]); });
          },
          py::arg("opportunities"), py::arg("purchases"), py::kw_only(), py::arg("confidence"));
}

}  // namespace tenure::python
