#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "forecast_points.hpp"
#include "tenure/forecast/interval.hpp"
#include "unlocked.hpp"

/// What the probabilistic scores share: rows in cells, scales of their series, tables of rows and of cells.
namespace tenure::python {

/// Rows by the labels of some columns, sorted by them; without any, all are in one cell.
class ScoreCells {
 public:
  /// E_NO_ROWS, and what the columns can have wrong.
  ScoreCells(const Input& table, const std::vector<std::string>& names, const Execution& execution);

  std::size_t rows() const noexcept { return panel_.points(); }
  std::uint32_t row_of(std::size_t place) const noexcept { return panel_.row_of(place); }
  /// First place of each cell and the end; `pooled`: all in one.
  std::span<const std::uint32_t> begin(bool pooled) const noexcept {
    return pooled ? std::span<const std::uint32_t>(whole_) : panel_.begin();
  }
  std::span<const std::uint32_t> all() const noexcept { return whole_; }
  Numbers arranged(Numbers column, const Execution& execution) const {
    return panel_.arranged(std::move(column), execution);
  }
  /// The labels of each cell, so many times each; nothing if pooled.
  void add_labels(Output& output, bool pooled, std::span<const std::size_t> cell_of_line) const;
  /// The labels of rows.
  void add_labels_of_rows(Output& output, std::span<const std::uint32_t> rows) const;

 private:
  Panel panel_;
  std::vector<std::uint32_t> whole_;
};

/// 0, 1, 2, ... up to a size.
std::vector<std::size_t> each_of(std::size_t size);
std::vector<std::uint32_t> each_row(std::size_t size);

/// Columns that say what a row is about.
struct ScaleNames {
  std::vector<std::string> series, cells;  ///< of cells: those that the rows are cut by, series among them
  std::optional<std::string> period, cutoff, horizon;
  std::string actual, grain;
};
/// Of each row, the naive error at a lag of its series in the history: NaN if there is none, 0 where it never
/// varied, infinite where no number holds it.
struct SeriesScales {
  Numbers of_row;  ///< nothing without a history
  std::size_t series = 0, without_history = 0, too_short = 0, flat = 0, infinite = 0;

  /// By name, for the notes of a result.
  std::map<std::string, std::size_t> counts() const;
};
/// What is wrong with the rows in time, too: E_DUPLICATE_ROW (two rows of one series, cell, cutoff, period
/// and horizon), E_LEAKAGE (a forecast made after its period, a history that reaches into the forecasts),
/// E_HORIZON, E_PERIOD_BEGIN; E_LAG.
SeriesScales scales_of(const Input& table, const Input* history, const ScaleNames& names, int lag,
                       const Execution& execution);

/// Columns of numbers, of which none may be missing: E_AMOUNT_NULL, E_AMOUNT_NAN, E_AMOUNT_INF.
std::vector<Numbers> all_numbers(const Input& table, const std::vector<std::string>& names,
                                 const Execution& execution);

/// What a period is called in messages: periods of months by their month.
std::function<std::string(std::size_t)> period_names(const TimeColumn& periods, const std::string& grain);

/// Values, and why there is none.
struct RowFigures {
  std::vector<double> values;
  std::vector<Undefined> reasons = {};  ///< empty if all rows have a value

  RowFigures(std::vector<double> all) : values(std::move(all)) {}
  explicit RowFigures(std::span<const Real> figures);
};

/// A figure of each row, and its means by cell.
class RowScores {
 public:
  /// `whole`: actuals leave as whole numbers.
  RowScores(const Input& table, const std::vector<std::string>& by, std::string name, Numbers actual,
            std::string actual_name, RowFigures figures, const Execution& execution, bool whole = false);

  std::shared_ptr<Output> columns() const;
  /// Points and the mean; undefined for the reason of the first row that is, or too large for a number.
  std::shared_ptr<Output> means(bool pooled) const;

 private:
  ScoreCells cells_;
  std::string name_, actual_name_;
  Numbers actual_;
  RowFigures figures_;
  bool whole_;
};

/// A line for each: level, points, below, above, coverage with limits, mean_width, interval_score, ...
void add_intervals(Output& output, std::span<const IntervalScore> intervals, bool scaled);

/// Parts of bind_quantiles() and bind_crps().
void bind_intervals(py::module_& module);
void bind_probability(py::module_& module);

}  // namespace tenure::python
