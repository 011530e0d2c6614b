#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <vector>

#include "../core/frame.hpp"
#include "../core/ratio.hpp"

namespace tenure {

/// What the customers who started together pay, by age.
///
///   amount(cohort, age)    MRR of the cohort's customers `age` periods after their first
///   customers(cohort, age) how many of them pay then
///   revenue retention = amount / amount at age 0;   customer retention = customers / customers at age 0
///
/// Cohort: the first period at whose closing the customer pays. Cells that lie after the last period are not
/// observed: absent, never 0. By calendar period the cells add up to the total MRR of the cohorts shown
/// (relation R12). Cut by a segment, a customer belongs to the segment in which it paid most in its first
/// period (ties: the label that sorts first). Disagreement: RevenueCat restarts the journey at a change of
/// product, ChartMogul's churn cohorts are relative to the previous month; here everything is relative to age
/// 0.
struct Triangle {
  Frame frame;
  std::vector<Flow> cells;  ///< by index(cohort, age, segment)

  std::size_t size() const noexcept { return frame.periods.size(); }
  bool observed(std::size_t cohort, std::size_t age) const noexcept { return cohort + age < size(); }
  std::size_t index(std::size_t cohort, std::size_t age, std::size_t segment = 0) const noexcept {
    return (segment * size() + cohort) * size() + age;
  }
  const Flow& at(std::size_t cohort, std::size_t age, std::size_t segment = 0) const {
    frame.checked_row(std::max(cohort, age), segment);  // both run over the periods
    return cells[index(cohort, age, segment)];
  }
  Ratio revenue_retention(std::size_t cohort, std::size_t age, std::size_t segment = 0) const;
  Ratio customer_retention(std::size_t cohort, std::size_t age, std::size_t segment = 0) const;
  /// All cohorts observed at `age` together, weighted by what they started with.
  Ratio average_revenue_retention(std::size_t age, std::size_t segment = 0) const;
  Ratio average_customer_retention(std::size_t age, std::size_t segment = 0) const;
  /// Cohorts in rows, ages in columns; cells not observed hold 0 here: ask observed().
  Eigen::ArrayXXd amounts(std::size_t segment = 0) const;
  Eigen::Array<std::int64_t, Eigen::Dynamic, Eigen::Dynamic> customers(std::size_t segment = 0) const;
};

/// The mergeable part. Cells hold changes by (cohort, calendar period); finish() takes running sums once: the
/// triangle is linear, so parts add cell by cell.
class TriangleState {
 public:
  explicit TriangleState(Frame frame);

  /// A change of `amount` and `customers` in a calendar period (0 <= cohort <= period < size).
  void add(std::size_t cohort, std::size_t period, std::size_t segment, RunRateSum amount,
           std::int64_t customers) noexcept {
    changes_[(segment * frame_.periods.size() + cohort) * frame_.periods.size() + period] +=
        Flow{amount, customers};
  }
  TriangleState& operator+=(const TriangleState& other);
  Triangle finish() const;

  std::vector<std::byte> write() const;
  static TriangleState read(std::span<const std::byte> bytes);

  const Frame& frame() const noexcept { return frame_; }
  friend bool operator==(const TriangleState&, const TriangleState&) = default;

 private:
  Frame frame_;
  std::vector<Flow> changes_;
};

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/triangle.ipp"
#endif
