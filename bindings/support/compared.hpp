#pragma once

#include <string>
#include <vector>

#include "forecast_points.hpp"

/// Forecasts of the same points beside what happened, as comparisons between them take them.
namespace tenure::python {

/// Columns in the order of the panel: series by series, each in the order of time.
struct Compared {
  Panel panel;
  std::vector<std::string> names;  ///< of the forecasts
  Numbers actual;
  std::vector<Numbers> forecasts;
  std::vector<std::int32_t> segment;        ///< of each point; empty: all are in one
  std::vector<std::uint32_t> segment_rows;  ///< a row of the caller's in each segment

  /// E_NO_ROWS, E_AMOUNT_NULL, E_AMOUNT_NAN, E_AMOUNT_INF, and what a Panel refuses.
  Compared(const Input& table, const PanelNames& panel_names, const std::string& actual_name,
           std::vector<std::string> forecast_names, const Execution& execution);

  std::size_t segments() const noexcept { return segment_rows.size(); }
  std::span<const KeyColumn> segment_keys() const noexcept {
    return panel.keys().subspan(panel.series_keys().size());
  }
  std::span<const std::span<const double>> spans() const noexcept { return spans_; }

 private:
  std::vector<std::span<const double>> spans_;
};

}  // namespace tenure::python
