#pragma once

#include <span>
#include <vector>

#include "../core/real.hpp"
#include "cac.hpp"

namespace tenure {

/// What growth costs, per period and segment, with the spend of `lag` periods before:
///
///   magic number     = net new ARR / spend              Scale Venture Partners: revenue of a quarter less
///                                                       that of the one before, times 4, over its spend
///   CAC ratio        = magic number * gross margin      Bessemer's law 2, see cac_ratio()
///   payback years    = 1 / CAC ratio
///   sales efficiency = new ARR / spend                  new = new + expansion of the bridge, before losses
///   spend share      = spend / new ARR                  what marketing costs of the ARR it brings
///   burn multiple    = burn / net new ARR               David Sacks; cash burnt, above 0 is a loss
///   rule of 40       = growth + profit margin           growth of ARR over a year
///
/// New ARR is 12 times the MRR of new and expanding customers, net new ARR 12 times closing less opening,
/// without what exchange rates did (spend brings no exchange rates); cut by a segment, with transfers.
/// Disagreement: the magic number is meant for quarters with a lag of 1; for
/// months it is read over a quarter all the same. A ratio is undefined (`no_spend`) where nothing was spent,
/// (`no_gain`) where new or net new ARR, as denominator, is not above 0, and for why spend is not known.
struct Efficiency {
  struct Cell {
    Spent spend;
    RunRateSum new_arr, net_new_arr;

    Real magic_number() const noexcept;
    Real cac_ratio(double margin) const noexcept { return scaled(magic_number(), margin); }
    Real sales_efficiency() const noexcept;
    Real spend_share() const noexcept;

   private:
    static Real scaled(Real value, double factor) noexcept {
      return value.defined() ? Real(value.value_or(0) * factor) : value;
    }
  };

  Frame frame;
  int lag = 0;
  std::vector<Cell> cells;   ///< by row
  std::vector<Cell> totals;  ///< by segment, over the periods whose spend is known

  const Cell& at(std::size_t period, std::size_t segment = 0) const {
    return cells[frame.checked_row(period, segment)];
  }
};

/// Throws what cac() throws.
Efficiency efficiency(const Spend& spend, const Waterfall& bridge, const CacOptions& options = {});

/// For plain numbers. Throw InputError E_RATE_RANGE for what is not finite, spend below 0, a margin above 1.
Real magic_number(double net_new_arr, double spend);
/// burn / net new ARR; a burn below 0 (cash came in) is a multiple below 0. Undefined (`no_gain`) unless net
/// new ARR is above 0.
Real burn_multiple(Real burn, double net_new_arr);
/// Growth and profit margin (EBITDA, operating or free cash flow: say which), both shares.
Real rule_of_40(Real growth, Real profit_margin) noexcept;
Real sales_efficiency(double new_arr, double spend);
Real spend_share(double spend, double new_arr);

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/efficiency.ipp"
#endif
