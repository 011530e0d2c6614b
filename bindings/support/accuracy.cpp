#include "accuracy.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "tenure/core/error.hpp"

namespace tenure::python {

namespace {

/// Measures that every point has, unless they are too large for a number.
bool always_defined(Measure measure) noexcept {
  switch (measure) {
    case Measure::me:
    case Measure::mae:
    case Measure::mse:
    case Measure::rmse:
    case Measure::median_ae:
    case Measure::pis:
    case Measure::cfe:
      return true;
    default:
      return false;
  }
}

/// Values of several columns in turn: the first of each, then the second.
template <class T>
std::vector<T> interleaved(std::vector<std::vector<T>*> columns, std::size_t size) {
  if (columns.size() == 1) return std::move(*columns[0]);
  std::vector<T> all;
  all.reserve(size * columns.size());
  for (std::size_t i = 0; i < size; ++i)
    for (const std::vector<T>* column : columns) all.push_back((*column)[i]);
  return all;
}

std::vector<std::uint32_t> repeated(std::span<const std::uint32_t> rows, std::size_t times) {
  std::vector<std::uint32_t> all;
  all.reserve(rows.size() * times);
  for (const std::uint32_t row : rows) all.insert(all.end(), times, row);
  return all;
}

}  // namespace

Cut parse_cut(std::string_view name) {
  if (name == "horizon") return Cut::horizon;
  if (name == "cutoff") return Cut::cutoff;
  return name == "segment" ? Cut::segment : Cut::all;
}

PointAccuracy::PointAccuracy(const Input& table, PanelNames names, AccuracyNames columns,
                             std::vector<Measure> measures, const Input* history,
                             const AccuracyOptions& options, const Execution& execution)
    : names_(std::move(names)),
      columns_(std::move(columns)),
      measures_(std::move(measures)),
      options_(options),
      panel_(table, names_, execution) {
  std::vector<std::string> read{columns_.actual};
  read.insert(read.end(), columns_.forecasts.begin(), columns_.forecasts.end());
  std::size_t benchmark = 0;  // a place of `read`: mostly it is one of the forecasts
  if (columns_.benchmark) {
    benchmark = static_cast<std::size_t>(std::ranges::find(read, *columns_.benchmark) - read.begin());
    if (benchmark == read.size()) read.push_back(*columns_.benchmark);
  }
  std::vector<Numbers> numbers;
  for (const std::string& name : read) numbers.push_back(to_numbers(table.at(name), execution.poll));
  const std::vector<std::uint8_t> kept =
      check_numbers(table, read, numbers, options_.skip ? Missing::skip : Missing::may_skip, execution);
  if (!kept.empty()) {
    skipped_ = static_cast<std::size_t>(std::ranges::count(kept, std::uint8_t{0}));
    const std::vector<std::int64_t> places = places_within();
    for (std::size_t place = 0; place < places.size(); ++place)
      if (kept[panel_.row_of(place)] != 0) places_.push_back(places[place]);
    panel_.keep(kept);
  }
  if (panel_.points() == 0)
    throw_input({.code = "E_NO_ROWS",
                 .what = skipped_ > 0 ? "no row has both an actual and a forecast" : "there are no rows",
                 .column = columns_.actual,
                 .remedy = "Give at least one point."});
  refuse_late_forecasts(panel_, options_.grain);
  refuse_other_horizons(panel_, options_.grain);
  for (Numbers& column : numbers) column = panel_.arranged(std::move(column), execution);
  if (columns_.benchmark) benchmark_ = numbers[benchmark];
  actual_ = std::move(numbers[0]);
  numbers.resize(1 + columns_.forecasts.size());
  forecasts_.assign(std::make_move_iterator(numbers.begin() + 1), std::make_move_iterator(numbers.end()));
  if (history != nullptr)
    take_history(*history, execution);
  else if (options_.test_scale)
    scale_by_test(execution);
}

std::size_t PointAccuracy::zero_actuals() const noexcept {
  return static_cast<std::size_t>(std::ranges::count(actual_.values, 0.0));
}

void PointAccuracy::add_forecast_names(Output& output, std::size_t groups) const {
  Texts names;
  for (std::size_t i = 0; i < groups; ++i)
    for (const std::string& name : columns_.forecasts) names.push_back(name);
  output.add("forecast", std::move(names));
}

PointAccuracy::Cells PointAccuracy::all_cells() const {
  const std::span<const std::uint32_t> begin = panel_.begin();
  return {.begin = {begin.begin(), begin.end()},
          .scale = scale_of_,
          .runs = runs_of({}),
          .actual = actual_,
          .benchmark = benchmark_};
}

PointAccuracy::Cells PointAccuracy::cells_of(Regrouped regrouped, Cut cut, const Execution& execution) const {
  Cells cells{.begin = std::move(regrouped.begin),
              .scale = std::move(regrouped.series),
              .groups = std::move(regrouped.groups),
              .places = std::move(regrouped.places)};
  if (!scale_of_.empty())
    for (std::uint32_t& series : cells.scale) series = scale_of_[series];
  // At one horizon, errors follow one another from cutoff to cutoff.
  if (cut != Cut::horizon) cells.runs = runs_of(cells.places);
  cells.actual = gathered(actual_, cells.places, execution);
  if (columns_.benchmark) cells.benchmark = gathered(benchmark_, cells.places, execution);
  return cells;
}

PointAccuracy::Figures PointAccuracy::figures_of(const Cells& cells, std::span<const Measure> measures,
                                                 const PointErrorOptions& options) const {
  Figures figures;
  for (const Numbers& column : forecasts_) {
    const Numbers forecast =
        cells.places.empty() ? column : gathered(column, cells.places, options.execution);
    figures.push_back(point_errors({.actual = cells.actual,
                                    .forecast = forecast,
                                    .benchmark = cells.benchmark,
                                    .begin = cells.begin,
                                    .scale = cells.scale,
                                    .groups = cells.groups,
                                    .runs = cells.runs},
                                   scales_, measures, options));
  }
  return figures;
}

void PointAccuracy::add_figures(AccuracyTable& table, Figures figures, const Cells& cells,
                                std::string_view parts, const PointErrorOptions& options) const {
  table.gaps = gaps_of(cells, figures, parts, options);
  const std::size_t groups = figures[0].empty() ? 0 : figures[0][0].value.size();
  for (std::size_t m = 0; m < measures_.size(); ++m) {
    std::vector<std::vector<double>*> values;
    std::vector<std::vector<Undefined>*> reasons;
    const std::string name(name_of(measures_[m]));
    for (std::vector<MeasureColumn>& of_forecast : figures) {
      values.push_back(&of_forecast[m].value);
      reasons.push_back(&of_forecast[m].reason);
    }
    const bool whole = always_defined(measures_[m]) &&
                       std::ranges::none_of(table.gaps, [&](const Gap& gap) { return gap.measure == name; });
    OutputColumn::Data data = interleaved(std::move(values), groups);
    if (whole)
      table.columns->add(name, std::move(data));
    else
      table.columns->add(name, std::move(data), interleaved(std::move(reasons), groups));
  }
}

AccuracyTable PointAccuracy::by_series(const Execution& execution) const {
  PointErrorOptions options = options_.errors;
  options.execution = execution;
  const Cells cells = all_cells();
  const std::size_t times = forecasts_.size();
  std::vector<std::uint32_t> rows;
  std::vector<std::int64_t> points;
  rows.reserve(panel_.size() * times);
  points.reserve(panel_.size() * times);
  for (std::size_t i = 0; i < panel_.size(); ++i) {
    rows.insert(rows.end(), times, panel_.row_of(panel_.begin()[i]));
    points.insert(points.end(), times, panel_.begin()[i + 1] - panel_.begin()[i]);
  }
  AccuracyTable table{.columns = std::make_shared<Output>(rows.size())};
  const auto keys = panel_.keys();
  for (const KeyColumn& segment : keys.subspan(panel_.series_keys().size()))
    segment.add_to(*table.columns, rows);
  for (const KeyColumn& key : panel_.series_keys()) key.add_to(*table.columns, rows);
  add_forecast_names(*table.columns, panel_.size());
  table.columns->add("points", std::move(points));
  add_figures(table, figures_of(cells, measures_, options), cells, "series", options);
  return table;
}

AccuracyTable PointAccuracy::pooled(Cut cut, Pooling pooling, const Execution& execution) const {
  PointErrorOptions options = options_.errors;
  options.pooling = pooling;
  options.execution = execution;
  if (cut == Cut::all) return pooled_all(options);
  const Labels labels = labels_of(cut);
  Regrouped regrouped = regroup(panel_, ranked(labels.of));
  const std::vector<std::uint32_t> first_places = std::move(regrouped.first);
  const std::size_t groups = first_places.size(), times = forecasts_.size();
  const Cells cells = cells_of(std::move(regrouped), cut, execution);
  std::vector<std::uint32_t> rows;
  std::vector<std::int64_t> horizons, series, points;
  for (std::size_t group = 0; group < groups; ++group) {
    const std::uint32_t first = cells.groups[group], end = cells.groups[group + 1];
    rows.push_back(panel_.row_of(first_places[group]));
    series.insert(series.end(), times, end - first);
    points.insert(points.end(), times, cells.begin[end] - cells.begin[first]);
    if (cut == Cut::horizon) horizons.insert(horizons.end(), times, labels.of[first_places[group]]);
  }
  AccuracyTable table{.columns = std::make_shared<Output>(groups * times), .by_place = labels.by_place};
  if (cut == Cut::horizon)
    table.columns->add(panel_.horizon().present() ? panel_.horizon().name : "horizon", std::move(horizons));
  else if (cut == Cut::cutoff)
    add_times(*table.columns, panel_.cutoff(), repeated(rows, times));
  else
    for (const KeyColumn& segment : panel_.keys().subspan(panel_.series_keys().size()))
      segment.add_to(*table.columns, repeated(rows, times));
  add_forecast_names(*table.columns, groups);
  table.columns->add("series", std::move(series));
  table.columns->add("points", std::move(points));
  add_figures(table, figures_of(cells, measures_, options), cells, "parts", options);
  return table;
}

AccuracyTable PointAccuracy::pooled_all(const PointErrorOptions& options) const {
  Cells cells = all_cells();
  cells.groups = {0, static_cast<std::uint32_t>(panel_.size())};
  const std::size_t times = forecasts_.size();
  AccuracyTable table{.columns = std::make_shared<Output>(times)};
  add_forecast_names(*table.columns, 1);
  table.columns->add("series", std::vector<std::int64_t>(times, static_cast<std::int64_t>(panel_.size())));
  table.columns->add("points", std::vector<std::int64_t>(times, static_cast<std::int64_t>(panel_.points())));
  add_figures(table, figures_of(cells, measures_, options), cells, "series", options);
  return table;
}

}  // namespace tenure::python
