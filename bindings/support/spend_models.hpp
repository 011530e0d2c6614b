#pragma once

#include "pybind.hpp"

namespace tenure::python {

/// Called by bind_transactions.
void bind_gamma_gamma(py::module_& module);
void bind_bg_bb(py::module_& module);
void bind_customer_value(py::module_& module);

}  // namespace tenure::python
