#include <algorithm>

#include "../../core/detail/frame.hpp"
#include "../../core/error.hpp"
#include "../../model/loading_policy.hpp"
#include "../waterfall.hpp"

namespace tenure {

namespace detail {

inline Eigen::ArrayXd monthly(const std::vector<Flow>& flows) {
  Eigen::ArrayXd values(static_cast<Eigen::Index>(flows.size()));
  for (std::size_t i = 0; i < flows.size(); ++i) values(static_cast<Eigen::Index>(i)) = flows[i].amount.mrr();
  return values;
}

/// The lines of a bridge in the order of Line.
inline std::array<Eigen::ArrayXd*, line_count> arrays_of(Waterfall& bridge) noexcept {
  return {&bridge.opening, &bridge.new_,         &bridge.expansion,    &bridge.contraction,
          &bridge.churn,   &bridge.reactivation, &bridge.paused,       &bridge.resumed,
          &bridge.fx,      &bridge.transfer_in,  &bridge.transfer_out, &bridge.closing};
}

[[noreturn]] inline void bridge_open(const Frame& frame, std::size_t row, std::string_view what,
                                     int128 difference) {
  const std::size_t period = row / frame.segments.size();
  throw IntegrityError(Fault{
      .code = "E_BRIDGE_OPEN",
      .what =
          "the bridge of " + format_day(frame.periods.begin(period)) +
          (frame.by.empty() ? ""
                            : " for " + frame.by + " '" + frame.segments[row % frame.segments.size()] + "'") +
          " does not close: " + std::string(what) + " differ by " + to_string(difference),
      .value = to_string(difference),
      .remedy = "This is a fault of tenure, not of the data: please report it."});
}

/// Opening plus all movements minus closing, per row, for money and for customers: 0 where the bridge closes.
/// Expansion and contraction move money, not customers.
inline void check_bridges(const Frame& frame, const std::array<std::vector<Flow>, line_count>& flows) {
  for (std::size_t row = 0; row < frame.rows(); ++row) {
    int128 money = -flows[static_cast<std::size_t>(Line::closing)][row].amount.annual;
    std::int64_t customers = -flows[static_cast<std::size_t>(Line::closing)][row].customers;
    for (const auto& [name, line] : line_names) {
      const Flow& flow = flows[static_cast<std::size_t>(line)][row];
      money += sign_of(line) * flow.amount.annual;
      if (moves_customers(line)) customers += sign_of(line) * flow.customers;
    }
    if (money != 0) bridge_open(frame, row, "amounts", money);
    if (customers != 0) bridge_open(frame, row, "customers", customers);
  }
}

}  // namespace detail

TENURE_INLINE std::array<std::vector<int128>, line_count> Waterfall::rounded(int exponent) const {
  int128 unit = int128{12} * micros;  // annual micro-units in one minor unit a month
  int128 scale = 1;
  for (int i = 0; i < exponent; ++i) scale *= 10;
  std::array<std::vector<int128>, line_count> all;
  for (auto& line : all) line.resize(frame.rows());
  for (std::size_t row = 0; row < frame.rows(); ++row) {
    const auto round = [&](Line line) {
      return divide_half_even(exact[static_cast<std::size_t>(line)][row].amount.annual * scale, unit);
    };
    std::array<int128, line_count - 2> moves{};
    for (std::size_t line = 1; line + 1 < line_count; ++line)
      moves[line - 1] = sign_of(static_cast<Line>(line)) * exact[line][row].amount.annual * scale;
    const int128 opening_rounded = round(Line::opening), closing_rounded = round(Line::closing);
    const auto parts = round_to_total(moves, unit, closing_rounded - opening_rounded);
    all[static_cast<std::size_t>(Line::opening)][row] = opening_rounded;
    all[static_cast<std::size_t>(Line::closing)][row] = closing_rounded;
    for (std::size_t line = 1; line + 1 < line_count; ++line)
      all[line][row] = sign_of(static_cast<Line>(line)) * parts[line - 1];
  }
  return all;
}

TENURE_INLINE void Waterfall::round(int exponent) {
  const auto lines = rounded(exponent);
  rounded_to = rounding_unit(LineRounding::minor, exponent);
  double scale = 1;
  for (int i = 0; i < exponent; ++i) scale *= 10;
  const auto arrays = detail::arrays_of(*this);
  for (std::size_t line = 0; line < line_count; ++line)
    for (std::size_t row = 0; row < frame.rows(); ++row)
      (*arrays[line])(static_cast<Eigen::Index>(row)) = static_cast<double>(lines[line][row]) / scale;
}

TENURE_INLINE WaterfallState::WaterfallState(Frame frame) : frame_(std::move(frame)) {
  detail::require_modest(frame_);
  for (auto& line : flows_) line.resize(frame_.rows());
}

TENURE_INLINE void WaterfallState::clear() noexcept {
  for (auto& line : flows_) std::fill(line.begin(), line.end(), Flow{});
}

TENURE_INLINE WaterfallState& WaterfallState::operator+=(const WaterfallState& other) {
  detail::align(frame_, other.frame_, [&](const Frame& merged, const auto& mine, const auto& theirs) {
    std::array<std::vector<Flow>, line_count> sums;
    for (std::size_t line = 0; line < line_count; ++line) {
      sums[line].resize(merged.rows());
      detail::add_cells(sums[line], merged.segments.size(), flows_[line], mine);
      detail::add_cells(sums[line], merged.segments.size(), other.flows_[line], theirs);
    }
    flows_ = std::move(sums);
  });
  return *this;
}

TENURE_INLINE Waterfall WaterfallState::finish() const {
  detail::check_bridges(frame_, flows_);
  Waterfall result{frame_, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, flows_, 1};
  const auto arrays = detail::arrays_of(result);
  for (std::size_t line = 0; line < line_count; ++line) *arrays[line] = detail::monthly(flows_[line]);
  return result;
}

TENURE_INLINE std::vector<std::byte> WaterfallState::write() const {
  StateWriter writer(StateKind::waterfall, frame_.policy_digest);
  detail::write_frame(writer, frame_);
  for (const auto& line : flows_)
    for (const Flow& flow : line) detail::write_flow(writer, flow);
  return std::move(writer).finish();
}

TENURE_INLINE WaterfallState WaterfallState::read(std::span<const std::byte> bytes) {
  StateReader reader(bytes, StateKind::waterfall);
  const Frame frame = detail::read_frame(reader, line_count * detail::flow_bytes);
  WaterfallState state(frame);
  // Churn may be negative (Reactivation::netted_from_churn), and rates fall as well as rise.
  for (const auto& [name, line] : line_names)
    for (Flow& flow : state.flows_[static_cast<std::size_t>(line)])
      flow = line == Line::churn || line == Line::fx ? detail::read_flow(reader)
                                                     : detail::read_positive_flow(reader);
  reader.finish();
  return state;
}

}  // namespace tenure
