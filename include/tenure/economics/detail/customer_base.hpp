#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <array>
#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/math/special_functions/trigamma.hpp>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "../repeat_purchases.hpp"
#include "customer_blocks.hpp"
#include "requirements.hpp"

/// What the models share: customers by their number of purchases, sums over blocks of them, the search.
namespace tenure::detail {

/// Customers with the distinct numbers of purchases among them: what depends on x alone is computed once.
struct CustomerBase {
  RepeatPurchases rows;
  std::vector<double> distinct;      ///< numbers of purchases, ascending
  std::vector<double> counts;        ///< weight of each
  std::vector<std::uint32_t> codes;  ///< by row: which of them
  double total = 0, longest = 0;     ///< all weights, the longest age

  explicit CustomerBase(const RepeatPurchases& customers) : rows(customers), codes(customers.size()) {
    const std::span<const double> x = rows.frequency;
    double most = 0;
    for (const double purchases : x) most = std::max(most, purchases);
    if (most < 1 << 20) {
      std::vector<std::uint32_t> code(static_cast<std::size_t>(most) + 1, 0);
      for (const double purchases : x) code[static_cast<std::size_t>(purchases)] = 1;
      for (std::size_t i = 0; i < code.size(); ++i)
        if (code[i] != 0) {
          code[i] = static_cast<std::uint32_t>(distinct.size());
          distinct.push_back(static_cast<double>(i));
        }
      for (std::size_t row = 0; row < x.size(); ++row) codes[row] = code[static_cast<std::size_t>(x[row])];
    } else {
      distinct.assign(x.begin(), x.end());
      std::ranges::sort(distinct);
      distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
      for (std::size_t row = 0; row < x.size(); ++row)
        codes[row] =
            static_cast<std::uint32_t>(std::ranges::lower_bound(distinct, x[row]) - distinct.begin());
    }
    counts.resize(distinct.size());
    for (std::size_t row = 0; row < x.size(); ++row) {
      counts[codes[row]] += weight(row);
      longest = std::max(longest, rows.age[row]);
    }
    for (const double count : counts) total += count;
  }

  std::size_t size() const noexcept { return rows.size(); }
  double weight(std::size_t row) const noexcept { return rows.weight.empty() ? 1 : rows.weight[row]; }
};

/// Sums over j < x of log(p+j), 1/(p+j) and 1/(p+j)^2, for ascending x: log Gamma(p+x) - log Gamma(p) and
/// its derivatives, without the difference of large numbers.
struct Rising {
  std::vector<double> log, first, second;

  Rising(double p, std::span<const double> ascending, double more = 0) {
    double at = 0, sum = 0, inverse = 0, square = 0;
    for (const double x : ascending) {
      if (x + more - at > 8192) {
        const double from = p + at, to = p + x + more;
        sum += boost::math::lgamma(to) - boost::math::lgamma(from);
        inverse += boost::math::digamma(to) - boost::math::digamma(from);
        square += boost::math::trigamma(from) - boost::math::trigamma(to);
        at = x + more;
      }
      for (; at < x + more; ++at) {
        const double part = 1 / (p + at);
        sum += std::log(p + at);
        inverse += part;
        square += part * part;
      }
      log.push_back(sum);
      first.push_back(inverse);
      second.push_back(square);
    }
  }
};

/// Value, gradient (4) and Hessian (10, row by row of the lower triangle) of a sum over customers.
using LikelihoodSums = std::array<double, 15>;
constexpr std::size_t hessian_place(std::size_t i, std::size_t j) noexcept {
  return i >= j ? 5 + i * (i + 1) / 2 + j : 5 + j * (j + 1) / 2 + i;
}

/// Minus the log likelihood by logarithms of the parameters, from sums by the parameters themselves.
inline Evaluation negative_by_logarithms(const LikelihoodSums& sums, const Eigen::VectorXd& parameters) {
  const Eigen::Index size = parameters.size();
  Evaluation evaluation{-sums[0], Eigen::VectorXd(size), Eigen::MatrixXd(size, size)};
  for (Eigen::Index i = 0; i < size; ++i) {
    const auto row = static_cast<std::size_t>(i);
    evaluation.gradient(i) = -sums[1 + row] * parameters(i);
    for (Eigen::Index j = 0; j < size; ++j)
      evaluation.hessian(i, j) =
          -sums[hessian_place(row, static_cast<std::size_t>(j))] * parameters(i) * parameters(j);
    evaluation.hessian(i, i) += evaluation.gradient(i);
  }
  return evaluation;
}

/// Adds up `row_sums(first, last) -> LikelihoodSums` over blocks of customers.
template <class BlockSums>
LikelihoodSums sum_blocks(const Execution& execution, std::size_t rows, BlockSums&& block_sums) {
  std::vector<LikelihoodSums> parts((rows + customers_in_block - 1) / customers_in_block);
  for_customer_blocks(execution, rows, [&](std::size_t block, std::size_t first, std::size_t last) {
    parts[block] = block_sums(first, last);
  });
  LikelihoodSums sums{};
  for (const LikelihoodSums& part : parts)
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += part[i];
  return sums;
}

/// Every n-th customer, and their memory.
struct EveryNth {
  std::vector<double> frequency, recency, age, weight;

