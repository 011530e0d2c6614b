#include "../../core/detail/frame.hpp"
#include "../triangle.hpp"

namespace tenure {

namespace detail {

/// Cells of all cohorts that are observed at `age`, and what those cohorts started with.
struct Observed {
  Flow now, start;
};

inline Observed observed_at(const Triangle& triangle, std::size_t age, std::size_t segment) {
  Observed sum;
  for (std::size_t cohort = 0; triangle.observed(cohort, age); ++cohort) {
    sum.now += triangle.at(cohort, age, segment);
    sum.start += triangle.at(cohort, 0, segment);
  }
  return sum;
}

/// Cells of a triangle are many; a question that needs more memory than this was hardly meant.
inline constexpr std::size_t triangle_limit = std::size_t{1} << 25;

inline std::size_t triangle_cells(const Frame& frame) {
  const std::size_t cells = frame.periods.size() * frame.rows();
  if (cells > triangle_limit)
    throw_input({.code = "E_WINDOW",
                 .what = "a triangle of " + std::to_string(frame.periods.size()) + " periods and " +
                         std::to_string(frame.segments.size()) + " segments has " + std::to_string(cells) +
                         " cells",
                 .remedy = "Ask for fewer or longer periods, or look for a wrong year in the data."});
  return cells;
}

}  // namespace detail

TENURE_INLINE Ratio Triangle::revenue_retention(std::size_t cohort, std::size_t age,
                                                std::size_t segment) const {
  if (!observed(cohort, age)) return {0, 0, Undefined::not_yet_observed};
  return {at(cohort, age, segment).amount.annual, at(cohort, 0, segment).amount.annual};
}
TENURE_INLINE Ratio Triangle::customer_retention(std::size_t cohort, std::size_t age,
                                                 std::size_t segment) const {
  if (!observed(cohort, age)) return {0, 0, Undefined::not_yet_observed};
  return {at(cohort, age, segment).customers, at(cohort, 0, segment).customers};
}
TENURE_INLINE Ratio Triangle::average_revenue_retention(std::size_t age, std::size_t segment) const {
  const auto [now, start] = detail::observed_at(*this, age, segment);
  return {now.amount.annual, start.amount.annual};
}
TENURE_INLINE Ratio Triangle::average_customer_retention(std::size_t age, std::size_t segment) const {
  const auto [now, start] = detail::observed_at(*this, age, segment);
  return {now.customers, start.customers};
}

TENURE_INLINE Eigen::ArrayXXd Triangle::amounts(std::size_t segment) const {
  const auto n = static_cast<Eigen::Index>(size());
  return Eigen::ArrayXXd::NullaryExpr(n, n, [&](Eigen::Index cohort, Eigen::Index age) {
    return at(static_cast<std::size_t>(cohort), static_cast<std::size_t>(age), segment).amount.mrr();
  });
}
TENURE_INLINE Eigen::Array<std::int64_t, Eigen::Dynamic, Eigen::Dynamic> Triangle::customers(
    std::size_t segment) const {
  const auto n = static_cast<Eigen::Index>(size());
  return Eigen::Array<std::int64_t, Eigen::Dynamic, Eigen::Dynamic>::NullaryExpr(
      n, n, [&](Eigen::Index cohort, Eigen::Index age) {
        return at(static_cast<std::size_t>(cohort), static_cast<std::size_t>(age), segment).customers;
      });
}

TENURE_INLINE TriangleState::TriangleState(Frame frame)
    : frame_(std::move(frame)), changes_(detail::triangle_cells(frame_)) {}

TENURE_INLINE TriangleState& TriangleState::operator+=(const TriangleState& other) {
  detail::align(frame_, other.frame_, [&](const Frame& merged, const auto& mine, const auto& theirs) {
    const std::size_t block = frame_.periods.size() * frame_.periods.size();
    std::vector<Flow> sums(detail::triangle_cells(merged));
    const auto add = [&](const std::vector<std::size_t>& place, const std::vector<Flow>& changes) {
      for (std::size_t i = 0; i < changes.size(); ++i)
        sums[place[i / block] * block + i % block] += changes[i];
    };
    add(mine, changes_);
    add(theirs, other.changes_);
    changes_ = std::move(sums);
  });
  return *this;
}

TENURE_INLINE Triangle TriangleState::finish() const {
  Triangle result{frame_, std::vector<Flow>(changes_.size())};
  const std::size_t n = frame_.periods.size();
  for (std::size_t segment = 0; segment < frame_.segments.size(); ++segment)
    for (std::size_t cohort = 0; cohort < n; ++cohort) {
      Flow running;
      for (std::size_t period = cohort; period < n; ++period) {
        running += changes_[(segment * n + cohort) * n + period];
        result.cells[result.index(cohort, period - cohort, segment)] = running;
      }
    }
  return result;
}

TENURE_INLINE std::vector<std::byte> TriangleState::write() const {
  StateWriter writer(StateKind::triangle, frame_.policy_digest);
  detail::write_frame(writer, frame_);
  for (const Flow& change : changes_) detail::write_flow(writer, change);
  return std::move(writer).finish();
}

TENURE_INLINE TriangleState TriangleState::read(std::span<const std::byte> bytes) {
  StateReader reader(bytes, StateKind::triangle);
  const Frame frame = detail::read_frame(reader, detail::flow_bytes);
  reader.expect(frame.rows() * frame.periods.size(), detail::flow_bytes);
  TriangleState state(frame);
  const std::size_t n = frame.periods.size();
  for (std::size_t i = 0; i < state.changes_.size(); ++i) {
    state.changes_[i] = detail::read_flow(reader);
    const bool before_start = i % n < i / n % n;
    if (before_start && state.changes_[i] != Flow{})
      StateReader::refuse("E_STATE_CONTENT", "a cohort of the state pays before it starts");
  }
  reader.finish();
  return state;
}

}  // namespace tenure
