#pragma once

#include <tenure/core/random.hpp>
#include <tenure/economics/repeat_purchases.hpp>
#include "shared.hpp"

namespace tenure::test {

/// The customers of CDNOW, in weeks, and rows that some tests make up.
struct Customers {
  std::vector<double> frequency, recency, age, weight{};

  RepeatPurchases rows() const { return {frequency, recency, age, weight}; }
};

inline Customers cdnow() {
  const std::vector<CsvRow> rows = shared_csv("conformance/data/cdnow_summary.csv");
  return {numbers_of(rows, "frequency"), numbers_of(rows, "recency"), numbers_of(rows, "T")};
}

/// `count` customers of CDNOW by a rule, a set of its own for each `seed`.
inline Customers some_of(const Customers& all, std::size_t count, std::uint64_t seed) {
  RandomStream random(seed, 0);
  Customers few;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t row = random.below(all.age.size());
    few.frequency.push_back(all.frequency[row]);
    few.recency.push_back(all.recency[row]);
    few.age.push_back(all.age[row]);
  }
  return few;
}

/// What every fit has to be: its own log likelihood, and no point around it or far away that is better.
template <class Model>
void expect_best(const ModelFit& fit, const Customers& customers) {
  const Model best = Model::of(fit.parameters);
  const double top = best.log_likelihood(customers.rows());
  EXPECT_TRUE(within(fit.log_likelihood, top, 1e-12));
  RandomStream random(20, 6);
  for (int point = 0; point < 1000; ++point) {
    Eigen::VectorXd there = fit.parameters;
    const double reach = point % 2 == 0 ? 0.1 : 3;
    for (double& value : there) value *= std::exp(reach * (2 * random.uniform() - 1));
    EXPECT_LE(Model::of(there).log_likelihood(customers.rows()), top + 1e-7) << there.transpose();
  }
}

/// Exact derivatives against differences of the value.
inline void expect_derivatives(const Function& function, const Eigen::VectorXd& at) {
  const Evaluation exact = function(at);
  const Evaluation rough =
      differentiated([&](const Eigen::VectorXd& there) { return function(there).value; })(at);
  const double size = exact.gradient.cwiseAbs().maxCoeff() + exact.hessian.cwiseAbs().maxCoeff();
  EXPECT_LE((exact.gradient - rough.gradient).cwiseAbs().maxCoeff(), 1e-7 * size)
      << exact.gradient.transpose();
  EXPECT_LE((exact.hessian - rough.hessian).cwiseAbs().maxCoeff(), 1e-5 * size) << exact.hessian;
}

}  // namespace tenure::test
