#include <algorithm>
#include <array>

#include "../contract.hpp"
#include "../detail/intervals.hpp"

namespace tenure {

namespace detail {

inline constexpr std::int64_t whole_percent = 100 * micros;

/// Whether a discount of this duration lowers MRR under the policy at all.
inline bool lowers(Discounts policy, DiscountDuration duration, bool annual) noexcept {
  switch (policy) {
    case Discounts::none:
      return false;
    case Discounts::forever:
      return duration == DiscountDuration::forever;
    case Discounts::recurring:
      return duration != DiscountDuration::once;
    case Discounts::recurring_not_annual:
      return duration == DiscountDuration::forever || (duration == DiscountDuration::repeating && !annual);
    case Discounts::one_time:
      return duration == DiscountDuration::once;
    case Discounts::all:
      break;
  }
  return true;
}

/// What ends is not forever, whatever it is called.
inline DiscountDuration real_duration(const Discount& discount) noexcept {
  const bool ends = discount.duration == DiscountDuration::forever && discount.until != open_end;
  return ends ? DiscountDuration::repeating : discount.duration;
}

inline LeftOut left_out_by_kind(const LoadingPolicy& policy, ChargeKind kind) noexcept {
  const bool only_usage = policy.usage == Usage::only, only_one_time = policy.one_time == OneTime::only;
  switch (kind) {
    case ChargeKind::usage:
      return policy.usage == Usage::excluded || only_one_time ? LeftOut::usage : LeftOut::no;
    case ChargeKind::one_time:
      return policy.one_time == OneTime::excluded || only_usage ? LeftOut::one_time : LeftOut::no;
    case ChargeKind::recurring:
      break;
  }
  return only_usage || only_one_time ? LeftOut::recurring : LeftOut::no;
}

/// From when to when a contract counts; empty and with a reason if it does not.
struct Span {
  Day start, end;
  LeftOut left_out = LeftOut::no;
};

inline Span counted_span(const LoadingPolicy& policy, const Contract& contract, Day contract_end) noexcept {
  Span span{contract.start, contract_end, left_out_by_kind(policy, contract.kind)};
  if (contract.status == SubscriptionStatus::cancelled) span.left_out = LeftOut::cancelled;
  if (contract.status == SubscriptionStatus::trial && policy.trial != Trial::count)
    span.left_out = LeftOut::trial;
  if (contract.status == SubscriptionStatus::past_due && policy.past_due == PastDue::excluded)
    span.left_out = LeftOut::past_due;
  if (policy.backdating == Backdating::recorded && contract.recorded)
    span.start = std::max(span.start, *contract.recorded);

  const bool paid_phase =
      contract.status == SubscriptionStatus::active || contract.status == SubscriptionStatus::past_due;
  const auto from = [&](bool known, std::optional<Day> day) {
    if (!known || !paid_phase) return;
    if (day)
      span.start = std::max(span.start, *day);
    else
      span.left_out = LeftOut::unpaid;
  };
  if (policy.trial_to_paid == TrialToPaid::first_payment)
    from(contract.has_first_payment, contract.first_payment);
  if (policy.trial_to_paid == TrialToPaid::first_paid_invoice)
    from(contract.has_first_paid_invoice, contract.first_paid_invoice);

  switch (policy.churn_at) {
    case ChurnAt::effective_end:
      break;
    case ChurnAt::request:
      if (contract.cancel_requested) span.end = std::min(span.end, *contract.cancel_requested);
      break;
    case ChurnAt::service_period_end:
      if (span.end != open_end && contract.paid_through)
        span.end = std::max(span.end, *contract.paid_through);
      break;
    case ChurnAt::day_after:
      if (span.end != open_end) ++span.end;
      break;
  }
  if (contract.status == SubscriptionStatus::past_due) {
    if (policy.past_due == PastDue::churn_after_days)
      span.end = std::min(span.end, contract.start + policy.past_due_days);
    if (policy.past_due == PastDue::until_dunning_end && contract.dunning_end)
      span.end = std::min(span.end, *contract.dunning_end);
  }
  return span;
}

/// What is left of a rate after the discounts that apply on `day`.
inline int128 discounted(const LoadingPolicy& policy, const Contract& contract,
                         std::span<const Day> discount_ends, Day day, int128 gross) noexcept {
  std::int64_t sum = 0, most = 0;
  int128 left = gross;
  for (std::size_t i = 0; i < contract.discounts.size(); ++i) {
    if (day >= discount_ends[i]) continue;
    const std::int64_t percent = contract.discounts[i].percent_micros;
    sum = std::min(sum + percent, whole_percent);
    most = std::max(most, percent);
    left -= divide_half_even(left * percent, whole_percent);
  }
  if (policy.discount_stacking != DiscountStacking::sequential) {
    const std::int64_t percent = policy.discount_stacking == DiscountStacking::sum ? sum : most;
    left = gross - divide_half_even(gross * percent, whole_percent);
  }
  for (std::size_t i = 0; i < contract.discounts.size(); ++i)
    if (day < discount_ends[i])
      left -= annual_micros(policy, contract.interval, contract.discounts[i].amount_micros);
  return std::max<int128>(left, 0);
}

/// Puts a stretch of a constant rate behind the others.
inline void put_stretch(std::vector<PackedRow>& stretches, int128 annual, Day start, Day end, bool& fits) {
  fits = fits && fits_int64(annual);
  stretches.push_back({static_cast<std::int64_t>(annual), start, end});
}

/// A charge that does not recur: spread over its period, or over a month.
inline void read_one_time(const LoadingPolicy& policy, const Contract& contract, Span span, int128 total,
                          int exponent, Worth& worth) {
  Day until = worth.contract_end;
  if (until == open_end) {
    if (policy.one_time == OneTime::dated) {
      worth.left_out = LeftOut::one_time;
      return;
    }
    until = span.end = anniversary(contract.start, 1);
  }
  if (span.start >= span.end || contract.start >= until) return;
  const int128 annual = annual_of_service(policy, total, contract.start, until);
  put_stretch(worth.net, rounded_line(policy.rounding, annual, exponent), span.start, span.end, worth.fits);
}

}  // namespace detail

TENURE_INLINE int128 annual_of_service(const LoadingPolicy& policy, int128 billed_micros, Day start,
                                       Day end) noexcept {
  const YearMonthDay first = civil_from_days(start), last = civil_from_days(end);
  const int months = (last.year - first.year) * 12 + last.month - first.month;
  for (const int whole : {months, months + 1})
    if (whole > 0 && anniversary(start, whole) == end) return divide_half_even(billed_micros * 12, whole);
  const IntervalFactor daily = yearly_factor(policy, IntervalUnit::day);
  return divide_half_even(billed_micros * daily.numerator, int128{daily.denominator} * (end - start));
}

TENURE_INLINE void read_contract(const LoadingPolicy& policy, const Contract& contract, int exponent,
                                 Worth& worth) {
  worth.clear();
  worth.contract_end =
      contract.end == open_end || policy.end == EndDate::exclusive ? contract.end : contract.end + 1;
  const detail::Span span = detail::counted_span(policy, contract, worth.contract_end);
  worth.left_out = span.left_out;
  if (worth.left_out != LeftOut::no) return;

  std::int64_t price = policy.mrr_source == MrrSource::renewal_estimate && contract.renewal_price
                           ? *contract.renewal_price
                           : contract.price;
  if (policy.tax == Tax::excluded) price -= std::min(contract.tax, price);
  if (contract.status == SubscriptionStatus::free) price = 0;
  const std::int64_t quantity = policy.quantity == Quantity::ignored ? 1
                                : policy.quantity == Quantity::invoiced
                                    ? contract.invoiced_quantity.value_or(contract.quantity)
                                    : contract.quantity;
  if (contract.kind == ChargeKind::one_time)
    return detail::read_one_time(policy, contract, span, int128{price} * quantity, exponent, worth);
  if (span.start >= span.end) return;

  const int128 gross = annual_micros(policy, contract.interval, int128{price} * quantity);
  worth.fits = fits_int64(gross);
  if (!worth.fits) return;
  const auto put = [&](Day from, Day to, int128 net) {
    if (from >= to) return;
    const int128 rounded = rounded_line(policy.rounding, net, exponent);
    detail::put_stretch(worth.net, rounded, from, to, worth.fits);
    if (const int128 discount = rounded_line(policy.rounding, gross, exponent) - rounded; discount != 0)
      detail::put_stretch(worth.discount, discount, from, to, worth.fits);
  };
  Day full_until = span.end;
  if (contract.status == SubscriptionStatus::paused && policy.paused != Paused::unchanged) {
    full_until = span.start;
    if (policy.paused == Paused::zero_at_period_end && contract.paid_through)
      full_until = std::clamp(*contract.paid_through, span.start, span.end);
  }
  std::array<Day, 8> few{};
  std::vector<Day> many;
  if (contract.discounts.size() > few.size()) many.resize(contract.discounts.size());
  const std::span<Day> ends =
      many.empty() ? std::span(few).first(contract.discounts.size()) : std::span(many);
  const bool annual = detail::is_annual(contract.interval);
  for (std::size_t i = 0; i < ends.size(); ++i) {
    const Discount& discount = contract.discounts[i];
    ends[i] = !detail::lowers(policy.discounts, detail::real_duration(discount), annual) ? span.start
                                                                                         : discount.until;
    if (discount.duration == DiscountDuration::once)
      ends[i] = std::min(ends[i], detail::after_interval(contract.interval, contract.start));
  }
  for (Day from = span.start; from < full_until;) {
    Day to = full_until;
    for (const Day end : ends)
      if (end > from) to = std::min(to, end);
    put(from, to, detail::discounted(policy, contract, ends, from, gross));
    from = to;
  }
  if (full_until < span.end) worth.net.push_back({0, full_until, span.end});
}

}  // namespace tenure
