#include <charconv>
#include <cmath>
#include <limits>

#include "support/history.hpp"
#include "support/signals.hpp"
#include "tenure/forecast/naive.hpp"

/// Histories of many series, what naive methods make of them, and the rows of a backtest.
namespace tenure::python {

namespace {

using Whole = py::array_t<std::int64_t, py::array::c_style | py::array::forcecast>;
using Doubles = py::array_t<double, py::array::c_style | py::array::forcecast>;

template <class T>
std::span<const typename T::value_type> span_of(const T& array) {
  return {array.data(), static_cast<std::size_t>(array.size())};
}

template <class T>
py::array_t<T> copied(const std::vector<T>& values) {
  return py::array_t<T>(static_cast<py::ssize_t>(values.size()), values.data());
}

/// A forecast for each series and step, by every method.
std::shared_ptr<Output> naive_columns(const SeriesHistory& held, const std::vector<std::string>& names,
                                      int horizon, int lag, std::optional<double> confidence) {
  SignalCheck signals;
  const py::gil_scoped_release unlocked;
  const NaiveOptions options{.horizon = horizon,
                             .lag = lag,
                             .confidence = confidence,
                             .execution = {.poll = [&signals] { signals(); }}};
  std::vector<NaiveForecasts> found;
  for (const std::string& name : names)
    found.push_back(
        naive_forecasts(held.history.values, held.history.begin, parse_naive_method(name), options));
  const std::size_t series = held.history.size(), steps = static_cast<std::size_t>(horizon);
  std::vector<std::size_t> series_of_row;
  std::vector<std::int64_t> periods, ahead;
  for (std::size_t i = 0; i < series; ++i)
    for (std::size_t step = 1; step <= steps; ++step) {
      series_of_row.push_back(i);
      periods.push_back(held.history.step.advance(held.history.periods[held.history.begin[i + 1] - 1],
                                                  static_cast<std::int64_t>(step)));
      ahead.push_back(static_cast<std::int64_t>(step));
    }
  auto output = std::make_shared<Output>(periods.size());
  held.add_series(*output, series_of_row);
  held.add_periods(*output, held.period_column, std::move(periods));
  output->add("horizon", std::move(ahead));
  const auto put = [&](const std::string& name, std::vector<double> values,
                       const std::vector<Undefined>& why) {
    std::vector<Undefined> reasons;
    for (const Undefined reason : why) reasons.insert(reasons.end(), steps, reason);
    output->add(name, OutputColumn::Data(std::move(values)), std::move(reasons));
  };
  for (std::size_t i = 0; i < names.size(); ++i) {
    put(names[i], std::move(found[i].value), found[i].reason);
    if (!confidence) continue;
    put(names[i] + "_lower", std::move(found[i].lower), found[i].limit_reason);
    put(names[i] + "_upper", std::move(found[i].upper), found[i].limit_reason);
  }
  return output;
}

/// Forecasts from parts of the history: of each of some series the values [from, to). NaN where too few,
/// infinite where a figure is beyond every number.
Doubles naive_from(const SeriesHistory& held, const std::string& name, const Whole& from, const Whole& to,
                   int horizon, int lag) {
  std::vector<double> values;
  std::vector<std::uint32_t> begin = {0};
  for (py::ssize_t i = 0; i < from.size(); ++i) {
    const auto first = held.history.values.begin();
    values.insert(values.end(), first + from.at(i), first + to.at(i));
    begin.push_back(static_cast<std::uint32_t>(values.size()));
  }
  NaiveForecasts found =
      naive_forecasts(values, begin, parse_naive_method(name), {.horizon = horizon, .lag = lag});
  for (std::size_t i = 0; i + 1 < begin.size(); ++i)
    if (const Undefined reason = found.reason[i]; reason != Undefined::no)
      std::fill_n(found.value.begin() + static_cast<std::ptrdiff_t>(i) * horizon, horizon,
                  reason == Undefined::diverges ? std::numeric_limits<double>::infinity() : std::nan(""));
  return copied(found.value);
}

/// The rows of a backtest: an actual beside each forecast, NaN where a method had too few values.
std::shared_ptr<Output> backtest_columns(const SeriesHistory& held, const Whole& series, const Whole& cutoff,
                                         const Whole& place, const Whole& horizon,
                                         const std::vector<std::string>& names,
                                         const std::vector<Doubles>& forecasts) {
  const std::size_t rows = static_cast<std::size_t>(series.size());
  std::vector<std::size_t> series_of_row;
  std::vector<std::int64_t> periods;
  std::vector<double> actual;
  for (std::size_t row = 0; row < rows; ++row) {
    const auto at = static_cast<std::size_t>(place.data()[row]);
    series_of_row.push_back(static_cast<std::size_t>(series.data()[row]));
    periods.push_back(held.history.periods[at]);
    actual.push_back(held.history.values[at]);
  }
  auto output = std::make_shared<Output>(rows);
  held.add_series(*output, series_of_row);
  const auto cutoffs = span_of(cutoff), steps = span_of(horizon);
  held.add_periods(*output, "cutoff", {cutoffs.begin(), cutoffs.end()});
  held.add_periods(*output, held.period_column, std::move(periods));
  output->add("horizon", std::vector<std::int64_t>(steps.begin(), steps.end()));
  output->add("actual", std::move(actual));
  for (std::size_t i = 0; i < names.size(); ++i) {
    std::vector<Real> values;
    for (const double value : span_of(forecasts[i]))
      values.push_back(std::isnan(value)   ? Real(Undefined::too_few)
                       : std::isinf(value) ? Real(Undefined::diverges)
                                           : Real(value));
    add_reals(*output, names[i], values);
  }
  return output;
}

/// The values of each series up to its given one, as a table of its own.
std::shared_ptr<Output> history_columns(const SeriesHistory& held, const Whole& places,
                                        const std::optional<std::string>& value) {
  std::vector<std::size_t> series_of_row;
  std::vector<std::int64_t> periods;
  std::vector<double> values;
  for (const std::int64_t place : span_of(places)) {
    const auto at = static_cast<std::size_t>(place);
    const auto after = std::ranges::upper_bound(held.history.begin, static_cast<std::uint32_t>(at));
    series_of_row.push_back(static_cast<std::size_t>(after - held.history.begin.begin()) - 1);
    periods.push_back(held.history.periods[at]);
    values.push_back(held.history.values[at]);
  }
  auto output = std::make_shared<Output>(values.size());
  held.add_series(*output, series_of_row);
  held.add_periods(*output, held.period_column, std::move(periods));
  output->add(value.value_or(held.value_column), std::move(values));
  return output;
}

}  // namespace

void bind_naive(py::module_& module) {
  module.def(
      "numbers",
      [](const Input& table, const std::string& name) {
        const Numbers numbers = to_numbers(table.at(name), {});
        return copied(std::vector<double>(numbers.values.begin(), numbers.values.end()));
      },
      py::arg("table"), py::arg("name"), "A column as doubles; null is NaN.");
  py::class_<SeriesHistory>(module, "SeriesHistory", "Series in the order of time, without gaps.")
      .def(py::init([](const Input& table, const std::vector<std::string>& series, const std::string& period,
                       const std::string& value) {
             SignalCheck signals;
             const py::gil_scoped_release unlocked;
             return SeriesHistory(table, series, period, value, [&signals] { signals(); });
           }),
           py::arg("table"), py::kw_only(), py::arg("series"), py::arg("period"), py::arg("value"))
      .def("naive", &naive_columns, py::arg("methods"), py::kw_only(), py::arg("horizon"), py::arg("lag"),
           py::arg("confidence"))
      .def("naive_from", &naive_from, py::arg("method"), py::arg("begin"), py::arg("end"), py::kw_only(),
           py::arg("horizon"), py::arg("lag"))
      .def("backtest", &backtest_columns, py::kw_only(), py::arg("series"), py::arg("cutoff"),
           py::arg("place"), py::arg("horizon"), py::arg("names"), py::arg("forecasts"))
      .def("columns", &history_columns, py::arg("places"), py::kw_only(), py::arg("value") = std::nullopt,
           "Rows of the history; the column of values under another name, if one is given.")
      .def(
          "find",
          [](const SeriesHistory& held, const Input& table, const std::vector<std::string>& series,
             const std::string& period) {
            const auto [codes, periods] = held.find(table, series, period);
            return std::pair(copied(codes), copied(periods));
          },
          py::arg("table"), py::kw_only(), py::arg("series"), py::arg("period"),
          "Series of each row (-1: unknown) and its period.")
      .def("days", &SeriesHistory::as_period, py::arg("texts"), "Periods as they are written, as numbers.")
      .def(
          "text",
          [](const SeriesHistory& held, std::int64_t period) { return held.history.step.text(period); },
          py::arg("period"))
      .def("label", &SeriesHistory::label, py::arg("series"))
      .def(
          "advance",
          [](const SeriesHistory& held, std::int64_t period, std::int64_t steps) {
            return held.history.step.advance(period, steps);
          },
          py::arg("period"), py::arg("steps"))
      .def(
          "between",
          [](const SeriesHistory& held, std::int64_t from, std::int64_t to) {
            return held.history.step.between(from, to);
          },
          py::arg("start"), py::arg("stop"))
      .def_property_readonly("step", [](const SeriesHistory& held) { return held.history.step.text(); })
      .def_property_readonly("begin", [](const SeriesHistory& held) { return copied(held.history.begin); })
      .def_property_readonly("rows", [](const SeriesHistory& held) { return copied(held.history.rows); })
      .def_property_readonly("values", [](const SeriesHistory& held) { return copied(held.history.values); })
      .def_property_readonly("periods",
                             [](const SeriesHistory& held) { return copied(held.history.periods); });
}

}  // namespace tenure::python
