#pragma once

#include "keys.hpp"

namespace tenure::python {

/// What a row says beside its price and dates.
class TermColumns {
 public:
  TermColumns(const Input& input, const TermRoles& roles, const Poll& poll);

  void add_to(Cuts& cuts) const;
  Terms piece(std::int64_t begin, std::int64_t length) const;

 private:
  struct DiscountValues {
    DiscountRoles names;
    std::optional<AmountColumn> percent, amount;
    std::optional<std::vector<DiscountDuration>> duration;
    std::optional<Values<Day>> until;
  };

  std::optional<std::vector<SubscriptionStatus>> status_;
  std::optional<std::vector<ChargeKind>> kind_;
  std::vector<DiscountValues> discounts_;
  std::optional<AmountColumn> tax_, renewal_amount_;
  std::optional<Values<std::int64_t>> invoiced_quantity_;
  std::optional<Values<Day>> cancel_requested_, paid_through_, dunning_end_, first_payment_,
      first_paid_invoice_;
};

/// The caller's names of these columns.
void name_terms(ColumnNames& names, const TermRoles& roles);

}  // namespace tenure::python
