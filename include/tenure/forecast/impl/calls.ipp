#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "../../core/detail/number_text.hpp"
#include "../../core/error.hpp"
#include "../../core/money.hpp"
#include "../calls.hpp"
#include "../detail/call_names.hpp"
#include "../detail/call_reader.hpp"
#include "../detail/order_rows.hpp"

namespace tenure {

TENURE_INLINE std::string_view name_of(CallCategory category) noexcept {
  return find_name<CallCategory>(detail::call_category_names, category);
}
TENURE_INLINE std::optional<CallCategory> find_call_category(std::string_view name) {
  return detail::find_spelled<CallCategory>(detail::call_category_names, name);
}
TENURE_INLINE CallCategory parse_call_category(std::string_view name) {
  if (const auto found = find_call_category(name)) return *found;
  return parse_named<CallCategory>(detail::call_category_names, name, "category", "E_ENUM");
}
TENURE_INLINE std::string_view name_of(DealState state) noexcept {
  return find_name<DealState>(detail::deal_state_names, state);
}
TENURE_INLINE std::optional<DealState> find_deal_state(std::string_view name) {
  return detail::find_spelled<DealState>(detail::deal_state_names, name);
}

TENURE_INLINE std::string period_name(const Periods& periods, std::size_t period) {
  return detail::name_of_period(periods.calendar(), periods.begin(period));
}

TENURE_INLINE CallHistory::CallHistory(const CallRows& rows, const ActualRows& actual,
                                       const CallOptions& options, const Execution& execution)
    : of_deals_(!rows.subject.empty()),
      every_week_(options.every_week),
      weeks_(detail::weeks_back(options)),
      owners_(rows.owners) {
  detail::require_equal_lengths(rows);
  detail::require_equal_lengths(actual, rows.owners);
  for (const Day day : rows.taken)
    if (!is_representable(day))
      throw_input({.code = "E_DATE_RANGE",
                   .what = "day " + std::to_string(day) + " is outside 1400-01-01..9999-12-31",
                   .column = rows.taken_name,
                   .value = std::to_string(day)});
  days_ = detail::distinct_days(rows.taken);
  periods_.emplace(options.calendar, days_.front(), std::min(max_day, days_.back() + 7 * weeks_));
  take(rows, execution);
  actual_.resize(owners_ * periods_->size());
  if (of_deals_)
    observe();
  else
    take_actuals(actual);
  if (every_week_) require_weeks(calls({}, 1, execution));
}

TENURE_INLINE void CallHistory::take(const CallRows& rows, const Execution& execution) {
  const detail::CallReader read(rows, *periods_);
  std::vector<CallRow> read_rows;
  std::vector<std::uint64_t> keys;
  FaultList faults;
  bool seen[call_categories] = {};
  read_rows.reserve(rows.taken.size());
  keys.reserve(rows.taken.size());
  for (std::size_t row = 0; row < rows.taken.size(); ++row) {
    listen(execution, row);
    if (auto fault = read.fault(row)) {
      faults.add(std::move(*fault));
      continue;
    }
    const CallRow made = read.row(row);
    const bool looked_at =
        made.period >= 0 && week_end(static_cast<std::size_t>(made.period), weeks_) - 6 <= days_.back();
    if (!looked_at) outside_.push_back(made.source);
    if (!of_deals_ && made.period < 0) continue;
    if (made.state == DealState::open) seen[static_cast<std::size_t>(made.category)] = true;
    keys.push_back((read.subject_key(made) << 22U) | static_cast<std::uint64_t>(made.taken - days_.front()));
    read_rows.push_back(made);
  }
  faults.raise();
  rows_ = std::move(read_rows);
  detail::sort_rows(keys, rows_);
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    if (i > 0 && keys[i] == keys[i - 1]) faults.add(read.duplicate(rows_[i], rows_[i - 1]));
    if (i == 0 || keys[i] >> 22U != keys[i - 1] >> 22U) begin_.push_back(static_cast<std::uint32_t>(i));
  }
  faults.raise();
  begin_.push_back(static_cast<std::uint32_t>(rows_.size()));
  if (!of_deals_)  // subjects by number, so that a row knows its own
    for (std::size_t s = 0; s + 1 < begin_.size(); ++s)
      for (std::uint32_t i = begin_[s]; i < begin_[s + 1]; ++i)
        rows_[i].subject = static_cast<std::int32_t>(s);
  for (std::size_t c = 0; c < call_categories; ++c) {
    const auto category = static_cast<CallCategory>(c);
    const bool called =
        of_deals_ ? category != CallCategory::closed && category != CallCategory::omitted : true;
    if (called && (seen[c] || (category == CallCategory::weighted && !rows.probability.empty())))
      categories_.push_back(category);
  }
  if (categories_.empty())
    categories_.push_back(CallCategory::commit);  // all are closed: commit is what is won
}

