#include <array>
#include <cmath>

#include "../../core/names.hpp"
#include "../detail/rates.hpp"
#include "../ltv.hpp"

namespace tenure {

namespace detail {

inline constexpr std::array<Named<ChurnMeasure>, 4> churn_measures{{{"customer", ChurnMeasure::customer},
                                                                    {"mrr", ChurnMeasure::mrr},
                                                                    {"gross_mrr", ChurnMeasure::gross_mrr},
                                                                    {"net_mrr", ChurnMeasure::net_mrr}}};

/// What a payment at the end of the period is worth less.
inline double at_time(const LtvTerms& terms, double value) noexcept {
  return terms.timing == Timing::begin ? value : value / (1 + terms.discount);
}

}  // namespace detail

TENURE_INLINE void LtvTerms::check() const {
  detail::require_margin(margin);
  detail::require_discount(discount);
  detail::require_share("floor", floor);
  if (horizon && *horizon < 0)
    throw_option({.code = "E_HORIZON",
                  .what = "horizon=" + std::to_string(*horizon) + " is below 0",
                  .value = std::to_string(*horizon),
                  .remedy = "Give the number of periods that count, or none for all."});
}

TENURE_INLINE Real lifetime(Real churn) noexcept {
  if (!churn.defined()) return churn;
  if (churn.value_or(0) <= 0) return Undefined::no_loss;
  return 1 / churn.value_or(0);
}

TENURE_INLINE Real ltv(double revenue, Real churn, const LtvTerms& terms) {
  terms.check();
  detail::require_finite("revenue", revenue);
  if (!churn.defined()) return churn;
  double lost = churn.value_or(0);
  detail::require_churn(lost);
  if (terms.zero_churn == ZeroChurn::floor) lost = std::max(lost, terms.floor);
  if (lost == 0 && terms.zero_churn == ZeroChurn::zero) return 0.0;
  const double d = terms.discount, margin = detail::at_time(terms, revenue * terms.margin);
  if (terms.horizon) {
    const int periods = *terms.horizon;
    const double leaving = (lost + d) / (1 + d);  // 1 - q
    if (leaving == 0) return margin * periods;
    if (leaving >= 1) return periods == 0 ? 0.0 : margin;
    // 1 - q^h without cancellation where q is near 1.
    return margin * -std::expm1(periods * std::log1p(-leaving)) / leaving;
  }
  if (lost == 0 && d <= 0) return Undefined::no_loss;
  if (lost + d <= 0) return Undefined::diverges;
  return margin * (1 + d) / (lost + d);
}

TENURE_INLINE Real ltv_of_survival(double revenue, std::span<const double> survival, const LtvTerms& terms) {
  terms.check();
  detail::require_finite("revenue", revenue);
  double sum = 0, weight = 1;
  for (std::size_t t = 0; t < survival.size(); ++t) {
    detail::require_share("survival", survival[t]);
    if (t > 0 && survival[t] > survival[t - 1])
      throw_input({.code = "E_RATE_RANGE",
                   .what = "survival rises from " + detail::shown_rate(survival[t - 1]) + " to " +
                           detail::shown_rate(survival[t]),
                   .column = "survival",
                   .row = static_cast<std::int64_t>(t),
                   .value = detail::shown_rate(survival[t]),
                   .remedy = "Give the share of the customers who started that is still there."});
    if (terms.horizon && t >= static_cast<std::size_t>(*terms.horizon)) break;
    sum += survival[t] * weight;
    weight /= 1 + terms.discount;
  }
  if (survival.empty()) return Undefined::empty_base;
  if (terms.horizon && survival.size() < static_cast<std::size_t>(*terms.horizon))
    return Undefined::not_yet_observed;
  return detail::at_time(terms, revenue * terms.margin * sum);
}

TENURE_INLINE Real ltv_to_cac(Real ltv, Real cac) noexcept { return divide(ltv, cac, Undefined::no_spend); }

TENURE_INLINE std::vector<ObservedValue> observed_ltv(const Triangle& cohorts, std::size_t segment,
                                                      const LtvTerms& terms, double cost_to_serve,
                                                      Day known_until) {
  terms.check();
  detail::require_positive("cost_to_serve", cost_to_serve);
  const int months = detail::months_in(cohorts.frame.periods.calendar());
  const std::size_t limit =
      terms.horizon ? std::min(cohorts.size(), static_cast<std::size_t>(*terms.horizon)) : cohorts.size();
  const std::size_t complete = detail::complete_periods(cohorts.frame.periods, known_until);
  std::vector<ObservedValue> values;
  double sum = 0, weight = 1;
  Undefined reason = months == 0 ? Undefined::other_period : Undefined::no;
  for (std::size_t age = 0; age < limit; ++age) {
    Flow now;
    std::int64_t size = 0;
    for (std::size_t cohort = 0; cohort + age < complete; ++cohort) {
      now += cohorts.at(cohort, age, segment);
      size += cohorts.at(cohort, 0, segment).customers;
    }
    if (age >= complete && reason == Undefined::no) reason = Undefined::not_yet_observed;
    // From here on the curve has a hole, so there is no sum beyond it.
    if (size == 0 && reason == Undefined::no) reason = Undefined::empty_base;
    if (reason == Undefined::no) {
      const double earned =
          now.amount.mrr() * terms.margin - cost_to_serve * static_cast<double>(now.customers);
      sum += detail::at_time(terms, earned * months) * weight / static_cast<double>(size);
      weight /= 1 + terms.discount;
    }
    values.push_back({size, reason == Undefined::no ? Real(sum) : Real(reason)});
  }
  return values;
}

TENURE_INLINE ChurnMeasure parse_churn_measure(std::string_view name) {
  return parse_named<ChurnMeasure>(detail::churn_measures, name, "churn", "E_CHURN");
}

TENURE_INLINE std::vector<Real> churn_by_row(const Waterfall& bridge, ChurnMeasure measure) {
  std::vector<Real> rates;
  for (std::size_t period = 0; period < bridge.frame.periods.size(); ++period)
    for (std::size_t segment = 0; segment < bridge.frame.segments.size(); ++segment) {
      const auto flow = [&](Line line) -> const Flow& { return bridge.at(line, period, segment); };
      if (measure == ChurnMeasure::customer) {
        rates.emplace_back(Ratio{flow(Line::churn).customers, flow(Line::opening).customers});
        continue;
      }
      RunRateSum lost = flow(Line::churn).amount;
      if (measure != ChurnMeasure::mrr) lost += flow(Line::contraction).amount;
      if (measure == ChurnMeasure::net_mrr)
        lost -= flow(Line::expansion).amount + flow(Line::reactivation).amount;
      rates.emplace_back(Ratio{lost.annual, flow(Line::opening).amount.annual});
    }
  return rates;
}

TENURE_INLINE std::vector<Real> churn_by_period(const Churn& churn, ChurnMeasure measure) {
  std::vector<Real> rates;
  for (const ChurnRates& at : churn.rates) {
    const std::optional<double> rate = measure == ChurnMeasure::customer    ? at.customer
                                       : measure == ChurnMeasure::mrr       ? at.mrr
                                       : measure == ChurnMeasure::gross_mrr ? at.gross_mrr
                                                                            : at.net_mrr;
    rates.push_back(rate ? Real(*rate) : Real(Undefined::empty_base));
  }
  return rates;
}

TENURE_INLINE std::vector<Real> trailing_churn(std::span<const Real> churn, int periods, bool with_current) {
  if (periods < 1)
    throw_option({.code = "E_TRAILING",
                  .what = "trailing=" + std::to_string(periods) + " is not above 0",
                  .value = std::to_string(periods)});
  std::vector<Real> means;
  for (std::size_t k = 0; k < churn.size(); ++k) {
    const std::size_t end = with_current ? k + 1 : k, count = static_cast<std::size_t>(periods);
    Real mean = Undefined::before_history;
    if (end >= count) {
      double sum = 0;
      Undefined reason = Undefined::no;
      for (std::size_t i = end - count; i < end; ++i) {
        if (reason == Undefined::no) reason = churn[i].reason();
        sum += churn[i].value_or(0);
      }
      mean = reason == Undefined::no ? Real(sum / periods) : Real(reason);
    }
    means.push_back(mean);
  }
  return means;
}

namespace detail {

inline Real in_months(Real periods, int months) noexcept {
  if (months == 0) return Undefined::other_period;
  return periods.defined() ? Real(periods.value_or(0) * months) : periods;
}

/// LTV from an ARPA a month and the churn of a period.
inline Real value_of(Real arpa, Real churn, int months, const LtvTerms& terms) {
  if (months == 0) return Undefined::other_period;
  if (!arpa.defined()) return arpa;
  // More than all was lost in one period: the periods are too long for a rate.
  if (churn.value_or(0) > 1) return Undefined::other_period;
  return ltv(arpa.value_or(0) * months, churn, terms);
}

}  // namespace detail

TENURE_INLINE std::vector<PeriodValue> period_values(const Waterfall& bridge, std::span<const Real> churn,
                                                     const LtvTerms& terms) {
  terms.check();
  const int months = detail::months_in(bridge.frame.periods.calendar());
  const std::vector<Flow>& closing = bridge.exact[static_cast<std::size_t>(Line::closing)];
  std::vector<PeriodValue> values;
  for (std::size_t row = 0; row < closing.size(); ++row) {
    const Real arpa = Ratio{closing[row].amount.annual, int128{12} * micros * closing[row].customers};
    values.push_back({arpa, detail::in_months(lifetime(churn[row]), months),
                      detail::value_of(arpa, churn[row], months, terms)});
  }
  return values;
}

namespace detail {

/// Columns of the sums that the figures of a segment are made of.
enum SumOf : Eigen::Index { paid, active, lost, base, sum_count };

inline Real arpa_of_sums(const Eigen::ArrayXd& sums) {
  return divide(sums[paid], sums[active], Undefined::empty_base);
}
inline Real churn_of_sums(const Eigen::ArrayXd& sums) {
  return divide(sums[lost], sums[base], Undefined::empty_base);
}

inline void put_sums(Eigen::Ref<Eigen::ArrayXXd> values, Eigen::Index row, const CustomerTotal& customer,
                     ChurnMeasure measure) {
  values(row, paid) = customer.paid.mrr();
  values(row, active) = static_cast<double>(customer.active);
  if (measure == ChurnMeasure::customer) {
    values(row, lost) = static_cast<double>(customer.lost);
    values(row, base) = static_cast<double>(customer.exposed);
    return;
  }
  RunRateSum gone = customer.churned;
  if (measure != ChurnMeasure::mrr) gone += customer.contracted;
  if (measure == ChurnMeasure::net_mrr) gone -= customer.expanded + customer.reactivated;
  values(row, lost) = gone.mrr();
  values(row, base) = customer.opening.mrr();
}

/// The figure of the sums, or its interval too.
template <class Figure>
Estimate estimate_of_sums(const BootstrapSums& sums, bool intervals, Figure&& figure) {
  if (intervals) return sums.estimate(figure);
  const Real value = figure(sums.totals);
  return {value, value, value};
}

inline BootstrapSums sums_of(std::span<const std::uint64_t> keys, const Eigen::ArrayXXd& values,
                             const std::optional<BootstrapOptions>& bootstrap) {
  if (bootstrap) return bootstrap_sums(keys, values, *bootstrap);
  BootstrapSums sums;
  sums.totals = values.colwise().sum().transpose();
  return sums;
}

}  // namespace detail

TENURE_INLINE std::vector<SegmentValue> segment_values(const CustomerTotals& totals, ChurnMeasure measure,
                                                       const LtvTerms& terms,
                                                       const std::optional<BootstrapOptions>& bootstrap) {
  terms.check();
  const int months = detail::months_in(totals.periods.calendar());
  std::vector<SegmentValue> found;
  for (std::size_t segment = 0; segment < totals.segments.size(); ++segment) {
    std::vector<const CustomerTotal*> inside;
    for (const CustomerTotal& customer : totals.customers)
      if (customer.segment == segment) inside.push_back(&customer);
    Eigen::ArrayXXd values(static_cast<Eigen::Index>(inside.size()), Eigen::Index{detail::sum_count});
    std::vector<std::uint64_t> keys;
    SegmentValue value{.segment = totals.segments[segment],
                       .customers = 0,
                       .arpa = {Undefined::no, Undefined::no, Undefined::no},
                       .churn = {Undefined::no, Undefined::no, Undefined::no},
                       .lifetime = {Undefined::no, Undefined::no, Undefined::no},
                       .ltv = {Undefined::no, Undefined::no, Undefined::no}};
    for (std::size_t i = 0; i < inside.size(); ++i) {
      detail::put_sums(values, static_cast<Eigen::Index>(i), *inside[i], measure);
      keys.push_back(random_key(inside[i]->customer));
      value.customers += inside[i]->active > 0 ? 1 : 0;
    }
    const BootstrapSums sums = detail::sums_of(keys, values, bootstrap);
    const bool intervals = bootstrap.has_value();
    value.arpa = detail::estimate_of_sums(sums, intervals, detail::arpa_of_sums);
    value.churn = detail::estimate_of_sums(sums, intervals, detail::churn_of_sums);
    value.lifetime = detail::estimate_of_sums(sums, intervals, [&](const Eigen::ArrayXd& at) {
      return detail::in_months(lifetime(detail::churn_of_sums(at)), months);
    });
    value.ltv = detail::estimate_of_sums(sums, intervals, [&](const Eigen::ArrayXd& at) {
      return detail::value_of(detail::arpa_of_sums(at), detail::churn_of_sums(at), months, terms);
    });
    found.push_back(std::move(value));
  }
  return found;
}

TENURE_INLINE Estimate mean_value(std::span<const std::uint64_t> keys, std::span<const double> values,
                                  const std::optional<BootstrapOptions>& bootstrap) {
  Eigen::ArrayXXd columns(static_cast<Eigen::Index>(values.size()), 2);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i]))
      throw_input({.code = "E_AMOUNT_NAN",
                   .what = "a value that is not finite",
                   .row = static_cast<std::int64_t>(i),
                   .value = detail::shown_rate(values[i]),
                   .remedy = "Drop the customers without a value."});
    columns(static_cast<Eigen::Index>(i), 0) = values[i];
    columns(static_cast<Eigen::Index>(i), 1) = 1;
  }
  const BootstrapSums sums = detail::sums_of(keys, columns, bootstrap);
  return detail::estimate_of_sums(sums, bootstrap.has_value(), [](const Eigen::ArrayXd& at) {
    return divide(at[0], at[1], Undefined::empty_base);
  });
}

}  // namespace tenure
