#include <tenure/revenue/reconcile.hpp>

#include <numeric>

#include "support/faults.hpp"
#include "support/term_rows.hpp"

namespace tenure {
namespace {

using test::day;
using test::row;
using test::TermRow;

Policy with(std::initializer_list<std::pair<const char*, const char*>> options, Policy policy = {}) {
  for (const auto& [option, value] : options) policy.set(option, value);
  return policy;
}

const std::vector<std::string> everything = [] {
  std::vector<std::string> names;
  for (const auto& [option, value] : Policy().options()) names.push_back(option);
  return names;
}();

const Question on_a_day{Metric::mrr, day("2024-06-30")};

/// Of one period: what each customer adds.
Shares shares_of(std::initializer_list<std::pair<std::int64_t, std::int64_t>> amounts) {
  Shares result;
  for (const auto& [customer, amount] : amounts)
    if (amount != 0) result.shares.push_back({0, customer, amount, 0});
  return result;
}

std::string text(int128 value) { return to_string(value); }

std::vector<std::string> names(const Reconciliation& found) {
  std::vector<std::string> all;
  for (const Cause& cause : found.causes) all.push_back(cause.name());
  return all;
}
using Names = std::vector<std::string>;

/// 100; tax adds 20, usage adds 10, both together 6 more, all of them from customer 2.
Shares tax_and_usage(const Policy& policy) {
  const bool tax = policy.loading.tax == Tax::included, usage = policy.loading.usage == Usage::included;
  return shares_of({{1, 100}, {2, (tax ? 20 : 0) + (usage ? 10 : 0) + (tax && usage ? 6 : 0)}});
}

TEST(Reconcile, GivesEachCauseItsShapleyValue) {
  const Policy both = with({{"tax", "included"}, {"usage", "included"}});
  const Reconciliation found = reconcile({}, both, on_a_day, tax_and_usage, everything);
  EXPECT_EQ(text(found.a[0].value()), "100");
  EXPECT_EQ(text(found.b[0].value()), "136");
  EXPECT_FALSE(found.sequential);
  EXPECT_EQ(text(found.scale), "2");
  ASSERT_EQ(names(found), (Names{"tax", "usage"})) << "in the order of Policy::options";
  EXPECT_EQ(text(found.causes[0].amounts[0]), "46");  // 2 * (20 + 6 / 2)
  EXPECT_EQ(text(found.causes[1].amounts[0]), "26");
  EXPECT_EQ(found.causes[0].changes[0].from, "excluded");
  EXPECT_EQ(found.causes[0].changes[0].to, "included");
  ASSERT_EQ(found.causes[0].customers.size(), 1U) << "customer 1 has nothing to do with it";
  EXPECT_EQ(std::get<std::int64_t>(found.causes[0].customers[0].customer), 2);
  EXPECT_EQ(text(found.causes[0].customers[0].amount), "46");
  EXPECT_TRUE(found.without_effect.empty());
}

TEST(Reconcile, BackwardsIsTheNegative) {
  const Policy both = with({{"tax", "included"}, {"usage", "included"}});
  const Reconciliation found = reconcile(both, {}, on_a_day, tax_and_usage, everything);
  EXPECT_EQ(text(found.causes[0].amounts[0]), "-46");
  EXPECT_EQ(text(found.causes[1].amounts[0]), "-26");
}

TEST(Reconcile, NamesOptionsThatDifferAndCannotMatter) {
  const Policy other =
      with({{"tax", "included"}, {"usage", "included"}, {"churn_numerator", "minus_reactivation"}});
  const auto without_usage = [](Policy policy) {
    policy.loading.usage = Usage::excluded;
    return tax_and_usage(policy);
  };
  const Reconciliation found = reconcile({}, other, on_a_day, without_usage, Names{"tax", "churn_numerator"});
  EXPECT_EQ(names(found), Names{"tax"});
  EXPECT_EQ(found.without_effect, (Names{"usage", "churn_numerator"}))
      << "usage is not in play, and a churn rate is no MRR";
}

TEST(Reconcile, RefusesToLeaveAnythingUnexplained) {
  const Policy other = with({{"tax", "included"}, {"usage", "included"}});
  EXPECT_FAULT(reconcile({}, other, on_a_day, tax_and_usage, Names{"tax"}), IntegrityError,
               "E_RECONCILE_OPEN", "options that should not matter: usage");
}

TEST(Reconcile, GivesACauseThatChangesNothingZero) {
  const Policy other = with({{"tax", "included"}, {"quantity", "ignored"}});
  const Reconciliation found = reconcile({}, other, on_a_day, tax_and_usage, everything);
  ASSERT_EQ(names(found), (Names{"tax", "quantity"}));
  EXPECT_EQ(text(found.causes[0].amounts[0]), "40");
  EXPECT_EQ(text(found.causes[1].amounts[0]), "0");
  EXPECT_TRUE(found.causes[1].customers.empty());
}

TEST(Reconcile, OfEqualPoliciesHasNoCauses) {
  const Reconciliation found = reconcile({}, {}, on_a_day, tax_and_usage, everything);
  EXPECT_TRUE(found.causes.empty());
  EXPECT_EQ(found.a, found.b);
  EXPECT_EQ(text(found.a[0].value()), "100");
}

TEST(Reconcile, ChangesOptionsThatExcludeEachOtherTogether) {
  const auto read = [](const Policy& policy) {
    policy.check();
    return shares_of({{1, policy.reporting.grain == Grain::item ? 3 : 1}});
  };
  const Question question{Metric::customers, day("2024-06-30")};
  const Policy from = with({{"plan_switch", "legs"}}),
               to = with({{"movement_grain", "item"}, {"tax", "included"}});
  const Reconciliation found = reconcile(from, to, question, read, everything);
  ASSERT_EQ(names(found), (Names{"tax", "movement_grain and plan_switch"}));
  ASSERT_EQ(found.causes[1].changes.size(), 2U);
  EXPECT_EQ(text(found.causes[1].amounts[0]), "4");  // 2! * 2
}

TEST(Reconcile, KeepsOptionsApartThatDoNotExcludeEachOther) {
  const Question churn{Metric::customer_churn, months("2024-06", "2024-06")};
  const Reconciliation found = reconcile(
      Policy::named("revenuecat"), Policy::named("stripe"), churn, [](const Policy&) { return Shares{}; },
      everything);
  for (const Cause& cause : found.causes)
    if (cause.changes.size() > 1) {
      EXPECT_EQ(cause.name(), "netting and churn_numerator");
    }
  EXPECT_GE(found.causes.size(), 6U);
}

/// Eleven options, each of which adds a power of two, and the first and last together 5000.
constexpr std::array<std::pair<const char*, const char*>, 11> eleven{{{"mrr_source", "renewal_estimate"},
                                                                      {"interval_factor_day", "30"},
                                                                      {"interval_factor_week", "4"},
                                                                      {"line_rounding", "minor"},
                                                                      {"discounts", "all"},
                                                                      {"tax", "included"},
                                                                      {"usage", "included"},
                                                                      {"one_time", "dated"},
                                                                      {"trial", "ignore"},
                                                                      {"quantity", "ignored"},
                                                                      {"churn_at", "request"}}};

TEST(Reconcile, OfMoreThanTenCausesFollowsTheOrderOfOptions) {
  Policy to;
  for (const auto& [option, value] : eleven) to.set(option, value);
  int reads = 0;
  const auto read = [&](const Policy& policy) {
    ++reads;
    std::int64_t amount = 0;
    for (std::size_t i = 0; i < eleven.size(); ++i)
      if (policy.get(eleven[i].first) == eleven[i].second) amount += std::int64_t{1} << i;
    if (policy.get("mrr_source") == "renewal_estimate" && policy.get("churn_at") == "request") amount += 5000;
    return shares_of({{1, amount}});
  };
  const Reconciliation found = reconcile({}, to, on_a_day, read, everything);
  EXPECT_TRUE(found.sequential);
  EXPECT_EQ(text(found.scale), "1");
  ASSERT_EQ(found.causes.size(), 11U);
  for (std::size_t i = 0; i < 10; ++i) EXPECT_EQ(text(found.causes[i].amounts[0]), std::to_string(1 << i));
  EXPECT_EQ(text(found.causes[10].amounts[0]), "6024") << "the last to change has what is done together";
  EXPECT_EQ(text(found.causes[10].customers[0].amount), "6024");
  EXPECT_EQ(reads, 13) << "twelve mixtures, and the policy itself";
}

TEST(Reconcile, OfTenCausesIsExact) {
  Policy to;
  for (std::size_t i = 0; i < 10; ++i) to.set(eleven[i].first, eleven[i].second);
  const auto read = [&](const Policy& policy) {
    std::int64_t changed = 0;
    for (const auto& [option, value] : eleven) changed += policy.get(option) == value;
    return shares_of({{1, changed * changed}});
  };
  const Reconciliation found = reconcile({}, to, on_a_day, read, everything);
  EXPECT_FALSE(found.sequential);
  EXPECT_EQ(text(found.scale), "3628800");
  for (const Cause& cause : found.causes)  // all do the same: a tenth of 100 each
    EXPECT_TRUE(cause.amounts[0] == found.scale * 10) << cause.name();
}

TEST(Reconcile, SplitsSharesOfATotal) {
  const Question question{Metric::nrr, months("2024-06", "2024-06")};
  const auto read = [](const Policy& policy) {
    Shares result;
    result.shares.push_back({0, 1, policy.loading.tax == Tax::included ? 90 : 50, 100});
    return result;
  };
  const Reconciliation found = reconcile({}, with({{"tax", "included"}}), question, read, everything);
  EXPECT_EQ(text(found.a[0].value()), "500000000000");
  EXPECT_EQ(text(found.b[0].value()), "900000000000");
  EXPECT_EQ(text(found.causes[0].amounts[0]), "400000000000");
  EXPECT_EQ(text(found.causes[0].customers[0].amount), "40") << "of the numerator";
  EXPECT_EQ(text(found.causes[0].customers[0].denominator), "0");
}

TEST(Reconcile, HasNothingToSayOfAShareOfNobody) {
  const Question question{Metric::nrr, months("2024-05", "2024-06")};
  const auto read = [](const Policy& policy) {
    Shares result;
    result.shares.push_back({0, 1, 50, 100});
    if (policy.loading.tax == Tax::included) result.shares.push_back({1, 1, 50, 100});
    return result;
  };
  const Reconciliation found = reconcile({}, with({{"tax", "included"}}), question, read, everything);
  EXPECT_TRUE(found.a[0].has_value());
  EXPECT_FALSE(found.a[1].has_value());
  EXPECT_TRUE(found.b[1].has_value()) << "a figure that is there stays there";
  EXPECT_EQ(found.unsplit, (std::vector<std::uint8_t>{0, 1}));
  EXPECT_EQ(text(found.causes[0].amounts[1]), "0");
  EXPECT_TRUE(found.causes[0].customers.empty());
}

TEST(Reconcile, DoesNotSplitAPeriodInWhichAMixtureHasNobody) {
  const Question question{Metric::nrr, months("2024-06", "2024-06")};
  const auto read = [](const Policy& policy) {
    const bool tax = policy.loading.tax == Tax::included, usage = policy.loading.usage == Usage::included;
    Shares result;
    if (tax == usage) result.shares.push_back({0, 1, tax ? 90 : 50, 100});
    return result;
  };
  const Policy both = with({{"tax", "included"}, {"usage", "included"}});
  const Reconciliation found = reconcile({}, both, question, read, everything);
  EXPECT_TRUE(found.a[0].has_value() && found.b[0].has_value()) << "only one of the two alone has nobody";
  EXPECT_EQ(found.unsplit, (std::vector<std::uint8_t>{1}));
  for (const Cause& cause : found.causes) {
    EXPECT_EQ(text(cause.amounts[0]), "0");
    EXPECT_TRUE(cause.customers.empty());
  }
  EXPECT_EQ(found.rounded(0, 10), (std::vector<int128>{0, 0}));
}

TEST(Reconcile, RoundsSoThatTheRowsStillAddUp) {
  Policy to;
  for (std::size_t i = 0; i < 3; ++i) to.set(eleven[i].first, eleven[i].second);
  const auto read = [&](const Policy& policy) {
    std::int64_t changed = 0;
    for (std::size_t i = 0; i < 3; ++i) changed += policy.get(eleven[i].first) == eleven[i].second;
    return shares_of({{1, 100 * changed / 3}});  // 0, 33, 66, 100
  };
  const Reconciliation found = reconcile({}, to, on_a_day, read, everything);
  const std::vector<int128> rounded = found.rounded(0, 10);  // 33.3 each, in tens
  EXPECT_EQ(text(std::accumulate(rounded.begin(), rounded.end(), int128{0})), "10");
  for (const int128 one : rounded) EXPECT_TRUE(one == 3 || one == 4);
}

TEST(Reconcile, RefusesImpossiblePolicies) {
  const Policy broken = with({{"usage", "only"}, {"one_time", "only"}});
  EXPECT_FAULT(reconcile({}, broken, on_a_day, tax_and_usage, everything), OptionError, "E_POLICY_PAIR",
               "exclude each other");
  EXPECT_FAULT(reconcile(broken, {}, on_a_day, tax_and_usage, everything), OptionError, "E_POLICY_PAIR",
               "exclude each other");
}

TEST(Metric, IsKnownByName) {
  for (const char* name : {"mrr", "customers", "customer_churn", "gross_mrr_churn", "nrr", "grr"})
    EXPECT_EQ(name_of(parse_metric(name)), name);
  EXPECT_FAULT(parse_metric("nr"), OptionError, "E_METRIC", "did you mean 'nrr'?");
}

/// A week of 140, half off for a year on 100, a past-due 40, and a yearly 1200 that asked to leave.
std::vector<TermRow> company() {
  const Discount half{
      .percent_micros = 50 * micros, .duration = DiscountDuration::repeating, .until = day("2025-01-01")};
  std::vector<TermRow> rows{
      {.row = row(1, "2024-01-01", "", 140), .interval = {IntervalUnit::week, 1}},
      {.row = row(2, "2024-01-01", "", 100), .discounts = {half}},
      {.row = row(3, "2024-05-01", "", 40), .status = SubscriptionStatus::past_due},
      {.row = row(4, "2024-01-01", "2025-01-01", 1200), .interval = {IntervalUnit::year, 1}}};
  rows[3].cancel_requested = day("2024-06-10");
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i].row.subscription = static_cast<std::int64_t>(i);
  return rows;
}

ReadShares reader(const std::vector<TermRow>& rows, const Question& question) {
  return [&rows, question](const Policy& policy) { return test::book_of(rows, policy).shares(question); };
}

TEST(Reconcile, ExplainsTwoVendorsOnOneCompany) {
  const auto rows = company();
  const Book book = test::book_of(rows);
  const Policy from = with({{"discounts", "all"}, {"past_due", "churn_after_30_days"}}),
               to = with(
                   {{"discounts", "forever"}, {"churn_at", "request"}, {"interval_factor_week", "30/7"}});
  const Reconciliation found = reconcile(from, to, on_a_day, reader(rows, on_a_day), book.options_in_play());
  const auto monthly = [&](int128 amount) { return RunRateSum(amount / found.scale).mrr(); };
  std::map<std::string, double> causes;
  std::map<std::string, std::int64_t> who;
  for (const Cause& cause : found.causes) {
    causes[cause.name()] = monthly(cause.amounts[0]);
    EXPECT_EQ(cause.customers.size(), 1U) << cause.name();
    who[cause.name()] = std::get<std::int64_t>(cause.customers.at(0).customer);
  }
  EXPECT_NEAR(RunRateSum(found.a[0].value()).mrr(), 606.666667 + 50 + 0 + 100, 1e-5);
  EXPECT_NEAR(RunRateSum(found.b[0].value()).mrr(), 600 + 100 + 40 + 0, 1e-5);
  ASSERT_EQ(causes.size(), 4U);
  EXPECT_NEAR(causes.at("interval_factor_week"), -6.666667, 1e-5);
  EXPECT_NEAR(causes.at("discounts"), 50, 1e-9);
  EXPECT_NEAR(causes.at("past_due"), 40, 1e-9);
  EXPECT_NEAR(causes.at("churn_at"), -100, 1e-9);
  EXPECT_EQ(who, (std::map<std::string, std::int64_t>{
                     {"interval_factor_week", 1}, {"discounts", 2}, {"past_due", 3}, {"churn_at", 4}}));
}

TEST(Reconcile, RatesOfSingleDaysCannotBeSplit) {  // chartmogul_shopify
  const auto rows = company();
  const Question churn{Metric::customer_churn, months("2024-06", "2024-06")};
  EXPECT_FAULT(reconcile({}, with({{"window", "daily_sum"}}), churn, reader(rows, churn), everything),
               OptionError, "E_POLICY_INCOMPARABLE", "window='daily_sum' adds up rates of single days");
  const Question nrr{Metric::nrr, day("2024-06-30")};
  EXPECT_FAULT(test::book_of(rows).shares(nrr), OptionError, "E_WINDOW", "nrr is of a period");
}

/// A policy and another that differs from it in a few options that can matter, or two presets.
rc::Gen<std::pair<Policy, Policy>> any_two(std::size_t most) {
  return rc::gen::map(
      rc::gen::tuple(test::any_policy(), test::any_policy(),
                     rc::gen::resize(rc::kNominalSize, rc::gen::container<std::vector<std::size_t>>(
                                                           most, rc::gen::inRange<std::size_t>(0, 1000)))),
      [](const std::tuple<Policy, Policy, std::vector<std::size_t>>& drawn) {
        const auto& [from, other, picks] = drawn;
        Policy to = from;
        const auto options = other.options();
        for (const std::size_t pick : picks) {
          Policy changed = to;
          const auto& [option, value] = options[pick % options.size()];
          changed.set(option, value);
          try {
            changed.check();
            to = changed;
          } catch (const OptionError&) {  // excludes another
          }
        }
        return std::pair(from, to);
      });
}

rc::Gen<Question> any_question() {
  return rc::gen::apply(
      [](int metric, bool at, int month, int horizon) -> Question {
        const Day first = anniversary(day("2023-07-01"), month);
        if (metric < 2 && at) return {static_cast<Metric>(metric), first + 14};
        return {static_cast<Metric>(metric), Periods({PeriodUnit::month, 1}, first, first + 70), horizon};
      },
      rc::gen::inRange(0, 6), rc::gen::arbitrary<bool>(), rc::gen::inRange(0, 12), rc::gen::inRange(1, 7));
}

bool is_churn(const Question& question) {
  return question.metric == Metric::customer_churn || question.metric == Metric::gross_mrr_churn;
}

/// What holds of every reconciliation: its causes, and the customers of each, add up.
void expect_exact(const Reconciliation& found, const Question& question) {
  for (std::size_t period = 0; period < question.periods(); ++period) {
    if (!found.a[period] || !found.b[period]) continue;
    if (found.unsplit[period] != 0) {  // a share of nobody, under a mixture of the two
      RC_ASSERT(is_share(question.metric));
      continue;
    }
    int128 sum = 0;
    for (const Cause& cause : found.causes) sum += cause.amounts[period];
    RC_ASSERT(found.scale * (*found.b[period] - *found.a[period]) == sum);
  }
  const bool rounded = found.from.reporting.total_rounding != found.to.reporting.total_rounding ||
                       found.from.reporting.total_rounding == TotalRounding::minor;
  if (is_share(question.metric) || (question.metric == Metric::mrr && rounded)) return;
  for (const Cause& cause : found.causes) {
    std::vector<int128> sums(question.periods());
    for (const CauseShare& share : cause.customers) sums[share.period] += share.amount;
    RC_ASSERT(sums == cause.amounts);
  }
}

void compare(const std::vector<TermRow>& rows, const Policy& from, const Policy& to,
             const Question& question) {
  std::map<std::string, Shares> known;
  const auto plain = reader(rows, question);
  const ReadShares read = [&](const Policy& policy) {
    const auto place = known.find(policy.digest());
    return place != known.end() ? place->second : known[policy.digest()] = plain(policy);
  };
  const auto in_play = test::book_of(rows, from).options_in_play();
  const Reconciliation there = reconcile(from, to, question, read, in_play),
                       back = reconcile(to, from, question, read, in_play);
  expect_exact(there, question);
  expect_exact(back, question);
  RC_ASSERT(there.a == back.b);
  RC_ASSERT(names(there) == names(back));
  if (there.sequential) return;
  for (std::size_t i = 0; i < there.causes.size(); ++i)
    for (std::size_t period = 0; period < question.periods(); ++period)
      RC_ASSERT(there.causes[i].amounts[period] == -back.causes[i].amounts[period]);
}

TEST(Reconcile, AddsUpToTheDifferenceForAnyRowsPoliciesAndMetric) {
  test::for_all(
      [] {
        const auto rows = *rc::gen::nonEmpty(test::any_terms());
        const auto [from, to] = *any_two(5);
        const Question question = *any_question();
        RC_PRE(!is_churn(question) ||
               (from.reporting.window != Window::daily_sum && to.reporting.window != Window::daily_sum));
        compare(rows, from, to, question);
      },
      60);
}

TEST(Reconcile, AddsUpToTheDifferenceForAnyTwoPresets) {
  test::for_all(
      [] {
        const auto rows = *rc::gen::resize(8, rc::gen::nonEmpty(test::any_terms()));
        const auto from = *rc::gen::elementOf(Policy::presets()), to = *rc::gen::elementOf(Policy::presets());
        const Question question = *any_question();
        RC_PRE(!is_churn(question) || (from != "chartmogul_shopify" && to != "chartmogul_shopify"));
        compare(rows, Policy::named(from), Policy::named(to), question);
      },
      30);
}

TEST(Reconcile, ComparesTheFiguresOfTheBooks) {
  test::for_all(
      [] {
        const auto rows = *rc::gen::nonEmpty(test::any_terms());
        const Policy policy = test::without(*test::any_policy(), {"total_rounding"});
        const Book book = test::book_of(rows, policy);
        const Periods three = months("2023-11", "2024-01");
        const auto value = [&](const Question& question, std::size_t period) {
          return reconcile(policy, policy, question, [&](const Policy&) { return book.shares(question); }, {})
              .a[period];
        };
        const Day at = day("2023-12-15");
        const Snapshot snapshot = book.mrr(at);
        RC_ASSERT(value({Metric::mrr, at}, 0) == snapshot.flows[0].amount.annual);
        RC_ASSERT(value({Metric::customers, at}, 0) == int128{snapshot.flows[0].customers});
        const Waterfall bridge = book.waterfall(three);
        const NetRetention kept = book.net_retention(three, {.horizon = 2});
        for (std::size_t period = 0; period < 3; ++period) {
          const Flow& closing = bridge.at(Line::closing, period);
          RC_ASSERT(value({Metric::mrr, three}, period) == closing.amount.annual);
          RC_ASSERT(value({Metric::customers, three}, period) == int128{closing.customers});
          const auto close = [&](std::optional<int128> share, std::optional<double> wanted) {
            RC_ASSERT(share.has_value() == wanted.has_value());
            if (share)
              RC_ASSERT(std::abs(static_cast<double>(*share) / static_cast<double>(share_unit) - *wanted) <
                        1e-9);
          };
          close(value({Metric::nrr, three, 2}, period), kept.at(period).nrr().value());
          close(value({Metric::grr, three, 2}, period), kept.at(period).grr().value());
        }
        if (policy.reporting.window == Window::daily_sum) return;
        const Churn churn = book.churn(three);
        for (std::size_t period = 0; period < 3; ++period) {
          const auto close = [&](Metric metric, std::optional<double> wanted) {
            const auto share = value({metric, three}, period);
            RC_ASSERT(share.has_value() == wanted.has_value());
            if (share)
              RC_ASSERT(std::abs(static_cast<double>(*share) / static_cast<double>(share_unit) - *wanted) <
                        1e-9);
          };
          close(Metric::customer_churn, churn.rates[period].customer);
          close(Metric::gross_mrr_churn, churn.rates[period].gross_mrr);
        }
      },
      100);
}

}  // namespace
}  // namespace tenure
