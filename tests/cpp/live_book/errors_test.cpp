#include <gtest/gtest.h>

#include <tenure/tenure.hpp>

#include "support/faults.hpp"

/// Each refused event is named with field, value and remedy, and leaves the book as it was.
namespace tenure::test {
namespace {

const Day today = days_from_civil(2024, 6, 15);

Event start(const char* id, Day at = today - 40) {
  return {.id = std::string(id),
          .customer = std::string("acme"),
          .subscription = std::string("s1"),
          .kind = EventKind::start,
          .at = at,
          .price = 100 * micros};
}
Event of(const char* id, EventKind kind, Day at) {
  Event event = start(id, at);
  event.kind = kind;
  event.price = std::nullopt;
  return event;
}
Event seats(const char* id, Day at, std::int64_t quantity) {
  Event event = of(id, EventKind::quantity, at);
  event.quantity = quantity;
  return event;
}

class LiveErrors : public testing::Test {
 protected:
  explicit LiveErrors(LiveOptions options = {}) : live(Policy::standard(), today, options) {
    live.apply(start("e1"));
    live.apply(seats("e2", today - 5, 3));
  }

  /// Gives the event and returns the fault; the book must be as before.
  Fault refused(const Event& event) {
    return refused([&] { live.apply(event); });
  }
  Fault refused(const std::vector<Event>& events) {
    return refused([&] { live.apply_many(events); });
  }
  template <class Call>
  Fault refused(Call call) {
    const auto events = live.events();
    const LiveTotals totals = live.totals();
    const LiveCounts counts = live.counts();
    const auto gaps = live.gaps();
    try {
      call();
      ADD_FAILURE() << "accepted";
      return {};
    } catch (const Error& error) {
      EXPECT_EQ(live.events(), events);
      EXPECT_EQ(live.totals(), totals);
      EXPECT_EQ(live.counts(), counts);
      EXPECT_EQ(live.gaps(), gaps);
      EXPECT_FALSE(error.fault().column.empty());
      EXPECT_FALSE(error.fault().remedy.empty());
      return error.fault();
    }
  }

