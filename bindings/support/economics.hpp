#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "frame_columns.hpp"
#include "numbers.hpp"
#include "tenure/economics/cac.hpp"
#include "tenure/economics/efficiency.hpp"

/// Columns of figures that hold spend against something.
namespace tenure::python {

/// Spend in major units, null where nobody knows it.
template <class Cell>
void add_spend(Output& output, const std::vector<Cell>& cells, MoneyFormat format) {
  std::vector<RunRateSum> amounts;
  std::vector<Undefined> reasons;
  for (const Cell& cell : cells) {
    amounts.emplace_back(cell.spend.amount);
    reasons.push_back(cell.spend.reason);
  }
  output.add_money("spend", amounts, format, std::move(reasons), 12);
}

template <class Cell, class Figure>
void add_figure(Output& output, std::string name, const std::vector<Cell>& cells, Figure&& figure) {
  std::vector<Real> values;
  for (const Cell& cell : cells) values.push_back(figure(cell));
  add_reals(output, std::move(name), values);
}

/// One row a segment, for totals over the window.
inline Output by_segment(const Frame& frame) {
  Output output(frame.segments.size());
  Texts labels;
  for (const std::string& label : frame.segments) labels.push_back(label);
  if (!frame.by.empty()) output.add(frame.by, std::move(labels));
  return output;
}

/// Bound by bind_economics().
void bind_worth(py::module_& module);

}  // namespace tenure::python
