#include "support/bridge_lines.hpp"
#include "support/economics.hpp"
#include "support/known_bridge.hpp"
#include "support/load.hpp"
#include "support/signals.hpp"

/// The MRR bridge of a book carried on.
namespace tenure::python {

namespace {

using Shared = std::shared_ptr<Output>;

/// A forecast, and the bridge that it was made from.
class BookForecast {
 public:
  BookForecast(KnownBridge history, MrrForecast forecast)
      : history_(std::move(history)), forecast_(std::move(forecast)) {}

  Shared columns(ShownLines shown, bool arr, MoneyFormat format) const {
    const Waterfall& bridge = forecast_.bridge;
    Output output = framed(bridge.frame);
    std::vector<Undefined> reasons;
    for (std::size_t row = 0; row < bridge.frame.rows(); ++row) reasons.push_back(forecast_.reason_of(row));
    const auto lines =
        format.decimal ? bridge.rounded(format.exponent) : std::array<std::vector<int128>, line_count>{};
    for (const Line line : shown.all()) {
      const auto place = static_cast<std::size_t>(line);
      const std::string name(name_of(line));
      if (format.decimal) {
        output.add(name, OutputColumn::Data(Decimals{lines[place], format.exponent}), reasons);
        continue;
      }
      std::vector<RunRateSum> amounts;
      for (const Flow& flow : bridge.exact[place]) amounts.push_back(flow.amount);
      output.add_money(name, amounts, format, reasons);
    }
    EstimateColumns limits;
    for (std::size_t row = 0; row < bridge.frame.rows(); ++row) limits.push_back(forecast_.closing(row));
    limits.lower.add_to(output, "lower", format);
    limits.upper.add_to(output, "upper", format);
    if (arr) {
      limits.value.add_to(output, "arr", format, 12);
      limits.lower.add_to(output, "arr_lower", format, 12);
      limits.upper.add_to(output, "arr_upper", format, 12);
    }
    return std::make_shared<Output>(std::move(output));
  }

  /// Limits of the closing, a row for each period, segment and level.
  Shared fan(const std::vector<double>& levels, MoneyFormat format) const {
    const Frame& frame = forecast_.bridge.frame;
    std::vector<Day> begins;
    Texts segments;
    std::vector<double> level_of_row;
    EstimateColumns limits;
    for_rows(frame, 0, [&](std::size_t period, std::size_t segment) {
      for (const double level : levels) {
        begins.push_back(frame.periods.begin(period));
        segments.push_back(frame.segments[segment]);
        level_of_row.push_back(level);
        limits.push_back(forecast_.closing(frame.row(period, segment), level));
      }
    });
    Output output(begins.size());
    output.add("period", std::move(begins));
    if (!frame.by.empty()) output.add(frame.by, std::move(segments));
    output.add("level", std::move(level_of_row));
    limits.value.add_to(output, "closing", format);
    limits.lower.add_to(output, "lower", format);
    limits.upper.add_to(output, "upper", format);
    return std::make_shared<Output>(std::move(output));
  }

  /// The periods that the rates are of, each with its lines; shares of the opening as `_rate`.
  Shared history(ShownLines shown, MoneyFormat format) const {
    const Waterfall& bridge = history_.bridge;
    const Frame& frame = bridge.frame;
    const std::size_t first = forecast_.rates.first, end = first + forecast_.rates.count;
    Output output((end - first) * frame.segments.size());
    std::vector<Day> begins;
    Texts segments;
    const auto each = [&](auto&& visit) {
      for (std::size_t period = first; period < end; ++period)
        for (std::size_t segment = 0; segment < frame.segments.size(); ++segment) visit(period, segment);
    };
    each([&](std::size_t period, std::size_t segment) {
      begins.push_back(frame.periods.begin(period));
      segments.push_back(frame.segments[segment]);
    });
    output.add("period", std::move(begins));
    if (!frame.by.empty()) output.add(frame.by, std::move(segments));
    for (const Line line : shown.all()) {
      std::vector<RunRateSum> amounts;
      each([&](std::size_t period, std::size_t segment) {
        amounts.push_back(bridge.at(line, period, segment).amount);
      });
      output.add_money(std::string(name_of(line)), amounts, format);
    }
    for (const Line line : shown.all()) {
      if (carried_as(line) != CarriedAs::share_of_opening) continue;
      std::vector<Ratio> shares;
      each([&](std::size_t period, std::size_t segment) {
        shares.push_back({bridge.at(line, period, segment).amount.annual,
                          bridge.at(Line::opening, period, segment).amount.annual});
      });
      output.add(std::string(name_of(line)) + "_rate", shares);
    }
    return std::make_shared<Output>(std::move(output));
  }

