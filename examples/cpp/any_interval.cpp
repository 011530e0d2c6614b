#include <cstdint>
#include <iomanip>
#include <iostream>
#include <vector>

#include <tenure/tenure.hpp>

#include "check.hpp"

// Prices per day, week, quarter and year are all whole numbers of micro-units a year: nothing is rounded
// before output.
int main() {
  using Unit = tenure::IntervalUnit;
  const std::vector<std::int64_t> customer{1, 2, 3, 4, 5, 6}, price{1, 140, 99, 300, 1000, 500};
  const std::vector<Unit> unit{Unit::day, Unit::week, Unit::month, Unit::quarter, Unit::year, Unit::year};
  const std::vector<std::int64_t> count{1, 1, 1, 1, 1, 2};  // the last pays 500 every two years
  const std::vector<tenure::Day> start(customer.size(), tenure::parse_day("2024-01-01"));

  tenure::Book book(tenure::Policy::standard());
  book.add({.customer = customer,
            .start = start,
            .amount = price,
            .interval_unit = unit,
            .interval_count = count,
            .currency = tenure::Currency("EUR")});

  std::vector<std::int64_t> rows(customer.size());
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = static_cast<std::int64_t>(i);
  std::cout << "price  interval           MRR           ARR\n" << std::fixed << std::setprecision(2);
  for (const tenure::ExplainedRow& row : book.explain_rows(rows)) {
    const auto i = static_cast<std::size_t>(row.row);
    const tenure::RunRateSum rate = row.rate;
    std::cout << std::setw(5) << price[i] << "  " << count[i] << ' ' << std::setw(8) << std::left
              << name_of(unit[i]) << std::right << std::setw(11) << rate.mrr() << std::setw(14) << rate.arr()
              << '\n';
  }

  const tenure::Snapshot today = book.mrr(tenure::parse_day("2024-06-30"));
  std::cout << "together" << std::setw(19) << today.mrr() << std::setw(14) << today.arr() << '\n';

  // 365 + 52 * 140 + 12 * 99 + 4 * 300 + 1000 + 250 a year; a twelfth of it is divided once, at the end.
  check(today.flows[0].amount == tenure::RunRateSum(11'283 * tenure::micros), "ARR is 11283 exactly");
  check(today.flows[0].customers == 6, "six customers pay");

  // Another vendor's week is 4 a month. It is an option with a name, and it changes the digest of the policy.
  tenure::Policy four_weeks = tenure::Policy::standard();
  four_weeks.loading.week = {4, 1};
  check(
      run_rate(four_weeks.loading, {Unit::week}, {140 * tenure::micros}).annual == 560 * 12 * tenure::micros,
      "140 a week is 560 a month where a month has four weeks");
  check(four_weeks.digest() != book.policy().digest(), "other definitions have another digest");
}
