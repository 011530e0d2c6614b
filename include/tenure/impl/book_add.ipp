// Included by book.ipp: making a book and adding rows to it.
#include "../detail/settle_ends.hpp"

namespace tenure {

namespace detail {

inline void note_reversed(std::vector<Note>& notes, std::vector<std::int64_t> dropped) {
  Note note{"N_REVERSED_DROPPED",
            "rows left out because they end before they start",
            static_cast<std::int64_t>(dropped.size()),
            {}};
  dropped.resize(std::min<std::size_t>(dropped.size(), FaultList::kept));
  note.rows = std::move(dropped);
  notes.push_back(std::move(note));
}

}  // namespace detail

}  // namespace tenure

#include "book_terms.ipp"

namespace tenure {

namespace detail {

/// The same rows without those that were left out.
inline PackedRows without_left_out(const GroupedRows& grouped) {
  PackedRows all = PackedRows::of(grouped, 0);
  std::size_t kept = 0;
  for (std::size_t row = 0; row < all.rows.size(); ++row) {
    if (all.rows[row].start == open_end) continue;
    all.rows[kept] = all.rows[row];
    all.keys[kept] = all.keys[row];
    all.source[kept] = all.source[row];
    ++kept;
  }
  all.rows.resize(kept);
  all.keys.resize(kept);
  all.source.resize(kept);
  return all;
}

/// A discount ends with its row.
template <class Data>
void end_discounts(Data& data, const GroupedRows& grouped) {
  data.discounts_end.clear();
  if (data.discounts.empty()) return;
  for (std::size_t row = 0; row < grouped.rows.size(); ++row) {
    const Day end = grouped.rows[row].end;
    if (end == data.moved_ends[row]) continue;
    const auto [known, is_new] = data.discounts_end.try_emplace(grouped.source[row], end);
    known->second = std::min(known->second, end);
  }
}

/// How far the data reach is what contracts say, not when a discount ends or what ChurnAt makes of an end.
template <class Data>
void span_phases(Data& data) noexcept {
  data.earliest = open_end;
  data.latest = min_day;
  for (const Phase& phase : data.phases) {
    if (phase.start == open_end) continue;  // left out because it is reversed
    data.earliest = std::min(data.earliest, phase.start);
    data.latest = std::max(data.latest, phase.end == open_end ? phase.start : phase.end);
  }
}

template <class Data>
void regroup(Data& data, RowSource&& source) {
  if (source.rows() > UINT32_MAX)
    throw_input({.code = "E_LIMIT_ROWS",
                 .what = std::to_string(source.rows()) + " rows; one book takes 4294967295",
                 .remedy = "Make several books and add their states."});
  auto grouped = group(source, data.options.execution);
  std::vector<std::int64_t> dropped = source.dropped();
  data.earliest = source.earliest();
  data.latest = source.latest();
  if (!dropped.empty()) {
    RowSource kept(data.options.names);
    kept.add(without_left_out(grouped));
    grouped = group(kept, data.options.execution);
    data.earliest = kept.earliest();
    data.latest = kept.latest();
    note_reversed(data.notes, std::move(dropped));
  }
  if (moves_ends(data)) {
    data.moved_ends = settle_ends(data, grouped);
    end_discounts(data, grouped);
  }
  data.grouped = std::make_shared<const GroupedRows>(std::move(grouped));
  if (!data.phases.empty()) span_phases(data);
  if (data.has_subscriptions && !data.invoices) refuse_overlaps(data);
}

/// What a book holds already, as it was before the ends of rows were settled.
template <class Data>
PackedRows held_rows(const Data& data, std::uint32_t source_offset) {
  PackedRows packed = PackedRows::of(*data.grouped, 0);
  for (std::size_t row = 0; row < data.moved_ends.size(); ++row) packed.rows[row].end = data.moved_ends[row];
  for (std::uint32_t& source : packed.source) source += source_offset;
  return packed;
}

template <class Data>
std::shared_ptr<const std::vector<std::int64_t>> meet_customers(Data& data, Translation& customers,
                                                                const Ids& ids) {
  const Codes* texts = ids.texts();
  if (data.rows_read > 0 && data.text_ids != (texts != nullptr))
    throw_input({.code = "E_KEY_TYPE",
                 .what = "customer ids of the rows added before are of another type",
                 .column = data.options.names.customer,
                 .remedy = "Use texts or whole numbers throughout."});
  data.text_ids = texts != nullptr;
  if (texts == nullptr) return {};
  check_codes(*texts, data.options.names.customer, data.options.execution);
  customers.begin(texts->labels, data.options.names.customer);
  auto codes = customers.all(data.customers);
  refuse_empty_ids(*texts, customers.empty_code(), data.options.names, data.rows_read);
  return codes;
}

/// Reads rows one by one, on all threads, and adds them to the source; returns what is wrong with them.
template <class Data, class MakeReader>
FaultList add_read(Data& data, std::size_t rows, RowSource& source, const MakeReader& make_reader) {
  ReadRows read = read_pieces(rows, data.options.execution, make_reader);
  FaultList faults = std::move(read.faults);
  source.add(take_rows(data, std::move(read)));
  return faults;
}

/// Adds tables that follow each other. `add_rows(table, customer codes, source)` adds the rows of one to the
/// source and returns what is wrong with them.
template <class Data, class Table, class AddRows>
void add_tables(Data& data, std::span<const Table> chunks, bool invoices, const AddRows& add_rows) {
  refuse_other_source(data, invoices);
  data.invoices = invoices;
  RowSource source(data.options.names);
  if (data.grouped->rows.size() > 0) source.add(held_rows(data, 0));
  Translation customers, subscriptions;
  Translations columns;
  FaultList faults;
  for (const Table& table : chunks) {
    check_shape(table, data.options.names);
    auto codes = meet_customers(data, customers, table.customer);
    settle_currency(data, table);
    append_columns(data, columns, table);
    if (table.subscription.present()) append_subscriptions(data, subscriptions, table.subscription);
    faults.merge(add_rows(table, std::move(codes), source));
    data.rows_read += static_cast<std::int64_t>(table.customer.size());
    if (faults.empty()) check_columns_complete(data);
  }
  faults.raise();
  if (data.rows_read == 0) data.text_ids = false;
  regroup(data, std::move(source));
  note_left_out(data);
}

}  // namespace detail

TENURE_INLINE Book::Book(Policy policy, BookOptions options) : data_(std::make_unique<Data>()) {
  policy.check();
  data_->policy = std::move(policy);
  data_->options = std::move(options);
}
TENURE_INLINE Book::~Book() = default;
TENURE_INLINE Book::Book(Book&&) noexcept = default;
TENURE_INLINE Book& Book::operator=(Book&&) noexcept = default;

TENURE_INLINE void Book::add(const Subscriptions& rows) { add(std::span(&rows, 1)); }
TENURE_INLINE void Book::add(const InvoiceLines& lines) { add(std::span(&lines, 1)); }

TENURE_INLINE void Book::add(std::span<const Subscriptions> chunks) {
  Data next = *data_;  // the rows themselves are shared, so that a call that throws leaves the book as it was
  const bool drops = next.options.on_reversed == OnReversed::drop;
  detail::add_tables(next, chunks, false, [&](const Subscriptions& table, auto codes, auto& source) {
    const int exponent = next.currency.exponent();
    detail::RowReader reader(table, next.policy.loading, std::move(codes), drops, exponent, next.rows_read);
    if (detail::needs_terms(next, table))
      return detail::add_read(next, table.start.size(), source, [&] {
        return detail::TermReader(table, next.policy.loading, next.options.names, reader, exponent,
                                  next.rows_read);
      });
    detail::note_in_play(next.in_play, table);
    detail::keep_intervals(next, table);
    source.add(std::move(reader), static_cast<std::uint32_t>(next.rows_read));
    return FaultList{};
  });
  *data_ = std::move(next);
}

TENURE_INLINE void Book::add(std::span<const InvoiceLines> chunks) {
  Data next = *data_;
  const bool drops = next.options.on_reversed == OnReversed::drop;
  detail::add_tables(next, chunks, true, [&](const InvoiceLines& table, auto codes, auto& source) {
    return detail::add_read(next, table.amount.size(), source, [&] {
      return detail::InvoiceReader(table, next.policy.loading, next.options.names, codes, drops,
                                   next.currency.exponent(), next.rows_read);
    });
  });
  *data_ = std::move(next);
}

TENURE_INLINE void Book::add(const Book& other) {
  if (other.policy() != policy())
    throw_option({.code = "E_POLICY_MIXED",
                  .what = "the books read their rows under different policies",
                  .value = other.policy().digest(),
                  .remedy = "Make both books with the same policy."});
  Data next = *data_;
  const Data& theirs = *other.data_;
  if (theirs.rows_read == 0) return;
  if (next.rows_read > 0 && next.text_ids != theirs.text_ids)
    throw_input({.code = "E_KEY_TYPE",
                 .what = "the customer ids of the books are of different types",
                 .column = next.options.names.customer});
  detail::refuse_other_source(next, theirs.invoices);
  detail::PackedRows packed = detail::held_rows(theirs, static_cast<std::uint32_t>(next.rows_read));
  next.text_ids = theirs.text_ids;
  if (next.text_ids) {
    std::vector<std::int64_t> code;
    for (const std::string& label : theirs.customers.labels()) code.push_back(next.customers.encode(label));
    for (std::int64_t& key : packed.keys) key = code[static_cast<std::size_t>(key)];
  }
  Subscriptions currency_only;
  currency_only.currency = theirs.currency;
  detail::settle_currency(next, currency_only);
  detail::Translation subscriptions;
  detail::Translations columns;
  for (const auto& column : theirs.texts)
    detail::append_texts(next, columns, column.name, Codes{column.codes, column.labels.labels()});
  if (theirs.has_subscriptions) {
    const std::vector<std::int32_t> codes(theirs.subscription.begin(), theirs.subscription.end());
    detail::append_subscriptions(next, subscriptions,
                                 theirs.text_subscriptions ? Ids(Codes{codes, theirs.subscriptions.labels()})
                                                           : Ids(theirs.subscription));
  }
  detail::append_terms(next, theirs);
  next.rows_read += theirs.rows_read;
  for (Note note : theirs.notes) {
    for (std::int64_t& row : note.rows) row += data_->rows_read;
    next.notes.push_back(std::move(note));
  }
  detail::check_columns_complete(next);
  detail::RowSource source(next.options.names);
  if (data_->grouped->rows.size() > 0) source.add(detail::held_rows(*data_, 0));
  source.add(std::move(packed));
  detail::regroup(next, std::move(source));
  detail::note_left_out(next);
  *data_ = std::move(next);
}

TENURE_INLINE std::int64_t Book::rows() const noexcept {
  return static_cast<std::int64_t>(data_->grouped->rows.size()) - data_->extra_rows;
}
TENURE_INLINE std::int64_t Book::rows_read() const noexcept { return data_->rows_read; }
TENURE_INLINE std::int64_t Book::customers() const noexcept {
  return static_cast<std::int64_t>(data_->grouped->customers());
}
TENURE_INLINE const std::vector<Note>& Book::notes() const noexcept { return data_->notes; }
TENURE_INLINE const Policy& Book::policy() const noexcept { return data_->policy; }
TENURE_INLINE Currency Book::currency() const noexcept { return data_->currency; }
TENURE_INLINE Day Book::first_day() const noexcept { return rows() == 0 ? 0 : data_->earliest; }
TENURE_INLINE Day Book::last_day() const noexcept { return rows() == 0 ? 0 : data_->latest; }
TENURE_INLINE Day Book::last_event(Day until) const noexcept {
  if (last_day() <= until) return last_day();
  Day latest = min_day;
  const auto look = [&](Day start, Day end) {
    if (start <= until) latest = std::max(latest, start);
    if (end <= until) latest = std::max(latest, end);
  };
  if (data_->phases.empty())
    for (const PackedRow& row : data_->grouped->rows.span()) look(row.start, row.end);
  else
    for (const detail::Phase& phase : data_->phases) look(phase.start, phase.end);
  return latest == min_day ? 0 : latest;
}
TENURE_INLINE std::vector<std::string> Book::segment_names() const {
  std::vector<std::string> names;
  for (const auto& column : data_->texts) names.push_back(column.name);
  return names;
}

TENURE_INLINE std::vector<std::string> Book::options_in_play() const {
  return detail::names_in_play(data_->in_play, data_->has_subscriptions,
                               data_->find_texts("product") != nullptr, data_->invoices);
}
TENURE_INLINE bool Book::has_discounts() const noexcept { return data_->in_play.discounts; }

}  // namespace tenure
