#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "forecast_points.hpp"
#include "tenure/core/column.hpp"
#include "tenure/forecast/point_error.hpp"
#include "tenure/model/subscription.hpp"

/// Errors of a long frame of forecasts, by series and by what cuts them.
namespace tenure::python {

struct AccuracyNames {
  std::string actual;
  std::vector<std::string> forecasts;
  std::optional<std::string> benchmark;
};

struct AccuracyOptions {
  PointErrorOptions errors;
  std::string grain;        ///< empty: a month if periods are texts such as "2024-03", else a day
  bool skip = false;        ///< rows without an actual or a forecast are left out
  bool test_scale = false;  ///< scaled errors by the naive errors of the test points themselves
  int lag = 1;
};

/// What cuts the points of all series.
enum class Cut : std::uint8_t { all, horizon, cutoff, segment };
Cut parse_cut(std::string_view name);

/// Series, or parts of them, that have no such measure for a reason: of one forecast or of several.
struct Gap {
  std::string measure;
  std::int64_t parts = 0, of = 0;
  std::string what;  ///< "series", "parts" of series, or "rows" of the table
  std::string reason;
};
struct AccuracyTable {
  std::shared_ptr<Output> columns;
  std::vector<Gap> gaps = {};
  bool by_place = false;  ///< horizons are places within the series and cutoff
};

class PointAccuracy {
 public:
  PointAccuracy(const Input& table, PanelNames names, AccuracyNames columns, std::vector<Measure> measures,
                const Input* history, const AccuracyOptions& options, const Execution& execution);

  /// A row for each series and forecast.
  AccuracyTable by_series(const Execution& execution) const;
  /// A row for each label of the cut and forecast.
  AccuracyTable pooled(Cut cut, Pooling pooling, const Execution& execution) const;
  /// The points that make the error of a series, or of all, largest first; at most `most`.
  std::shared_ptr<Output> explain(const std::optional<std::vector<Id>>& series, std::size_t forecast,
                                  Measure measure, std::size_t most) const;

  int threads() const noexcept { return options_.errors.execution.threads; }
  std::size_t series() const noexcept { return panel_.size(); }
  std::size_t points() const noexcept { return panel_.points(); }
  std::size_t skipped() const noexcept { return skipped_; }
  std::size_t without_history() const noexcept { return without_history_; }
  /// How many histories leave out periods (steps longer than the grain, or than the shortest of all), and the
  /// name of the first series of these.
  std::pair<std::size_t, std::string> history_gaps() const;
  std::size_t zero_actuals() const noexcept;

 private:
  void take_history(const Input& history, const Execution& execution);
  void scale_by_test(const Execution& execution);
  /// Cells of points, which have figures of their own, and groups of cells.
  struct Cells {
    std::vector<std::uint32_t> begin, scale, groups = {}, runs = {};
    std::vector<std::uint32_t> places = {};  ///< of the panel; empty: all as they lie
    Numbers actual = {}, benchmark = {};

    std::size_t size() const noexcept { return begin.size() - 1; }
  };
  using Figures = std::vector<std::vector<MeasureColumn>>;  ///< by forecast
  struct Labels {
    std::vector<std::int64_t> of;  ///< each point: its horizon, its cutoff, or a number for its segment
    bool by_place = false;
  };
  Labels labels_of(Cut cut) const;
  std::vector<std::int64_t> segment_numbers() const;
  std::vector<std::int64_t> places_within() const;
  /// First points of what follows one another: a series, of one cutoff. Empty without cutoffs, or if no
  /// measure steps.
  std::vector<std::uint32_t> runs_of(std::span<const std::uint32_t> places) const;
  Cells all_cells() const;
  Cells cells_of(Regrouped regrouped, Cut cut, const Execution& execution) const;
  Figures figures_of(const Cells& cells, std::span<const Measure> measures,
                     const PointErrorOptions& options) const;
  AccuracyTable pooled_all(const PointErrorOptions& options) const;
  void add_figures(AccuracyTable& table, Figures figures, const Cells& cells, std::string_view parts,
                   const PointErrorOptions& options) const;
  /// What is not defined, of all that has figures of its own.
  std::vector<Gap> gaps_of(const Cells& cells, const Figures& figures, std::string_view parts,
                           const PointErrorOptions& options) const;
  void add_forecast_names(Output& output, std::size_t groups) const;
  double weight_of(Measure measure, std::size_t series) const;
  std::pair<std::size_t, std::size_t> places_of(const std::vector<Id>& series) const;

  PanelNames names_;
  AccuracyNames columns_;
  std::vector<Measure> measures_;
  AccuracyOptions options_;
  Panel panel_;
  Numbers actual_, benchmark_;
  std::vector<Numbers> forecasts_;
  ErrorScales scales_;
  std::vector<std::uint32_t> scale_of_;  ///< of each series
  std::optional<Panel> past_;
  std::vector<std::int64_t> places_;  ///< of each point within its series, where rows were left out
  std::size_t skipped_ = 0, without_history_ = 0;
};

}  // namespace tenure::python
