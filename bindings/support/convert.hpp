#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "array.hpp"
#include "tenure/core/buffer.hpp"
#include "tenure/core/column.hpp"
#include "tenure/core/date.hpp"
#include "tenure/model/invoice.hpp"
#include "tenure/model/subscription.hpp"

/// From the caller's types to the spans that the kernels read: in place where the type allows, else into
/// memory of ours. Faults name column, row and value; the first 20 of a kind are listed and all are counted.
namespace tenure::python {

using Poll = std::function<void()>;

/// A column as one or more runs of values.
template <class T>
struct Values {
  std::vector<Column<T>> runs;
  std::vector<std::shared_ptr<const void>> owners;

  /// The rows [begin, begin + length), which must lie in one run.
  Column<T> cut(std::int64_t begin, std::int64_t length) const {
    for (const Column<T>& run : runs) {
      const auto size = static_cast<std::int64_t>(run.size());
      if (begin < size || (length == 0 && begin == size)) {
        Validity valid = run.valid;
        valid.offset += begin;
        return {run.values.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(length)), valid};
      }
      begin -= size;
    }
    return {};
  }
};

/// A column of texts: one code a row, and labels that all runs share.
struct CodedColumn {
  std::vector<std::int32_t> codes;
  std::shared_ptr<const std::vector<std::string>> labels;

  Codes cut(std::int64_t begin, std::int64_t length) const {
    return {std::span(codes).subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(length)),
            *labels};
  }
};

using IdColumn = std::variant<Values<std::int64_t>, CodedColumn>;
using AmountColumn = std::variant<Values<std::int64_t>, Values<double>, Values<Micros>>;

/// E_KEY_TYPE, E_KEY_RANGE, E_KEY_UTF8.
IdColumn to_ids(const InputColumn& column, const Poll& poll);
/// E_DATE_UNIT, E_DATE_FORMAT, E_DATE_INVALID, E_DATE_RANGE, E_TYPE.
Values<Day> to_days(const InputColumn& column, const Poll& poll);
/// E_AMOUNT_RANGE, E_AMOUNT_SUBMINOR, E_AMOUNT_TEXT, E_TYPE.
AmountColumn to_amounts(const InputColumn& column, const Poll& poll);
/// Whole numbers, also where a frame keeps them as floats because some are missing. E_TYPE, E_NUMBER_WHOLE,
/// E_NUMBER_RANGE.
Values<std::int64_t> to_whole_numbers(const InputColumn& column, const Poll& poll);
/// Labels of segments, products and currencies: texts, whole numbers, bools or dates. E_TYPE, E_KEY_UTF8.
CodedColumn to_labels(const InputColumn& column, const Poll& poll);
/// Amounts and percentages of which a row may have none: null, or NaN, which is how pandas keeps a null.
AmountColumn to_optional_amounts(const InputColumn& column, const Poll& poll);
/// Names of interval units. E_INTERVAL, E_INTERVAL_NULL.
std::vector<IntervalUnit> to_intervals(const InputColumn& column, const Poll& poll);
/// Names; null is active, recurring, forever, recurring. E_ENUM, E_TYPE.
std::vector<SubscriptionStatus> to_statuses(const InputColumn& column, const Poll& poll);
std::vector<ChargeKind> to_charge_kinds(const InputColumn& column, const Poll& poll);
std::vector<DiscountDuration> to_durations(const InputColumn& column, const Poll& poll);
std::vector<InvoiceLineKind> to_line_kinds(const InputColumn& column, const Poll& poll);
/// Booleans; null is false. E_TYPE.
std::vector<std::uint8_t> to_flags(const InputColumn& column, const Poll& poll);

/// Refuses amounts with more decimals than their currency has: E_AMOUNT_SUBMINOR, E_CURRENCY_EXPONENT.
/// `currencies` per row, or one `currency` for all.
void refuse_subminor(const InputColumn& column, const AmountColumn& amounts, const CodedColumn* currencies,
                     Currency currency);

}  // namespace tenure::python
