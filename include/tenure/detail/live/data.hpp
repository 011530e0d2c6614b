#pragma once

#include <array>
#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

#include "../../live_book.hpp"
#include "customer_reader.hpp"
#include "event_store.hpp"
#include "feed_positions.hpp"
#include "published.hpp"

namespace tenure {

namespace detail {

/// Totals in words: the days, two counts, then of each line both halves of the amount and the customers.
inline constexpr std::size_t words_of_totals = 4 + 3 * line_count;

inline std::array<std::uint64_t, words_of_totals> to_words(const LiveTotals& totals) noexcept {
  const auto word = [](auto number) { return static_cast<std::uint64_t>(number); };
  std::array<std::uint64_t, words_of_totals> words{word(totals.today), word(totals.period_begin),
                                                   word(totals.subscriptions), word(totals.rounded_to)};
  std::size_t at = 4;
  for (const Flow& flow : totals.bridge) {
    const auto annual = static_cast<uint128>(flow.amount.annual);
    words[at++] = word(annual >> 64);
    words[at++] = word(annual);
    words[at++] = word(flow.customers);
  }
  return words;
}

inline LiveTotals to_totals(const std::array<std::uint64_t, words_of_totals>& words) noexcept {
  const auto number = [](std::uint64_t word) { return static_cast<std::int64_t>(word); };
  LiveTotals totals{.today = static_cast<Day>(number(words[0])),
                    .period_begin = static_cast<Day>(number(words[1])),
                    .subscriptions = number(words[2]),
                    .rounded_to = number(words[3])};
  std::size_t at = 4;
  for (Flow& flow : totals.bridge) {
    flow.amount = RunRateSum(static_cast<int128>(uint128{words[at]} << 64 | words[at + 1]));
    flow.customers = number(words[at + 2]);
    at += 3;
  }
  return totals;
}

}  // namespace detail

/// Totals are what was ever put in minus what was taken out again: two sums of 128 bits, from which a
/// customer is taken by reading its old events into one and its new events into the other.
struct LiveBook::Data {
  static constexpr std::uint32_t nobody = detail::IdTable::none;

  Data(Policy the_policy, Day the_day, LiveOptions the_options)
      : policy(std::move(the_policy)),
        options(the_options),
        calendar{the_options.unit, 1, static_cast<int>(policy.reporting.week_start)},
        currency(the_options.currency),
        today(the_day),
        period_begin(calendar.floor(the_day)),
        history(history_before(period_begin)),
        grid(grid_until(history, the_day)),
        plus(Frame{.periods = {calendar, the_day, the_day}}, grid, policy.reporting),
        minus(plus),
        before(policy, grid),
        after(policy, grid) {
    publish();
  }
  Data(const Data&) = delete;  // readers point to the policy and the grid
  Data& operator=(const Data&) = delete;

  /// Some years ahead of `day`, so that the grid is not made anew for each event before the others; not so
  /// far that a grid of days outgrows its slots.
  Day history_before(Day day) const noexcept {
    constexpr Day years = 5 * 366, most = 60'000;
    return std::max(min_day, std::min(day, std::max(day - years, today - most)));
  }
  Grid grid_until(Day from, Day until) const {
    return Grid::between(calendar, from, calendar.floor(until), until + 1);
  }

  void put_in(std::uint32_t customer) {
    after.feed(plus);
    subscriptions += after.paying(today);
    const Day next = after.next_change(today);
    Day& due = store.due(customer);
    if (next == due) return;
    due = next;
    if (next != open_end) schedule[next].push_back(customer);
  }
  void take_out() {
    before.feed(minus);
    subscriptions -= before.paying(today);
  }
  void read_all() {
    plus.clear();
    minus.clear();
    schedule.clear();
    subscriptions = 0;
    for (std::uint32_t customer = 0; customer < store.customers(); ++customer) {
      store.due(customer) = open_end;
      after.read(store.of(customer), currency.exponent());
      put_in(customer);
    }
  }

  /// `next` is the grid of `day`.
  void advance(Day day, Grid&& next) {
    const Day begin = calendar.floor(day);
    if (begin != period_begin) {
      grid = std::move(next);
      today = day;
      period_begin = begin;
      return read_all();
    }
    std::vector<std::uint32_t> due;
    for (auto at = schedule.begin(); at != schedule.end() && at->first <= day; at = schedule.erase(at))
      for (const std::uint32_t customer : at->second)
        if (store.due(customer) == at->first) {  // else it was read again since, and is due on another day
          store.due(customer) = open_end;
          due.push_back(customer);
        }
    for (const std::uint32_t customer : due) {
      before.read(store.of(customer), currency.exponent());
      take_out();
    }
    grid = std::move(next);
    today = day;
    for (const std::uint32_t customer : due) {
      after.read(store.of(customer), currency.exponent());
      put_in(customer);
    }
  }

  void publish() noexcept {
    LiveTotals totals{.today = today, .period_begin = period_begin, .subscriptions = subscriptions};
    if (policy.reporting.total_rounding == TotalRounding::minor)
      totals.rounded_to = rounding_unit(LineRounding::minor, currency.exponent());
    totals.bridge = plus.first_bridge();
    const auto out = minus.first_bridge();
    for (std::size_t line = 0; line < line_count; ++line) {
      totals.bridge[line].amount -= out[line].amount;
      totals.bridge[line].customers -= out[line].customers;
    }
    published.store(detail::to_words(totals));
  }

  const Policy policy;
  const LiveOptions options;
  const Calendar calendar;
  Currency currency;
  Day today, period_begin;
  Day history;  ///< no row starts earlier
  Grid grid;
  detail::LiveNames names;
  detail::EventStore store;
  std::vector<std::uint32_t> customer_of;  ///< by event; nobody for retracted ones
  std::unordered_map<std::uint32_t, detail::StoredEvent> retracted;
  detail::FeedPositions positions;
  LiveCounts counts;
  std::map<Day, std::vector<std::uint32_t>> schedule;  ///< customers to read again, some needlessly
  detail::BridgeAccumulator plus, minus;
  std::int64_t subscriptions = 0;
  detail::CustomerReader before, after;
  detail::Published<detail::words_of_totals> published;

  // Of a call in progress, kept for their memory.
  struct Draft {
    std::uint32_t customer;
    std::int64_t row;  ///< of the first event of the call that touched it
    std::vector<detail::StoredEvent> events;
  };
  using Retracted = std::unordered_map<std::uint32_t, detail::StoredEvent>;
  struct Undo {
    std::uint32_t event, customer;
    Retracted::node_type retracted;  ///< to put it back without asking for memory
  };
  struct Position {
    std::int64_t sequence, row;
    std::uint32_t event;
  };
  std::vector<Draft> drafts;
  std::size_t draft_count = 0;
  std::vector<std::uint32_t> draft_of;  ///< by customer: 1 + position of its draft, 0 for none
  std::vector<Undo> undo;
  std::vector<std::int64_t> given_positions;
  std::vector<Position> taken_positions;  ///< EventOrder::strict: of events that now stand there
};

}  // namespace tenure