  LiveBook live;
};

TEST_F(LiveErrors, CorrectionOfAnUnknownEvent) {
  Event event = seats("e9", today, 4);
  event.version = 2;
  const Fault fault = refused(event);
  EXPECT_EQ(fault.code, "E_EVENT_UNKNOWN");
  EXPECT_EQ(fault.column, "id");
  EXPECT_EQ(fault.value, "e9");
  EXPECT_EQ(refused(Event{.id = std::string("e9"), .kind = EventKind::retracted}).code, "E_EVENT_UNKNOWN");
}

TEST_F(LiveErrors, VersionGoingBack) {
  Event event = seats("e2", today - 5, 7);
  event.version = 3;
  live.apply(event);
  event.version = 2;
  const Fault fault = refused(event);
  EXPECT_EQ(fault.code, "E_VERSION_BACK");
  EXPECT_EQ(fault.column, "version");
  EXPECT_EQ(fault.value, "2");
  EXPECT_THAT(fault.what, testing::HasSubstr("'e2' after version 3"));
}

TEST_F(LiveErrors, TheSameVersionWithOtherContent) {
  EXPECT_EQ(refused(seats("e2", today - 5, 4)).code, "E_DUPLICATE_CONFLICT");
  EXPECT_EQ(refused(seats("e2", today - 4, 3)).code, "E_DUPLICATE_CONFLICT");
  Event other = seats("e2", today - 5, 3);
  other.customer = std::string("else");
  EXPECT_EQ(refused(other).code, "E_DUPLICATE_CONFLICT");
  EXPECT_EQ(refused(Event{.id = std::string("e2"), .kind = EventKind::retracted}).code,
            "E_DUPLICATE_CONFLICT");
  live.apply(seats("e2", today - 5, 3));
  EXPECT_EQ(live.counts().duplicates, 1);
}

TEST_F(LiveErrors, EventsThatCannotTakeEffect) {
  const Fault fault = refused(start("e3", today));
  EXPECT_EQ(fault.code, "E_EVENT_ORDER");
  EXPECT_THAT(fault.what, testing::HasSubstr("event 'e3' (start of subscription 's1' on 2024-06-15) cannot "
                                             "take effect: it is running already"));
  const auto refuses = [&](EventKind kind, Day at, const char* words) {
    const Fault one = refused(of("e3", kind, at));
    EXPECT_EQ(one.code, "E_EVENT_ORDER");
    EXPECT_THAT(one.what, testing::HasSubstr(words));
  };
  refuses(EventKind::resume, today, "not paused");
  refuses(EventKind::payment_recovered, today, "nothing is past due");
  refuses(EventKind::pause, today - 50, "not running");
  refuses(EventKind::end, today - 10, "event 'e2' (quantity");  // it would end before what is known
  live.apply(of("p", EventKind::pause, today));
  refuses(EventKind::pause, today + 1, "paused already");
  Event elsewhere = seats("e3", today, 1);
  elsewhere.customer = std::string("other");
  EXPECT_EQ(refused(elsewhere).code, "E_EVENT_ORDER");
  const Event taken_away{.id = std::string("e1"), .version = 2, .kind = EventKind::retracted};
  EXPECT_EQ(refused(taken_away).code, "E_EVENT_ORDER");  // e2 would change what never started
  Event early = start("e1", today - 1);                  // would start after e2
  early.version = 2;
  EXPECT_EQ(refused(early).code, "E_EVENT_ORDER");
}

TEST_F(LiveErrors, ManyAtOnceNameTheRow) {
  const std::vector<Event> events{seats("a", today - 1, 4), seats("b", today - 2, 5),
                                  of("c", EventKind::resume, today)};
  Fault fault = refused(events);
  EXPECT_EQ(fault.code, "E_EVENT_ORDER");
  EXPECT_EQ(fault.row, 2);
  fault = refused({seats("a", today, 4), seats("b", today, -1)});
  EXPECT_EQ(fault.code, "E_QUANTITY_RANGE");
  EXPECT_EQ(fault.row, 1);
  Event other = start("d", today);
  other.customer = std::string("new one");
  Event huge = other;
  huge.id = std::string("h");
  huge.subscription = std::string("s2");
  huge.price = INT64_MAX / 2;
  fault = refused({other, huge});
  EXPECT_EQ(fault.code, "E_AMOUNT_RANGE");
  EXPECT_TRUE(fault.row.has_value());
}

TEST_F(LiveErrors, AmountsThatDoNotFitTogether) {
  Event huge = start("h", today);
  huge.subscription = std::string("s2");
  huge.price = INT64_MAX / 20;
  live.apply(huge);
  huge.id = std::string("h2");
  huge.subscription = std::string("s3");
  const Fault fault = refused(huge);
  EXPECT_EQ(fault.code, "E_AMOUNT_RANGE");
  EXPECT_THAT(fault.what, testing::HasSubstr("customer 'acme'"));
  EXPECT_EQ(fault.remedy, "Check the unit of the price.");
}

TEST_F(LiveErrors, RecordedFarAheadWouldMoveTheClockForEver) {
  Event event = seats("e3", today, 4);
  event.recorded = today + 367;
  const Fault fault = refused(event);
  EXPECT_EQ(fault.code, "E_DATE_RANGE");
  EXPECT_EQ(fault.column, "recorded");
  EXPECT_EQ(fault.value, "2025-06-17");
  EXPECT_THAT(fault.remedy, testing::HasSubstr("advance_to"));
  EXPECT_EQ(refused({seats("e4", today - 1, 2), event}).row, 1);
  const Event taken{.id = std::string("e2"), .version = 2, .kind = EventKind::retracted, .recorded = max_day};
  EXPECT_EQ(refused(taken).column, "recorded");
  live.advance_to(today + 1);
  live.apply(event);
  EXPECT_EQ(live.totals().today, today + 367);
}

TEST_F(LiveErrors, TwoEventsAtOnePositionOfTheFeed) {
  const auto at = [](const char* id, std::int64_t sequence, std::int64_t version = 1) {
    Event event = seats(id, today, 2);
    event.sequence = sequence;
    event.version = version;
    return event;
  };
  live.apply_many(std::vector{at("a", 7), at("b", 8)});
  Fault fault = refused(at("c", 7));
  EXPECT_EQ(fault.code, "E_SEQUENCE_TWICE");
  EXPECT_EQ(fault.column, "sequence");
  EXPECT_EQ(fault.value, "7");
  EXPECT_THAT(fault.what, testing::HasSubstr("events 'a' and 'c' both have position 7"));
  fault = refused({at("d", 9), at("f", 10), at("e", 9)});
  EXPECT_EQ(fault.code, "E_SEQUENCE_TWICE");
  EXPECT_THAT(fault.what, testing::HasSubstr("'d'"));
  EXPECT_THAT(fault.what, testing::HasSubstr("'e'"));
  EXPECT_TRUE(fault.row == 0 || fault.row == 2);
  const Event taken{.id = std::string("b"), .version = 2, .kind = EventKind::retracted, .sequence = 7};
  EXPECT_EQ(refused(taken).code, "E_SEQUENCE_TWICE");
  Event corrected = at("a", 7, 2);
  corrected.quantity = 5;
  live.apply(corrected);  // in its place
  live.apply(at("a", 9, 3));
  live.apply(at("c", 7));  // which is free now
  live.apply_many(std::vector{at("c", 11, 2), at("b", 7, 2), at("e", 8)});
  EXPECT_EQ(live.counts().corrections, 4);
  LiveBook any(Policy::standard(), today, {.order = EventOrder::any});
  any.apply_many(std::vector{at("a", 7), at("b", 7)});
  EXPECT_EQ(any.counts().events, 2);
}

TEST_F(LiveErrors, WhatDoesNotCountDecidesNoCurrency) {
  Event taken{
      .id = std::string("e2"), .version = 3, .kind = EventKind::retracted, .currency = Currency("USD")};
  live.apply(taken);
  EXPECT_FALSE(live.currency().set());
  LiveBook any(Policy::standard(), today, {.order = EventOrder::any});
  Event event = start("e1");
  event.version = 2;
  any.apply(event);
  event.version = 1;
  event.currency = Currency("USD");
  any.apply(event);
  EXPECT_EQ(any.counts().late, 1);
  EXPECT_FALSE(any.currency().set());
}

TEST_F(LiveErrors, OneEventInACallWithManyNamesItsRow) {
  EXPECT_EQ(refused(std::vector{of("e3", EventKind::resume, today)}).row, 0);
  EXPECT_FALSE(refused(of("e3", EventKind::resume, today)).row.has_value());
}

TEST_F(LiveErrors, IdsOfAnotherType) {
  Event event = seats("e3", today, 1);
  event.customer = std::int64_t{7};
  EXPECT_EQ(refused(event).column, "customer");
  event = seats("e3", today, 1);
  event.id = std::int64_t{7};
  EXPECT_EQ(refused(event).column, "id");
  event = seats("e3", today, 1);
  event.subscription = std::int64_t{7};
  EXPECT_EQ(refused(event).column, "subscription");
  EXPECT_EQ(refused(event).code, "E_KEY_TYPE");
}

TEST_F(LiveErrors, ARefusedFirstEventDecidesNothing) {
  LiveBook empty(Policy::standard(), today);
  Event event = seats("e", today, 1);
  event.currency = Currency("EUR");
  EXPECT_FAULT(empty.apply(event), InputError, "E_EVENT_ORDER", "not running");
  EXPECT_FALSE(empty.currency().set());
  event = start("e");
  event.id = event.customer = event.subscription = std::int64_t{1};
  event.currency = Currency("USD");
  empty.apply(event);
  EXPECT_EQ(empty.currency().code(), "USD");
  EXPECT_EQ(empty.totals().customers(), 1);
}

TEST_F(LiveErrors, TwoCurrencies) {
  Event event = seats("e3", today, 4);
  event.currency = Currency("EUR");
  live.apply(event);
  event.id = std::string("e4");
  event.currency = Currency("USD");
  const Fault fault = refused(event);
  EXPECT_EQ(fault.code, "E_CURRENCY_MIXED");
  EXPECT_EQ(fault.value, "USD");
}

TEST_F(LiveErrors, TheClockDoesNotGoBack) {
  EXPECT_EQ(refused([&] { live.advance_to(today - 1); }).code, "E_CLOCK");
  EXPECT_EQ(refused([&] { live.advance_to(max_day + 1); }).code, "E_DATE_RANGE");
  EXPECT_FAULT(LiveBook(Policy::standard(), max_day + 1), InputError, "E_DATE_RANGE", "outside");
}

struct LiveErrorsWhereForbidden : LiveErrors {
  LiveErrorsWhereForbidden() : LiveErrors({.on_gap = OnGap::error, .early = RecordedEarly::error}) {}
};

TEST_F(LiveErrorsWhereForbidden, RecordedBeforeItHappened) {
  Event event = seats("e3", today, 4);
  event.recorded = today - 1;
  const Fault fault = refused(event);
  EXPECT_EQ(fault.code, "E_RECORDED_EARLY");
  EXPECT_EQ(fault.column, "recorded");
  EXPECT_EQ(fault.value, "2024-06-14");
  event.recorded = today;
  live.apply(event);
}

TEST_F(LiveErrorsWhereForbidden, AHoleInTheFeed) {
  const auto at = [&](const char* id, std::int64_t sequence) {
    Event event = seats(id, today, sequence % 9);
    event.sequence = sequence;
    return event;
  };
  live.apply(at("f1", 10));
  Fault fault = refused(at("f2", 12));
  EXPECT_EQ(fault.code, "E_FEED_GAP");
  EXPECT_THAT(fault.what, testing::HasSubstr("positions 11 to 11"));
  fault = refused({at("f4", 14), at("f2", 12), at("f1b", 11)});
  EXPECT_EQ(fault.code, "E_FEED_GAP");
  EXPECT_EQ(fault.row, 0);
  EXPECT_EQ(fault.value, "14");
  live.apply_many(std::vector{at("f3", 13), at("f2", 12), at("f1b", 11)});
  live.apply(at("f0", 9));
  fault = refused(at("f-", 7));  // before the first
  EXPECT_EQ(fault.code, "E_FEED_GAP");
  EXPECT_EQ(fault.value, "7");
  EXPECT_THAT(fault.what, testing::HasSubstr("positions 8 to 8"));
  fault = refused({at("f+", 14), at("f-", 5)});
  EXPECT_EQ(fault.value, "5");
  EXPECT_EQ(fault.row, 1);
  live.apply(at("f3", 13));  // delivered again
  EXPECT_TRUE(live.gaps().empty());
}

TEST_F(LiveErrors, HolesInTheFeedAreListed) {
  for (const std::int64_t sequence : {5, 6, 9, 12, 11, 3, 4, 20}) {
    Event event = seats(("f" + std::to_string(sequence)).c_str(), today, 1);
    event.sequence = sequence;
    live.apply(event);
  }
  EXPECT_EQ(live.gaps(), (std::vector<FeedGap>{{7, 8}, {10, 10}, {13, 19}}));
}

}  // namespace
}  // namespace tenure::test
