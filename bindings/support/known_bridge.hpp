#pragma once

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "arrow_write.hpp"
#include "tenure/book.hpp"
#include "tenure/forecast/mrr_forecast.hpp"

/// What forecasts of a book's bridge and their backtests share.
namespace tenure::python {

/// Unit, first month of the fiscal year, last day to be known.
using AskedReach = std::tuple<std::string, int, Day>;
/// Replicates, seed, confidence.
using Resampling = std::tuple<int, std::uint64_t, double>;

/// As what periods are counted, and until when.
struct Reach {
  std::string unit;
  int fiscal_start;
  Day as_of;

  Reach(AskedReach asked)
      : unit(std::get<0>(asked)), fiscal_start(std::get<1>(asked)), as_of(std::get<2>(asked)) {}

  Calendar calendar(const Book& book) const {
    return {parse_period_unit(unit), fiscal_start, static_cast<int>(book.policy().reporting.week_start)};
  }
};

/// The bridge of the last `wanted` periods that were over on the day, and how many those are. Without any,
/// that of the period which contains the next day, for what is paid at its opening.
struct KnownBridge {
  Waterfall bridge;
  std::size_t known;
};
inline KnownBridge known_bridge(const Book& book, const Reach& reach, const std::string& by,
                                std::size_t wanted) {
  const Calendar calendar = reach.calendar(book);
  const Day end = calendar.floor(reach.as_of + 1), earliest = calendar.floor(book.first_day());
  if (end <= earliest) return {book.waterfall(Periods(calendar, end, end), {.by = by}), 0};
  Day begin = end;
  for (std::size_t count = 0; count < wanted && begin > earliest; ++count)
    begin = calendar.advance(begin, -1);
  Waterfall bridge = book.waterfall(Periods(calendar, begin, end - 1), {.by = by});
  const std::size_t known = bridge.frame.periods.size();
  return {std::move(bridge), known};
}

/// Money of estimates, null where a reason says so.
struct MoneyColumn {
  std::vector<RunRateSum> amounts = {};
  std::vector<Undefined> reasons = {};

  void push_back(const Real& annual) {
    const double value = annual.value_or(0);
    const bool fits = std::abs(value) < 0x1p120;
    amounts.push_back(RunRateSum(static_cast<int128>(fits ? std::nearbyint(value) : 0)));
    reasons.push_back(fits ? annual.reason() : Undefined::diverges);
  }
  void add_to(Output& output, const std::string& name, MoneyFormat format, int months = 1) {
    output.add_money(name, amounts, format, reasons, months);
  }
};

struct EstimateColumns {
  MoneyColumn value, lower, upper;

  void push_back(const Estimate& estimate) {
    value.push_back(estimate.value);
    lower.push_back(estimate.lower);
    upper.push_back(estimate.upper);
  }
};

inline MrrForecastOptions options_of(int periods, int history, const std::string& new_business, int block,
                                     const Resampling& resampled) {
  const auto& [replicates, seed, confidence] = resampled;
  return {.periods = periods,
          .history = history,
          .new_business = parse_new_business(new_business),
          .block = block,
          .replicates = replicates,
          .seed = seed,
          .confidence = confidence};
}

/// Part of bind_book_forecast().
void bind_mrr_backtest(py::module_& module);

}  // namespace tenure::python
