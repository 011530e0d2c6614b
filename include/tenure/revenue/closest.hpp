#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "../core/int128.hpp"
#include "../model/policy.hpp"

/// Which definition somebody else's figures were made by.
namespace tenure {

/// A preset, possibly with one option changed, and how far its figures are from theirs.
struct Candidate {
  std::string preset;
  std::optional<PolicyOption> change;
  Policy policy;
  std::vector<int128> ours;  ///< in the order of theirs
  int128 difference = 0;     ///< sum of |theirs - ours| beyond the tolerance: what remains unexplained
  int128 worst = 0;          ///< the largest |theirs - ours|
  std::size_t equal = 0;     ///< figures that agree within the tolerance
};

/// Computes our figures, in the order of theirs, under a policy.
using ReadFigures = std::function<std::vector<int128>(const Policy&)>;

/// Ranks the presets by how close they come to figures of somebody else, then the `starts` best of them
/// with each single option changed to each value that is met in the wild, as far as that makes a
/// difference; closest first. Ties go to fewer changes, then to the order of Policy::presets. `in_play` are
/// the options that can matter for the rows. A preset that cannot read the rows (for lack of a column) is
/// left out.
///
/// Throws InputError E_MATCH if no preset can read the rows, or there are no figures.
std::vector<Candidate> closest(std::span<const int128> theirs, const ReadFigures& read,
                               std::span<const std::string> in_play, int128 tolerance,
                               std::size_t starts = 3);

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/closest.ipp"
#endif
