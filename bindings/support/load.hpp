#pragma once

#include "contracts.hpp"
#include "invoices.hpp"
#include "tenure/book.hpp"
#include "tenure/model/fx.hpp"

namespace tenure::python {

/// A book and what was noticed at the door.
class LoadedBook : public Book {
 public:
  using Book::Book;
  LoadedBook(Book book, std::vector<Note> door_notes)
      : Book(std::move(book)), door_notes_(std::move(door_notes)) {}

  void add_notes(std::vector<Note> notes);
  std::vector<Note> all_notes() const;

  /// The same views as of any Book, with the notes.
  std::unique_ptr<LoadedBook> local(Currency currency) const;
  std::unique_ptr<LoadedBook> at_rates_of(Day day) const;

 private:
  std::vector<Note> door_notes_;
};

/// What there is to read; at least one of the two.
struct Tables {
  std::shared_ptr<const ContractTable> contracts;
  std::shared_ptr<const InvoiceTable> invoices;
};

/// How tables are read, whatever the policy.
struct LoadOptions {
  bool drop_reversed = false, refuse_early = false;
  int threads = 0;
  Currency reporting_currency = {};
  std::shared_ptr<const FxRates> rates = {};
};

/// Which rows of a book are asked, and at which rates.
struct View {
  std::optional<Day> known_at = {};
  std::optional<Currency> local = {};
  std::optional<Day> rates_of = {};
};

/// Whether a policy reads the invoice lines: its MrrSource says so, unless only the other table is there.
bool reads_invoices(const Tables& tables, const Policy& policy) noexcept;

/// Reads the table that the policy asks for, as far as the view shows it. The other one stands in where it is
/// missing, with a note N_SOURCE. Listens to signals.
std::unique_ptr<LoadedBook> load(const Tables& tables, const Policy& policy, const LoadOptions& options,
                                 const View& view);

}  // namespace tenure::python
