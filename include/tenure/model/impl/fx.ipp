#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <numeric>

#include "../../core/digest.hpp"
#include "../../core/error.hpp"
#include "../fx.hpp"
#include "fx_fixed.ipp"

namespace tenure {

namespace detail {

constexpr uint128 greatest_common_divisor(uint128 a, uint128 b) noexcept {
  while (b > UINT64_MAX) {
    const uint128 rest = a % b;
    a = b;
    b = rest;
  }
  if (b == 0) return a;
  return std::gcd(static_cast<std::uint64_t>(a % b), static_cast<std::uint64_t>(b));
}

inline Exchange inverse(Exchange rate) noexcept { return {rate.denominator, rate.numerator}; }

/// In lowest terms, if both factors are. False if that does not fit.
inline bool multiply(Exchange& rate, const Exchange& factor) noexcept {
  const auto down = static_cast<int128>(greatest_common_divisor(static_cast<uint128>(rate.numerator),
                                                                static_cast<uint128>(factor.denominator)));
  const auto up = static_cast<int128>(greatest_common_divisor(static_cast<uint128>(factor.numerator),
                                                              static_cast<uint128>(rate.denominator)));
  return !__builtin_mul_overflow(rate.numerator / down, factor.numerator / up, &rate.numerator) &&
         !__builtin_mul_overflow(rate.denominator / up, factor.denominator / down, &rate.denominator);
}

/// The currency that another one has become by a day, and what one unit of the other is of it.
struct Settled {
  Currency currency;
  Exchange factor = {};
};

inline Settled settle(Currency currency, Day day) {
  Settled settled{currency};
  while (settled.currency.retired() != 0) {
    const auto* fixed =
        std::ranges::lower_bound(fixed_conversions, settled.currency.code(), {}, &FixedConversion::code);
    if (fixed == std::end(fixed_conversions) || fixed->code != settled.currency.code() || day < fixed->first)
      break;
    const auto shared = std::gcd(fixed->numerator, fixed->denominator);
    multiply(settled.factor, {fixed->numerator / shared, fixed->denominator / shared});
    settled.currency = Currency(fixed->successor);
  }
  return settled;
}

inline constexpr int most_digits = 12;
inline constexpr std::string_view rate_not_positive = "; must be > 0 and finite";
inline constexpr std::string_view rate_no_decimal = "; not a plain decimal";
inline constexpr std::string_view rate_too_long = "; has more than 12 significant digits";
inline constexpr std::string_view rate_out_of_range = "; must lie between 10^-12 and 10^12";

/// digits / 10^scale, the shortest such pair.
struct RateParts {
  std::int64_t digits = 0;
  int scale = 0;
};

/// Returns what is wrong with digits / 10^scale as a rate, or nothing.
inline std::string_view reduce_rate(std::int64_t digits, int scale, RateParts& parts) noexcept {
  if (digits <= 0) return rate_not_positive;
  for (; digits % 10 == 0; digits /= 10) --scale;
  int count = 0;
  for (std::int64_t rest = digits; rest != 0; rest /= 10) ++count;
  const int above_point = count - scale;
  const bool is_largest = above_point == most_digits + 1 && digits == 1;
  if (above_point <= -most_digits || (above_point > most_digits && !is_largest)) return rate_out_of_range;
  for (; scale < 0; ++scale) digits *= 10;
  parts = {digits, scale};
  return {};
}

/// digits[.digits]
inline std::string_view parse_rate(std::string_view text, RateParts& parts) noexcept {
  if (text.starts_with('-') || text == "inf" || text == "nan") return rate_not_positive;
  int count = 0, zeros = 0, scale = 0;
  bool point = false, digit = false;
  std::int64_t digits = 0;
  for (const char c : text) {
    if (c == '.' && !point && digit) {
      point = true;
      digit = false;
      continue;
    }
    if (c < '0' || c > '9') return rate_no_decimal;
    digit = true;
    scale += point ? 1 : 0;
    if (c == '0') {  // a digit of the number only if another one follows
      zeros += count > 0 ? 1 : 0;
      continue;
    }
    count += zeros + 1;
    if (count > most_digits) return rate_too_long;
    for (; zeros > 0; --zeros) digits *= 10;
    digits = digits * 10 + (c - '0');
  }
  return digit ? reduce_rate(digits, scale - zeros, parts) : rate_no_decimal;
}

/// The shortest decimal that reads back as the number, rounded half-even to 12 significant digits.
inline std::string_view parse_rate(double rate, RateParts& parts) noexcept {
  if (!(rate > 0) || std::isinf(rate)) return rate_not_positive;
  if (rate < 1e-13 || rate > 1e13) return rate_out_of_range;
  std::array<char, 32> text{};
  const char* end =
      std::to_chars(text.data(), text.data() + text.size(), rate, std::chars_format::scientific).ptr;
  std::int64_t digits = 0, surplus = 1;
  int count = 0, exponent = 0;
  const char* at = text.data();
  for (; *at != 'e'; ++at) {
    if (*at == '.') continue;
    digits = digits * 10 + (*at - '0');
    if (++count > most_digits) surplus *= 10;
  }
  std::from_chars(at[1] == '+' ? at + 2 : at + 1, end, exponent);
  digits = static_cast<std::int64_t>(divide_half_even(digits, surplus));
  return reduce_rate(digits, std::min(count, most_digits) - 1 - exponent, parts);
}

inline std::string rate_text(double rate) {
  if (std::isnan(rate)) return "nan";  // some print the sign of it
  std::array<char, 32> text{};
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), rate).ptr};
}

