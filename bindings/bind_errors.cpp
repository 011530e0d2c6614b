#include "support/pybind.hpp"
#include "tenure/core/error.hpp"

/// Every exception of the library becomes a class of tenure.errors here, and nowhere else. InputError is
/// narrowed there by code, so that a wrong type is a TypeError too.
namespace tenure::python {

namespace {

py::dict to_dict(const Fault& fault) {
  using namespace py::literals;
  return py::dict("code"_a = fault.code, "what"_a = fault.what,
                  "column"_a = fault.column.empty() ? py::none() : py::cast(fault.column),
                  "row"_a = fault.row, "value"_a = fault.value.empty() ? py::none() : py::cast(fault.value),
                  "hint"_a = fault.remedy.empty() ? py::none() : py::cast(fault.remedy));
}

void raise(const char* kind, const Error& error) {
  const py::object errors = py::module_::import("tenure.errors");
  py::list faults;
  for (const Fault& fault : error.faults()) faults.append(to_dict(fault));
  const py::object raised = errors.attr("from_core")(kind, faults, error.count());
  PyErr_SetObject(py::type::handle_of(raised).ptr(), raised.ptr());
}

}  // namespace

void bind_errors(py::module_&) {
  py::register_local_exception_translator([](std::exception_ptr failure) {
    try {
      if (failure) std::rethrow_exception(failure);
    } catch (const InputError& error) {
      raise("InputError", error);
    } catch (const OptionError& error) {
      raise("OptionError", error);
    } catch (const OverflowError& error) {
      raise("RangeError", error);
    } catch (const StateError& error) {
      raise("StateError", error);
    } catch (const IntegrityError& error) {
      raise("IntegrityError", error);
    } catch (const Error& error) {
      raise("Error", error);
    }
  });
}

}  // namespace tenure::python
