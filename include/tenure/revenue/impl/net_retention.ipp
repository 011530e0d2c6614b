#include "../../core/detail/frame.hpp"
#include "../net_retention.hpp"

namespace tenure {

TENURE_INLINE NetRetentionState::NetRetentionState(Frame frame, int horizon)
    : frame_(std::move(frame)), horizon_(horizon), windows_(detail::require_modest(frame_).rows()) {
  if (horizon < 1)
    throw_option({.code = "E_HORIZON",
                  .what = "horizon=" + std::to_string(horizon) + " is not a number of periods above 0",
                  .value = std::to_string(horizon)});
}

TENURE_INLINE NetRetentionState& NetRetentionState::operator+=(const NetRetentionState& other) {
  detail::require_same(horizon_ == other.horizon_, "have different horizons");
  detail::align(frame_, other.frame_, [&](const Frame& merged, const auto& mine, const auto& theirs) {
    std::vector<Retention> sums(merged.rows());
    detail::add_cells(sums, merged.segments.size(), windows_, mine);
    detail::add_cells(sums, merged.segments.size(), other.windows_, theirs);
    windows_ = std::move(sums);
  });
  return *this;
}

TENURE_INLINE std::vector<std::byte> NetRetentionState::write() const {
  StateWriter writer(StateKind::net_retention, frame_.policy_digest);
  detail::write_frame(writer, frame_);
  writer.put(static_cast<std::int32_t>(horizon_));
  for (const Retention& window : windows_) {
    writer.put(window.opening.annual);
    writer.put(window.closing.annual);
    writer.put(window.capped.annual);
    writer.put(window.customers);
    writer.put(window.kept);
  }
  return std::move(writer).finish();
}

TENURE_INLINE NetRetentionState NetRetentionState::read(std::span<const std::byte> bytes) {
  StateReader reader(bytes, StateKind::net_retention);
  const Frame frame = detail::read_frame(reader, 3 * sizeof(int128) + 2 * sizeof(std::int64_t));
  const std::int32_t horizon = reader.int32();
  if (horizon < 1) StateReader::refuse("E_STATE_CONTENT", "the state names a horizon below 1");
  NetRetentionState state(frame, horizon);
  for (Retention& window : state.windows_) {
    window.opening = detail::read_amount(reader);
    window.closing = detail::read_amount(reader);
    window.capped = detail::read_amount(reader);
    window.customers = detail::read_count(reader);
    window.kept = detail::read_count(reader);
    const bool possible = window.capped.annual >= 0 && window.capped <= window.opening &&
                          window.capped <= window.closing && window.kept >= 0 &&
                          window.kept <= window.customers;
    if (!possible) StateReader::refuse("E_STATE_CONTENT", "the state holds an impossible window");
  }
  reader.finish();
  return state;
}

}  // namespace tenure
