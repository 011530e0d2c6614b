// Included by book.ipp: making a book and adding rows to it.

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
    Note note{"N_REVERSED_DROPPED",
              "rows left out because they end before they start",
              static_cast<std::int64_t>(dropped.size()),
              {}};
    dropped.resize(std::min<std::size_t>(dropped.size(), FaultList::kept));
    note.rows = std::move(dropped);
    data.notes.push_back(std::move(note));
  }
  data.grouped = std::make_shared<const GroupedRows>(std::move(grouped));
  if (data.has_subscriptions) refuse_overlaps(data);
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

TENURE_INLINE void Book::add(std::span<const Subscriptions> chunks) {
  Data next = *data_;  // the rows themselves are shared, so that a call that throws leaves the book as it was
  detail::RowSource source(next.options.names);
  if (next.grouped->rows.size() > 0) source.add(detail::PackedRows::of(*next.grouped, 0));
  detail::Translation customers, subscriptions;
  detail::Translations columns;
  for (const Subscriptions& table : chunks) {
    detail::check_shape(table, next.options.names);
    const std::size_t rows = table.start.size();
    const Codes* texts = table.customer.texts();
    if (next.rows_read > 0 && next.text_ids != (texts != nullptr))
      throw_input({.code = "E_KEY_TYPE",
                   .what = "customer ids of the rows added before are of another type",
                   .column = next.options.names.customer,
                   .remedy = "Use texts or whole numbers throughout."});
    next.text_ids = texts != nullptr;
    detail::Translation::Places codes;
    if (texts != nullptr) {
      detail::check_codes(*texts, next.options.names.customer, next.options.execution);
      customers.begin(texts->labels, next.options.names.customer);
      codes = customers.all(next.customers);
      detail::refuse_empty_ids(*texts, customers.empty_code(), next.options.names, next.rows_read);
    }
    detail::settle_currency(next, table);
    detail::append_columns(next, columns, table);
    if (table.subscription.present()) detail::append_subscriptions(next, subscriptions, table.subscription);
    source.add(detail::RowReader(table, next.policy.loading, codes,
                                 next.options.on_reversed == OnReversed::drop, next.rows_read),
               static_cast<std::uint32_t>(next.rows_read));
    next.rows_read += static_cast<std::int64_t>(rows);
    detail::check_columns_complete(next);
  }
  if (next.rows_read == 0) next.text_ids = false;
  detail::regroup(next, std::move(source));
  *data_ = std::move(next);
}

TENURE_INLINE void Book::add(const Book& other) {
  if (other.policy().loading != policy().loading)
    throw_option({.code = "E_POLICY_MIXED",
                  .what = "the books read their rows under different loading policies",
                  .remedy = "Make both books with the same policy."});
  Data next = *data_;
  const Data& theirs = *other.data_;
  if (theirs.rows_read == 0) return;
  if (next.rows_read > 0 && next.text_ids != theirs.text_ids)
    throw_input({.code = "E_KEY_TYPE",
                 .what = "the customer ids of the books are of different types",
                 .column = next.options.names.customer});
  detail::PackedRows packed =
      detail::PackedRows::of(*theirs.grouped, static_cast<std::uint32_t>(next.rows_read));
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
  next.rows_read += theirs.rows_read;
  for (Note note : theirs.notes) {
    for (std::int64_t& row : note.rows) row += data_->rows_read;
    next.notes.push_back(std::move(note));
  }
  detail::check_columns_complete(next);
  detail::RowSource source(next.options.names);
  if (data_->grouped->rows.size() > 0) source.add(detail::PackedRows::of(*data_->grouped, 0));
  source.add(std::move(packed));
  detail::regroup(next, std::move(source));
  *data_ = std::move(next);
}

TENURE_INLINE std::int64_t Book::rows() const noexcept {
  return static_cast<std::int64_t>(data_->grouped->rows.size());
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
  for (const PackedRow& row : data_->grouped->rows.span()) {
    if (row.start <= until) latest = std::max(latest, row.start);
    if (row.end <= until) latest = std::max(latest, row.end);
  }
  return latest == min_day ? 0 : latest;
}
TENURE_INLINE std::vector<std::string> Book::segment_names() const {
  std::vector<std::string> names;
  for (const auto& column : data_->texts) names.push_back(column.name);
  return names;
}

}  // namespace tenure
