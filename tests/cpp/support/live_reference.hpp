#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <tenure/live_book.hpp>
#include <tenure/model/detail/intervals.hpp>

/// What events come to, written down day by day: slow, and shares nothing with the live book.
namespace tenure::test {

/// What a subscription says on a day.
struct Said {
  Event terms;  ///< price, interval, quantity, product, discount as they stand
  bool paused = false, past_due = false;
  std::optional<Day> pause_paid, dunning_end, recorded;
};

/// From a start to the end, with what was said on each day on which anything was.
struct Stay {
  std::map<Day, Said> said;
  std::vector<Event> requests;
  std::optional<Event> end;

  std::optional<Day> last() const {
    if (end) return end->at;
    return requests.empty() ? std::nullopt : requests.back().ends;
  }
};

struct Told {
  std::vector<Stay> stays;
  std::optional<Event> misfit;
};

inline std::vector<Event> in_order(std::vector<Event> events) {
  std::vector<Event> sorted;
  std::map<Day, std::vector<Event>> days;
  for (const Event& event : events) days[event.at].push_back(event);
  for (auto& [day, all] : days) {
    const bool counted =
        std::all_of(all.begin(), all.end(), [](const Event& event) { return event.sequence.has_value(); });
    const auto key = [&](const Event& event) {
      return std::tuple(counted ? *event.sequence : 0, event.kind, event.id);
    };
    std::sort(all.begin(), all.end(), [&](const Event& a, const Event& b) { return key(a) < key(b); });
    sorted.insert(sorted.end(), all.begin(), all.end());
  }
  return sorted;
}

inline void take_terms(Event& terms, const Event& event) {
  const bool all = event.kind == EventKind::start || event.kind == EventKind::change;
  if (all && event.price) terms.price = event.price;
  if (all && event.interval) terms.interval = event.interval;
  if (all && event.product) terms.product = event.product;
  if ((all || event.kind == EventKind::quantity) && event.quantity) terms.quantity = event.quantity;
  if ((all || event.kind == EventKind::discount) && event.discount) {
    terms.discount = event.discount;
    if (terms.discount->duration == DiscountDuration::once)
      terms.discount->until = std::min(terms.discount->until,
                                       detail::after_interval(terms.interval.value_or(Interval{}), event.at));
  }
}

/// Reads one subscription. An event that cannot take effect is left out; the first is named.
inline Told tell(const std::vector<Event>& events) {
  Told told;
  bool open = false;
  Said now;
  for (const Event& event : in_order(events)) {
    if (open && event.kind != EventKind::end)
      if (const auto last = told.stays.back().last(); last && *last <= event.at) open = false;
    const bool starts = event.kind == EventKind::start;
    const bool fits = starts != open && (event.kind != EventKind::resume || now.paused) &&
                      (event.kind != EventKind::pause || !now.paused) &&
                      (event.kind != EventKind::payment_recovered || now.past_due);
    if (!fits) {
      if (!told.misfit) told.misfit = event;
      continue;
    }
    if (starts) {
      told.stays.emplace_back();
      now = {};
      open = true;
    }
    Stay& stay = told.stays.back();
    if (event.kind == EventKind::payment_failed && now.past_due) continue;
    if (event.kind == EventKind::cancel_request) {
      stay.requests.push_back(event);
      continue;
    }
    if (event.kind == EventKind::end) {
      stay.end = event;
      open = false;
      continue;
    }
    take_terms(now.terms, event);
    if (event.kind == EventKind::pause) now.paused = true, now.pause_paid = event.paid_through;
    if (event.kind == EventKind::resume) now.paused = false;
    if (event.kind == EventKind::payment_failed) now.past_due = true, now.dunning_end = event.ends;
    if (event.kind == EventKind::payment_recovered) now.past_due = false;
    now.recorded = event.recorded;
    stay.said[event.at] = now;
  }
  return told;
}

inline void add_row(LiveRows& rows, const Event& of, const Said& said, Day start, std::optional<Day> end,
                    const Stay& stay, bool last, bool inclusive) {
  rows.customer.push_back(of.customer);
  rows.subscription.push_back(of.subscription);
  rows.start.push_back(start);
  rows.end.push_back(end && inclusive ? std::optional(*end - 1) : end);
  const Interval interval = said.terms.interval.value_or(Interval{});
  rows.price.push_back({*said.terms.price});
  rows.interval.push_back(interval.unit);
  rows.interval_count.push_back(interval.count);
  rows.quantity.push_back(said.terms.quantity.value_or(1));
  rows.status.push_back(said.paused     ? SubscriptionStatus::paused
                        : said.past_due ? SubscriptionStatus::past_due
                                        : SubscriptionStatus::active);
  const Discount discount = said.terms.discount.value_or(Discount{});
  rows.discount_percent.push_back({discount.percent_micros});
  rows.discount_amount.push_back(
      {std::min(discount.amount_micros, rows.price.back().amount * rows.quantity.back())});
  rows.discount_duration.push_back(discount.duration);
  rows.discount_until.push_back(discount.until == open_end ? std::nullopt : std::optional(discount.until));
  const Event* request = nullptr;
  for (const Event& one : stay.requests)
    if (last || one.at < *end) request = &one;
  rows.cancel_requested.push_back(request != nullptr ? std::optional(request->at) : std::nullopt);
  std::optional<Day> paid = request != nullptr ? request->paid_through : std::nullopt;
  if (said.paused && said.pause_paid) paid = said.pause_paid;
  if (last && stay.end && stay.end->paid_through) paid = stay.end->paid_through;
  rows.paid_through.push_back(paid);
  rows.dunning_end.push_back(said.past_due ? said.dunning_end : std::nullopt);
  rows.recorded.push_back(said.recorded);
  if (said.terms.product) {
    rows.product.push_back(*said.terms.product);
    rows.has_products = true;
  } else {
    rows.product.push_null();
  }
}

/// All rows of the events that stand.
inline LiveRows rows_of(const std::vector<Event>& events, bool inclusive,
                        std::optional<Event>* misfit = nullptr) {
  std::map<std::pair<Id, Id>, std::vector<Event>> subscriptions;
  for (const Event& event : events)
    if (event.kind != EventKind::retracted)
      subscriptions[{event.customer, event.subscription}].push_back(event);
  LiveRows rows;
  for (const auto& [key, own] : subscriptions) {
    const Told told = tell(own);
    if (misfit != nullptr && told.misfit) *misfit = told.misfit;
    for (const Stay& stay : told.stays) {
      const std::optional<Day> stop = stay.last();
      for (auto said = stay.said.begin(); said != stay.said.end(); ++said) {
        if (stop && said->first >= *stop) break;
        const auto next = std::next(said);
        const bool last = next == stay.said.end() || (stop && next->first >= *stop);
        add_row(rows, own.front(), said->second, said->first, last ? stop : std::optional(next->first), stay,
                last, inclusive);
      }
    }
  }
  return rows;
}

/// Which events stand after a stream, by the rules of event.hpp; the code of the fault where one is refused.
struct Ledger {
  EventOrder order = EventOrder::strict;
  std::map<Id, Event> standing;

  std::string take(const Event& event) {
    const auto known = standing.find(event.id);
    const bool strict = order == EventOrder::strict;
    if (known == standing.end() && strict && (event.version > 1 || event.kind == EventKind::retracted))
      return "E_EVENT_UNKNOWN";
    if (known != standing.end() && event.version < known->second.version)
      return strict ? "E_VERSION_BACK" : "";
    if (known != standing.end() && event.version == known->second.version)
      return known->second == event ? "" : "E_DUPLICATE_CONFLICT";
    if (strict && event.sequence)
      for (const auto& [id, other] : standing)
        if (id != event.id && other.sequence == event.sequence) return "E_SEQUENCE_TWICE";
    Ledger next = *this;
    next.standing[event.id] = event;
    std::optional<Event> misfit;
    rows_of(next.events(), false, &misfit);
    if (misfit && strict) return "E_EVENT_ORDER";
    *this = std::move(next);
    return "";
  }
  std::vector<Event> events() const {
    std::vector<Event> all;
    for (const auto& [id, event] : standing) all.push_back(event);
    return all;
  }
};

}  // namespace tenure::test
