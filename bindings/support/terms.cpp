#include "terms.hpp"

namespace tenure::python {

TermColumns::TermColumns(const Input& input, const TermRoles& roles, const Poll& poll) {
  const auto days = [&](const ColumnName& name) { return maybe(input, name, poll, to_days); };
  status_ = maybe(input, roles.status, poll, to_statuses);
  kind_ = maybe(input, roles.kind, poll, to_charge_kinds);
  for (const DiscountRoles& discount : roles.discounts)
    discounts_.push_back({discount, maybe(input, discount.percent, poll, to_optional_amounts),
                          maybe(input, discount.amount, poll, to_optional_amounts),
                          maybe(input, discount.duration, poll, to_durations), days(discount.until)});
  tax_ = maybe(input, roles.tax, poll, to_optional_amounts);
  renewal_amount_ = maybe(input, roles.renewal_amount, poll, to_optional_amounts);
  invoiced_quantity_ = maybe(input, roles.invoiced_quantity, poll, to_whole_numbers);
  cancel_requested_ = days(roles.cancel_requested);
  paid_through_ = days(roles.paid_through);
  dunning_end_ = days(roles.dunning_end);
  first_payment_ = days(roles.first_payment);
  first_paid_invoice_ = days(roles.first_paid_invoice);
}

void TermColumns::add_to(Cuts& cuts) const {
  for (const DiscountValues& discount : discounts_) {
    cuts.add(discount.percent);
    cuts.add(discount.amount);
    cuts.add(discount.until);
  }
  for (const auto* amounts : {&tax_, &renewal_amount_}) cuts.add(*amounts);
  cuts.add(invoiced_quantity_);
  for (const auto* days :
       {&cancel_requested_, &paid_through_, &dunning_end_, &first_payment_, &first_paid_invoice_})
    cuts.add(*days);
}

Terms TermColumns::piece(std::int64_t begin, std::int64_t length) const {
  Terms terms{.status = cut(status_, begin, length),
              .kind = cut(kind_, begin, length),
              .tax = cut(tax_, begin, length),
              .renewal_amount = cut(renewal_amount_, begin, length),
              .invoiced_quantity = cut(invoiced_quantity_, begin, length),
              .cancel_requested = cut(cancel_requested_, begin, length),
              .paid_through = cut(paid_through_, begin, length),
              .dunning_end = cut(dunning_end_, begin, length),
              .first_payment = cut(first_payment_, begin, length),
              .first_paid_invoice = cut(first_paid_invoice_, begin, length)};
  for (const DiscountValues& discount : discounts_) {
    DiscountColumns columns;
    columns.percent = cut(discount.percent, begin, length);
    columns.amount = cut(discount.amount, begin, length);
    columns.duration = cut(discount.duration, begin, length);
    columns.until = cut(discount.until, begin, length);
    columns.percent_name = discount.names.percent.value_or(columns.percent_name);
    columns.amount_name = discount.names.amount.value_or(columns.amount_name);
    columns.until_name = discount.names.until.value_or(columns.until_name);
    terms.discounts.push_back(std::move(columns));
  }
  return terms;
}

void name_terms(ColumnNames& names, const TermRoles& roles) {
  names.status = roles.status.value_or(names.status);
  names.tax = roles.tax.value_or(names.tax);
  names.renewal_amount = roles.renewal_amount.value_or(names.renewal_amount);
  names.invoiced_quantity = roles.invoiced_quantity.value_or(names.invoiced_quantity);
  names.cancel_requested = roles.cancel_requested.value_or(names.cancel_requested);
  names.paid_through = roles.paid_through.value_or(names.paid_through);
  names.dunning_end = roles.dunning_end.value_or(names.dunning_end);
  names.first_payment = roles.first_payment.value_or(names.first_payment);
  names.first_paid_invoice = roles.first_paid_invoice.value_or(names.first_paid_invoice);
}

}  // namespace tenure::python
