#pragma once

#include <utility>

#include "signals.hpp"
#include "tenure/core/parallel.hpp"

namespace tenure::python {

/// Calls use(execution) without the interpreter's lock, listening for signals; 0 threads: all of the machine.
template <class Use>
auto unlocked(int threads, Use&& use) {
  SignalCheck signals;
  const py::gil_scoped_release released;
  return std::forward<Use>(use)(Execution{.threads = threads, .poll = [&signals] { signals(); }});
}

}  // namespace tenure::python
