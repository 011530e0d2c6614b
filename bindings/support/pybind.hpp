#pragma once

/// The only include of pybind11: every unit sees the same casters.
#include <pybind11/functional.h>
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>
#include <pybind11/typing.h>

namespace tenure::python {

namespace py = pybind11;

void bind_errors(py::module_& module);
void bind_policy(py::module_& module);
void bind_table(py::module_& module);
void bind_columns(py::module_& module);
void bind_sources(py::module_& module);
void bind_fx(py::module_& module);
void bind_revenue(py::module_& module);
void bind_churn(py::module_& module);
void bind_cohort(py::module_& module);
void bind_book(py::module_& module);
void bind_live(py::module_& module);
void bind_reconcile(py::module_& module);
void bind_closest(py::module_& module);
void bind_restatement(py::module_& module);
void bind_customers(py::module_& module);
void bind_economics(py::module_& module);
void bind_buy_till_you_die(py::module_& module);
void bind_transactions(py::module_& module);
void bind_projection(py::module_& module);
void bind_survival(py::module_& module);
void bind_accuracy(py::module_& module);
void bind_quantiles(py::module_& module);
void bind_crps(py::module_& module);
void bind_comparison(py::module_& module);
void bind_value_added(py::module_& module);
void bind_predictability(py::module_& module);
void bind_calls(py::module_& module);
void bind_naive(py::module_& module);
void bind_book_forecast(py::module_& module);

}  // namespace tenure::python
