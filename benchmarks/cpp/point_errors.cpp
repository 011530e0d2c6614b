#include <benchmark/benchmark.h>

#include <cstdint>
#include <map>
#include <vector>

#include <tenure/core/random.hpp>
#include <tenure/forecast/point_error.hpp>

// Errors of forecasts of many series on one thread: of each series, as their mean and as a ratio of sums, and
// the scales of their histories.
namespace tenure::benchmarks {
namespace {

struct Series {
  std::vector<double> actual, forecast, history;
  std::vector<std::uint32_t> begin, history_begin, groups;
  ErrorScales scales;

  Series(std::size_t count, std::size_t points, std::size_t past) {
    RandomStream draws(1, 0);
    const auto fill = [&](std::vector<double>& values, std::vector<std::uint32_t>& cut, std::size_t each) {
      values.resize(count * each);
      for (double& value : values) value = 10 + 90 * draws.uniform();
      for (std::size_t i = 0; i <= count; ++i) cut.push_back(static_cast<std::uint32_t>(i * each));
    };
    fill(history, history_begin, past);
    fill(actual, begin, points);
    for (const double value : actual) forecast.push_back(value * (0.8 + 0.4 * draws.uniform()));
    groups = {0, static_cast<std::uint32_t>(count)};
    scales = naive_scales(history, history_begin, 12);
  }
};

const Series& series_of(const benchmark::State& state) {
  static std::map<std::pair<std::int64_t, std::int64_t>, Series> made;
  const auto count = static_cast<std::size_t>(state.range(0)),
             points = static_cast<std::size_t>(state.range(1));
  return made.try_emplace({state.range(0), state.range(1)}, count, points, count > 100'000 ? 13 : 60)
      .first->second;
}

const std::vector<Measure> measures{Measure::me,    Measure::mae,      Measure::mse,
                                    Measure::rmse,  Measure::mape,     Measure::mpe,
                                    Measure::smape, Measure::wape,     Measure::mase,
                                    Measure::rmsse, Measure::accuracy, Measure::tracking_signal};

void count(benchmark::State& state, std::int64_t points, std::int64_t columns) {
  const std::int64_t rows = state.range(0) * points;
  state.SetItemsProcessed(state.iterations() * rows);
  state.SetBytesProcessed(state.iterations() * rows * columns * 8);
  state.SetComplexityN(state.range(0));
}

void each_series(benchmark::State& state) {
  const Series& series = series_of(state);
  const ForecastRows rows{.actual = series.actual, .forecast = series.forecast, .begin = series.begin};
  for (auto _ : state)
    benchmark::DoNotOptimize(point_errors(rows, series.scales, measures, {.execution = {.threads = 1}}));
  count(state, state.range(1), 2);
}

void together(benchmark::State& state, Pooling pooling) {
  const Series& series = series_of(state);
  const ForecastRows rows{
      .actual = series.actual, .forecast = series.forecast, .begin = series.begin, .groups = series.groups};
  const PointErrorOptions options{.pooling = pooling, .execution = {.threads = 1}};
  for (auto _ : state) benchmark::DoNotOptimize(point_errors(rows, series.scales, measures, options));
  count(state, state.range(1), 2);
}

void scales(benchmark::State& state) {
  const Series& series = series_of(state);
  for (auto _ : state)
    benchmark::DoNotOptimize(naive_scales(series.history, series.history_begin, 12, {.threads = 1}));
  count(state, static_cast<std::int64_t>(series.history.size()) / state.range(0), 1);
}

void sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"series", "points"})->Unit(benchmark::kMillisecond);
  for (const std::int64_t series : {1'000, 10'000, 100'000}) benchmark->Args({series, 24});
  benchmark->Args({1'000'000, 12});
}

BENCHMARK(each_series)->Apply(sizes);
BENCHMARK_CAPTURE(together, mean_of_ratios, Pooling::mean_of_ratios)->Apply(sizes);
BENCHMARK_CAPTURE(together, ratio_of_sums, Pooling::ratio_of_sums)->Apply(sizes);
BENCHMARK(scales)->Apply(sizes);

}  // namespace
}  // namespace tenure::benchmarks
