#include "../detail/rates.hpp"
#include "../efficiency.hpp"

namespace tenure {

TENURE_INLINE Real Efficiency::Cell::magic_number() const noexcept {
  if (!spend.known()) return spend.reason;
  return Ratio{net_new_arr.annual, spend.amount, Undefined::no_spend};
}

TENURE_INLINE Real Efficiency::Cell::sales_efficiency() const noexcept {
  if (!spend.known()) return spend.reason;
  return Ratio{new_arr.annual, spend.amount, Undefined::no_spend};
}

TENURE_INLINE Real Efficiency::Cell::spend_share() const noexcept {
  if (!spend.known()) return spend.reason;
  return Ratio{spend.amount, new_arr.annual, Undefined::no_gain};
}

namespace detail {

inline const std::vector<Flow>& line_of(const Waterfall& bridge, Line line) {
  return bridge.exact[static_cast<std::size_t>(line)];
}

/// The annual run rate won; a RunRateSum is a year's worth already.
inline Efficiency::Cell joined(const Cac::Cell& gross, const Cac::Cell& net) {
  Efficiency::Cell cell;
  cell.spend = gross.spend;
  cell.new_arr = gross.won.amount;
  cell.net_new_arr = net.won.amount;
  return cell;
}

}  // namespace detail

TENURE_INLINE Efficiency efficiency(const Spend& spend, const Waterfall& bridge, const CacOptions& options) {
  std::vector<Flow> gross = detail::line_of(bridge, Line::new_), net = detail::line_of(bridge, Line::closing);
  for (std::size_t row = 0; row < gross.size(); ++row) {
    gross[row] += detail::line_of(bridge, Line::expansion)[row];
    net[row].amount -= detail::line_of(bridge, Line::opening)[row].amount;
    net[row].amount -= detail::line_of(bridge, Line::fx)[row].amount;
  }
  const Cac won = cac(spend, bridge.frame, gross, options);
  const Cac grown = cac(spend, bridge.frame, net, options);
  Efficiency result{.frame = won.frame, .lag = won.lag, .cells = {}, .totals = {}};
  for (std::size_t row = 0; row < won.cells.size(); ++row)
    result.cells.push_back(detail::joined(won.cells[row], grown.cells[row]));
  for (std::size_t segment = 0; segment < won.totals.size(); ++segment)
    result.totals.push_back(detail::joined(won.totals[segment], grown.totals[segment]));
  return result;
}

TENURE_INLINE Real magic_number(double net_new_arr, double spend) {
  detail::require_finite("net_new_arr", net_new_arr);
  detail::require_positive("spend", spend);
  return divide(net_new_arr, spend, Undefined::no_spend);
}

TENURE_INLINE Real burn_multiple(Real burn, double net_new_arr) {
  detail::require_finite("net_new_arr", net_new_arr);
  if (!burn.defined()) return burn;
  detail::require_finite("burn", burn.value_or(0));
  if (net_new_arr <= 0) return Undefined::no_gain;
  return burn.value_or(0) / net_new_arr;
}

TENURE_INLINE Real rule_of_40(Real growth, Real profit_margin) noexcept {
  if (!growth.defined()) return growth;
  if (!profit_margin.defined()) return profit_margin;
  return growth.value_or(0) + profit_margin.value_or(0);
}

TENURE_INLINE Real sales_efficiency(double new_arr, double spend) {
  detail::require_finite("new_arr", new_arr);
  detail::require_positive("spend", spend);
  return divide(new_arr, spend, Undefined::no_spend);
}

TENURE_INLINE Real spend_share(double spend, double new_arr) {
  detail::require_positive("spend", spend);
  detail::require_finite("new_arr", new_arr);
  if (new_arr <= 0) return Undefined::no_gain;
  return spend / new_arr;
}

}  // namespace tenure
