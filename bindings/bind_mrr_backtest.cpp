#include "support/frame_columns.hpp"
#include "support/known_bridge.hpp"
#include "support/load.hpp"
#include "support/signals.hpp"
#include "tenure/forecast/naive.hpp"

/// How well a book's own bridge would have forecast it.
namespace tenure::python {

namespace {

using Shared = std::shared_ptr<Output>;

/// How each origin is forecast, beside the bridge.
struct BacktestTerms {
  int origins, step;
  std::vector<std::string> methods;
  int lag;
};

/// Columns of a backtest of the bridge.
class BacktestRows {
 public:
  BacktestRows(const Frame& frame, const BacktestTerms& terms)
      : frame_(&frame), terms_(&terms), methods_(terms.methods.size()) {}

  void add(const KnownBridge& all, const MrrForecast& forecast, std::size_t known) {
    const std::size_t segments = frame_->segments.size(), ahead = forecast.bridge.frame.periods.size();
    std::vector<double> values;
    std::vector<std::uint32_t> begin = {0};
    for (std::size_t segment = 0; segment < segments; ++segment) {
      for (std::size_t period = forecast.rates.first; period < known; ++period)
        values.push_back(closing(all, period, segment));
      begin.push_back(static_cast<std::uint32_t>(values.size()));
    }
    std::vector<NaiveForecasts> naive;
    for (const std::string& method : terms_->methods)
      naive.push_back(naive_forecasts(values, begin, parse_naive_method(method),
                                      {.horizon = static_cast<int>(ahead), .lag = terms_->lag}));
    for (std::size_t segment = 0; segment < segments; ++segment)
      for (std::size_t step = 0; step < ahead; ++step) {
        labels_.push_back(frame_->segments[segment]);
        cutoffs_.push_back(frame_->periods.begin(known - 1));
        periods_.push_back(frame_->periods.begin(known + step));
        horizons_.push_back(static_cast<std::int64_t>(step) + 1);
        actual_.push_back(closing(all, known + step, segment));
        bridge_.push_back(forecast.closing(forecast.bridge.frame.row(step, segment)));
        for (std::size_t i = 0; i < naive.size(); ++i)
          methods_[i].push_back(naive[i].reason[segment] == Undefined::no
                                    ? Real(naive[i].value[segment * ahead + step])
                                    : Real(naive[i].reason[segment]));
      }
  }
  Shared columns(MoneyFormat format) && {
    auto output = std::make_shared<Output>(periods_.size());
    if (!frame_->by.empty()) output->add(frame_->by, std::move(labels_));
    output->add("cutoff", std::move(cutoffs_));
    output->add("period", std::move(periods_));
    output->add("horizon", std::move(horizons_));
    actual_.add_to(*output, "actual", format);
    bridge_.value.add_to(*output, "bridge", format);
    bridge_.lower.add_to(*output, "bridge_lower", format);
    bridge_.upper.add_to(*output, "bridge_upper", format);
    for (std::size_t i = 0; i < methods_.size(); ++i) methods_[i].add_to(*output, terms_->methods[i], format);
    return output;
  }

 private:
  static double closing(const KnownBridge& all, std::size_t period, std::size_t segment) {
    return static_cast<double>(all.bridge.at(Line::closing, period, segment).amount.annual);
  }

  const Frame* frame_;
  const BacktestTerms* terms_;
  Texts labels_;
  std::vector<Day> cutoffs_, periods_;
  std::vector<std::int64_t> horizons_;
  MoneyColumn actual_;
  EstimateColumns bridge_;
  std::vector<MoneyColumn> methods_;
};

Shared backtest(const Book& book, const Reach& reach, const std::string& by, MrrForecastOptions options,
                const BacktestTerms& terms, MoneyFormat format) {
  const auto ahead = static_cast<std::size_t>(options.periods), step = static_cast<std::size_t>(terms.step);
  const std::size_t wanted =
      static_cast<std::size_t>(options.history) + ahead + step * static_cast<std::size_t>(terms.origins - 1);
  const KnownBridge all = known_bridge(book, reach, by, wanted);
  BacktestRows rows(all.bridge.frame, terms);
  std::size_t made = 0;
  for (auto origin = static_cast<std::size_t>(terms.origins); origin-- > 0;) {
    if (all.known < ahead + origin * step + 1) continue;
    options.known = all.known - ahead - origin * step;
    const MrrForecast forecast = mrr_forecast(all.bridge, options);
    if (forecast.rates.count < 2) continue;
    rows.add(all, forecast, *options.known);
    ++made;
  }
  if (made == 0)
    throw_input({.code = "E_WINDOW",
                 .what = "no origin has two periods of history before it and " + std::to_string(ahead) +
                         " periods after it until " + format_day(reach.as_of),
                 .value = format_day(reach.as_of),
                 .remedy = "Forecast fewer periods, or shorter ones."});
  return std::move(rows).columns(format);
}

}  // namespace

void bind_mrr_backtest(py::module_& module) {
  module.def(
      "mrr_backtest",
      [](const LoadedBook& book, const AskedReach& reach, const std::string& by, int periods, int history,
         const std::string& new_business, int block, const Resampling& resampled, int origins, int step,
         std::vector<std::string> methods, int lag, bool decimal, int exponent) {
        SignalCheck signals;
        const py::gil_scoped_release unlocked;
        MrrForecastOptions options = options_of(periods, history, new_business, block, resampled);
        options.execution = {.poll = [&signals] { signals(); }};
        return backtest(book, reach, by, options, {origins, step, std::move(methods), lag},
                        {decimal, exponent});
      },
      py::arg("book"), py::arg("reach"), py::arg("by"), py::kw_only(), py::arg("periods"), py::arg("history"),
      py::arg("new"), py::arg("block"), py::arg("resampled"), py::arg("origins"), py::arg("step"),
      py::arg("methods"), py::arg("lag"), py::arg("decimal"), py::arg("exponent"),
      "Forecasts of past origins beside what happened, a row for each origin, segment and period ahead.");
}

}  // namespace tenure::python
