#include <cstddef>
#include <cstdint>
#include <iostream>
#include <vector>

#include <tenure/tenure.hpp>

#include "check.hpp"

// Two machines hold disjoint customers. Each sends its state as bytes; their sum is the state of all rows,
// bit for bit.
namespace {

struct Rows {
  std::vector<std::int64_t> customer, price;
  std::vector<tenure::Day> start, end;

  void add(std::int64_t id, std::int64_t amount, const char* from, const char* until) {
    customer.push_back(id);
    price.push_back(amount);
    start.push_back(tenure::parse_day(from));
    end.push_back(tenure::parse_day(until));
  }
};

tenure::SummaryState ask(const Rows& rows) {
  tenure::Book book(tenure::Policy::standard());
  book.add({.customer = rows.customer, .start = rows.start, .end = rows.end, .amount = rows.price});
  return book.summary_state(tenure::months("2024-01", "2024-12"), {.horizon = 3});
}

}  // namespace

int main() {
  Rows all, shards[2];
  for (std::int64_t id = 0; id < 1000; ++id)
    for (Rows* rows : {&all, &shards[id % 2]}) {
      rows->add(id, 20 + id % 7, "2023-11-15", id % 3 == 0 ? "2024-04-01" : "2025-01-01");
      if (id % 6 == 0) rows->add(id, 40, "2024-09-01", "2025-01-01");  // gone in April, back in September
    }

  std::vector<std::vector<std::byte>> messages;
  for (const Rows& shard : shards) messages.push_back(ask(shard).waterfall.write());
  std::cout << "two messages of " << messages[0].size() << " and " << messages[1].size() << " bytes\n";

  tenure::WaterfallState sum = tenure::WaterfallState::read(messages[0]);
  sum += tenure::WaterfallState::read(messages[1]);
  const tenure::SummaryState whole = ask(all);
  check(sum == whole.waterfall, "the sum of the shards is the whole");
  check(sum.write() == whole.waterfall.write(), "equal content, equal bytes");

  tenure::SummaryState both = ask(shards[0]);
  both += ask(shards[1]);
  check(both.net_retention == whole.net_retention && both.triangle == whole.triangle,
        "retention and cohorts add up too");

  const tenure::Waterfall bridge = sum.finish();  // checks that every bridge closes
  for (const std::size_t month : {std::size_t{3}, std::size_t{8}})
    std::cout << tenure::format_day(bridge.frame.periods.begin(month)) << ": "
              << bridge.at(tenure::Line::churn, month).customers << " customers left, "
              << bridge.at(tenure::Line::reactivation, month).customers << " came back\n";
  check(bridge.at(tenure::Line::churn, 3).customers == 334, "334 leave in April");
  check(bridge.at(tenure::Line::reactivation, 8).customers == 167, "167 come back in September");

  messages[0][40] ^= std::byte{1};  // one bit of the message is damaged on its way
  try {
    tenure::WaterfallState::read(messages[0]);
    check(false, "damage is noticed");
  } catch (const tenure::StateError& error) {
    std::cout << error.what() << '\n';
    check(error.code() == "E_STATE_CHECKSUM", "the checksum tells");
  }
}