  /// The mean rates that the point forecast rolls forward with, a row for each segment.
  Shared rates(ShownLines shown, MoneyFormat format) const {
    const MovementRates& rates = forecast_.rates;
    Output output = by_segment(history_.bridge.frame);
    output.add("periods", std::vector<std::int64_t>(rates.segments, static_cast<std::int64_t>(rates.count)));
    for (const Line line : shown.all()) {
      const CarriedAs as = carried_as(line);
      if (as == CarriedAs::state) continue;
      MoneyColumn money;
      std::vector<Real> shares;
      for (std::size_t segment = 0; segment < rates.segments; ++segment) {
        const double mean = rates.mean(line)(static_cast<Eigen::Index>(segment));
        const Real value = forecast_.reason == Undefined::no ? Real(mean) : Real(forecast_.reason);
        money.push_back(value);
        shares.push_back(value);
      }
      const std::string name(name_of(line));
      if (as == CarriedAs::amount)
        money.add_to(output, name, format);
      else
        add_reals(output, name + "_rate", shares);
    }
    return std::make_shared<Output>(std::move(output));
  }

 private:
  KnownBridge history_;
  MrrForecast forecast_;
};

using Lines = std::tuple<bool, bool, bool>;
ShownLines shown(const Lines& lines) { return {std::get<0>(lines), std::get<1>(lines), std::get<2>(lines)}; }

}  // namespace

void bind_book_forecast(py::module_& module) {
  py::class_<BookForecast>(module, "MrrForecast",
                           "A bridge carried on; tenure.results.forecast has its face.")
      .def(py::init([](const LoadedBook& book, const AskedReach& reach, const std::string& by, int periods,
                       int history, const std::string& new_business, int block, const Resampling& resampled) {
             SignalCheck signals;
             const py::gil_scoped_release unlocked;
             MrrForecastOptions options = options_of(periods, history, new_business, block, resampled);
             options.execution = {.poll = [&signals] { signals(); }};
             const auto wanted = static_cast<std::size_t>(std::max(history, 1));
             KnownBridge known = known_bridge(book, reach, by, wanted);
             options.known = known.known;
             MrrForecast forecast = mrr_forecast(known.bridge, options);
             return BookForecast(std::move(known), std::move(forecast));
           }),
           py::arg("book"), py::arg("reach"), py::arg("by"), py::kw_only(), py::arg("periods"),
           py::arg("history"), py::arg("new"), py::arg("block"), py::arg("resampled"))
      .def(
          "columns",
          [](const BookForecast& forecast, const Lines& lines, bool arr, bool decimal, int exponent) {
            return forecast.columns(shown(lines), arr, {decimal, exponent});
          },
          py::arg("lines"), py::kw_only(), py::arg("arr"), py::arg("decimal"), py::arg("exponent"))
      .def(
          "fan",
          [](const BookForecast& forecast, const std::vector<double>& levels, bool decimal, int exponent) {
            return forecast.fan(levels, {decimal, exponent});
          },
          py::arg("levels"), py::kw_only(), py::arg("decimal"), py::arg("exponent"))
      .def(
          "history",
          [](const BookForecast& forecast, const Lines& lines, bool decimal, int exponent) {
            return forecast.history(shown(lines), {decimal, exponent});
          },
          py::arg("lines"), py::kw_only(), py::arg("decimal"), py::arg("exponent"))
      .def(
          "rates",
          [](const BookForecast& forecast, const Lines& lines, bool decimal, int exponent) {
            return forecast.rates(shown(lines), {decimal, exponent});
          },
          py::arg("lines"), py::kw_only(), py::arg("decimal"), py::arg("exponent"));
  bind_mrr_backtest(module);
}

}  // namespace tenure::python
