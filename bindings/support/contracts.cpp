#include "contracts.hpp"

#include "snapshots.hpp"

namespace tenure::python {

ContractTable::ContractTable(const Input& input, const ContractRoles& roles, const Poll& poll)
    : rows_((check_row_count(input), input.rows())),
      names_(key_names(roles)),
      keys_(input, roles, poll),
      terms_(input, roles, poll),
      start_(to_days(input.at(roles.start), poll)),
      amount_(to_amounts(input.at(roles.amount), poll)),
      end_(maybe(input, roles.end, poll, to_days)),
      quantity_(maybe(input, roles.quantity, poll, to_whole_numbers)),
      interval_{parse_interval_unit(roles.interval.value_or("month")), roles.interval_count},
      feed_(roles.snapshots.has_value()) {
  names_.start = roles.start;
  names_.amount = roles.amount;
  names_.end = roles.end.value_or(names_.end);
  names_.quantity = roles.quantity.value_or(names_.quantity);
  name_terms(names_, roles);
  if (feed_ && rows_ > 0) end_ = snapshot_ends(keys_.customer, start_, end_, *roles.snapshots, names_);
  if (roles.refuse_subminor) keys_.refuse_subminor(input.at(roles.amount), amount_);
}

std::vector<Subscriptions> ContractTable::pieces() const {
  Cuts cuts(rows_);
  keys_.add_to(cuts);
  terms_.add_to(cuts);
  cuts.add(start_);
  cuts.add(amount_);
  cuts.add(end_);
  cuts.add(quantity_);
  return cuts.pieces([this](std::int64_t begin, std::int64_t length) {
    Subscriptions rows{.customer = {},
                       .start = start_.cut(begin, length),
                       .end = cut(end_, begin, length),
                       .amount = cut(amount_, begin, length),
                       .interval = interval_,
                       .quantity = cut(quantity_, begin, length),
                       .terms = terms_.piece(begin, length)};
    keys_.fill(rows, begin, length);
    return rows;
  });
}

}  // namespace tenure::python
