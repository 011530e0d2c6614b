#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "../core/int128.hpp"
#include "../core/parallel.hpp"
#include "../core/period.hpp"
#include "../core/real.hpp"

/// What a revenue team said, week by week, a period would bring, beside what it brought. Two kinds of rows:
/// roll-ups (on a day somebody called an amount for a period), and snapshots of opportunities, of which calls
/// and actuals are sums.
namespace tenure {

/// How sure it is said to be, the surest first. A call of a category includes the surer ones: commit is what
/// was won and what is committed. `weighted` is sum of probability times amount, won deals counting in full.
enum class CallCategory : std::uint8_t {
  closed,
  commit,
  most_likely,
  best_case,
  pipeline,
  omitted,
  weighted
};
inline constexpr std::size_t call_categories = 7;

std::string_view name_of(CallCategory category) noexcept;
/// Whatever the case, with spaces or hyphens for "_": "Best Case". Nothing if it is not known.
std::optional<CallCategory> find_call_category(std::string_view name);
/// Throws OptionError E_ENUM with the known names.
CallCategory parse_call_category(std::string_view name);

enum class DealState : std::uint8_t { open, won, lost };
std::string_view name_of(DealState state) noexcept;
/// "open", "won", "lost", "Closed Won", "closed_lost". Nothing if it is not known.
std::optional<DealState> find_deal_state(std::string_view name);

/// Columns of equal length. Without subjects rows are roll-ups: an owner's call for the period of `due`, in a
/// category. With them each row is what a snapshot says of an opportunity, `due` is its expected close date,
/// and the row stands until the next one of the opportunity.
struct CallRows {
  std::span<const Day> taken;      ///< day of the call, or of the snapshot
  std::span<const Day> due;        ///< any day of the period; the close date
  std::span<const double> amount;  ///< major units, not below 0
  /// Empty: commit in roll-ups, pipeline of opportunities (which cannot be `weighted`: that is a sum).
  std::span<const CallCategory> category = {};
  std::span<const std::int32_t> subject = {};  ///< opportunities: codes from 0
  std::span<const DealState> state = {};       ///< empty: closed is won, everything else open
  std::span<const double> probability = {};    ///< of winning, of open opportunities; adds `weighted`
  std::span<const std::int32_t> owner = {};    ///< codes from 0; empty: all of one
  std::size_t owners = 1;
  std::span<const std::string> subjects = {};  ///< names, for messages
  std::string taken_name = "taken", due_name = "period", amount_name = "amount", subject_name = "opportunity",
              probability_name = "probability";
};
/// What periods brought, of roll-ups; opportunities tell theirs.
struct ActualRows {
  std::span<const Day> due;  ///< any day of the period
  std::span<const double> amount;
  std::span<const std::int32_t> owner = {};
  bool repeated = false;  ///< the same figure may be there more than once (a column beside the calls)
  std::string due_name = "period", amount_name = "actual";
};

struct CallOptions {
  Calendar calendar = {PeriodUnit::quarter};
  std::optional<int> weeks = {};  ///< weeks before the end to go back; else those of a period of the calendar
  bool every_week = false;        ///< refuse a week without a call or snapshot: E_SNAPSHOT_MISSING
};

/// A call of a group of owners. Week k before the end closes 7 k days before the last day of the period; the
/// last call made by then counts, however long ago.
struct CallLine {
  std::uint32_t group = 0;
  std::uint32_t period = 0;
  CallCategory category = CallCategory::commit;
  int weeks = 0;
  Day taken = 0;    ///< day of the call (of the latest, if several are added), or of the snapshot
  int128 call = 0;  ///< micro-units
  /// What the period brought; in roll-ups only the owners who had called by then, so that an error is not the
  /// silence of those who had not. None: not observed.
  std::optional<int128> actual = {};
  std::uint32_t called = 0, owners = 0;  ///< in roll-ups: owners behind the call, and of the group's period
};
struct CallTable {
  std::vector<CallLine> lines;  ///< by group, period, category; the earliest week first
  /// Of all owners, by group * periods + period; none: not observed.
  std::vector<std::optional<int128>> actual;
};

/// One row as the sweep reads it.
struct CallRow {
  std::int64_t amount;    ///< micro-units
  std::int64_t weighted;  ///< probability times amount, rounded half to even
  Day taken;
  std::uint32_t source;  ///< position in the caller's table
  std::int32_t subject;  ///< opportunity; in roll-ups a number for owner, period and category
  std::int32_t period;   ///< -1: outside
  std::int32_t owner;
  CallCategory category;  ///< closed if won
  DealState state;
};

/// Rows sorted by subject and day, checked, and what is asked of them.
class CallHistory {
 public:
  /// Throws InputError: E_NO_ROWS, E_COLUMN_LENGTH, E_CODE (an owner or opportunity that is none), E_ENUM (a
  /// weighted opportunity), E_DATE_RANGE, E_AMOUNT_NAN, E_AMOUNT_INF,
  /// E_AMOUNT_NEGATIVE (calls only), E_AMOUNT_RANGE, E_PROBABILITY, E_DUPLICATE_ROW (same day, same
  /// opportunity; same day, owner, category and period; two actuals of an owner and a period),
  /// E_DUPLICATE_CONFLICT (repeated actuals that differ), E_LEAKAGE (a roll-up made after its period ended;
  /// of opportunities later snapshots tell what happened). OptionError: E_PERIOD_UNIT (a calendar of days),
  /// E_HORIZON (weeks below 0 or above 520), and those of Periods.
  CallHistory(const CallRows& rows, const ActualRows& actual, const CallOptions& options,
              const Execution& execution = {});

