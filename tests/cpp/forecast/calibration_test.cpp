#include <tenure/forecast/calibration.hpp>

#include <limits>
#include <numeric>

#include <tenure/core/random.hpp>

#include "support/faults.hpp"
#include "support/score_cases.hpp"

namespace tenure {
namespace {

using test::for_all;
using test::near;
using test::some_numbers;

std::vector<std::uint32_t> whole(std::size_t size) { return {0, static_cast<std::uint32_t>(size)}; }

/// Places of a forecast that says F(a) = a^power where what happens is spread evenly.
ForecastPlaces places_of(std::size_t size, double power) {
  RandomStream random(3, 1);
  ForecastPlaces places;
  for (std::size_t i = 0; i < size; ++i) places.lower.push_back(std::pow(random.uniform(), power));
  places.upper = places.lower;
  return places;
}

TEST(ForecastPlaces, OfAnEnsembleAreTheRanksThatTheActualMayHave) {
  const std::vector<double> actual{2, 0, 9}, values{1, 2, 2, 4, 1, 2, 3, 4, 1, 2, 3, 4};
  const ForecastPlaces places = ensemble_places(actual, Ensembles::by_rows(values, 4));
  EXPECT_EQ(places.lower, (std::vector<double>{0.2, 0, 0.8}));
  EXPECT_EQ(places.upper, (std::vector<double>{0.8, 0.2, 1}));
}

TEST(ForecastPlaces, OfOneOfTheMembersCoverItsRank) {
  for_all([] {
    const auto members = static_cast<std::size_t>(*rc::gen::inRange(1, 15));
    const std::vector<double> values = some_numbers(members), actual{values[0]};
    const ForecastPlaces places = ensemble_places(actual, Ensembles::by_rows(values, members));
    RC_ASSERT(places.upper[0] - places.lower[0] >= 2.0 / static_cast<double>(members + 1) - 1e-12);
  });
}

TEST(PlaceHistograms, CountEachPointOnce) {
  for_all([] {
    ForecastPlaces places;
    const auto size = static_cast<std::size_t>(*rc::gen::inRange(1, 40));
    for (std::size_t i = 0; i < size; ++i) {
      const double a = *rc::gen::inRange(0, 101) / 100.0, b = *rc::gen::inRange(0, 101) / 100.0;
      places.lower.push_back(std::min(a, b));
      places.upper.push_back(std::max(a, b));
    }
    const int bins = *rc::gen::inRange(2, 12);
    const PlaceHistogram found = place_histograms(places, whole(size), bins)[0];
    RC_ASSERT(found.count.size() == static_cast<std::size_t>(bins));
    RC_ASSERT(near(std::accumulate(found.count.begin(), found.count.end(), 0.0), static_cast<double>(size)));
  });
}

TEST(PlaceHistograms, OfEvenlySpreadPlacesAreFlatWhateverTheBins) {
  // Each rank of 7 members once: 10 bins do not divide 8 ranks, and counts are even all the same.
  ForecastPlaces places;
  for (int rank = 0; rank < 8; ++rank)
    for (int copy = 0; copy < 10; ++copy) {
      places.lower.push_back(rank / 8.0);
      places.upper.push_back((rank + 1) / 8.0);
    }
  const PlaceHistogram found = place_histograms(places, whole(80), 10)[0];
  for (const double count : found.count) EXPECT_NEAR(count, 8, 1e-12);
  EXPECT_NEAR(found.mean.value_or(0), 0.5, 1e-15);
  EXPECT_NEAR(found.spread.value_or(0), 1, 1e-12);
  EXPECT_NEAR(found.chi_squared.value_or(-1), 0, 1e-12);
  EXPECT_NEAR(found.p_value.value_or(-1), 1, 1e-12);
}

TEST(PlaceHistograms, TellRightForecastsFromWrongOnes) {
  const PlaceHistogram right = place_histograms(places_of(2000, 1), whole(2000))[0];
  const PlaceHistogram wrong = place_histograms(places_of(2000, 1.3), whole(2000))[0];
  EXPECT_GT(right.p_value.value_or(-1), 0.01);
  EXPECT_LT(wrong.p_value.value_or(1), 1e-6);
  EXPECT_LT(wrong.mean.value_or(1), 0.47);
}

TEST(PlaceHistograms, StatisticIsPearsons) {
  ForecastPlaces places;
  for (int i = 0; i < 30; ++i) places.lower.push_back(i < 18 ? 0.25 : 0.75);
  places.upper = places.lower;
  const PlaceHistogram found = place_histograms(places, whole(30), 2)[0];
  EXPECT_NEAR(found.chi_squared.value_or(0), 1.2, 1e-12);
  EXPECT_NEAR(found.p_value.value_or(0), 0.2733217, 1e-7);  // R: chisq.test(c(18, 12))
}

TEST(PlaceHistograms, OfFewPointsHaveNoTest) {
  const ForecastPlaces few{{0.2, 0.4}, {0.2, 0.4}};
  const std::vector<std::uint32_t> begin{0, 2, 2};
  const auto found = place_histograms(few, begin, 2);
  EXPECT_EQ(found[0].p_value, Real(Undefined::too_few));
  EXPECT_NEAR(found[0].mean.value_or(0), 0.3, 1e-15);
  EXPECT_EQ(found[1].mean, Real(Undefined::too_few));
}

TEST(PlaceHistograms, WithoutCellsAreOfAllPlaces) {
  const ForecastPlaces few{{0.2, 0.4, 0.9}, {0.2, 0.4, 0.9}};
  const auto all = place_histograms(few, {}, 2);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].count, (std::vector<double>{2, 1}));
}

TEST(PlaceHistograms, RefuseWhatIsNoPlace) {
  const ForecastPlaces good{{0.2}, {0.2}}, outside{{0.2}, {1.2}}, reversed{{0.4}, {0.2}}, uneven{{0.4}, {}};
  EXPECT_FAULT(place_histograms(good, whole(1), 1), OptionError, "E_BINS", "1 bins make no histogram");
  EXPECT_FAULT(place_histograms(outside, whole(1)), OptionError, "E_PARAM", "does not lie within 0 and 1");
  EXPECT_FAULT(place_histograms(reversed, whole(1)), OptionError, "E_PARAM", "from 0.4 to 0.2");
  EXPECT_FAULT(place_histograms(uneven, whole(1)), InputError, "E_COLUMN_LENGTH", "0 values for 1");
  const std::vector<double> actual{1};
  EXPECT_FAULT(ensemble_places(actual, Ensembles{.members = {}, .forecasts = 1}), OptionError, "E_MEMBERS",
               "a forecast without members");
}

}  // namespace
}  // namespace tenure
