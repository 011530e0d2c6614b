#pragma once

#include "terms.hpp"

namespace tenure::python {

/// A table of contracts, converted once: it can be read under any policy. Keeps what it borrows alive.
class ContractTable {
 public:
  ContractTable(const Input& input, const ContractRoles& roles, const Poll& poll);

  /// All columns cut where one of them is cut.
  std::vector<Subscriptions> pieces() const;
  const ColumnNames& names() const noexcept { return names_; }
  std::int64_t rows() const noexcept { return rows_; }
  /// Whether its ends are those that a feed of snapshots implies: always first days no longer paid for.
  bool is_feed() const noexcept { return feed_; }
  std::vector<Note> notes() const { return keys_.notes(); }

 private:
  std::int64_t rows_;
  ColumnNames names_;
  KeyColumns keys_;
  TermColumns terms_;
  Values<Day> start_;
  AmountColumn amount_;
  std::optional<Values<Day>> end_;
  std::optional<Values<std::int64_t>> quantity_;
  Interval interval_;
  bool feed_;
};

}  // namespace tenure::python
