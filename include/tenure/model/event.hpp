#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "../core/currency.hpp"
#include "../core/date.hpp"
#include "contract.hpp"

/// What happens to a subscription, one thing at a time: what a billing service sends as it happens.
namespace tenure {

/// In the order in which events of one subscription on one day take effect.
enum class EventKind : std::uint8_t {
  start,              ///< reads price (needed), interval (a month), quantity (1), product, discount
  payment_recovered,  ///< of what was past due
  resume,             ///< after a pause
  change,             ///< of whatever is given: price, interval, quantity, product, discount
  quantity,           ///< reads quantity
  discount,           ///< reads discount
  pause,              ///< reads paid_through
  payment_failed,     ///< past due from here on; reads ends: when collection is given up
  cancel_request,     ///< reads ends: when the subscription will end, and paid_through
  end,                ///< first day no longer paid for; reads paid_through
  retracted           ///< takes an earlier event of this id away; reads nothing else
};
/// Throws OptionError E_ENUM with the nearest known name.
EventKind parse_event_kind(std::string_view name);
std::string_view name_of(EventKind kind) noexcept;

/// One event. What it does not give stays as it was.
///
/// A correction is an event with the id of an earlier one and a higher version: it replaces it as a whole.
/// Events of one subscription take effect in the order of `at`; those of one day in the order of `sequence`
/// if all of them have one, else in the order of EventKind; then by id.
///
/// A subscription belongs to one customer: the same subscription id under another customer is another
/// subscription. Cancelling can be taken back by retracting the request. A new start after the end opens the
/// subscription again.
struct Event {
  Id id = {};
  std::int64_t version = 1;
  Id customer = {}, subscription = {};
  EventKind kind = EventKind::start;
  Day at = 0;                                 ///< when it takes effect
  std::optional<Day> recorded = {};           ///< when it was entered
  std::optional<std::int64_t> sequence = {};  ///< position in a feed that counts its events
  std::optional<std::int64_t> price = {};     ///< micro-units per interval and unit of quantity
  std::optional<Interval> interval = {};
  std::optional<std::int64_t> quantity = {};
  std::optional<std::string> product = {};
  /// Replaces the discount that was there; without percentage and amount it takes it off. An amount takes off
  /// at most the price.
  std::optional<Discount> discount = {};
  std::optional<Day> ends = {}, paid_through = {};
  Currency currency = {};
  friend bool operator==(const Event& a, const Event& b) noexcept;
};

/// Positions of a feed that nobody delivered, both included.
struct FeedGap {
  std::int64_t first, last;
  friend bool operator==(const FeedGap&, const FeedGap&) = default;
};

/// Refuses an event that cannot be meant, whatever came before: E_VERSION_RANGE, E_KEY_EMPTY, E_KEY_UTF8,
/// E_DATE_RANGE, E_PERIOD_REVERSED, E_AMOUNT_NULL, E_AMOUNT_NEGATIVE, E_INTERVAL_COUNT, E_QUANTITY_RANGE,
/// E_DISCOUNT_RANGE, E_EVENT_EMPTY. `row` is its position among those of one call.
void check_event(const Event& event, std::optional<std::int64_t> row = {});

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/event.ipp"
#endif