TENURE_INLINE void CallHistory::observe() {
  const std::size_t size = periods_->size();
  for (std::size_t period = 0; period < size && last_day(period) <= last_taken(); ++period)
    for (std::size_t owner = 0; owner < owners_; ++owner) actual_[owner * size + period] = 0;
  for (std::size_t s = 0; s + 1 < begin_.size(); ++s) {
    const CallRow& last = rows_[begin_[s + 1] - 1];
    if (last.state != DealState::won || last.period < 0) continue;
    auto& actual =
        actual_[static_cast<std::size_t>(last.owner) * size + static_cast<std::size_t>(last.period)];
    if (actual) *actual += last.amount;
  }
}

TENURE_INLINE void CallHistory::take_actuals(const ActualRows& given) {
  FaultList faults;
  std::vector<std::int64_t> first(actual_.size(), -1);
  for (std::size_t row = 0; row < given.due.size(); ++row) {
    const double amount = given.amount[row];
    if (std::isnan(amount) && given.repeated) continue;
    const auto period = detail::position_of(*periods_, given.due[row]);
    if (auto fault = detail::amount_fault(amount, row, given.amount_name, true)) {
      faults.add(std::move(*fault));
      continue;
    }
    if (period < 0) {
      actuals_outside_.push_back(static_cast<std::uint32_t>(row));
      continue;
    }
    const std::size_t owner = given.owner.empty() ? 0 : static_cast<std::size_t>(given.owner[row]);
    const std::size_t at = owner * periods_->size() + static_cast<std::size_t>(period);
    const int128 exact = to_micros(amount);
    if (actual_[at] && (!given.repeated || *actual_[at] != exact))
      faults.add(
          {.code = given.repeated ? "E_DUPLICATE_CONFLICT" : "E_DUPLICATE_ROW",
           .what = period_name(*periods_, static_cast<std::size_t>(period)) +
                   (given.repeated ? " has another actual in row " : " already has an actual in row ") +
                   std::to_string(first[at]),
           .column = given.amount_name,
           .row = static_cast<std::int64_t>(row),
           .value = detail::number_text(amount),
           .remedy = "Give each period (and owner) one actual."});
    if (!actual_[at]) first[at] = static_cast<std::int64_t>(row);
    actual_[at] = exact;
  }
  faults.raise();
}

TENURE_INLINE bool CallHistory::has_week(std::size_t period, int weeks) const noexcept {
  const Day end = week_end(period, weeks);
  return end >= days_.front() && end - 6 <= days_.back();
}

TENURE_INLINE Day CallHistory::taken_by(Day day) const noexcept {
  const auto after = std::upper_bound(days_.begin(), days_.end(), day);
  return after == days_.begin() ? day : *(after - 1);
}

TENURE_INLINE void CallHistory::require_weeks(const CallTable& table) const {
  for (const CallLine& line : table.lines) {
    const Day end = week_end(line.period, line.weeks);
    if (line.taken >= end - 6) continue;
    throw_input({.code = "E_SNAPSHOT_MISSING",
                 .what = std::string(of_deals_ ? "no snapshot" : "no call") + " in the week from " +
                         format_day(end - 6) + " to " + format_day(end) + ", which " +
                         std::to_string(line.weeks) + " weeks before the end of " +
                         period_name(*periods_, line.period) + " needs",
                 .value = format_day(end),
                 .remedy = "Add it, or let the last one before count with missing=\"carry\"."});
  }
}

