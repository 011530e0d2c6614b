#pragma once

#include <rapidcheck.h>

#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <tenure/forecast/calls.hpp>

/// Snapshots of opportunities and roll-ups that own their columns, by hand or at random.
namespace tenure::test {

struct Deals {
  std::vector<Day> taken, due;
  std::vector<double> amount, probability;
  std::vector<CallCategory> category;
  std::vector<std::int32_t> subject, owner;
  std::vector<DealState> state;
  std::size_t owners = 1;

  void add(const char* day, int deal, const char* close, double worth, const char* said,
           const char* outcome = "open", int who = 0) {
    taken.push_back(parse_day(day));
    due.push_back(parse_day(close));
    amount.push_back(worth);
    category.push_back(parse_call_category(said));
    subject.push_back(deal);
    owner.push_back(who);
    state.push_back(*find_deal_state(outcome));
    owners = std::max(owners, static_cast<std::size_t>(who) + 1);
  }
  CallRows rows() const {
    return {.taken = taken,
            .due = due,
            .amount = amount,
            .category = category,
            .subject = subject,
            .state = state,
            .probability = probability,
            .owner = owner,
            .owners = owners};
  }
  /// The same rows in another order.
  Deals turned(std::size_t by) const {
    Deals other;
    other.owners = owners;
    for (std::size_t i = 0; i < taken.size(); ++i) {
      const std::size_t at = (i * 7919 + by) % taken.size();
      other.taken.push_back(taken[at]);
      other.due.push_back(due[at]);
      other.amount.push_back(amount[at]);
      other.category.push_back(category[at]);
      other.subject.push_back(subject[at]);
      other.owner.push_back(owner[at]);
      other.state.push_back(state[at]);
      if (!probability.empty()) other.probability.push_back(probability[at]);
    }
    return other;
  }
};

struct RollUps {
  std::vector<Day> taken, due, brought_in;
  std::vector<double> amount, brought;
  std::vector<CallCategory> category;
  std::vector<std::int32_t> owner, brought_by;
  std::size_t owners = 1;

  void add(const char* day, const char* period, double call, const char* said = "commit", int who = 0) {
    taken.push_back(parse_day(day));
    due.push_back(parse_day(period));
    amount.push_back(call);
    category.push_back(parse_call_category(said));
    owner.push_back(who);
    owners = std::max(owners, static_cast<std::size_t>(who) + 1);
  }
  void bring(const char* period, double worth, int who = 0) {
    brought_in.push_back(parse_day(period));
    brought.push_back(worth);
    brought_by.push_back(who);
  }
  CallHistory history(const CallOptions& options = {}) const {
    return {{.taken = taken,
             .due = due,
             .amount = amount,
             .category = category,
             .owner = owner,
             .owners = owners},
            {.due = brought_in, .amount = brought, .owner = brought_by},
            options};
  }
};

/// Snapshots of some deals of three owners over eight months from 2024-01-01, taken on any day.
inline Deals random_deals(bool weigh = true) {
  const Day first = days_from_civil(2024, 1, 1);
  const auto count = *rc::gen::inRange(1, 60);
  Deals made;
  made.owners = 3;
  std::set<std::pair<Day, int>> known;
  for (int i = 0; i < count; ++i) {
    const Day day = first + *rc::gen::inRange(0, 240);
    const int deal = *rc::gen::inRange(0, 8);
    if (!known.insert({day, deal}).second) continue;
    made.taken.push_back(day);
    made.due.push_back(first + *rc::gen::inRange(-40, 400));
    made.amount.push_back(*rc::gen::inRange(0, 1000) / 8.0);
    made.category.push_back(static_cast<CallCategory>(*rc::gen::inRange(1, 6)));
    made.subject.push_back(deal);
    made.owner.push_back(*rc::gen::inRange(0, 3));
    made.state.push_back(static_cast<DealState>(*rc::gen::inRange(0, 3)));
    if (weigh) made.probability.push_back(*rc::gen::inRange(0, 9) / 8.0);
  }
  return made;
}

}  // namespace tenure::test
