#pragma once

#include <cmath>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "../crps.hpp"
#include "score_rows.hpp"

/// What ensembles are checked for.
namespace tenure::detail {

inline void require_members(std::size_t members, bool fair, std::optional<std::int64_t> row = {}) {
  if (members >= (fair ? 2U : 1U)) return;
  throw_option({.code = "E_MEMBERS",
                .what = members == 0 ? "a forecast without members" : "a fair score of one member",
                .row = row,
                .remedy = members == 0 ? "Give one member or more." : "Give two members, or fair = false."});
}

/// The first fault among the members of a forecast that has one.
inline void refuse_forecast(std::span<const double> actual, const Ensembles& forecasts) {
  FaultList faults;
  for (std::size_t k = 0; k < forecasts.members.size(); ++k) {
    const std::string name = k < forecasts.member_names.size() ? forecasts.member_names[k] : forecasts.name;
    for (std::size_t i = 0; i < forecasts.forecasts; ++i) {
      const double value = forecasts.members[k][static_cast<std::ptrdiff_t>(i) * forecasts.stride];
      if (auto fault = no_number(name, std::span(&value, 1), 0)) {
        fault->row = static_cast<std::int64_t>(i);
        faults.add(std::move(*fault));
      } else if (!std::isfinite(value - actual[i])) {
        faults.add({.code = "E_AMOUNT_RANGE",
                    .what = "lies too far from the actual for a number",
                    .column = name,
                    .row = static_cast<std::int64_t>(i),
                    .value = number_text(value),
                    .remedy = "Use a larger unit."});
      }
    }
  }
  faults.raise();
}

}  // namespace tenure::detail
