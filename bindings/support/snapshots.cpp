#include "snapshots.hpp"

#include "cuts.hpp"
#include "runs.hpp"
#include "tenure/core/error.hpp"

namespace tenure::python {

namespace {

/// A column in one run.
template <class T>
Values<T> joined(const Values<T>& values) {
  if (values.runs.size() == 1) return values;
  std::int64_t rows = 0, row = 0;
  for (const Column<T>& run : values.runs) rows += static_cast<std::int64_t>(run.size());
  Filled<T> filled(rows);
  for (const Column<T>& run : values.runs)
    for (std::size_t i = 0; i < run.size(); ++i, ++row)
      run.valid[i] ? filled.set(row, run.values[i]) : filled.set_null(row);
  return std::move(filled).finish();
}

IdColumn joined(const IdColumn& ids) {
  const auto* numbers = std::get_if<Values<std::int64_t>>(&ids);
  return numbers != nullptr ? IdColumn(joined(*numbers)) : ids;  // texts always are one run
}

void refuse_early_last(const Subscriptions& feed, Day last) {
  const auto& days = feed.start.values;
  const auto latest = std::max_element(days.begin(), days.end());
  if (latest == days.end() || *latest < last) return;
  throw_option(
      {.code = "E_WINDOW",
       .what = "last=" + format_day(last) + " is not after the last snapshot, " + format_day(*latest),
       .value = format_day(last),
       .remedy = "Give the first day of which the last snapshot says nothing, or leave it out."});
}

}  // namespace

Values<Day> snapshot_ends(const IdColumn& customer, const Values<Day>& at,
                          const std::optional<Values<Day>>& end, SnapshotOptions options,
                          const ColumnNames& names) {
  const IdColumn customers = joined(customer);
  const Values<Day> days = joined(at);
  const auto ends = end ? std::optional(joined(*end)) : std::nullopt;
  const auto rows = static_cast<std::int64_t>(days.runs.front().size());
  options.at_name = names.start;
  const Subscriptions feed{.customer = cut(customers, 0, rows),
                           .start = days.runs.front(),
                           .end = cut(ends, 0, rows),
                           .amount = {}};
  const auto made = std::make_shared<const SnapshotRows>(rows_of(feed, options, names));
  if (options.last) refuse_early_last(feed, *options.last);
  return {{made->table().end}, {made}};
}

}  // namespace tenure::python
