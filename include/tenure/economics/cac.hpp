#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "../core/bootstrap.hpp"
#include "../core/frame.hpp"
#include "../core/real.hpp"
#include "../model/spend.hpp"
#include "../revenue/waterfall.hpp"

namespace tenure {

/// What it costs to win a customer, per period and segment (frame.row(period, segment)):
///
///   cac             = spend of the period `lag` before / customers who are new in the period
///   cac per new MRR = the same spend / MRR that is new in the period
///
/// New is Line::new_ of the bridge: who pays for the first time ever; who comes back was won before. Without
/// new customers CAC is undefined (`no_gain`; the spend is there to see); customers for whom nothing was
/// spent cost 0, a true quotient (organic channels). Where nobody knows the spend (before the first row of
/// it, after the last) CAC is undefined for that reason. Totals are ratios of sums over the periods whose
/// spend is known, never means of ratios.
///
/// Disagreement: Wall Street Prep and most glossaries hold spend against the customers of the same period,
/// SaaSGrid and Bessemer against those of the next one (lag 1). "Fully loaded" counts salaries and tools,
/// "media" only what advertising cost: that is SpendOptions::kinds.
struct Cac {
  struct Cell {
    Spent spend;
    Flow won;  ///< customers and MRR that are new

    /// Undefined: `no_gain`, or why the spend is not known.
    Real per_customer() const noexcept;
    Real per_new_mrr() const noexcept;
  };

  Frame frame;
  int lag = 0;
  std::vector<Cell> cells;          ///< by row
  std::vector<Cell> totals;         ///< by segment, over the periods whose spend is known
  std::vector<std::int64_t> known;  ///< by segment, how many periods those are

  const Cell& at(std::size_t period, std::size_t segment = 0) const {
    return cells[frame.checked_row(period, segment)];
  }
};

struct CacOptions {
  int lag = 0;
  /// The channels that count, on both sides ("paid only"); none: all of them ("blended"). Needs spend and a
  /// bridge by channel.
  std::vector<std::string> channels = {};
  /// A row for each channel; else all that count together.
  bool split = true;
};

/// Spend against the new customers of a bridge. A bridge cut by a segment is matched with the channels of the
/// spend by label; what only one side has is there too, with nothing on the other. Throws InputError
/// E_CURRENCY_MIXED for spend in another currency than the bridge, OptionError E_LAG, E_CHANNEL for a channel
/// that neither side has, E_SEGMENT for channels of a bridge that is not cut by them.
Cac cac(const Spend& spend, const Waterfall& bridge, const CacOptions& options = {});
/// The same against what was won by any other count: flows by row of a frame.
Cac cac(const Spend& spend, const Frame& cut, std::span<const Flow> won, const CacOptions& options = {});

/// A customer that was won within the periods of known spend, in a segment of the result.
struct Win {
  std::uint64_t key;  ///< random_key() of its id
  std::size_t segment;
  RunRateSum amount;
};
struct CacEstimate {
  Estimate per_customer, per_new_mrr;
};
/// The totals with intervals, by segment: the spend is what it was, and other customers of the same kind,
/// more of them or fewer, might have come for it (core/bootstrap.hpp). `won` are all customers of
/// `cac.totals`.
std::vector<CacEstimate> estimates(const Cac& cac, std::span<const Win> won,
                                   const BootstrapOptions& options = {});

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/cac.ipp"
#endif
