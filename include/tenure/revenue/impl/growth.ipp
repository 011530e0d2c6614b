#include <cmath>

#include "../../core/error.hpp"
#include "../growth.hpp"

namespace tenure {

namespace detail {

inline int months_per_period(const Calendar& calendar) noexcept {
  switch (calendar.unit) {
    case PeriodUnit::month:
      return 1;
    case PeriodUnit::quarter:
      return 3;
    case PeriodUnit::half_year:
      return 6;
    case PeriodUnit::year:
      return 12;
    case PeriodUnit::week:
    case PeriodUnit::day:
      break;
  }
  return 0;
}

/// Closing against the closing `months` months before. Weeks and periods longer than that have none.
inline std::vector<Ratio> change_over(const Waterfall& bridge, int months) {
  const Frame& frame = bridge.frame;
  const int length = months_per_period(frame.periods.calendar());
  std::vector<Ratio> rates(frame.rows(), Ratio{0, 0, Undefined::before_history});
  if (length == 0 || months % length != 0) {
    rates.assign(frame.rows(), Ratio{0, 0, Undefined::other_period});
    return rates;
  }
  const auto steps = static_cast<std::size_t>(months / length);
  for (std::size_t period = 0; period < frame.periods.size(); ++period)
    for (std::size_t segment = 0; segment < frame.segments.size(); ++segment) {
      const bool known = period + 1 >= steps;  // the opening of the first period is the closing before it
      if (!known) continue;
      const int128 now = bridge.at(Line::closing, period, segment).amount.annual;
      const int128 then = bridge.at(Line::opening, period + 1 - steps, segment).amount.annual;
      rates[frame.row(period, segment)] = {now - then, then, Undefined::empty_base};
    }
  return rates;
}

/// Months from the closing of the first period with revenue to each closing; compound growth a month between
/// them.
inline std::vector<std::optional<double>> compound_growth(const Waterfall& bridge) {
  const Frame& frame = bridge.frame;
  const int length = months_per_period(frame.periods.calendar());
  std::vector<std::optional<double>> rates(frame.rows());
  for (std::size_t segment = 0; segment < frame.segments.size(); ++segment) {
    std::optional<std::size_t> first;
    for (std::size_t period = 0; period < frame.periods.size(); ++period) {
      const RunRateSum closing = bridge.at(Line::closing, period, segment).amount;
      if (!first && closing.annual > 0) first = period;
      if (!first || *first == period || length == 0) continue;
      const double ratio = quotient(closing.annual, bridge.at(Line::closing, *first, segment).amount.annual);
      rates[frame.row(period, segment)] =
          std::pow(ratio, 1.0 / (static_cast<double>(period - *first) * length)) - 1;
    }
  }
  return rates;
}

}  // namespace detail

TENURE_INLINE Ratio quick_ratio(RunRateSum gains, RunRateSum losses) noexcept {
  return {gains.annual, losses.annual, Undefined::no_loss};
}

TENURE_INLINE Growth growth(const Waterfall& bridge, GrowthOptions options) {
  Growth result{.frame = bridge.frame};
  result.mom = detail::change_over(bridge, 1);
  result.qoq = detail::change_over(bridge, 3);
  result.yoy = detail::change_over(bridge, 12);
  result.cmgr = detail::compound_growth(bridge);
  for (std::size_t period = 0; period < bridge.frame.periods.size(); ++period)
    for (std::size_t segment = 0; segment < bridge.frame.segments.size(); ++segment) {
      const auto flow = [&](Line line) -> const Flow& { return bridge.at(line, period, segment); };
      const RunRateSum won = flow(Line::new_).amount + flow(Line::expansion).amount;
      const RunRateSum back = flow(Line::reactivation).amount;
      const RunRateSum lost = flow(Line::churn).amount + flow(Line::contraction).amount;
      const RunRateSum opening = flow(Line::opening).amount, closing = flow(Line::closing).amount;
      result.quick_ratio.push_back(quick_ratio(options.include_reactivation ? won + back : won, lost));
      result.arpa.push_back({closing.annual, int128{12} * micros * flow(Line::closing).customers});
      result.gross_churn.push_back({lost.annual, opening.annual});
      result.net_churn.push_back({(lost - flow(Line::expansion).amount - back).annual, opening.annual});
      result.logo_churn.push_back({flow(Line::churn).customers, flow(Line::opening).customers});
      result.net_new.push_back(closing - opening);
    }
  return result;
}

TENURE_INLINE NewProducts new_products(const Waterfall& by_product, std::span<const Day> launches,
                                       int months) {
  const Frame& frame = by_product.frame;
  if (launches.size() != frame.segments.size())
    throw_option({.code = "E_LAUNCHES",
                  .what = std::to_string(launches.size()) + " launch dates for " +
                          std::to_string(frame.segments.size()) + " products",
                  .value = std::to_string(launches.size())});
  if (months < 1)
    throw_option({.code = "E_MONTHS",
                  .what = "months=" + std::to_string(months) + " is not above 0",
                  .value = std::to_string(months)});
  NewProducts result{frame.periods, std::vector<RunRateSum>(frame.periods.size()),
                     std::vector<RunRateSum>(frame.periods.size())};
  for (std::size_t period = 0; period < frame.periods.size(); ++period) {
    const Day young_since = anniversary(frame.periods.end(period), -months);
    for (std::size_t product = 0; product < frame.segments.size(); ++product) {
      const RunRateSum won = by_product.at(Line::new_, period, product).amount +
                             by_product.at(Line::expansion, period, product).amount;
      result.new_arr[period] += won;
      if (launches[product] >= young_since && launches[product] < frame.periods.end(period))
        result.young_arr[period] += won;
    }
  }
  return result;
}

}  // namespace tenure
