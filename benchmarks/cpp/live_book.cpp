#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <random>
#include <vector>

#include <tenure/live_book.hpp>

// One event on a book of many customers, the new totals included: customers at random, so that nothing of
// them is in cache. Each event is timed by itself; making it is not timed. Counters: median, 99th
// percentile and longest time of one event, in nanoseconds, the clock (some 30 of them) included.
namespace tenure::benchmarks {
namespace {

constexpr Day today = days_from_civil(2024, 6, 15);

/// A company whose customers start, change, pause, fail to pay, leave and come back. Some events are
/// corrections of the customer's last one.
class Feed {
 public:
  explicit Feed(std::int64_t customers) : customers_(static_cast<std::size_t>(customers)) {}

  std::vector<Event> starts() {
    std::vector<Event> events;
    for (std::size_t who = 0; who < customers_.size(); ++who)
      events.push_back(next(who, EventKind::start, today - 400 + static_cast<Day>(random_() % 400)));
    return events;
  }

  Event any() {
    const std::size_t who = random_() % customers_.size();
    Customer& customer = customers_[who];
    const Day at = std::max(customer.last, today - static_cast<Day>(random_() % 20));
    const auto draw = random_() % 100;
    if (!customer.running) return next(who, EventKind::start, at);
    if (draw < 5 && customer.seats) return correction(who);
    if (customer.paused) return next(who, EventKind::resume, at);
    if (customer.past_due) return next(who, EventKind::payment_recovered, at);
    if (draw < 40) return next(who, EventKind::quantity, at);
    if (draw < 65) return next(who, EventKind::change, at);
    if (draw < 75) return next(who, EventKind::discount, at);
    if (draw < 82) return next(who, EventKind::pause, at);
    if (draw < 89) return next(who, EventKind::payment_failed, at);
    if (draw < 93) return next(who, EventKind::cancel_request, at);
    return next(who, EventKind::end, at);
  }

 private:
  struct Customer {
    bool running = false, paused = false, past_due = false;
    bool seats = false;  ///< the last event was a number of seats
    std::int64_t last_id = 0, version = 1;
    Day last = min_day;
  };

  Event next(std::size_t who, EventKind kind, Day at) {
    Customer& customer = customers_[who];
    Event event{.id = id_++, .customer = static_cast<std::int64_t>(who * 7919), .kind = kind, .at = at};
    event.subscription = event.customer;
    event.sequence = id_;
    if (kind == EventKind::start) customer = {.running = true};
    if (kind == EventKind::start || kind == EventKind::change)
      event.price = static_cast<std::int64_t>(random_() % 300 + 1) * micros;
    if (kind == EventKind::quantity) event.quantity = static_cast<std::int64_t>(random_() % 20 + 1);
    if (kind == EventKind::discount) event.discount = Discount{.percent_micros = 20 * micros};
    if (kind == EventKind::pause || kind == EventKind::resume) customer.paused = kind == EventKind::pause;
    if (kind == EventKind::payment_failed || kind == EventKind::payment_recovered)
      customer.past_due = kind == EventKind::payment_failed;
    if (kind == EventKind::end) customer.running = false;
    customer.seats = kind == EventKind::quantity;
    customer.last_id = id_ - 1;
    customer.version = 1;
    customer.last = at + 1;  // nothing of one day follows something else of it
    return event;
  }
  Event correction(std::size_t who) {
    Customer& customer = customers_[who];
    Event event{.id = customer.last_id,
                .version = ++customer.version,
                .customer = static_cast<std::int64_t>(who * 7919),
                .kind = EventKind::quantity,
                .at = customer.last - 1,
                .quantity = static_cast<std::int64_t>(random_() % 20 + 1)};
    event.subscription = event.customer;
    return event;
  }

  std::mt19937_64 random_{20'240'615};
  std::vector<Customer> customers_;
  std::int64_t id_ = 1;
};

void one_event(benchmark::State& state, const Policy& policy) {
  Feed feed(state.range(0));
  LiveBook book(policy, today);
  book.apply_many(feed.starts());
  std::vector<double> nanoseconds;
  for (auto _ : state) {
    const Event event = feed.any();
    const auto begin = std::chrono::steady_clock::now();
    book.apply(event);
    benchmark::DoNotOptimize(book.totals());
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    state.SetIterationTime(took.count());
    nanoseconds.push_back(took.count() * 1e9);
  }
  std::sort(nanoseconds.begin(), nanoseconds.end());
  const auto at = [&](double share) {
    return nanoseconds[static_cast<std::size_t>(share * static_cast<double>(nanoseconds.size() - 1))];
  };
  state.counters["median_ns"] = at(0.5);
  state.counters["p99_ns"] = at(0.99);
  state.counters["longest_ns"] = at(1);
  state.counters["customers"] = static_cast<double>(state.range(0));
}

/// The same with movements by subscription and day, which is what most costs.
Policy gross_by_subscription() {
  Policy policy;
  policy.set("movement_grain", "subscription");
  policy.set("netting", "none");
  policy.set("churn_at", "service_period_end");
  return policy;
}

void standard(benchmark::State& state) { one_event(state, Policy::standard()); }
void gross(benchmark::State& state) { one_event(state, gross_by_subscription()); }
void chartmogul(benchmark::State& state) { one_event(state, Policy::named("chartmogul")); }

BENCHMARK(standard)->Arg(10'000)->Arg(1'000'000)->Iterations(300'000)->UseManualTime();
BENCHMARK(gross)->Arg(1'000'000)->Iterations(300'000)->UseManualTime();
BENCHMARK(chartmogul)->Arg(1'000'000)->Iterations(300'000)->UseManualTime();

/// What moving the clock on costs: a day within a month redoes who is due, a new month everybody.
void next_day(benchmark::State& state) {
  Feed feed(state.range(0));
  LiveBook book(Policy::standard(), today - 14);
  book.apply_many(feed.starts());
  Day day = today - 14;
  for (auto _ : state) book.advance_to(++day);
}
void next_month(benchmark::State& state) {
  Feed feed(state.range(0));
  LiveBook book(Policy::standard(), today);
  book.apply_many(feed.starts());
  int months = 0;
  for (auto _ : state) book.advance_to(anniversary(today, ++months));
}
BENCHMARK(next_day)->Arg(1'000'000)->Iterations(14)->Unit(benchmark::kMicrosecond);
BENCHMARK(next_month)->Arg(1'000'000)->Iterations(5)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace tenure::benchmarks
