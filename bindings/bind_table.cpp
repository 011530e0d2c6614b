#include "support/arrow_read.hpp"
#include "support/input.hpp"

namespace tenure::python {

namespace {

constexpr std::int64_t seconds_per_day = 86'400;

/// What a numpy array of one of the fixed-width kinds holds. datetime64 comes as int64 with the number of its
/// units in a second: 0 for whole days.
Type numpy_type(const py::array& values, std::optional<std::int64_t> per_second, const std::string& zone,
                std::string name) {
  const int bits = static_cast<int>(values.itemsize()) * 8;
  Type type{.bits = bits, .name = std::move(name)};
  if (per_second) {
    type.kind = *per_second == 0 ? Kind::day : Kind::timestamp;
    type.per_day = *per_second == 0 ? 1 : *per_second * seconds_per_day;
    type.zone = zone;
    type.lowest_is_null = true;
    return type;
  }
  switch (values.dtype().kind()) {
    case 'b':
      type.kind = Kind::boolean;
      break;
    case 'i':
      type.kind = Kind::signed_integer;
      break;
    case 'u':
      type.kind = Kind::unsigned_integer;
      break;
    case 'f':
      type.kind = bits == 32 || bits == 64 ? Kind::floating : Kind::unsupported;
      break;
    default:
      type.kind = Kind::unsupported;
  }
  return type;
}

template <class T>
py::array_t<T> owning_array(Buffer<T> buffer) {
  auto held = std::make_unique<Buffer<T>>(std::move(buffer));
  const auto* data = held->data();
  const auto size = static_cast<py::ssize_t>(held->size());
  const py::capsule owner(held.release(), [](void* memory) { delete static_cast<Buffer<T>*>(memory); });
  return py::array_t<T>(size, data, owner);
}

std::tuple<std::string, bool, std::string> kind_of(const Input& input, const std::string& name) {
  const Type& type = input.at(name).type;
  const bool instants = type.kind == Kind::timestamp;
  return {type.name, instants, type.zone};
}

}  // namespace

void bind_table(py::module_& module) {
  py::class_<Input>(module, "Table", "The caller's columns at the door: borrowed, typed, not yet understood.")
      .def(py::init<>())
      .def(py::init<const Input&>(), py::arg("other"))
      .def(
          "read_stream",
          [](Input& input, const py::capsule& capsule, const std::optional<Progress>& progress) {
            std::vector<std::string> names;
            for (InputColumn& column : read_stream(capsule, progress.value_or(Progress{}))) {
              names.push_back(column.name);
              input.set(std::move(column));
            }
            return names;
          },
          py::arg("capsule"), py::arg("progress") = py::none(),
          "Take all columns of an Arrow stream; return their names.")
      .def(
          "read_column",
          [](Input& input, std::string name, const py::capsule& capsule) {
            auto columns = read_stream(capsule, {});
            if (columns.size() != 1) throw py::value_error("column '" + name + "' is a table of its own");
            columns.front().name = std::move(name);
            input.set(std::move(columns.front()));
          },
          py::arg("name"), py::arg("capsule"), "Take one column from a stream of its own.")
      .def(
          "set_numbers",
          [](Input& input, std::string name, const py::array& values, const py::object& missing,
             std::optional<std::int64_t> per_second, const std::string& zone, std::string type_name) {
            if (values.ndim() != 1 || (values.flags() & py::array::c_style) == 0)
              throw py::value_error("values must be one contiguous run");
            Type type = numpy_type(values, per_second, zone, std::move(type_name));
            input.set(from_numbers(std::move(name), values, missing, std::move(type)));
          },
          py::arg("name"), py::arg("values"), py::kw_only(), py::arg("missing") = py::none(),
          py::arg("per_second") = py::none(), py::arg("zone") = "", py::arg("type_name"),
          "Take a contiguous numpy array as it lies in memory.")
      .def(
          "set_texts",
          [](Input& input, std::string name, const py::object& texts) {
            input.set(from_texts(std::move(name), texts));
          },
          py::arg("name"), py::arg("texts"), "Take texts, coded while they are read; what is no str is null.")
      .def(
          "set_days",
          [](Input& input, std::string name, const py::array& days, const py::object& missing) {
            input.set(from_numbers(std::move(name), days, missing,
                                   {.kind = Kind::day, .bits = 32, .name = "date32"}));
          },
          py::arg("name"), py::arg("days").noconvert(), py::arg("missing"),
          "Put days since 1970-01-01 (int32) in place of a column.")
      .def_property_readonly("rows", &Input::rows)
      .def("kind", &kind_of, py::arg("name"),
           "Name of the type, whether it holds timestamps, and their zone.")
      .def(
          "midnight_only",
          [](const Input& input, const std::string& name) {
            const InputColumn& column = input.at(name);
            const py::gil_scoped_release unlocked;
            return midnight_only(column);
          },
          py::arg("name"), "Whether no timestamp carries a time of day.")
      .def(
          "seconds",
          [](const Input& input, const std::string& name) {
            const InputColumn& column = input.at(name);
            Seconds seconds = [&] {
              const py::gil_scoped_release unlocked;
              return seconds_of(column);
            }();
            return std::pair(owning_array(std::move(seconds.values)), owning_array(std::move(seconds.valid)));
          },
          py::arg("name"), "Timestamps as whole seconds, rounded down, and which rows hold one.");
}

}  // namespace tenure::python
