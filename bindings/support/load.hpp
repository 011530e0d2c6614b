#pragma once

#include "contracts.hpp"
#include "invoices.hpp"
#include "tenure/book.hpp"

namespace tenure::python {

/// A book and what was noticed at the door.
class LoadedBook : public Book {
 public:
  using Book::Book;

  void add_notes(std::vector<Note> notes);
  std::vector<Note> all_notes() const;

 private:
  std::vector<Note> door_notes_;
};

/// What there is to read; at least one of the two.
struct Tables {
  std::shared_ptr<const ContractTable> contracts;
  std::shared_ptr<const InvoiceTable> invoices;
};

struct LoadOptions {
  bool drop_reversed = false;
  int threads = 0;
};

/// Whether a policy reads the invoice lines: its MrrSource says so, unless only the other table is there.
bool reads_invoices(const Tables& tables, const Policy& policy) noexcept;

/// Reads the table that the policy asks for. The other one stands in where it is missing, with a note
/// N_SOURCE. Listens to signals.
std::unique_ptr<LoadedBook> load(const Tables& tables, const Policy& policy, LoadOptions options);

}  // namespace tenure::python
