#pragma once

#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "../../core/error.hpp"
#include "../../core/group.hpp"
#include "../policy.hpp"
#include "../subscription.hpp"
#include "exponents.hpp"

/// The door: reads one table's columns in blocks, under a loading policy. Each block is read by loops without
/// branches that also gather whether anything is wrong; only a block with something wrong is read again, row
/// by row, to name it.
namespace tenure::detail {

/// A row that starts at open_end was left out on purpose: it is never live.
inline constexpr PackedRow left_out{0, open_end, open_end};

class RowReader {
 public:
  /// `customer_code` maps the text codes of this table to those of the book; null for numeric ids.
  RowReader(const Subscriptions& table, const LoadingPolicy& policy,
            std::shared_ptr<const std::vector<std::int64_t>> customer_code, bool drop_reversed,
            Exponents exponents, std::int64_t first_row)
      : table_(table),
        policy_(policy),
        customer_code_(std::move(customer_code)),
        drop_reversed_(drop_reversed),
        exponents_(std::move(exponents)),
        first_row_(first_row),
        days_added_((policy.end == EndDate::inclusive ? 1U : 0U) +
                    (policy.churn_at == ChurnAt::day_after ? 1U : 0U)),
        simple_(table.interval_unit.empty() && !table.interval_count.present() && !table.quantity.present()) {
    factor_ = yearly_factor(policy, table.interval.unit);
    // A price that comes to a whole number of micro-units a year needs one multiplication.
    const std::int64_t denominator = std::int64_t{factor_.denominator} * table.interval.count;
    simple_ = simple_ && table.interval.count > 0 && factor_.numerator % denominator == 0;
    multiplier_ = simple_ ? factor_.numerator / denominator : 0;
    if (policy.rounding != LineRounding::exact) {
      simple_ = simple_ && !exponents_.differ();
      rounded_to_ = rounding_unit(policy.rounding, exponents_.one);
    }
  }

  std::size_t rows() const noexcept { return table_.start.size(); }

  void keys(std::size_t first, std::size_t count, std::int64_t* out) const noexcept {
    if (const auto* numbers = table_.customer.numbers()) {
      std::copy_n(numbers->values.data() + first, count, out);
      return;
    }
    const Codes& texts = *table_.customer.texts();
    for (std::size_t i = 0; i < count; ++i) {
      const std::int32_t code = texts.codes[first + i];
      out[i] = code < 0 ? 0 : (*customer_code_)[static_cast<std::size_t>(code)];
    }
  }

  /// Reads `count` rows from `first` on. False if some cannot be used: see faults().
  bool load(std::size_t first, std::size_t count, PackedRow* out) const noexcept {
    bool good = dates(first, count, out);
    good = amounts(first, count, out) && good;
    return good && customers_present(first, count);
  }

  /// Names what is wrong in a block for which load() was false. With drop_reversed, reversed rows are left
  /// out instead and their positions appended to `dropped`.
  void faults(std::size_t first, std::size_t count, PackedRow* out, const ColumnNames& names, FaultList& list,
              std::vector<std::int64_t>& dropped) const {
    for (std::size_t i = 0; i < count; ++i) check(first + i, out[i], names, list, dropped);
  }

  /// Decimals of the minor unit of a row's currency.
  int exponent_of(std::size_t row) const noexcept { return exponents_(row); }

  static constexpr std::int64_t quantity_limit = 1'000'000'000;

  Interval interval_of(std::size_t row) const noexcept {
    Interval interval = table_.interval;
    if (!table_.interval_unit.empty()) interval.unit = table_.interval_unit[row];
    if (table_.interval_count.present()) {
      const std::int64_t count = table_.interval_count.valid[row] ? table_.interval_count.values[row] : 0;
      interval.count = static_cast<std::int32_t>(std::clamp<std::int64_t>(count, 0, INT32_MAX));
    }
    return interval;
  }
  std::int64_t quantity_of(std::size_t row) const noexcept {
    if (!table_.quantity.present()) return 1;
    return table_.quantity.valid[row] ? table_.quantity.values[row] : -1;
  }

