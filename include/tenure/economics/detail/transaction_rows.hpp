#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "../../core/error.hpp"
#include "../../core/money.hpp"
#include "../transactions.hpp"

/// The door of a table of transactions. Rows are read in blocks by loops without branches; only a block with
/// something wrong is read again, row by row, to name it.
namespace tenure::detail {

/// The day of a row that was left out on purpose.
inline constexpr Day dropped_row = open_end;

class TransactionRows {
 public:
  static constexpr std::size_t block = 1024;

  TransactionRows(const Transactions& table, Refunds refunds) : table_(table), refunds_(refunds) {
    const auto same = [&](std::size_t size, const std::string& column) {
      if (size == rows()) return;
      throw_input({.code = "E_COLUMN_LENGTH",
                   .what = "has " + std::to_string(size) + " rows, '" + table.day_name + "' has " +
                           std::to_string(rows()),
                   .column = column,
                   .value = std::to_string(size)});
    };
    same(table.customer.size(), table.customer_name);
    if (has_amounts()) same(table.amount.size(), table.amount_name);
    if (table.currency_codes) same(table.currency_codes->size(), table.currency_name);
    if (const Codes* texts = table.customer.texts()) rank(*texts);
  }

  std::size_t rows() const noexcept { return table_.day.size(); }
  bool has_amounts() const noexcept { return table_.amount.any().index() != 0; }
  /// Ids that are texts, sorted.
  const std::vector<std::string>& labels() const noexcept { return labels_; }

  /// Ids of `count` rows from `first` on: the rank of a text among all; any number for null.
  void keys(std::size_t first, std::size_t count, std::int64_t* out) const noexcept {
    if (const auto* numbers = table_.customer.numbers()) {
      std::copy_n(numbers->values.data() + first, count, out);
      return;
    }
    const std::int32_t* const codes = table_.customer.texts()->codes.data() + first;
    for (std::size_t i = 0; i < count; ++i)
      out[i] = codes[i] < 0 ? 0 : ranks_[static_cast<std::size_t>(codes[i])];
  }
  Day raw_day(std::size_t row) const noexcept { return table_.day.values[row]; }

  /// Days and micro-units of `count` rows from `first` on; false if some cannot be used: see faults().
  bool load(std::size_t first, std::size_t count, Day* days, std::int64_t* amounts) const noexcept {
    bool wrong = false;
    for (std::size_t i = 0; i < count; ++i) {
      days[i] = raw_day(first + i);
      wrong |= days[i] < min_day || days[i] > max_day;
    }
    if (!table_.day.valid.all())
      for (std::size_t i = 0; i < count; ++i) wrong |= !table_.day.valid[first + i];
    if (const auto* numbers = table_.customer.numbers()) {
      if (!numbers->valid.all())
        for (std::size_t i = 0; i < count; ++i) wrong |= !numbers->valid[first + i];
    } else {
      const Codes& texts = *table_.customer.texts();
      for (std::size_t i = 0; i < count; ++i) wrong |= texts.codes[first + i] < 0;
    }
    bool negative = false;
    wrong |= !load_amounts(first, count, amounts, negative);
    if (negative && refunds_ == Refunds::refuse) wrong = true;
    if (negative && refunds_ == Refunds::drop)
      for (std::size_t i = 0; i < count; ++i)
        if (amounts[i] < 0) days[i] = dropped_row;
    return !wrong;
  }

  /// Names what is wrong in a block for which load() was false.
  void faults(std::size_t first, std::size_t count, FaultList& list) const {
    for (std::size_t row = first; row < first + count; ++row) check(row, list);
  }

  /// The one currency of all rows.
  std::string currency() const {
    if (!table_.currency_codes || rows() == 0) return {};
    const Codes& codes = *table_.currency_codes;
    const auto refuse = [&](const char* code, std::size_t row, std::string what, std::string value,
                            std::string remedy) {
      throw_input({code, std::move(what), table_.currency_name, static_cast<std::int64_t>(row),
                   std::move(value), std::move(remedy)});
    };
    for (std::size_t row = 0; row < rows(); ++row) {
      const std::int32_t code = codes.codes[row];
      if (code < 0) refuse("E_CURRENCY_NULL", row, "amount without a currency", "null", "Give each row one.");
      if (code == codes.codes[0]) continue;
      const std::string& one = codes.labels[static_cast<std::size_t>(codes.codes[0])];
      const std::string& other = codes.labels[static_cast<std::size_t>(code)];
      refuse("E_CURRENCY_MIXED", row, printable(one) + " and " + printable(other) + " in one table",
             printable(other), "Convert the amounts first, or summarise each currency by itself.");
    }
    return std::string(Currency(codes.labels[static_cast<std::size_t>(codes.codes[0])]).code());
  }

  /// Rows that repeat an earlier one in all columns that are read, as faults.
  void name_repeats(FaultList& list) const {
    std::vector<Day> days(rows());
    std::vector<std::int64_t> amounts(rows()), ids(rows());
    keys(0, rows(), ids.data());
    for (std::size_t first = 0; first < rows(); first += block)
      load(first, std::min(block, rows() - first), days.data() + first, amounts.data() + first);
    const auto content = [&](std::size_t row) { return std::tuple(ids[row], days[row], amounts[row]); };
    std::vector<std::size_t> order(rows());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, content);
    for (std::size_t i = 1; i < order.size(); ++i)
      if (days[order[i]] != dropped_row && content(order[i]) == content(order[i - 1]))
        list.add({.code = "E_DUPLICATE_ROW",
                  .what = "repeats an earlier row of " + format_day(days[order[i]]) +
                          " in customer, day, amount and currency",
                  .column = table_.day_name,
                  .row = static_cast<std::int64_t>(order[i]),
                  .value = format_day(days[order[i]]),
                  .remedy = "Keep repeated rows if they are purchases of their own, or drop them."});
  }

