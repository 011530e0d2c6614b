#include <gtest/gtest.h>

#include <tenure/tenure.hpp>

#include "support/faults.hpp"
#include "support/generators.hpp"
#include "support/live_reference.hpp"

namespace tenure {

inline void showValue(const Event& e, std::ostream& out) {
  out << "\n  " << std::get<std::int64_t>(e.id) << " v" << e.version << " " << name_of(e.kind);
  if (e.kind != EventKind::retracted)
    out << " of " << std::get<std::int64_t>(e.customer) << std::get<std::string>(e.subscription) << " on "
        << format_day(e.at);
  const auto put = [&](const char* name, const auto& value) {
    if (value) out << " " << name << "=" << *value;
  };
  put("recorded", e.recorded), put("sequence", e.sequence), put("price", e.price),
      put("quantity", e.quantity);
  put("product", e.product), put("ends", e.ends), put("paid_through", e.paid_through);
  if (e.interval) out << " every " << e.interval->count << " " << name_of(e.interval->unit);
  if (e.discount)
    out << " discount " << e.discount->percent_micros << "% " << e.discount->amount_micros << " duration "
        << int(e.discount->duration) << " until " << e.discount->until;
}

}  // namespace tenure

/// After every event the totals are those of a book made from what an independent reading of all events
/// comes to: the bits are compared.
namespace tenure::test {
namespace {

const Day first = days_from_civil(2024, 1, 20);
const Day month_end = days_from_civil(2024, 2, 29);

rc::Gen<Day> near_day() { return rc::gen::inRange<Day>(first, first + 100); }

/// Content as a kind reads it, so that what is equal in effect is equal in writing.
Event content(EventKind kind, int draw, Day at) {
  Event event{.kind = kind, .at = at};
  const bool all = kind == EventKind::start || kind == EventKind::change;
  const auto bit = [&](int n) { return (draw >> n & 1) != 0; };
  if (kind == EventKind::start || (all && bit(0))) event.price = (draw % 5) * 10 * micros + draw % 3;
  if (all && bit(1))
    event.interval = Interval{bit(2) ? IntervalUnit::year : IntervalUnit::week, 1 + draw % 2};
  if ((all && bit(3)) || kind == EventKind::quantity) event.quantity = draw % 4;
  if ((all && bit(4)) || (kind == EventKind::change && !event.price && !event.interval && !event.quantity))
    event.product = bit(5) ? "gold" : "silver";
  if ((all && bit(6)) || kind == EventKind::discount)
    event.discount = Discount{.percent_micros = bit(7) ? 25 * micros : 0,
                              .amount_micros = bit(8) ? 15 * micros : 0,
                              .duration = static_cast<DiscountDuration>(draw / 7 % 3),
                              .until = bit(9) ? at + draw % 50 : open_end};
  const bool ends = kind == EventKind::cancel_request || kind == EventKind::payment_failed;
  if (ends && bit(1)) event.ends = at + draw % 40;
  if ((kind == EventKind::cancel_request || kind == EventKind::end || kind == EventKind::pause) && bit(2))
    event.paid_through = at + draw % 30;
  return event;
}

rc::Gen<Event> any_event(bool small_versions) {
  const auto kind = rc::gen::weightedElement<EventKind>({{6, EventKind::start},
                                                         {2, EventKind::change},
                                                         {2, EventKind::quantity},
                                                         {2, EventKind::discount},
                                                         {2, EventKind::pause},
                                                         {2, EventKind::resume},
                                                         {2, EventKind::payment_failed},
                                                         {1, EventKind::payment_recovered},
                                                         {2, EventKind::cancel_request},
                                                         {3, EventKind::end},
                                                         {1, EventKind::retracted}});
  return rc::gen::apply(
      [=](EventKind drawn, int draw, Day at, std::int64_t id, int version, int who, int recorded) {
        Event event = content(drawn, draw, at);
        event.id = id;
        event.version = small_versions ? 1 + version / 4 : 1 + version % 3;
        if (recorded % 3 == 0) event.recorded = at + recorded % 20 - 5;
        if (recorded % 2 == 0) event.sequence = draw % 30;
        if (drawn == EventKind::retracted) {
          event.at = 0;
          return event;
        }
        event.customer = std::int64_t{who % 3};
        event.subscription = std::string(who / 3 == 0 ? "a" : "b");
        return event;
      },
      kind, rc::gen::inRange(0, 1024), near_day(), rc::gen::inRange<std::int64_t>(0, 14),
      rc::gen::inRange(0, 5), rc::gen::inRange(0, 5), rc::gen::inRange(0, 60));
}

rc::Gen<std::vector<Event>> any_events(bool small_versions = false) {
  return rc::gen::resize(30, rc::gen::container<std::vector<Event>>(any_event(small_versions)));
}

/// Any policy; the bridge of a live book is cut off after today, so as_of has nothing to choose.
rc::Gen<Policy> live_policy() {
  return rc::gen::map(any_policy(), [](const Policy& policy) { return without(policy, {"as_of"}); });
}

Book rebuilt(const std::vector<Event>& events, const Policy& policy) {
  Book book(policy);
  const LiveRows rows = rows_of(events, policy.loading.end == EndDate::inclusive);
  book.add(rows.table());
  return book;
}

void expect_totals(const LiveBook& live, const std::vector<Event>& events, PeriodUnit unit) {
  const LiveTotals totals = live.totals();
  const Policy& policy = live.policy();
  const Book book = rebuilt(events, policy);
  RC_ASSERT(totals.at(Line::closing) == book.mrr(totals.today).flows[0]);
  RC_ASSERT(totals.mrr() == book.mrr(totals.today).mrr());
  RC_ASSERT(totals.arr() == book.mrr(totals.today).arr());
  RC_ASSERT(live.book().mrr(totals.today) == book.mrr(totals.today));
  const Calendar calendar{unit, 1, static_cast<int>(policy.reporting.week_start)};
  const Periods period(calendar, totals.today, totals.today);
  RC_ASSERT(totals.period_begin == period.begin());
  if (period.end() != totals.today + 1) return;  // the whole period is what a book's bridge speaks of
  const Waterfall bridge = book.waterfall(period);
  for (const auto& [name, line] : line_names) RC_ASSERT(totals.at(line) == bridge.at(line, 0));
}

struct Seen {
  LiveTotals totals;
  LiveCounts counts;
  std::vector<FeedGap> gaps;
  std::vector<Event> events;
  friend bool operator==(const Seen&, const Seen&) = default;
};
Seen see(const LiveBook& live) { return {live.totals(), live.counts(), live.gaps(), live.events()}; }

/// Gives the event, and expects what the ledger expects.
void give(LiveBook& live, Ledger& ledger, const Event& event) {
  const Seen before = see(live);
  const std::string code = ledger.take(event);
  try {
    live.apply(event);
    RC_ASSERT(code == "");
    RC_ASSERT(live.totals().today == std::max(before.totals.today, event.recorded.value_or(0)));
  } catch (const InputError& error) {
    RC_ASSERT(error.code() == code);
    RC_ASSERT(see(live) == before);
  }
  RC_ASSERT(live.events() == ledger.events());
}

/// Mostly recorded by the end of the month, so that the clock stays where whole bridges can be compared.
std::vector<Event> recorded_in_time(std::vector<Event> events) {
  for (Event& event : events)
    if (event.recorded && std::get<std::int64_t>(event.id) != 0)
      event.recorded = std::min(*event.recorded, month_end);
  return events;
}

void expect_the_book_of_all_events(EventOrder order) {
  const auto events = recorded_in_time(*any_events(order == EventOrder::strict));
  const Policy policy = *live_policy();
  const PeriodUnit unit = *rc::gen::element(PeriodUnit::month, PeriodUnit::day);
  LiveBook live(policy, month_end, {.order = order, .unit = unit});
  Ledger ledger{order, {}};
  for (const Event& event : events) {
    give(live, ledger, event);
    expect_totals(live, ledger.events(), unit);
  }
}

TEST(LiveBook, IsTheBookOfAllEventsAfterEachOfThemInAnyOrder) {
  for_all([] { expect_the_book_of_all_events(EventOrder::any); });
}

TEST(LiveBook, IsTheBookOfAllEventsAfterEachOfThemInOrder) {
  for_all([] { expect_the_book_of_all_events(EventOrder::strict); });
}

TEST(LiveBook, IsTheBookOfAllEventsWhileTheClockMovesOn) {
  for_all([] {
    auto events = *any_events();
    for (Event& event : events) event.recorded = std::nullopt;
    const Policy policy = *live_policy();
    const PeriodUnit unit = *rc::gen::element(PeriodUnit::month, PeriodUnit::week, PeriodUnit::quarter);
    LiveBook live(policy, first - 10, {.order = EventOrder::any, .unit = unit});
    Ledger ledger{EventOrder::any, {}};
    for (const Event& event : events) {
      give(live, ledger, event);
      live.advance_to(live.totals().today + *rc::gen::inRange(0, 12));
      expect_totals(live, ledger.events(), unit);
    }
    // To the last day of a period, where the whole bridge can be compared.
    const Calendar calendar{unit, 1, static_cast<int>(policy.reporting.week_start)};
    live.advance_to(Periods(calendar, live.totals().today, live.totals().today).end() - 1);
    expect_totals(live, ledger.events(), unit);
  });
}

/// What a table would say if nothing were known of the days after `today`.
LiveRows cut_off(const LiveRows& rows, Day today) {
  LiveRows cut = rows;
  cut.end = cut.discount_until = {};
  const auto until = [&](const LiveRows::DayColumn& column, std::size_t row) {
    const bool known = column.view().valid[row] && column.values[row] <= today;
    return known ? std::optional(column.values[row]) : std::nullopt;
  };
  for (std::size_t row = 0; row < rows.size(); ++row) {
    cut.end.push_back(rows.start[row] > today ? rows.start[row] : until(rows.end, row));
    cut.discount_until.push_back(until(rows.discount_until, row));
  }
  return cut;
}

TEST(LiveBook, CutsTheBridgeOfTheRunningMonthOffAfterToday) {
  for_all([] {
    const auto events = *any_events();
    LiveBook live(Policy::standard(), *near_day(), {.order = EventOrder::any});
    Ledger ledger{EventOrder::any, {}};
    for (const Event& event : events) give(live, ledger, event);
    const LiveTotals totals = live.totals();
    Book book;
    const LiveRows rows = cut_off(rows_of(ledger.events(), false), totals.today);
    book.add(rows.table());
    const Waterfall bridge = book.waterfall(Periods({PeriodUnit::month, 1}, totals.today, totals.today));
    for (const auto& [name, line] : line_names) RC_ASSERT(totals.at(line) == bridge.at(line, 0));
  });
}

TEST(LiveBook, DependsOnTheSetOfEventsOnlyInAnyOrder) {
  for_all([] {
    std::map<std::pair<Id, std::int64_t>, Event>
        distinct;  // without conflicts, which refuse whoever comes last
    for (const Event& event : *any_events()) distinct.try_emplace({event.id, event.version}, event);
    std::vector<Event> events;
    for (const auto& [key, event] : distinct) events.push_back(event);
    const Policy policy = *live_policy();
    const LiveOptions options{.order = EventOrder::any, .unit = PeriodUnit::day};
    LiveBook in_order(policy, first, options), at_random(policy, first, options),
        at_once(policy, first, options);
    for (const Event& event : events) in_order.apply(event);
    const auto seed = *rc::gen::arbitrary<std::uint64_t>();
    std::vector<Event> mixed;
    for (std::size_t i = 0; i < events.size(); ++i)
      mixed.insert(mixed.begin() + static_cast<std::ptrdiff_t>((seed >> (i % 60)) % (mixed.size() + 1)),
                   events[i]);
    for (const Event& event : mixed) at_random.apply(event);
    mixed.insert(mixed.end(), events.begin(), events.end());  // and everything twice
    at_once.apply_many(mixed);
    RC_ASSERT(at_random.totals() == in_order.totals());
    RC_ASSERT(at_random.events() == in_order.events());
    RC_ASSERT(at_random.gaps() == in_order.gaps());
    RC_ASSERT(at_once.totals() == in_order.totals());
    RC_ASSERT(at_once.events() == in_order.events());
    RC_ASSERT(at_once.counts().duplicates + at_once.counts().late >=
              static_cast<std::int64_t>(events.size()));
  });
}

TEST(LiveBook, IsMadeAgainOfTheEventsThatStand) {
  for_all([] {
    const Policy policy = *live_policy();
    const EventOrder order = *rc::gen::element(EventOrder::strict, EventOrder::any);
    const LiveOptions options{.order = order, .unit = PeriodUnit::day};
    LiveBook live(policy, month_end, options);
    Ledger ledger{order, {}};
    for (const Event& event : *any_events(order == EventOrder::strict)) give(live, ledger, event);
    const LiveBook again(policy, live.totals().today, live.events(), options);
    RC_ASSERT(again.totals() == live.totals());
    RC_ASSERT(again.events() == live.events());
    RC_ASSERT(again.counts().events == live.counts().events);
  });
}

TEST(LiveBook, TakesManyEventsAtOnceOrNone) {
  for_all([] {
    const auto events = *any_events(true);
    const Policy policy = *live_policy();
    LiveBook live(policy, first + 30, {.unit = PeriodUnit::day});
    std::size_t from = 0;
    Ledger standing;
    while (from < events.size()) {
      const std::size_t to = std::min(events.size(), from + *rc::gen::inRange<std::size_t>(1, 8));
      const std::vector<Event> part(events.begin() + static_cast<std::ptrdiff_t>(from),
                                    events.begin() + static_cast<std::ptrdiff_t>(to));
      from = to;
      const Seen before = see(live);
      try {
        live.apply_many(part);
        for (const Event& event : part) {  // versions in order, whatever fits in the end
          Event& known = standing.standing.try_emplace(event.id, event).first->second;
          if (event.version > known.version) known = event;
        }
        std::optional<Event> misfit;
        rows_of(standing.events(), false, &misfit);
        RC_ASSERT(!misfit.has_value());
        expect_totals(live, standing.events(), PeriodUnit::day);
      } catch (const InputError& error) {
        // What cannot take effect may have been known before: it is then no row of the call.
        const auto& row = error.fault().row;
        if (error.code() != "E_EVENT_ORDER") RC_ASSERT(row.has_value());
        if (row) {
          RC_ASSERT(*row >= 0 && *row < static_cast<std::int64_t>(part.size()));
          const Event& named = part[static_cast<std::size_t>(*row)];
          const std::string& value = error.fault().value;
          if (error.code() == "E_EVENT_ORDER") RC_ASSERT(value == name_of(named.kind));
          if (error.code() == "E_VERSION_BACK") RC_ASSERT(value == std::to_string(named.version));
          if (error.code() == "E_SEQUENCE_TWICE") RC_ASSERT(value == std::to_string(*named.sequence));
          if (error.code() == "E_EVENT_UNKNOWN" || error.code() == "E_DUPLICATE_CONFLICT")
            RC_ASSERT(value == std::to_string(std::get<std::int64_t>(named.id)));
        } else {
          const auto given = [&](const Event& event) {
            const std::string shown = "event '" + std::to_string(std::get<std::int64_t>(event.id)) + "' (";
            return error.fault().what.find(shown) != std::string::npos;
          };
          RC_ASSERT(std::none_of(part.begin(), part.end(), given));
        }
        RC_ASSERT(see(live) == before);
      }
    }
  });
}

}  // namespace
}  // namespace tenure::test
