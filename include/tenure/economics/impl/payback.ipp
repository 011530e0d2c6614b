#include <algorithm>
#include <cmath>

#include "../detail/rates.hpp"
#include "../payback.hpp"

namespace tenure {

TENURE_INLINE double UnitMargin::monthly() const {
  detail::require_finite("revenue", revenue);
  detail::require_margin(margin);
  detail::require_share("churn", churn);
  detail::require_share("processing", processing);
  detail::require_positive("support", support);
  return (revenue * (margin - processing) - support) * (1 - churn);
}

TENURE_INLINE Real payback_months(Real cost, const UnitMargin& unit) {
  const double margin = unit.monthly();
  if (!cost.defined()) return cost;
  detail::require_positive("cost", cost.value_or(0));
  if (margin <= 0) return Undefined::no_margin;
  return cost.value_or(0) / margin;
}

TENURE_INLINE Real cac_ratio(double margin_now, double margin_before, double spend_before) {
  detail::require_finite("margin_now", margin_now);
  detail::require_finite("margin_before", margin_before);
  detail::require_positive("spend", spend_before);
  return divide((margin_now - margin_before) * 4, spend_before, Undefined::no_spend);
}

TENURE_INLINE Real payback_years(Real cac_ratio) noexcept {
  if (!cac_ratio.defined()) return cac_ratio;
  if (cac_ratio.value_or(0) <= 0) return Undefined::no_gain;
  return 1 / cac_ratio.value_or(0);
}

TENURE_INLINE Real crossing(std::span<const double> margins, double cost, Crossing how,
                            Undefined unreached) noexcept {
  if (cost <= 0) return 0.0;
  double before = 0;
  for (std::size_t age = 0; age < margins.size(); ++age) {
    const double after = before + margins[age];
    if (after >= cost) {
      const auto whole = static_cast<double>(age);
      return how == Crossing::whole ? whole + 1 : whole + (cost - before) / margins[age];
    }
    before = after;
  }
  return unreached;
}

namespace detail {

/// The margin of each observed age of one cohort; `complete` periods are over.
inline std::vector<double> cohort_margins(const Triangle& cohorts, std::size_t cohort, std::size_t segment,
                                          const CohortPaybackOptions& options, std::size_t complete,
                                          int months) {
  std::vector<double> margins;
  for (std::size_t age = 0; cohort + age < complete; ++age) {
    const Flow& cell = cohorts.at(cohort, age, segment);
    margins.push_back(months * (cell.amount.mrr() * options.margin -
                                options.cost_to_serve * static_cast<double>(cell.customers)));
  }
  return margins;
}

}  // namespace detail

TENURE_INLINE CohortPayback payback(const Cac& cac, const Triangle& cohorts,
                                    const CohortPaybackOptions& options) {
  detail::require_margin(options.margin);
  detail::require_positive("cost_to_serve", options.cost_to_serve);
  if (cac.frame.periods != cohorts.frame.periods)
    throw_option({.code = "E_PERIODS",
                  .what = "the spend is of other periods than the cohorts",
                  .value = format_day(cac.frame.periods.begin()),
                  .remedy = "Ask for both over the same periods."});
  const int months = detail::months_in(cohorts.frame.periods.calendar());
  const std::size_t complete = detail::complete_periods(cohorts.frame.periods, options.known_until);
  const std::vector<std::string>& labels = cohorts.frame.segments;
  CohortPayback result{.frame = cac.frame, .rows = {}, .cumulative = {}, .complete = complete};
  for (std::size_t cohort = 0; cohort < cohorts.size(); ++cohort)
    for (std::size_t at = 0; at < cac.frame.segments.size(); ++at) {
      CohortPayback::Row row;
      const Spent& spend = cac.at(cohort, at).spend;
      row.cost = spend.known() ? Real(quotient(spend.amount, micros)) : Real(spend.reason);
      std::vector<double> margins;
      const auto found = std::ranges::find(labels, cac.frame.segments[at]);
      if (found != labels.end() && cohort < complete) {
        const auto segment = static_cast<std::size_t>(found - labels.begin());
        row.customers = cohorts.at(cohort, 0, segment).customers;
        margins = detail::cohort_margins(cohorts, cohort, segment, options, complete, months);
        const Flow& start = cohorts.at(cohort, 0, segment);
        row.formula =
            payback_months(row.cost.defined() ? Real(std::max(row.cost.value_or(0), 0.0)) : row.cost,
                           {.revenue = start.amount.mrr(),
                            .margin = options.margin,
                            .support = options.cost_to_serve * static_cast<double>(row.customers)});
        const bool gone = cohorts.at(cohort, margins.size() - 1, segment).customers == 0;
        row.months = crossing(margins, row.cost.value_or(0), options.crossing,
                              gone ? Undefined::not_reached : Undefined::not_yet_observed);
      }
      std::vector<double>& sums = result.cumulative.emplace_back();
      for (const double margin : margins) sums.push_back((sums.empty() ? 0 : sums.back()) + margin);
      row.observed = static_cast<std::int64_t>(margins.size());
      row.margin = sums.empty() ? 0 : sums.back();
      row.share = divide(row.margin, row.cost, Undefined::no_spend);
      if (row.months.defined()) row.months = row.months.value_or(0) * months;
      if (row.customers == 0) row.months = row.formula = Undefined::no_gain;
      if (cohort >= complete) row.months = row.formula = row.share = Undefined::not_yet_observed;
      if (!row.cost.defined()) row.months = row.formula = row.cost;
      if (months == 0) row.months = row.share = Undefined::other_period;
      result.rows.push_back(row);
    }
  return result;
}

}  // namespace tenure
