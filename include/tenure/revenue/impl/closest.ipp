#include <algorithm>
#include <tuple>

#include "../../core/error.hpp"
#include "../closest.hpp"

namespace tenure {

namespace detail {

inline Candidate measured(Candidate candidate, std::span<const int128> theirs, int128 tolerance) {
  for (std::size_t i = 0; i < theirs.size(); ++i) {
    const auto away = static_cast<int128>(magnitude(theirs[i] - candidate.ours[i]));
    if (away <= tolerance) {  // as far as their figures are printed, they are ours
      ++candidate.equal;
      continue;
    }
    candidate.difference += away;
    candidate.worst = std::max(candidate.worst, away);
  }
  return candidate;
}

/// Closest first; candidates that are equally close stay in the order in which they were tried.
inline void rank(std::vector<Candidate>& candidates) {
  std::stable_sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
    return std::tuple(a.difference, a.worst, a.change.has_value()) <
           std::tuple(b.difference, b.worst, b.change.has_value());
  });
}

/// Our figures under a policy, unless it cannot read these rows or is no policy at all.
inline std::optional<std::vector<int128>> try_read(const Policy& policy, const ReadFigures& read) {
  try {
    policy.check();
    return read(policy);
  } catch (const InputError&) {
  } catch (const OptionError&) {
  }
  return std::nullopt;
}

}  // namespace detail

TENURE_INLINE std::vector<Candidate> closest(std::span<const int128> theirs, const ReadFigures& read,
                                             std::span<const std::string> in_play, int128 tolerance,
                                             std::size_t starts) {
  if (theirs.empty())
    throw_input({.code = "E_MATCH",
                 .what = "there are no figures to compare with",
                 .remedy = "Give at least one month and its MRR, or a movement."});
  std::vector<Candidate> all;
  const auto consider = [&](const std::string& preset, const Policy& policy,
                            std::optional<PolicyOption> change, const Candidate* start) {
    auto ours = detail::try_read(policy, read);
    if (!ours || (start != nullptr && *ours == start->ours))
      return;  // a change without effect explains nothing
    Candidate candidate;
    candidate.preset = preset;
    candidate.change = std::move(change);
    candidate.policy = policy;
    candidate.ours = std::move(*ours);
    all.push_back(detail::measured(std::move(candidate), theirs, tolerance));
  };
  for (const std::string& preset : Policy::presets())
    consider(preset, Policy::named(preset), std::nullopt, nullptr);
  if (all.empty())
    throw_input({.code = "E_MATCH",
                 .what = "no preset can read these rows",
                 .remedy = "Make a book of them under one policy first: its message says what is missing."});
  detail::rank(all);
  const std::vector<Candidate> best(all.begin(),
                                    all.begin() + static_cast<std::ptrdiff_t>(std::min(starts, all.size())));
  for (const Candidate& start : best)
    for (const std::string& option : in_play)
      for (const std::string& value : Policy::known_values(option)) {
        Policy policy = start.policy;
        policy.set(option, value);
        if (policy != start.policy) consider(start.preset, policy, PolicyOption{option, value}, &start);
      }
  detail::rank(all);
  return all;
}

}  // namespace tenure
