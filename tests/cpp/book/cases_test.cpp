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

/// Where a figure stands: a day (of a period, its first), and a segment.
struct Place {
  explicit Place(const std::string& key)
      : day(parse_day(key.substr(0, key.find('|')))),
        segment(key.find('|') == std::string::npos ? "" : key.substr(key.find('|') + 1)) {}
  template <class Answer>
  std::size_t segment_of(const Answer& labels) const {
    return static_cast<std::size_t>(std::find(labels.begin(), labels.end(), segment) - labels.begin());
  }
  Day day;
  std::string segment;
};

Periods periods_of(const Json& question) {
  const auto first = question.at("first").get<std::string>(), last = question.at("last").get<std::string>();
  return question.value("period", "month") == "day" ? days(first, last) : months(first, last);
}

double on_day(const Book& book, const std::string& by, const Place& place, const std::string& column) {
  const Snapshot found = book.mrr(place.day, {.by = by});
  const std::size_t at = by.empty() ? 0 : place.segment_of(found.segments);
  if (column == "customers") return static_cast<double>(found.flows.at(at).customers);
  if (column == "discount_mrr") return found.discount_mrr(at);
  if (column == "gross_mrr") return found.gross_mrr(at);
  return column == "mrr" ? found.mrr(at) : column == "arr" ? found.arr(at) : found.arpa(at).value().value();
}

double of_flow(const Waterfall& bridge, const std::string& column, const Place& place) {
  const std::size_t period = bridge.frame.periods.index_of(place.day),
                    segment = place.segment_of(bridge.frame.segments);
  const std::string suffix = "_customers";
  if (column.ends_with(suffix))
    return static_cast<double>(
        bridge.at(parse_line(column.substr(0, column.size() - suffix.size())), period, segment).customers);
  return bridge.at(parse_line(column), period, segment).amount.mrr();
}

double of_growth(const Growth& rates, const std::string& column, std::size_t period) {
  const auto& rate = column == "quick_ratio"   ? rates.quick_ratio
                     : column == "gross_churn" ? rates.gross_churn
                                               : rates.net_churn;
  return rate.at(period).value().value();
}

double of_rates(const ChurnRates& rates, const std::string& column) {
  if (column == "lifetime") return 1 / rates.customer.value();
  return (column == "customer_churn"    ? rates.customer
          : column == "mrr_churn"       ? rates.mrr
          : column == "gross_mrr_churn" ? rates.gross_mrr
                                        : rates.net_mrr)
      .value();
}

double of_churn(const Churn& churn, const std::string& column, std::size_t period) {
  if (!column.ends_with("customers") && column != "lost_joiners")
    return of_rates(churn.rates.at(period), column);
  const ChurnWindow& window = churn.windows.at(period);
  const std::int64_t count = column == "opening_customers"  ? window.opening
                             : column == "joined_customers" ? window.joined
                             : column == "lost_customers"   ? window.lost
                             : column == "lost_joiners"     ? window.lost_joiners
                                                            : window.returned;
  return static_cast<double>(count);
}

/// Closings of all periods added up.
double sum_of(const Waterfall& bridge) {
  double sum = 0;
  for (std::size_t period = 0; period < bridge.frame.periods.size(); ++period)
    sum += bridge.at(Line::closing, period).amount.mrr();
  return sum;
}

/// One figure of the answer to a case's question.
double figure(const Book& book, const Json& question, const Place& place, const std::string& column) {
  const std::string kind = question.at("kind"), by = question.value("by", "");
  if (kind == "mrr") return on_day(book, by, place, column);
  const Periods periods =
      kind == "mean" ? days(question.at("first").get<std::string>(), question.at("last").get<std::string>())
                     : periods_of(question);
  const std::size_t period = periods.index_of(place.day);
  if (kind == "net_retention") {
    const Retention kept = book.net_retention(periods, {.horizon = question.at("horizon")}).at(period);
    const Ratio rate = column == "nrr" ? kept.nrr() : column == "grr" ? kept.grr() : kept.logo_retention();
    return rate.value().value();
  }
  if (kind == "churn") return of_churn(book.churn(periods), column, period);
  const Waterfall bridge = book.waterfall(periods, {.by = by});
  if (kind == "mean") return sum_of(bridge) / static_cast<double>(periods.size());
  if (kind == "sum") return sum_of(bridge);
  return kind == "waterfall" ? of_flow(bridge, column, place) : of_growth(growth(bridge), column, period);
}

void expect_figures(const Book& book, const Json& content, const char* which) {
  const double tolerance = content.at("tolerance");
  const Json figures = content.value(which, Json::object());
  for (const auto& [at, columns] : figures.items())
    for (const auto& [column, expected] : columns.items()) {
      // Without a tolerance of the source's, what a double can hold.
      const double printed = expected, allowed = std::max(tolerance, 1e-12 * std::abs(printed));
      EXPECT_NEAR(figure(book, content.at("question"), Place(at), column), printed, allowed)
          << at << " " << column;
    }
}

/// What the source prints, and what else follows from its inputs.
void expect_figures(const Book& book, const Json& content) {
  expect_figures(book, content, "expected");
  expect_figures(book, content, "also");
}

void expect_refusal(const Json& content) {
  const Json& expected = content.at("expected");
  try {
    static_cast<void>(book_of(content, policy_of(content)));
    ADD_FAILURE() << "was read; expected " << expected.at("code");
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), expected.at("code").get<std::string>()) << error.what();
    if (!error.fault().column.empty()) {
      EXPECT_EQ(error.fault().column, expected.at("column").get<std::string>());
    }
  }
}

class PublishedCase : public testing::TestWithParam<Case> {};

TEST_P(PublishedCase, GivesTheFiguresItsSourcePrints) {
  const Json& content = GetParam().content;
  if (content.at("question").at("kind") == "refused")
    expect_refusal(content);
  else
    expect_figures(book_of(content, policy_of(content)), content);
}

const auto name_of_case = [](const testing::TestParamInfo<Case>& info) { return test_name(info.param.id); };
#define TENURE_CASES(Name, file) \
  INSTANTIATE_TEST_SUITE_P(Name, PublishedCase, testing::ValuesIn(read_cases(file)), name_of_case)
TENURE_CASES(RunRate, "run_rate.json");
TENURE_CASES(Movements, "movements.json");
TENURE_CASES(Retention, "retention.json");
TENURE_CASES(Churn, "churn.json");
TENURE_CASES(Refused, "refused.json");
#undef TENURE_CASES

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
  std::vector<Json> rows;
  for (const auto& row :
       read_csv(std::string(TENURE_SHARED_DIR) + "/data/" + content.at("rows_from").get<std::string>())) {
    const std::int64_t customer = std::stoll(row.at("customer_id"));
    if (std::find(left_out.begin(), left_out.end(), customer) == left_out.end())
      rows.push_back(
          plain_row(customer, row.at("start_date"), row.at("end_date"), std::stod(row.at("monthly_amount"))));
  }
  expect_figures(book_of(rows, {}, policy_of(content)), content);
}

INSTANTIATE_TEST_SUITE_P(MrrPlaybook, SharedCase, testing::ValuesIn(read_cases("published.json")),
                         name_of_case);

}  // namespace
}  // namespace tenure::test
