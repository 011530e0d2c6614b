#include "support/arrow_write.hpp"

namespace tenure::python {

namespace {

/// Python's whole numbers have no width, so 128 bits pass as text.
py::list whole_numbers(const std::vector<int128>& values) {
  py::list list;
  for (const int128 value : values) list.append(py::int_(py::str(to_string(value))));
  return list;
}

py::list texts(const Texts& column) {
  py::list list;
  for (std::size_t i = 0; i + 1 < column.offsets.size(); ++i)
    list.append(py::str(column.bytes.data() + column.offsets[i],
                        static_cast<std::size_t>(column.offsets[i + 1] - column.offsets[i])));
  return list;
}

py::object read_only(py::array array) {
  array.attr("setflags")(py::arg("write") = false);
  return array;
}

/// Arrays look into the output, which they keep alive, and cannot be written to.
py::object values(const py::object& self, const std::string& name) {
  const OutputColumn& column = self.cast<const Output&>().at(name);
  return std::visit(
      [&]<class Data>(const Data& data) -> py::object {
        if constexpr (std::is_same_v<Data, Decimals>)
          return whole_numbers(data.values);
        else if constexpr (std::is_same_v<Data, Texts>)
          return texts(data);
        else if constexpr (std::is_same_v<Data, Flags>)
          return read_only(py::array(py::dtype::of<bool>(), static_cast<py::ssize_t>(data.bytes.size()),
                                     data.bytes.data(), self));
        else
          return read_only(py::array_t<typename Data::value_type>(static_cast<py::ssize_t>(data.size()),
                                                                  data.data(), self));
      },
      column.data);
}

std::string type_name(const Output& output, const std::string& name) {
  const OutputColumn& column = output.at(name);
  if (const auto* decimals = std::get_if<Decimals>(&column.data))
    return "decimal:" + std::to_string(decimals->scale);
  constexpr std::string_view names[] = {"date", "int", "float", "decimal", "text", "bool"};
  return std::string(names[column.data.index()]);
}

}  // namespace

void bind_columns(py::module_& module) {
  py::class_<Output, std::shared_ptr<Output>>(module, "Columns",
                                              "A result as columns; tenure.Result is its face.")
      .def_property_readonly("rows", &Output::rows)
      .def_property_readonly("names",
                             [](const Output& output) {
                               std::vector<std::string> names;
                               for (const OutputColumn& column : output.columns())
                                 names.push_back(column.name);
                               return names;
                             })
      .def("type", &type_name, py::arg("name"), "date, int, float, text, bool, or decimal:<scale>.")
      .def("values", &values, py::arg("name"), "Days, numbers, scaled whole numbers of decimals, or texts.")
      .def(
          "nullable", [](const Output& output, const std::string& name) { return output.at(name).nullable; },
          py::arg("name"))
      .def(
          "reasons",
          [](const Output& output, const std::string& name) {
            const OutputColumn& column = output.at(name);
            std::vector<std::string> reasons(output.rows());
            for (std::size_t row = 0; row < column.reasons.size(); ++row)
              reasons[row] = name_of(column.reasons[row]);
            return reasons;
          },
          py::arg("name"), "Why each row is null; empty where it is not.")
      .def(
          "__arrow_c_stream__",
          [](std::shared_ptr<Output> output, const py::object&) { return to_stream(std::move(output)); },
          py::arg("requested_schema") = py::none());
}

}  // namespace tenure::python
