#include <cmath>
#include <string>

#include "../../core/detail/confidence.hpp"
#include "../../core/error.hpp"
#include "../customer_value.hpp"

namespace tenure {

TENURE_INLINE void check(const CustomerValueOptions& options) {
  const auto refuse = [](const char* code, const std::string& name, double value, const std::string& rule) {
    const std::string shown = detail::number_text(value);
    throw_option({.code = code, .what = name + " " + shown + "; " + rule, .value = shown});
  };
  if (options.periods < 1 || options.periods > 100'000)
    refuse("E_PARAM", "periods", options.periods, "must be 1 to 100000");
  if (!(options.period_length > 0) || std::isinf(options.period_length))
    refuse("E_PARAM", "period_length", options.period_length, "must be above 0 and finite");
  if (!(options.discount_rate > -1) || std::isinf(options.discount_rate))
    refuse("E_RATE_RANGE", "discount_rate", options.discount_rate, "must be > -1");
  if (-options.periods * std::log1p(options.discount_rate) > std::log(1e100))
    refuse("E_RATE_RANGE", "discount_rate", options.discount_rate,
           "over " + std::to_string(options.periods) + " periods money grows beyond all bounds");
  if (!(options.margin >= 0 && options.margin <= 1))
    refuse("E_RATE_RANGE", "margin", options.margin, "must be 0 to 1");
}

TENURE_INLINE std::vector<double> discounted_purchases(const ExpectedPurchases& expected,
                                                       const CustomerValueOptions& options) {
  check(options);
  const double late = options.discount_at == DiscountAt::end      ? 0
                      : options.discount_at == DiscountAt::middle ? 0.5
                                                                  : 1;
  std::vector<double> before, sum;
  for (int k = 1; k <= options.periods; ++k) {
    std::vector<double> until = expected(k * options.period_length);
    if (k == 1) {
      before.assign(until.size(), 0);
      sum.assign(until.size(), 0);
    }
    const double factor = std::pow(1 + options.discount_rate, late - k);
    for (std::size_t i = 0; i < until.size(); ++i) sum[i] += (until[i] - before[i]) * factor;
    before = std::move(until);
  }
  return sum;
}

TENURE_INLINE std::vector<Real> value_of_purchases(std::span<const double> purchases,
                                                   std::span<const Real> spend, double margin) {
  if (purchases.size() != spend.size())
    throw_input({.code = "E_COLUMN_LENGTH",
                 .what = "purchases of " + std::to_string(purchases.size()) + " customers, spend of " +
                         std::to_string(spend.size()),
                 .value = std::to_string(spend.size()),
                 .remedy = "Give the same customers, in the same order, to both models."});
  std::vector<Real> values(spend.begin(), spend.end());
  for (std::size_t i = 0; i < values.size(); ++i)
    if (values[i].defined()) values[i] = detail::or_diverges(values[i].value_or(0) * margin * purchases[i]);
  return values;
}

TENURE_INLINE std::vector<Real> customer_value(const ExpectedPurchases& expected, std::span<const Real> spend,
                                               const CustomerValueOptions& options) {
  return value_of_purchases(discounted_purchases(expected, options), spend, options.margin);
}

}  // namespace tenure
