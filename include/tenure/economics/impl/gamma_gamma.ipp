#include <algorithm>
#include <array>
#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/trigamma.hpp>
#include <cmath>
#include <map>

#include "../../core/detail/confidence.hpp"
#include "../../core/error.hpp"
#include "../detail/customer_blocks.hpp"
#include "../detail/log_scale.hpp"
#include "../gamma_gamma.hpp"

namespace tenure {

namespace detail {

/// The log likelihood of the whole table in sums that the parameters do not enter, as far as there are any.
class SpendLikelihood {
 public:
  SpendLikelihood(const AverageSpend& customers, Execution execution) : execution_(std::move(execution)) {
    for (std::size_t row = 0; row < customers.size(); ++row) {
      const double x = customers.frequency[row];
      if (x == 0) continue;
      const double z = customers.monetary[row];
      const double w = customers.weight.empty() ? 1 : customers.weight[row];
      rows_.push_back({x, x * z, w});
      repeats_[x] += w;
      weight_ += w;
      spend_ += w * z;
      logs_ += w * std::log(z);
      weighted_logs_ += w * x * (std::log(z) + std::log(x));
    }
  }
  double weight() const noexcept { return weight_; }
  double mean() const noexcept { return spend_ / weight_; }

  /// Minus the log likelihood, of the logarithms of the parameters.
  Evaluation operator()(const Eigen::VectorXd& logarithms) const {
    using boost::math::digamma, boost::math::trigamma;
    const Eigen::VectorXd parameters = logarithms.array().exp();
    const double p = parameters(0), q = parameters(1), v = parameters(2);
    const Sums sums = sum(v);
    double value =
        weight_ * (q * std::log(v) - std::lgamma(q)) + p * weighted_logs_ - logs_ - p * sums.xl - q * sums.l;
    Eigen::VectorXd g(3);
    g << weighted_logs_ - sums.xl, weight_ * (std::log(v) - digamma(q)) - sums.l,
        weight_ * q / v - p * sums.xi - q * sums.i;
    Eigen::MatrixXd h(3, 3);
    double pp = 0, pq = 0, qq = -weight_ * trigamma(q);
    for (const auto& [x, w] : repeats_) {
      const double px = p * x, both = px + q;
      const double psi = digamma(both), psi1 = trigamma(both);
      value += w * (std::lgamma(both) - std::lgamma(px));
      g(0) += w * x * (psi - digamma(px));
      g(1) += w * psi;
      pp += w * x * x * (psi1 - trigamma(px));
      pq += w * x * psi1;
      qq += w * psi1;
    }
    const double pv = -sums.xi, qv = weight_ / v - sums.i;
    const double vv = -weight_ * q / (v * v) + p * sums.xii + q * sums.ii;
    h << pp, pq, pv, pq, qq, qv, pv, qv, vv;
    return negative_on_log_scale(value, g, h, parameters);
  }

 private:
  struct Row {
    double x, spent, weight;
  };
  /// Of l = log(v + xz) and i = 1 / (v + xz).
  struct Sums {
    double l = 0, xl = 0, i = 0, xi = 0, ii = 0, xii = 0;
  };

  /// In blocks of rows, added in the order of blocks: equal bits for any number of threads.
  Sums sum(double v) const {
    constexpr std::size_t block = 4096;
    std::vector<Sums> blocks((rows_.size() + block - 1) / block);
    parallel_for(execution_, blocks.size(), [&](std::size_t b, int) {
      Sums sums;
      for (std::size_t at = b * block; at < std::min(rows_.size(), (b + 1) * block); ++at) {
        const Row& row = rows_[at];
        const double l = row.weight * std::log(v + row.spent), inverse = 1 / (v + row.spent);
        const double i = row.weight * inverse, ii = i * inverse;
        sums.l += l;
        sums.xl += row.x * l;
        sums.i += i;
        sums.xi += row.x * i;
        sums.ii += ii;
        sums.xii += row.x * ii;
      }
      blocks[b] = sums;
    });
    Sums all;
    for (const Sums& sums : blocks) {
      all.l += sums.l;
      all.xl += sums.xl;
      all.i += sums.i;
      all.xi += sums.xi;
      all.ii += sums.ii;
      all.xii += sums.xii;
    }
    return all;
  }

