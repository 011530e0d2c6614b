#include <cmath>
#include <cstdint>
#include <cstdio>
#include <span>
#include <vector>

#include <tenure/tenure.hpp>

#include "check.hpp"

// How long customers stay and what they are worth: from rows to lives to a curve, what it costs to win a
// customer, what the published cohort of Fader and Hardie does next, and one customer without a contract.
int main() {
  using namespace tenure;
  const std::vector<std::int64_t> customer{1, 2, 3, 4};
  const std::vector<Day> start(4, parse_day("2024-01-01"));
  const std::vector<Day> end{parse_day("2024-02-01"), parse_day("2024-03-01"), open_end, open_end};
  const std::vector<std::int64_t> price{100, 100, 100, 100};
  Book book{Policy::standard()};
  book.add(Subscriptions{.customer = customer, .start = start, .end = end, .amount = price});

  const Lifetimes lives = book.lifetimes({.until = parse_day("2024-06-30")});
  std::vector<std::int64_t> days(lives.size());
  for (std::size_t i = 0; i < lives.size(); ++i) days[i] = lives.duration(i);
  const Durations rows{.duration = std::span<const std::int64_t>(days),
                       .event = std::span<const std::uint8_t>(lives.ended)};
  const SurvivalCurve curve = survival(rows).front();
  for (std::size_t i = 0; i < curve.size(); ++i)
    std::printf("day %3.0f: %.0f at risk, %.0f %% still there\n", curve.time[i], curve.at_risk[i],
                100 * curve.survival[i]);

  const std::vector<Day> spent_on{parse_day("2024-01-31"), parse_day("2024-02-29")};
  const std::vector<std::int64_t> spent{600, 0};
  const Spend spend{{.day = spent_on, .amount = spent}};
  const Periods first_month = months("2024-01", "2024-01");
  const Real cost = cac(spend, book.waterfall(first_month)).at(0).per_customer();
  const Real back = payback_months(cost, {.revenue = 100, .margin = 0.75});
  const Real worth = ltv(100, 0.05, {.margin = 0.75});
  std::printf("CAC %.0f, paid back in %.0f months, worth %.0f\n", cost.value_or(0), back.value_or(0),
              worth.value_or(0));

  // The high churn of the first years is that of customers who leave easily: who is left stays longer.
  const RetentionFit fit = fit_retention({.values = {{1000, 631, 468, 382, 326, 289, 262, 241}}});
  const RetentionProjection next{fit, 12};
  const Estimate later = next.kept(7, 12);
  std::printf("of those left after 7 years, %.0f %% are expected after 12 (%.0f to %.0f)\n",
              100 * later.value.value_or(0), 100 * later.lower.value_or(0), 100 * later.upper.value_or(0));

  // Two repeat purchases, the last in week 30 of 39; parameters as published for CDNOW.
  const BetaGeo model{.r = 0.243, .alpha = 4.414, .a = 0.793, .b = 2.426};
  const std::vector<double> frequency{2}, recency{30.43}, age{38.86};
  const RepeatPurchases shopper{.frequency = frequency, .recency = recency, .age = age};
  const double coming = model.conditional_expected_purchases(39, shopper).front();
  std::printf("%.3f purchases expected in the next 39 weeks\n", coming);

  // The same model fitted to customers of ten kinds: a fit always returns, and says how it ended.
  const std::vector<double> purchases{0, 0, 0, 0, 1, 1, 2, 3, 5, 9};
  const std::vector<double> last{0, 0, 0, 0, 4, 20, 30, 12, 33, 36};
  const std::vector<double> observed{39, 38, 35, 30, 39, 36, 38, 37, 39, 38};
  const std::vector<double> many{60, 50, 50, 40, 20, 20, 10, 10, 5, 5};
  const RepeatPurchases shoppers{.frequency = purchases, .recency = last, .age = observed, .weight = many};
  const ModelFit found = fit_beta_geo(shoppers);
  for (std::size_t i = 0; i < found.names.size(); ++i)
    std::printf("%s %.3f, standard error %.3f\n", found.names[i].c_str(),
                found.parameters[static_cast<Eigen::Index>(i)], found.std_errors[i].value_or(NAN));
  const BetaGeo fitted = BetaGeo::of(found.parameters);

  check(curve.time == std::vector<double>{31, 60, 182}, "two leave, after 31 days and after 60");
  check(curve.survival[1] == 0.5 && curve.at_risk[1] == 3, "after 60 days half are still there");
  check(curve.median().value.defined(), "half have left: there is a median");
  check(!curve.quantile(0.75).value.defined(), "three quarters have not: undefined, not made up");
  check(cost == Real{150} && back == Real{2} && worth == Real{1500}, "150 for 75 a month");
  check(ltv(100, 0.0).reason() == Undefined::no_loss, "without churn no lifetime can be told");
  check(fit.outcome == Outcome::converged && std::abs(fit.curve.alpha - 0.704) < 5e-4 &&
            std::abs(fit.curve.beta - 1.182) < 5e-4,
        "alpha and beta as published");
  check(std::abs(coming - 1.226) < 5e-4, "purchases as published");
  check(found.outcome == Outcome::converged && found.has_errors(), "the likelihood has its top inside");
  check(std::abs(fitted.log_likelihood(shoppers) - found.log_likelihood) < 1e-9 &&
            found.log_likelihood > model.log_likelihood(shoppers),
        "nobody else's parameters are likelier");
}
