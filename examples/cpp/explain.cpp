#include <iostream>
#include <string>
#include <vector>

#include <tenure/tenure.hpp>

#include "check.hpp"

// A cell of a bridge opened: who is behind the churn and the expansion of March, and which rows made it.
int main() {
  const std::vector<std::string> names{"acme", "acme", "bolt", "crane", "dune", "dune"};
  const tenure::TextColumn customer{names};
  const std::vector<double> price{49.90, 99.90, 49.90, 20.0, 15.0, 15.0};
  std::vector<tenure::Day> start, end;
  for (const char* day : {"2024-01-01", "2024-03-12", "2024-01-15", "2024-02-01", "2024-01-01", "2024-01-01"})
    start.push_back(tenure::parse_day(day));
  for (const char* day : {"2024-03-12", "", "2024-03-31", "2024-03-01", "2024-03-05", ""})
    end.push_back(*day == '\0' ? tenure::open_end : tenure::parse_day(day));

  tenure::Book book(tenure::Policy::standard());
  book.add({.customer = customer, .start = start, .end = end, .amount = price});
  const tenure::Periods months = tenure::months("2024-01", "2024-03");
  const tenure::Waterfall bridge = book.waterfall(months);
  const std::size_t march = months.index_of(tenure::parse_day("2024-03-01"));

  for (const tenure::Line line : {tenure::Line::churn, tenure::Line::contraction, tenure::Line::expansion}) {
    std::cout << name_of(line) << ' ' << bridge.at(line, march).amount.mrr() << '\n';
    tenure::RunRateSum sum;
    for (const tenure::ExplainedMovement& who : book.explain(months, march, line)) {
      std::cout << "  " << std::get<std::string>(who.customer) << ": " << who.opening.mrr() << " -> "
                << who.closing.mrr() << ", " << who.rule << '\n';
      for (const tenure::ExplainedRow& row : book.explain_rows(who.rows))
        std::cout << "    row " << row.row << ": " << tenure::RunRateSum(row.rate).mrr() << " from "
                  << tenure::format_day(row.start) << " until "
                  << (row.end == tenure::open_end ? "further notice" : tenure::format_day(row.end)) << '\n';
      sum += who.amount;
    }
    check(sum == bridge.at(line, march).amount, "the customers behind a cell add up to it");
  }

  const auto churned = book.explain(months, march, tenure::Line::churn);
  check(churned.size() == 2, "bolt and crane left in March");
  check(std::get<std::string>(churned[0].customer) == "bolt", "customers are sorted by id");
  check(churned[1].rows == std::vector<std::int64_t>{3},
        "crane is row 3: it ends on 1 March, so it is March's");
  const auto expanded = book.explain(months, march, tenure::Line::expansion);
  check(expanded.size() == 1 && expanded[0].rows == std::vector<std::int64_t>({0, 1}),
        "acme's upgrade is made by two rows");
}
