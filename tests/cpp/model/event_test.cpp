#include <gtest/gtest.h>

#include <tenure/model/event.hpp>

#include "support/faults.hpp"

namespace tenure::test {
namespace {

Event good(EventKind kind = EventKind::start) {
  return {.id = std::string("e"),
          .customer = std::int64_t{1},
          .subscription = std::int64_t{2},
          .kind = kind,
          .at = days_from_civil(2024, 2, 1),
          .price = 10 * micros};
}

TEST(Event, KindsHaveNames) {
  for (const char* name : {"start", "payment_recovered", "resume", "change", "quantity", "discount", "pause",
                           "payment_failed", "cancel_request", "end", "retracted"})
    EXPECT_EQ(name_of(parse_event_kind(name)), name);
  EXPECT_FAULT(parse_event_kind("ends"), OptionError, "E_ENUM", "did you mean 'end'?");
}

TEST(Event, EqualContentIsEqual) {
  Event a = good(), b = good();
  EXPECT_EQ(a, b);
  b.discount = Discount{};
  EXPECT_NE(a, b);
  a.discount = Discount{.until = 5};
  EXPECT_NE(a, b);
  a.discount->until = open_end;
  EXPECT_EQ(a, b);
  a.sequence = 0;
  EXPECT_NE(a, b);
}

template <class Change>
Event but(Change change, EventKind kind = EventKind::start) {
  Event event = good(kind);
  change(event);
  return event;
}

void expect_refused(const Event& event, const char* code, const char* column) {
  try {
    check_event(event, 7);
    ADD_FAILURE() << "accepted; expected " << code;
  } catch (const InputError& error) {
    EXPECT_EQ(error.code(), code);
    EXPECT_EQ(error.fault().column, column);
    EXPECT_EQ(error.fault().row, 7);
    EXPECT_FALSE(error.fault().remedy.empty());
  }
}

TEST(Event, WhatCannotBeMeantIsRefused) {
  EXPECT_NO_THROW(check_event(good()));
  expect_refused(but([](Event& e) { e.version = 0; }), "E_VERSION_RANGE", "version");
  expect_refused(but([](Event& e) { e.id = std::string(); }), "E_KEY_EMPTY", "id");
  expect_refused(but([](Event& e) { e.customer = std::string("\xff"); }), "E_KEY_UTF8", "customer");
  expect_refused(but([](Event& e) { e.subscription = std::string(); }), "E_KEY_EMPTY", "subscription");
  expect_refused(but([](Event& e) { e.product = "\xff"; }), "E_KEY_UTF8", "product");
  expect_refused(but([](Event& e) { e.at = max_day + 1; }), "E_DATE_RANGE", "at");
  expect_refused(but([](Event& e) { e.recorded = min_day - 1; }), "E_DATE_RANGE", "recorded");
  expect_refused(but([](Event& e) { e.paid_through = max_day + 1; }), "E_DATE_RANGE", "paid_through");
  expect_refused(but([](Event& e) { e.ends = e.at - 1; }), "E_PERIOD_REVERSED", "ends");
  expect_refused(but([](Event& e) { e.price = std::nullopt; }), "E_AMOUNT_NULL", "price");
  expect_refused(but([](Event& e) { e.price = -1; }), "E_AMOUNT_NEGATIVE", "price");
  expect_refused(but([](Event& e) { e.interval = Interval{IntervalUnit::month, 0}; }), "E_INTERVAL_COUNT",
                 "interval_count");
  expect_refused(but([](Event& e) { e.quantity = 1'000'000'001; }), "E_QUANTITY_RANGE", "quantity");
  expect_refused(but([](Event& e) { e.discount = Discount{.percent_micros = 101 * micros}; }),
                 "E_DISCOUNT_RANGE", "discount_percent");
  expect_refused(but([](Event& e) { e.discount = Discount{.amount_micros = -1}; }), "E_DISCOUNT_RANGE",
                 "discount_amount");
  expect_refused(but([](Event& e) { e.discount = Discount{.until = max_day + 1}; }), "E_DATE_RANGE",
                 "discount_until");
}

TEST(Event, EachKindNeedsWhatItIsAbout) {
  const auto nothing = [](Event& event) { event.price = std::nullopt; };
  expect_refused(but(nothing, EventKind::quantity), "E_QUANTITY_RANGE", "quantity");
  expect_refused(but(nothing, EventKind::discount), "E_DISCOUNT_RANGE", "discount");
  expect_refused(but(nothing, EventKind::change), "E_EVENT_EMPTY", "kind");
  EXPECT_NO_THROW(check_event(but(nothing, EventKind::end)));
  EXPECT_NO_THROW(check_event({.id = std::int64_t{4}, .version = 2, .kind = EventKind::retracted}));
}

}  // namespace
}  // namespace tenure::test
