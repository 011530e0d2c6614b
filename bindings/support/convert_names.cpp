#include "runs.hpp"
#include "tenure/core/error.hpp"

/// Names of enumerations, and flags.
namespace tenure::python {

namespace {

/// A vector that has memory even without rows: an empty column is a column.
template <class T>
std::vector<T> column_of(std::size_t rows, T value) {
  std::vector<T> values(rows + 1, value);
  values.resize(rows);
  return values;
}

/// Each name is parsed once. A null is `missing`; where nothing stands for it, `null_fault`.
template <class T>
std::vector<T> to_names(const InputColumn& column, const Poll& poll, T (*parse)(std::string_view),
                        std::optional<T> missing, const Fault& null_fault, std::string_view expected) {
  const auto rows = static_cast<std::size_t>(column.size());
  if (missing && only_missing(column)) return column_of(rows, *missing);
  if (!holds_texts(column.type)) throw_type(column, expected);
  const CodedColumn coded = to_labels(column, poll);
  std::vector<std::optional<T>> known(coded.labels->size());
  std::vector<T> values = column_of(rows, missing.value_or(T{}));
  FaultList faults;
  const auto refuse = [&](Fault fault, std::size_t row) {
    fault.column = column.name;
    fault.row = static_cast<std::int64_t>(row);
    faults.add(std::move(fault));
  };
  for (std::size_t row = 0; row < rows; ++row) {
    const std::int32_t code = coded.codes[row];
    if (code == null_code) {
      if (!missing) refuse(null_fault, row);
      continue;
    }
    auto& value = known[static_cast<std::size_t>(code)];
    if (!value) {
      try {
        value = parse((*coded.labels)[static_cast<std::size_t>(code)]);
      } catch (const OptionError& error) {
        refuse(error.fault(), row);
        continue;
      }
    }
    values[row] = *value;
  }
  faults.raise();
  return values;
}

}  // namespace

std::vector<IntervalUnit> to_intervals(const InputColumn& column, const Poll& poll) {
  return to_names<IntervalUnit>(
      column, poll, &parse_interval_unit, std::nullopt,
      {.code = "E_INTERVAL_NULL",
       .what = "missing interval",
       .remedy = "Fill the column, or leave interval_column out and pass interval=."},
      "names of intervals: day, week, four_week, month, quarter, half_year, year");
}

std::vector<SubscriptionStatus> to_statuses(const InputColumn& column, const Poll& poll) {
  return to_names<SubscriptionStatus>(column, poll, &parse_status, SubscriptionStatus::active, {},
                                      "names of phases: active, trial, past_due, paused, free, cancelled");
}

std::vector<ChargeKind> to_charge_kinds(const InputColumn& column, const Poll& poll) {
  return to_names<ChargeKind>(column, poll, &parse_charge_kind, ChargeKind::recurring, {},
                              "kinds of charges: recurring, usage, one_time");
}

std::vector<DiscountDuration> to_durations(const InputColumn& column, const Poll& poll) {
  return to_names<DiscountDuration>(column, poll, &parse_discount_duration, DiscountDuration::forever, {},
                                    "how long discounts apply: forever, repeating, once");
}

std::vector<InvoiceLineKind> to_line_kinds(const InputColumn& column, const Poll& poll) {
  return to_names<InvoiceLineKind>(column, poll, &parse_invoice_line_kind, InvoiceLineKind::recurring, {},
                                   "kinds of lines: recurring, usage, one_time, credit, refund");
}

std::vector<std::uint8_t> to_flags(const InputColumn& column, const Poll& poll) {
  std::vector<std::uint8_t> flags = column_of(static_cast<std::size_t>(column.size()), std::uint8_t{0});
  if (only_missing(column)) return flags;
  if (column.type.kind != Kind::boolean) throw_type(column, "booleans");
  for_blocks(column, poll,
             [&](const Array& run, std::int64_t begin, std::int64_t end, std::int64_t first_row) {
               for (std::int64_t row = begin; row < end; ++row)
                 flags[static_cast<std::size_t>(first_row + row)] =
                     run.valid(row) && bool_at(column, run, row) ? 1 : 0;
             });
  return flags;
}

}  // namespace tenure::python