inline std::string pair_of(Currency from, Currency to) {
  return std::string(from.code()) + "->" + std::string(to.code());
}

inline Currency known_currency(Currency currency) { return currency.set() ? currency : Currency(""); }

}  // namespace detail

TENURE_INLINE std::int64_t Exchange::convert(std::int64_t amount) const {
  if (amount == 0) return 0;
  const auto size = static_cast<std::uint64_t>(magnitude(amount));
  const auto whole = static_cast<uint128>(numerator) / static_cast<uint128>(denominator);
  const auto part = static_cast<uint128>(numerator) % static_cast<uint128>(denominator);
  const auto divisor = static_cast<uint128>(denominator);
  uint128 result = 0, rest = 0;
  bool fits = !__builtin_mul_overflow(whole, uint128{size}, &result);
  uint128 product = 0, share = 0;  // of size * part / divisor
  if (!__builtin_mul_overflow(part, uint128{size}, &product)) {
    share = product / divisor;
    rest = product % divisor;
  } else {  // bit by bit: divisor < 2^127, so that twice a remainder fits
    for (int shift = 63; shift >= 0; --shift) {
      share <<= 1;
      rest <<= 1;
      if (rest >= divisor) rest -= divisor, ++share;
      if (((size >> shift) & 1) == 0) continue;
      rest += part;
      if (rest >= divisor) rest -= divisor, ++share;
    }
  }
  fits = fits && !__builtin_add_overflow(result, share, &result);
  if (const uint128 missing = divisor - rest; rest > missing || (rest == missing && (result & 1) != 0))
    ++result;
  if (result == 0) result = 1;
  const std::uint64_t most = amount < 0 ? std::uint64_t{1} << 63 : INT64_MAX;
  if (!fits || result > most)
    throw_input({.code = "E_AMOUNT_RANGE",
                 .what = std::to_string(amount) + " millionths at a rate of " + std::to_string(value()) +
                         " do not fit 64 bits",
                 .value = std::to_string(amount),
                 .remedy = "Amounts go up to 9223372036854; check the rate and its direction."});
  const auto converted = static_cast<std::uint64_t>(result);
  return static_cast<std::int64_t>(amount < 0 ? 0 - converted : converted);
}

