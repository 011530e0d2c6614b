#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "book.hpp"
#include "core/frame.hpp"
#include "model/event.hpp"
#include "revenue/movement.hpp"

namespace tenure {

enum class EventOrder : std::uint8_t {
  strict,  ///< an event must fit what is known when it comes
  any      ///< events come in any order; what does not fit yet waits without effect
};
enum class OnGap : std::uint8_t {
  note,  ///< holes in a feed's sequence are listed by gaps()
  error  ///< E_FEED_GAP
};
enum class RecordedEarly : std::uint8_t {
  allow,
  error  ///< E_RECORDED_EARLY for what was entered before it took effect
};

struct LiveOptions {
  EventOrder order = EventOrder::strict;
  OnGap on_gap = OnGap::note;
  RecordedEarly early = RecordedEarly::allow;
  PeriodUnit unit = PeriodUnit::month;  ///< of the bridge
  Currency currency = {};               ///< of all events; by default that of the first that has one
};

/// What a live book comes to. One value, copied whole: it never mixes two moments.
struct LiveTotals {
  Day today = 0;
  Day period_begin = 0;                   ///< of the running period
  std::int64_t subscriptions = 0;         ///< that pay something today
  std::int64_t rounded_to = 1;            ///< as Snapshot::rounded_to; the bridge stays exact
  std::array<Flow, line_count> bridge{};  ///< of the running period up to and including today, by Line

  const Flow& at(Line line) const noexcept { return bridge[static_cast<std::size_t>(line)]; }
  double mrr() const noexcept { return rounded().mrr(); }
  double arr() const noexcept { return rounded().arr(); }
  std::int64_t customers() const noexcept { return at(Line::closing).customers; }
  friend bool operator==(const LiveTotals&, const LiveTotals&) = default;

 private:
  RunRateSum rounded() const noexcept {
    return RunRateSum(divide_half_even(at(Line::closing).amount.annual, rounded_to) * rounded_to);
  }
};

/// What became of the events that were given.
struct LiveCounts {
  std::int64_t events = 0;       ///< that stand, corrected ones once
  std::int64_t corrections = 0;  ///< that replaced an earlier version
  std::int64_t retractions = 0;
  std::int64_t duplicates = 0;  ///< given again, word for word
  std::int64_t late = 0;        ///< EventOrder::any: older than the version that stands
  friend bool operator==(const LiveCounts&, const LiveCounts&) = default;
};

/// Phases of subscriptions as columns, ready for Book::add.
struct LiveRows {
  struct IdColumn {
    std::vector<std::int64_t> numbers;
    TextColumn texts;
    bool has_texts = false;
    void push_back(const Id& id);
    Ids view() const;
  };
  struct DayColumn {
    std::vector<Day> values;
    std::vector<std::uint8_t> valid;  ///< bits
    void push_back(std::optional<Day> day);
    Column<Day> view() const { return {values, {valid.data()}}; }
  };

  IdColumn customer, subscription;
  std::vector<Day> start;
  DayColumn end, cancel_requested, paid_through, dunning_end, discount_until;
  /// Of the event that opened the phase, as backdating=recorded asks for it; under other policies empty. It
  /// is no knowledge of the whole row: the end may have been recorded later.
  DayColumn recorded;
  std::vector<Micros> price, discount_percent, discount_amount;
  std::vector<IntervalUnit> interval;
  std::vector<std::int64_t> interval_count, quantity;
  std::vector<SubscriptionStatus> status;
  std::vector<DiscountDuration> discount_duration;
  TextColumn product;
  bool has_products = false;
  Currency currency;

  std::size_t size() const noexcept { return start.size(); }
  /// Views into this.
  Subscriptions table() const;
};

/// A book that is kept current event by event. After each call its totals are those of a Book made anew from
/// what all events come to, to the bit: closing is Book::mrr(today), the bridge that of the running period
/// cut off after today. An event costs what its customer's events cost, not what the book holds.
///
/// One thread writes (everything that is not const). totals() may be called from any thread at any time and
/// never holds up the writer; all else that is const must not run while somebody writes. A call that throws
/// a tenure::Error leaves the book as it was.
class LiveBook {
 public:
  /// Throws OptionError as Policy::check, InputError E_DATE_RANGE.
  explicit LiveBook(Policy policy, Day today, LiveOptions options = {});
  /// Makes a book again of what events() gave: the versions before them need not be there. Positions of the
  /// feed at which only such versions stood are then listed by gaps(). Throws InputError as apply_many.
  LiveBook(Policy policy, Day today, std::span<const Event> events, LiveOptions options = {});
  ~LiveBook();
  LiveBook(LiveBook&&) noexcept;
  LiveBook& operator=(LiveBook&&) noexcept;

  /// Takes one event. What was recorded after today moves the clock on. Throws InputError: all of
  /// check_event; E_DATE_RANGE (recorded more than 366 days after today), E_KEY_TYPE, E_CURRENCY_MIXED,
  /// E_RECORDED_EARLY, E_FEED_GAP, E_SEQUENCE_TWICE (two events at one position), E_DUPLICATE_CONFLICT (the
  /// same version with other content), E_EVENT_UNKNOWN (a correction of nothing), E_VERSION_BACK,
  /// E_EVENT_ORDER (it cannot take effect, or keeps another from it), E_AMOUNT_RANGE. EventOrder::any knows
  /// none of E_SEQUENCE_TWICE, E_EVENT_UNKNOWN, E_VERSION_BACK and E_EVENT_ORDER.
  void apply(const Event& event);
  /// Takes all of them or none. Their order does not matter. Messages name the row.
  void apply_many(std::span<const Event> events);
  /// What takes effect up to `day` counts from now on. Throws InputError E_CLOCK if the day is over already,
  /// E_DATE_RANGE. Within a period this costs what the customers with a change cost, else the whole book.
  void advance_to(Day day);

  LiveTotals totals() const noexcept;
  LiveCounts counts() const noexcept;
  std::vector<FeedGap> gaps() const;
  const Policy& policy() const noexcept;
  Currency currency() const noexcept;

  /// The events that stand, by id; retractions too, which then name no customer.
  std::vector<Event> events() const;
  /// What they come to: the rows of each customer together, customers by id.
  LiveRows rows() const;
  /// The same as a book, for every other question but what was known when: known_at() throws E_KNOWN_AT,
  /// unless the policy has backdating=recorded, under which the rows say when they began to be known, but not
  /// since when their end was.
  Book book() const;

 private:
  void take(std::span<const Event> events, bool restores);

  struct Data;
  std::unique_ptr<Data> data_;
};

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/live_book.ipp"
#endif
