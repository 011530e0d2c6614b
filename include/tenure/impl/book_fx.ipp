// Included by book.ipp: questions to a book whose rows are of several currencies.

namespace tenure {

namespace detail {

/// The same book, all amounts at the rates of one day; rows that matter in [from, to) need a rate.
template <class Data>
Data at_rates(const Data& data, Day day, Day from, Day to) {
  Data view = data;
  const Exchanges exchanges = exchanges_on(data, day, from, to);
  view.grouped = rows_at(data, exchanges);
  view.reported_discounts = discounts_at(data, exchanges);
  view.local = nullptr;
  view.at_rates = true;
  return view;
}

/// The day on which a period is read: its last, or its first.
inline Day reading_day(const ReportingPolicy& policy, const Periods& periods, std::size_t period) {
  return policy.as_of == AsOf::period_start ? periods.begin(period) : periods.end(period) - 1;
}
/// The day whose rates the value of a period has: the one on which it is read. Where the rates end within the
/// period, it is still running: their last day. Rates of days after the day of knowledge were not known.
template <class Data>
Day rate_day(const Data& data, const Periods& periods, std::size_t period) {
  const Day day = std::min(reading_day(data.policy.reporting, periods, period), data.known_at);
  const Day quoted = data.options.rates->last_day();
  return quoted >= periods.begin(period) ? std::min(day, quoted) : day;
}
/// The rates at which customers are compared over time: those of one day, or of the last period asked for.
template <class Data>
Day comparison_day(const Data& data, const Periods& periods) {
  const ReportingPolicy& policy = data.policy.reporting;
  return policy.fx_movement == FxMovement::constant ? policy.fx_movement_day
                                                    : rate_day(data, periods, periods.size() - 1);
}

/// The first day whose rows can still count on `day`: a tolerated gap carries a level that no row has any
/// more.
inline Day carried_from(const ReportingPolicy& policy, Day day) noexcept {
  const Day left = policy.gap_months > 0 ? anniversary(day, -policy.gap_months - 1) : day;
  return std::max(left - policy.gap_days, min_day);
}
/// The first day whose rows can count in the periods from `first` on: what stands at their opening.
inline Day opening_from(const ReportingPolicy& policy, const Periods& periods) {
  const bool at_start = policy.as_of == AsOf::period_start;
  return carried_from(policy,
                      at_start ? periods.calendar().advance(periods.begin(), -1) : periods.begin() - 1);
}

/// The first day whose events no longer count in one period.
inline Day events_until(const ReportingPolicy& policy, const Periods& one) {
  return policy.as_of == AsOf::period_start ? one.begin() + 1 : one.end();
}

inline Periods one_period(const Periods& periods, std::size_t period) {
  return {periods.calendar(), periods.begin(period), periods.end(period) - 1};
}
/// The period before the first.
inline Periods period_before(const Periods& periods) {
  const Day begin = periods.calendar().advance(periods.begin(), -1);
  return {periods.calendar(), begin, periods.begin() - 1};
}

/// The rows of a book at the rates of one period: those that count at its opening or in it need one.
template <class Data>
Data at_rates_of(const Data& data, const Periods& one) {
  const ReportingPolicy& policy = data.policy.reporting;
  return at_rates(data, rate_day(data, one, 0), opening_from(policy, one), events_until(policy, one));
}

/// Whether amounts of several days are at rates of several days.
template <class Data>
bool compares_at_rates(const Data& data) noexcept {
  return is_foreign(data) && !data.at_rates && data.policy.loading.fx_rate_at != FxRateAt::fixed_day;
}

/// A book for questions that compare customers over periods: at rates that are the same in all of them.
template <class Data>
Data comparable(const Data& data, const Periods& periods, int horizon) {
  const ReportingPolicy& policy = data.policy.reporting;
  const Day base =
      std::min(periods.calendar().advance(periods.begin(), -horizon), periods.begin() - policy.window_days);
  return at_rates(data, comparison_day(data, periods), carried_from(policy, base - 1), periods.end());
}

/// Every row that lives through `day` as two: one at the rates before it, one at those from it on.
template <class Data>
Data split_at(const Data& data, Day day, const Exchanges& before, const Exchanges& after) {
  const GroupedRows& from = *data.grouped;
  PackedRows rows;
  const auto put = [&](std::size_t customer, std::uint32_t row, Day start, Day end, const Exchanges& rates) {
    const std::uint32_t source = from.source[row];
    rows.keys.push_back(from.keys[customer]);
    rows.rows.push_back({rates[data.currency_of[source]].convert(from.rows[row].annual), start, end});
    rows.source.push_back(source);
  };
  for (std::size_t customer = 0; customer < from.customers(); ++customer)
    for (std::uint32_t row = from.begin[customer]; row < from.begin[customer + 1]; ++row) {
      const auto [annual, start, end] = from.rows[row];
      if (start < day && end > day) {
        put(customer, row, start, day, before);
        put(customer, row, day, end, after);
      } else {
        put(customer, row, start, end, start < day ? before : after);
      }
    }
  RowSource source(data.options.names);
  source.add(std::move(rows));
  Data view = data;
  view.grouped = std::make_shared<const GroupedRows>(group(source, data.options.execution));
  view.at_rates = true;
  return view;
}

/// The rows of a book at the rates that the value of a period has, for what stands at its end: what came
/// and went before needs no rate.
template <class Data>
Data at_closing_rates(const Data& data, const Periods& one) {
  const ReportingPolicy& policy = data.policy.reporting;
  const Day day = reading_day(policy, one, 0);
  return at_rates(data, rate_day(data, one, 0), carried_from(policy, day), day + 1);
}

template <class Data>
WaterfallState plain_bridge(const Data& data, const Periods& periods, const Cut& cut) {
  const Grid grid = make_grid(data, periods);
  Accumulators empty;
  empty.bridge.emplace(make_frame(data, periods, cut), grid, data.policy.reporting, data.credits);
  return std::move(sweep(data, grid, cut, empty, 1).bridge->close());
}

/// The customers and amounts of a line, by segment, in one period.
inline std::vector<Flow> flows_of(const WaterfallState& state, Line line, std::size_t period = 0) {
  std::vector<Flow> flows;
  for (std::size_t segment = 0; segment < state.frame().segments.size(); ++segment)
    flows.push_back(state.at(line, state.frame().row(period, segment)));
  return flows;
}

/// What stands at the end of the period before the first, at the rates of its day.
template <class Data>
std::vector<Flow> opening_stock(const Data& data, const Periods& periods, const Cut& cut) {
  const Periods before = period_before(periods);
  return flows_of(plain_bridge(at_closing_rates(data, before), before, cut), Line::closing);
}

/// One period of a bridge at rates that float: what happens in it is at its own rates. Returns the rows to
/// read.
template <class Data>
Data floating_period(const Data& data, const Periods& one) {
  const ReportingPolicy& policy = data.policy.reporting;
  if (policy.fx_movement != FxMovement::in_movements) return at_rates_of(data, one);
  const Day before = rate_day(data, period_before(one), 0), now = rate_day(data, one, 0);
  return split_at(data, one.begin(), exchanges_on(data, before, opening_from(policy, one), one.begin()),
                  exchanges_on(data, now, one.begin(), events_until(policy, one)));
}

/// Adds what customers did, in one row of a bridge, to a row of another.
inline void add_movements(WaterfallState& to, std::size_t to_row, const WaterfallState& from,
                          std::size_t row) {
  for (const auto& [name, line] : line_names)
    if (line != Line::opening && line != Line::fx && line != Line::closing)
      to.add(line, to_row, from.at(line, row).amount, from.at(line, row).customers);
}

/// FxRateAt::period_end: every period is a world of constant rates. Between two of them the rates change,
/// and with them what the opening is worth:
///
///   fx = opening at the period's rates - opening at the rates of the period before
///
/// so that opening + movements + fx = closing, whatever the customers did. Under FxMovement::in_movements
/// rates move rows; fx is then only what they do to a level that a tolerated gap carries while no row is
/// there.
template <class Data>
WaterfallState floating_bridge(const Data& data, const Periods& periods, const Cut& cut) {
  WaterfallState all(make_frame(data, periods, cut));
  std::vector<Flow> stock = opening_stock(data, periods, cut);
  const ReportingPolicy& policy = data.policy.reporting;
  const bool carries =
      policy.fx_movement == FxMovement::in_movements && (policy.gap_days > 0 || policy.gap_months > 0);
  for (std::size_t period = 0; period < periods.size(); ++period) {
    const Periods one = one_period(periods, period);
    const WaterfallState part = plain_bridge(floating_period(data, one), one, cut);
    const std::vector<Flow> closing =
        carries ? flows_of(plain_bridge(at_closing_rates(data, one), one, cut), Line::closing)
                : flows_of(part, Line::closing);
    for (std::size_t segment = 0; segment < cut.labels.size(); ++segment) {
      const std::size_t row = all.frame().row(period, segment);
      const Flow& revalued = part.at(Line::opening, segment);
      all.add(Line::opening, row, stock[segment].amount, stock[segment].customers);
      all.add(Line::fx, row, revalued.amount - stock[segment].amount, 0);
      all.add(Line::fx, row, closing[segment].amount - part.at(Line::closing, segment).amount, 0);
      all.add(Line::closing, row, closing[segment].amount, closing[segment].customers);
      add_movements(all, row, part, segment);
    }
    stock = closing;
  }
  return all;
}

/// The rows of a book in their own currencies again.
template <class Data>
Data unconverted(const Data& data) {
  if (data.local == nullptr) return data;
  Data view = data;
  view.grouped = revalued(
      *data.grouped, data.options.execution,
      [&](std::uint32_t row, std::int64_t) { return (*data.local)[row]; }, refuse_reported_overflow);
  view.local = nullptr;
  return view;
}

/// Opening and closing of each period as the policy's rates have them.
template <class Data>
std::vector<std::vector<Flow>> reported_stocks(const Data& data, const Periods& periods, const Cut& cut) {
  std::vector<std::vector<Flow>> stocks;
  if (floats(data)) {
    stocks.push_back(opening_stock(data, periods, cut));
    for (std::size_t period = 0; period < periods.size(); ++period) {
      const Periods one = one_period(periods, period);
      stocks.push_back(flows_of(plain_bridge(at_closing_rates(data, one), one, cut), Line::closing));
    }
    return stocks;
  }
  const WaterfallState all = plain_bridge(data, periods, cut);
  stocks.push_back(flows_of(all, Line::opening));
  for (std::size_t period = 0; period < periods.size(); ++period)
    stocks.push_back(flows_of(all, Line::closing, period));
  return stocks;
}

/// FxMovement::constant: movements are those of a book at the rates of one day; opening and closing are
/// what the policy's rates make of them. What the rates put on top of the constant ones changes from
/// opening to closing:
///
///   fx = (closing - closing at constant rates) - (opening - opening at constant rates)
template <class Data>
WaterfallState constant_bridge(const Data& data, const Periods& periods, const Cut& cut) {
  const Data at_constant = at_rates(unconverted(data), data.policy.reporting.fx_movement_day,
                                    opening_from(data.policy.reporting, periods), periods.end());
  const WaterfallState organic = plain_bridge(at_constant, periods, cut);
  const std::vector<std::vector<Flow>> stocks = reported_stocks(data, periods, cut);
  WaterfallState all(organic.frame());
  for (std::size_t row = 0; row < organic.frame().rows(); ++row) {
    const std::size_t period = row / cut.labels.size(), segment = row % cut.labels.size();
    const Flow &opening = stocks[period][segment], &closing = stocks[period + 1][segment];
    const RunRateSum above = opening.amount - organic.at(Line::opening, row).amount;
    const RunRateSum above_after = closing.amount - organic.at(Line::closing, row).amount;
    all.add(Line::fx, row, above_after - above, 0);
    all.add(Line::opening, row, opening.amount, opening.customers);
    all.add(Line::closing, row, closing.amount, closing.customers);
    add_movements(all, row, organic, row);
  }
  return all;
}

/// The bridge of a book, whatever its currencies.
template <class Data>
WaterfallState bridge_of(const Data& data, const Periods& periods, const Cut& cut) {
  if (!is_foreign(data)) return plain_bridge(data, periods, cut);
  if (data.policy.reporting.fx_movement == FxMovement::constant) return constant_bridge(data, periods, cut);
  return floats(data) ? floating_bridge(data, periods, cut) : plain_bridge(data, periods, cut);
}

}  // namespace detail

TENURE_INLINE WaterfallState Book::waterfall_state(const Periods& periods,
                                                   const WaterfallOptions& options) const {
  return detail::bridge_of(*data_, periods, detail::make_cut(*data_, options.by));
}

TENURE_INLINE Waterfall Book::waterfall(const Periods& periods, const WaterfallOptions& options) const {
  Waterfall bridge = waterfall_state(periods, options).finish();
  if (policy().reporting.total_rounding == TotalRounding::minor) bridge.round(currency().exponent());
  return bridge;
}

}  // namespace tenure
