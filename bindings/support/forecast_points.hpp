#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "panel_keys.hpp"
#include "tenure/core/parallel.hpp"

/// Long frames of forecasts: rows of series, one after the other, each in the order of time.
namespace tenure::python {

inline constexpr std::size_t block_rows = 65536;

/// task(first, end) over blocks of rows, on all threads.
template <class Task>
void for_rows(const Execution& execution, std::size_t rows, Task&& task) {
  parallel_for(execution, (rows + block_rows - 1) / block_rows, [&](std::size_t block, int) {
    task(block * block_rows, std::min(rows, (block + 1) * block_rows));
  });
}

struct PanelNames {
  std::vector<std::string> series;  ///< without any, all rows are of one series
  std::vector<std::string> by;      ///< segments, which cut a series if its rows differ
  std::optional<std::string> cutoff, period, horizon;
  /// What to do about two rows of one time, in terms of the options that the caller has.
  std::string if_twice =
      "Leave one of them out; rows that differ in the day they were made on or in their horizon need cutoff= "
      "or horizon=.";
};

/// Series sorted by their keys, the rows of each by cutoff, period and horizon. Rows that lie so already are
/// used where they lie.
class Panel {
 public:
  /// E_KEY_NULL, E_KEY_TYPE, E_DATE_NULL, E_DUPLICATE_ROW (two rows of one series, cutoff, period and
  /// horizon), E_LIMIT_ROWS, and what the columns can have wrong.
  Panel(const Input& table, const PanelNames& names, const Execution& execution);

  std::size_t size() const noexcept { return begin_.size() - 1; }
  std::size_t points() const noexcept { return begin_.back(); }
  std::span<const std::uint32_t> begin() const noexcept { return begin_; }
  bool in_place() const noexcept { return order_.empty(); }
  std::uint32_t row_of(std::size_t place) const noexcept {
    return order_.empty() ? static_cast<std::uint32_t>(place) : order_[place];
  }
  std::span<const KeyColumn> keys() const noexcept { return keys_; }
  std::span<const KeyColumn> series_keys() const noexcept { return keys().first(series_count_); }
  const TimeColumn& period() const noexcept { return period_; }
  const TimeColumn& cutoff() const noexcept { return cutoff_; }
  const TimeColumn& horizon() const noexcept { return horizon_; }
  /// "north, 7", for messages.
  std::string shown(std::size_t series) const;

  /// Leaves out rows, and series of which nothing remains.
  void keep(std::span<const std::uint8_t> kept);
  /// A column in the order of the panel: the caller's memory, or a copy.
  Numbers arranged(Numbers column, const Execution& execution) const;

 private:
  /// Begins of runs of equal keys; whether these ascend, and whether times ascend within each.
  struct Runs {
    std::vector<std::uint32_t> begin;
    bool keys_ascend = true, times_ascend = true;
  };
  Runs runs_of(std::size_t rows, const Execution& execution) const;
  void check_block(std::size_t first, std::size_t end, Runs& found) const;
  void sort_runs(const Runs& runs, std::size_t rows);
  void sort_times(const Execution& execution);
  std::strong_ordering compare_times(std::size_t row, std::size_t other) const noexcept;

  std::string if_twice_;
  std::vector<KeyColumn> keys_;
  std::size_t series_count_;
  TimeColumn cutoff_, period_, horizon_;
  std::vector<std::uint32_t> begin_, order_;
};

/// A row of every place of `places` taken from `column`.
Numbers gathered(const Numbers& column, std::span<const std::uint32_t> places, const Execution& execution);

/// Faults of numbers that are none, by name of their columns: E_AMOUNT_NULL, E_AMOUNT_NAN, E_AMOUNT_INF. With
/// Missing::skip only infinities are; rows of which a number is missing are 0 in the result. It is empty if
/// all rows are whole.
enum class Missing : std::uint8_t {
  refuse,    ///< the call cannot do without them
  may_skip,  ///< refused; the call has missing="skip"
  skip,
};
std::vector<std::uint8_t> check_numbers(const Input& table, const std::vector<std::string>& names,
                                        std::span<const Numbers> columns, Missing missing,
                                        const Execution& execution);

/// The points of a panel by label, then by series: cells of one series and one label.
struct Regrouped {
  std::vector<std::uint32_t> places;  ///< of the panel
  std::vector<std::uint32_t> begin;   ///< first point of each cell, and the end
  std::vector<std::uint32_t> series;  ///< of each cell
  std::vector<std::uint32_t> groups;  ///< first cell of each label, and the end
  std::vector<std::uint32_t> first;   ///< a place of each label
};
Regrouped regroup(const Panel& panel, const Ranks& labels);
/// What a table of forecasts says about time must agree. `grain` is how long a period lasts that is named by
/// its first day; empty: a month if periods are texts such as "2024-03", a point in time if they are times of
/// day, else a day. E_LEAKAGE where a forecast was made after its period had ended, E_PERIOD_BEGIN where the
/// grain is of months and a period begins none, E_TYPE (dates beside whole numbers).
void refuse_late_forecasts(const Panel& panel, const std::string& grain);
/// E_HORIZON where a horizon is below 0, or contradicts the period and the cutoff.
void refuse_other_horizons(const Panel& panel, const std::string& grain);

/// How far ahead each point of the panel was forecast, where period and cutoff tell: both are whole numbers,
/// or days in units of `grain`, which are months if it is empty and all are first days of months. Else empty.
std::vector<std::int64_t> distances(const Panel& panel, const std::string& grain);

/// How long a period is: the grain, or if it is empty the shortest step of a history, of its forecasts, and
/// from one to the other. In months if all are first days of months.
class StepUnit {
 public:
  StepUnit(const Panel& past, const Panel& panel, const std::string& grain);
  std::uint64_t length() const noexcept { return length_; }
  /// From a period of a series in the history to the next.
  std::uint64_t longest(const Panel& past, std::size_t series) const;

 private:
  std::uint64_t step(const Panel& one, std::size_t place, const Panel& other,
                     std::size_t later) const noexcept;
  std::uint64_t shortest(const Panel& past, const Panel& panel) const;

  bool months_ = false, days_ = false;
  std::uint64_t length_;
};

/// E_LEAKAGE if the history of a series reaches into its forecasts. Times of one kind are compared as they
/// are, else by their days.
void refuse_overlap(const Panel& past, std::size_t past_series, const Panel& panel, std::size_t series);
/// Of each series of the panel its place in the history, or past.size() if it has none; refuses overlaps.
std::vector<std::uint32_t> places_in_history(const Panel& past, const Panel& panel);

}  // namespace tenure::python
