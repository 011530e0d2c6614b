#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "calls.hpp"
#include "tenure/forecast/drift.hpp"

/// What moved calls, and what they are made of, as columns.
namespace tenure::python {

std::shared_ptr<Output> step_rows(const std::vector<DriftStep>& steps, bool transfers);
/// The deals, or owners in roll-ups, behind each step.
std::shared_ptr<Output> move_rows(const ReadCalls& read, const Drift& found);
std::shared_ptr<Output> swing_rows(const ReadCalls& read, const std::vector<Swing>& swings, bool transfers);
/// Rows of a call, at positions in CallHistory::rows().
std::shared_ptr<Output> rows_behind(const ReadCalls& read, const std::vector<std::uint32_t>& rows,
                                    CallCategory kind);

}  // namespace tenure::python
