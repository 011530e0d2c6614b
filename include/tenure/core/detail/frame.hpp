#pragma once

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "../digest.hpp"
#include "../error.hpp"
#include "../frame.hpp"
#include "utf8.hpp"

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

/// Refuses to add states that answer different questions.
inline void require_same(bool same, const std::string& how_they_differ) {
  if (!same)
    throw StateError(Fault{.code = "E_STATE_FRAME",
                           .what = "the states " + how_they_differ,
                           .remedy = "Add states of the same question only."});
}

/// Adds `from`, which has one cell for each of `places` in turn, to `into`, which has one for each of
/// `segments` places.
template <class Cell>
void add_cells(std::vector<Cell>& into, std::size_t segments, const std::vector<Cell>& from,
               const std::vector<std::size_t>& places) {
  for (std::size_t i = 0; i < from.size(); ++i)
    into[i / places.size() * segments + places[i % places.size()]] += from[i];
}

/// Makes `frame` the frame of both parts and calls merge(merged, places of mine, places of theirs), where a
/// place is the position of a segment in the merged frame. Leaves `frame` as it was if anything throws.
template <class Merge>
void align(Frame& frame, const Frame& other, Merge&& merge) {
  require_same(frame.periods == other.periods && frame.by == other.by, "cover different periods or segments");
  require_same(frame.policy_digest == other.policy_digest, "were computed under different policies");
  require_same(frame.currency == other.currency, "are in different currencies");
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
  for (const std::string& label : labels)
    if (!is_utf8(label)) StateReader::refuse("E_STATE_CONTENT", "a segment of the state is not text");
  const bool sorted =
      std::adjacent_find(labels.begin(), labels.end(), std::greater_equal<>()) == labels.end();
  if (!sorted || (by.empty() && (labels.size() != 1 || !labels[0].empty())))
    StateReader::refuse("E_STATE_CONTENT", "the segments of the state are not in order");
}

inline void write_currency(StateWriter& writer, Currency currency) { writer.put(currency.code()); }
inline Currency read_currency(StateReader& reader) {
  const std::string code = reader.text();
  if (code.empty()) return {};
  try {
    return Currency(code);
  } catch (const InputError&) {
    StateReader::refuse("E_STATE_CONTENT", "the state names an unknown currency");
  }
}

inline void write_frame(StateWriter& writer, const Frame& frame) {
  writer.put(static_cast<std::uint8_t>(frame.periods.calendar().unit));
  writer.put(static_cast<std::int32_t>(frame.periods.calendar().fiscal_start));
  writer.put(static_cast<std::int32_t>(frame.periods.calendar().week_start));
  writer.put(static_cast<std::int32_t>(frame.periods.begin()));
  writer.put(static_cast<std::int32_t>(frame.periods.end()));
  write_labels(writer, frame.by, frame.segments);
  write_currency(writer, frame.currency);
}

/// `bytes_per_row` is what must at least follow for each row of the frame.
inline Frame read_frame(StateReader& reader, std::size_t bytes_per_row) {
  const std::uint8_t unit = reader.byte();
  const std::int32_t fiscal = reader.int32(), week_start = reader.int32();
  const Day begin = reader.int32(), end = reader.int32();
  if (unit > static_cast<std::uint8_t>(PeriodUnit::day) || fiscal < 1 || fiscal > 12 || week_start < 0 ||
      week_start > 6 || !is_representable(begin) || end <= begin || end > max_day + 1)
    StateReader::refuse("E_STATE_CONTENT", "the state names impossible periods");
  const Calendar calendar{static_cast<PeriodUnit>(unit), fiscal, week_start};
  if (calendar.floor(begin) != begin || calendar.floor(end) != end)
    StateReader::refuse("E_STATE_CONTENT", "the periods of the state do not begin where its calendar says");
  Frame frame{.periods = {calendar, begin, end - 1}};
  read_labels(reader, frame.by, frame.segments);
  frame.currency = read_currency(reader);
  reader.expect(frame.rows(), bytes_per_row);
  frame.policy_digest = reader.policy_digest();
  return frame;
}

inline constexpr std::size_t flow_bytes = sizeof(int128) + sizeof(std::int64_t);

inline void write_flow(StateWriter& writer, const Flow& flow) {
  writer.put(flow.amount.annual);
  writer.put(flow.customers);
}
/// Larger than any sum of real rows, and small enough that sums of such sums cannot overflow.
inline constexpr int128 largest_amount = int128{1} << 110;
inline constexpr std::int64_t largest_count = std::int64_t{1} << 48;

inline RunRateSum read_amount(StateReader& reader) {
  const int128 annual = reader.integer128();
  if (annual < -largest_amount || annual > largest_amount)
    StateReader::refuse("E_STATE_CONTENT", "the state holds an impossible amount");
  return RunRateSum(annual);
}
inline std::int64_t read_count(StateReader& reader) {
  const std::int64_t count = reader.int64();
  if (count < -largest_count || count > largest_count)
    StateReader::refuse("E_STATE_CONTENT", "the state holds an impossible count");
  return count;
}
inline Flow read_flow(StateReader& reader) {
  const RunRateSum amount = read_amount(reader);
  return {amount, read_count(reader)};
}
/// A flow that cannot be negative.
inline Flow read_positive_flow(StateReader& reader) {
  const Flow flow = read_flow(reader);
  if (flow.amount.annual < 0 || flow.customers < 0)
    StateReader::refuse("E_STATE_CONTENT", "the state holds a negative amount or count");
  return flow;
}

/// More cells than this for each worker were hardly meant.
inline constexpr std::size_t row_limit = std::size_t{1} << 22;

inline const Frame& require_modest(const Frame& frame) {
  if (frame.rows() > row_limit)
    throw_input({.code = "E_WINDOW",
                 .what = std::to_string(frame.periods.size()) + " periods of " +
                         std::to_string(frame.segments.size()) + " segments are " +
                         std::to_string(frame.rows()) + " rows",
                 .value = std::to_string(frame.rows()),
                 .remedy = "At most " + std::to_string(row_limit) +
                           ": ask for fewer or longer periods, or a coarser segment."});
  return frame;
}

}  // namespace tenure::detail