 private:
  bool dates(std::size_t first, std::size_t count, PackedRow* out) const noexcept {
    const Day* starts = table_.start.values.data() + first;
    if (!table_.end.present()) {
      for (std::size_t i = 0; i < count; ++i) out[i].end = open_end;
    } else if (table_.end.valid.all()) {
      const Day* ends = table_.end.values.data() + first;
      for (std::size_t i = 0; i < count; ++i) out[i].end = ends[i];
    } else {
      const Day* ends = table_.end.values.data() + first;
      for (std::size_t i = 0; i < count; ++i) out[i].end = table_.end.valid[first + i] ? ends[i] : open_end;
    }
    bool wrong = false;
    for (std::size_t i = 0; i < count; ++i) {
      const Day start = starts[i], end = out[i].end;
      const bool open = end == open_end;
      wrong |= start < min_day || start > max_day || (!open && (end < min_day || end > max_day));
      out[i].start = start;
      out[i].end = open ? end : exclusive(end);
      wrong |= end < start;
    }
    if (!table_.start.valid.all())
      for (std::size_t i = 0; i < count; ++i) wrong |= !table_.start.valid[first + i];
    return !wrong;
  }

  /// The first day no longer paid for. Days outside the calendar are refused before or after; they must not
  /// overflow.
  Day exclusive(Day end) const noexcept {
    return static_cast<Day>(static_cast<std::uint32_t>(end) + days_added_);
  }
  Day raw_end(std::size_t row) const noexcept {
    return table_.end.present() && table_.end.valid[row] ? table_.end.values[row] : open_end;
  }

  bool amounts(std::size_t first, std::size_t count, PackedRow* out) const noexcept {
    return std::visit(
        [&]<class Column>(const Column& column) {
          if constexpr (std::is_same_v<Column, std::monostate>) {
            return false;
          } else {
            bool wrong = false;
            if (simple_) {
              for (std::size_t i = 0; i < count; ++i)
                wrong |= !times(column.values[first + i], out[i].annual);
              if (rounded_to_ > 1)
                for (std::size_t i = 0; i < count; ++i) wrong |= !round_half_up(out[i].annual);
            } else {
              for (std::size_t i = 0; i < count; ++i) {
                const auto [good, annual] = general(column.values[first + i], first + i);
                out[i].annual = annual;
                wrong |= !good;
              }
            }
            if (!column.valid.all())
              for (std::size_t i = 0; i < count; ++i) wrong |= !column.valid[first + i];
            return !wrong;
          }
        },
        table_.amount.any());
  }

  /// Amounts times the whole multiplier; false if negative, not a number or too large.
  bool times(std::int64_t major, std::int64_t& annual) const noexcept {
    annual = static_cast<std::int64_t>(static_cast<std::uint64_t>(major) *
                                       static_cast<std::uint64_t>(multiplier_ * micros));
    return static_cast<std::uint64_t>(major) <=
           static_cast<std::uint64_t>(INT64_MAX / (std::max<std::int64_t>(multiplier_, 1) * micros));
  }
  bool times(Micros price, std::int64_t& annual) const noexcept {
    annual = static_cast<std::int64_t>(static_cast<std::uint64_t>(price.amount) *
                                       static_cast<std::uint64_t>(multiplier_));
    return static_cast<std::uint64_t>(price.amount) <=
           static_cast<std::uint64_t>(INT64_MAX / std::max<std::int64_t>(multiplier_, 1));
  }
  bool times(double major, std::int64_t& annual) const noexcept {
    const double scaled = major * static_cast<double>(micros);
    const bool good = scaled >= 0 && scaled < 0x1p51;
    // Adding 1.5 * 2^52 rounds to a whole number, half to even; larger amounts take the exact path in
    // check().
    const double whole = (good ? scaled : 0.0) + 0x1.8p52 - 0x1.8p52;
    annual = static_cast<std::int64_t>(whole) * multiplier_;
    return good && whole <= 0x1p62 / static_cast<double>(std::max<std::int64_t>(multiplier_, 1));
  }

