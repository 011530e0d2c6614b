#include <algorithm>

#include "../currency.hpp"
#include "../error.hpp"

namespace tenure {

namespace detail {

struct CurrencyEntry {
  std::string_view code;
  std::int8_t exponent = 2;
  std::int16_t retired = 0;
};

/// ISO 4217 lists one and three (2026-01), sorted; funds codes and metals are left out on purpose, except CLF
/// and UYW.
inline constexpr CurrencyEntry currencies[] = {
    {"ADP", 0, 2002}, {"AED"},          {"AFN"},          {"ALL"},          {"AMD"},
    {"ANG", 2, 2025}, {"AOA"},          {"ARS"},          {"ATS", 2, 2002}, {"AUD"},
    {"AWG"},          {"AZN"},          {"BAM"},          {"BBD"},          {"BDT"},
    {"BEF", 2, 2002}, {"BGN", 2, 2026}, {"BHD", 3},       {"BIF", 0},       {"BMD"},
    {"BND"},          {"BOB"},          {"BRL"},          {"BSD"},          {"BTN"},
    {"BWP"},          {"BYN"},          {"BYR", 0, 2017}, {"BZD"},          {"CAD"},
    {"CDF"},          {"CHF"},          {"CLF", 4},       {"CLP", 0},       {"CNY"},
    {"COP"},          {"CRC"},          {"CUC", 2, 2021}, {"CUP"},          {"CVE"},
    {"CYP", 2, 2008}, {"CZK"},          {"DEM", 2, 2002}, {"DJF", 0},       {"DKK"},
    {"DOP"},          {"DZD"},          {"EEK", 2, 2011}, {"EGP"},          {"ERN"},
    {"ESP", 0, 2002}, {"ETB"},          {"EUR"},          {"FIM", 2, 2002}, {"FJD"},
    {"FKP"},          {"FRF", 2, 2002}, {"GBP"},          {"GEL"},          {"GHS"},
    {"GIP"},          {"GMD"},          {"GNF", 0},       {"GRD", 0, 2002}, {"GTQ"},
    {"GYD"},          {"HKD"},          {"HNL"},          {"HRK", 2, 2023}, {"HTG"},
    {"HUF"},          {"IDR"},          {"IEP", 2, 2002}, {"ILS"},          {"INR"},
    {"IQD", 3},       {"IRR"},          {"ISK", 0},       {"ITL", 0, 2002}, {"JMD"},
    {"JOD", 3},       {"JPY", 0},       {"KES"},          {"KGS"},          {"KHR"},
    {"KMF", 0},       {"KPW"},          {"KRW", 0},       {"KWD", 3},       {"KYD"},
    {"KZT"},          {"LAK"},          {"LBP"},          {"LKR"},          {"LRD"},
    {"LSL"},          {"LTL", 2, 2015}, {"LUF", 0, 2002}, {"LVL", 2, 2014}, {"LYD", 3},
    {"MAD"},          {"MDL"},          {"MGA"},          {"MKD"},          {"MMK"},
    {"MNT"},          {"MOP"},          {"MRO", 2, 2018}, {"MRU"},          {"MTL", 2, 2008},
    {"MUR"},          {"MVR"},          {"MWK"},          {"MXN"},          {"MYR"},
    {"MZN"},          {"NAD"},          {"NGN"},          {"NIO"},          {"NLG", 2, 2002},
    {"NOK"},          {"NPR"},          {"NZD"},          {"OMR", 3},       {"PAB"},
    {"PEN"},          {"PGK"},          {"PHP"},          {"PKR"},          {"PLN"},
    {"PTE", 0, 2002}, {"PYG", 0},       {"QAR"},          {"ROL", 0, 2005}, {"RON"},
    {"RSD"},          {"RUB"},          {"RWF", 0},       {"SAR"},          {"SBD"},
    {"SCR"},          {"SDG"},          {"SEK"},          {"SGD"},          {"SHP"},
    {"SIT", 2, 2007}, {"SKK", 2, 2009}, {"SLE"},          {"SLL", 2, 2024}, {"SOS"},
    {"SRD"},          {"SSP"},          {"STD", 2, 2018}, {"STN"},          {"SVC"},
    {"SYP"},          {"SZL"},          {"THB"},          {"TJS"},          {"TMT"},
    {"TND", 3},       {"TOP"},          {"TRL", 0, 2005}, {"TRY"},          {"TTD"},
    {"TWD"},          {"TZS"},          {"UAH"},          {"UGX", 0},       {"USD"},
    {"UYU"},          {"UYW", 4},       {"UZS"},          {"VED"},          {"VEF", 2, 2018},
    {"VES"},          {"VND", 0},       {"VUV", 0},       {"WST"},          {"XAF", 0},
    {"XCD"},          {"XCG"},          {"XOF", 0},       {"XPF", 0},       {"YER"},
    {"ZAR"},          {"ZMK", 2, 2013}, {"ZMW"},          {"ZWG"},          {"ZWL", 2, 2024}};

static_assert(std::ranges::is_sorted(currencies, {}, &CurrencyEntry::code));

}  // namespace detail

TENURE_INLINE Currency::Currency(std::string_view code) {
  const auto* found = std::ranges::lower_bound(detail::currencies, code, {}, &detail::CurrencyEntry::code);
  if (found == std::end(detail::currencies) || found->code != code)
    throw_input({.code = "E_CURRENCY_UNKNOWN",
                 .what = "'" + printable(code) + "' is not an ISO 4217 code",
                 .value = printable(code),
                 .remedy = "Use three capital letters, such as USD, EUR or JPY."});
  std::copy(code.begin(), code.end(), code_.begin());
  exponent_ = found->exponent;
  retired_ = found->retired;
}

}  // namespace tenure