TENURE_INLINE Exchange FxRates::Quote::per_unit() const noexcept {
  std::int64_t unit_low = 1;  // 10^scale in two factors of at most 10^12
  std::int64_t unit_high = 1;
  for (int i = 0; i < scale; ++i) (i < detail::most_digits ? unit_low : unit_high) *= 10;
  const std::int64_t low = std::gcd(digits, unit_low);
  const std::int64_t high = std::gcd(digits / low, unit_high);
  const Exchange rate{digits / low / high, int128{unit_low / low} * (unit_high / high)};
  return quotation == Quotation::base_per_unit ? rate : detail::inverse(rate);
}

TENURE_INLINE FxRates::FxRates(Currency base, FxOptions options)
    : base_(detail::known_currency(base)), options_(options) {
  if (options.max_days_back < 0)
    throw_option({.code = "E_PARAM",
                  .what = "max_days_back " + std::to_string(options.max_days_back) + "; must be >= 0",
                  .value = std::to_string(options.max_days_back),
                  .remedy = "Give the number of days that a rate may be old; 7 bridges holidays."});
}

TENURE_INLINE const FxRates::Series* FxRates::find(Currency currency) const noexcept {
  const auto found = std::ranges::lower_bound(series_, currency.code(), {},
                                              [](const Series& series) { return series.currency.code(); });
  return found != series_.end() && found->currency == currency ? &*found : nullptr;
}

TENURE_INLINE void FxRates::add(Day day, Currency currency, std::string_view rate, Quotation quotation) {
  detail::RateParts parts;
  const std::string_view why = detail::parse_rate(rate, parts);
  add_parsed({parts.digits, day, static_cast<std::uint8_t>(parts.scale), quotation}, currency, rate, why);
}
TENURE_INLINE void FxRates::add(Day day, Currency currency, double rate, Quotation quotation) {
  detail::RateParts parts;
  const std::string_view why = detail::parse_rate(rate, parts);
  const Quote quote{parts.digits, day, static_cast<std::uint8_t>(parts.scale), quotation};
  add_parsed(quote, currency, detail::rate_text(rate), why);
}

TENURE_INLINE void FxRates::add_parsed(const Quote& quote, Currency currency, std::string_view text,
                                       std::string_view why) {
  if (!is_representable(quote.day)) to_date(quote.day);  // throws
  detail::known_currency(currency);
  const auto refuse = [&](std::string_view code, std::string_view reason, std::string_view remedy) {
    const bool per_base = quote.quotation == Quotation::units_per_base;
    const std::string pair = detail::pair_of(per_base ? base_ : currency, per_base ? currency : base_);
    throw_input(
        {.code = std::string(code),
         .what = pair + " rate " + printable(text) + " on " + format_day(quote.day) + std::string(reason),
         .value = printable(text),
         .remedy = std::string(remedy)});
  };
  if (!why.empty())
    refuse("E_FX_RATE", why,
           why == detail::rate_too_long
               ? "Round the rate; 12 digits are kept exactly."
               : "Mend the rate or leave the day out: the last earlier rate holds then.");
  if (currency == base_) {
    if (quote.digits != 1 || quote.scale != 0)
      refuse("E_FX_RATE", "; a currency is worth 1 of itself", "Leave the base out of the rates.");
    return;
  }
  const auto at = std::ranges::lower_bound(series_, currency.code(), {},
                                           [](const Series& series) { return series.currency.code(); });
  if (at == series_.end() || at->currency != currency) {
    series_.insert(at, Series{currency, {quote}});
    return;
  }
  std::vector<Quote>& quotes = at->quotes;
  if (quotes.back().day < quote.day) {
    quotes.push_back(quote);
    return;
  }
  const auto place = std::ranges::lower_bound(quotes, quote.day, {}, &Quote::day);
  if (place->day != quote.day)
    quotes.insert(place, quote);
  else if (place->per_unit() != quote.per_unit())
    refuse("E_FX_CONFLICT", "; that day has another rate already", "Keep one rate of a currency and day.");
}

