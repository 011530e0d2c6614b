#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../core/parallel.hpp"
#include "../core/period.hpp"
#include "../core/real.hpp"
#include "../model/subscription.hpp"

/// From transactions to what buy-till-you-die models read of each customer: how often, how recently, how long
/// ago for the first time, and for how much (RFM).
///
/// With n purchases of a customer in periods p1 <= ... <= pn, and e the period of the end of observation:
///
///     frequency = n - 1                  repeat purchases
///     recency   = pn - p1                age of the customer at the last purchase
///     T         = e - p1                 age of the customer at the end
///     monetary  = mean of the amounts of purchases 2 .. n
///
/// Conventions that change the figures (Fader and Hardie, notes 004 and 025; the package lifetimes):
///   - a purchase is all that a customer bought in a period (Purchases::by_period, everybody's default) or a
///     row of its own (Purchases::by_row; the first is then the cheapest row of the first day);
///   - periods are those of the calendar, so that a week or a month is a whole number of boundaries crossed
///     (lifetimes; unit week or month), or days over the length of a unit (Fader and Hardie's weeks:
///     unit_days 7, which gives 30.43 where the calendar says 30);
///   - the first purchase is left out of `monetary`, because the Gamma-Gamma model is fitted to what repeats
///     and first orders differ (FirstPurchase::left_out), or counted (FirstPurchase::counted);
///   - rows after the end that lie in its calendar period are left out (LastPeriod::until_end) or still
///     counted, which looks ahead (LastPeriod::whole; lifetimes' summary; E_PARAM with a calibration).
namespace tenure {

enum class Purchases : std::uint8_t { by_period, by_row };
enum class FirstPurchase : std::uint8_t { left_out, counted };
enum class LastPeriod : std::uint8_t { until_end, whole };
/// What becomes of rows with an amount below 0. A refund that is kept is a purchase of its own period.
enum class Refunds : std::uint8_t { refuse, keep, drop };
/// What becomes of all but one of rows that are equal in customer, day, amount and currency; no other column
/// is read, so that two equal purchases on one day are such rows too.
enum class Duplicates : std::uint8_t { keep, refuse, drop };

/// Throw OptionError E_ENUM with the nearest known name.
Refunds parse_refunds(std::string_view name);
Duplicates parse_duplicates(std::string_view name);

/// The columns of a table of transactions; all of the same length. Borrowed for the length of one call.
struct Transactions {
  Ids customer;
  Column<Day> day;
  Amounts amount = {};                       ///< none: only how often, how recently and how long ago
  std::optional<Codes> currency_codes = {};  ///< one code in all rows
  /// As messages show them.
  std::string customer_name = "customer", day_name = "date", amount_name = "amount",
              currency_name = "currency";
};

struct RfmOptions {
  PeriodUnit unit = PeriodUnit::day;  ///< day, week (from Monday) or month
  double unit_days = 1;               ///< with unit day: length of the unit in which recency and T are told
  Purchases purchases = Purchases::by_period;
  FirstPurchase first_purchase = FirstPurchase::left_out;
  LastPeriod last_period = LastPeriod::until_end;
  Refunds refunds = Refunds::refuse;
  Duplicates duplicates = Duplicates::keep;
  std::optional<Day> observation_end = {};  ///< last day that counts; none: the last day of the table
  /// Last day of the calibration; what follows until the end of observation is held out. E_WINDOW where both
  /// end in the same week or month, but not on the same day: the hold-out would have purchases and no length.
  std::optional<Day> calibration_end = {};
  Execution execution = {};
};

/// A row for each customer with a purchase until the end (of the calibration, if there is one), sorted by id.
struct Rfm {
  std::vector<std::int64_t> customer;  ///< ids, or positions in `labels`
  std::vector<std::string> labels;     ///< ids that are texts, sorted; empty for numbers
  std::vector<double> frequency, recency, age;
  std::vector<Real> monetary;  ///< empty_base without a purchase to average; no rows without amounts

  std::vector<double> frequency_holdout;  ///< purchases in the hold-out; no rows without a calibration
  std::vector<Real> monetary_holdout;     ///< mean of all of them
  /// In units: calendar boundaries between the last days of the calibration and of observation. A week or
  /// month within which the calibration ends is not counted, though what is bought in the rest of it is: end
  /// it with the week or month.
  double duration_holdout = 0;

  std::optional<Day> end;  ///< of observation; none for an empty table without one
  std::string currency;    ///< the code in the column of currencies
  std::int64_t rows_after_end = 0, rows_refunded = 0, rows_repeated = 0;  ///< left out, by reason
  std::int64_t customers_after = 0;  ///< left out: nothing bought until the end (of the calibration)

  std::size_t customers() const noexcept { return customer.size(); }
  Id id(std::size_t i) const {
    if (labels.empty()) return customer[i];
    return labels[static_cast<std::size_t>(customer[i])];
  }
};

/// Amounts are added exactly, as integers, and divided once; the answer is the same for any order of rows and
/// any number of threads. Throws InputError: E_KEY_NULL, E_KEY_EMPTY, E_DATE_NULL, E_DATE_RANGE,
/// E_AMOUNT_NULL, E_AMOUNT_NAN, E_AMOUNT_INF, E_AMOUNT_RANGE, E_AMOUNT_NEGATIVE, E_DUPLICATE_ROW,
/// E_CURRENCY_MIXED, E_CURRENCY_NULL, E_CURRENCY_UNKNOWN, E_COLUMN_LENGTH; OptionError: E_PERIOD_UNIT,
/// E_PARAM, E_WINDOW, E_DATE_RANGE.
Rfm rfm(const Transactions& table, const RfmOptions& options = {});

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/transactions.ipp"
#endif
