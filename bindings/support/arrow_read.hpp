#pragma once

#include <functional>
#include <vector>

#include "array.hpp"
#include "pybind.hpp"

namespace tenure::python {

using Progress = std::function<void(std::int64_t)>;

/// Reads all of an `arrow_array_stream` capsule. Nothing is copied: each batch stays where its producer put
/// it until the columns die. The lock is released while the producer works; `progress` hears of every batch
/// with the rows so far. A stream that is no struct gives one column of no name. Throws InputError
/// E_ARROW_RELEASED, E_ARROW_STREAM, E_ARROW_INVALID.
std::vector<InputColumn> read_stream(const py::capsule& capsule, const Progress& progress);

}  // namespace tenure::python