  Execution execution_;
  std::vector<Row> rows_;
  std::map<double, double> repeats_;  ///< customers by x
  double weight_ = 0, spend_ = 0, logs_ = 0, weighted_logs_ = 0;
};

/// Calls at(row) for all rows, on threads.
template <class At>
void for_customers(std::size_t rows, const Execution& execution, At&& at) {
  for_customer_blocks(execution, rows, [&](std::size_t, std::size_t first, std::size_t last) {
    for (std::size_t row = first; row < last; ++row) at(row);
  });
}

}  // namespace detail

TENURE_INLINE void check(const AverageSpend& customers, const AverageSpendNames& names) {
  const std::size_t rows = customers.size();
  const auto same = [&](std::size_t size, const std::string& column) {
    if (size != rows)
      throw_input({.code = "E_COLUMN_LENGTH",
                   .what = "has " + std::to_string(size) + " rows, '" + names.frequency + "' has " +
                           std::to_string(rows),
                   .column = column,
                   .value = std::to_string(size)});
  };
  same(customers.monetary.size(), names.monetary);
  if (!customers.weight.empty()) same(customers.weight.size(), names.weight);
  FaultList faults;
  for (std::size_t row = 0; row < rows; ++row) {
    const auto fault = [&](const char* code, const std::string& column, double value, const char* rule,
                           const char* remedy) {
      const std::string shown = detail::number_text(value);
      faults.add({code, shown + "; " + rule, column, static_cast<std::int64_t>(row), shown, remedy});
    };
    const double x = customers.frequency[row];
    if (!(x >= 0) || x != std::floor(x) || std::isinf(x)) {
      fault("E_RFM_FREQUENCY", names.frequency, x, "must be a whole number, 0 or more",
            "Count the purchases that are averaged.");
    } else if (const double z = customers.monetary[row]; x > 0 && (!(z > 0) || std::isinf(z))) {
      fault("E_RFM_MONETARY", names.monetary, z, "must be above 0 and finite where there are purchases",
            "The model is of amounts above 0: leave out customers whose purchases were free or refunded.");
    }
    if (customers.weight.empty()) continue;
    if (const double w = customers.weight[row]; !(w > 0) || std::isinf(w))
      fault("E_WEIGHT", names.weight, w, "must be above 0 and finite",
            "Leave out rows that stand for nobody.");
  }
  faults.raise();
}

TENURE_INLINE GammaGamma GammaGamma::of(const Eigen::VectorXd& parameters) {
  const ModelFit known = known_parameters(names(), parameters);
  return {known.parameters(0), known.parameters(1), known.parameters(2)};
}

TENURE_INLINE std::vector<double> GammaGamma::log_likelihoods(const AverageSpend& customers,
                                                              const Execution& execution) const {
  check(customers);
  std::vector<double> found(customers.size(), 0.0);
  detail::for_customers(customers.size(), execution, [&](std::size_t row) {
    const double x = customers.frequency[row], z = customers.monetary[row];
    if (x == 0) return;
    found[row] = std::lgamma(p * x + q) - std::lgamma(p * x) - std::lgamma(q) + q * std::log(v) +
                 (p * x - 1) * std::log(z) + p * x * std::log(x) - (p * x + q) * std::log(x * z + v);
  });
  return found;
}

TENURE_INLINE Real GammaGamma::expected_spend() const {
  if (q <= 1) return Undefined::diverges;
  return p * v / (q - 1);
}

TENURE_INLINE std::vector<Real> GammaGamma::conditional_expected_spend(const AverageSpend& customers,
                                                                       const Execution& execution) const {
  check(customers);
  std::vector<Real> found(customers.size(), Undefined::diverges);
  detail::for_customers(customers.size(), execution, [&](std::size_t row) {
    const double x = customers.frequency[row];
    const double spent = x == 0 ? 0 : x * customers.monetary[row];
    if (const double shape = p * x + q - 1; shape > 0) found[row] = p * (v + spent) / shape;
  });
  return found;
}

TENURE_INLINE ModelFit fit_gamma_gamma(const AverageSpend& customers, const FitOptions& options) {
  check(customers);
  const detail::SpendLikelihood likelihood(customers, options.execution);
  if (likelihood.weight() == 0)
    throw_input({.code = "E_NO_ROWS",
                 .what = "no customer has a repeat purchase, so there is no spend to fit",
                 .remedy = "Observe customers for longer."});
  const double mean = likelihood.mean();
  return fit_parameters({.names = GammaGamma::names(),
                         .negative = std::cref(likelihood),
                         .customers = likelihood.weight(),
                         .units = Eigen::Vector3d(1, 1, mean),
                         .starts = {Eigen::Vector3d(2, 3, mean), Eigen::Vector3d(6, 4, mean / 2)}},
                        options);
}

TENURE_INLINE std::vector<Estimate> expected_spend_intervals(const ModelFit& fit,
                                                             const AverageSpend& customers, double confidence,
                                                             const Execution& execution) {
  const double reach = detail::normal_reach(confidence);
  const GammaGamma model = GammaGamma::of(fit.parameters);
  const std::vector<Real> values = model.conditional_expected_spend(customers, execution);
  std::vector<Estimate> found(values.size(), {Undefined::diverges, Undefined::diverges, Undefined::diverges});
  detail::for_customers(values.size(), execution, [&](std::size_t row) {
    found[row].value = values[row];
    if (!values[row].defined()) return;
    found[row].lower = found[row].upper = Undefined::not_estimated;
    if (!fit.has_errors()) return;
    const double x = customers.frequency[row];
    const double spent = x == 0 ? 0 : x * customers.monetary[row];
    const double shape = model.p * x + model.q - 1;
    // Derivatives of log E[M] in the logarithms of p, q and v.
    const Eigen::Vector3d slope(1 - model.p * x / shape, -model.q / shape, model.v / (model.v + spent));
    const double variance = slope.dot(fit.log_covariance * slope);
    found[row] = detail::log_limits(values[row].value_or(0), variance, reach);
  });
  return found;
}

TENURE_INLINE Real spend_correlation(const AverageSpend& customers) {
  check(customers);
  double weight = 0, x = 0, z = 0;
  std::size_t rows = 0;
  const auto each = [&](auto&& use) {
    for (std::size_t row = 0; row < customers.size(); ++row)
      if (customers.frequency[row] > 0)
        use(customers.frequency[row], customers.monetary[row],
            customers.weight.empty() ? 1.0 : customers.weight[row]);
  };
  each([&](double frequency, double monetary, double w) {
    ++rows;
    weight += w;
    x += w * frequency;
    z += w * monetary;
  });
  double xx = 0, zz = 0, xz = 0;
  each([&](double frequency, double monetary, double w) {
    const double dx = frequency - x / weight, dz = monetary - z / weight;
    xx += w * dx * dx;
    zz += w * dz * dz;
    xz += w * dx * dz;
  });
  if (rows < 3 || xx == 0 || zz == 0) return Undefined::too_few;
  return xz / std::sqrt(xx * zz);
}

}  // namespace tenure
