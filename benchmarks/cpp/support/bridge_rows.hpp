#pragma once

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <tenure/tenure.hpp>

/// Rows of the bridge job (benchmarks/README.md), made here so that the C++ benchmarks need no file:
/// customers with 1 + Poisson(4) intervals of exponential length (mean 200 days), a fifth of them after a
/// gap, lognormal prices, in random order. The seed is fixed; another standard library may draw other rows of
/// the same shape.
namespace tenure::benchmarks {

inline constexpr Day first_day = days_from_civil(2020, 1, 1);
inline constexpr int month_count = 60;
inline constexpr Day horizon = first_day + 30 * month_count + 25;  ///< what ends later is open

inline Periods all_months() { return months("2020-01", "2024-12"); }

struct BridgeRow {
  std::int64_t customer, amount;
  Day start, end;
  std::int32_t plan, product, serial;
};

/// Columns of exactly `size` rows.
class BridgeRows {
 public:
  explicit BridgeRows(std::size_t size) {
    std::vector<BridgeRow> rows = draw(size);
    std::shuffle(rows.begin(), rows.end(), random_);
    ended_.assign(size / 8 + 1, 0);
    for (std::size_t i = 0; i < size; ++i) {
      const BridgeRow& row = rows[i];
      customer_.push_back(row.customer);
      amount_.push_back(row.amount);
      start_.push_back(row.start);
      end_.push_back(row.end);
      plan_.push_back(row.plan);
      product_.push_back(row.product);
      serial_.push_back(row.serial);
      if (row.end < horizon) ended_[i / 8] = static_cast<std::uint8_t>(ended_[i / 8] | 1U << (i % 8));
    }
    for (int i = 0; i < plan_count; ++i) plans_.push_back("plan " + std::to_string(i));
    for (int i = 0; i < product_count; ++i) products_.push_back("product " + std::to_string(i));
  }

  /// Customer, start, end and amount: what a bridge needs, 24 bytes and one bit a row.
  Subscriptions table() const {
    return {.customer = customer_, .start = start_, .end = {end_, {ended_.data()}}, .amount = amount_};
  }
  /// ... and columns to cut by: 5 plans that a fifth of the renewals change, 1,000 products at random.
  Subscriptions table_with_segments() const {
    Subscriptions rows = table();
    rows.segments = {{"plan", {plan_, plans_}}};
    rows.product = {product_, products_};
    return rows;
  }
  /// Number of the customer from 0 on, per row: for text ids.
  const std::vector<std::int32_t>& serial() const noexcept { return serial_; }

 private:
  static constexpr int plan_count = 5, product_count = 1000;

  std::vector<BridgeRow> draw(std::size_t size) {
    std::poisson_distribution<int> more(4);
    std::exponential_distribution<double> length(1.0 / 200);
    std::bernoulli_distribution one_in_five(0.2);
    std::uniform_int_distribution<Day> gap(1, 119), since(0, 30 * month_count - 1);
    std::uniform_int_distribution<std::int32_t> any_plan(0, plan_count - 1),
        any_product(0, product_count - 1);
    std::lognormal_distribution<double> price(4, 1);
    std::vector<BridgeRow> rows;
    rows.reserve(size);
    for (std::int32_t customers = 0; rows.size() < size; ++customers) {
      const auto id = static_cast<std::int64_t>(random_());  // any int64: grouping may not count on dense ids
      Day day = first_day + since(random_);
      std::int32_t plan_of_row = any_plan(random_);
      for (int left = 1 + more(random_); left > 0 && day < horizon && rows.size() < size; --left) {
        const Day end = day + std::max(1, static_cast<Day>(length(random_)));
        const auto amount = static_cast<std::int64_t>(price(random_) * 100) + 100;
        rows.push_back({id, amount, day, end, plan_of_row, any_product(random_), customers});
        day = end + (one_in_five(random_) ? gap(random_) : 0);
        if (one_in_five(random_)) plan_of_row = any_plan(random_);
      }
    }
    return rows;
  }

  std::mt19937_64 random_{20'200'101};
  std::vector<std::int64_t> customer_, amount_;
  std::vector<Day> start_, end_;
  std::vector<std::uint8_t> ended_;
  std::vector<std::int32_t> plan_, product_, serial_;
  std::vector<std::string> plans_, products_;
};

}  // namespace tenure::benchmarks
