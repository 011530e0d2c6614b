#include "../core/detail/utf8.hpp"

// Included by book.ipp: the columns of a table on their way into a book, checked and translated.

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

/// A column that need not be there.
template <class T>
void expect_optional(const T& column, std::size_t wanted, const std::string& name) {
  if constexpr (requires { column.present(); }) {
    if (column.present()) expect_length(column.size(), wanted, name);
  } else {
    if (column.size() > 0) expect_length(column.size(), wanted, name);
  }
}

inline void check_shape(const Terms& terms, std::size_t rows, const ColumnNames& names) {
  expect_optional(terms.status, rows, names.status);
  expect_optional(terms.kind, rows, "kind");
  expect_optional(terms.tax, rows, names.tax);
  expect_optional(terms.renewal_amount, rows, names.renewal_amount);
  expect_optional(terms.invoiced_quantity, rows, names.invoiced_quantity);
  expect_optional(terms.cancel_requested, rows, names.cancel_requested);
  expect_optional(terms.paid_through, rows, names.paid_through);
  expect_optional(terms.dunning_end, rows, names.dunning_end);
  expect_optional(terms.first_payment, rows, names.first_payment);
  expect_optional(terms.first_paid_invoice, rows, names.first_paid_invoice);
  for (const DiscountColumns& discount : terms.discounts) {
    expect_optional(discount.percent, rows, discount.percent_name);
    expect_optional(discount.amount, rows, discount.amount_name);
    expect_optional(discount.duration, rows, "discount_duration");
    expect_optional(discount.until, rows, discount.until_name);
  }
}

/// What contracts and invoice lines have in common.
template <class Table>
void check_common_shape(const Table& table, std::size_t rows, const ColumnNames& names) {
  if (table.currency_codes) expect_length(table.currency_codes->size(), rows, names.currency);
  expect_optional(table.subscription, rows, names.subscription);
  if (table.product) expect_length(table.product->size(), rows, names.product);
  for (const Segment& segment : table.segments) expect_length(segment.codes.size(), rows, segment.name);
  expect_optional(table.knowledge.recorded, rows, names.recorded);
  expect_optional(table.knowledge.superseded, rows, names.superseded);
  expect_optional(table.knowledge.id, rows, names.id);
  expect_optional(table.knowledge.version, rows, names.version);
  expect_optional(table.invoiced, rows, names.invoiced);
  expect_optional(table.purchased, rows, names.purchased);
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
  check_common_shape(table, rows, names);
  check_shape(table.terms, rows, names);
}

/// The same for invoice lines.
inline void check_shape(const InvoiceLines& table, const ColumnNames& names) {
  const std::size_t rows = table.amount.size();
  expect_length(table.customer.size(), rows, names.customer);
  expect_length(table.service_start.size(), rows, names.start);
  expect_length(table.service_end.size(), rows, names.end);
  expect_optional(table.tax, rows, names.tax);
  expect_optional(table.discount, rows, names.discount);
  expect_optional(table.discount_duration, rows, names.discount);
  expect_optional(table.kind, rows, "kind");
  expect_optional(table.prorated, rows, "prorated");
  expect_optional(table.interval_unit, rows, names.interval);
  expect_optional(table.interval_count, rows, names.interval_count);
  expect_optional(table.paid_on, rows, names.paid_on);
  check_common_shape(table, rows, names);
}

/// Codes of a table's labels in the book's dictionary. Chunks of one column mostly share their labels: each
/// is looked up once, when a row first uses it, so that labels without rows make no segment.
class Translation {
 public:
  using Places = std::shared_ptr<const std::vector<std::int64_t>>;

