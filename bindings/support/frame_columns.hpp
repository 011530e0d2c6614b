#pragma once

#include "arrow_write.hpp"
#include "tenure/revenue/waterfall.hpp"

namespace tenure::python {

/// Calls visit(period, segment) in the order of frame.row(), leaving out the first `skipped` periods.
template <class Visit>
void for_rows(const Frame& frame, std::size_t skipped, Visit&& visit) {
  for (std::size_t period = skipped; period < frame.periods.size(); ++period)
    for (std::size_t segment = 0; segment < frame.segments.size(); ++segment) visit(period, segment);
}

/// The columns that say what a row is about: period and, where the result is cut by one, the segment.
inline Output framed(const Frame& frame, std::size_t skipped = 0) {
  Output output((frame.periods.size() - skipped) * frame.segments.size());
  std::vector<Day> begins;
  Texts labels;
  for_rows(frame, skipped, [&](std::size_t period, std::size_t segment) {
    begins.push_back(frame.periods.begin(period));
    labels.push_back(frame.segments[segment]);
  });
  output.add("period", std::move(begins));
  if (!frame.by.empty()) output.add(frame.by, std::move(labels));
  return output;
}

/// Whether each row's period was over on the last day that the data speak of.
inline void add_complete(Output& output, const Frame& frame, Day known_until, std::size_t skipped = 0) {
  Flags complete;
  for_rows(frame, skipped, [&](std::size_t period, std::size_t) {
    complete.push_back(frame.periods.end(period) - 1 <= known_until);
  });
  output.add("period_is_complete", std::move(complete));
}

}  // namespace tenure::python
