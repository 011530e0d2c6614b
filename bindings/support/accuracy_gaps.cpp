#include <algorithm>

#include "accuracy.hpp"

/// Where measures are not defined, and why.
namespace tenure::python {

namespace {

constexpr std::size_t reasons = 32;
static_assert(static_cast<std::size_t>(Undefined::no_error) < reasons);

/// The reasons of each part as bits, whichever forecast has them; empty if there are none.
std::vector<std::uint32_t> reasons_of(const std::vector<std::vector<MeasureColumn>>& figures, std::size_t m) {
  std::vector<std::uint32_t> found;
  for (const std::vector<MeasureColumn>& of_forecast : figures) {
    const std::vector<Undefined>& reason = of_forecast[m].reason;
    for (std::size_t i = 0; i < reason.size(); ++i) {
      if (reason[i] == Undefined::no) continue;
      found.resize(reason.size());
      found[i] |= 1U << static_cast<unsigned>(reason[i]);
    }
  }
  return found;
}

/// Whether a part without a figure of its own for this reason is left out of the figure of a group. In a
/// ratio of sums it is not if only its denominator is 0; owa compares figures of groups.
bool is_left_out(Measure measure, Undefined reason, Pooling pooling) noexcept {
  if (measure == Measure::owa && reason == Undefined::no_error) return false;
  if (pooling == Pooling::mean_of_ratios) return true;
  if (measure == Measure::spis && reason == Undefined::zero_actual) return false;
  return reason != Undefined::no_variation && reason != Undefined::no_error;
}

bool any_left_out(const std::vector<std::vector<MeasureColumn>>& figures, std::size_t m) {
  return std::ranges::any_of(figures, [&](const std::vector<MeasureColumn>& of_forecast) {
    return std::ranges::any_of(of_forecast[m].left_out, [](std::uint32_t count) { return count > 0; });
  });
}

}  // namespace

std::vector<Gap> PointAccuracy::gaps_of(const Cells& cells, const Figures& figures, std::string_view parts,
                                        const PointErrorOptions& options) const {
  std::vector<Gap> gaps;
  std::vector<Measure> pooled;  // of which parts are left out
  for (std::size_t m = 0; m < measures_.size(); ++m)
    if (any_left_out(figures, m)) pooled.push_back(measures_[m]);
  Figures own;
  if (!pooled.empty()) {
    Cells alone = cells;
    alone.groups.clear();
    own = figures_of(alone, pooled, options);
  }
  for (std::size_t m = 0; m < measures_.size(); ++m) {
    const Measure measure = measures_[m];
    std::uint32_t told = 0;
    const auto add = [&](const std::vector<std::uint32_t>& found, std::string_view what, auto&& counts) {
      for (unsigned reason = 0; reason < reasons; ++reason) {
        const std::uint32_t bit = 1U << reason;
        const auto count =
            std::ranges::count_if(found, [&](std::uint32_t bits) { return (bits & bit) != 0; });
        if (count == 0 || (told & bit) != 0 || !counts(static_cast<Undefined>(reason))) continue;
        told |= bit;
        gaps.push_back({std::string(name_of(measure)), count, static_cast<std::int64_t>(found.size()),
                        std::string(what), std::string(name_of(static_cast<Undefined>(reason)))});
      }
    };
    const auto place = std::ranges::find(pooled, measure);
    if (place != pooled.end())
      add(reasons_of(own, static_cast<std::size_t>(place - pooled.begin())), parts,
          [&](Undefined reason) { return is_left_out(measure, reason, options.pooling); });
    add(reasons_of(figures, m), cells.groups.empty() ? parts : "rows", [](Undefined) { return true; });
  }
  return gaps;
}

std::pair<std::size_t, std::string> PointAccuracy::history_gaps() const {
  std::pair<std::size_t, std::string> found{0, ""};
  if (!past_ || !past_->period().present()) return found;
  const StepUnit unit(*past_, panel_, options_.grain);
  for (std::size_t series = 0; series < past_->size(); ++series)
    if (unit.longest(*past_, series) > unit.length() && found.first++ == 0)
      found.second = past_->shown(series);
  return found;
}

}  // namespace tenure::python
