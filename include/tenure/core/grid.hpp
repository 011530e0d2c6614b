#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "error.hpp"
#include "period.hpp"

/// From days to positions on a run of periods, by one table look-up.
namespace tenure {

using Slot = std::uint16_t;

/// The periods of a question and all before them back to the first row, so that who paid in the past is known
/// to have paid. A slot is a position on it; `beyond()` stands for all that happens after the last period.
class Grid {
 public:
  /// at_start: an event counts from the first period that begins on or after its day (state on the first day
  /// of a period); otherwise from the period that contains its day (state at the end of a period).
  Grid(const Periods& window, Day history, bool at_start)
      : Grid(Periods(window.calendar(), std::min(history, window.begin()), window.end() - 1).bounds(),
             window.size(), at_start) {}

  /// One slot that holds everything from `history` up to and including the day `at`.
  static Grid until(Day history, Day at) { return {{std::min(history, at), at + 1}, 1, false}; }

  /// The days [begin, end) as the one slot that is asked for, and before it the periods of a calendar back to
  /// `history`.
  static Grid between(const Calendar& calendar, Day history, Day begin, Day end) {
    std::vector<Day> bounds;
    for (Day at = calendar.floor(std::min(history, begin - 1)); at < begin; at = calendar.advance(at, 1))
      bounds.push_back(at);
    bounds.push_back(begin);
    bounds.push_back(end);
    return {bounds, 1, false};
  }

  Slot operator[](Day day) const noexcept {
    const Day clamped = std::clamp(day, low_, high_);
    return slots_[static_cast<std::size_t>(clamped - low_)];
  }
  std::size_t size() const noexcept { return size_; }
  Slot beyond() const noexcept { return static_cast<Slot>(size_); }
  /// Slot of the first period asked for.
  std::size_t first() const noexcept { return first_; }

 private:
  static constexpr std::size_t limit = 65535;

  Grid(const std::vector<Day>& bounds, std::size_t asked, bool at_start)
      : size_(bounds.size() - 1), first_(size_ - asked), low_(bounds.front()), high_(bounds.back() + 1) {
    if (size_ >= limit)
      throw_input(
          {.code = "E_WINDOW",
           .what = "from the first row to the last period there are " + std::to_string(size_) + " periods",
           .value = std::to_string(size_),
           .remedy = "At most " + std::to_string(limit - 1) +
                     ": ask for longer periods, or look for a wrong year."});
    slots_.resize(static_cast<std::size_t>(high_ - low_) + 1);
    std::size_t period = 0;
    for (std::size_t i = 0; i < slots_.size(); ++i) {
      const Day day = low_ + static_cast<Day>(i);
      while (period < size_ && day >= bounds[period + 1]) ++period;
      const bool later = at_start && period < size_ && day > bounds[period];
      slots_[i] = static_cast<Slot>(period + (later ? 1U : 0U));
    }
  }

  std::size_t size_, first_;
  Day low_, high_;
  std::vector<Slot> slots_;
};

}  // namespace tenure
