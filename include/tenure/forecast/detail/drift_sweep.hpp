#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "../../core/error.hpp"
#include "../drift.hpp"
#include "points.hpp"

/// One pass over the rows of a history that finds what moved a call between given days.
namespace tenure::detail {

struct Moment {
  int weeks;
  Day day;  ///< what was taken by then counts
};

class DriftSweep {
 public:
  DriftSweep(const CallHistory& history, const DriftAsk& ask) : history_(history), ask_(ask) {
    const std::size_t periods = history.periods().size();
    if (ask.period >= periods)
      throw_input(
          {.code = "E_WINDOW",
           .what = "period " + std::to_string(ask.period) + " is not one of " + std::to_string(periods),
           .value = std::to_string(ask.period)});
    if (!ask.owners.empty()) require_length("owners", ask.owners.size(), history.owners());
    called_.resize(history.owners());
    std::vector<bool> spoke(history.owners());  // of the period, in whatever category
    for (const CallRow& row : history.rows()) {
      if (may_count(row)) called_[static_cast<std::size_t>(row.owner)] = true;
      if (row.period == static_cast<std::int32_t>(ask.period))
        spoke[static_cast<std::size_t>(row.owner)] = true;
    }
    for (std::size_t owner = 0; owner < history.owners(); ++owner) {
      if (!asked(static_cast<std::int32_t>(owner))) continue;
      const auto& actual = history.actuals()[owner * periods + ask.period];
      if (actual)
        known_ = true;
      else if (spoke[owner])
        missing_ = true;
    }
  }

  bool asked(std::int32_t owner) const noexcept {
    return ask_.owners.empty() || ask_.owners[static_cast<std::size_t>(owner)] != 0;
  }
  /// Whether the row may ever be part of the call.
  bool may_count(const CallRow& row) const noexcept {
    return asked(row.owner) && share_in_call(row, ask_.period, ask_.category, history_.of_deals());
  }
  bool observed() const noexcept { return known_ && !missing_; }

  /// What a row adds to the call; in the end only what was won.
  std::optional<std::int64_t> share(std::uint32_t at, bool in_the_end) const noexcept {
    if (at == DriftMove::nothing) return std::nullopt;
    const CallRow& row = history_.rows()[at];
    if (!asked(row.owner) || (in_the_end && row.state != DealState::won)) return std::nullopt;
    return share_in_call(row, ask_.period, ask_.category, history_.of_deals());
  }

  /// Adds up the call at the first moment, and the moves to each of the others.
  void run(const std::vector<Moment>& moments, int128& opening, std::vector<DriftMove>& moves) const {
    const std::vector<std::uint32_t>& begin = history_.begin();
    for (std::size_t s = 0; s + 1 < begin.size(); ++s) {
      const auto counts = [&](const CallRow& row) {
        return row.period == static_cast<std::int32_t>(ask_.period);
      };
      const auto first = history_.rows().begin() + begin[s], last = history_.rows().begin() + begin[s + 1];
      if (std::none_of(first, last, counts)) continue;
      std::uint32_t next = begin[s], before = DriftMove::nothing;
      for (std::size_t i = 0; i < moments.size(); ++i) {
        const bool end = moments[i].weeks == at_actual;
        std::uint32_t after = before;
        while (next < begin[s + 1] && history_.rows()[next].taken <= moments[i].day) after = next++;
        if (i == 0)
          opening += share(after, false).value_or(0);
        else if (!end || history_.of_deals())
          move(static_cast<std::uint32_t>(i - 1), before, after, end, moves);
        else
          meet(static_cast<std::uint32_t>(i - 1), before, moves);
        before = after;
      }
    }
    if (!history_.of_deals() && moments.back().weeks == at_actual)
      add_uncalled(static_cast<std::uint32_t>(moments.size() - 2), moves);
  }

 private:
  void move(std::uint32_t step, std::uint32_t before, std::uint32_t after, bool end,
            std::vector<DriftMove>& moves) const {
    if (before == after && !end) return;
    const auto was = share(before, false), is = share(after, end);
    const auto put = [&](DriftLine line, std::int64_t amount) {
      if (amount > 0) moves.push_back({step, before, after, history_.rows()[after].owner, line, amount});
    };
    if (was && is) {
      put(*is > *was ? DriftLine::raised : DriftLine::lowered, *is > *was ? *is - *was : *was - *is);
    } else if (is) {
      put(way_in(before, history_.rows()[after]), *is);
    } else if (was) {
      put(way_out(history_.rows()[before], history_.rows()[after]), *was);
    }
  }
  DriftLine way_in(std::uint32_t before, const CallRow& after) const noexcept {
    if (before == DriftMove::nothing) return DriftLine::added;
    const CallRow& was = history_.rows()[before];
    if (was.state == DealState::lost) return DriftLine::added;
    if (was.period != after.period) return DriftLine::pulled_in;
    return counts_by_category(was) ? DriftLine::transfer_in : DriftLine::upgraded;
  }
  DriftLine way_out(const CallRow& was, const CallRow& is) const noexcept {
    if (is.state == DealState::lost) return DriftLine::lost;
    if (is.period != was.period) return DriftLine::slipped_out;
    if (!counts_by_category(is)) return DriftLine::downgraded;
    return asked(is.owner) ? DriftLine::slipped_out : DriftLine::transfer_out;
  }
  bool counts_by_category(const CallRow& row) const noexcept {
    return share_in_call(row, ask_.period, ask_.category, history_.of_deals()).has_value();
  }

  /// From the last call of an owner to what the owner brought.
  void meet(std::uint32_t step, std::uint32_t before, std::vector<DriftMove>& moves) const {
    const auto was = share(before, false);
    if (!was) return;
    const CallRow& row = history_.rows()[before];
    const auto& actual =
        history_.actuals()[static_cast<std::size_t>(row.owner) * history_.periods().size() + ask_.period];
    const auto change = static_cast<std::int64_t>(*actual - *was);
    if (change != 0)
      moves.push_back({step, before, DriftMove::nothing, row.owner,
                       change > 0 ? DriftLine::raised : DriftLine::lowered, change > 0 ? change : -change});
  }
  /// Owners who brought something, and never called.
  void add_uncalled(std::uint32_t step, std::vector<DriftMove>& moves) const {
    for (std::size_t owner = 0; owner < history_.owners(); ++owner) {
      const auto& actual = history_.actuals()[owner * history_.periods().size() + ask_.period];
      if (called_[owner] || !asked(static_cast<std::int32_t>(owner)) || !actual || *actual == 0) continue;
      const auto amount = static_cast<std::int64_t>(*actual);
      moves.push_back({step, DriftMove::nothing, DriftMove::nothing, static_cast<std::int32_t>(owner),
                       amount > 0 ? DriftLine::added : DriftLine::lowered, amount > 0 ? amount : -amount});
    }
  }

  const CallHistory& history_;
  const DriftAsk ask_;
  std::vector<bool> called_;
  bool known_ = false, missing_ = false;
};

}  // namespace tenure::detail
