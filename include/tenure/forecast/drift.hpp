#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "calls.hpp"

namespace tenure {

/// How the call of a period came to differ from what it was. The first five raise it, the others lower it.
enum class DriftLine : std::uint8_t {
  added,        ///< was not there before, or was lost and is open again; in roll-ups, the first call
  pulled_in,    ///< its close date moved into the period, from a later or an earlier one
  upgraded,     ///< its category now counts; also what was won without having been called
  raised,       ///< its amount rose
  transfer_in,  ///< came from an owner outside of those asked for
  lowered,      ///< its amount fell
  downgraded,   ///< its category no longer counts
  slipped_out,  ///< its close date moved out of the period, or it was not closed when the actual was taken
  transfer_out,
  lost
};
inline constexpr std::size_t drift_lines = 10;
std::string_view name_of(DriftLine line) noexcept;
constexpr bool raises(DriftLine line) noexcept { return line <= DriftLine::transfer_in; }

inline constexpr int at_actual = -1;  ///< "weeks before the end" of what the period brought

/// A row of the bridge: opening + what raised - what lowered = closing, exactly, in micro-units.
struct DriftStep {
  std::size_t period = 0;
  int weeks = 0;  ///< of the closing; at_actual for the step from the last call to the actual
  Day from = 0, to = 0;
  int128 opening = 0, closing = 0;
  std::array<int128, drift_lines> lines{};  ///< none is negative

  int128 change() const noexcept { return closing - opening; }
  bool closes() const noexcept;
};

/// What one opportunity (or owner, in roll-ups) did to a step. A deal that leaves does so with all it was
/// worth before, one that comes with all it is worth now; a change of the amount of one that stays is raised
/// or lowered. If several things happened within the step, the first of: existence or loss, period, category,
/// owner.
struct DriftMove {
  static constexpr std::uint32_t nothing = UINT32_MAX;
  std::uint32_t step = 0;
  std::uint32_t before = nothing, after = nothing;  ///< positions in CallHistory::rows(), or nothing
  std::int32_t owner = 0;                           ///< of an actual without a row; else that of the rows
  DriftLine line = DriftLine::raised;
  std::int64_t amount = 0;  ///< above 0
};

/// Which call: of a period, in a category, of some owners (a byte each, 0 is out; empty: of all). All that
/// takes it throws InputError E_WINDOW for a period, E_COLUMN_LENGTH for owners that the history has not.
struct DriftAsk {
  std::size_t period = 0;
  CallCategory category = CallCategory::commit;
  std::span<const std::uint8_t> owners = {};
};

struct Drift {
  std::vector<DriftStep> steps;  ///< week by week, from the first call; the last one leads to the actual
  std::vector<DriftMove> moves;  ///< by step, then by row
  bool observed = false;         ///< whether the last step is there

  /// The steps added up: a deal that slipped and came back is in both lines.
  DriftStep total() const;
};
/// Steps of the weeks that the history has; none if nobody called.
Drift drift(const CallHistory& history, const DriftAsk& ask);
/// One step from the first call straight to the actual (or to the last call): what came back is in no line.
Drift net_drift(const CallHistory& history, const DriftAsk& ask);

/// What makes up one call, as positions in CallHistory::rows(); `weeks` may be at_actual (of opportunities).
/// Throws OptionError E_HORIZON for a week that is not from 0 to CallHistory::weeks(), or has not come.
std::vector<std::uint32_t> rows_of_call(const CallHistory& history, const DriftAsk& ask, int weeks);

/// A week that moved a call, and what moved it most.
struct Swing {
  DriftStep step;
  std::size_t moves = 0;  ///< deals behind it, or owners in roll-ups
  DriftMove largest;
};
/// The steps of all periods that changed the call of a category most, the largest first; of equal ones the
/// earlier. `ask.period` is not looked at.
std::vector<Swing> swings(const CallHistory& history, const DriftAsk& ask, std::size_t top);

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/drift.ipp"
#endif
