#include <cstdint>
#include <cstdio>
#include <vector>

#include <tenure/tenure.hpp>

#include "check.hpp"

// The example of README.md: from rows to an MRR bridge, net retention, and who is behind a number.
int main() {
  using namespace tenure;
  const std::vector<std::int64_t> customer{1, 1, 2, 3};
  const std::vector<Day> start{parse_day("2024-01-10"), parse_day("2024-03-01"), parse_day("2024-01-20"),
                               parse_day("2024-02-05")};
  const std::vector<Day> end{parse_day("2024-03-01"), open_end, parse_day("2024-04-11"),
                             parse_day("2024-03-15")};
  const std::vector<std::int64_t> price{100, 150, 100, 40};  // a month, in major units

  Book book{Policy::standard()};
  book.add(Subscriptions{.customer = customer, .start = start, .end = end, .amount = price});

  const Periods half = months("2024-01", "2024-06");
  const Waterfall bridge = book.waterfall(half);  // throws if a bridge did not close
  for (std::size_t k = 0; k < half.size(); ++k)
    std::printf("%s  opening %6.2f  new %6.2f  expansion %6.2f  churn %6.2f  closing %6.2f\n",
                format_day(half.begin(k)).c_str(), bridge.opening(k), bridge.new_(k), bridge.expansion(k),
                bridge.churn(k), bridge.closing(k));

  const NetRetention kept = book.net_retention(half, {.horizon = 3});
  std::printf("NRR in June: %.1f %%\n", 100 * kept.at(5).nrr().value().value());

  const std::vector<ExplainedMovement> gone = book.explain(half, 3, Line::churn);
  for (const ExplainedMovement& who : gone)
    std::printf("customer %lld left in April, %zu row(s)\n",
                static_cast<long long>(std::get<std::int64_t>(who.customer)), who.rows.size());

  check((bridge.closing == Eigen::Array<double, 6, 1>{200, 240, 250, 150, 150, 150}).all(), "closing MRR");
  check(bridge.new_[0] == 200 && bridge.new_[1] == 40, "1 and 2 are won in January, 3 in February");
  check(bridge.expansion[2] == 50 && bridge.churn[2] == 40, "March: 1 pays more, 3 leaves");
  check(bridge.at(Line::closing, 5).customers == 1, "one customer pays at the end of June");
  check(kept.at(5).nrr() == Ratio{150, 250}, "of 250 at the end of March, 150 are left in June");
  check(kept.at(5).logo_retention() == Ratio{1, 2}, "of two customers, one");
  check(!kept.at(0).nrr().defined(), "nobody paid three months before January: undefined, not 0");
  check(gone.size() == 1 && gone[0].customer == Id{std::int64_t{2}}, "customer 2 left in April");
  check(gone[0].rows == std::vector<std::int64_t>{2}, "its row is the third of the table");
}
