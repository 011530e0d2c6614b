#include <algorithm>
#include <cstdint>
#include <string_view>

#include "../../core/date.hpp"

namespace tenure::detail {

/// From `first` on, one unit of `code` is `numerator` / `denominator` units of `successor`.
struct FixedConversion {
  std::string_view code, successor;
  Day first;
  std::int64_t numerator, denominator;
};

constexpr FixedConversion euro_member(std::string_view code, int year, std::int64_t per_euro,
                                      std::int64_t unit) noexcept {
  return {code, "EUR", days_from_civil(year, 1, 1), unit, per_euro};
}

/// Euro: Council Regulation (EC) No 2866/98, as amended when a member joined. The others are redenominations
/// by national law. Currencies that were replaced at a rate of the market (ZWL) are not here.
inline constexpr FixedConversion fixed_conversions[] = {
    {"ANG", "XCG", days_from_civil(2025, 3, 31), 1, 1},
    euro_member("ATS", 1999, 137603, 10'000),
    euro_member("BEF", 1999, 403399, 10'000),
    euro_member("BGN", 2026, 195583, 100'000),
    {"BYR", "BYN", days_from_civil(2016, 7, 1), 1, 10'000},
    euro_member("CYP", 2008, 585274, 1'000'000),
    euro_member("DEM", 1999, 195583, 100'000),
    euro_member("EEK", 2011, 156466, 10'000),
    euro_member("ESP", 1999, 166386, 1'000),
    euro_member("FIM", 1999, 594573, 100'000),
    euro_member("FRF", 1999, 655957, 100'000),
    euro_member("GRD", 2001, 340750, 1'000),
    euro_member("HRK", 2023, 753450, 100'000),
    euro_member("IEP", 1999, 787564, 1'000'000),
    euro_member("ITL", 1999, 193627, 100),
    euro_member("LTL", 2015, 345280, 100'000),
    euro_member("LUF", 1999, 403399, 10'000),
    euro_member("LVL", 2014, 702804, 1'000'000),
    {"MRO", "MRU", days_from_civil(2018, 1, 1), 1, 10},
    euro_member("MTL", 2008, 429300, 1'000'000),
    euro_member("NLG", 1999, 220371, 100'000),
    euro_member("PTE", 1999, 200482, 1'000),
    {"ROL", "RON", days_from_civil(2005, 7, 1), 1, 10'000},
    euro_member("SIT", 2007, 239640, 1'000),
    euro_member("SKK", 2009, 301260, 10'000),
    {"SLL", "SLE", days_from_civil(2022, 7, 1), 1, 1'000},
    {"STD", "STN", days_from_civil(2018, 1, 1), 1, 1'000},
    {"TRL", "TRY", days_from_civil(2005, 1, 1), 1, 1'000'000},
    {"VEF", "VES", days_from_civil(2018, 8, 20), 1, 100'000},
    {"ZMK", "ZMW", days_from_civil(2013, 1, 1), 1, 1'000}};

static_assert(std::ranges::is_sorted(fixed_conversions, {}, &FixedConversion::code));

}  // namespace tenure::detail
