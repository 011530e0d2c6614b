// Included by book.ipp: making a book and adding rows to it.

namespace tenure {

namespace detail {

inline void expect_length(std::size_t found, std::size_t wanted, const std::string& column) {
  if (found != wanted)
    throw_input({.code = "E_SHAPE",
                 .what = "column '" + column + "' has " + std::to_string(found) +
                         " rows where column 'start' has " + std::to_string(wanted),
                 .column = column,
                 .value = std::to_string(found),
                 .remedy = "All columns of a table have the same length."});
}

/// Every column that is there has as many rows as `start`; the needed ones are there.
inline void check_shape(const Subscriptions& table, const ColumnNames& names) {
  const std::size_t rows = table.start.size();
  expect_length(table.customer.size(), rows, names.customer);
  expect_length(table.amount.size(), rows, names.amount);
  if (table.end.present()) expect_length(table.end.size(), rows, names.end);
  if (!table.interval_unit.empty()) expect_length(table.interval_unit.size(), rows, names.interval);
  if (table.interval_count.present()) expect_length(table.interval_count.size(), rows, names.interval_count);
  if (table.quantity.present()) expect_length(table.quantity.size(), rows, names.quantity);
  if (table.currency_codes) expect_length(table.currency_codes->size(), rows, names.currency);
  if (table.subscription.present()) expect_length(table.subscription.size(), rows, names.subscription);
  if (table.product) expect_length(table.product->size(), rows, names.product);
  for (const Segment& segment : table.segments) expect_length(segment.codes.size(), rows, segment.name);
}

/// Codes of a table's labels in the book's dictionary. Chunks of one column mostly share their labels: each
/// is looked up once, when a row first uses it, so that labels without rows make no segment.
class Translation {
 public:
  using Places = std::shared_ptr<const std::vector<std::int64_t>>;

  void begin(std::span<const std::string> labels) {
    if (places_ && labels.data() == labels_.data() && labels.size() == labels_.size()) return;
    labels_ = labels;
    places_ = std::make_shared<std::vector<std::int64_t>>(labels.size(), unknown);
    const auto empty = std::find(labels.begin(), labels.end(), "");
    empty_code_ = empty == labels.end() ? null_code : static_cast<std::int32_t>(empty - labels.begin());
  }
  std::int64_t of(std::int32_t code, Dictionary& into) {
    std::int64_t& place = (*places_)[static_cast<std::size_t>(code)];
    if (place == unknown) place = into.encode(labels_[static_cast<std::size_t>(code)]);
    return place;
  }
  /// The codes of all labels, for those who look them up from several threads.
  Places all(Dictionary& into) {
    for (std::int32_t code = 0; code < std::ssize(labels_); ++code) of(code, into);
    return places_;
  }
  /// Code of the empty text among the labels, null_code if there is none.
  std::int32_t empty_code() const noexcept { return empty_code_; }

