#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <optional>

#include "support/cases.hpp"

/// Figures that a source printed, computed by this library from the same inputs.
namespace tenure::test {
namespace {

Policy policy_of(const Json& content) {
  Policy policy = Policy::named(content.value("preset", "standard"));
  for (const auto& [option, value] : content.at("policy").items())
    policy.set(option, value.get<std::string>());
  return policy;
}

std::optional<double> flow_value(const Waterfall& bridge, const std::string& column, std::size_t period,
                                 std::size_t segment) {
  const std::string suffix = "_customers";
  if (column.ends_with(suffix))
    return static_cast<double>(
        bridge.at(parse_line(column.substr(0, column.size() - suffix.size())), period, segment).customers);
  return bridge.at(parse_line(column), period, segment).amount.mrr();
}

/// One figure of the answer to a case's question; `at` is a day, a period, or a period and a segment.
std::optional<double> figure(const Book& book, const Json& question, const std::string& at,
                             const std::string& column) {
  const std::string kind = question.at("kind"),
                    segment = at.find('|') == std::string::npos ? "" : at.substr(at.find('|') + 1);
  const Day on = parse_day(at.substr(0, at.find('|')));
  if (kind == "mrr") {
    const Snapshot found = book.mrr(on);
    if (column == "customers") return static_cast<double>(found.flows[0].customers);
    return column == "mrr" ? found.mrr() : column == "arr" ? found.arr() : found.arpa().value();
  }
  const Periods periods =
      months(question.at("first").get<std::string>(), question.at("last").get<std::string>());
  const std::size_t period = periods.index_of(on);
  if (kind == "net_retention") {
    const Retention kept = book.net_retention(periods, {.horizon = question.at("horizon")}).at(period);
    return (column == "nrr" ? kept.nrr() : column == "grr" ? kept.grr() : kept.logo_retention()).value();
  }
  const Waterfall bridge = book.waterfall(periods, {.by = question.value("by", "")});
  const auto& labels = bridge.frame.segments;
  const auto place =
      static_cast<std::size_t>(std::find(labels.begin(), labels.end(), segment) - labels.begin());
  if (kind == "waterfall") return flow_value(bridge, column, period, place);
  const Growth rates = growth(bridge);
  if (column == "quick_ratio") return rates.quick_ratio[period].value();
  return (column == "gross_churn" ? rates.gross_churn : rates.net_churn)[period].value();
}

void expect_figures(const Book& book, const Json& content) {
  const double tolerance = content.at("tolerance");
  for (const auto& [at, columns] : content.at("expected").items())
    for (const auto& [column, expected] : columns.items()) {
      const auto found = figure(book, content.at("question"), at, column);
      ASSERT_TRUE(found.has_value()) << at << " " << column;
      // Without a tolerance of the source's, what a double can hold.
      const double printed = expected, allowed = std::max(tolerance, 1e-12 * std::abs(printed));
      EXPECT_NEAR(*found, printed, allowed) << at << " " << column;
    }
}

class PublishedCase : public testing::TestWithParam<Case> {};

TEST_P(PublishedCase, GivesTheFiguresItsSourcePrints) {
  const Json& content = GetParam().content;
  CaseTable table;
  if (content.contains("bridge"))
    table.add_bridge(content.at("bridge"));
  else
    for (const Json& row : content.at("subscriptions")) table.add(row);
  expect_figures(table.book(policy_of(content)), content);
}

const auto name_of_case = [](const testing::TestParamInfo<Case>& info) { return test_name(info.param.id); };
INSTANTIATE_TEST_SUITE_P(RunRate, PublishedCase, testing::ValuesIn(read_cases("run_rate.json")),
                         name_of_case);
INSTANTIATE_TEST_SUITE_P(Movements, PublishedCase, testing::ValuesIn(read_cases("movements.json")),
                         name_of_case);
INSTANTIATE_TEST_SUITE_P(Retention, PublishedCase, testing::ValuesIn(read_cases("retention.json")),
                         name_of_case);

class SharedCase : public testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    if (std::filesystem::exists(TENURE_SHARED_DIR)) return;
    ASSERT_EQ(std::getenv("TENURE_REQUIRE_SHARED"), nullptr) << "no folder " << TENURE_SHARED_DIR;
    GTEST_SKIP() << "no folder " << TENURE_SHARED_DIR;
  }
};

TEST_P(SharedCase, GivesTheFiguresItsSourcePrints) {
  const Json& content = GetParam().content;
  const auto left_out = content.at("leave_out_customers").get<std::vector<std::int64_t>>();
  CaseTable table;
  for (const auto& row :
       read_csv(std::string(TENURE_SHARED_DIR) + "/data/" + content.at("rows_from").get<std::string>())) {
    const std::int64_t customer = std::stoll(row.at("customer_id"));
    if (std::find(left_out.begin(), left_out.end(), customer) == left_out.end())
      table.add(customer, parse_day(row.at("start_date")), parse_day(row.at("end_date")),
                std::stod(row.at("monthly_amount")));
  }
  expect_figures(table.book(policy_of(content)), content);
}

INSTANTIATE_TEST_SUITE_P(MrrPlaybook, SharedCase, testing::ValuesIn(read_cases("published.json")),
                         name_of_case);

}  // namespace
}  // namespace tenure::test
