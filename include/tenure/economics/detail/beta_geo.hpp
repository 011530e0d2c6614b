#pragma once

#include <boost/math/special_functions/beta.hpp>

#include "customer_base.hpp"
#include "expected_purchases.hpp"

/// BG/NBD and its modification are one model but for a coin: `more` is 0 where a customer may leave after
/// each repeat purchase, 1 where it may leave after the first purchase too. m = x + more coins were thrown.
///
///   log L = log (r)_x + r log alpha - n log(alpha+T) + log (b)_m / (a+b)_m + [m > 0] log(1 + exp e)
///   e     = log a - log(b+m-1) + n (log(alpha+T) - log(alpha+t_x)),   n = r + x
namespace tenure::detail {

struct BetaGeoTables {
  double r, alpha, a, b;
  std::vector<double> constant;  ///< by number of purchases: log a - log(b+m-1)
  std::vector<double> inverse;   ///< 1 / (b+m-1), 0 where m = 0

  BetaGeoTables(const CustomerBase& base, double more, double r_, double alpha_, double a_, double b_)
      : r(r_), alpha(alpha_), a(a_), b(b_) {
    for (const double x : base.distinct) {
      const double m = x + more;
      constant.push_back(m > 0 ? std::log(a / (b + m - 1)) : 0);
      inverse.push_back(m > 0 ? 1 / (b + m - 1) : 0);
    }
  }
};

inline LikelihoodSums beta_geo_block(const CustomerBase& base, const BetaGeoTables& table, std::size_t first,
                                     std::size_t last) {
  LikelihoodSums sums{};
  const double part_a = 1 / table.a;
  for (std::size_t row = first; row < last; ++row) {
    const double weight = base.weight(row);
    if (weight == 0) continue;
    const std::uint32_t code = base.codes[row];
    const double n = table.r + base.distinct[code];
    const double age = table.alpha + base.rows.age[row], log_age = std::log(age), part_age = 1 / age;
    double value = -n * log_age, by_r = -log_age, by_alpha = -n * part_age;
    double r_alpha = -part_age, alpha_alpha = n * part_age * part_age;
    if (table.inverse[code] != 0) {
      const double seen = table.alpha + base.rows.recency[row], part_seen = 1 / seen;
      const double e_r = log_age - std::log(seen), e_alpha = n * (part_age - part_seen);
      const double e_b = -table.inverse[code];
      const double e = table.constant[code] + n * e_r;
      const double small = std::exp(-std::abs(e));
      const double left = (e >= 0 ? 1 : small) / (1 + small), slope = small / ((1 + small) * (1 + small));
      value += std::max(e, 0.0) + std::log1p(small);
      by_r += left * e_r;
      by_alpha += left * e_alpha;
      r_alpha += slope * e_r * e_alpha + left * (part_age - part_seen);
      alpha_alpha += slope * e_alpha * e_alpha + left * n * (part_seen * part_seen - part_age * part_age);
      sums[3] += weight * left * part_a;
      sums[4] += weight * left * e_b;
      sums[5] += weight * slope * e_r * e_r;
      sums[8] += weight * slope * e_r * part_a;
      sums[9] += weight * slope * e_alpha * part_a;
      sums[10] += weight * (slope - left) * part_a * part_a;
      sums[11] += weight * slope * e_r * e_b;
      sums[12] += weight * slope * e_alpha * e_b;
      sums[13] += weight * slope * e_b * part_a;
      sums[14] += weight * (slope + left) * e_b * e_b;
    }
    sums[0] += weight * value;
    sums[1] += weight * by_r;
    sums[2] += weight * by_alpha;
    sums[6] += weight * r_alpha;
    sums[7] += weight * alpha_alpha;
  }
  return sums;
}

/// The parts that depend on the number of purchases alone.
inline void add_beta_geo_tables(LikelihoodSums& sums, const CustomerBase& base, double more, double r,
                                double alpha, double a, double b) {
  const Rising by_r(r, base.distinct), by_b(b, base.distinct, more), by_ab(a + b, base.distinct, more);
  for (std::size_t code = 0; code < base.distinct.size(); ++code) {
    const double count = base.counts[code];
    sums[0] += count * (by_r.log[code] + by_b.log[code] - by_ab.log[code]);
    sums[1] += count * by_r.first[code];
    sums[3] -= count * by_ab.first[code];
    sums[4] += count * (by_b.first[code] - by_ab.first[code]);
    sums[5] -= count * by_r.second[code];
    sums[10] += count * by_ab.second[code];
    sums[13] += count * by_ab.second[code];
    sums[14] += count * (by_ab.second[code] - by_b.second[code]);
  }
  sums[0] += base.total * r * std::log(alpha);
  sums[1] += base.total * std::log(alpha);
  sums[2] += base.total * r / alpha;
  sums[6] += base.total / alpha;
  sums[7] -= base.total * r / (alpha * alpha);
}

template <int More>
Evaluation beta_geo_negative(const CustomerBase& base, const Eigen::VectorXd& p, const Execution& execution) {
  const BetaGeoTables table(base, More, p(0), p(1), p(2), p(3));
  LikelihoodSums sums = sum_blocks(execution, base.size(), [&](std::size_t first, std::size_t last) {
    return beta_geo_block(base, table, first, last);
  });
  add_beta_geo_tables(sums, base, More, p(0), p(1), p(2), p(3));
  return negative_by_logarithms(sums, p);
}

template <int More>
SearchedModel beta_geo_search() {
  return {.names = {"r", "alpha", "a", "b"},
          .is_time = {false, true, false, false},
          .starts = {{0.5, 0.1, 0.5, 1}, {1, 0.1, 1, 1}, {3, 0.3, 0.2, 2}},
          .negative = &beta_geo_negative<More>};
}

/// What the two classes share; Model has r, alpha, a, b.
template <int More>
struct BetaGeoKernel {
  double r, alpha, a, b;