  /// As rounded_line does, for rates that are not negative; false if the result does not fit.
  bool round_half_up(std::int64_t& annual) const noexcept {
    const auto unit = static_cast<std::uint64_t>(rounded_to_);  // even for all currencies
    const std::uint64_t whole = (static_cast<std::uint64_t>(annual) + unit / 2) / unit * unit;
    annual = static_cast<std::int64_t>(whole);
    return whole <= INT64_MAX;
  }

  struct Annual {
    bool good;
    std::int64_t annual;
  };

  static bool to_micros(std::int64_t major, int128& price) noexcept {
    price = int128{major} * micros;
    return true;
  }
  static bool to_micros(Micros micro, int128& price) noexcept {
    price = micro.amount;
    return true;
  }
  static bool to_micros(double major, int128& price) noexcept {
    const double scaled = std::nearbyint(major * static_cast<double>(micros));
    if (!(scaled > -0x1p63 && scaled < 0x1p63)) return false;
    price = static_cast<std::int64_t>(scaled);
    return true;
  }

  template <class Amount>
  Annual general(Amount amount, std::size_t row) const noexcept {
    int128 price = 0;
    const Interval interval = interval_of(row);
    const std::int64_t quantity = quantity_of(row);
    if (!to_micros(amount, price) || price < 0 || price > INT64_MAX || interval.count < 1 || quantity < 0 ||
        quantity > quantity_limit)
      return {false, 0};
    const std::int64_t counted = policy_.quantity == Quantity::ignored ? 1 : quantity;
    const int128 annual =
        rounded_line(policy_.rounding, annual_micros(policy_, interval, price * counted), exponents_(row));
    return {fits_int64(annual), static_cast<std::int64_t>(annual)};
  }

  bool customers_present(std::size_t first, std::size_t count) const noexcept {
    bool missing = false;
    if (const auto* numbers = table_.customer.numbers()) {
      if (!numbers->valid.all())
        for (std::size_t i = 0; i < count; ++i) missing |= !numbers->valid[first + i];
    } else {
      const Codes& texts = *table_.customer.texts();
      for (std::size_t i = 0; i < count; ++i) missing |= texts.codes[first + i] < 0;
    }
    return !missing;
  }

  void check(std::size_t row, PackedRow& out, const ColumnNames& names, FaultList& list,
             std::vector<std::int64_t>& dropped) const {
    const std::int64_t at = first_row_ + static_cast<std::int64_t>(row);
    const auto fault = [&](const char* code, const std::string& column, std::string what, std::string value,
                           std::string remedy) {
      list.add({code, std::move(what), column, at, std::move(value), std::move(remedy)});
    };
    if (!customers_present(row, 1))
      return fault("E_KEY_NULL", names.customer,
                   "missing customer id (a group-by would drop it and totals would not tie)", "null",
                   "Give the row a customer, or leave it out.");
    if (!table_.start.valid[row])
      return fault("E_DATE_NULL", names.start, "missing date", "null",
                   "Give the day on which the price starts to apply.");
    const Day start = table_.start.values[row];
    if (!is_representable(start))
      return fault("E_DATE_RANGE", names.start, out_of_range(start), std::to_string(start), calendar_remedy);
    if (const Day end = raw_end(row); end != open_end && !is_representable(end))
      return fault("E_DATE_RANGE", names.end, out_of_range(end), std::to_string(end), calendar_remedy);
    if (const Day end = raw_end(row); end < start) {
      if (drop_reversed_) {
        dropped.push_back(at);
        out = left_out;
        return;
      }
      return fault(
          "E_PERIOD_REVERSED", names.end,
          "end " + format_day(end) + " lies before start " + format_day(start), format_day(end),
          "Swap them, drop the row, or pass on_reversed=\"drop\" to leave such rows out and count them.");
    }
    check_amount(row, out, names, fault);
  }

