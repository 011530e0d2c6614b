#pragma once

#include <functional>
#include <span>
#include <vector>

#include "../core/parallel.hpp"
#include "../core/real.hpp"

/// What customers are expected to be worth from now on (CLV), from any model of purchases and any of spend:
///
///   value = spend * margin * sum over k = 1 .. periods of (N(k h) - N((k-1) h)) / (1 + d)^(k - late)
///
/// N(t): purchases expected until t from now; h: length of a period in the time unit of the model; d:
/// discount rate for one period; late: 0 where a period's money comes at its end, 1/2 in its middle, 1 at its
/// beginning. lifetimes' customer_lifetime_value is h = 30 days or 4.345 weeks, d for a "month" and late = 0.
/// Purchases and spend are taken to be independent, as Gamma-Gamma takes them.
namespace tenure {

enum class DiscountAt : std::uint8_t { end, middle, beginning };

struct CustomerValueOptions {
  int periods = 12;
  double period_length = 1;  ///< in the model's time unit
  double discount_rate = 0;  ///< for one period
  double margin = 1;         ///< share of the revenue that is left after its costs
  DiscountAt discount_at = DiscountAt::end;
};

/// Throws OptionError: E_PARAM (periods not 1 to 100000, period_length not above 0), E_RATE_RANGE
/// (discount_rate not above -1, or so far below 0 that money grows by more than 1e100; margin not 0 to 1).
void check(const CustomerValueOptions& options);

/// Expected purchases until t, of each customer.
using ExpectedPurchases = std::function<std::vector<double>(double t)>;

/// Purchases of each customer over the periods, discounted: the sum above.
std::vector<double> discounted_purchases(const ExpectedPurchases& expected,
                                         const CustomerValueOptions& options = {});

/// spend * margin * purchases. Undefined where the spend is, for its reason, and `diverges` if infinite.
/// E_COLUMN_LENGTH if the two speak of different numbers of customers.
std::vector<Real> value_of_purchases(std::span<const double> purchases, std::span<const Real> spend,
                                     double margin);

/// Both in one.
std::vector<Real> customer_value(const ExpectedPurchases& expected, std::span<const Real> spend,
                                 const CustomerValueOptions& options = {});

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/customer_value.ipp"
#endif
