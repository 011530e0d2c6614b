#pragma once

#include "keys.hpp"
#include "tenure/model/invoice.hpp"

namespace tenure::python {

/// A table of invoice lines, converted once: it can be read under any policy. Keeps what it borrows alive.
class InvoiceTable {
 public:
  InvoiceTable(const Input& input, const InvoiceRoles& roles, const Poll& poll);

  /// All columns cut where one of them is cut.
  std::vector<InvoiceLines> pieces() const;
  const ColumnNames& names() const noexcept { return names_; }
  std::int64_t rows() const noexcept { return rows_; }
  std::vector<Note> notes() const { return keys_.notes(); }

 private:
  std::int64_t rows_;
  ColumnNames names_;
  KeyColumns keys_;
  Values<Day> service_start_, service_end_;
  AmountColumn amount_;
  std::optional<AmountColumn> tax_, discount_;
  std::optional<std::vector<DiscountDuration>> discount_duration_;
  std::optional<std::vector<InvoiceLineKind>> kind_;
  std::optional<std::vector<std::uint8_t>> prorated_;
  std::optional<Values<Day>> paid_on_;
  std::optional<Interval> interval_ = {};
};

}  // namespace tenure::python