 private:
  void rank(const Codes& texts) {
    std::vector<std::size_t> order(texts.labels.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, {},
                      [&](std::size_t label) -> const std::string& { return texts.labels[label]; });
    ranks_.resize(order.size());
    for (const std::size_t label : order) {
      if (labels_.empty() || labels_.back() != texts.labels[label]) labels_.push_back(texts.labels[label]);
      ranks_[label] = static_cast<std::int64_t>(labels_.size()) - 1;
    }
    if (labels_.empty() || !labels_.front().empty()) return;
    for (std::size_t row = 0; row < rows(); ++row)
      if (texts.codes[row] >= 0 && ranks_[static_cast<std::size_t>(texts.codes[row])] == 0)
        throw_input({.code = "E_KEY_EMPTY",
                     .what = "empty customer id",
                     .column = table_.customer_name,
                     .row = static_cast<std::int64_t>(row),
                     .remedy = "Give the row a customer, or leave it out."});
  }

  static constexpr double most = 0x1p62 / static_cast<double>(micros);

  static bool to_micros(double major, std::int64_t& amount) noexcept {
    const double scaled = major * static_cast<double>(micros);
    if (scaled > -0x1p51 && scaled < 0x1p51) {  // adding 1.5 * 2^52 rounds to a whole number, half to even
      amount = static_cast<std::int64_t>(scaled + 0x1.8p52 - 0x1.8p52);
      return true;
    }
    const bool fits = major > -most && major < most;
    amount = fits ? static_cast<std::int64_t>(std::nearbyint(scaled)) : 0;
    return fits;
  }
  static bool to_micros(std::int64_t major, std::int64_t& amount) noexcept {
    const bool fits = major > -(INT64_MAX / micros) && major < INT64_MAX / micros;
    amount = fits ? major * micros : 0;
    return fits;
  }
  static bool to_micros(Micros micro, std::int64_t& amount) noexcept {
    amount = micro.amount;
    return true;
  }

  bool load_amounts(std::size_t first, std::size_t count, std::int64_t* amounts,
                    bool& negative) const noexcept {
    return std::visit(
        [&]<class Column>(const Column& column) {
          if constexpr (std::is_same_v<Column, std::monostate>) {
            std::fill_n(amounts, count, 0);
            return true;
          } else {
            bool good = true;
            for (std::size_t i = 0; i < count; ++i) {
              good &= to_micros(column.values[first + i], amounts[i]);
              negative |= amounts[i] < 0;
            }
            if (!column.valid.all())
              for (std::size_t i = 0; i < count; ++i) good &= column.valid[first + i];
            return good;
          }
        },
        table_.amount.any());
  }

  void check(std::size_t row, FaultList& list) const {
    const auto fault = [&](const char* code, const std::string& column, std::string what, std::string value,
                           std::string remedy) {
      list.add({code, std::move(what), column, static_cast<std::int64_t>(row), std::move(value),
                std::move(remedy)});
    };
    const auto* numbers = table_.customer.numbers();
    if (numbers != nullptr ? !numbers->valid[row] : table_.customer.texts()->codes[row] < 0)
      return fault("E_KEY_NULL", table_.customer_name,
                   "missing customer id (a group-by would drop it and totals would not tie)", "null",
                   "Give the row a customer, or leave it out.");
    if (!table_.day.valid[row])
      return fault("E_DATE_NULL", table_.day_name, "missing date", "null",
                   "Give the day of the transaction, or leave the row out.");
    if (!is_representable(raw_day(row)))
      return fault("E_DATE_RANGE", table_.day_name,
                   "day " + std::to_string(raw_day(row)) + " is outside 1400-01-01..9999-12-31",
                   std::to_string(raw_day(row)), "Dates run from 1400-01-01 to 9999-12-31.");
    std::visit(
        [&]<class Column>(const Column& column) {
          if constexpr (!std::is_same_v<Column, std::monostate>) {
            const std::string& name = table_.amount_name;
            if (!column.valid[row])
              return fault("E_AMOUNT_NULL", name, "missing amount", "null",
                           "Give the amount, or drop the row.");
            const auto amount = column.values[row];
            std::int64_t micro = 0;
            if (const bool fits = to_micros(amount, micro); !fits) return unusable(amount, name, fault);
            if (micro < 0 && refunds_ == Refunds::refuse)
              return fault("E_AMOUNT_NEGATIVE", name, "negative amount " + show(micro), show(micro),
                           "Say what becomes of refunds: refunds=\"keep\" or \"drop\".");
          }
        },
        table_.amount.any());
  }

  template <class Amount, class Report>
  static void unusable(Amount amount, const std::string& name, const Report& fault) {
    if constexpr (std::is_same_v<Amount, double>) {
      if (std::isnan(amount))
        return fault("E_AMOUNT_NAN", name, "NaN is not an amount", "nan", "Drop the row or give its amount.");
      if (std::isinf(amount))
        return fault("E_AMOUNT_INF", name, "the amount is infinite", "inf",
                     "Drop the row or give its amount.");
    }
    fault("E_AMOUNT_RANGE", name, "the amount does not fit 64 bits of micro-units", "",
          "Amounts are in major units: check that they are not already in cents or micro-units.");
  }

  static std::string show(std::int64_t micro) {
    std::string text = std::to_string(static_cast<double>(micro) / static_cast<double>(micros));
    while (text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
    return text;
  }

  const Transactions& table_;
  Refunds refunds_;
  std::vector<std::int64_t> ranks_;
  std::vector<std::string> labels_;
};

}  // namespace tenure::detail