  template <class Report>
  void check_amount(std::size_t row, PackedRow& out, const ColumnNames& names, const Report& fault) const {
    const Interval interval = interval_of(row);
    if (interval.count < 1)
      return fault("E_INTERVAL_COUNT", names.interval_count, "the interval count is missing or not above 0",
                   table_.interval_count.present() && table_.interval_count.valid[row]
                       ? std::to_string(table_.interval_count.values[row])
                       : std::to_string(table_.interval.count),
                   "Give a whole number of intervals, 1 or more.");
    if (const std::int64_t quantity = quantity_of(row); quantity < 0 || quantity > quantity_limit) {
      const bool missing = table_.quantity.present() && !table_.quantity.valid[row];
      return fault(
          "E_QUANTITY_RANGE", names.quantity,
          missing ? "missing quantity" : "quantity " + std::to_string(quantity) + "; must be 0 to 1000000000",
          missing ? "null" : std::to_string(quantity), "Give the number of units that are paid for.");
    }
    std::visit(
        [&]<class Column>(const Column& column) {
          if constexpr (!std::is_same_v<Column, std::monostate>) {
            if (!column.valid[row])
              return fault("E_AMOUNT_NULL", names.amount, "missing amount", "null",
                           "Give the price, 0 if there is none.");
            const auto amount = column.values[row];
            const std::string shown = show(amount);
            if (is_nan(amount))
              return fault("E_AMOUNT_NAN", names.amount, "NaN is not an amount", shown,
                           "Drop the row or give its price.");
            if (is_infinite(amount))
              return fault("E_AMOUNT_INF", names.amount, "the amount is infinite", shown,
                           "Drop the row or give its price.");
            if (is_negative(amount))
              return fault("E_AMOUNT_NEGATIVE", names.amount, "negative recurring amount " + shown, shown,
                           "Subtract credits from the price they belong to, or drop the row.");
            if (is_inexact(amount))
              return fault("E_AMOUNT_INEXACT", names.amount,
                           shown + " is a floating number above 2^53, which cannot hold every whole number",
                           shown, "Pass whole numbers or decimals.");
            const auto [good, annual] = general(amount, row);
            if (!good)
              return fault(
                  "E_AMOUNT_RANGE", names.amount, shown + " comes to more than 64 bits of micro-units a year",
                  shown,
                  "Amounts are in major units: check that they are not already in cents or micro-units.");
            out.annual = annual;
          }
        },
        table_.amount.any());
  }

  static constexpr const char* calendar_remedy = "Dates run from 1400-01-01 to 9999-12-31.";
  static std::string out_of_range(Day day) {
    const bool printable = day > -100'000'000 && day < 100'000'000;
    return (printable ? format_day(day) : "day " + std::to_string(day)) +
           " is outside 1400-01-01..9999-12-31";
  }
  static std::string show(std::int64_t value) { return std::to_string(value); }
  static std::string show(Micros value) { return std::to_string(value.amount) + " micro-units"; }
  static std::string show(double value) {
    std::string text = std::to_string(value);
    while (text.find('.') != std::string::npos && (text.back() == '0' || text.back() == '.')) {
      const bool point = text.back() == '.';
      text.pop_back();
      if (point) break;
    }
    return text;
  }
  static bool is_nan(double value) noexcept { return std::isnan(value); }
  static bool is_infinite(double value) noexcept { return std::isinf(value); }
  static bool is_negative(double value) noexcept { return value < 0; }
  static bool is_inexact(double value) noexcept { return value >= 0x1p53; }
  static bool is_inexact(std::int64_t) noexcept { return false; }
  static bool is_inexact(Micros) noexcept { return false; }
  static bool is_nan(std::int64_t) noexcept { return false; }
  static bool is_infinite(std::int64_t) noexcept { return false; }
  static bool is_negative(std::int64_t value) noexcept { return value < 0; }
  static bool is_nan(Micros) noexcept { return false; }
  static bool is_infinite(Micros) noexcept { return false; }
  static bool is_negative(Micros value) noexcept { return value.amount < 0; }

  const Subscriptions& table_;
  const LoadingPolicy& policy_;
  std::shared_ptr<const std::vector<std::int64_t>> customer_code_;
  bool drop_reversed_;
  Exponents exponents_;
  std::int64_t first_row_;
  std::uint32_t days_added_;  ///< from the end of a row to the first day that is not counted
  bool simple_;
  IntervalFactor factor_;
  std::int64_t multiplier_ = 0;
  std::int64_t rounded_to_ = 1;  ///< annual micro-units
};

}  // namespace tenure::detail
