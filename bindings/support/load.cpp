#include "load.hpp"

#include "signals.hpp"

namespace tenure::python {

namespace {

bool wants_invoices(const Policy& policy) noexcept {
  return policy.loading.mrr_source == MrrSource::invoice_line ||
         policy.loading.mrr_source == MrrSource::payment;
}

template <class Table>
std::unique_ptr<LoadedBook> load_table(const Table& table, const Policy& policy, LoadOptions given) {
  BookOptions options{.on_reversed = given.drop_reversed ? OnReversed::drop : OnReversed::error,
                      .names = table.names()};
  options.execution.threads = given.threads;
  options.execution.poll = &check_signals;
  auto book = std::make_unique<LoadedBook>(policy, std::move(options));
  const auto pieces = table.pieces();
  book->add(std::span(pieces));
  book->add_notes(table.notes());
  return book;
}

Note stand_in(const Policy& policy, bool invoices, std::int64_t rows) {
  const std::string asked = policy.get("mrr_source");
  return {.code = "N_SOURCE",
          .message = invoices ? "the policy takes MRR from contracts (mrr_source=" + asked +
                                    "); there are none, so invoice lines stand in"
                              : "the policy takes MRR from invoices (mrr_source=" + asked +
                                    "); there are none, so contracts stand in",
          .count = rows,
          .rows = {}};
}

}  // namespace

void LoadedBook::add_notes(std::vector<Note> notes) {
  door_notes_.insert(door_notes_.end(), notes.begin(), notes.end());
}

std::vector<Note> LoadedBook::all_notes() const {
  std::vector<Note> all = notes();
  all.insert(all.end(), door_notes_.begin(), door_notes_.end());
  return all;
}

bool reads_invoices(const Tables& tables, const Policy& policy) noexcept {
  return tables.contracts == nullptr || (tables.invoices != nullptr && wants_invoices(policy));
}

std::unique_ptr<LoadedBook> load(const Tables& tables, const Policy& policy, LoadOptions options) {
  const bool invoices = reads_invoices(tables, policy);
  auto book = invoices ? load_table(*tables.invoices, policy, options)
                       : load_table(*tables.contracts, policy, options);
  if (invoices != wants_invoices(policy)) book->add_notes({stand_in(policy, invoices, book->rows_read())});
  return book;
}

}  // namespace tenure::python
