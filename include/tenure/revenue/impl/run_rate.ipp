#include "../detail/frame.hpp"
#include "../run_rate.hpp"

namespace tenure {

TENURE_INLINE Snapshot& Snapshot::operator+=(const Snapshot& other) {
  if (at != other.at || by != other.by || policy_digest != other.policy_digest)
    throw StateError(Fault{.code = "E_STATE_FRAME",
                           .what = "the snapshots are of different days, segments or policies",
                           .remedy = "Add states of the same question only."});
  const std::vector<std::string> all = detail::merged_labels(segments, other.segments);
  std::vector<Flow> sums(all.size());
  const auto add = [&](const std::vector<std::string>& labels, const std::vector<Flow>& from) {
    const std::vector<std::size_t> place = detail::places_of(labels, all);
    for (std::size_t i = 0; i < from.size(); ++i) {
      sums[place[i]].amount += from[i].amount;
      sums[place[i]].customers += from[i].customers;
    }
  };
  add(segments, flows);
  add(other.segments, other.flows);
  segments = all;
  flows = std::move(sums);
  return *this;
}

TENURE_INLINE std::vector<std::byte> Snapshot::write() const {
  StateWriter writer(StateKind::snapshot, policy_digest);
  writer.put(static_cast<std::int32_t>(at));
  detail::write_labels(writer, by, segments);
  for (const Flow& flow : flows) detail::write_flow(writer, flow);
  return std::move(writer).finish();
}

TENURE_INLINE Snapshot Snapshot::read(std::span<const std::byte> bytes) {
  StateReader reader(bytes, StateKind::snapshot);
  Snapshot snapshot{.at = reader.int32()};
  if (!is_representable(snapshot.at))
    StateReader::refuse("E_STATE_CONTENT", "the state names an impossible day");
  detail::read_labels(reader, snapshot.by, snapshot.segments);
  reader.expect(snapshot.segments.size(), detail::flow_bytes);
  snapshot.flows.resize(snapshot.segments.size());
  for (Flow& flow : snapshot.flows) flow = detail::read_flow(reader);
  reader.finish();
  snapshot.policy_digest = hexadecimal(reader.definition_digest());
  return snapshot;
}

}  // namespace tenure
