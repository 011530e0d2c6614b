#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "arrow_write.hpp"
#include "convert.hpp"
#include "input.hpp"
#include "roles.hpp"
#include "tenure/model/spend.hpp"

/// Spend from the caller's frame.
namespace tenure::python {

/// Which columns hold what, and what counts.
struct SpendRoles {
  std::string date, amount;
  ColumnName channel, kind, paid, currency_column;
  ColumnName currency, reporting;  ///< ISO 4217 codes
  std::vector<std::string> kinds;
  bool credits = false;
  std::shared_ptr<const FxRates> rates;
};

std::shared_ptr<Spend> read_spend(const Input& table, const SpendRoles& roles, const Poll& poll);

/// The rows behind one cell: those of [begin, end) and of a channel, or of all.
std::shared_ptr<Output> spend_rows(const Spend& spend, Day begin, Day end,
                                   const std::vector<std::string>& channels, MoneyFormat format);

}  // namespace tenure::python
