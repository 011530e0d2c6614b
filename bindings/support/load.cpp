#include "load.hpp"

#include "signals.hpp"

namespace tenure::python {

namespace {

bool wants_invoices(const Policy& policy) noexcept {
  return policy.loading.mrr_source == MrrSource::invoice_line ||
         policy.loading.mrr_source == MrrSource::payment;
}

template <class Table>
std::unique_ptr<LoadedBook> load_table(const Table& table, const Policy& policy, const LoadOptions& given,
                                       const View& view) {
  BookOptions options{.on_reversed = given.drop_reversed ? OnReversed::drop : OnReversed::error,
                      .on_early = given.refuse_early ? OnEarly::error : OnEarly::allow,
                      .known_at = view.known_at,
                      .reporting_currency = given.reporting_currency,
                      .rates = given.rates,
                      .names = table.names()};
  options.execution.threads = given.threads;
  options.execution.poll = &check_signals;
  auto book = std::make_unique<LoadedBook>(policy, std::move(options));
  const auto pieces = table.pieces();
  book->add(std::span(pieces));
  book->add_notes(table.notes());
  return book;
}

/// A book that was read as known on a day holds nothing if nothing was known: known_at() says why.
void refuse_unknown(const Book& book, Day day) {
  if (!book.has_knowledge() || book.first_known() > day) static_cast<void>(book.known_at(day));
}

/// How rows are read for a view. In their own currency they need no rate, and at the rates of one day none of
/// another.
Policy policy_of(Policy policy, const View& view) {
  if (view.local) {
    policy.loading.fx_rate_at = FxRateAt::period_end;  // nothing is converted until a question is asked
    policy.reporting.fx_movement = FxMovement::own_line;
  } else if (view.rates_of) {
    policy.loading.fx_rate_at = FxRateAt::fixed_day;
    policy.loading.fx_day = *view.rates_of;
    if (policy.reporting.fx_movement == FxMovement::constant)
      policy.reporting.fx_movement = FxMovement::own_line;
  }
  return policy;
}

/// A feed implies ends of one meaning, whatever the policy says of those that somebody wrote.
std::unique_ptr<LoadedBook> load_contracts(const ContractTable& table, Policy policy,
                                           const LoadOptions& options, const View& view) {
  if (table.is_feed()) policy.loading.end = EndDate::exclusive;
  return load_table(table, policy, options, view);
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

std::unique_ptr<LoadedBook> LoadedBook::local(Currency currency) const {
  return std::make_unique<LoadedBook>(Book::local(currency), door_notes_);
}
std::unique_ptr<LoadedBook> LoadedBook::at_rates_of(Day day) const {
  return std::make_unique<LoadedBook>(Book::at_rates_of(day), door_notes_);
}

bool reads_invoices(const Tables& tables, const Policy& policy) noexcept {
  return tables.contracts == nullptr || (tables.invoices != nullptr && wants_invoices(policy));
}

std::unique_ptr<LoadedBook> load(const Tables& tables, const Policy& policy, const LoadOptions& options,
                                 const View& view) {
  const bool invoices = reads_invoices(tables, policy);
  const Policy read_under = policy_of(policy, view);
  auto book = invoices ? load_table(*tables.invoices, read_under, options, view)
                       : load_contracts(*tables.contracts, read_under, options, view);
  if (invoices != wants_invoices(policy)) book->add_notes({stand_in(policy, invoices, book->rows_read())});
  if (view.known_at) refuse_unknown(*book, *view.known_at);
  if (view.local) book = book->local(*view.local);
  return book;
}

}  // namespace tenure::python
