#include <algorithm>
#include <cmath>
#include <compare>
#include <limits>

#include "accuracy.hpp"
#include "tenure/core/error.hpp"

/// Which points make an error.
namespace tenure::python {

namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

double ratio(double above, double below) noexcept { return above == 0 && below == 0 ? 0 : above / below; }

/// What a point adds to the sum behind a measure, without its sign; infinite or NaN where it has no part.
double part_of(Measure measure, double actual, double forecast) noexcept {
  const double error = std::abs(forecast - actual);
  switch (measure) {
    case Measure::mse:
    case Measure::rmse:
    case Measure::msse:
    case Measure::rmsse:
    case Measure::theil_u1:
    case Measure::theil_u2:
    case Measure::r2:
    case Measure::bias_share:
    case Measure::variance_share:
    case Measure::covariance_share:
    case Measure::acf1:
      return error * error;
    case Measure::mpe:
    case Measure::mape:
    case Measure::accuracy:
      return actual == 0 ? std::nan("") : error / std::abs(actual);
    case Measure::maape:
      return actual == 0 ? (error == 0 ? 0 : std::acos(0.0)) : std::atan(error / std::abs(actual));
    case Measure::smape:
    case Measure::smape_200:
      return ratio(2 * error, std::abs(actual) + std::abs(forecast));
    case Measure::smape_armstrong:
      return ratio(2 * error, std::abs(actual + forecast));
    default:
      return error;
  }
}

/// How a key of the caller's compares with that of a row.
std::strong_ordering compare_id(const KeyColumn& key, std::size_t row, const Id& wanted) {
  if (const auto* number = std::get_if<std::int64_t>(&wanted); number != nullptr && key.is_number())
    return key.number(row) <=> *number;
  if (const auto* text = std::get_if<std::string>(&wanted); text != nullptr && !key.is_number())
    return key.text(row) <=> std::string_view(*text);
  throw_option({.code = "E_KEY_TYPE",
                .what = std::string("series= is a ") + (key.is_number() ? "text" : "number") +
                        ", the column a " + (key.is_number() ? "number" : "text"),
                .column = key.name(),
                .remedy = "Give the name as it is in the column."});
}

}  // namespace

double PointAccuracy::weight_of(Measure measure, std::size_t series) const {
  const auto scaled = [&](const std::vector<double>& scales) {
    const double scale = scales[scale_of_.empty() ? series : scale_of_[series]];
    return std::isinf(scale) ? unknown : 1 / scale;
  };
  if (scales_.absolute.empty()) return 1;
  if (measure == Measure::mase || measure == Measure::owa) return scaled(scales_.absolute);
  if (measure == Measure::msse || measure == Measure::rmsse) return scaled(scales_.squared);
  return measure == Measure::spis ? scaled(scales_.level) : 1;
}

std::pair<std::size_t, std::size_t> PointAccuracy::places_of(const std::vector<Id>& series) const {
  const auto keys = panel_.series_keys();
  if (series.size() != keys.size())
    throw_option({.code = "E_SERIES",
                  .what = std::to_string(series.size()) + " names for a series of " +
                          std::to_string(keys.size()) + " columns",
                  .remedy = "Give one name for each column of series=, as a tuple if there are several."});
  const auto compare = [&](std::size_t at) {
    const std::uint32_t row = panel_.row_of(panel_.begin()[at]);
    for (std::size_t i = 0; i < keys.size(); ++i)
      if (const auto order = compare_id(keys[i], row, series[i]); order != 0) return order;
    return std::strong_ordering::equal;
  };
  std::size_t first = 0, count = panel_.size();
  while (count > 0) {
    const std::size_t half = count / 2;
    if (compare(first + half) < 0) {
      first += half + 1;
      count -= half + 1;
    } else {
      count = half;
    }
  }
  std::size_t end = first;
  while (end < panel_.size() && compare(end) == 0) ++end;
  if (first == end) {
    std::string shown;
    for (const Id& id : series)
      shown += (shown.empty() ? "" : ", ") +
               std::visit(
                   [](const auto& key) {
                     if constexpr (std::is_same_v<std::decay_t<decltype(key)>, std::string>)
                       return printable(key);
                     else
                       return std::to_string(key);
                   },
                   id);
    throw_option({.code = "E_SERIES",
                  .what = "there is no series " + shown,
                  .value = shown,
                  .remedy = "The result lists all series."});
  }
  return {first, end};
}

std::shared_ptr<Output> PointAccuracy::explain(const std::optional<std::vector<Id>>& series,
                                               std::size_t forecast, Measure measure,
                                               std::size_t most) const {
  const auto [first, end] =
      series ? places_of(*series) : std::pair<std::size_t, std::size_t>{0, panel_.size()};
  struct Part {
    double size;
    std::uint32_t place;
  };
  std::vector<Part> parts;
  const std::span<const double> forecasts = forecasts_[forecast].values;
  double sum = 0;
  for (std::size_t i = first; i < end; ++i) {
    const double weight = weight_of(measure, i);
    for (std::uint32_t place = panel_.begin()[i]; place < panel_.begin()[i + 1]; ++place) {
      const double size = weight * part_of(measure, actual_.values[place], forecasts[place]);
      if (!std::isfinite(size) || !std::isfinite(forecasts[place] - actual_.values[place])) continue;
      parts.push_back({size, place});
      sum += size;
    }
  }
  const std::size_t shown = std::min(most, parts.size());
  std::ranges::partial_sort(parts, parts.begin() + static_cast<std::ptrdiff_t>(shown), [](Part a, Part b) {
    return a.size != b.size ? a.size > b.size : a.place < b.place;
  });
  parts.resize(shown);
  std::vector<std::uint32_t> rows;
  std::vector<double> actual, predicted, error;
  std::vector<Real> share;
  std::vector<std::int64_t> number;
  for (const Part& part : parts) {
    rows.push_back(panel_.row_of(part.place));
    number.push_back(rows.back());
    actual.push_back(actual_.values[part.place]);
    predicted.push_back(forecasts[part.place]);
    error.push_back(predicted.back() - actual.back());
    share.push_back(std::isfinite(sum) ? divide(part.size, sum, Undefined::no_error)
                                       : Real(Undefined::diverges));
  }
  auto output = std::make_shared<Output>(shown);
  for (const KeyColumn& segment : panel_.keys().subspan(panel_.series_keys().size()))
    segment.add_to(*output, rows);
  for (const KeyColumn& key : panel_.series_keys()) key.add_to(*output, rows);
  for (const TimeColumn* times : {&panel_.cutoff(), &panel_.period(), &panel_.horizon()})
    if (times->present()) add_times(*output, *times, rows);
  output->add("row", std::move(number));
  output->add("actual", std::move(actual));
  output->add("forecast", std::move(predicted));
  output->add("error", std::move(error));
  add_reals(*output, "share", share);
  return output;
}

}  // namespace tenure::python
