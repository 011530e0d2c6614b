#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <tuple>

#include "id_table.hpp"

namespace tenure::detail {

/// An event as a live book keeps it: what its kind does not read is left out, so that equal content is equal.
struct StoredEvent {
  enum Has : std::uint8_t {
    has_price = 1,
    has_interval = 2,
    has_quantity = 4,
    has_product = 8,
    has_discount = 16,
    has_sequence = 32
  };
  std::int64_t version = 1, subscription = 0, sequence = 0, price = 0, quantity = 0, amount_off = 0;
  std::uint32_t id = 0;
  Day at = 0, recorded = open_end, ends = open_end, paid_through = open_end, discount_until = open_end;
  std::int32_t interval_count = 1, product = null_code, percent_off = 0;
  EventKind kind = EventKind::start;
  IntervalUnit unit = IntervalUnit::month;
  DiscountDuration duration = DiscountDuration::forever;
  std::uint8_t has = 0;

  bool gives(Has what) const noexcept { return (has & what) != 0; }
  Interval interval() const noexcept { return {unit, interval_count}; }
  Discount discount() const noexcept { return {percent_off, amount_off, duration, discount_until}; }
  friend bool operator==(const StoredEvent&, const StoredEvent&) = default;
};

/// The texts and ids of a live book.
struct LiveNames {
  enum class KeyType : std::uint8_t { unknown, number, text };

  IdTable events, customers, subscriptions, products;
  KeyType subscription_type = KeyType::unknown;

  static KeyType type_of(const Id& id) noexcept { return id.index() == 1 ? KeyType::text : KeyType::number; }
  bool takes_subscription(const Id& id) const noexcept {
    return subscription_type == KeyType::unknown || subscription_type == type_of(id);
  }
  /// A subscription's id if it is a number, else its code.
  std::int64_t subscription_key(const Id& id) {
    subscription_type = type_of(id);
    if (const auto* number = std::get_if<std::int64_t>(&id)) return *number;
    return subscriptions.encode(id);
  }
  Id subscription(std::int64_t key) const {
    if (subscription_type == KeyType::text) return subscriptions[static_cast<std::uint32_t>(key)];
    return key;
  }

  /// How much was known at some time; going back to it forgets what came later.
  struct Mark {
    std::size_t events, customers, subscriptions, products;
    KeyType type;
  };
  Mark mark() const noexcept {
    return {events.size(), customers.size(), subscriptions.size(), products.size(), subscription_type};
  }
  void back_to(const Mark& mark) noexcept {
    events.truncate(mark.events);
    customers.truncate(mark.customers);
    subscriptions.truncate(mark.subscriptions);
    products.truncate(mark.products);
    subscription_type = mark.type;
  }
};

inline void store_payload(const Event& event, StoredEvent& stored, IdTable& products) {
  const EventKind kind = event.kind;
  const bool all = kind == EventKind::start || kind == EventKind::change;
  const auto put = [&](StoredEvent::Has what) { stored.has = static_cast<std::uint8_t>(stored.has | what); };
  if (all && event.price) stored.price = *event.price, put(StoredEvent::has_price);
  if (all && event.interval) {
    stored.unit = event.interval->unit, stored.interval_count = event.interval->count;
    put(StoredEvent::has_interval);
  }
  if ((all || kind == EventKind::quantity) && event.quantity)
    stored.quantity = *event.quantity, put(StoredEvent::has_quantity);
  if (all && event.product) {
    stored.product = static_cast<std::int32_t>(products.encode(*event.product));
    put(StoredEvent::has_product);
  }
  if ((all || kind == EventKind::discount) && event.discount) {
    stored.percent_off = static_cast<std::int32_t>(event.discount->percent_micros);
    stored.amount_off = event.discount->amount_micros;
    stored.duration = event.discount->duration;
    stored.discount_until = event.discount->until;
    put(StoredEvent::has_discount);
  }
  const bool ends = kind == EventKind::cancel_request || kind == EventKind::payment_failed;
  const bool paid = kind == EventKind::cancel_request || kind == EventKind::end || kind == EventKind::pause;
  if (ends) stored.ends = event.ends.value_or(open_end);
  if (paid) stored.paid_through = event.paid_through.value_or(open_end);
}

/// Meets the ids of a checked event. `id` is its code.
inline StoredEvent to_stored(const Event& event, std::uint32_t id, LiveNames& names) {
  StoredEvent stored;
  stored.id = id;
  stored.version = event.version;
  stored.recorded = event.recorded.value_or(open_end);
  stored.kind = event.kind;
  if (event.sequence) stored.sequence = *event.sequence, stored.has = StoredEvent::has_sequence;
  if (event.kind == EventKind::retracted) return stored;
  stored.subscription = names.subscription_key(event.subscription);
  stored.at = event.at;
  store_payload(event, stored, names.products);
  return stored;
}

inline Event to_event(const StoredEvent& stored, const LiveNames& names, std::uint32_t customer,
                      Currency currency) {
  const auto known = [](Day day) { return day == open_end ? std::nullopt : std::optional(day); };
  Event event{.id = names.events[stored.id],
              .version = stored.version,
              .customer = names.customers[customer],
              .subscription = names.subscription(stored.subscription),
              .kind = stored.kind,
              .at = stored.at,
              .recorded = known(stored.recorded),
              .ends = known(stored.ends),
              .paid_through = known(stored.paid_through),
              .currency = currency};
  if (stored.gives(StoredEvent::has_sequence)) event.sequence = stored.sequence;
  if (stored.gives(StoredEvent::has_price)) event.price = stored.price;
  if (stored.gives(StoredEvent::has_interval)) event.interval = stored.interval();
  if (stored.gives(StoredEvent::has_quantity)) event.quantity = stored.quantity;
  if (stored.gives(StoredEvent::has_product))
    event.product = std::get<std::string>(names.products[static_cast<std::uint32_t>(stored.product)]);
  if (stored.gives(StoredEvent::has_discount)) event.discount = stored.discount();
  return event;
}

/// Where an event goes among those of its customer: behind all of its subscription and day.
inline bool is_before(const StoredEvent& a, const StoredEvent& b) noexcept {
  return std::tie(a.subscription, a.at) < std::tie(b.subscription, b.at);
}

/// Puts the events of each day into the order of event.hpp. The others must be in order.
inline void order_days(std::span<StoredEvent> events, const IdTable& ids) {
  for (std::size_t from = 0, to = 0; from < events.size(); from = to) {
    bool counted = true;
    for (; to < events.size() && !is_before(events[from], events[to]); ++to)
      counted = counted && events[to].gives(StoredEvent::has_sequence);
    if (to - from < 2) continue;
    const auto before = [&](const StoredEvent& a, const StoredEvent& b) {
      if (counted && a.sequence != b.sequence) return a.sequence < b.sequence;
      if (a.kind != b.kind) return a.kind < b.kind;
      return ids.less(a.id, b.id);
    };
    const auto day = events.subspan(from, to - from);
    if (!std::is_sorted(day.begin(), day.end(), before)) std::sort(day.begin(), day.end(), before);
  }
}

}  // namespace tenure::detail
