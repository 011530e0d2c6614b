#pragma once

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "rows.hpp"

/// Published cases, in tests/cases/*.json, as Python reads them too. A case has rows (or a bridge that stands
/// for rows), a policy by options, one question, and expected figures by day (or first day of a period, or
/// "period|segment") and column.
namespace tenure::test {

using Json = nlohmann::json;

struct Case {
  std::string id;
  Json content;
};
inline std::ostream& operator<<(std::ostream& out, const Case& published) { return out << published.id; }

inline std::vector<Case> read_cases(const std::string& file) {
  std::ifstream stream(std::string(TENURE_CASES_DIR) + "/" + file);
  const Json document = Json::parse(stream);
  std::vector<Case> cases;
  for (const Json& content : document.at("cases")) cases.push_back({content.at("id"), content});
  return cases;
}

inline std::string test_name(const std::string& id) {
  std::string name;
  for (const char c : id) name += c == '-' ? '_' : c;
  return name;
}

/// Columns of a case. `end` and `segment` may be missing in a row.
class CaseTable {
 public:
  void add(std::int64_t customer, Day start, Day end, double amount, Interval interval = {},
           std::int64_t quantity = 1, const std::string& segment = "") {
    customers_.push_back(customer);
    starts_.push_back(start);
    ends_.push_back(end);
    amounts_.push_back(amount);
    units_.push_back(interval.unit);
    counts_.push_back(interval.count);
    quantities_.push_back(quantity);
    segments_.push_back(segment);
  }
  void add(const Json& row) {
    add(row.at("customer"), parse_day(row.at("start").get<std::string>()),
        row.at("end").is_null() ? open_end : parse_day(row.at("end").get<std::string>()), row.at("amount"),
        {parse_interval_unit(row.at("interval").get<std::string>()), row.at("interval_count")},
        row.at("quantity"), row.value("segment", ""));
  }
  /// Customers that make this bridge in 2024-02: one churns, one shrinks, one grows, one is new and one comes
  /// back.
  void add_bridge(const Json& bridge) {
    const Day before = day("2023-12-01"), opening = day("2024-01-01"), closing = day("2024-02-01");
    const double kept = bridge.at("opening").get<double>() - bridge.at("churn").get<double>();
    add(1, opening, closing, bridge.at("churn"));
    add(2, opening, closing, kept / 2);
    add(2, closing, open_end, kept / 2 - bridge.at("contraction").get<double>());
    add(3, opening, closing, kept / 2);
    add(3, closing, open_end, kept / 2 + bridge.at("expansion").get<double>());
    add(4, closing, open_end, bridge.at("new"));
    add(5, before, opening, bridge.at("reactivation"));
    add(5, closing, open_end, bridge.at("reactivation"));
  }
  Book book(const Policy& policy) const {
    Book book(policy);
    Subscriptions table{.customer = customers_, .start = starts_, .end = ends_, .amount = amounts_};
    table.interval_unit = units_;
    table.interval_count = counts_;
    table.quantity = quantities_;
    table.segments = {{"segment", segments_}};
    book.add(table);
    return book;
  }

 private:
  std::vector<std::int64_t> customers_, counts_, quantities_;
  std::vector<Day> starts_, ends_;
  std::vector<double> amounts_;
  std::vector<IntervalUnit> units_;
  TextColumn segments_;
};

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
