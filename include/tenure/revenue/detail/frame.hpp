#pragma once

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "../../core/digest.hpp"
#include "../../core/error.hpp"
#include "../waterfall.hpp"

/// What states over periods and segments share: merging of their frames, and how a frame is written.
namespace tenure::detail {

/// Labels of both, sorted.
inline std::vector<std::string> merged_labels(const std::vector<std::string>& a,
                                              const std::vector<std::string>& b) {
  if (a == b) return a;
  std::set<std::string> labels(a.begin(), a.end());
  labels.insert(b.begin(), b.end());
  return {labels.begin(), labels.end()};
}

/// Positions of `labels` in the sorted list `all`, which holds each of them.
inline std::vector<std::size_t> places_of(const std::vector<std::string>& labels,
                                          const std::vector<std::string>& all) {
  std::vector<std::size_t> places;
  for (const std::string& label : labels)
    places.push_back(static_cast<std::size_t>(std::lower_bound(all.begin(), all.end(), label) - all.begin()));
  return places;
}

/// Makes `frame` the frame of both parts and calls merge(merged, places of mine, places of theirs), where a
/// place is the position of a segment in the merged frame. Leaves `frame` as it was if anything throws.
template <class Merge>
void align(Frame& frame, const Frame& other, Merge&& merge) {
  if (frame.periods != other.periods || frame.by != other.by || frame.policy_digest != other.policy_digest)
    throw StateError(Fault{.code = "E_STATE_FRAME",
                           .what = frame.policy_digest != other.policy_digest
                                       ? "the states were computed under different policies"
                                       : "the states cover different periods or segments",
                           .remedy = "Add states of the same question only."});
  Frame merged = frame;
  merged.segments = merged_labels(frame.segments, other.segments);
  merge(static_cast<const Frame&>(merged), places_of(frame.segments, merged.segments),
        places_of(other.segments, merged.segments));
  frame = std::move(merged);
}

inline void write_labels(StateWriter& writer, std::string_view by, const std::vector<std::string>& labels) {
  writer.put(by);
  writer.put(static_cast<std::int64_t>(labels.size()));
  for (const std::string& label : labels) writer.put(std::string_view(label));
}

/// Labels are sorted and distinct; the total has exactly one.
inline void read_labels(StateReader& reader, std::string& by, std::vector<std::string>& labels) {
  by = reader.text();
  labels.resize(reader.count(sizeof(std::int64_t)));
  for (std::string& label : labels) label = reader.text();
  const bool sorted = std::is_sorted(labels.begin(), labels.end(), std::less_equal<>());
  if (!sorted || (by.empty() && labels.size() != 1))
    StateReader::refuse("E_STATE_CONTENT", "the segments of the state are not in order");
}

inline void write_frame(StateWriter& writer, const Frame& frame) {
  writer.put(static_cast<std::uint8_t>(frame.periods.calendar().unit));
  writer.put(static_cast<std::int32_t>(frame.periods.calendar().fiscal_start));
  writer.put(static_cast<std::int32_t>(frame.periods.begin()));
  writer.put(static_cast<std::int32_t>(frame.periods.end()));
  write_labels(writer, frame.by, frame.segments);
}

/// `bytes_per_row` is what must at least follow for each row of the frame.
inline Frame read_frame(StateReader& reader, std::size_t bytes_per_row) {
  const std::uint8_t unit = reader.byte();
  const std::int32_t fiscal = reader.int32();
  const Day begin = reader.int32(), end = reader.int32();
  if (unit > static_cast<std::uint8_t>(PeriodUnit::year) || fiscal < 1 || fiscal > 12 ||
      !is_representable(begin) || !is_representable(end - 1) || end <= begin)
    StateReader::refuse("E_STATE_CONTENT", "the state names impossible periods");
  const Calendar calendar{static_cast<PeriodUnit>(unit), fiscal};
  if (calendar.floor(begin) != begin || calendar.floor(end) != end)
    StateReader::refuse("E_STATE_CONTENT", "the periods of the state do not begin where its calendar says");
  Frame frame{.periods = {calendar, begin, end - 1}};
  read_labels(reader, frame.by, frame.segments);
  reader.expect(frame.rows(), bytes_per_row);
  frame.policy_digest = hexadecimal(reader.definition_digest());
  return frame;
}

inline constexpr std::size_t flow_bytes = sizeof(int128) + sizeof(std::int64_t);

inline void write_flow(StateWriter& writer, const Flow& flow) {
  writer.put(flow.amount.annual);
  writer.put(flow.customers);
}
inline Flow read_flow(StateReader& reader) {
  const int128 annual = reader.integer128();
  return {RunRateSum(annual), reader.int64()};
}

}  // namespace tenure::detail
