#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include <tenure/tenure.hpp>

#include "support/faults.hpp"

/// What single events do, in numbers that can be worked out by hand, and what readers on other threads see.
namespace tenure::test {
namespace {

const Day june = days_from_civil(2024, 6, 1);

struct Story {
  LiveBook live;
  std::int64_t next = 1;

  explicit Story(Policy policy = Policy::standard(), LiveOptions options = {})
      : live(std::move(policy), june + 14, options) {}
  Event event(EventKind kind, int day, Event payload = {}) {
    payload.id = next++;
    payload.customer = payload.subscription = std::int64_t{1};
    payload.kind = kind;
    payload.at = june + day - 1;
    return payload;
  }
  Event tell(EventKind kind, int day, Event payload = {}) {
    const Event told = event(kind, day, std::move(payload));
    live.apply(told);
    return told;
  }
  double mrr() const { return live.totals().mrr(); }
  double line(Line line) const { return live.totals().at(line).amount.mrr(); }
};

TEST(LiveStory, EachKindOfEventCountsFromItsDay) {
  Story story;
  story.tell(EventKind::start, -10, {.price = 100 * micros});
  EXPECT_EQ(story.mrr(), 100);
  EXPECT_EQ(story.line(Line::opening), 100);
  story.tell(EventKind::quantity, 2, {.quantity = 3});
  EXPECT_EQ(story.line(Line::expansion), 200);
  story.tell(EventKind::discount, 3, {.discount = Discount{.percent_micros = 50 * micros}});
  EXPECT_EQ(story.mrr(), 150);
  story.tell(EventKind::change, 4, {.price = 1200 * micros, .interval = Interval{IntervalUnit::year, 1}});
  EXPECT_EQ(story.mrr(), 150);
  story.tell(EventKind::discount, 5, {.discount = Discount{}});
  EXPECT_EQ(story.mrr(), 300);
  story.tell(EventKind::pause, 6);
  EXPECT_EQ(story.mrr(), 0);
  EXPECT_EQ(story.live.totals().subscriptions, 0);
  story.tell(EventKind::resume, 7);
  EXPECT_EQ(story.mrr(), 300);
  story.tell(EventKind::end, 8);
  EXPECT_EQ(story.line(Line::churn), 100);
  story.tell(EventKind::start, 9, {.price = 40 * micros});
  EXPECT_EQ(story.mrr(), 40);
  EXPECT_EQ(story.line(Line::contraction), 60);
  EXPECT_EQ(story.live.totals().customers(), 1);
}

TEST(LiveStory, WhatIsYetToComeCountsWhenItsDayIsThere) {
  Story story;
  story.tell(EventKind::start, 1, {.price = 100 * micros});
  story.tell(EventKind::cancel_request, 10, {.ends = june + 24});
  story.tell(EventKind::quantity, 20, {.quantity = 2});
  EXPECT_EQ(story.mrr(), 100);
  story.live.advance_to(june + 18);
  EXPECT_EQ(story.mrr(), 100);
  story.live.advance_to(june + 19);
  EXPECT_EQ(story.mrr(), 200);
  EXPECT_EQ(story.live.totals().subscriptions, 1);
  story.live.advance_to(june + 24);
  EXPECT_EQ(story.mrr(), 0);
  EXPECT_EQ(story.live.totals().subscriptions, 0);
  story.live.advance_to(june + 40);
  EXPECT_EQ(story.line(Line::opening), 0);
  EXPECT_EQ(story.live.totals().period_begin, june + 30);
}

TEST(LiveStory, AnEndReplacesTheOneThatWasAnnounced) {
  Story story;
  story.tell(EventKind::start, 1, {.price = 100 * micros});
  story.tell(EventKind::cancel_request, 3, {.ends = june + 9});
  EXPECT_EQ(story.mrr(), 0);
  const Event end = story.tell(EventKind::end, 20);
  EXPECT_EQ(story.mrr(), 100);
  story.live.apply({.id = end.id, .version = 2, .kind = EventKind::retracted});
  EXPECT_EQ(story.mrr(), 0);
  EXPECT_EQ(story.live.counts(), (LiveCounts{.events = 2, .retractions = 1}));
  EXPECT_EQ(story.live.events().back().kind, EventKind::retracted);
}

TEST(LiveStory, TheRequestCountsWhereThePolicySaysSo) {
  Policy policy;
  policy.set("churn_at", "request");
  Story story(policy);
  story.tell(EventKind::start, 1, {.price = 100 * micros});
  story.tell(EventKind::cancel_request, 10);
  EXPECT_EQ(story.line(Line::churn), 0);  // came and went within the month
  EXPECT_EQ(story.mrr(), 0);
}

TEST(LiveStory, WhatIsSaidOnTheDayOfTheEndStillBelongsToTheRow) {
  Policy policy;
  policy.set("churn_at", "service_period_end");
  Story story(policy);
  story.tell(EventKind::start, 1, {.price = 100 * micros});
  story.tell(EventKind::quantity, 10, {.quantity = 5});
  story.tell(EventKind::end, 10, {.paid_through = june + 29});
  EXPECT_EQ(story.mrr(), 100);
  EXPECT_EQ(story.live.rows().size(), 1U);
}

TEST(LiveStory, ADiscountOfOneIntervalIsNotGivenAgainByALaterChange) {
  Policy policy;
  policy.set("discounts", "all");
  Story story(policy);
  story.tell(EventKind::start, -60,
             {.price = 100 * micros,
              .discount = Discount{.percent_micros = 50 * micros, .duration = DiscountDuration::once}});
  story.tell(EventKind::quantity, 2, {.quantity = 2});
  EXPECT_EQ(story.mrr(), 200);
}

TEST(LiveStory, CorrectionsReplaceTheWholeEvent) {
  Story story;
  const Event start = story.tell(EventKind::start, 1, {.price = 100 * micros, .quantity = 3});
  Event moved = start;
  moved.version = 2;
  moved.customer = moved.subscription = std::int64_t{2};
  moved.price = 70 * micros;
  moved.quantity = std::nullopt;
  story.live.apply(moved);
  EXPECT_EQ(story.mrr(), 70);
  EXPECT_EQ(story.live.totals().customers(), 1);
  EXPECT_EQ(story.live.events(), std::vector{moved});
  EXPECT_EQ(story.live.counts().corrections, 1);
}

TEST(LiveStory, ADayIsReadInTheOrderOfTheFeedIfAllSaySo) {
  LiveOptions any{.order = EventOrder::any};
  Story counted(Policy::standard(), any), uncounted(Policy::standard(), any);
  for (Story* story : {&counted, &uncounted}) {
    const bool feed = story == &counted;
    story->tell(EventKind::start, 1, {.price = 100 * micros});
    // The end is given before the start of the same day: a move to another price.
    Event end = story->event(EventKind::end, 5),
          again = story->event(EventKind::start, 5, {.price = 30 * micros});
    if (feed) end.sequence = 1, again.sequence = 2;
    story->live.apply(again);
    story->live.apply(end);
  }
  EXPECT_EQ(counted.mrr(), 30);
  EXPECT_EQ(uncounted.mrr(), 0);  // start comes before end: the second start waits, and then it ends
}

TEST(LiveStory, WhatWasRecordedLaterMovesTheClockOn) {
  Story story;
  story.tell(EventKind::start, 1, {.price = 100 * micros});
  story.tell(EventKind::quantity, 20, {.recorded = june + 20, .quantity = 2});
  EXPECT_EQ(story.live.totals().today, june + 20);
  EXPECT_EQ(story.mrr(), 200);
  story.tell(EventKind::quantity, 5, {.recorded = june + 45, .quantity = 4});
  EXPECT_EQ(story.live.totals().period_begin, june + 30);
  EXPECT_EQ(story.line(Line::opening), 200);
}

TEST(LiveStory, HistoryMayBeginAnyTimeAgo) {
  Story story;
  story.tell(EventKind::start, 1, {.price = 100 * micros});
  Event ancient = story.event(EventKind::start, 1, {.price = 10 * micros});
  ancient.customer = ancient.subscription = std::int64_t{2};
  ancient.at = min_day;
  story.live.apply(ancient);
  EXPECT_EQ(story.mrr(), 110);
  EXPECT_EQ(story.line(Line::opening), 10);
  EXPECT_EQ(story.line(Line::new_), 100);
}

TEST(LiveStory, AmountsAreRoundedAsTheCurrencySays) {
  Policy policy;
  policy.set("line_rounding", "minor");
  policy.set("total_rounding", "minor");
  Story story(policy);
  Event start =
      story.event(EventKind::start, 1, {.price = 1'000'400'000, .interval = Interval{IntervalUnit::year}});
  story.live.apply(start);
  EXPECT_EQ(story.mrr(), 83.37);
  story.tell(EventKind::quantity, 2, {.quantity = 2, .currency = Currency("JPY")});  // changes the past, too
  EXPECT_EQ(story.mrr(), 167);
  EXPECT_EQ(story.live.book().mrr(june + 14).mrr(), 167);
}

TEST(LiveStory, AnswersEveryOtherQuestionAsABook) {
  Story story;
  story.tell(EventKind::start, -40, {.price = 100 * micros, .product = "silver"});
  story.tell(EventKind::change, 3, {.price = 150 * micros, .product = "gold"});
  const Book book = story.live.book();
  EXPECT_EQ(book.rows(), 2);
  const Snapshot by_product = book.mrr(june + 14, {.by = "product"});
  EXPECT_EQ(by_product.segments, (std::vector<std::string>{"gold", "silver"}));
  EXPECT_EQ(by_product.mrr(0), 150);
  EXPECT_EQ(LiveBook(Policy::standard(), june).book().mrr(june).mrr(), 0);
}

TEST(LiveStory, ItsBookDoesNotSayWhatWasKnownWhen) {
  const auto story_of = [](Policy policy) {
    Story story(std::move(policy));
    story.tell(EventKind::start, -151, {.recorded = june - 152, .price = 100 * micros});
    story.tell(EventKind::end, -120, {.recorded = june - 31});  // nobody knew of the end before May
    return story.live.book();
  };
  const Book book = story_of(Policy::standard());
  EXPECT_FALSE(book.has_knowledge());
  EXPECT_FAULT(book.known_at(june - 100), OptionError, "E_KNOWN_AT", "do not say when they were recorded");
  Policy policy;
  policy.set("backdating", "recorded");
  Story late(policy);
  late.tell(EventKind::start, -30, {.recorded = june + 4, .price = 100 * micros});
  EXPECT_EQ(late.line(Line::new_), 100);  // counts from the day it was entered
  EXPECT_EQ(late.live.book().mrr(june + 3).mrr(), 0);
  EXPECT_EQ(late.live.book().mrr(june + 4).mrr(), 100);
}

TEST(LiveStory, IsMadeAgainOfItsEvents) {
  Story story(Policy::standard(), {.on_gap = OnGap::error});
  Event start = story.tell(EventKind::start, 1, {.sequence = 1, .price = 100 * micros});
  Event seats = story.tell(EventKind::quantity, 2, {.sequence = 2, .quantity = 2});
  seats.version = 2, seats.sequence = 3, seats.quantity = 4;
  story.live.apply(seats);
  const Event gone = story.tell(EventKind::discount, 3, {.sequence = 4, .discount = Discount{}});
  story.live.apply({.id = gone.id, .version = 2, .kind = EventKind::retracted, .sequence = 5});
  const LiveOptions options{.on_gap = OnGap::error};
  LiveBook again(Policy::standard(), june + 14, story.live.events(), options);
  EXPECT_EQ(again.totals(), story.live.totals());
  EXPECT_EQ(again.events(), story.live.events());
  EXPECT_EQ(again.gaps(), (std::vector<FeedGap>{{2, 2}, {4, 4}}));  // where replaced versions stood
  seats.version = 1;
  EXPECT_FAULT(again.apply(seats), InputError, "E_VERSION_BACK", "after version 2");
}

TEST(LiveStory, ReadersSeeWholeTotalsWhileOneThreadWrites) {
  Story story(Policy::standard(), {.order = EventOrder::any});
  std::atomic<bool> done = false;
  std::atomic<int> wrong = 0, read = 0;
  const auto look = [&] {
    for (bool last = false; !last;) {
      last = done.load();
      const LiveTotals totals = story.live.totals();
      int128 money = -totals.at(Line::closing).amount.annual;
      std::int64_t customers = -totals.at(Line::closing).customers;
      for (const auto& [name, line] : line_names) {
        money += sign_of(line) * totals.at(line).amount.annual;
        if (moves_customers(line)) customers += sign_of(line) * totals.at(line).customers;
      }
      // Every subscription is of a customer of its own and costs 1 a month.
      const bool agree = totals.subscriptions == totals.customers() &&
                         totals.at(Line::closing).amount.annual == int128{12} * micros * totals.customers();
      if (money != 0 || customers != 0 || !agree) ++wrong;
      ++read;
    }
  };
  std::thread first(look), second(look);
  for (std::int64_t i = 0; i < 20'000; ++i) {
    Event event = story.event(i % 3 == 2 ? EventKind::end : EventKind::start, static_cast<int>(i % 17) - 5,
                              {.price = micros});
    event.customer = event.subscription = i / 3 * 5 % 1'000;
    story.live.apply(event);
    if (i % 1'000 == 0) story.live.advance_to(story.live.totals().today + 1);
  }
  done = true;
  first.join();
  second.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_GT(read, 1);
}

}  // namespace
}  // namespace tenure::test
