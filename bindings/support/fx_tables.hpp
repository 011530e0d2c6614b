#pragma once

#include <string>
#include <vector>

#include "convert.hpp"
#include "input.hpp"
#include "tenure/model/fx.hpp"

/// Rates from frames of three shapes. Faults are those of FxRates::add with the row and the column, and
/// E_DATE_NULL, E_CURRENCY_NULL, E_FX_BASE.
namespace tenure::python {

/// What every table of rates has.
struct FxTable {
  const Input& input;
  std::string base;
  std::int32_t max_days_back;
  std::string date;
};

/// A row for each rate against the base.
FxRates read_long(const FxTable& table, const std::string& currency, const std::string& rate,
                  Quotation quotation, const Poll& poll);
/// A row for each rate between two currencies, of which one is the base.
FxRates read_pairs(const FxTable& table, const std::string& from, const std::string& to,
                   const std::string& rate, const Poll& poll);
/// A row for each day and a column for each currency, which is its name. `named` columns have to be
/// currencies; of the others one without any value is passed over, which is what the comma at the end of the
/// ECB's lines becomes.
FxRates read_wide(const FxTable& table, const std::vector<std::string>& columns, bool named,
                  Quotation quotation, const Poll& poll);

}  // namespace tenure::python
