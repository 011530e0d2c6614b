#pragma once

#include "../interval.hpp"
#include "score_rows.hpp"
#include "wide_sum.hpp"

namespace tenure::detail {

/// A mean of scores divided by the scale of their series, over the points that have one.
class ScaledMean {
 public:
  void add(double score, double scale) noexcept {
    const Undefined reason = std::isnan(scale)   ? Undefined::too_few
                             : std::isinf(scale) ? Undefined::diverges
                             : scale > 0         ? Undefined::no
                                                 : Undefined::no_variation;
    if (reason == Undefined::no) {
      sum_.add(score / scale);
      ++points_;
    } else if (missing_ == Undefined::no || reason == Undefined::too_few) {
      missing_ = reason;
    }
  }
  /// Undefined if points without a scale are not to be left out, or there are no others.
  Real mean(UndefinedSeries without) const noexcept {
    if (missing_ != Undefined::no && (points_ == 0 || without == UndefinedSeries::undefined)) return missing_;
    return mean_of(sum_.value(), points_);
  }

 private:
  WideSum sum_;
  std::size_t points_ = 0;
  Undefined missing_ = Undefined::no;
};

/// The sums behind an IntervalScore.
class IntervalTotals {
 public:
  void add(double actual, double lower, double upper, double level) noexcept {
    ++points_;
    below_ += actual < lower;
    above_ += actual > upper;
    width_.add(upper - lower);
    score_.add(interval_score(actual, lower, upper, 1 - level));
  }
  void add_scaled(double actual, double lower, double upper, double level, double scale) noexcept {
    scaled_.add(interval_score(actual, lower, upper, 1 - level), scale);
  }
  IntervalScore score(double level, double reach, bool scaled, UndefinedSeries without) const noexcept {
    return {.level = level,
            .points = points_,
            .below = below_,
            .above = above_,
            .coverage = share_of(points_ - below_ - above_, points_, reach),
            .mean_width = mean_of(width_.value(), points_),
            .score = mean_of(score_.value(), points_),
            .scaled = scaled ? scaled_.mean(without) : Real(Undefined::before_history)};
  }

 private:
  std::size_t points_ = 0, below_ = 0, above_ = 0;
  WideSum width_, score_;
  ScaledMean scaled_;
};

}  // namespace tenure::detail