  EveryNth(const RepeatPurchases& all, std::size_t step) {
    for (std::size_t row = 0; row < all.size(); row += step) {
      frequency.push_back(all.frequency[row]);
      recency.push_back(all.recency[row]);
      age.push_back(all.age[row]);
      if (!all.weight.empty()) weight.push_back(all.weight[row]);
    }
  }
  RepeatPurchases rows() const { return {frequency, recency, age, weight}; }
};

/// A model of four parameters, for the search. Starts are in units.
struct SearchedModel {
  std::vector<std::string> names;
  std::array<bool, 4> is_time;
  std::vector<std::array<double, 4>> starts;
  Evaluation (*negative)(const CustomerBase&, const Eigen::VectorXd& parameters, const Execution&);
};

inline ModelFit search(const CustomerBase& base, const SearchedModel& model, const FitOptions& options) {
  const double unit = base.longest > 0 ? base.longest : 1;
  Likelihood likelihood{
      .names = model.names, .negative = {}, .customers = base.total, .units = {}, .starts = {}};
  likelihood.units = Eigen::VectorXd::Ones(4);
  for (Eigen::Index i = 0; i < 4; ++i)
    if (model.is_time[static_cast<std::size_t>(i)]) likelihood.units(i) = unit;
  for (const std::array<double, 4>& start : model.starts)
    likelihood.starts.push_back(
        Eigen::Map<const Eigen::Vector4d>(start.data()).cwiseProduct(likelihood.units));
  likelihood.negative = [&](const Eigen::VectorXd& at) {
    return model.negative(base, at.array().exp().matrix(), options.execution);
  };
  return fit_parameters(likelihood, options);
}

/// Checked customers in: with many of them, all starts are tried on a few thousand, and the rest is steps
/// from there.
inline ModelFit search_from_few(const RepeatPurchases& customers, const SearchedModel& model,
                                const FitOptions& options) {
  constexpr std::size_t few = 4096;
  const CustomerBase base(customers);
  if (customers.size() < 4 * few || !options.starts.empty()) return search(base, model, options);
  const EveryNth sample(customers, customers.size() / few);
  const ModelFit first = search(CustomerBase(sample.rows()), model, options);
  FitOptions near = options;
  near.starts = {first.parameters};
  ModelFit fit = search(base, model, near);
  return fit.outcome == Outcome::converged ? fit : search(base, model, options);
}

inline void require_customers(const RepeatPurchases& customers) {
  if (customers.size() == 0)
    throw_input({.code = "E_NO_ROWS",
                 .what = "there are no customers to fit a model to",
                 .remedy = "Give a row for each customer."});
}

}  // namespace tenure::detail
