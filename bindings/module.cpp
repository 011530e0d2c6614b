#include <cstdint>

#include "support/pybind.hpp"
#include "tenure/version.hpp"

PYBIND11_MODULE(_core, module) {
  using namespace tenure::python;
  module.doc() = "The compiled part of tenure; use the package, not this.";
  module.attr("__version__") = TENURE_VERSION;
  module.attr("MOST_ROWS") = UINT32_MAX;
  bind_errors(module);
  bind_policy(module);
  bind_table(module);
  bind_columns(module);
  bind_fx(module);
  bind_sources(module);
  bind_revenue(module);
  bind_churn(module);
  bind_cohort(module);
  bind_book(module);
  bind_live(module);
  bind_reconcile(module);
  bind_closest(module);
  bind_restatement(module);
  bind_customers(module);
  bind_economics(module);
  bind_buy_till_you_die(module);
  bind_transactions(module);
  bind_projection(module);
  bind_survival(module);
  bind_accuracy(module);
  bind_quantiles(module);
  bind_crps(module);
  bind_comparison(module);
  bind_value_added(module);
  bind_predictability(module);
  bind_calls(module);
  bind_naive(module);
  bind_book_forecast(module);
}