TENURE_INLINE const FxRates::Quote& FxRates::last_quote(Currency currency, Day day) const {
  const auto refuse = [&](const std::string& why) {
    throw_input({.code = "E_FX_MISSING",
                 .what = "no " + detail::pair_of(base_, currency) + " rate on or before " + format_day(day) +
                         " (" + why + ")",
                 .value = format_day(day),
                 .remedy = "Add rates of " + std::string(currency.code()) +
                           " up to that day, or raise max_days_back."});
  };
  const Series* series = find(currency);
  if (series == nullptr) refuse("there are no rates of " + std::string(currency.code()));
  const auto after = std::ranges::upper_bound(series->quotes, day, {}, &Quote::day);
  if (after == series->quotes.begin()) refuse("the first one is of " + format_day(after->day));
  const Quote& last = *std::prev(after);
  if (const std::int64_t back = std::int64_t{day} - last.day; back > options_.max_days_back)
    refuse("the last one before is of " + format_day(last.day) + ", " + std::to_string(back) +
           (back == 1 ? " day" : " days") + "; the limit is " + std::to_string(options_.max_days_back));
  return last;
}

TENURE_INLINE Exchange FxRates::rate(Currency from, Currency to, Day day) const {
  if (!is_representable(day)) to_date(day);  // throws
  const detail::Settled source = detail::settle(detail::known_currency(from), day);
  const detail::Settled target = detail::settle(detail::known_currency(to), day);
  Exchange result = source.factor;
  bool fits = detail::multiply(result, detail::inverse(target.factor));
  if (source.currency != target.currency) {
    const detail::Settled base = detail::settle(base_, day);
    const auto in_base = [&](Currency currency) {
      return currency == base.currency ? detail::inverse(base.factor) : last_quote(currency, day).per_unit();
    };
    fits = fits && detail::multiply(result, in_base(source.currency)) &&
           detail::multiply(result, detail::inverse(in_base(target.currency)));
  }
  if (!fits)
    throw_input({.code = "E_FX_RATE",
                 .what = detail::pair_of(from, to) + " rate on " + format_day(day) +
                         "; has too many digits to be kept exactly",
                 .value = format_day(day),
                 .remedy = "Give the rates with fewer digits."});
  return result;
}

TENURE_INLINE std::vector<Currency> FxRates::currencies() const {
  std::vector<Currency> all{base_};
  for (const Series& series : series_) all.push_back(series.currency);
  std::ranges::sort(all, {}, [](const Currency& currency) { return currency.code(); });
  return all;
}

TENURE_INLINE bool FxRates::quotes(Currency currency) const noexcept { return find(currency) != nullptr; }

TENURE_INLINE Day FxRates::first_day() const noexcept {
  if (series_.empty()) return 0;
  Day first = max_day;
  for (const Series& series : series_) first = std::min(first, series.quotes.front().day);
  return first;
}
TENURE_INLINE Day FxRates::last_day() const noexcept {
  if (series_.empty()) return 0;
  Day last = min_day;
  for (const Series& series : series_) last = std::max(last, series.quotes.back().day);
  return last;
}

TENURE_INLINE std::int64_t FxRates::size() const noexcept {
  std::int64_t quotations = 0;
  for (const Series& series : series_) quotations += static_cast<std::int64_t>(series.quotes.size());
  return quotations;
}

TENURE_INLINE std::string FxRates::digest() const {
  std::string bytes = "fx " + std::string(base_.code()) + " " + std::to_string(options_.max_days_back);
  const auto append = [&bytes](auto value, int width) {
    for (int i = 0; i < width; ++i) bytes += static_cast<char>(static_cast<std::uint8_t>(value >> (8 * i)));
  };
  for (const Series& series : series_) {
    bytes += series.currency.code();
    append(series.quotes.size(), 8);
    for (const Quote& quote : series.quotes) {
      const Exchange rate = quote.per_unit();  // the same for 2 of them a unit and for 0.5 units of them
      append(quote.day, 4);
      append(rate.numerator, 16);
      append(rate.denominator, 16);
    }
  }
  return hexadecimal(tenure::digest(bytes.data(), bytes.size()).high);
}

}  // namespace tenure

#include "fx_ecb.ipp"
