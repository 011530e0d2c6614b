#include <cmath>
#include <cstdint>
#include <cstdio>
#include <span>
#include <vector>

#include <tenure/tenure.hpp>

#include "check.hpp"

// Whether a forecast can be trusted: what it has to beat, the bridge carried on, what limits are worth, and what
// became of the calls of a sales team.
int main() {
  using namespace tenure;

  // Two series of eight months, forecast from the first six by what costs nothing, then by somebody.
  const std::vector<double> history{100, 110, 120, 130, 140, 150, 50, 50, 50, 50, 50, 50};
  const std::vector<std::uint32_t> begin{0, 6, 12};
  const std::vector<double> actual{160, 170, 40, 60};
  const std::vector<std::uint32_t> cells{0, 2, 4};
  const NaiveForecasts trend = naive_forecasts(history, begin, NaiveMethod::drift, {.horizon = 2});
  const ForecastRows rows{.actual = actual, .forecast = trend.value, .begin = cells};
  const ErrorScales scales = naive_scales(history, begin, 1);
  const std::vector<Measure> asked{Measure::wape, Measure::mase, Measure::me};
  const std::vector<MeasureColumn> errors = point_errors(rows, scales, asked);
  for (const MeasureColumn& column : errors)
    for (std::size_t series = 0; series < 2; ++series)
      if (column.reason[series] == Undefined::no)
        std::printf("series %zu: %s %.3f\n", series, std::string(name_of(column.measure)).c_str(),
                    column.value[series]);
      else
        std::printf("series %zu: no %s, as its history never varies\n", series,
                    std::string(name_of(column.measure)).c_str());

  // One customer more each month: the bridge carried on says so, and there is nothing to be unsure of.
  std::vector<std::int64_t> customer, price;
  std::vector<Day> start, end;
  const Periods months_seen = months("2024-01", "2024-08");
  for (std::size_t month = 0; month < months_seen.size(); ++month) {
    customer.push_back(static_cast<std::int64_t>(month));
    start.push_back(months_seen.begin(month));
    end.push_back(open_end);
    price.push_back(100);
  }
  Book book{Policy::standard()};
  book.add(Subscriptions{.customer = customer, .start = start, .end = end, .amount = price});
  const MrrForecast ahead = mrr_forecast(book.waterfall(months_seen), {.periods = 3});
  const Estimate autumn = ahead.closing(2);
  std::printf("MRR in November: %.0f (%.0f to %.0f)\n", autumn.value.value_or(0) / 12e6,
              autumn.lower.value_or(0) / 12e6, autumn.upper.value_or(0) / 12e6);

  // Three members of an ensemble, of which one is right; and limits that should hold four of five.
  const std::vector<double> came{2, 2}, members{1, 2, 3, 2, 2, 2};
  const std::vector<double> crps = ensemble_crps(came, Ensembles::by_rows(members, 3));
  std::printf("CRPS %.3f where it was spread, %.3f where it was sure\n", crps[0], crps[1]);

  // What an owner committed in the middle of three quarters, and what came.
  const std::vector<JudgedCall> calls{{80, 100}, {90, 110}, {100, 120}};
  const CallAccuracy held = call_accuracy(calls);
  const OwnerBias owner = owner_bias(calls);
  const HitRate hits = hit_rate(calls, 0.10);
  std::printf("commit misses by %.1f %%, %zu of %zu within 10 %%: %s\n", 100 * held.wape.value_or(0),
              hits.hits, hits.periods, std::string(name_of(owner.habit)).c_str());

  // Two deals of a quarter: one is committed later and won, the other slips to the next.
  const std::vector<Day> taken{parse_day("2024-01-01"), parse_day("2024-01-01"), parse_day("2024-02-05"),
                               parse_day("2024-02-12"), parse_day("2024-03-25"), parse_day("2024-04-01")};
  const Day in_march = parse_day("2024-03-20"), in_may = parse_day("2024-05-10");
  const std::vector<Day> due{in_march, in_march, in_march, in_may, in_march, in_march};
  const std::vector<double> amount{500, 300, 500, 300, 520, 520};
  const std::vector<CallCategory> category{CallCategory::best_case, CallCategory::commit,
                                           CallCategory::commit,    CallCategory::commit,
                                           CallCategory::closed,    CallCategory::closed};
  const std::vector<std::int32_t> deal{0, 1, 0, 1, 0, 0};
  const CallHistory snapshots{
      {.taken = taken, .due = due, .amount = amount, .category = category, .subject = deal}, {}, {}};
  const Drift moved = drift(snapshots, {.period = 0});
  const DriftStep whole = moved.total();
  const auto units = [](int128 micros) { return static_cast<double>(micros) / 1e6; };
  std::printf("first call %.0f, came in %.0f\n", units(whole.opening), units(whole.closing));
  for (std::size_t line = 0; line < drift_lines; ++line)
    if (whole.lines[line] != 0)
      std::printf("  %s %.0f\n", std::string(name_of(static_cast<DriftLine>(line))).c_str(),
                  units(whole.lines[line]));

  check(trend.value == std::vector<double>{160, 170, 50, 50}, "the trend goes on, in both series");
  check(errors[0].value[0] == 0 && errors[0].value[1] == 0.2,
        "the first is exact, the second off by a fifth");
  check(errors[1].value[0] == 0 && errors[1].reason[1] == Undefined::no_variation,
        "no scale without variation: undefined, not infinite");
  check(errors[2].value[1] == 0, "off to both sides: no bias");
  check(autumn.value == Real{1100 * 12e6} && autumn.lower == autumn.value && autumn.upper == autumn.value,
        "eleven customers, for sure");
  check(ahead.bridge.closing(0) == ahead.bridge.opening(1), "each month begins where the last one ended");
  check(std::abs(crps[0] - 2.0 / 9) < 1e-15 && crps[1] == 0, "mean |x - y| less half of mean |x - x'|");
  check(owner.habit == CallHabit::sandbagging && hits.hits == 0, "more comes than is called, each time");
  check(std::abs(held.relative_bias.value_or(0) + 60.0 / 330) < 1e-15, "forecast less actual: below zero");
  check(moved.observed && whole.closes(), "the bridge closes, to the cent");
  check(units(whole.opening) == 300 && units(whole.closing) == 520, "from the first call to what was won");
}
