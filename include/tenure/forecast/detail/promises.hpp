#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "../../core/date.hpp"
#include "../../core/int128.hpp"

/// How far the rows of one line reach: one after the other, as long as one has begun when another ends.
namespace tenure::detail::promising {

/// A part of the run rate of a day, and until when it is promised; none: not at all.
struct Piece {
  std::uint32_t segment = 0;
  int128 annual = 0;
  std::optional<Day> until = {};
};

/// A promise that begins later.
struct LaterRow {
  Day start, until;
  int128 annual;
};

struct PromisedRows {
  std::vector<Piece> live;
  std::vector<LaterRow> later;
};

/// Cuts what is live into pieces, each promised until the day on which the least promised run rate so far
/// falls below it. Of what has ended, the last to end falls first; those of one day in the order of segments.
inline void split_line(PromisedRows& line, std::vector<Piece>& pieces) {
  std::vector<std::pair<Day, int128>> changes;
  std::vector<Piece> ending;
  int128 promised = 0;
  for (const Piece& piece : line.live) {
    if (!piece.until) {
      pieces.push_back(piece);
      continue;
    }
    promised += piece.annual;
    changes.emplace_back(*piece.until, -piece.annual);
    ending.push_back(piece);
  }
  if (ending.empty()) return;
  for (const LaterRow& row : line.later) {
    changes.emplace_back(row.start, row.annual);
    changes.emplace_back(row.until, -row.annual);
  }
  std::ranges::sort(changes);
  std::ranges::sort(ending, {}, [](const Piece& piece) { return std::pair(*piece.until, piece.segment); });

  int128 now = promised, least = promised;
  std::vector<Piece> ended;
  auto next = ending.begin();
  for (auto change = changes.begin(); change != changes.end() && least > 0;) {
    const Day day = change->first;
    for (; change != changes.end() && change->first == day; ++change) now += change->second;
    for (; next != ending.end() && *next->until <= day; ++next) ended.push_back(*next);
    while (now < least) {
      Piece& last = ended.back();
      const int128 fallen = std::min(least - now, last.annual);
      pieces.push_back({last.segment, fallen, day});
      least -= fallen;
      last.annual -= fallen;
      if (last.annual == 0) ended.pop_back();
    }
  }
}

}  // namespace tenure::detail::promising
