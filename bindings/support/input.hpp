#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "array.hpp"
#include "pybind.hpp"
#include "tenure/core/buffer.hpp"

namespace tenure::python {

/// The caller's table at the door. Columns may come from different places and be cut into different runs.
class Input {
 public:
  void set(InputColumn column);
  const InputColumn& at(std::string_view name) const;
  const std::vector<InputColumn>& columns() const noexcept { return columns_; }
  std::int64_t rows() const noexcept { return columns_.empty() ? 0 : columns_.front().size(); }

 private:
  std::vector<InputColumn> columns_;
};

/// A numpy array of fixed width, read where it is; `missing` (bool, or None) marks nulls.
InputColumn from_numbers(std::string name, const py::array& values, const py::object& missing, Type type);
/// numpy texts of fixed width, or a sequence of str in which everything else is null; coded while they are
/// read. Throws InputError E_KEY_UTF8 for a lone surrogate.
InputColumn from_texts(std::string name, const py::object& texts);

/// Instants or local times as seconds, rounded down, and which rows hold one.
struct Seconds {
  Buffer<std::int64_t> values;
  Buffer<bool> valid;
};
Seconds seconds_of(const InputColumn& column);
/// Whether all timestamps lie on midnight: then they are dates that carry a useless time.
bool midnight_only(const InputColumn& column);

}  // namespace tenure::python
