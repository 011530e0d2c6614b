#include "invoices.hpp"

namespace tenure::python {

InvoiceTable::InvoiceTable(const Input& input, const InvoiceRoles& roles, const Poll& poll)
    : rows_((check_row_count(input), input.rows())),
      names_(key_names(roles)),
      keys_(input, roles, poll),
      service_start_(to_days(input.at(roles.service_start), poll)),
      service_end_(to_days(input.at(roles.service_end), poll)),
      amount_(to_amounts(input.at(roles.amount), poll)),
      tax_(maybe(input, roles.tax, poll, to_optional_amounts)),
      discount_(maybe(input, roles.discount, poll, to_optional_amounts)),
      discount_duration_(maybe(input, roles.discount_duration, poll, to_durations)),
      kind_(maybe(input, roles.kind, poll, to_line_kinds)),
      prorated_(maybe(input, roles.prorated, poll, to_flags)),
      paid_on_(maybe(input, roles.paid_on, poll, to_days)) {
  names_.start = roles.service_start;
  names_.end = roles.service_end;
  names_.amount = roles.amount;
  names_.tax = roles.tax.value_or(names_.tax);
  names_.discount = roles.discount.value_or(names_.discount);
  names_.paid_on = roles.paid_on.value_or(names_.paid_on);
  if (roles.interval) interval_ = Interval{parse_interval_unit(*roles.interval), roles.interval_count};
  if (roles.refuse_subminor) keys_.refuse_subminor(input.at(roles.amount), amount_);
}

std::vector<InvoiceLines> InvoiceTable::pieces() const {
  Cuts cuts(rows_);
  keys_.add_to(cuts);
  cuts.add(service_start_);
  cuts.add(service_end_);
  cuts.add(amount_);
  cuts.add(tax_);
  cuts.add(discount_);
  cuts.add(paid_on_);
  return cuts.pieces([this](std::int64_t begin, std::int64_t length) {
    InvoiceLines rows{.customer = {},
                      .service_start = service_start_.cut(begin, length),
                      .service_end = service_end_.cut(begin, length),
                      .amount = cut(amount_, begin, length),
                      .tax = cut(tax_, begin, length),
                      .discount = cut(discount_, begin, length),
                      .discount_duration = cut(discount_duration_, begin, length),
                      .kind = cut(kind_, begin, length),
                      .prorated = cut(prorated_, begin, length),
                      .interval = interval_,
                      .paid_on = cut(paid_on_, begin, length)};
    keys_.fill(rows, begin, length);
    return rows;
  });
}

}  // namespace tenure::python
