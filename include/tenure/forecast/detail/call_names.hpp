#pragma once

#include <array>
#include <cctype>
#include <optional>
#include <string>
#include <string_view>

#include "../../core/names.hpp"
#include "../../core/period.hpp"
#include "../calls.hpp"

/// Names of categories, outcomes and periods, as sales tools and people write them.
namespace tenure::detail {

inline constexpr std::array<Named<CallCategory>, call_categories> call_category_names{
    {{"closed", CallCategory::closed},
     {"commit", CallCategory::commit},
     {"most_likely", CallCategory::most_likely},
     {"best_case", CallCategory::best_case},
     {"pipeline", CallCategory::pipeline},
     {"omitted", CallCategory::omitted},
     {"weighted", CallCategory::weighted}}};

inline constexpr std::array<Named<DealState>, 3> deal_state_names{
    {{"open", DealState::open}, {"won", DealState::won}, {"lost", DealState::lost}}};

/// In small letters, with "_" for what parts words, and without the "closed" of "Closed Won".
inline std::string as_written_here(std::string_view name) {
  std::string text;
  for (const char letter : name)
    text += letter == ' ' || letter == '-'
                ? '_'
                : static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  if (text == "closed_won" || text == "closed_lost") text.erase(0, 7);
  return text;
}

template <class Enum>
std::optional<Enum> find_spelled(std::span<const Named<Enum>> known, std::string_view name) {
  const std::string wanted = as_written_here(name);
  for (const Named<Enum>& entry : known)
    if (entry.name == wanted) return entry.value;
  return std::nullopt;
}

inline std::string name_of_period(const Calendar& calendar, Day begin) {
  const std::string day = format_day(begin);
  const std::string year = day.substr(0, 4);
  const bool civil = calendar.fiscal_start == 1;
  switch (calendar.unit) {
    case PeriodUnit::month:
      return day.substr(0, 7);
    case PeriodUnit::quarter:
      return civil ? year + "-Q" + std::to_string((civil_from_days(begin).month + 2) / 3)
                   : "the quarter from " + day;
    case PeriodUnit::half_year:
      return civil ? year + "-H" + std::to_string((civil_from_days(begin).month + 5) / 6)
                   : "the half-year from " + day;
    case PeriodUnit::year:
      return civil ? year : "the year from " + day;
    case PeriodUnit::week:
      return "the week from " + day;
    case PeriodUnit::day:
      break;
  }
  return day;
}

}  // namespace tenure::detail
