#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "../core/column.hpp"
#include "../core/currency.hpp"
#include "../core/date.hpp"
#include "../core/int128.hpp"
#include "../core/money.hpp"
#include "../core/period.hpp"
#include "../core/ratio.hpp"
#include "fx.hpp"
#include "subscription.hpp"

/// Money spent to win customers.
namespace tenure {

/// Spend as columns: on this day so much, for this channel, of this kind (media, people, tools, agency, ...).
/// A month is named by any of its days.
struct SpendRows {
  Column<Day> day;
  Amounts amount;      ///< major units, floating major units or micro-units
  Codes channel = {};  ///< or any other segment that customers have too; null is "(none)"
  Codes kind = {};     ///< null is "(none)"
  std::span<const std::uint8_t> paid = {};  ///< whether the channel of the row is a paid one
  Codes currency_codes = {};
  Currency currency = {};  ///< of all rows, where there are no codes
  std::string day_name = "date", amount_name = "amount", currency_name = "currency";  ///< for messages
};

/// What a negative amount is: a mistake, or money that came back.
enum class Credits : std::uint8_t { refuse, subtract };

struct SpendOptions {
  /// The kinds that count; none: all of them ("fully loaded").
  std::vector<std::string> kinds = {};
  Credits credits = Credits::refuse;
  /// The currency of the totals; rows of others need rates. Not set: that of the rows.
  Currency reporting = {};
  const FxRates* rates = nullptr;  ///< of the day of each row
};

/// What was spent in one cell, in micro-units; `reason` says why nobody knows.
struct Spent {
  int128 amount = 0;
  Undefined reason = Undefined::no;

  bool known() const noexcept { return reason == Undefined::no; }
  friend bool operator==(const Spent&, const Spent&) = default;
};

/// Spend, checked and in one currency.
class Spend {
 public:
  struct Row {
    Day day;
    std::int64_t amount;   ///< micro-units of the currency of the totals
    std::int32_t channel;  ///< position in channels()
    std::int64_t row;      ///< position in the caller's table
  };

  /// Throws InputError: E_DATE_NULL, E_DATE_RANGE, E_AMOUNT_NULL, E_AMOUNT_NAN, E_AMOUNT_INF, E_AMOUNT_RANGE,
  /// E_SPEND_NEGATIVE, E_CURRENCY_NULL, E_CURRENCY_UNKNOWN, E_CURRENCY_MIXED (several and no rates),
  /// E_FX_MISSING, E_COLUMN_LENGTH, E_PAID (a channel that is paid in one row and not in another);
  /// OptionError E_KIND for a kind that no row is of.
  explicit Spend(const SpendRows& rows, const SpendOptions& options = {});

  /// The rows that count, in the order of the table.
  const std::vector<Row>& rows() const noexcept { return rows_; }
  /// Labels, sorted; one empty label without a column.
  const std::vector<std::string>& channels() const noexcept { return channels_; }
  /// Those whose rows say that they are paid, sorted.
  const std::vector<std::string>& paid_channels() const noexcept { return paid_; }
  Currency currency() const noexcept { return currency_; }
  /// Days of the first and the last row, whatever their kind; none of a table without rows.
  std::optional<Day> first_day() const noexcept { return first_; }
  std::optional<Day> last_day() const noexcept { return last_; }

  /// The period whose spend is held against the customers of period k: `lag` periods before it.
  static std::pair<Day, Day> source(const Periods& periods, std::size_t k, int lag);
  /// By period and then channel: what was spent `lag` periods before. Before the first row nothing is known
  /// (`before_history`), nor after the last one (`not_yet_observed`); a table without rows knows nothing
  /// (`no_spend`). Between them no row means that nothing was spent. Throws OptionError E_LAG below 0.
  std::vector<Spent> totals(const Periods& periods, int lag = 0) const;

 private:
  std::vector<Row> rows_;
  std::vector<std::string> channels_, paid_;
  Currency currency_;
  std::optional<Day> first_, last_;
};

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/spend.ipp"
#endif
