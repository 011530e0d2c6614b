#include <tenure/economics/customer_value.hpp>

#include <cmath>

#include "support/faults.hpp"

namespace tenure {
namespace {

/// One purchase in each unit of time for the first customer, half as many for the second.
std::vector<double> steady(double t) { return {t, t / 2}; }

double value_of(const CustomerValueOptions& options, double spend = 10) {
  return customer_value(steady, std::vector<Real>{spend, spend}, options)[0].value_or(-1);
}

TEST(CustomerValue, ByHand) {
  EXPECT_DOUBLE_EQ(value_of({.periods = 3}), 30);
  EXPECT_DOUBLE_EQ(value_of({.periods = 3, .period_length = 30}), 900);
  EXPECT_DOUBLE_EQ(value_of({.periods = 3, .margin = 0.4}), 12);
  EXPECT_DOUBLE_EQ(value_of({.periods = 2, .discount_rate = 0.25}), 10 / 1.25 + 10 / 1.5625);
  EXPECT_DOUBLE_EQ(value_of({.periods = 2, .discount_rate = 0.25, .discount_at = DiscountAt::beginning}), 18);
  EXPECT_DOUBLE_EQ(value_of({.periods = 1, .discount_rate = 0.25, .discount_at = DiscountAt::middle}),
                   10 / std::sqrt(1.25));
}

/// L2 to L4: less with a higher rate, more with margin, upwards to an annuity, and horizons add up.
TEST(CustomerValue, Relations) {
  EXPECT_LT(value_of({.discount_rate = 0.02}), value_of({.discount_rate = 0.01}));
  EXPECT_DOUBLE_EQ(value_of({.discount_rate = 0.02, .margin = 0.5}), value_of({.discount_rate = 0.02}) / 2);
  EXPECT_NEAR(value_of({.periods = 2000, .discount_rate = 0.05}), 10 / 0.05, 1e-9);
  const auto later = [](double t) { return std::vector<double>{t + 5}; };
  const auto shifted = [&](double t) { return std::vector<double>{later(t)[0] - later(0)[0]}; };
  const double tail = discounted_purchases(shifted, {.periods = 7, .discount_rate = 0.1})[0];
  EXPECT_NEAR(value_of({.periods = 12, .discount_rate = 0.1}, 1),
              value_of({.periods = 5, .discount_rate = 0.1}, 1) + tail / std::pow(1.1, 5), 1e-12);
  EXPECT_DOUBLE_EQ(value_of({.discount_rate = 0.02}, 70), 7 * value_of({.discount_rate = 0.02}, 10));
}

TEST(CustomerValue, UndefinedSpendStaysUndefined) {
  const auto found = customer_value(steady, std::vector<Real>{Undefined::diverges, 4.0}, {.periods = 1});
  EXPECT_EQ(found[0].reason(), Undefined::diverges);
  EXPECT_EQ(found[1], Real(2));
}

TEST(CustomerValue, HasNoInfiniteNumbers) {
  EXPECT_FAULT(value_of({.periods = 200, .discount_rate = -0.99}), OptionError, "E_RATE_RANGE",
               "discount_rate -0.99; over 200 periods money grows beyond all bounds");
  EXPECT_DOUBLE_EQ(value_of({.periods = 2, .discount_rate = -0.5}), 10 * (2 + 4));
  const auto found = customer_value(steady, std::vector<Real>{1e308, 1.0}, {.periods = 100});
  EXPECT_EQ(found[0], Real(Undefined::diverges));
  EXPECT_EQ(found[1], Real(50.0));
}

TEST(CustomerValue, OptionsAreChecked) {
  EXPECT_FAULT(value_of({.periods = 0}), OptionError, "E_PARAM", "periods 0; must be 1 to 100000");
  EXPECT_FAULT(value_of({.period_length = 0}), OptionError, "E_PARAM", "period_length 0");
  EXPECT_FAULT(value_of({.discount_rate = -1}), OptionError, "E_RATE_RANGE",
               "discount_rate -1; must be > -1");
  EXPECT_FAULT(value_of({.margin = 1.4}), OptionError, "E_RATE_RANGE", "margin 1.4");
  EXPECT_FAULT(customer_value(steady, std::vector<Real>{1.0}), InputError, "E_COLUMN_LENGTH",
               "purchases of 2 customers, spend of 1");
}

}  // namespace
}  // namespace tenure
