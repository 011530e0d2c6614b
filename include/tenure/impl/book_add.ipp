// Included by book.ipp: making a book and adding rows to it.

namespace tenure {

namespace detail {

inline void note_rows(std::vector<Note>& notes, std::string code, std::string message,
                      std::vector<std::int64_t> rows) {
  const auto count = static_cast<std::int64_t>(rows.size());
  rows.resize(std::min<std::size_t>(rows.size(), FaultList::kept));
  notes.push_back({std::move(code), std::move(message), count, std::move(rows)});
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

/// The rows of a source by customer, without those that were left out because they are reversed.
template <class Data>
std::shared_ptr<const GroupedRows> group_rows(const Data& data, const RowSource& source,
                                              std::vector<std::int64_t>& dropped) {
  GroupedRows grouped = group(source, data.options.execution);
  dropped = source.dropped();
  if (!dropped.empty()) {
    RowSource kept(data.options.names);
    kept.add(without_left_out(grouped));
    grouped = group(kept, data.options.execution);
  }
  return std::make_shared<const GroupedRows>(std::move(grouped));
}

/// What is on its way into a book: rows that stand, and rows that were superseded.
struct Incoming {
  explicit Incoming(const ColumnNames& names) : current(names), superseded(names) {}
  RowSource current, superseded;
};

/// Settles the versions of rows that have ids, and splits them by whether they stand.
template <class Data>
void split_versions(Data& data) {
  std::erase_if(data.notes, [](const Note& note) { return note.code == "N_DUPLICATE"; });
  if (std::vector<std::int64_t> repeated = settle_versions(data, *data.current); !repeated.empty())
    note_rows(data.notes, "N_DUPLICATE", "rows left out because they repeat another version word for word",
              std::move(repeated));
  const std::shared_ptr<const GroupedRows> all = data.current;
  data.current = choose_rows(all, data.options.execution, Stands{data.known.data(), data.current_on}).rows;
  data.superseded =
      choose_rows(all, data.options.execution, Stands{data.known.data(), data.current_on, false}).rows;
}

template <class Data>
void regroup(Data& data, const Incoming& incoming) {
  const std::size_t rows = incoming.current.rows() + incoming.superseded.rows();
  if (rows > UINT32_MAX)
    throw_input({.code = "E_LIMIT_ROWS",
                 .what = std::to_string(rows) + " rows; one book takes 4294967295",
                 .remedy = "Make several books and add their states."});
  std::vector<std::int64_t> dropped, dropped_too;
  data.current = group_rows(data, incoming.current, dropped);
  data.superseded = group_rows(data, incoming.superseded, dropped_too);
  if (!dropped.empty())
    note_rows(data.notes, "N_REVERSED_DROPPED", "rows left out because they end before they start",
              std::move(dropped));
  data.known = data.known_given;
  if (!data.row_id.empty()) split_versions(data);
  const bool as_read = dropped.empty() && data.row_id.empty();
  std::tie(data.first_start, data.last_change) =
      as_read ? std::pair(incoming.current.earliest(), incoming.current.latest()) : span_of(*data.current);
  derive(data);
}

/// The rows that a book holds. `places`: where its customers are in the book that takes them, if elsewhere.
template <class Data>
void add_held(Incoming& incoming, const Data& data, std::uint32_t source_offset,
              std::span<const std::int64_t> places = {}) {
  const auto add = [&](const GroupedRows& rows, RowSource& to) {
    if (rows.rows.size() == 0) return;
    PackedRows packed = PackedRows::of(rows, source_offset);
    if (!places.empty())
      for (std::int64_t& key : packed.keys) key = places[static_cast<std::size_t>(key)];
    to.add(std::move(packed));
  };
  add(*data.current, incoming.current);
  add(*data.superseded, data.row_id.empty() ? incoming.superseded : incoming.current);
}

/// Rows that are read while they are grouped.
template <class Data>
void add_plain(Incoming& incoming, const Data& data, const RowReader& reader) {
  const auto first = static_cast<std::uint32_t>(data.rows_read);
  if (!splits_at_the_door(data)) {
    incoming.current.add(reader, first);
    return;
  }
  const Known* known = data.known_given.data() + data.rows_read;
  incoming.current.add(reader, first, {known, data.current_on, true});
  if (!data.options.known_at && some_superseded(data, reader.rows()))
    incoming.superseded.add(reader, first, {known, data.current_on, false});
}

/// Rows of a table that were read already, each to where it belongs.
template <class Data>
void add_packed(Incoming& incoming, const Data& data, PackedRows&& rows) {
  if (!splits_at_the_door(data)) {
    incoming.current.add(std::move(rows));
    return;
  }
  PackedRows current, superseded;
  for (std::size_t row = 0; row < rows.rows.size(); ++row) {
    PackedRows& to = data.known_given[rows.source[row]].on(data.current_on) ? current : superseded;
    to.keys.push_back(rows.keys[row]);
    to.rows.push_back(rows.rows[row]);
    to.source.push_back(rows.source[row]);
  }
  incoming.current.add(std::move(current));
  if (!data.options.known_at) incoming.superseded.add(std::move(superseded));
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
  auto codes = customers.all(data.customers.edit());
  refuse_empty_ids(*texts, customers.empty_code(), data.options.names, data.rows_read);
  return codes;
}

/// Reads rows one by one, on all threads, and adds them to the source; returns what is wrong with them.
template <class Data, class MakeReader>
FaultList add_read(Data& data, std::size_t rows, Incoming& incoming, const MakeReader& make_reader) {
  ReadRows read = read_pieces(rows, data.options.execution, make_reader);
  FaultList faults = std::move(read.faults);
  if (faults.empty()) add_packed(incoming, data, take_rows(data, std::move(read)));
  return faults;
}

inline const Column<Day>& start_of(const Subscriptions& table) noexcept { return table.start; }
inline const Column<Day>& start_of(const InvoiceLines& table) noexcept { return table.service_start; }

/// Adds tables that follow each other. `add_rows(table, customer codes, source)` adds the rows of one to the
/// source and returns what is wrong with them.
template <class Data, class Table, class AddRows>
void add_tables(Data& data, std::span<const Table> chunks, bool invoices, const AddRows& add_rows) {
  refuse_other_source(data, invoices);
  data.invoices = invoices;
  Incoming incoming(data.options.names);
  add_held(incoming, data, 0);
  grow_knowledge(data, chunks);
  Translation customers, subscriptions, row_ids;
  Translations columns;
  FaultList faults;
  for (const Table& table : chunks) {
    check_shape(table, data.options.names);
    auto codes = meet_customers(data, customers, table.customer);
    append_currencies(data, table, table.customer.size());
    append_rate_days(data, table, table.customer.size());
    faults.merge(append_knowledge(data, row_ids, table.knowledge, start_of(table)));
    append_columns(data, columns, table);
    if (table.subscription.present()) append_subscriptions(data, subscriptions, table.subscription);
    faults.merge(add_rows(table, std::move(codes), incoming));
    data.rows_read += static_cast<std::int64_t>(table.customer.size());
    if (faults.empty()) check_columns_complete(data);
  }
  faults.raise();
  if (data.rows_read == 0) data.text_ids = false;
  regroup(data, incoming);
  note_left_out(data);
}

/// Books add up if they were read as known on the same day, and at the same rates in the same currency.
template <class Data>
void refuse_other_reading(const Data& data, const Data& theirs) {
  const bool same = data.current_on == theirs.current_on && data.rates_digest == theirs.rates_digest &&
                    data.options.reporting_currency == theirs.options.reporting_currency;
  if (!same)
    throw_option({.code = "E_MERGE_CONFIG",
                  .what = "the books differ in known_at, reporting currency or exchange rates",
                  .remedy = "Make both books with the same options."});
}

/// A view holds more rows than it shows.
template <class Data>
void refuse_view(const Data& data) {
  if (data.is_view)
    throw_option({.code = "E_VIEW",
                  .what = "rows are added to a book, not to what it was on a day, in a currency or at rates",
                  .remedy = "Add to the book itself, and ask it for the view again."});
}

}  // namespace detail

TENURE_INLINE Book::Book(Policy policy, BookOptions options) : data_(std::make_unique<Data>()) {
  policy.check();
  data_->policy = std::move(policy);
  data_->options = std::move(options);
  data_->known_at = data_->current_on = data_->options.known_at.value_or(detail::latest_knowledge);
  if (data_->options.rates != nullptr) data_->rates_digest = data_->options.rates->digest();
}
TENURE_INLINE Book::~Book() = default;
TENURE_INLINE Book::Book(Book&&) noexcept = default;
TENURE_INLINE Book& Book::operator=(Book&&) noexcept = default;

TENURE_INLINE void Book::add(const Subscriptions& rows) { add(std::span(&rows, 1)); }
TENURE_INLINE void Book::add(const InvoiceLines& lines) { add(std::span(&lines, 1)); }

TENURE_INLINE void Book::add(std::span<const Subscriptions> chunks) {
  detail::refuse_view(*data_);
  Data next = *data_;  // the rows themselves are shared, so that a call that throws leaves the book as it was
  const bool drops = next.options.on_reversed == OnReversed::drop;
  detail::add_tables(next, chunks, false, [&](const Subscriptions& table, auto codes, auto& incoming) {
    detail::RowReader reader(table, next.policy.loading, std::move(codes), drops,
                             detail::exponents_of(next, table), next.rows_read);
    if (detail::needs_terms(next, table))
      return detail::add_read(next, table.start.size(), incoming, [&] {
        return detail::TermReader(table, next.policy.loading, next.options.names, reader, next.rows_read);
      });
    detail::note_in_play(next.in_play_read, table);
    detail::keep_intervals(next, table);
    detail::add_plain(incoming, next, reader);
    return FaultList{};
  });
  *data_ = std::move(next);
}

TENURE_INLINE void Book::add(std::span<const InvoiceLines> chunks) {
  detail::refuse_view(*data_);
  Data next = *data_;
  const bool drops = next.options.on_reversed == OnReversed::drop;
  detail::add_tables(next, chunks, true, [&](const InvoiceLines& table, auto codes, auto& incoming) {
    return detail::add_read(next, table.amount.size(), incoming, [&] {
      return detail::InvoiceReader(table, next.policy.loading, next.options.names, codes, drops,
                                   detail::exponents_of(next, table), next.rows_read);
    });
  });
  *data_ = std::move(next);
}

TENURE_INLINE void Book::add(const Book& other) {
  detail::refuse_view(*data_);
  detail::refuse_view(*other.data_);
  if (other.policy() != policy())
    throw_option({.code = "E_POLICY_MIXED",
                  .what = "the books read their rows under different policies",
                  .value = other.policy().digest(),
                  .remedy = "Make both books with the same policy."});
  detail::refuse_other_reading(*data_, *other.data_);
  Data next = *data_;
  const Data& theirs = *other.data_;
  if (theirs.rows_read == 0) return;
  if (next.rows_read > 0 && next.text_ids != theirs.text_ids)
    throw_input({.code = "E_KEY_TYPE",
                 .what = "the customer ids of the books are of different types",
                 .column = next.options.names.customer});
  detail::refuse_other_source(next, theirs.invoices);
  next.text_ids = theirs.text_ids;
  detail::append_currencies(next, theirs);
  detail::append_knowledge(next, theirs);
  detail::Translations columns;
  for (const auto& column : theirs.texts)
    detail::append_texts(next, columns, column.name, Codes{*column.codes, column.labels->labels()});
  if (theirs.has_subscriptions) {
    detail::expect_subscriptions(next, theirs.subscription.text);
    detail::append_ids(next.subscription, theirs.subscription);
  }
  detail::append_terms(next, theirs);
  next.rows_read += theirs.rows_read;
  for (Note note : theirs.notes) {
    for (std::int64_t& row : note.rows) row += data_->rows_read;
    next.notes.push_back(std::move(note));
  }
  detail::check_columns_complete(next);
  detail::Incoming incoming(next.options.names);
  detail::add_held(incoming, *data_, 0);
  const auto places = detail::places_of(*theirs.customers, next.customers.edit());
  detail::add_held(incoming, theirs, static_cast<std::uint32_t>(data_->rows_read), places);
  detail::regroup(next, incoming);
  detail::note_left_out(next);
  *data_ = std::move(next);
}

TENURE_INLINE std::int64_t Book::rows() const noexcept { return data_->rows_standing; }
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
    for (std::size_t row = 0; row < data_->phases.size(); ++row)
      if (data_->stands(static_cast<std::uint32_t>(row)))
        look(data_->phases[row].start, data_->phases[row].end);
  return latest == min_day ? 0 : latest;
}
TENURE_INLINE std::vector<std::string> Book::segment_names() const {
  std::vector<std::string> names;
  for (const auto& column : data_->texts) names.push_back(column.name);
  return names;
}

TENURE_INLINE std::vector<std::string> Book::options_in_play() const {
  return detail::names_in_play(data_->in_play, data_->has_subscriptions,
                               data_->find_texts("product") != nullptr, data_->invoices,
                               detail::is_foreign(*data_));
}
TENURE_INLINE bool Book::has_discounts() const noexcept { return data_->in_play.discounts; }

}  // namespace tenure
