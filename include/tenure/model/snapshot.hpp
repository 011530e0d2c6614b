#pragma once

#include <optional>
#include <string>
#include <vector>

#include "subscription.hpp"

/// Feeds that say, day by day or month by month, what every customer then paid: exports of a billing system,
/// dated. They know no ends; a customer who left is only no longer there.
namespace tenure {

/// What it means that a customer of one snapshot is not in the next, while no end was given.
enum class Absent : std::uint8_t {
  error,  ///< nobody knows: refuse the feed
  churn,  ///< it left on the day of the next snapshot
  carry   ///< it was left out by mistake: its rows hold until it is seen again, or for good
};
/// Throws OptionError E_ENUM with the nearest known name.
Absent parse_absent(std::string_view name);

/// What to do about a day without a snapshot in a feed that comes every day, week, month or year.
enum class Missing : std::uint8_t {
  error,  ///< refuse the feed: a file that was not delivered is not a lost customer
  carry   ///< the snapshot before it holds on
};
/// Throws OptionError E_ENUM with the nearest known name.
Missing parse_missing(std::string_view name);

struct SnapshotOptions {
  Absent absent = Absent::error;
  Missing missing = Missing::error;
  /// How often snapshots come. Without it, as the two that are closest to each other say, if all others keep
  /// to that; nothing is missing in a feed whose days have no order.
  std::optional<Interval> every = {};
  /// First day of which the last snapshot says nothing; none: its rows are open.
  std::optional<Day> last = {};
  std::string at_name = "at";  ///< as messages show it
};

/// Subscriptions whose ends are those that a feed of snapshots implies. Row i is row i of the feed, whose
/// other columns are borrowed.
class SnapshotRows {
 public:
  SnapshotRows(const Subscriptions& feed, std::vector<Day> ends);
  SnapshotRows(SnapshotRows&&) noexcept = default;
  SnapshotRows& operator=(SnapshotRows&&) noexcept = default;
  SnapshotRows(const SnapshotRows&) = delete;  // the table points into the columns
  SnapshotRows& operator=(const SnapshotRows&) = delete;
  ~SnapshotRows() = default;

  const Subscriptions& table() const noexcept { return table_; }

 private:
  std::vector<Day> ends_;
  std::vector<std::uint8_t> valid_;
  Subscriptions table_;
};

/// Reads a feed: `start` is the day of the snapshot that a row is in, `end` (first day no longer paid for) is
/// where the feed knows it. Each row holds from its snapshot to the next, or to its end if that is earlier.
/// `names` are those of the feed's other columns. Ends are exclusive, see EndDate.
///
/// Throws InputError E_SNAPSHOT_GAP (a customer is in one snapshot, not in the next, and has no end),
/// E_SNAPSHOT_MISSING (a whole snapshot is not there), E_DATE_NULL, E_DATE_RANGE, E_KEY_NULL, E_SHAPE.
SnapshotRows rows_of(const Subscriptions& feed, const SnapshotOptions& options = {},
                     const ColumnNames& names = {});

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/snapshot.ipp"
#endif
