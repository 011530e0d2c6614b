#include <tenure/model/fx.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>

#include "support/faults.hpp"
#include "support/property.hpp"

namespace tenure {
namespace {

const Currency eur("EUR"), usd("USD"), jpy("JPY"), gbp("GBP");

Day day(std::string_view text) { return parse_day(text); }

/// Rates of one Friday, a Monday and the days after it, as the ECB has them around a weekend.
FxRates table(FxOptions options = {}) {
  FxRates rates(eur, options);
  rates.add(day("2024-03-28"), usd, "1.0811");
  rates.add(day("2024-03-28"), jpy, "163.45");
  rates.add(day("2024-03-28"), gbp, "0.8551");
  rates.add(day("2024-04-02"), usd, "1.0749");
  return rates;
}

Exchange reduced(std::int64_t numerator, std::int64_t denominator) {
  const std::int64_t shared = std::gcd(numerator, denominator);
  return {numerator / shared, denominator / shared};
}

TEST(Exchange, RoundsHalfEvenOnce) {
  const Exchange half{1, 2};
  EXPECT_EQ(half.convert(5), 2);
  EXPECT_EQ(half.convert(7), 4);
  EXPECT_EQ(half.convert(-5), -2);
  EXPECT_EQ(half.convert(-7), -4);
  EXPECT_EQ((Exchange{7, 2}).convert(3), 10) << "10.5";
  EXPECT_EQ((Exchange{7, 2}).convert(5), 18) << "17.5";
  EXPECT_EQ((Exchange{1, 3}).convert(100), 33);
  EXPECT_EQ((Exchange{2, 3}).convert(100), 67);
}

TEST(Exchange, NeverMakesNothingOfSomething) {
  EXPECT_EQ((Exchange{1, 1'000'000}).convert(3), 1);
  EXPECT_EQ((Exchange{1, 1'000'000}).convert(-3), -1);
  EXPECT_EQ((Exchange{1, 2}).convert(1), 1) << "a tie that would go to 0";
  EXPECT_EQ((Exchange{1, 1'000'000}).convert(0), 0);
}

TEST(Exchange, RefusesWhatDoesNotFit) {
  EXPECT_EQ((Exchange{1, 1}).convert(INT64_MAX), INT64_MAX);
  EXPECT_EQ((Exchange{1, 1}).convert(INT64_MIN), INT64_MIN);
  EXPECT_EQ((Exchange{2, 1}).convert(INT64_MAX / 2), INT64_MAX - 1);
  EXPECT_FAULT((Exchange{2, 1}).convert(INT64_MAX / 2 + 1), InputError, "E_AMOUNT_RANGE",
               "do not fit 64 bits");
  EXPECT_FAULT((Exchange{2, 1}).convert(INT64_MIN), InputError, "E_AMOUNT_RANGE", "do not fit 64 bits");
  const int128 huge = int128{1} << 126;
  EXPECT_FAULT((Exchange{huge, 1}).convert(INT64_MAX), InputError, "E_AMOUNT_RANGE", "do not fit 64 bits");
  EXPECT_FAULT((Exchange{huge, 3}).convert(-1), InputError, "E_AMOUNT_RANGE", "rate of");
}

/// |2 (amount n - result d)| <= d, even where it is equal: the definition, in numbers that fit.
RC_GTEST_PROP(Exchange, IsTheNearestWholeNumber, ()) {
  const auto amount = *rc::gen::inRange<std::int64_t>(-1'000'000'000'000, 1'000'000'000'000);
  const auto numerator = *rc::gen::inRange<std::int64_t>(1, 5'000'000);
  const auto denominator = *rc::gen::weightedOneOf<std::int64_t>(
      {{1, rc::gen::inRange<std::int64_t>(1, 12)}, {1, rc::gen::inRange<std::int64_t>(1, 5'000'000)}});
  const std::int64_t result = Exchange{numerator, denominator}.convert(amount);
  if (magnitude(result) == 1) return;  // may be a 0 that must not be one
  const uint128 twice = 2 * magnitude(int128{amount} * numerator - int128{result} * denominator);
  RC_ASSERT(twice <= static_cast<uint128>(denominator));
  if (twice == static_cast<uint128>(denominator)) RC_ASSERT(result % 2 == 0);
}

/// A common factor changes nothing but the number of bits that the way there needs.
RC_GTEST_PROP(Exchange, IsExactWhereProductsPassOneHundredTwentyEightBits, ()) {
  const auto amount = *rc::gen::arbitrary<std::int64_t>();
  const auto numerator = *rc::gen::inRange<std::int64_t>(1, 1'000'000);
  const auto denominator = numerator + *rc::gen::inRange<std::int64_t>(0, 1'000'000);
  const int shift = *rc::gen::inRange(60, 106);
  const int128 factor = (int128{1} << shift) / *rc::gen::inRange(1, 100);
  RC_ASSERT((Exchange{numerator * factor, denominator * factor}.convert(amount)) ==
            (Exchange{numerator, denominator}.convert(amount)));
}

TEST(FxRates, GoesFromTheBaseAndToIt) {
  const FxRates rates = table();
  EXPECT_EQ(rates.rate(eur, usd, day("2024-03-28")), reduced(10811, 10000));
  EXPECT_EQ(rates.rate(usd, eur, day("2024-03-28")), reduced(10000, 10811));
  EXPECT_EQ(rates.rate(eur, usd, day("2024-03-28")).convert(100'000'000), 108'110'000);
  EXPECT_EQ(rates.rate(usd, eur, day("2024-03-28")).convert(108'110'000), 100'000'000);
}

TEST(FxRates, CrossesThroughTheBaseExactly) {
  const FxRates rates = table();
  EXPECT_EQ(rates.rate(usd, jpy, day("2024-03-28")), reduced(1634500, 10811));
  EXPECT_EQ(rates.rate(gbp, usd, day("2024-03-28")), reduced(10811, 8551));
  EXPECT_DOUBLE_EQ(rates.rate(gbp, usd, day("2024-03-28")).value(), 10811.0 / 8551.0);
}

TEST(FxRates, ACurrencyIsWorthOneOfItselfOnAnyDay) {
  EXPECT_EQ(table().rate(jpy, jpy, day("1999-01-01")), Exchange{});
  EXPECT_EQ(FxRates(usd).rate(eur, eur, day("2024-01-01")), Exchange{});
}

TEST(FxRates, ReadsBothDirectionsOfQuotation) {
  FxRates per_base(eur), per_unit(eur);
  per_base.add(day("2024-01-02"), usd, "1.25");
  per_unit.add(day("2024-01-02"), usd, "0.8", Quotation::base_per_unit);
  EXPECT_EQ(per_base.rate(usd, eur, day("2024-01-02")), reduced(4, 5));
  EXPECT_EQ(per_unit.rate(usd, eur, day("2024-01-02")), reduced(4, 5));
  EXPECT_EQ(per_base.digest(), per_unit.digest());
}

TEST(FxRates, ADayWithoutQuotationHasThatOfTheLastEarlierDay) {
  const FxRates rates = table();
  for (const char* closed : {"2024-03-28", "2024-03-29", "2024-03-30", "2024-03-31", "2024-04-01"})
    EXPECT_EQ(rates.rate(eur, usd, day(closed)), reduced(10811, 10000)) << closed;
  for (const char* after : {"2024-04-02", "2024-04-03", "2024-04-09"})
    EXPECT_EQ(rates.rate(eur, usd, day(after)), reduced(10749, 10000)) << after;
}

TEST(FxRates, NeverTakesALaterDay) {
  EXPECT_FAULT(table().rate(eur, usd, day("2024-03-27")), InputError, "E_FX_MISSING",
               "no EUR->USD rate on or before 2024-03-27 (the first one is of 2024-03-28)");
}

TEST(FxRates, LooksBackNoFurtherThanTheLimit) {
  EXPECT_EQ(table().rate(eur, jpy, day("2024-04-04")), reduced(16345, 100)) << "7 days";
  EXPECT_FAULT(table().rate(eur, jpy, day("2024-04-05")), InputError, "E_FX_MISSING",
               "no EUR->JPY rate on or before 2024-04-05 (the last one before is of 2024-03-28, 8 days; the "
               "limit is 7)");
  EXPECT_FAULT(table({.max_days_back = 0}).rate(eur, usd, day("2024-03-29")), InputError, "E_FX_MISSING",
               "1 day; the limit is 0");
  EXPECT_EQ(table({.max_days_back = 0}).rate(eur, usd, day("2024-03-28")), reduced(10811, 10000));
  EXPECT_EQ(table({.max_days_back = INT32_MAX}).rate(eur, usd, max_day), reduced(10749, 10000));
}

TEST(FxRates, NamesTheSideOfACrossRateThatIsMissing) {
  EXPECT_FAULT(table().rate(usd, Currency("SEK"), day("2024-03-28")), InputError, "E_FX_MISSING",
               "no EUR->SEK rate on or before 2024-03-28 (there are no rates of SEK)");
  EXPECT_FAULT(table().rate(jpy, usd, day("2024-04-08")), InputError, "E_FX_MISSING", "no EUR->JPY rate");
}

TEST(FxRates, RefusesWhatIsNoRate) {
  FxRates rates(eur);
  const Day at = day("2024-03-31");
  EXPECT_FAULT(rates.add(at, usd, "0"), InputError, "E_FX_RATE",
               "EUR->USD rate 0 on 2024-03-31; must be > 0 and finite");
  EXPECT_FAULT(rates.add(at, usd, 0.0, Quotation::base_per_unit), InputError, "E_FX_RATE",
               "USD->EUR rate 0 on 2024-03-31; must be > 0 and finite");
  for (const char* text : {"-1.1", "0.000", "nan", "inf", "-0"})
    EXPECT_FAULT(rates.add(at, usd, text), InputError, "E_FX_RATE", "must be > 0 and finite");
  for (const double value : {-1.1, -0.0, std::nan(""), -std::nan(""), HUGE_VAL, -HUGE_VAL})
    EXPECT_FAULT(rates.add(at, usd, value), InputError, "E_FX_RATE", "must be > 0 and finite");
  for (const char* text : {"", ".", "1.", ".5", "1,1", "1.1.1", "1e3", "+1", " 1", "1 ", "N/A", "0x1"})
    EXPECT_FAULT(rates.add(at, usd, text), InputError, "E_FX_RATE", "not a plain decimal");
  for (const char* text : {"1000000000001", "0.0000000000009", "9000000000000", "10000000000000000000000000"})
    EXPECT_FAULT(rates.add(at, usd, text), InputError, "E_FX_RATE", "rate " + std::string(text));
  for (const double value : {1.1e12, 9e-13, 1e300, 5e-324})
    EXPECT_FAULT(rates.add(at, usd, value), InputError, "E_FX_RATE", "must lie between 10^-12 and 10^12");
  EXPECT_EQ(rates.size(), 0);
}

TEST(FxRates, KeepsTwelveDigitsExactly) {
  FxRates rates(eur);
  const Day at = day("2024-01-02");
  EXPECT_FAULT(rates.add(at, usd, "1.234567890123"), InputError, "E_FX_RATE",
               "more than 12 significant digits");
  rates.add(at, usd, "1.23456789012000");
  EXPECT_TRUE(rates.rate(eur, usd, at).numerator == 30864197253) << "zeros at the end are no digits";
  EXPECT_TRUE(rates.rate(eur, usd, at).denominator == 25000000000);
  rates.add(at, jpy, "0.000000000001");
  EXPECT_TRUE(rates.rate(jpy, eur, at) == (Exchange{1'000'000'000'000, 1}));
  rates.add(at, gbp, "1000000000000.0");
  EXPECT_TRUE(rates.rate(jpy, gbp, at).numerator == int128{1'000'000'000'000} * 1'000'000'000'000);
}

TEST(FxRates, TakesTheShortestDecimalOfANumber) {
  const auto rate_of = [](double value) {
    FxRates rates(eur);
    rates.add(0, usd, value);
    return rates.rate(eur, usd, 0);
  };
  EXPECT_EQ(rate_of(1.1172), reduced(11172, 10000));
  EXPECT_EQ(rate_of(175.68), reduced(17568, 100));
  EXPECT_EQ(rate_of(136), reduced(136, 1));
  EXPECT_EQ(rate_of(20275.17), reduced(2027517, 100));
  EXPECT_EQ(rate_of(1e-12), (Exchange{1, 1'000'000'000'000}));
  EXPECT_EQ(rate_of(1e12), (Exchange{1'000'000'000'000, 1}));
  EXPECT_EQ(rate_of(1.0 / 3), (Exchange{333'333'333'333, 1'000'000'000'000}));
  EXPECT_EQ(rate_of(2.0 / 3), (Exchange{666'666'666'667, 1'000'000'000'000}));
  EXPECT_EQ(rate_of(1.234567890125), reduced(123'456'789'012, 100'000'000'000)) << "a tie, to even";
  EXPECT_EQ(rate_of(1.234567890135), reduced(123'456'789'014, 100'000'000'000));
}

RC_GTEST_PROP(FxRates, AFloatingRateIsTheDecimalItWasReadFrom, ()) {
  const auto digits = *rc::gen::inRange<std::int64_t>(1, 1'000'000'000'000);
  const int scale = *rc::gen::inRange(0, 12);
  std::string text = std::to_string(digits);
  if (text.size() <= static_cast<std::size_t>(scale))
    text.insert(0, static_cast<std::size_t>(scale) + 1 - text.size(), '0');
  if (scale > 0) text.insert(text.size() - static_cast<std::size_t>(scale), ".");
  FxRates from_text(eur), from_number(eur);
  from_text.add(0, usd, text);
  from_number.add(0, usd, std::stod(text));
  RC_ASSERT(from_text.rate(eur, usd, 0) == from_number.rate(eur, usd, 0));
  std::int64_t unit = 1;
  for (int i = 0; i < scale; ++i) unit *= 10;
  RC_ASSERT(from_text.rate(eur, usd, 0) == reduced(digits, unit));
}

TEST(FxRates, ADayHasOneRate) {
  FxRates rates = table();
  rates.add(day("2024-03-28"), usd, "1.08110");
  EXPECT_EQ(rates.size(), 4) << "said twice";
  EXPECT_FAULT(rates.add(day("2024-03-28"), usd, "1.0812"), InputError, "E_FX_CONFLICT",
               "EUR->USD rate 1.0812 on 2024-03-28; that day has another rate already");
  EXPECT_EQ(rates.rate(eur, usd, day("2024-03-28")), reduced(10811, 10000)) << "as before the call";
}

TEST(FxRates, TheBaseIsWorthOneOfItself) {
  FxRates rates(eur);
  rates.add(0, eur, "1.000");
  EXPECT_EQ(rates.size(), 0);
  EXPECT_FAULT(rates.add(0, eur, "1.1"), InputError, "E_FX_RATE", "a currency is worth 1 of itself");
}

TEST(FxRates, RefusesOptionsDaysAndCurrenciesThatAreNone) {
  EXPECT_FAULT(FxRates(eur, {.max_days_back = -1}), OptionError, "E_PARAM", "max_days_back -1; must be >= 0");
  EXPECT_FAULT(FxRates(Currency()), InputError, "E_CURRENCY_UNKNOWN", "'' is not an ISO 4217 code");
  FxRates rates = table();
  EXPECT_FAULT(rates.add(open_end, usd, "1"), InputError, "E_DATE_RANGE", "outside 1400-01-01");
  EXPECT_FAULT(rates.add(0, Currency(), "1"), InputError, "E_CURRENCY_UNKNOWN", "not an ISO 4217 code");
  EXPECT_FAULT(rates.rate(usd, Currency(), 0), InputError, "E_CURRENCY_UNKNOWN", "not an ISO 4217 code");
  EXPECT_FAULT(rates.rate(usd, eur, open_end), InputError, "E_DATE_RANGE", "outside 1400-01-01");
}

TEST(FxRates, KnowsWhatItHolds) {
  const FxRates rates = table();
  EXPECT_EQ(rates.base(), eur);
  EXPECT_EQ(rates.options().max_days_back, 7);
  EXPECT_EQ(rates.currencies(), (std::vector<Currency>{eur, gbp, jpy, usd}));
  EXPECT_TRUE(rates.quotes(gbp));
  EXPECT_FALSE(rates.quotes(eur));
  EXPECT_EQ(format_day(rates.first_day()), "2024-03-28");
  EXPECT_EQ(format_day(rates.last_day()), "2024-04-02");
  EXPECT_EQ(rates.size(), 4);
  EXPECT_EQ(FxRates(eur).first_day(), 0);
  EXPECT_EQ(FxRates(eur).last_day(), 0);
}

TEST(FxRates, ADigestTellsTablesApart) {
  const std::string known = table().digest();
  EXPECT_EQ(known.size(), 16U);
  EXPECT_EQ(known, table().digest());
  EXPECT_NE(known, table({.max_days_back = 8}).digest());
  EXPECT_NE(FxRates(eur).digest(), FxRates(usd).digest());
  FxRates more = table();
  more.add(day("2024-04-03"), usd, "1.0749");
  EXPECT_NE(known, more.digest());
  FxRates other(eur), same_rate_of_another(eur);
  other.add(0, usd, "1.1");
  same_rate_of_another.add(0, gbp, "1.1");
  EXPECT_NE(other.digest(), same_rate_of_another.digest());
}

RC_GTEST_PROP(FxRates, TheOrderOfQuotationsChangesNothing, ()) {
  struct Given {
    Day day;
    int currency, rate;
  };
  const std::vector<Currency> known{usd, jpy, gbp};
  const auto count = *rc::gen::inRange(1, 30);
  std::vector<Given> all;
  for (int i = 0; i < count; ++i) {
    const Given given{*rc::gen::inRange<Day>(0, 20), *rc::gen::inRange(0, 3), *rc::gen::inRange(1, 100'000)};
    if (std::ranges::none_of(
            all, [&](const Given& g) { return g.day == given.day && g.currency == given.currency; }))
      all.push_back(given);
  }
  std::vector<std::size_t> order(all.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t i = order.size(); i > 1; --i)
    std::swap(order[i - 1], order[static_cast<std::size_t>(*rc::gen::inRange<int>(0, static_cast<int>(i)))]);
  FxRates straight(eur), shuffled(eur);
  const auto put = [&](FxRates& rates, const Given& given) {
    rates.add(given.day, known[static_cast<std::size_t>(given.currency)], given.rate / 1000.0);
  };
  for (const Given& given : all) put(straight, given);
  for (const std::size_t at : order) put(shuffled, all[at]);
  RC_ASSERT(straight.digest() == shuffled.digest());
  RC_ASSERT(straight.size() == static_cast<std::int64_t>(all.size()));
  // The last earlier day, found the long way.
  for (Day asked = 0; asked < 30; ++asked) {
    const Given* last = nullptr;
    for (const Given& given : all)
      if (given.currency == 0 && given.day <= asked && (last == nullptr || given.day > last->day))
        last = &given;
    if (last != nullptr && asked - last->day <= 7)
      RC_ASSERT(shuffled.rate(eur, usd, asked) == reduced(last->rate, 1000));
    else
      RC_ASSERT_THROWS_AS(shuffled.rate(eur, usd, asked), InputError);
  }
}

RC_GTEST_PROP(FxRates, ThereAndBackIsWithinAMillionthForRatesNearOne, ()) {
  FxRates rates(eur);
  rates.add(0, usd, *rc::gen::inRange(9'000, 11'000) / 10'000.0);
  rates.add(0, gbp, *rc::gen::inRange(9'000, 11'000) / 10'000.0);
  const auto amount = *rc::gen::inRange<std::int64_t>(-1'000'000'000'000'000, 1'000'000'000'000'000);
  const std::int64_t there = rates.rate(usd, gbp, 0).convert(amount);
  RC_ASSERT(magnitude(rates.rate(gbp, usd, 0).convert(there) - amount) <= 1);
}

RC_GTEST_PROP(FxRates, CrossRatesFormATriangle, ()) {
  FxRates rates(eur);
  for (const Currency& currency : {usd, gbp, jpy})
    rates.add(0, currency, *rc::gen::inRange(1, 1'000'000) / 10'000.0);
  const Exchange a = rates.rate(usd, gbp, 0), b = rates.rate(gbp, jpy, 0), c = rates.rate(jpy, usd, 0);
  RC_ASSERT(a.numerator * b.numerator * c.numerator == a.denominator * b.denominator * c.denominator);
  RC_ASSERT(rates.rate(gbp, usd, 0) == (Exchange{a.denominator, a.numerator}));
}

TEST(FixedRate, OfEveryEuroMemberIsTheCouncils) {
  struct Member {
    const char* code;
    const char* first;
    double per_euro;
  };
  const FxRates rates(eur);  // empty: fixed rates need no quotation
  for (const auto& [code, first, per_euro] :
       {Member{"ATS", "1999-01-01", 13.7603},  Member{"BEF", "1999-01-01", 40.3399},
        Member{"LUF", "1999-01-01", 40.3399},  Member{"DEM", "1999-01-01", 1.95583},
        Member{"ESP", "1999-01-01", 166.386},  Member{"FIM", "1999-01-01", 5.94573},
        Member{"FRF", "1999-01-01", 6.55957},  Member{"IEP", "1999-01-01", 0.787564},
        Member{"ITL", "1999-01-01", 1936.27},  Member{"NLG", "1999-01-01", 2.20371},
        Member{"PTE", "1999-01-01", 200.482},  Member{"GRD", "2001-01-01", 340.750},
        Member{"SIT", "2007-01-01", 239.640},  Member{"CYP", "2008-01-01", 0.585274},
        Member{"MTL", "2008-01-01", 0.429300}, Member{"SKK", "2009-01-01", 30.1260},
        Member{"EEK", "2011-01-01", 15.6466},  Member{"LVL", "2014-01-01", 0.702804},
        Member{"LTL", "2015-01-01", 3.45280},  Member{"HRK", "2023-01-01", 7.53450},
        Member{"BGN", "2026-01-01", 1.95583}}) {
    const Currency currency(code);
    EXPECT_DOUBLE_EQ(rates.rate(eur, currency, day(first)).value(), per_euro) << code;
    EXPECT_DOUBLE_EQ(rates.rate(currency, eur, max_day).value(), 1 / per_euro) << code;
    EXPECT_FAULT(rates.rate(eur, currency, day(first) - 1), InputError, "E_FX_MISSING",
                 "there are no rates of " + std::string(code));
  }
}

TEST(FixedRate, OfRedenominationsIsAPowerOfTen) {
  struct Redenomination {
    const char *old, *successor, *first;
    std::int64_t units;
  };
  const FxRates rates(eur);
  for (const auto& [old, successor, first, units] :
       {Redenomination{"TRL", "TRY", "2005-01-01", 1'000'000},
        Redenomination{"ROL", "RON", "2005-07-01", 10'000}, Redenomination{"ZMK", "ZMW", "2013-01-01", 1'000},
        Redenomination{"BYR", "BYN", "2016-07-01", 10'000}, Redenomination{"MRO", "MRU", "2018-01-01", 10},
        Redenomination{"STD", "STN", "2018-01-01", 1'000},
        Redenomination{"VEF", "VES", "2018-08-20", 100'000},
        Redenomination{"SLL", "SLE", "2022-07-01", 1'000}, Redenomination{"ANG", "XCG", "2025-03-31", 1}}) {
    EXPECT_EQ(rates.rate(Currency(successor), Currency(old), day(first)), (Exchange{units, 1})) << old;
    EXPECT_THROW(rates.rate(Currency(successor), Currency(old), day(first) - 1), InputError) << old;
  }
}

TEST(FixedRate, RulesOverQuotationsFromItsFirstDay) {
  const Currency hrk("HRK");
  FxRates rates(eur);
  rates.add(day("2022-12-30"), hrk, "7.5365");
  rates.add(day("2023-01-02"), hrk, "9");
  EXPECT_EQ(rates.rate(eur, hrk, day("2022-12-31")), reduced(75365, 10000));
  EXPECT_EQ(rates.rate(eur, hrk, day("2023-01-01")), reduced(75345, 10000));
  EXPECT_EQ(rates.rate(eur, hrk, day("2023-01-02")), reduced(75345, 10000));
}

TEST(FixedRate, ChainsToTheRateOfTheSuccessor) {
  const Currency trl("TRL"), hrk("HRK"), frf("FRF");
  FxRates rates(eur);
  rates.add(day("2010-06-01"), Currency("TRY"), "1.9");
  rates.add(day("2024-06-03"), usd, "1.0842");
  EXPECT_EQ(rates.rate(eur, trl, day("2010-06-01")), (Exchange{1'900'000, 1}));
  EXPECT_EQ(rates.rate(trl, eur, day("2010-06-03")), (Exchange{1, 1'900'000}));
  EXPECT_EQ(rates.rate(hrk, usd, day("2024-06-03")), reduced(10842, 75345)) << "1.0842 / 7.5345";
  EXPECT_EQ(rates.rate(frf, hrk, day("2024-06-03")), reduced(753450, 655957)) << "through the euro";
  EXPECT_FAULT(rates.rate(hrk, usd, day("2024-07-03")), InputError, "E_FX_MISSING", "no EUR->USD rate");
}

TEST(FixedRate, HoldsWhereTheBaseItselfWasReplaced) {
  const Currency dem("DEM");
  FxRates rates(dem);
  rates.add(day("1998-12-30"), usd, "0.5977");
  rates.add(day("2000-01-03"), usd, "0.5");
  EXPECT_EQ(rates.rate(dem, usd, day("1998-12-31")), reduced(5977, 10000));
  EXPECT_EQ(rates.rate(dem, usd, day("2000-01-03")), reduced(1, 2));
  EXPECT_EQ(rates.rate(eur, usd, day("2000-01-03")), reduced(195583, 200000));
  EXPECT_EQ(rates.rate(dem, eur, day("2000-01-03")), reduced(100000, 195583));
}

constexpr const char* small_file =
    "Date,USD,JPY,HRK,\r\n2024-01-03,1.0919,155.3,N/A,\r\n2024-01-02,1.0956,,N/A,\r\n"
    "2022-12-30,1.0666,140.66,7.5365,\r\n";

TEST(ReadEcb, TakesNewestFirstWithGapsAndCommasAtTheEnd) {
  const FxRates rates = read_ecb(small_file, {.max_days_back = 3});
  EXPECT_EQ(rates.base(), eur);
  EXPECT_EQ(rates.size(), 6);
  EXPECT_EQ(rates.options().max_days_back, 3);
  EXPECT_EQ(rates.rate(eur, usd, day("2024-01-02")), reduced(10956, 10000));
  EXPECT_EQ(rates.rate(eur, jpy, day("2024-01-06")), reduced(1553, 10));
  EXPECT_FAULT(rates.rate(eur, jpy, day("2024-01-02")), InputError, "E_FX_MISSING",
               "the last one before is of 2022-12-30, 368 days; the limit is 3");
}

TEST(ReadEcb, TakesOtherLineEndsBlanksAndAByteOrderMark) {
  const std::string plain =
      "Date,USD,JPY,HRK\n2024-01-03,1.0919,155.3,N/A\n\n2024-01-02, 1.0956 "
      ",,N/A\n2022-12-30,1.0666,140.66,7.5365";
  EXPECT_EQ(read_ecb(plain).digest(), read_ecb(small_file).digest());
  EXPECT_EQ(read_ecb("\xEF\xBB\xBF" + plain).digest(), read_ecb(small_file).digest());
}

TEST(ReadEcb, NamesLineAndColumnOfWhatItCannotRead) {
  const std::string header = "Date,USD,JPY,\n", good = "2024-01-02,1.1,160,\n";
  EXPECT_FAULT(read_ecb(""), InputError, "E_FX_FILE", "the file is empty");
  EXPECT_FAULT(read_ecb("PK\x03\x04 zip"), InputError, "E_FX_FILE", "line 1: the header is");
  EXPECT_FAULT(read_ecb("Day,USD\n"), InputError, "E_FX_FILE", "expected Date and codes");
  EXPECT_FAULT(read_ecb("Date,\n"), InputError, "E_FX_FILE", "expected Date and codes");
  EXPECT_FAULT(read_ecb("Date,USD,XXQ,\n"), InputError, "E_CURRENCY_UNKNOWN",
               "column 'XXQ': line 1: field 3, 'XXQ' is not an ISO 4217 code");
  EXPECT_FAULT(read_ecb("Date,USD,,JPY\n"), InputError, "E_CURRENCY_UNKNOWN", "field 3, ''");
  EXPECT_FAULT(read_ecb("Date,USD,JPY,USD\n"), InputError, "E_FX_FILE",
               "column 'USD': line 1: field 4, the currency has a column already");
  EXPECT_FAULT(read_ecb(header + good + "2024-01-03,1.1\n"), InputError, "E_FX_FILE",
               "row 1: line 3: 2 fields; the header has 4");
  EXPECT_FAULT(read_ecb(header + good + "03.01.2024,1.1,160,\n"), InputError, "E_FX_FILE",
               "column 'Date', row 1: line 3: '03.01.2024'");
  EXPECT_FAULT(read_ecb(header + good + "2024-02-30,1.1,160,\n"), InputError, "E_FX_FILE", "does not exist");
  EXPECT_FAULT(read_ecb(header + "2024-01-03,1.1,zero,\n" + good), InputError, "E_FX_RATE",
               "column 'JPY', row 0: line 2: EUR->JPY rate zero on 2024-01-03; not a plain decimal");
  EXPECT_FAULT(read_ecb(header + good + "2024-01-03,0,-1,\n2024-01-04,0,1,\n"), InputError, "E_FX_RATE",
               "column 'USD', row 1: line 3: EUR->USD rate 0 on 2024-01-03; must be > 0 and finite");
  EXPECT_FAULT(read_ecb(header + good + "2024-01-02,1.2,160,\n"), InputError, "E_FX_CONFLICT",
               "EUR->USD rate 1.1 on 2024-01-02; that day has another rate already");
}

TEST(ReadEcb, IsQuickOnAQuarterOfAMillionRates) {
  std::string file = "Date";
  const std::vector<std::string> codes{"USD", "JPY", "BGN", "CZK", "DKK", "GBP", "HUF", "PLN", "SEK", "CHF",
                                       "ISK", "NOK", "TRY", "AUD", "BRL", "CAD", "CNY", "HKD", "IDR", "ILS",
                                       "INR", "KRW", "MXN", "MYR", "NZD", "PHP", "SGD", "THB", "ZAR", "RON"};
  for (const std::string& code : codes) file += "," + code;
  constexpr Day days = 8000;
  for (Day at = days; at-- > 0;) {
    file += ",\n" + format_day(at);
    for (std::size_t i = 0; i < codes.size(); ++i) file += "," + std::to_string(1 + at % 7) + ".0313";
  }
  file += ",\n";
  const auto begin = std::chrono::steady_clock::now();
  const FxRates rates = read_ecb(file);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  EXPECT_EQ(rates.size(), 240'000);
  EXPECT_LT(took.count(), 2.0) << "a slow machine or sanitizer is granted ten times what it takes";
}

}  // namespace
}  // namespace tenure
