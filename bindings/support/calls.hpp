#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "numbers.hpp"
#include "roles.hpp"
#include "tenure/forecast/calls.hpp"

/// Calls, snapshots of opportunities and actuals from the caller's frames.
namespace tenure::python {

/// Which columns hold what; the caller's own words for categories and outcomes, by those known here.
struct CallRoles {
  std::string taken, due, amount;
  ColumnName category, opportunity, outcome, probability, owner;
  std::vector<std::string> by;
  std::map<std::string, std::string> categories, outcomes;
  ColumnName actual;                   ///< in the same frame, or in the one of actuals
  const Input* actual_rows = nullptr;  ///< with `actual_period` and `actual`
  std::string actual_period;
};

/// Owners here are combinations of the owner and of the columns of `by`, sorted by their labels.
struct ReadCalls {
  std::vector<std::string> names;                ///< of the columns, the owner first
  std::vector<std::vector<std::string>> owners;  ///< labels
  std::string subject = "opportunity";           ///< column of opportunities
  std::vector<std::string> opportunities;        ///< by code
  std::shared_ptr<const CallHistory> history;
};
ReadCalls read_calls(const Input& table, const CallRoles& roles, const CallOptions& options,
                     const Execution& execution);

/// "2024", "2024-Q1", "2024Q1", "2024-H1", "2024-03" or a day, as its first day. Throws InputError
/// E_DATE_FORMAT; quarters and halves of other fiscal years than the civil one need a day.
Day parse_period(std::string_view text, const Calendar& calendar, const std::string& column = {},
                 std::optional<std::int64_t> row = {});

}  // namespace tenure::python