  bool of_deals() const noexcept { return of_deals_; }
  const Periods& periods() const noexcept { return *periods_; }
  int weeks() const noexcept { return weeks_; }
  std::size_t owners() const noexcept { return owners_; }
  /// What calls are made of: those that occur, without closed (of opportunities) and omitted.
  const std::vector<CallCategory>& categories() const noexcept { return categories_; }
  const std::vector<CallRow>& rows() const noexcept { return rows_; }
  /// First row of each subject, and the number of rows at the end.
  const std::vector<std::uint32_t>& begin() const noexcept { return begin_; }
  Day last_day(std::size_t period) const noexcept { return periods_->end(period) - 1; }
  Day week_end(std::size_t period, int weeks) const noexcept { return last_day(period) - 7 * weeks; }
  /// Whether somebody could have called by then: not before the first row, and not after the last week.
  bool has_week(std::size_t period, int weeks) const noexcept;
  /// Rows that are in no call, ascending, as positions in the caller's table: their period (close date) lies
  /// before the first row, or its first week had not come by the last one.
  const std::vector<std::uint32_t>& outside() const noexcept { return outside_; }
  /// Rows of actuals for periods that nobody could have called.
  const std::vector<std::uint32_t>& actuals_outside() const noexcept { return actuals_outside_; }
  /// The last snapshot or call of anybody by then; before the first: that day itself.
  Day taken_by(Day day) const noexcept;
  Day first_taken() const noexcept { return days_.front(); }
  Day last_taken() const noexcept { return days_.back(); }

  /// Calls and actuals of groups of owners; group_of_owner has a group for each owner, or is empty: all in
  /// one. A group has a line from the first week on in which one of its owners had called. The actual of a
  /// period is not observed before a snapshot at or after its last day; in roll-ups, before each owner who
  /// called has one. Throws InputError E_COLUMN_LENGTH, E_CODE for a group that is not below `groups`.
  CallTable calls(std::span<const std::uint32_t> group_of_owner = {}, std::size_t groups = 1,
                  const Execution& execution = {}) const;
  /// By owner * periods + period.
  const std::vector<std::optional<int128>>& actuals() const noexcept { return actual_; }

 private:
  void take(const CallRows& rows, const Execution& execution);
  void take_actuals(const ActualRows& actual);
  void observe();
  void require_weeks(const CallTable& table) const;

  bool of_deals_ = false, every_week_ = false;
  int weeks_ = 0;
  std::size_t owners_ = 1;
  std::optional<Periods> periods_;
  std::vector<CallCategory> categories_;
  std::vector<CallRow> rows_;
  std::vector<std::uint32_t> begin_;
  std::vector<Day> days_;  // on which something was taken, sorted
  std::vector<std::optional<int128>> actual_;
  std::vector<std::uint32_t> outside_, actuals_outside_;
};

/// "2024", "2024-Q1", "2024-03", "2024-03-04": a period as people write it, or the day on which it begins.
std::string period_name(const Periods& periods, std::size_t period);

namespace detail {

/// What a row adds to a call, or nothing: the rule of every sum and bridge.
inline std::optional<std::int64_t> share_in_call(const CallRow& row, std::size_t period,
                                                 CallCategory category, bool of_deals) noexcept {
  if (row.period != static_cast<std::int32_t>(period) || row.state == DealState::lost) return std::nullopt;
  if (!of_deals) return row.category == category ? std::optional(row.amount) : std::nullopt;
  if (category == CallCategory::weighted) return row.state == DealState::won ? row.amount : row.weighted;
  return row.category <= category ? std::optional(row.amount) : std::nullopt;
}

}  // namespace detail

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/calls.ipp"
#endif
