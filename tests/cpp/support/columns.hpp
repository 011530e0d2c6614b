#pragma once

#include <optional>
#include <string>
#include <vector>

#include <tenure/book.hpp>

/// One small table whose columns a test may spoil one at a time.
namespace tenure::test {

struct Columns {
  std::vector<std::int64_t> customer{1, 2};
  std::vector<std::string> names = {};  ///< text ids instead, if there are any
  std::vector<Day> start{parse_day("2024-01-01"), parse_day("2024-02-01")};
  std::vector<Day> end = {};
  std::vector<double> amount{10, 20};
  std::vector<std::int64_t> interval_count = {}, quantity = {}, subscription = {};
  std::vector<std::string> currency = {}, product = {}, plan = {};
  std::uint8_t valid_customer = 0xFF, valid_start = 0xFF, valid_end = 0xFF, valid_amount = 0xFF,
               valid_quantity = 0xFF;

  Subscriptions table() {
    name_column_ = TextColumn(names);
    currency_column_ = text(currency);
    product_column_ = text(product);
    plan_column_ = text(plan);
    Subscriptions table{.customer = Ids(std::span<const std::int64_t>(customer), {&valid_customer, 0}),
                        .start = {start, {&valid_start, 0}},
                        .amount = Column<double>(amount, {&valid_amount, 0})};
    if (!names.empty()) table.customer = name_column_;
    if (!end.empty()) table.end = {end, {&valid_end, 0}};
    if (!interval_count.empty()) table.interval_count = interval_count;
    if (!quantity.empty()) table.quantity = {quantity, {&valid_quantity, 0}};
    if (!subscription.empty()) table.subscription = subscription;
    if (!currency.empty()) table.currency_codes = static_cast<Codes>(currency_column_);
    if (!product.empty()) table.product = static_cast<Codes>(product_column_);
    if (!plan.empty()) table.segments.push_back({"plan", plan_column_});
    return table;
  }
  Book book(const Policy& policy = {}, BookOptions options = {}) {
    Book book(policy, std::move(options));
    book.add(table());
    return book;
  }

 private:
  /// "null" stands for a missing text.
  static TextColumn text(const std::vector<std::string>& values) {
    TextColumn column;
    for (const std::string& value : values) value == "null" ? column.push_null() : column.push_back(value);
    return column;
  }

  TextColumn name_column_, currency_column_, product_column_, plan_column_;
};

}  // namespace tenure::test