TENURE_INLINE CallTable CallHistory::calls(std::span<const std::uint32_t> group_of_owner, std::size_t groups,
                                           const Execution& execution) const {
  constexpr Day never = std::numeric_limits<Day>::min();
  detail::require_groups(group_of_owner, groups, owners_);
  const std::size_t periods = periods_->size(), kinds = categories_.size();
  const auto width = static_cast<std::size_t>(weeks_) + 1;
  const auto group_of = [&](std::size_t owner) -> std::size_t {
    return group_of_owner.empty() ? 0 : group_of_owner[owner];
  };
  std::vector<int128> sums(groups * periods * kinds * width);
  std::vector<Day> taken(sums.size(), never);
  std::vector<int128> brought(of_deals_ ? 0 : sums.size());  // by those who had called
  std::vector<std::uint32_t> speakers(brought.size());
  std::vector<bool> called(owners_ * periods);
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    listen(execution, i);
    const CallRow& row = rows_[i];
    if (row.period < 0 || row.state == DealState::lost) continue;
    const auto period = static_cast<std::size_t>(row.period);
    const bool goes_on = i + 1 < rows_.size() && rows_[i + 1].subject == row.subject;
    const Day last = last_day(period), next = goes_on ? rows_[i + 1].taken : open_end;
    called[static_cast<std::size_t>(row.owner) * periods + period] = true;
    if (row.taken > last) continue;
    const int from = std::min(weeks_, (last - row.taken) / 7), to = next > last ? 0 : (last - next) / 7 + 1;
    if (from < to) continue;
    const auto& own = actual_[static_cast<std::size_t>(row.owner) * periods + period];
    const std::size_t cell = (group_of(static_cast<std::size_t>(row.owner)) * periods + period) * kinds;
    for (std::size_t kind = 0; kind < kinds; ++kind) {
      const auto share = detail::share_in_call(row, period, categories_[kind], of_deals_);
      if (!share) continue;
      for (int week = to; week <= from; ++week) {
        const std::size_t at = (cell + kind) * width + static_cast<std::size_t>(week);
        sums[at] += *share;
        taken[at] = std::max(taken[at], row.taken);
        if (of_deals_) continue;
        brought[at] += own.value_or(0);
        ++speakers[at];
      }
    }
  }
  CallTable table;
  table.actual.resize(groups * periods);
  std::vector<bool> unknown(table.actual.size());
  std::vector<std::uint32_t> known(table.actual.size());  // owners who called or brought something
  for (std::size_t owner = 0; owner < owners_; ++owner)
    for (std::size_t period = 0; period < periods; ++period) {
      const std::size_t at = group_of(owner) * periods + period;
      const auto& actual = actual_[owner * periods + period];
      if (!of_deals_ && (actual || called[owner * periods + period])) ++known[at];
      if (actual)
        table.actual[at] = table.actual[at].value_or(0) + *actual;
      else if (called[owner * periods + period])
        unknown[at] = true;
    }
  for (std::size_t at = 0; at < unknown.size(); ++at)
    if (unknown[at]) table.actual[at].reset();
  for (std::size_t group = 0; group < groups; ++group)
    for (std::size_t period = 0; period < periods; ++period) {
      const std::size_t first = (group * periods + period) * kinds * width;
      const auto& actual = table.actual[group * periods + period];
      const bool any = std::any_of(taken.begin() + static_cast<std::ptrdiff_t>(first),
                                   taken.begin() + static_cast<std::ptrdiff_t>(first + kinds * width),
                                   [](Day day) { return day != never; });
      if (!any && !(of_deals_ && actual.value_or(0) != 0)) continue;
      for (std::size_t kind = 0; kind < kinds; ++kind)
        for (int week = weeks_; week >= 0; --week) {
          const std::size_t at = first + kind * width + static_cast<std::size_t>(week);
          const bool begun = of_deals_ ? week_end(period, week) >= days_.front() : taken[at] != never;
          if (!begun || !(actual || has_week(period, week))) continue;
          table.lines.push_back({.group = static_cast<std::uint32_t>(group),
                                 .period = static_cast<std::uint32_t>(period),
                                 .category = categories_[kind],
                                 .weeks = week,
                                 .taken = of_deals_ ? taken_by(week_end(period, week)) : taken[at],
                                 .call = sums[at],
                                 .actual = of_deals_ || !actual ? actual : std::optional(brought[at]),
                                 .called = of_deals_ ? 0 : speakers[at],
                                 .owners = known[group * periods + period]});
        }
    }
  return table;
}

}  // namespace tenure
