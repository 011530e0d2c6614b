#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "../cohort/triangle.hpp"
#include "../core/real.hpp"
#include "cac.hpp"

namespace tenure {

/// What a customer brings in a month, after what it costs to serve it.
///
///   margin = (revenue * (margin - processing) - support) * (1 - churn)
///
/// The usual formula is revenue * margin. calcsimpler.com takes off the share of customers lost in a month,
/// propelcollective.io a processing fee (a share of revenue) and what support costs a month.
struct UnitMargin {
  double revenue = 0;     ///< a month, ARPA or the new MRR of the customers won
  double margin = 1;      ///< gross margin, a share of revenue
  double churn = 0;       ///< share of customers lost in a month
  double processing = 0;  ///< share of revenue
  double support = 0;     ///< a month

  /// Throws InputError E_RATE_RANGE: margin above 1, churn or processing outside 0..1, support below 0, or
  /// anything that is not finite.
  double monthly() const;
};

/// Months until the margin has paid back what the customer cost: cost / monthly margin. Undefined
/// (`no_margin`) where there is no margin. Costs below 0 are refused: E_RATE_RANGE.
Real payback_months(Real cost, const UnitMargin& unit);

/// Bessemer's CAC ratio: (gross margin of a quarter - that of the quarter before) * 4 / spend of the quarter
/// before. Undefined (`no_spend`) without spend.
Real cac_ratio(double margin_now, double margin_before, double spend_before);
/// Years until that is paid back, 1 / ratio. Undefined (`no_gain`) where the ratio is not above 0.
Real payback_years(Real cac_ratio) noexcept;

enum class Crossing : std::uint8_t {
  interpolated,  ///< margin comes in evenly within a month
  whole          ///< the first month at whose end all is paid back
};

/// When cumulative margin crosses a cost: `margins` by age, the first earned during period 1. With
/// interpolation M(payback) == cost exactly, M piecewise linear. Undefined for `unreached` where they do not
/// get there. In periods.
Real crossing(std::span<const double> margins, double cost, Crossing how, Undefined unreached) noexcept;

/// What the customers of a cohort have brought, against what they cost together.
struct CohortPayback {
  Frame frame;  ///< cohorts are its periods
  struct Row {
    std::int64_t customers = 0;         ///< the cohort started with
    Real cost = Undefined::no_spend;    ///< of all of them
    std::int64_t observed = 0;          ///< periods of margin that were seen
    double margin = 0;                  ///< earned in them
    Real share = Undefined::no_spend;   ///< of the cost that is paid back so far
    Real months = Undefined::no_gain;   ///< until all is paid back
    Real formula = Undefined::no_gain;  ///< months by formula: spend / the margin of the first month
  };
  std::vector<Row> rows;                        ///< by frame.row(cohort, segment)
  std::vector<std::vector<double>> cumulative;  ///< by row, margin up to the end of each observed age
  std::size_t complete = 0;                     ///< cohorts, from the first on, whose first period was over
};

struct CohortPaybackOptions {
  double margin = 1;         ///< gross margin, a share of revenue
  double cost_to_serve = 0;  ///< per customer and month
  Crossing crossing = Crossing::interpolated;
  Day known_until = max_day;  ///< periods that are not over on this day are not observed
};

/// Payback by actual cumulative margin: at age a the cohort earns amount(a) * margin - cost to serve *
/// customers(a), held against the spend that won it. Undefined: `no_gain` (nobody started), why the spend is
/// not known, `not_reached` (nobody is left to pay it back), `not_yet_observed` (not yet, and some still
/// pay; or no period of the cohort was over on `known_until`), `other_period` (weeks and days have no length
/// in months). Needs a CAC over the same periods and segments; a segment without spend costs 0. Throws
/// OptionError E_PERIODS for other periods, InputError E_RATE_RANGE.
CohortPayback payback(const Cac& cac, const Triangle& cohorts, const CohortPaybackOptions& options = {});

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/payback.ipp"
#endif
