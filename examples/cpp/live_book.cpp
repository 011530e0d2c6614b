#include <iostream>
#include <string>

#include <tenure/tenure.hpp>

#include "check.hpp"

// A billing service tells the book what happens and shows its MRR at once; a correction arrives a week later.
namespace {

tenure::Event of_ann(const char* id, tenure::EventKind kind, const char* day) {
  return {.id = std::string(id),
          .customer = std::string("ann"),
          .subscription = std::string("s1"),
          .kind = kind,
          .at = tenure::parse_day(day)};
}

}  // namespace

int main() {
  tenure::LiveBook live(tenure::Policy::standard(), tenure::parse_day("2024-06-15"));

  tenure::Event start = of_ann("e1", tenure::EventKind::start, "2024-05-10");
  start.price = 30 * tenure::micros;
  live.apply(start);

  tenure::Event seats = of_ann("e2", tenure::EventKind::quantity, "2024-06-12");
  seats.quantity = 3;
  live.apply(seats);
  const tenure::LiveTotals totals = live.totals();
  std::cout << "MRR " << totals.mrr() << ", of it expansion in June "
            << totals.at(tenure::Line::expansion).amount.mrr() << '\n';
  check(totals.mrr() == 90, "three seats at 30");

  seats.version = 2;
  seats.quantity = 2;
  live.apply(seats);
  check(live.totals().mrr() == 60, "a correction replaces the event");

  try {
    live.apply(of_ann("e3", tenure::EventKind::resume, "2024-06-14"));
    check(false, "nothing was paused");
  } catch (const tenure::InputError& error) {
    std::cout << error.what() << '\n';
    check(error.code() == "E_EVENT_ORDER" && live.totals().mrr() == 60, "a refused event changes nothing");
  }

  tenure::Event leaves = of_ann("e4", tenure::EventKind::cancel_request, "2024-06-14");
  leaves.ends = tenure::parse_day("2024-07-01");
  live.apply(leaves);
  check(live.totals().mrr() == 60, "she pays until the end of June");
  live.advance_to(tenure::parse_day("2024-07-01"));
  std::cout << "on 1 July: MRR " << live.totals().mrr() << ", churn "
            << live.totals().at(tenure::Line::churn).amount.mrr() << '\n';
  check(live.totals().at(tenure::Line::churn).amount.mrr() == 60, "and is gone on 1 July");

  const tenure::Book book = live.book();
  check(book.waterfall(tenure::months("2024-05", "2024-07")).closing(2) == 0, "the book says the same");
}
