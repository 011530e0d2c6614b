#pragma once

#include <Eigen/Core>
#include <array>
#include <cstdint>
#include <optional>

#include "../revenue/waterfall.hpp"

namespace tenure {

/// As what a line of an MRR bridge goes on: what is lost or added to what customers pay is a share of what
/// they pay; what comes from outside is an amount.
enum class CarriedAs : std::uint8_t {
  state,               ///< opening and closing follow from the rest
  amount,              ///< new, reactivation, resumed
  share_of_opening,    ///< expansion, contraction, churn, paused, fx, transfer_out
  share_of_transfers,  ///< transfer_in: of what all segments lost by transfer, so that transfers cancel
};
constexpr CarriedAs carried_as(Line line) noexcept {
  switch (line) {
    case Line::opening:
    case Line::closing:
      return CarriedAs::state;
    case Line::new_:
    case Line::reactivation:
    case Line::resumed:
      return CarriedAs::amount;
    case Line::transfer_in:
      return CarriedAs::share_of_transfers;
    default:
      return CarriedAs::share_of_opening;
  }
}

/// The rates of the movements in each period of a history, and their means: of amounts in annual micro-units,
/// of shares as fractions. The history begins where somebody paid at the opening, so that the first rows of
/// a book, which all are new, do not count as sales. A segment that had nothing at the opening of a period
/// says nothing of its shares then: the mean of its other periods stands in.
struct MovementRates {
  std::size_t first = 0;                               ///< first period of the bridge in use
  std::size_t count = 0;                               ///< periods in use; 0: nobody ever paid at an opening
  std::size_t segments = 1;                            ///< of the bridge
  std::array<Eigen::ArrayXXd, line_count> rates = {};  ///< by line: period in a row, segment in a column
  std::array<Eigen::ArrayXd, line_count> means = {};   ///< by line and segment: each period counts once

  const Eigen::ArrayXXd& of(Line line) const { return rates[static_cast<std::size_t>(line)]; }
  const Eigen::ArrayXd& mean(Line line) const { return means[static_cast<std::size_t>(line)]; }
};

/// Of the last `history` of the first `known` periods of a bridge (by default all have happened).
/// OptionError E_HISTORY unless history >= 1; InputError E_WINDOW if the bridge has fewer than `known`.
MovementRates movement_rates(const Waterfall& bridge, int history = 24,
                             std::optional<std::size_t> known = {});

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/movement_rates.ipp"
#endif