  void begin(std::span<const std::string> labels, std::string_view column) {
    column_ = column;
    if (places_ && labels.data() == labels_.data() && labels.size() == labels_.size()) return;
    labels_ = labels;
    places_ = std::make_shared<std::vector<std::int64_t>>(labels.size(), unknown);
    const auto empty = std::find(labels.begin(), labels.end(), "");
    empty_code_ = empty == labels.end() ? null_code : static_cast<std::int32_t>(empty - labels.begin());
  }
  std::int64_t of(std::int32_t code, Dictionary& into) {
    std::int64_t& place = (*places_)[static_cast<std::size_t>(code)];
    if (place != unknown) return place;
    const std::string& label = labels_[static_cast<std::size_t>(code)];
    if (!is_utf8(label))
      throw_input({.code = "E_KEY_UTF8",
                   .what = "'" + printable(label) + "' is not text in UTF-8",
                   .column = std::string(column_),
                   .value = printable(label),
                   .remedy = "Decode the column with the encoding it was written in."});
    return place = into.encode(label);
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
  std::string_view column_;
  std::shared_ptr<std::vector<std::int64_t>> places_;
  std::int32_t empty_code_ = null_code;
};

/// One for each text column of a book, by name.
using Translations = std::map<std::string, Translation, std::less<>>;

/// Refuses codes that point past their labels, whoever made them.
inline void check_codes(const Codes& texts, const std::string& column, const Execution& execution) {
  for (std::size_t row = 0; row < texts.size(); ++row) {
    listen(execution, row);
    if (texts.codes[row] >= static_cast<std::int64_t>(texts.labels.size()))
      throw_input({.code = "E_ARROW_INVALID",
                   .what = "dictionary index " + std::to_string(texts.codes[row]) + ", size " +
                           std::to_string(texts.labels.size()),
                   .column = column,
                   .row = static_cast<std::int64_t>(row),
                   .value = std::to_string(texts.codes[row])});
  }
}

template <class Data>
void append_texts(Data& data, Translations& known, const std::string& name, const Codes& texts) {
  check_codes(texts, name, data.options.execution);
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
  translation.begin(texts.labels, name);
  auto& codes = column->codes.edit();
  Dictionary& labels = column->labels.edit();
  codes.reserve(codes.size() + texts.size());
  for (std::size_t row = 0; row < texts.size(); ++row) {
    listen(data.options.execution, row);
    const std::int32_t code = texts.codes[row];
    codes.push_back(code < 0 ? null_code : static_cast<std::int32_t>(translation.of(code, labels)));
  }
}

/// All columns that results can be cut by: the segments, and product and currency unless a segment has that
/// name.
template <class Data, class Table>
void append_columns(Data& data, Translations& known, const Table& table) {
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

template <class T, class More>
void append_all(Shared<std::vector<T>>& column, const More& more) {
  auto& all = column.edit();
  all.insert(all.end(), more.begin(), more.end());
}

/// The ids of a table's rows. `missing` is what is said of a row without one.
template <class Data>
void append_ids(const Data& data, StoredIds& into, Translation& known, const Ids& ids,
                const std::string& name, const char* missing) {
  const auto expect = [&](bool present, std::size_t row) {
    if (!present)
      throw_input({.code = "E_KEY_NULL",
                   .what = missing,
                   .column = name,
                   .row = data.rows_read + static_cast<std::int64_t>(row)});
  };
  if (const Column<std::int64_t>* numbers = ids.numbers()) {
    for (std::size_t row = 0; row < numbers->size(); ++row) expect(numbers->valid[row], row);
    append_all(into.values, numbers->values);
    return;
  }
  const Codes& texts = *ids.texts();
  check_codes(texts, name, data.options.execution);
  known.begin(texts.labels, name);
  auto& all = into.values.edit();
  Dictionary& labels = into.labels.edit();
  for (std::size_t row = 0; row < texts.size(); ++row) {
    listen(data.options.execution, row);
    expect(texts.codes[row] >= 0, row);
    all.push_back(known.of(texts.codes[row], labels));
  }
}

/// Where the labels of another book are among those of this one.
inline std::vector<std::int64_t> places_of(const Dictionary& theirs, Dictionary& mine) {
  std::vector<std::int64_t> places;
  for (const std::string& label : theirs.labels()) places.push_back(mine.encode(label));
  return places;
}

/// The ids of another book's rows.
inline void append_ids(StoredIds& into, const StoredIds& theirs) {
  if (!theirs.text) return append_all(into.values, theirs.values);
  const std::vector<std::int64_t> places = places_of(*theirs.labels, into.labels.edit());
  auto& all = into.values.edit();
  for (const std::int64_t code : theirs.values) all.push_back(places[static_cast<std::size_t>(code)]);
}

/// Says whether the subscription ids of the rows to come are texts.
template <class Data>
void expect_subscriptions(Data& data, bool text) {
  if (data.rows_read > 0 && (!data.has_subscriptions || data.subscription.text != text))
    throw_input({.code = "E_KEY_TYPE",
                 .what = "subscription ids of the rows added before are of another type",
                 .column = data.options.names.subscription});
  data.has_subscriptions = true;
  data.subscription.text = text;
}

template <class Data>
void append_subscriptions(Data& data, Translation& known, const Ids& ids) {
  expect_subscriptions(data, ids.texts() != nullptr);
  append_ids(data, data.subscription, known, ids, data.options.names.subscription, "missing subscription id");
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
  if (!data.row_id.empty()) require(data.row_id.size(), data.options.names.id);
  if (!data.version.empty()) require(data.version.size(), data.options.names.version);
  if (!data.rate_days.empty()) require(data.rate_days.size(), data.options.names.purchased);
  if (!data.currency_of.empty()) require(data.currency_of.size(), data.options.names.currency);
  if (!data.phases.empty()) require(data.phases.size(), data.options.names.status);
}

}  // namespace detail

}  // namespace tenure
