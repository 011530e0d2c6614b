#include "keys.hpp"

#include "key_notes.hpp"
#include "tenure/core/error.hpp"

namespace tenure::python {

KeyColumns::KeyColumns(const Input& input, const KeyRoles& roles, const Poll& poll)
    : customer(to_ids(input.at(roles.customer), poll)), segment_names(roles.by) {
  subscription = maybe(input, roles.subscription, poll, to_ids);
  product = maybe(input, roles.product, poll, to_labels);
  currency = maybe(input, roles.currency_column, poll, to_labels);
  interval_unit = maybe(input, roles.interval_column, poll, to_intervals);
  interval_count = maybe(input, roles.interval_count_column, poll, to_whole_numbers);
  recorded = maybe(input, roles.recorded, poll, to_days);
  superseded = maybe(input, roles.superseded, poll, to_days);
  id = maybe(input, roles.id, poll, to_ids);
  version = maybe(input, roles.version, poll, to_whole_numbers);
  invoiced = maybe(input, roles.invoiced, poll, to_days);
  purchased = maybe(input, roles.purchased, poll, to_days);
  for (const std::string& name : roles.by) segments.push_back(to_labels(input.at(name), poll));
  if (roles.currency) fixed_currency = Currency(*roles.currency);
}

void KeyColumns::add_to(Cuts& cuts) const {
  cuts.add(customer);
  cuts.add(subscription);
  cuts.add(interval_count);
  cuts.add(id);
  cuts.add(version);
  for (const auto* days : {&recorded, &superseded, &invoiced, &purchased}) cuts.add(*days);
}

void KeyColumns::refuse_subminor(const InputColumn& column, const AmountColumn& amounts) const {
  python::refuse_subminor(column, amounts, currency ? &*currency : nullptr, fixed_currency);
}

std::vector<Note> KeyColumns::notes() const {
  const auto* ids = std::get_if<CodedColumn>(&customer);
  return ids != nullptr ? key_notes(*ids) : std::vector<Note>();
}

ColumnNames key_names(const KeyRoles& roles) {
  ColumnNames names;
  names.customer = roles.customer;
  names.subscription = roles.subscription.value_or(names.subscription);
  names.product = roles.product.value_or(names.product);
  names.currency = roles.currency_column.value_or(names.currency);
  names.interval = roles.interval_column.value_or(names.interval);
  names.interval_count = roles.interval_count_column.value_or(names.interval_count);
  names.recorded = roles.recorded.value_or(names.recorded);
  names.superseded = roles.superseded.value_or(names.superseded);
  names.id = roles.id.value_or(names.id);
  names.version = roles.version.value_or(names.version);
  names.invoiced = roles.invoiced.value_or(names.invoiced);
  names.purchased = roles.purchased.value_or(names.purchased);
  return names;
}

void check_row_count(const Input& input) {
  constexpr std::int64_t most_rows = UINT32_MAX;
  if (input.rows() <= most_rows) return;
  throw_input(
      {.code = "E_LIMIT_ROWS",
       .what = "one table holds at most 4294967295 rows, this one has " + std::to_string(input.rows()),
       .value = std::to_string(input.rows()),
       .remedy = "Split it by customer and add up the results."});
}

}  // namespace tenure::python
