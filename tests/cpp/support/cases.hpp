#pragma once

#include <fstream>
#include <list>
#include <map>
#include <string>
#include <vector>

#include <tenure/book.hpp>
#include <tenure/model/invoice.hpp>

#include "case_columns.hpp"

/// Published cases, in tests/cases/*.json, as Python reads them too. A case has subscriptions with their
/// terms, or invoices, or a bridge that stands for rows; a policy by preset and options; one question; and
/// expected figures by day (or first day of a period, or "day|segment") and column: what the source prints,
/// and "also" what else follows from its inputs.
namespace tenure::test {

struct Case {
  std::string id;
  Json content;
};
inline std::ostream& operator<<(std::ostream& out, const Case& published) { return out << published.id; }

inline std::vector<Case> read_cases(const std::string& file) {
  std::ifstream stream(std::string(TENURE_CASES_DIR) + "/" + file);
  const Json document = Json::parse(stream);
  std::vector<Case> cases;
  for (const Json& content : document.at("cases"))
    if (content.value("surface", "") != "python") cases.push_back({content.at("id"), content});
  return cases;
}

inline std::string test_name(const std::string& id) {
  std::string name;
  for (const char c : id) name += c == '-' ? '_' : c;
  return name;
}

/// Contracts of a case, as columns that live as long as this.
class CaseSubscriptions {
 public:
  explicit CaseSubscriptions(const CaseColumns& rows)
      : customers_(rows.numbers("customer", 0)),
        subscriptions_(rows.numbers("subscription", 0)),
        quantities_(rows.cells<std::int64_t>("quantity", 1)),
        counts_(rows.cells<std::int64_t>("interval_count", 1)),
        starts_(rows.cells<Day>("start")),
        ends_(rows.cells<Day>("end")),
        requested_(rows.cells<Day>("cancel_requested")),
        paid_through_(rows.cells<Day>("paid_through")),
        amounts_(rows.cells<double>("amount")),
        units_(rows.parsed("interval", "month", parse_interval_unit)),
        kinds_(rows.parsed("kind", "recurring", parse_charge_kind)),
        segments_(rows.texts("segment")),
        products_(rows.texts("product")) {
    table_.customer = customers_;
    table_.start = starts_.column();
    table_.end = ends_.column();
    table_.amount = amounts_.column();
    table_.interval_unit = units_;
    table_.interval_count = counts_.column();
    table_.quantity = quantities_.column();
    table_.segments = {{"segment", segments_}};
    if (rows.has("subscription")) table_.subscription = subscriptions_;
    if (rows.has("product")) table_.product = static_cast<Codes>(products_);
    table_.terms.kind = kinds_;
    if (rows.has("cancel_requested")) table_.terms.cancel_requested = requested_.column();
    if (rows.has("paid_through")) table_.terms.paid_through = paid_through_.column();
    for (std::size_t i = 0; i < rows.most_discounts(); ++i) add_discount(rows.discount(i));
  }
  const Subscriptions& table() const noexcept { return table_; }

 private:
  struct OneDiscount {
    Cells<double> percent, amount;
    std::vector<DiscountDuration> duration;
    Cells<Day> until;
  };
  void add_discount(const CaseColumns& rows) {
    const OneDiscount& kept = discounts_.emplace_back(
        OneDiscount{rows.cells<double>("percent"), rows.cells<double>("amount"),
                    rows.parsed("duration", "forever", parse_discount_duration), rows.cells<Day>("until")});
    DiscountColumns& put = table_.terms.discounts.emplace_back();
    if (rows.has("percent")) put.percent = kept.percent.column();
    if (rows.has("amount")) put.amount = kept.amount.column();
    put.duration = kept.duration;
    put.until = kept.until.column();
  }

