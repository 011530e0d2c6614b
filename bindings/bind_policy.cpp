#include "support/pybind.hpp"
#include "tenure/model/policy.hpp"

namespace tenure::python {

void bind_policy(py::module_& module) {
  py::class_<Policy>(module, "Policy", "Options of a definition; tenure.Policy is its face.")
      .def(py::init(&Policy::named), py::arg("preset"))
      .def("set", &Policy::set, py::arg("option"), py::arg("value"), "Change one option, both by name.")
      .def("check", &Policy::check, "Refuse values that exclude each other.")
      .def(
          "options",
          [](const Policy& policy) {
            py::typing::Dict<py::str, py::str> options;
            for (const auto& [name, value] : policy.options()) options[py::str(name)] = value;
            return options;
          },
          "All options and their values, in a fixed order.")
      .def(
          "explain",
          [](const Policy& policy) {
            std::vector<std::tuple<std::string, std::string, std::string, std::string, bool>> all;
            for (auto& [option, value, about, words, standard] : policy.explain())
              all.emplace_back(option, value, about, words, standard);
            return all;
          },
          "Tuples of option, value, what it decides, what this value does, and whether it is the standard.")
      .def_property_readonly("digest", &Policy::digest, "16 hexadecimal digits, equal for equal options.")
      .def_static("presets", &Policy::presets, "Names that the constructor knows.")
      .def_static("known_values", &Policy::known_values, py::arg("option"),
                  "Values of an option that are met in the wild.");
}

}  // namespace tenure::python
