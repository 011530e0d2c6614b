#include <tenure/forecast/calls.hpp>

#include <limits>
#include <map>

#include <tenure/core/money.hpp>

#include "support/calls.hpp"
#include "support/faults.hpp"
#include "support/property.hpp"
#include "support/shared.hpp"

namespace tenure {
namespace {

using test::Deals;
using test::for_all;
using test::random_deals;
using test::RollUps;

double major(int128 amount) { return quotient(amount, micros); }

/// What is called so many weeks before the end, or nothing if there is no line.
std::optional<double> call_at(const CallTable& table, std::size_t period, CallCategory category, int weeks,
                              std::uint32_t group = 0) {
  for (const CallLine& line : table.lines)
    if (line.group == group && line.period == period && line.category == category && line.weeks == weeks)
      return major(line.call);
  return std::nullopt;
}

/// Three deals of the first quarter of 2024, which ends on a Sunday; 3 weeks before that is 2024-03-10.
Deals quarter() {
  Deals deals;
  deals.add("2024-03-10", 0, "2024-03-20", 100, "commit");
  deals.add("2024-03-10", 1, "2024-03-25", 50, "best_case");
  deals.add("2024-03-10", 2, "2024-04-10", 30, "commit");
  deals.add("2024-03-17", 0, "2024-03-20", 120, "commit");
  deals.add("2024-03-24", 0, "2024-03-20", 120, "closed", "won");
  deals.add("2024-03-24", 2, "2024-03-28", 30, "commit");
  deals.add("2024-04-02", 1, "2024-03-30", 40, "closed", "won");
  deals.add("2024-04-02", 2, "2024-04-20", 30, "commit");
  return deals;
}

TEST(Calls, SumsOfDealsByWeek) {
  const CallHistory history(quarter().rows(), {}, {});
  ASSERT_EQ(history.categories(), (std::vector{CallCategory::commit, CallCategory::best_case}));
  ASSERT_EQ(period_name(history.periods(), 0), "2024-Q1");
  const CallTable table = history.calls();
  EXPECT_EQ(call_at(table, 0, CallCategory::commit, 4), std::nullopt);  // before the first snapshot
  EXPECT_EQ(call_at(table, 0, CallCategory::commit, 3), 100);
  EXPECT_EQ(call_at(table, 0, CallCategory::best_case, 3), 150);
  EXPECT_EQ(call_at(table, 0, CallCategory::commit, 2), 120);
  EXPECT_EQ(call_at(table, 0, CallCategory::commit, 1), 150);
  EXPECT_EQ(call_at(table, 0, CallCategory::commit, 0), 150);  // carried from the week before
  EXPECT_EQ(call_at(table, 0, CallCategory::best_case, 0), 200);
  ASSERT_TRUE(table.actual[0]);
  EXPECT_EQ(major(*table.actual[0]), 160);
  EXPECT_FALSE(table.actual[1]);                              // the second quarter has not ended
  EXPECT_EQ(call_at(table, 1, CallCategory::commit, 13), 0);  // the deal was then in the first quarter
  EXPECT_EQ(call_at(table, 1, CallCategory::commit, 12), 30);
  EXPECT_EQ(call_at(table, 1, CallCategory::commit, 11), std::nullopt);  // has not come yet
}

TEST(Calls, WithoutOutcomesClosedIsWon) {
  Deals deals = quarter();
  deals.state.clear();
  const CallHistory history(deals.rows(), {}, {});
  EXPECT_EQ(major(*history.calls().actual[0]), 160);
}

TEST(Calls, ProbabilitiesWeigh) {
  Deals deals = quarter();
  deals.probability = {0.5, 0.2, 1, 0.75, -1, 0, -1, 0};  // those of closed deals are not looked at
  const CallTable table = CallHistory(deals.rows(), {}, {}).calls();
  EXPECT_EQ(call_at(table, 0, CallCategory::weighted, 3), 60);
  EXPECT_EQ(call_at(table, 0, CallCategory::weighted, 2), 100);
  EXPECT_EQ(call_at(table, 0, CallCategory::weighted, 0), 130);
}

TEST(Calls, RollUpsByOwner) {
  RollUps calls;
  calls.add("2024-01-05", "2024-01-01", 80);
  calls.add("2024-01-12", "2024-01-31", 90);
  calls.add("2024-01-10", "2024-01-01", 20, "commit", 1);
  calls.add("2024-01-10", "2024-01-01", 60, "best case", 1);
  calls.bring("2024-01-15", 100);
  calls.bring("2024-01-15", 25.5, 1);
  const CallHistory history = calls.history({.calendar = {PeriodUnit::month}});
  const CallTable all = history.calls();
  EXPECT_EQ(call_at(all, 0, CallCategory::commit, 4), std::nullopt);
  EXPECT_EQ(call_at(all, 0, CallCategory::commit, 3), 100);  // the 10th
  EXPECT_EQ(call_at(all, 0, CallCategory::commit, 0), 110);
  EXPECT_EQ(call_at(all, 0, CallCategory::best_case, 0), 60);
  EXPECT_EQ(major(*all.actual[0]), 125.5);
  const std::vector<std::uint32_t> each = {0, 1};
  const CallTable table = history.calls(each, 2);
  EXPECT_EQ(call_at(table, 0, CallCategory::commit, 2, 0), 90);
  EXPECT_EQ(call_at(table, 0, CallCategory::commit, 2, 1), 20);
  EXPECT_EQ(major(*table.actual[history.periods().size()]), 25.5);
}

/// One owner calls at the beginning of the quarter, the other one in its last week.
RollUps one_calls_late() {
  RollUps calls;
  calls.add("2024-01-05", "2024-01-01", 100);
  calls.add("2024-03-20", "2024-01-01", 100, "commit", 1);
  calls.add("2024-03-20", "2024-01-01", 120, "best case", 1);
  calls.bring("2024-01-15", 100);
  calls.bring("2024-01-15", 110, 1);
  return calls;
}

TEST(Calls, AreComparedWithThoseWhoHadCalled) {
  const CallHistory history = one_calls_late().history();
  int weeks = 0;
  for (const CallLine& line : history.calls().lines) {
    const bool both = line.weeks <= 1, best = line.category == CallCategory::best_case;
    EXPECT_EQ(line.called, both && !best ? 2U : 1U);
    EXPECT_EQ(line.owners, 2U);
    ASSERT_TRUE(line.actual);
    EXPECT_EQ(major(*line.actual), best ? 110 : both ? 210 : 100);
    weeks += best ? 0 : 1;
  }
  EXPECT_EQ(weeks, 13);
  EXPECT_EQ(major(*history.calls().actual[0]), 210);
  const CallHistory deals(quarter().rows(), {}, {});
  for (const CallLine& line : deals.calls().lines) EXPECT_EQ(line.actual, deals.calls().actual[line.period]);
}

TEST(Calls, RowsThatAreInNoCallAreListed) {
  RollUps calls;
  calls.add("2024-01-05", "2024-01-01", 80);
  calls.add("2024-01-07", "2025-01-01", 90);
  calls.bring("2024-01-01", 70);
  calls.bring("2021-01-01", 70);
  const CallHistory history = calls.history();
  EXPECT_EQ(history.outside(), std::vector<std::uint32_t>{1});
  EXPECT_EQ(history.actuals_outside(), std::vector<std::uint32_t>{1});
  EXPECT_EQ(calls.history({.weeks = 60}).outside(), std::vector<std::uint32_t>{1});  // week 60 is yet to come
  EXPECT_TRUE(calls.history({.weeks = 65}).outside().empty());
  Deals deals = quarter();
  deals.add("2024-03-10", 3, "2023-12-20", 100, "commit");
  EXPECT_EQ(CallHistory(deals.rows(), {}, {}).outside(), std::vector<std::uint32_t>{8});
}

/// What is not the length or the number it should be is refused before anything is read or written.
TEST(Calls, ColumnsAreCheckedAtTheDoor) {
  RollUps calls = one_calls_late();
  calls.owners = 1;
  EXPECT_FAULT(calls.history(), InputError, "E_CODE", "a code of 1 is outside of 1 groups");
  calls.owners = 2;
  const CallHistory history = calls.history();
  const std::vector<std::uint32_t> wild = {0, 2}, few = {0};
  EXPECT_FAULT(history.calls(wild, 2), InputError, "E_CODE", "group 2 is not one of 2");
  EXPECT_FAULT(history.calls(few, 1), InputError, "E_COLUMN_LENGTH", "1 values for 2 points");
  EXPECT_FAULT(history.calls({}, 0), InputError, "E_CODE", "no group of owners");
  calls.brought.pop_back();
  EXPECT_FAULT(calls.history(), InputError, "E_COLUMN_LENGTH", "1 values for 2 points");
  calls.brought.push_back(1);
  calls.brought_by = {0, 7};
  EXPECT_FAULT(calls.history(), InputError, "E_CODE", "a code of 7");
  calls.brought_by = {0};
  EXPECT_FAULT(calls.history(), InputError, "E_COLUMN_LENGTH", "1 values for 2 points");
  Deals deals = quarter();
  deals.subject[2] = -1;
  EXPECT_FAULT(CallHistory(deals.rows(), {}, {}), InputError, "E_CODE", "a code of -1");
}

TEST(Calls, ADealCannotBeWeighted) {
  Deals deals = quarter();
  deals.category[1] = CallCategory::weighted;
  EXPECT_FAULT(CallHistory(deals.rows(), {}, {}), InputError, "E_ENUM", "an opportunity cannot be weighted");
}

TEST(Calls, AnOwnerWithoutActualLeavesTheTotalOpen) {
  RollUps calls;
  calls.add("2024-01-05", "2024-01-01", 80);
  calls.add("2024-01-05", "2024-01-01", 80, "commit", 1);
  calls.bring("2024-01-15", 100);
  EXPECT_FALSE(calls.history({.calendar = {PeriodUnit::month}}).calls().actual[0]);
}

TEST(Calls, NamesAsToolsWriteThem) {
  EXPECT_EQ(find_call_category("Best Case"), CallCategory::best_case);
  EXPECT_EQ(find_call_category("Most-Likely"), CallCategory::most_likely);
  EXPECT_EQ(find_call_category("upside"), std::nullopt);
  EXPECT_EQ(find_deal_state("Closed Won"), DealState::won);
  EXPECT_EQ(find_deal_state("Closed-Lost"), DealState::lost);
  EXPECT_EQ(find_deal_state("stalled"), std::nullopt);
  EXPECT_FAULT(parse_call_category("comit"), OptionError, "E_ENUM", "did you mean 'commit'?");
}

TEST(Calls, NamesOfPeriods) {
  const auto named = [](Calendar calendar) {
    return period_name(Periods(calendar, parse_day("2024-05-20"), parse_day("2024-05-20")), 0);
  };
  EXPECT_EQ(named({PeriodUnit::month}), "2024-05");
  EXPECT_EQ(named({PeriodUnit::quarter}), "2024-Q2");
  EXPECT_EQ(named({PeriodUnit::quarter, 2}), "the quarter from 2024-05-01");
  EXPECT_EQ(named({PeriodUnit::half_year}), "2024-H1");
  EXPECT_EQ(named({PeriodUnit::year}), "2024");
  EXPECT_EQ(named({PeriodUnit::week}), "the week from 2024-05-20");
}

TEST(Calls, Refused) {
  RollUps late;
  late.add("2024-03-31", "2024-03-01", 1);
  late.add("2024-04-02", "2024-03-01", 1);
  EXPECT_FAULT(late.history({.calendar = {PeriodUnit::month}}), InputError, "E_LEAKAGE",
               "forecast for 2024-03 was made on 2024-04-02");
  RollUps twice;
  twice.add("2024-03-01", "2024-03-01", 1);
  twice.add("2024-03-01", "2024-01-01", 2);
  EXPECT_FAULT(twice.history(), InputError, "E_DUPLICATE_ROW",
               "a commit for 2024-Q1 was called twice on 2024-03-01, first in row 0");
  RollUps brought;
  brought.add("2024-03-01", "2024-03-01", 1);
  brought.bring("2024-03-01", 5);
  brought.bring("2024-02-01", 6);
  EXPECT_FAULT(brought.history(), InputError, "E_DUPLICATE_ROW", "2024-Q1 already has an actual in row 0");
  Deals deals = quarter();
  deals.add("2024-03-10", 0, "2024-03-20", 100, "commit");
  EXPECT_FAULT(CallHistory(deals.rows(), {}, {}), InputError, "E_DUPLICATE_ROW",
               "opportunity is there twice on 2024-03-10, first in row 0");
  const auto with = [](double amount, double chance) {
    Deals one;
    one.add("2024-03-10", 0, "2024-03-20", amount, "commit");
    one.probability = {chance};
    return CallHistory(one.rows(), {}, {});
  };
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FAULT(with(-1, 0), InputError, "E_AMOUNT_NEGATIVE", "negative amount -1");
  EXPECT_FAULT(with(none, 0), InputError, "E_AMOUNT_NAN", "missing amount");
  EXPECT_FAULT(with(std::numeric_limits<double>::infinity(), 0), InputError, "E_AMOUNT_INF", "infinite");
  EXPECT_FAULT(with(1e13, 0), InputError, "E_AMOUNT_RANGE", "beyond 4e12");
  EXPECT_FAULT(with(1, 40), InputError, "E_PROBABILITY", "40 is not a probability from 0 to 1");
  EXPECT_FAULT(with(1, none), InputError, "E_PROBABILITY", "missing probability");
  EXPECT_FAULT(CallHistory({}, {}, {}), InputError, "E_NO_ROWS", "there are no calls");
  EXPECT_FAULT(CallHistory(quarter().rows(), {}, {.weeks = -1}), OptionError, "E_HORIZON", "weeks=-1");
  EXPECT_FAULT(CallHistory(quarter().rows(), {}, {.calendar = {PeriodUnit::day}}), OptionError,
               "E_PERIOD_UNIT", "a day has none");
  EXPECT_FAULT(CallHistory(quarter().rows(), {}, {.every_week = true}), InputError, "E_SNAPSHOT_MISSING",
               "no snapshot in the week from 2024-03-25 to 2024-03-31");
}

class RealDeals : public test::SharedData {};

TEST_F(RealDeals, WinWhatIsPublished) {
  Deals deals;
  std::map<std::string, std::int32_t> owners;
  std::map<std::string, double> brought;  // by the first seven letters of the close date
  std::int32_t number = 0;
  for (const auto& deal : test::shared_csv("data/maven_crm_opportunities/sales_pipeline.csv")) {
    const std::string &engaged = deal.at("engage_date"), &closed = deal.at("close_date");
    if (engaged.empty()) continue;
    const std::int32_t owner =
        owners.try_emplace(deal.at("sales_agent"), static_cast<std::int32_t>(owners.size())).first->second;
    const bool won = deal.at("deal_stage") == "Won";
    const std::string guess = format_day(parse_day(engaged) + 52);
    if (closed != engaged) deals.add(engaged.c_str(), number, guess.c_str(), 1000, "pipeline", "open", owner);
    if (!closed.empty())
      deals.add(closed.c_str(), number, closed.c_str(), std::stod(deal.at("close_value")),
                won ? "closed" : "omitted", won ? "won" : "lost", owner);
    if (won) brought[closed.substr(0, 7)] += std::stod(deal.at("close_value"));
    ++number;
  }
  ASSERT_EQ(owners.size(), 30U);
  const CallHistory history(deals.rows(), {}, {.calendar = {PeriodUnit::month}});
  const CallTable table = history.calls();
  double total = 0;
  for (std::size_t period = 0; period < history.periods().size(); ++period) {
    if (!table.actual[period]) continue;
    const auto expected = brought.find(period_name(history.periods(), period));
    EXPECT_EQ(major(*table.actual[period]), expected == brought.end() ? 0 : expected->second);
    total += major(*table.actual[period]);
  }
  EXPECT_EQ(total, 10'005'534);  // as published with the data
}

/// What a plain loop over the deals says.
std::int64_t added_up(const CallHistory& history, std::size_t period, CallCategory category, Day by,
                      std::int32_t owner) {
  std::int64_t sum = 0;
  for (std::size_t s = 0; s + 1 < history.begin().size(); ++s) {
    const CallRow* standing = nullptr;
    for (std::uint32_t i = history.begin()[s]; i < history.begin()[s + 1]; ++i)
      if (history.rows()[i].taken <= by) standing = &history.rows()[i];
    if (standing == nullptr || standing->state == DealState::lost || standing->owner != owner) continue;
    if (standing->period != static_cast<std::int32_t>(period)) continue;
    const bool won = standing->state == DealState::won;
    if (category == CallCategory::weighted)
      sum += won ? standing->amount : standing->weighted;
    else if (won || standing->category <= category)
      sum += standing->amount;
  }
  return sum;
}

TEST(CallProperties, CallsAreSumsOfWhatStands) {
  for_all([] {
    const Deals deals = random_deals();
    RC_PRE(!deals.taken.empty());
    const CallHistory history(deals.rows(), {}, {});
    const std::vector<std::uint32_t> each = {0, 1, 2};
    for (const CallLine& line : history.calls(each, 3).lines) {
      const Day end = history.week_end(line.period, line.weeks);
      RC_ASSERT(line.call ==
                added_up(history, line.period, line.category, end, static_cast<std::int32_t>(line.group)));
      RC_ASSERT(line.taken <= end);
    }
  });
}

TEST(CallProperties, OwnersAddUpToTheTotalAndTheOrderOfRowsDoesNotMatter) {
  for_all([] {
    const Deals deals = random_deals();
    RC_PRE(!deals.taken.empty() && deals.taken.size() % 7919 != 0);
    const CallHistory history(deals.rows(), {}, {});
    const CallTable all = history.calls();
    const std::vector<std::uint32_t> each = {0, 1, 2};
    const CallTable parts = history.calls(each, 3);
    for (const CallLine& line : all.lines) {
      int128 sum = 0;
      for (const CallLine& part : parts.lines)
        if (part.period == line.period && part.category == line.category && part.weeks == line.weeks)
          sum += part.call;
      RC_ASSERT(sum == line.call);
    }
    const Deals turned = deals.turned(3);
    const CallTable again = CallHistory(turned.rows(), {}, {}).calls();
    RC_ASSERT(again.lines.size() == all.lines.size());
    for (std::size_t i = 0; i < all.lines.size(); ++i) RC_ASSERT(again.lines[i].call == all.lines[i].call);
    RC_ASSERT(again.actual == all.actual);
  });
}

TEST(CallProperties, SurerCategoriesAreNeverAboveOthers) {
  for_all([] {
    const Deals deals = random_deals(false);
    RC_PRE(!deals.taken.empty());
    const CallTable table = CallHistory(deals.rows(), {}, {}).calls();
    for (const CallLine& a : table.lines)
      for (const CallLine& b : table.lines)
        if (a.period == b.period && a.weeks == b.weeks && a.category < b.category)
          RC_ASSERT(a.call <= b.call);
  });
}

}  // namespace
}  // namespace tenure
