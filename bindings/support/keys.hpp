#pragma once

#include "cuts.hpp"
#include "input.hpp"
#include "roles.hpp"
#include "tenure/book.hpp"

namespace tenure::python {

/// Who, of what, how often, in which currency and known since when: the columns that contracts and invoice
/// lines share.
class KeyColumns {
 public:
  KeyColumns(const Input& input, const KeyRoles& roles, const Poll& poll);

  void add_to(Cuts& cuts) const;

  /// Sets the shared members of `rows` (Subscriptions or InvoiceLines).
  template <class Rows>
  void fill(Rows& rows, std::int64_t begin, std::int64_t length) const {
    rows.customer = cut(customer, begin, length);
    rows.interval_unit = cut(interval_unit, begin, length);
    rows.interval_count = cut(interval_count, begin, length);
    rows.currency = fixed_currency;
    if (currency) rows.currency_codes = currency->cut(begin, length);
    if (subscription) rows.subscription = cut(*subscription, begin, length);
    if (product) rows.product = product->cut(begin, length);
    rows.knowledge = {.recorded = cut(recorded, begin, length),
                      .superseded = cut(superseded, begin, length),
                      .id = id ? cut(*id, begin, length) : Ids(),
                      .version = cut(version, begin, length)};
    rows.invoiced = cut(invoiced, begin, length);
    rows.purchased = cut(purchased, begin, length);
    for (std::size_t i = 0; i < segments.size(); ++i)
      rows.segments.push_back({segment_names[i], segments[i].cut(begin, length)});
  }
  /// Refuses amounts with more decimals than their currency has.
  void refuse_subminor(const InputColumn& column, const AmountColumn& amounts) const;
  /// What to know about the ids of customers.
  std::vector<Note> notes() const;

  IdColumn customer;
  std::optional<IdColumn> subscription = {}, id = {};
  std::optional<CodedColumn> product = {}, currency = {};
  std::optional<std::vector<IntervalUnit>> interval_unit = {};
  std::optional<Values<std::int64_t>> interval_count = {}, version = {};
  std::optional<Values<Day>> recorded = {}, superseded = {}, invoiced = {}, purchased = {};
  std::vector<std::string> segment_names;
  std::vector<CodedColumn> segments = {};
  Currency fixed_currency = {};
};

/// Names that contracts and invoice lines share, as messages show them.
ColumnNames key_names(const KeyRoles& roles);

/// Throws InputError E_LIMIT_ROWS.
void check_row_count(const Input& input);

/// A column that need not be there.
template <class Convert>
auto maybe(const Input& input, const ColumnName& name, const Poll& poll, Convert&& convert)
    -> std::optional<decltype(convert(input.at(*name), poll))> {
  if (!name) return std::nullopt;
  return convert(input.at(*name), poll);
}

}  // namespace tenure::python
