#include "../../core/detail/frame.hpp"
#include "../run_rate.hpp"

namespace tenure {

TENURE_INLINE Snapshot& Snapshot::operator+=(const Snapshot& other) {
  detail::require_same(at == other.at && by == other.by, "are of different days or segments");
  detail::require_same(policy_digest == other.policy_digest, "were computed under different policies");
  detail::require_same(currency == other.currency, "are in different currencies");
  const std::vector<std::string> all = detail::merged_labels(segments, other.segments);
  std::vector<Flow> sums(all.size());
  detail::add_cells(sums, all.size(), flows, detail::places_of(segments, all));
  detail::add_cells(sums, all.size(), other.flows, detail::places_of(other.segments, all));
  std::vector<RunRateSum> taken_off(all.size());
  detail::add_cells(taken_off, all.size(), discounts, detail::places_of(segments, all));
  detail::add_cells(taken_off, all.size(), other.discounts, detail::places_of(other.segments, all));
  segments = all;
  flows = std::move(sums);
  discounts = std::move(taken_off);
  return *this;
}

TENURE_INLINE std::vector<std::byte> Snapshot::write() const {
  StateWriter writer(StateKind::snapshot, policy_digest);
  writer.put(static_cast<std::int32_t>(at));
  detail::write_labels(writer, by, segments);
  detail::write_currency(writer, currency);
  writer.put(rounded_to);
  for (const Flow& flow : flows) detail::write_flow(writer, flow);
  for (const RunRateSum& discount : discounts) detail::write_flow(writer, {discount, 0});
  return std::move(writer).finish();
}

TENURE_INLINE Snapshot Snapshot::read(std::span<const std::byte> bytes) {
  StateReader reader(bytes, StateKind::snapshot);
  Snapshot snapshot{.at = reader.int32()};
  if (!is_representable(snapshot.at))
    StateReader::refuse("E_STATE_CONTENT", "the state names an impossible day");
  detail::read_labels(reader, snapshot.by, snapshot.segments);
  snapshot.currency = detail::read_currency(reader);
  snapshot.rounded_to = reader.int64();
  if (snapshot.rounded_to < 1 || snapshot.rounded_to > 12 * micros)
    StateReader::refuse("E_STATE_CONTENT", "the state rounds to an impossible unit");
  reader.expect(snapshot.segments.size(), 2 * detail::flow_bytes);
  snapshot.flows.resize(snapshot.segments.size());
  snapshot.discounts.resize(snapshot.segments.size());
  for (Flow& flow : snapshot.flows) flow = detail::read_positive_flow(reader);
  for (RunRateSum& discount : snapshot.discounts) {
    const Flow flow = detail::read_positive_flow(reader);
    if (flow.customers != 0)
      StateReader::refuse("E_STATE_CONTENT", "the state counts customers of a discount");
    discount = flow.amount;
  }
  reader.finish();
  snapshot.policy_digest = reader.policy_digest();
  return snapshot;
}

}  // namespace tenure
