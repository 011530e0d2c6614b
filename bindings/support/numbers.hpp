#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "arrow_write.hpp"
#include "convert.hpp"
#include "input.hpp"
#include "tenure/core/real.hpp"

/// Columns of plain numbers and of groups, as the kernels outside the book take them.
namespace tenure::python {

/// Doubles in one run: the caller's memory where it is that already, else a copy. Null is NaN; the kernels
/// say which column may hold it.
struct Numbers {
  std::span<const double> values;
  std::shared_ptr<const void> owner;

  operator std::span<const double>() const noexcept { return values; }
};
/// Whole numbers, floats, decimals and truths. E_TYPE.
Numbers to_numbers(const InputColumn& column, const Poll& poll);
/// The same of a column that need not be there: no values.
Numbers maybe_numbers(const Input& input, const std::optional<std::string>& name, const Poll& poll);

/// Rows by the labels of one or more columns. Groups are sorted by their labels; null is "(none)".
struct Groups {
  std::vector<std::string> names;                ///< of the columns
  std::vector<std::vector<std::string>> labels;  ///< by group, then by column
  std::vector<std::int32_t> codes;  ///< the group of each row; empty without columns: all are in 0

  std::size_t size() const noexcept { return labels.size(); }
};
Groups to_groups(const Input& input, const std::vector<std::string>& names, const Poll& poll);
/// A text column for each name, by the group of each row of the output.
void add_groups(Output& output, const Groups& groups, std::span<const std::size_t> group_of_row);

void add_reals(Output& output, std::string name, std::span<const Real> values);

}  // namespace tenure::python
