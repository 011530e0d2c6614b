#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "../core/column.hpp"
#include "../core/currency.hpp"
#include "../core/date.hpp"
#include "../core/int128.hpp"

/// Dated exchange rates.
namespace tenure {

/// What one unit of a currency is worth in another, as an exact fraction in lowest terms; both parts above 0.
struct Exchange {
  int128 numerator = 1, denominator = 1;

  /// amount * numerator / denominator, rounded half-even once; an amount other than 0 keeps its sign and
  /// never becomes 0 (nobody stops being a customer because of a rate). Throws InputError E_AMOUNT_RANGE
  /// past 64 bits.
  std::int64_t convert(std::int64_t amount) const;
  double value() const noexcept { return quotient(numerator, denominator); }
  friend bool operator==(const Exchange&, const Exchange&) = default;
};

/// How a rate of a currency is quoted against the base of a table.
enum class Quotation : std::uint8_t {
  units_per_base,  ///< how many units of the currency one unit of the base buys (the ECB: 1 EUR = 1.1172 USD)
  base_per_unit    ///< what one unit of the currency costs in the base (the Fed on GBP: 1 GBP = 1.25 USD)
};

struct FxOptions {
  /// A day without a quotation has that of the last earlier day, if it is not more than so many days before.
  std::int32_t max_days_back = 7;
};

/// Rates of many currencies against one base, by day. Cross rates go through the base and are exact. A
/// currency that was replaced keeps, from then on, the fixed rate to its successor (the irrevocable euro
/// conversion rates; TRL, ROL and other redenominations), whether or not the table still quotes it.
///
/// Rates are decimals of at most 12 significant digits, kept exactly. Source of the rule for missing days:
/// the ECB publishes no rates on weekends and TARGET holidays, and its users take the last one before.
class FxRates {
 public:
  explicit FxRates(Currency base, FxOptions options = {});

  /// A quotation, as a decimal in text ("1.1172") or as a floating number (its shortest decimal, rounded to
  /// 12 digits). A second one of the same currency and day has to be the same. Throws InputError E_FX_RATE
  /// unless it is finite, above 0, in 10^-12..10^12 and of at most 12 digits; E_FX_CONFLICT; E_DATE_RANGE.
  void add(Day day, Currency currency, std::string_view rate,
           Quotation quotation = Quotation::units_per_base);
  void add(Day day, Currency currency, double rate, Quotation quotation = Quotation::units_per_base);

  /// What one unit of `from` is worth in `to` on a day. Throws InputError E_FX_MISSING with the last day that
  /// has a quotation. A fixed rate needs none; what a currency became is looked up like any other (TRY on
  /// 2005-01-01 has no earlier day in the ECB's table).
  Exchange rate(Currency from, Currency to, Day day) const;

  Currency base() const noexcept { return base_; }
  const FxOptions& options() const noexcept { return options_; }
  /// Sorted by code, the base among them.
  std::vector<Currency> currencies() const;
  bool quotes(Currency currency) const noexcept;
  Day first_day() const noexcept;  ///< of all quotations; 0 if there are none
  Day last_day() const noexcept;
  std::int64_t size() const noexcept;  ///< quotations
  /// Of the base, the options and every quotation, whatever the order in which they were added.
  std::string digest() const;

 private:
  /// digits / 10^scale, in 16 bytes.
  struct Quote {
    std::int64_t digits = 1;
    Day day = 0;
    std::uint8_t scale = 0;
    Quotation quotation = Quotation::units_per_base;

    Exchange per_unit() const noexcept;  ///< what one unit of the currency is worth in the base
  };
  struct Series {
    Currency currency;
    std::vector<Quote> quotes;  ///< by day
  };

  void add_parsed(const Quote& quote, Currency currency, std::string_view text, std::string_view why);
  const Series* find(Currency currency) const noexcept;
  const Quote& last_quote(Currency currency, Day day) const;

  Currency base_;
  FxOptions options_;
  std::vector<Series> series_;  ///< by code
};

/// Reads the file of euro reference rates as the European Central Bank publishes it (eurofxref-hist.csv): a
/// line per day, newest first, a column per currency in units per euro, "N/A" or nothing where there is none.
/// Throws InputError E_FX_FILE, E_FX_RATE, E_FX_CONFLICT, E_CURRENCY_UNKNOWN with line and column; rows count
/// from the first line under the header.
FxRates read_ecb(std::string_view text, FxOptions options = {});

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/fx.ipp"
#endif
