#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tenure/model/snapshot.hpp"

/// Which column plays which part; the names of the caller.
namespace tenure::python {

using ColumnName = std::optional<std::string>;

/// What contracts and invoice lines have in common.
struct KeyRoles {
  std::string customer;
  ColumnName subscription, product, currency_column, interval_column, interval_count_column;
  ColumnName recorded, superseded, id, version;  ///< since when the row is known, and until when
  ColumnName invoiced, purchased;                ///< days whose exchange rates it may be worth
  std::vector<std::string> by;
  std::optional<std::string> interval;
  std::int32_t interval_count = 1;
  std::optional<std::string> currency;
  bool refuse_subminor = false;
};

/// One discount; several of them stack.
struct DiscountRoles {
  ColumnName percent, amount, duration, until;
};

struct TermRoles {
  ColumnName status, kind, tax, renewal_amount, invoiced_quantity, cancel_requested, paid_through,
      dunning_end, first_payment, first_paid_invoice;
  std::vector<DiscountRoles> discounts;
};

struct ContractRoles : KeyRoles, TermRoles {
  std::string start, amount;
  ColumnName end, quantity;
  std::optional<SnapshotOptions> snapshots;  ///< of a feed: `start` are the days of its snapshots
};

struct InvoiceRoles : KeyRoles {
  std::string service_start, service_end, amount;
  ColumnName tax, discount, discount_duration, kind, prorated, paid_on;
};

}  // namespace tenure::python
