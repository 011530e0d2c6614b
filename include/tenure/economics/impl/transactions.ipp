#include <algorithm>
#include <cmath>
#include <utility>

#include "../../core/names.hpp"
#include "../detail/customer_purchases.hpp"
#include "../transactions.hpp"

namespace tenure {

namespace detail {

inline constexpr Named<Refunds> refund_names[] = {
    {"refuse", Refunds::refuse}, {"keep", Refunds::keep}, {"drop", Refunds::drop}};
inline constexpr Named<Duplicates> duplicate_names[] = {
    {"keep", Duplicates::keep}, {"refuse", Duplicates::refuse}, {"drop", Duplicates::drop}};

inline void check(const RfmOptions& options) {
  if (options.unit != PeriodUnit::day && options.unit != PeriodUnit::week &&
      options.unit != PeriodUnit::month)
    throw_option({.code = "E_PERIOD_UNIT",
                  .what = "unit='" + std::string(name_of(options.unit)) + "' is not one of this summary",
                  .value = std::string(name_of(options.unit)),
                  .remedy = "Known: day, week, month."});
  if (!(options.unit_days > 0) || !std::isfinite(options.unit_days) ||
      (options.unit_days != 1 && options.unit != PeriodUnit::day))
    throw_option({.code = "E_PARAM",
                  .what = "unit_days has to be a number of days above 0, and needs unit day",
                  .value = std::to_string(options.unit_days),
                  .remedy = "Weeks and months of the calendar have a length of their own."});
  for (const auto& [end, name] : {std::pair(options.observation_end, "observation_end"),
                                  std::pair(options.calibration_end, "calibration_end")})
    if (end && !is_representable(*end))
      throw_option({.code = "E_DATE_RANGE",
                    .what = std::string(name) + " is outside 1400-01-01..9999-12-31",
                    .value = std::to_string(*end)});
}

inline void check_hold_out(const RfmOptions& options, Day end) {
  if (!options.calibration_end) return;
  if (options.last_period == LastPeriod::whole)
    throw_option({.code = "E_PARAM",
                  .what = "a last period that is whole would reach beyond the hold-out",
                  .remedy = "Leave last_period out with a calibration."});
  const Day calibrated = *options.calibration_end;
  if (calibrated < end && period_number(options.unit, calibrated) == period_number(options.unit, end))
    throw_option({.code = "E_WINDOW",
                  .what = "the calibration ends on " + format_day(calibrated) + ", in the same " +
                          std::string(name_of(options.unit)) + " as observation",
                  .value = format_day(calibrated),
                  .remedy = "End it earlier, or count in days (unit_days=7 for weeks)."});
}

inline PurchaseRules rules_of(const RfmOptions& options, Day end) {
  if (options.calibration_end && *options.calibration_end > end)
    throw_option({.code = "E_WINDOW",
                  .what = "the calibration ends on " + format_day(*options.calibration_end) +
                          ", after observation does on " + format_day(end),
                  .value = format_day(*options.calibration_end),
                  .remedy = "End the calibration on or before the last day of observation."});
  check_hold_out(options, end);
  PurchaseRules rules{.unit = options.unit,
                      .purchases = options.purchases,
                      .first_purchase = options.first_purchase,
                      .duplicates = options.duplicates,
                      .held_out = options.calibration_end.has_value(),
                      .calibrated_to = options.calibration_end.value_or(end),
                      .until = end,
                      .end = 0};
  rules.end = period_number(options.unit, rules.calibrated_to);
  if (options.last_period == LastPeriod::whole) {
    const Calendar calendar{.unit = options.unit};
    rules.until = calendar.advance(calendar.floor(end), 1) - 1;
  }
  return rules;
}

using CustomerParts = std::vector<std::vector<CustomerPurchases>>;

template <class Key>
CustomerParts count_purchases(const TransactionRows& from, const KeySplit& split, const PurchaseRules& rules,
                              const Execution& execution, Rfm& result) {
  const TransactionParts<Key> parts = scatter<Key>(from, split, execution);
  CustomerParts customers(split.partitions);
  std::vector<PurchaseCounter> counters(static_cast<std::size_t>(worker_count(execution, split.partitions)),
                                        PurchaseCounter(rules));
  parallel_for(execution, split.partitions, [&](std::size_t p, int worker) {
    const auto low = static_cast<std::uint64_t>(split.low) + (std::uint64_t{p} << split.shift);
    counters[static_cast<std::size_t>(worker)].count(parts.part(p), static_cast<std::int64_t>(low),
                                                     split.width(), customers[p]);
  });
  for (const PurchaseCounter& counter : counters) {
    result.rows_after_end += counter.after_end;
    result.rows_refunded += counter.refunded;
    result.rows_repeated += counter.repeated;
    result.customers_after += counter.customers_after;
  }
  return customers;
}

/// Customers as columns. Parts of dense ids follow each other in order; others are sorted into one.
inline void write_columns(CustomerParts parts, bool sorted, bool amounts, const PurchaseRules& rules,
                          const RfmOptions& options, Rfm& result) {
  if (!sorted) {
    for (std::size_t p = 1; p < parts.size(); ++p) {
      parts[0].insert(parts[0].end(), parts[p].begin(), parts[p].end());
      parts[p] = {};
    }
    std::ranges::sort(parts[0], {}, &CustomerPurchases::customer);
  }
  std::vector<std::size_t> first(parts.size() + 1);
  for (std::size_t p = 0; p < parts.size(); ++p) first[p + 1] = first[p] + parts[p].size();
  const std::size_t size = first.back();
  result.customer.resize(size);
  for (auto* column : {&result.frequency, &result.recency, &result.age}) column->resize(size);
  if (amounts) result.monetary.assign(size, Undefined::empty_base);
  if (rules.held_out) result.frequency_holdout.resize(size);
  if (rules.held_out && amounts) result.monetary_holdout.assign(size, Undefined::empty_base);
  parallel_for(options.execution, parts.size(), [&](std::size_t p, int) {
    for (std::size_t i = 0; i < parts[p].size(); ++i) {
      const CustomerPurchases& found = parts[p][i];
      const std::size_t at = first[p] + i;
      result.customer[at] = found.customer;
      result.frequency[at] = found.frequency;
      result.recency[at] = found.recency / options.unit_days;
      result.age[at] = found.age / options.unit_days;
      if (amounts && found.averaged > 0) result.monetary[at] = found.monetary;
      if (!rules.held_out) continue;
      result.frequency_holdout[at] = found.frequency_holdout;
      if (amounts && found.frequency_holdout > 0) result.monetary_holdout[at] = found.monetary_holdout;
    }
  });
}

}  // namespace detail

TENURE_INLINE Refunds parse_refunds(std::string_view name) {
  return parse_named<Refunds>(detail::refund_names, name, "refunds", "E_ENUM");
}
TENURE_INLINE Duplicates parse_duplicates(std::string_view name) {
  return parse_named<Duplicates>(detail::duplicate_names, name, "duplicates", "E_ENUM");
}

TENURE_INLINE Rfm rfm(const Transactions& table, const RfmOptions& options) {
  detail::check(options);
  const detail::TransactionRows rows(table, options.refunds);
  Rfm result;
  result.currency = rows.currency();
  result.end = options.observation_end;
  if (rows.rows() == 0) return result;
  const detail::TransactionSpan span = detail::span_of(rows, options.execution);
  if (!result.end) result.end = std::clamp(span.latest, min_day, max_day);
  const detail::PurchaseRules rules = detail::rules_of(options, *result.end);
  const detail::KeySplit split = detail::split_keys(span.low, span.high, rows.rows());
  detail::CustomerParts customers =
      split.dense ? detail::count_purchases<std::uint32_t>(rows, split, rules, options.execution, result)
                  : detail::count_purchases<std::int64_t>(rows, split, rules, options.execution, result);
  if (options.duplicates == Duplicates::refuse && result.rows_repeated > 0) {
    FaultList faults;
    rows.name_repeats(faults);
    faults.raise();
  }
  if (rules.held_out)
    result.duration_holdout =
        (detail::period_number(options.unit, *result.end) - rules.end) / options.unit_days;
  result.labels = rows.labels();
  detail::write_columns(std::move(customers), split.dense, rows.has_amounts(), rules, options, result);
  return result;
}

}  // namespace tenure
