#include "scores.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "tenure/core/detail/confidence.hpp"
#include "tenure/core/error.hpp"
#include "tenure/forecast/detail/wide_sum.hpp"
#include "tenure/forecast/point_error.hpp"

namespace tenure::python {

std::vector<std::size_t> each_of(std::size_t size) {
  std::vector<std::size_t> all(size);
  std::iota(all.begin(), all.end(), std::size_t{0});
  return all;
}
std::vector<std::uint32_t> each_row(std::size_t size) {
  std::vector<std::uint32_t> all(size);
  std::iota(all.begin(), all.end(), 0U);
  return all;
}

ScoreCells::ScoreCells(const Input& table, const std::vector<std::string>& names, const Execution& execution)
    : panel_(table, {.series = {}, .by = names, .cutoff = {}, .period = {}, .horizon = {}}, execution) {
  if (table.rows() == 0)
    throw_input({.code = "E_NO_ROWS", .what = "there are no rows", .remedy = "Give at least one point."});
  whole_ = {0, static_cast<std::uint32_t>(table.rows())};
}

void ScoreCells::add_labels(Output& output, bool pooled, std::span<const std::size_t> cell_of_line) const {
  if (pooled) return;
  std::vector<std::uint32_t> rows;
  for (const std::size_t cell : cell_of_line) rows.push_back(panel_.row_of(panel_.begin()[cell]));
  add_labels_of_rows(output, rows);
}

void ScoreCells::add_labels_of_rows(Output& output, std::span<const std::uint32_t> rows) const {
  for (const KeyColumn& key : panel_.keys()) key.add_to(output, rows);
}

std::map<std::string, std::size_t> SeriesScales::counts() const {
  return {{"series", series},
          {"without_history", without_history},
          {"too_few", too_short},
          {"no_variation", flat},
          {"diverges", infinite}};
}

SeriesScales scales_of(const Input& table, const Input* history, const ScaleNames& names, int lag,
                       const Execution& execution) {
  if (names.series.empty() && !names.period && history == nullptr) return {};
  std::vector<std::string> segments;
  for (const std::string& name : names.cells)
    if (std::ranges::find(names.series, name) == names.series.end()) segments.push_back(name);
  const Panel panel(table,
                    {.series = names.series,
                     .by = segments,
                     .cutoff = names.cutoff,
                     .period = names.period,
                     .horizon = names.horizon},
                    execution);
  refuse_late_forecasts(panel, names.grain);
  refuse_other_horizons(panel, names.grain);
  if (history == nullptr) return {};
  const Panel past(*history,
                   {.series = names.series, .by = {}, .cutoff = {}, .period = names.period, .horizon = {}},
                   execution);
  const Numbers known = all_numbers(*history, {names.actual}, execution)[0];
  const Numbers values = past.arranged(known, execution);
  const ErrorScales scales = naive_scales(values.values, past.begin(), lag, execution);
  const std::vector<std::uint32_t> place_of = places_in_history(past, panel);
  auto held = std::make_shared<std::vector<double>>(panel.points(), std::numeric_limits<double>::quiet_NaN());
  SeriesScales found{.of_row = {}, .series = panel.size()};
  for (std::size_t i = 0; i < panel.size(); ++i) {
    if (place_of[i] == past.size()) {
      ++found.without_history;
      continue;
    }
    const double scale = scales.absolute[place_of[i]];
    if (std::isnan(scale))
      ++found.too_short;
    else if (std::isinf(scale))
      ++found.infinite;
    else if (!(scale > 0))
      ++found.flat;
    for (std::size_t place = panel.begin()[i]; place < panel.begin()[i + 1]; ++place)
      (*held)[panel.row_of(place)] = scale;
  }
  found.of_row = {*held, held};
  return found;
}

std::vector<Numbers> all_numbers(const Input& table, const std::vector<std::string>& names,
                                 const Execution& execution) {
  std::vector<Numbers> columns;
  for (const std::string& name : names) columns.push_back(to_numbers(table.at(name), execution.poll));
  check_numbers(table, names, columns, Missing::refuse, execution);
  return columns;
}

namespace {

/// Whether dates are firsts of several months, and so name months.
bool all_first_of_month(const TimeColumn& periods) {
  const std::size_t rows = std::max(periods.days.size(), periods.numbers.size());
  bool several = false;
  for (std::size_t row = 0; row < rows; ++row) {
    if (civil_from_days(periods.day(row)).day != 1) return false;
    several = several || periods.day(row) != periods.day(0);
  }
  return several;
}

}  // namespace

std::function<std::string(std::size_t)> period_names(const TimeColumn& periods, const std::string& grain) {
  if (!periods.present()) return {};
  const bool asked = grain == "month" || grain == "quarter" || grain == "year";
  // Found out when a message needs it, which is hardly ever.
  auto months = std::make_shared<std::optional<bool>>();
  if (!periods.dated() || asked || !grain.empty()) *months = periods.dated() && asked;
  return [periods, months](std::size_t row) {
    if (!months->has_value()) *months = all_first_of_month(periods);
    const std::string shown = periods.shown(row);
    return **months && shown.size() > 7 ? shown.substr(0, 7) : shown;
  };
}

RowFigures::RowFigures(std::span<const Real> figures) {
  values.reserve(figures.size());
  reasons.reserve(figures.size());
  for (const Real& figure : figures) {
    values.push_back(figure.value_or(0));
    reasons.push_back(figure.reason());
  }
}

RowScores::RowScores(const Input& table, const std::vector<std::string>& by, std::string name, Numbers actual,
                     std::string actual_name, RowFigures figures, const Execution& execution, bool whole)
    : cells_(table, by, execution),
      name_(std::move(name)),
      actual_name_(std::move(actual_name)),
      actual_(std::move(actual)),
      figures_(std::move(figures)),
      whole_(whole) {}

std::shared_ptr<Output> RowScores::columns() const {
  const std::span<const double> actual = actual_.values;
  auto output = std::make_shared<Output>(actual.size());
  cells_.add_labels_of_rows(*output, each_row(actual.size()));
  if (whole_) {
    std::vector<std::int64_t> numbers;
    for (const double value : actual) numbers.push_back(static_cast<std::int64_t>(value));
    output->add(actual_name_, std::move(numbers));
  } else {
    output->add(actual_name_, std::vector<double>(actual.begin(), actual.end()));
  }
  output->add(name_, OutputColumn::Data(figures_.values), figures_.reasons);
  return output;
}

std::shared_ptr<Output> RowScores::means(bool pooled) const {
  const auto begin = cells_.begin(pooled);
  std::vector<std::int64_t> points;
  std::vector<Real> means;
  for (std::size_t cell = 0; cell + 1 < begin.size(); ++cell) {
    detail::WideSum sum;
    Undefined reason = Undefined::no;
    for (std::size_t place = begin[cell]; place < begin[cell + 1]; ++place) {
      const std::uint32_t row = cells_.row_of(place);
      sum.add(figures_.values[row]);
      if (reason == Undefined::no && !figures_.reasons.empty()) reason = figures_.reasons[row];
    }
    points.push_back(begin[cell + 1] - begin[cell]);
    means.push_back(reason == Undefined::no
                        ? detail::or_diverges(sum.value() / static_cast<double>(points.back()))
                        : Real(reason));
  }
  auto output = std::make_shared<Output>(points.size());
  cells_.add_labels(*output, pooled, each_of(points.size()));
  output->add("points", std::move(points));
  add_reals(*output, name_, means);
  return output;
}

}  // namespace tenure::python
