#include <algorithm>
#include <cmath>
#include <numeric>

#include <tenure/forecast/point_error.hpp>

#include "support/forecast_reference.hpp"
#include "support/property.hpp"

// Point errors against their plain definitions, and relations between them.
namespace tenure {
namespace {

using test::all_measures;
using test::figure;
using test::for_all;
using test::ForecastSeries;
using test::measure_of;
using test::PlainErrors;
using test::SeriesColumns;
using test::show;

double quarter() { return *rc::gen::inRange(-40, 60) / 4.0; }

std::vector<double> values(std::size_t count) {
  std::vector<double> found(count);
  const int kind = *rc::gen::inRange(0, 6);
  const double constant = kind == 0 ? 0 : quarter();
  for (double& value : found) value = kind <= 1 ? constant : kind == 2 ? std::abs(quarter()) : quarter();
  return found;
}

ForecastSeries any_series(std::size_t least = 0) {
  const auto count = static_cast<std::size_t>(*rc::gen::inRange(static_cast<int>(least), 14));
  ForecastSeries series{values(count), values(count),
                        values(static_cast<std::size_t>(*rc::gen::inRange(0, 12))), values(count)};
  if (*rc::gen::inRange(0, 6) == 0) series.forecast = series.actual;
  return series;
}
std::vector<ForecastSeries> some_series(std::size_t least = 0, int most = 6) {
  std::vector<ForecastSeries> all(static_cast<std::size_t>(*rc::gen::inRange(1, most)));
  for (ForecastSeries& series : all) series = any_series(least);
  return all;
}
PointErrorOptions any_options() {
  PointErrorOptions options;
  options.zero_actual = *rc::gen::element(ZeroActual::undefined, ZeroActual::skip);
  options.zero_pair = *rc::gen::element(ZeroPair::zero, ZeroPair::skip, ZeroPair::undefined);
  options.undefined_series = *rc::gen::element(UndefinedSeries::skip, UndefinedSeries::undefined);
  return options;
}

void expect_same(const Real& found, const Real& wanted, Measure measure) {
  RC_LOG() << name_of(measure) << ": " << show(found) << ", by definition " << show(wanted) << "\n";
  RC_ASSERT(found.reason() == wanted.reason());
  const double value = wanted.value_or(0);
  RC_ASSERT(std::abs(found.value_or(0) - value) <= 1e-9 * std::max(1.0, std::abs(value)));
}
bool same_bits(const MeasureColumn& a, const MeasureColumn& b) {
  return a.value == b.value && a.reason == b.reason && a.left_out == b.left_out;
}
/// All but the one with parts of its own, which is tested apart.
std::vector<Measure> but_owa() {
  std::vector<Measure> measures = all_measures();
  std::erase(measures, Measure::owa);
  return measures;
}

TEST(PointErrors, OfEachSeriesAreWhatTheirDefinitionsSay) {
  for_all([] {
    const auto all = some_series();
    const int lag = *rc::gen::inRange(1, 5);
    const PointErrorOptions options = any_options();
    const auto columns = SeriesColumns(all, lag).each(but_owa(), options);
    for (const MeasureColumn& column : columns) {
      RC_ASSERT(column.left_out.empty());
      for (std::size_t i = 0; i < all.size(); ++i)
        expect_same(figure(column, i), PlainErrors({all[i]}, lag, options)(column.measure), column.measure);
    }
  });
}

TEST(PointErrors, AsRatioOfSumsAreWhatTheirDefinitionsSay) {
  for_all([] {
    const auto all = some_series();
    const int lag = *rc::gen::inRange(1, 5);
    PointErrorOptions options = any_options();
    options.pooling = Pooling::ratio_of_sums;
    const PlainErrors plain(all, lag, options);
    for (const MeasureColumn& column : SeriesColumns(all, lag).together(but_owa(), options))
      expect_same(figure(column), plain(column.measure), column.measure);
  });
}

TEST(PointErrors, AsMeanOfRatiosAreMeansOverSeries) {
  for_all([] {
    const auto all = some_series();
    const int lag = *rc::gen::inRange(1, 5);
    const PointErrorOptions options = any_options();
    const SeriesColumns series(all, lag);
    const auto each = series.each(but_owa(), options), together = series.together(but_owa(), options);
    for (std::size_t column = 0; column < each.size(); ++column) {
      const auto& reasons = each[column].reason;
      const auto defined = std::count(reasons.begin(), reasons.end(), Undefined::no);
      const auto first =
          std::find_if(reasons.begin(), reasons.end(), [](Undefined why) { return why != Undefined::no; });
      const double sum = std::accumulate(each[column].value.begin(), each[column].value.end(), 0.0);
      const bool skips = options.undefined_series == UndefinedSeries::skip;
      Real wanted = sum / static_cast<double>(defined);
      if (defined == 0 || (first != reasons.end() && !skips)) wanted = *first;
      expect_same(figure(together[column]), wanted, each[column].measure);
      const auto left_out =
          skips ? static_cast<std::uint32_t>(reasons.size()) - static_cast<std::uint32_t>(defined) : 0;
      RC_ASSERT(together[column].left_out.empty() == (left_out == 0));
      if (left_out > 0) RC_ASSERT(together[column].left_out.at(0) == left_out);
    }
  });
}

TEST(PointErrors, OwaIsHalfOfTwoQuotients) {
  for_all([] {
    auto all = some_series(1);
    for (ForecastSeries& series : all) series.history = {1, 2, 4};
    PointErrorOptions options;
    options.pooling = *rc::gen::element(Pooling::mean_of_ratios, Pooling::ratio_of_sums);
    auto benchmarks = all;
    for (ForecastSeries& series : benchmarks) series.forecast = series.benchmark;
    const auto parts = [&](const auto& group, Measure measure) {
      return figure(SeriesColumns(group).together(measure, options));
    };
    const Real smape =
        divide(parts(all, Measure::smape), parts(benchmarks, Measure::smape), Undefined::no_error);
    const Real mase =
        divide(parts(all, Measure::mase), parts(benchmarks, Measure::mase), Undefined::no_error);
    const Real wanted = smape.defined() && mase.defined() ? Real((smape.value_or(0) + mase.value_or(0)) / 2)
                                                          : Real(Undefined::no_error);
    expect_same(parts(all, Measure::owa), wanted, Measure::owa);
  });
}

TEST(PointErrors, TogetherAreThoseOfOneLongSeries) {
  for_all([] {
    const auto all = some_series();
    ForecastSeries whole;
    for (const ForecastSeries& series : all) {
      whole.actual.insert(whole.actual.end(), series.actual.begin(), series.actual.end());
      whole.forecast.insert(whole.forecast.end(), series.forecast.begin(), series.forecast.end());
    }
    for (const Measure measure : all_measures()) {
      if (needs_history(measure) || needs_benchmark(measure) || measure == Measure::theil_u2 ||
          measure == Measure::acf1)
        continue;
      PointErrorOptions options{.undefined_series = UndefinedSeries::undefined,
                                .pooling = Pooling::ratio_of_sums};
      const Real together = figure(SeriesColumns(all).together(measure, options));
      // Where a series has nothing but zeros left, the long one still has the points of others.
      expect_same(together, measure_of(whole, measure, 1, options), measure);
    }
  });
}

TEST(PointErrors, OfAPerfectForecastAreZero) {
  for_all([] {
    ForecastSeries series{.actual = values(7)};
    series.forecast = series.actual;
    for (const Measure measure : {Measure::me, Measure::mae, Measure::mse, Measure::rmse, Measure::median_ae,
                                  Measure::cfe, Measure::pis, Measure::smape})
      RC_ASSERT(measure_of(series, measure) == Real(0.0));
    for (const Measure measure : {Measure::mape, Measure::wape, Measure::theil_u1})
      RC_ASSERT(measure_of(series, measure).value_or(0) == 0);
    for (const Measure measure :
         {Measure::tracking_signal, Measure::bias_share, Measure::variance_share, Measure::covariance_share})
      RC_ASSERT(measure_of(series, measure) == Real(Undefined::no_error));
  });
}

TEST(PointErrors, AreSymmetricInSignAndMaeIsAtMostRmse) {
  for_all([] {
    const ForecastSeries series = any_series(1);
    ForecastSeries mirrored = series;
    for (std::size_t i = 0; i < series.actual.size(); ++i)
      mirrored.forecast[i] = 2 * series.actual[i] - series.forecast[i];
    for (const Measure measure :
         {Measure::mae, Measure::rmse, Measure::mape, Measure::wape, Measure::median_ae})
      RC_ASSERT(measure_of(series, measure) == measure_of(mirrored, measure));
    for (const Measure measure : {Measure::me, Measure::mpe, Measure::cfe})
      RC_ASSERT(measure_of(series, measure).value_or(0) == -measure_of(mirrored, measure).value_or(0));
    const double mae = measure_of(series, Measure::mae).value_or(0);
    RC_ASSERT(mae <= measure_of(series, Measure::rmse).value_or(0) * (1 + 1e-15));
  });
}

TEST(PointErrors, AShiftMovesTheBias) {
  for_all([] {
    const ForecastSeries series = any_series(1);
    const double shift = quarter();
    ForecastSeries moved = series;
    for (double& forecast : moved.forecast) forecast += shift;
    const double before = measure_of(series, Measure::me).value_or(0);
    RC_ASSERT(std::abs(measure_of(moved, Measure::me).value_or(0) - before - shift) < 1e-12);
  });
}

TEST(PointErrors, ScaleWithTheirUnit) {
  for_all([] {
    const ForecastSeries series = any_series(1);
    ForecastSeries larger = series;
    for (auto* column : {&larger.actual, &larger.forecast, &larger.history, &larger.benchmark})
      for (double& value : *column) value *= 8;
    for (const Measure measure : all_measures()) {
      const Real before = measure_of(series, measure), after = measure_of(larger, measure);
      const bool in_units = measure == Measure::me || measure == Measure::mae || measure == Measure::rmse ||
                            measure == Measure::median_ae || measure == Measure::cfe ||
                            measure == Measure::pis;
      const double factor = in_units ? 8 : measure == Measure::mse ? 64 : 1;
      RC_ASSERT(after.reason() == before.reason());
      RC_ASSERT(after.value_or(0) == factor * before.value_or(0));
    }
  });
}

TEST(PointErrors, OfTheNaiveForecastOnItsHistoryAreItsScale) {
  for_all([] {
    const int lag = *rc::gen::inRange(1, 5);
    ForecastSeries series{.history = values(static_cast<std::size_t>(*rc::gen::inRange(lag + 1, 20)))};
    series.actual.assign(series.history.begin() + lag, series.history.end());
    series.forecast.assign(series.history.begin(), series.history.end() - lag);
    const Real mase = measure_of(series, Measure::mase, lag);
    const Real rmsse = measure_of(series, Measure::rmsse, lag);
    RC_ASSERT(mase.reason() == rmsse.reason());
    if (!mase.defined()) RC_ASSERT(mase == Real(Undefined::no_variation));
    for (const Real& one : {mase, rmsse}) RC_ASSERT(std::abs(one.value_or(1) - 1) < 4e-16);
  });
}

TEST(PointErrors, SharesAddUpToOne) {
  for_all([] {
    const ForecastSeries series = any_series(1);
    const auto share = [&](Measure measure) { return measure_of(series, measure); };
    const Real bias = share(Measure::bias_share);
    RC_PRE(bias.defined());
    const double sum = bias.value_or(0) + share(Measure::variance_share).value_or(0) +
                       share(Measure::covariance_share).value_or(0);
    RC_ASSERT(std::abs(sum - 1) < 1e-12);
  });
}

TEST(PointErrors, SignedErrorsOfAHierarchyAddUp) {
  for_all([] {
    auto all = some_series();
    ForecastSeries total{.actual = std::vector<double>(9), .forecast = std::vector<double>(9)};
    for (ForecastSeries& series : all) {
      series = {.actual = values(9), .forecast = values(9)};
      for (std::size_t i = 0; i < 9; ++i) {
        total.actual[i] += series.actual[i];
        total.forecast[i] += series.forecast[i];
      }
    }
    RC_ASSERT(figure(SeriesColumns(all).together(Measure::cfe, {.pooling = Pooling::ratio_of_sums})) ==
              measure_of(total, Measure::cfe));
  });
}

TEST(PointErrors, OfOneSeriesAreThoseOfTheGroup) {
  for_all([] {
    const SeriesColumns one({any_series()}, 2);
    PointErrorOptions options = any_options();
    options.pooling = *rc::gen::element(Pooling::mean_of_ratios, Pooling::ratio_of_sums);
    const auto each = one.each(all_measures(), options), together = one.together(all_measures(), options);
    for (std::size_t i = 0; i < each.size(); ++i) {
      RC_LOG() << name_of(each[i].measure) << "\n";
      RC_ASSERT(figure(each[i]) == figure(together[i]));
    }
  });
}

TEST(PointErrors, FollowTheirSeriesWhenItMovesAndNoOther) {
  for_all([] {
    const auto all = some_series(0, 9);
    auto changed = all;
    std::rotate(changed.begin(), changed.begin() + 1, changed.end());
    const auto before = SeriesColumns(all, 2).each(all_measures());
    const auto moved = SeriesColumns(changed, 2).each(all_measures());
    RC_PRE(!changed[0].actual.empty());
    changed[0].actual[0] += 3;
    const auto restated = SeriesColumns(changed, 2).each(all_measures());
    for (std::size_t column = 0; column < before.size(); ++column)
      for (std::size_t i = 0; i < all.size(); ++i) {
        RC_ASSERT(figure(moved[column], i) == figure(before[column], (i + 1) % all.size()));
        if (i > 0) RC_ASSERT(figure(restated[column], i) == figure(moved[column], i));
      }
  });
}

/// Many cells: blocks of them, and groups that begin and end within a block and at its end.
TEST(PointErrors, DoNotDependOnThreadsOrOnHowRowsAreCut) {
  std::vector<double> actual, forecast, benchmark;
  std::vector<std::uint32_t> begin{0}, scale;
  const std::size_t cells = 7000;
  for (std::size_t cell = 0; cell < cells; ++cell) {
    for (std::size_t i = 0; i < cell * 7 % 12; ++i) {
      const auto at = static_cast<double>(cell + 1) * static_cast<double>(i + 1);
      actual.push_back(100 + 40 * std::sin(at));
      forecast.push_back(100 + 40 * std::sin(at + 0.3));
      benchmark.push_back(100 + 20 * std::cos(at));
    }
    begin.push_back(static_cast<std::uint32_t>(actual.size()));
    scale.push_back(static_cast<std::uint32_t>(cell % 50));
  }
  const ErrorScales scales{std::vector<double>(50, 1.5), std::vector<double>(50, 2.5),
                           std::vector<double>(50, 99)};
  const std::vector<std::uint32_t> groups{0, 3, 3, 1024, 1024, 2048, 2049, 5500, 7000, 7000};
  for (const Pooling pooling : {Pooling::mean_of_ratios, Pooling::ratio_of_sums})
    for (const bool grouped : {false, true}) {
      ForecastRows rows{
          .actual = actual, .forecast = forecast, .benchmark = benchmark, .begin = begin, .scale = scale};
      if (grouped) rows.groups = groups;
      PointErrorOptions options{.pooling = pooling, .execution = {.threads = 1}};
      const auto alone = point_errors(rows, scales, all_measures(), options);
      options.execution.threads = 4;
      const auto shared = point_errors(rows, scales, all_measures(), options);
      for (std::size_t i = 0; i < alone.size(); ++i) {
        EXPECT_TRUE(same_bits(alone[i], shared[i])) << name_of(alone[i].measure);
        // A measure alone is what it is among others.
        EXPECT_TRUE(same_bits(alone[i], point_errors(rows, scales, {{alone[i].measure}}, options).at(0)))
            << name_of(alone[i].measure);
      }
      if (!grouped) continue;
      // Each group on its own.
      for (std::size_t group = 0; group + 1 < groups.size(); ++group) {
        const std::uint32_t first = groups[group], end = groups[group + 1];
        if (first == end) {
          EXPECT_EQ(alone[0].reason[group], Undefined::empty_base);
          continue;
        }
        std::vector<std::uint32_t> cut(begin.begin() + first, begin.begin() + end + 1);
        const std::uint32_t row = cut.front(), count = cut.back() - row;
        for (std::uint32_t& at : cut) at -= row;
        const std::vector<std::uint32_t> whole{0, end - first};
        const ForecastRows part{.actual = std::span(actual).subspan(row, count),
                                .forecast = std::span(forecast).subspan(row, count),
                                .benchmark = std::span(benchmark).subspan(row, count),
                                .begin = cut,
                                .scale = std::span(scale).subspan(first, end - first),
                                .groups = whole};
        const auto found = point_errors(part, scales, all_measures(), options);
        for (std::size_t i = 0; i < found.size(); ++i) {
          EXPECT_EQ(found[i].reason[0], alone[i].reason[group]) << name_of(found[i].measure);
          EXPECT_NEAR(found[i].value[0], alone[i].value[group], 1e-11 * std::abs(alone[i].value[group]))
              << name_of(found[i].measure) << " of group " << group;
        }
      }
    }
}

}  // namespace
}  // namespace tenure