  std::vector<std::int64_t> customers_, subscriptions_;
  Cells<std::int64_t> quantities_, counts_;
  Cells<Day> starts_, ends_, requested_, paid_through_;
  Cells<double> amounts_;
  std::vector<IntervalUnit> units_;
  std::vector<ChargeKind> kinds_;
  TextColumn segments_, products_;
  std::list<OneDiscount> discounts_;
  Subscriptions table_;
};

/// Invoice lines of a case.
class CaseInvoices {
 public:
  explicit CaseInvoices(const CaseColumns& lines)
      : customers_(lines.numbers("customer", 0)),
        subscriptions_(lines.numbers("subscription", 0)),
        counts_(lines.cells<std::int64_t>("interval_count", 1)),
        starts_(lines.cells<Day>("service_start")),
        ends_(lines.cells<Day>("service_end")),
        paid_(lines.cells<Day>("paid_on")),
        amounts_(lines.cells<double>("amount")),
        taxes_(lines.cells<double>("tax", 0.0)),
        units_(lines.parsed("interval", "month", parse_interval_unit)),
        prorated_(lines.flags("prorated")),
        segments_(lines.texts("segment")) {
    table_.customer = customers_;
    table_.service_start = starts_.column();
    table_.service_end = ends_.column();
    table_.amount = amounts_.column();
    table_.tax = taxes_.column();
    table_.prorated = prorated_;
    table_.interval_unit = units_;
    if (lines.has("interval_count")) table_.interval_count = counts_.column();
    if (lines.has("paid_on")) table_.paid_on = paid_.column();
    if (lines.has("subscription")) table_.subscription = subscriptions_;
    table_.segments = {{"segment", segments_}};
  }
  const InvoiceLines& table() const noexcept { return table_; }

 private:
  std::vector<std::int64_t> customers_, subscriptions_;
  Cells<std::int64_t> counts_;
  Cells<Day> starts_, ends_, paid_;
  Cells<double> amounts_, taxes_;
  std::vector<IntervalUnit> units_;
  std::vector<std::uint8_t> prorated_;
  TextColumn segments_;
  InvoiceLines table_;
};

inline Json plain_row(std::int64_t customer, const std::string& start, const std::string& end,
                      double amount) {
  return {{"customer", customer},
          {"start", start},
          {"end", end.empty() ? Json() : Json(end)},
          {"amount", amount}};
}

/// Customers that make a bridge in 2024-02: one churns, one shrinks, one grows, one is new, one comes back.
inline std::vector<Json> rows_of_bridge(const Json& bridge) {
  const std::string before = "2023-12-01", opening = "2024-01-01", closing = "2024-02-01";
  const double kept = bridge.at("opening").get<double>() - bridge.at("churn").get<double>();
  return {plain_row(1, opening, closing, bridge.at("churn")),
          plain_row(2, opening, closing, kept / 2),
          plain_row(2, closing, "", kept / 2 - bridge.at("contraction").get<double>()),
          plain_row(3, opening, closing, kept / 2),
          plain_row(3, closing, "", kept / 2 + bridge.at("expansion").get<double>()),
          plain_row(4, closing, "", bridge.at("new")),
          plain_row(5, before, opening, bridge.at("reactivation")),
          plain_row(5, closing, "", bridge.at("reactivation"))};
}

inline Book book_of(const std::vector<Json>& rows, const std::vector<Json>& lines, const Policy& policy) {
  Book book(policy);
  if (!rows.empty()) book.add(CaseSubscriptions(CaseColumns(rows)).table());
  if (!lines.empty()) book.add(CaseInvoices(CaseColumns(lines)).table());
  return book;
}

inline Book book_of(const Json& content, const Policy& policy) {
  return book_of(content.contains("bridge") ? rows_of_bridge(content.at("bridge"))
                                            : content.value("subscriptions", std::vector<Json>()),
                 content.value("invoices", std::vector<Json>()), policy);
}

/// Rows of a CSV file without quotes, by column name.
inline std::vector<std::map<std::string, std::string>> read_csv(const std::string& path) {
  std::ifstream stream(path);
  std::string line;
  const auto split = [](const std::string& text) {
    std::vector<std::string> cells(1);
    for (const char c : text)
      if (c == ',')
        cells.emplace_back();
      else if (c != '\r')
        cells.back() += c;
    return cells;
  };
  std::getline(stream, line);
  const std::vector<std::string> names = split(line);
  std::vector<std::map<std::string, std::string>> rows;
  while (std::getline(stream, line)) {
    const std::vector<std::string> cells = split(line);
    for (auto& row = rows.emplace_back(); const std::string& name : names) row[name] = cells.at(row.size());
  }
  return rows;
}

}  // namespace tenure::test
