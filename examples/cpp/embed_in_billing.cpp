#include <cstdint>
#include <iostream>
#include <string>
#include <vector>

#include <tenure/tenure.hpp>

#include "check.hpp"

// A billing service keeps a book, adds what arrives, and tells its user what is wrong with a row, in the
// user's own words.
namespace {

struct Upload {
  std::vector<std::int64_t> account{1, 2, 3};
  std::vector<tenure::Day> starts_on{19'800, 19'800, 19'800};
  std::vector<tenure::Day> ends_on{tenure::open_end, 20'000, 19'900};
  std::vector<double> price{30, 49.5, 12};

  tenure::Subscriptions table() const {
    return {.customer = account, .start = starts_on, .end = ends_on, .amount = price};
  }
};

const tenure::BookOptions columns{
    .names = {.customer = "account", .start = "starts_on", .end = "ends_on", .amount = "price"}};

/// The fault that adding `upload` to `book` meets.
tenure::Fault refused(tenure::Book& book, const Upload& upload) {
  try {
    book.add(upload.table());
  } catch (const tenure::InputError& error) {
    const tenure::Fault& fault = error.fault();
    std::cout << fault.code << "  row " << fault.row.value_or(-1) << ", column " << fault.column << " = "
              << fault.value << "\n  " << fault.what << "\n  " << fault.remedy << '\n';
    return fault;
  }
  check(false, "the upload is refused");
  return {};
}

}  // namespace

int main() {
  tenure::Book book(tenure::Policy::standard(), columns);
  book.add(Upload{}.table());
  const double before = book.mrr(19'850).mrr();
  std::cout << "MRR " << before << " of " << book.customers() << " customers\n";
  check(before == 91.5, "MRR is 30 + 49.50 + 12");

  Upload reversed;
  reversed.ends_on[1] = 19'700;
  const tenure::Fault period = refused(book, reversed);
  check(period.code == "E_PERIOD_REVERSED" && period.column == "ends_on", "the end lies before the start");
  check(period.row == 3 + 1, "rows are counted over all uploads");

  Upload negative;
  negative.price[2] = -12;
  check(refused(book, negative).code == "E_AMOUNT_NEGATIVE", "a credit is not a price");

  Upload ragged;
  ragged.price.pop_back();
  check(refused(book, ragged).code == "E_SHAPE", "columns of one table are of one length");

  check(book.rows() == 3 && book.mrr(19'850).mrr() == before, "a refused upload changes nothing");

  // The same upload, for a service that would rather count such rows than stop.
  tenure::BookOptions lenient = columns;
  lenient.on_reversed = tenure::OnReversed::drop;
  tenure::Book tolerant(tenure::Policy::standard(), lenient);
  tolerant.add(reversed.table());
  for (const tenure::Note& note : tolerant.notes())
    std::cout << note.code << ": " << note.message << " (" << note.count << ")\n";
  check(tolerant.rows() == 2 && tolerant.notes().size() == 1 && tolerant.notes()[0].count == 1,
        "the row is left out and counted");

  try {
    tenure::Policy::named("chartmogle");
    check(false, "an unknown preset is refused");
  } catch (const tenure::OptionError& error) {
    std::cout << error.what() << '\n';
    check(error.code() == "E_POLICY", "options have codes too");
  }
}