  template <class Model>
  explicit BetaGeoKernel(const Model& model) : r(model.r), alpha(model.alpha), a(model.a), b(model.b) {}

  std::vector<double> log_likelihoods(const RepeatPurchases& customers, const Execution& execution) const {
    check(customers, execution);
    const CustomerBase base(customers);
    const BetaGeoTables table(base, More, r, alpha, a, b);
    const Rising by_r(r, base.distinct), by_b(b, base.distinct, More), by_ab(a + b, base.distinct, More);
    std::vector<double> values(base.size());
    for_customer_blocks(execution, base.size(), [&](std::size_t, std::size_t first, std::size_t last) {
      for (std::size_t row = first; row < last; ++row) {
        const std::uint32_t code = base.codes[row];
        const double n = r + base.distinct[code], log_age = std::log(alpha + base.rows.age[row]);
        double value = by_r.log[code] + by_b.log[code] - by_ab.log[code] + r * std::log(alpha) - n * log_age;
        if (table.inverse[code] != 0) {
          const double e = table.constant[code] + n * (log_age - std::log(alpha + base.rows.recency[row]));
          value += std::max(e, 0.0) + std::log1p(std::exp(-std::abs(e)));
        }
        values[row] = value;
      }
    });
    return values;
  }

  double log_likelihood(const RepeatPurchases& customers, const Execution& execution) const {
    check(customers, execution);
    return -beta_geo_negative<More>(CustomerBase(customers), Eigen::Vector4d(r, alpha, a, b), execution)
                .value;
  }

  /// Calls each(row, odds of having left): P(alive) is 1 / (1 + odds).
  template <class Each>
  void for_odds(const RepeatPurchases& customers, const Execution& execution, Each&& each) const {
    std::vector<double> logs(256);  // of a / (b+m-1), for the numbers of purchases that most customers have
    const auto log_at = [&](double x) { return std::log(a / (b + x + More - 1)); };
    for (std::size_t x = More == 0 ? 1 : 0; x < logs.size(); ++x) logs[x] = log_at(static_cast<double>(x));
    for_customer_blocks(execution, customers.size(), [&](std::size_t, std::size_t first, std::size_t last) {
      for (std::size_t row = first; row < last; ++row) {
        const double x = customers.frequency[row];
        if (x + More == 0) {
          each(row, 0);
          continue;
        }
        const double constant =
            x < 256 ? logs[static_cast<std::size_t>(static_cast<std::int64_t>(x))] : log_at(x);
        const double ratio = (alpha + customers.age[row]) / (alpha + customers.recency[row]);
        each(row, std::exp(constant + (r + x) * std::log(ratio)));
      }
    });
  }

  std::vector<double> probability_alive(const RepeatPurchases& customers, const Execution& execution) const {
    check(customers, execution);
    std::vector<double> values(customers.size());
    for_odds(customers, execution, [&](std::size_t row, double odds) { values[row] = 1 / (1 + odds); });
    return values;
  }

  std::vector<double> conditional_expected_purchases(double t, const RepeatPurchases& customers,
                                                     const Execution& execution) const {
    require_time(t, alpha);
    check(customers, execution);
    ExpectedWhileAlive alive(r, alpha, a, b, More, t);
    std::vector<double> values(customers.size());
    for_customer_blocks(execution, customers.size(), [&](std::size_t, std::size_t first, std::size_t last) {
      for (std::size_t row = first; row < last; ++row)
        values[row] = alive.prepare(customers.frequency[row], customers.age[row]);
    });
    alive.make(execution);
    for_odds(customers, execution, [&](std::size_t row, double odds) {
      values[row] = alive.value(customers.frequency[row], values[row]) / (1 + odds);
    });
    return values;
  }

  double expected_purchases(double t) const {
    require_time(t, alpha);
    const double stays = More == 0 ? 1 : b / (a + b);
    return stays * expected_while_alive(r, a, b + More, t / alpha);
  }

  /// Still there after n purchases, or left with the n-th one though it would have bought on.
  double probability_of_purchases(double t, std::int64_t n) const {
    require_time(t, alpha);
    require_count(n);
    const double count = static_cast<double>(n), coins = count + More;
    if (t == 0) return n > 0 ? 0 : 1;
    const double z = t / (alpha + t);
    const std::array<double, 1> at{count};
    const double log_kept = Rising(b, at, More).log[0] - Rising(a + b, at, More).log[0];
    const double log_chance =
        Rising(r, at).log[0] - Rising(1, at).log[0] - r * std::log1p(t / alpha) + count * std::log(z);
    const double stayed = std::exp(log_kept + log_chance);
    if (coins == 0) return stayed;
    const double left = std::exp(log_kept + std::log(a / (b + coins - 1)));
    return stayed + left * (n > 0 ? boost::math::ibeta(count, r, z) : 1);
  }
};

}  // namespace tenure::detail