 private:
  static constexpr std::int64_t unknown = -1;
  std::span<const std::string> labels_;
  std::shared_ptr<std::vector<std::int64_t>> places_;
  std::int32_t empty_code_ = null_code;
};

/// One for each text column of a book, by name.
using Translations = std::map<std::string, Translation, std::less<>>;

/// Refuses codes that point past their labels, whoever made them.
inline void check_codes(const Codes& texts, const std::string& column) {
  for (std::size_t row = 0; row < texts.size(); ++row)
    if (texts.codes[row] >= static_cast<std::int64_t>(texts.labels.size()))
      throw_input({.code = "E_ARROW_INVALID",
                   .what = "dictionary index " + std::to_string(texts.codes[row]) + ", size " +
                           std::to_string(texts.labels.size()),
                   .column = column,
                   .row = static_cast<std::int64_t>(row),
                   .value = std::to_string(texts.codes[row])});
}

template <class Data>
void append_texts(Data& data, Translations& known, const std::string& name, const Codes& texts) {
  check_codes(texts, name);
  auto column = std::find_if(data.texts.begin(), data.texts.end(),
                             [&](const auto& existing) { return existing.name == name; });
  if (column == data.texts.end()) {
    if (data.rows_read > 0)
      throw_input({.code = "E_COLUMN_MISSING",
                   .what = "the rows added before had no column '" + name + "'",
                   .column = name,
                   .remedy = "Give all tables of a book the same columns."});
    column = data.texts.insert(data.texts.end(), {name, {}, {}});
  }
  Translation& translation = known[name];
  translation.begin(texts.labels);
  column->codes.reserve(column->codes.size() + texts.size());
  for (const std::int32_t code : texts.codes)
    column->codes.push_back(code < 0 ? null_code
                                     : static_cast<std::int32_t>(translation.of(code, column->labels)));
}

/// All columns that results can be cut by: the segments, and product and currency unless a segment has that
/// name.
template <class Data>
void append_columns(Data& data, Translations& known, const Subscriptions& table) {
  std::vector<std::string> taken;
  const auto append = [&](const std::string& name, const Codes& texts) {
    taken.push_back(name);
    append_texts(data, known, name, texts);
  };
  const auto is_taken = [&](std::string_view name) {
    return std::find(taken.begin(), taken.end(), name) != taken.end();
  };
  for (const Segment& segment : table.segments) {
    if (is_taken(segment.name))
      throw_input({.code = "E_COLUMN_DUPLICATE",
                   .what = "segment '" + segment.name + "' is given twice",
                   .column = segment.name,
                   .value = segment.name,
                   .remedy = "Name each segment column once."});
    append(segment.name, segment.codes);
  }
  if (table.product && !is_taken("product")) append("product", *table.product);
  if (table.currency_codes && !is_taken("currency")) append("currency", *table.currency_codes);
}

template <class Data>
void append_subscriptions(Data& data, Translation& known, const Ids& ids) {
  const bool text = ids.texts() != nullptr;
  if (data.rows_read > 0 && (!data.has_subscriptions || data.text_subscriptions != text))
    throw_input({.code = "E_KEY_TYPE",
                 .what = "subscription ids of the rows added before are of another type",
                 .column = data.options.names.subscription});
  data.has_subscriptions = true;
  data.text_subscriptions = text;
  const auto missing = [&](std::size_t row) {
    throw_input({.code = "E_KEY_NULL",
                 .what = "missing subscription id",
                 .column = data.options.names.subscription,
                 .row = data.rows_read + static_cast<std::int64_t>(row)});
  };
  if (const Column<std::int64_t>* numbers = ids.numbers()) {
    for (std::size_t row = 0; row < numbers->size(); ++row)
      if (!numbers->valid[row]) missing(row);
    data.subscription.insert(data.subscription.end(), numbers->values.begin(), numbers->values.end());
    return;
  }
  check_codes(*ids.texts(), data.options.names.subscription);
  known.begin(ids.texts()->labels);
  for (std::size_t row = 0; row < ids.texts()->size(); ++row) {
    if (ids.texts()->codes[row] < 0) missing(row);
    data.subscription.push_back(known.of(ids.texts()->codes[row], data.subscriptions));
  }
}

/// One currency per book: amounts of different currencies do not add up.
template <class Data>
void settle_currency(Data& data, const Subscriptions& table) {
  const auto meet = [&](Currency currency) {
    if (data.currency.set() && currency.set() && currency != data.currency)
      throw_input({.code = "E_CURRENCY_MIXED",
                   .what = std::string(data.currency.code()) + " and " + std::string(currency.code()) +
                           " in one book",
                   .column = data.options.names.currency,
                   .value = std::string(currency.code()),
                   .remedy = "Make one book per currency, or convert the amounts first."});
    if (currency.set()) data.currency = currency;
  };
  meet(table.currency);
  if (!table.currency_codes) return;
  const Codes& texts = *table.currency_codes;
  check_codes(texts, data.options.names.currency);
  std::vector<bool> met(texts.labels.size(), false);
  for (std::size_t row = 0; row < texts.size(); ++row) {
    const std::int32_t code = texts.codes[row];
    const auto fault = [&](const char* name, std::string what) {
      throw_input({.code = name,
                   .what = std::move(what),
                   .column = data.options.names.currency,
                   .row = data.rows_read + static_cast<std::int64_t>(row),
                   .remedy = "Use three capital letters, such as USD, EUR or JPY."});
    };
    if (code < 0) fault("E_CURRENCY_NULL", "amount without a currency");
    if (met[static_cast<std::size_t>(code)]) continue;
    met[static_cast<std::size_t>(code)] = true;
    const std::string& label = texts.labels[static_cast<std::size_t>(code)];
    try {
      meet(Currency(label));
    } catch (const InputError& error) {
      if (error.code() != "E_CURRENCY_UNKNOWN") throw;
      fault("E_CURRENCY_UNKNOWN", "'" + printable(label) + "' is not an ISO 4217 code");
    }
  }
}

inline void refuse_empty_ids(const Codes& texts, std::int32_t empty_code, const ColumnNames& names,
                             std::int64_t first_row) {
  if (empty_code == null_code) return;
  const auto row = std::find(texts.codes.begin(), texts.codes.end(), empty_code) - texts.codes.begin();
  if (row == std::ssize(texts.codes)) return;
  throw_input({.code = "E_KEY_EMPTY",
               .what = "empty customer id",
               .column = names.customer,
               .row = first_row + row,
               .value = "",
               .remedy = "Give the row a customer, or leave it out."});
}

/// One subscription may be live once at a time.
template <class Data>
void refuse_overlaps(const Data& data) {
  struct Live {
    std::int64_t id;
    PackedRow row;
    std::uint32_t source;
  };
  std::vector<Live> live;
  FaultList faults;
  for (std::size_t customer = 0; customer < data.grouped->customers(); ++customer) {
    const auto rows = data.grouped->rows_of(customer);
    const auto source = data.grouped->source_of(customer);
    if (rows.size() < 2) continue;
    live.clear();
    for (std::size_t i = 0; i < rows.size(); ++i)
      if (rows[i].start < rows[i].end) live.push_back({data.subscription[source[i]], rows[i], source[i]});
    std::sort(live.begin(), live.end(), [](const Live& a, const Live& b) {
      return std::tuple(a.id, a.row.start, a.source) < std::tuple(b.id, b.row.start, b.source);
    });
    for (std::size_t i = 1; i < live.size(); ++i) {
      if (live[i].id != live[i - 1].id || live[i].row.start >= live[i - 1].row.end) continue;
      const Day until = std::min(live[i].row.end, live[i - 1].row.end);
      const std::string id = data.text_subscriptions
                                 ? data.subscriptions.labels()[static_cast<std::size_t>(live[i].id)]
                                 : std::to_string(live[i].id);
      faults.add(
          {.code = "E_OVERLAP",
           .what = "subscription '" + printable(id) + "' is live twice in " + format_day(live[i].row.start) +
                   ".." + format_day(until) + " (the other is row " + std::to_string(live[i - 1].source) +
                   ")",
           .column = data.options.names.subscription,
           .row = live[i].source,
           .value = printable(id),
           .remedy = "End the earlier row where the later starts, or give each its own subscription id."});
    }
  }
  faults.raise();
}

/// Every column that is there has a value for every row read so far.
template <class Data>
void check_columns_complete(const Data& data) {
  const auto rows = static_cast<std::size_t>(data.rows_read);
  const auto require = [&](std::size_t size, const std::string& name) {
    if (size != rows)
      throw_input({.code = "E_COLUMN_MISSING",
                   .what = "a later table has no column '" + name + "'",
                   .column = name,
                   .remedy = "Give all tables of a book the same columns."});
  };
  for (const auto& column : data.texts) require(column.codes.size(), column.name);
  if (data.has_subscriptions) require(data.subscription.size(), data.options.names.subscription);
}

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
      detail::check_codes(*texts, next.options.names.customer);
      customers.begin(texts->labels);
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
TENURE_INLINE std::vector<std::string> Book::segment_names() const {
  std::vector<std::string> names;
  for (const auto& column : data_->texts) names.push_back(column.name);
  return names;
}

}  // namespace tenure
