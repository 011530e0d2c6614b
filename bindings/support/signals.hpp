#pragma once

#include <chrono>

#include "pybind.hpp"

namespace tenure::python {

/// Lets Python handle pending signals; a KeyboardInterrupt (or whatever a handler raises) unwinds the call.
/// Runs without the interpreter lock held, on the thread that made the call; Python looks at signals on its
/// main thread only.
inline void check_signals() {
  const py::gil_scoped_acquire lock;
  if (PyErr_CheckSignals() != 0) throw py::error_already_set();
}

/// check_signals(), at most once in 10 ms: cheap enough for every block of rows.
class SignalCheck {
 public:
  void operator()() {
    const auto now = std::chrono::steady_clock::now();
    if (now - last_ < std::chrono::milliseconds(10)) return;
    last_ = now;
    check_signals();
  }

 private:
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

}  // namespace tenure::python
