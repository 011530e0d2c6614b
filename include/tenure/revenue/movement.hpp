#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "../core/money.hpp"
#include "../core/names.hpp"

/// What happened to a customer between two instants.
namespace tenure {

/// The lines of an MRR bridge, in the order in which it is read. opening and closing are states, the rest are
/// movements.
///
///   new           paid at no closing before, pays now (Netting::none: on no day before)
///   expansion     paid before and pays more
///   contraction   pays less, but pays
///   churn         paid and pays nothing
///   reactivation  paid at an earlier closing, paid nothing at the opening, pays again
///   paused        paid, and now has nothing but paused subscriptions (PauseMovement::own; else churn)
///   resumed       had nothing but paused subscriptions, pays again (PauseMovement::own; else reactivation)
///   fx            what exchange rates alone did to what a customer pays, up or down; never a movement
///   transfer_in/_out  between segments only: what one segment of a customer gained from another
///
/// Sources: ChartMogul help 201244842, Stripe billing glossary. Others fold reactivation into new (PostHog,
/// Lago): that is Reactivation::as_new. A second subscription of a customer is expansion (ChartMogul);
/// dbt_stripe and PostHog call it new: that is Grain::subscription.
enum class Line : std::uint8_t {
  opening,
  new_,
  expansion,
  contraction,
  churn,
  reactivation,
  paused,
  resumed,
  fx,
  transfer_in,
  transfer_out,
  closing
};
inline constexpr std::size_t line_count = 12;

inline constexpr std::array<Named<Line>, line_count> line_names{{{"opening", Line::opening},
                                                                 {"new", Line::new_},
                                                                 {"expansion", Line::expansion},
                                                                 {"contraction", Line::contraction},
                                                                 {"churn", Line::churn},
                                                                 {"reactivation", Line::reactivation},
                                                                 {"paused", Line::paused},
                                                                 {"resumed", Line::resumed},
                                                                 {"fx", Line::fx},
                                                                 {"transfer_in", Line::transfer_in},
                                                                 {"transfer_out", Line::transfer_out},
                                                                 {"closing", Line::closing}}};

constexpr std::string_view name_of(Line line) noexcept {
  return line_names[static_cast<std::size_t>(line)].name;
}
inline Line parse_line(std::string_view name) {
  return parse_named<Line>(line_names, name, "movement", "E_MOVEMENT");
}

/// +1 for lines that add to the closing, -1 for lines that take away; 0 for closing itself. Line::fx adds
/// what it is, which may be negative.
constexpr int sign_of(Line line) noexcept {
  switch (line) {
    case Line::contraction:
    case Line::churn:
    case Line::paused:
    case Line::transfer_out:
      return -1;
    case Line::closing:
      return 0;
    default:
      return 1;
  }
}

/// Whether a line moves customers, not only money.
constexpr bool moves_customers(Line line) noexcept {
  return line != Line::expansion && line != Line::contraction && line != Line::fx;
}

/// What a customer pays at an instant. `active` is what makes a customer: a rate above 0, or, under
/// FreeCustomers::active, any live subscription.
struct Level {
  std::int64_t annual = 0;
  bool active = false;
  bool paused = false;  ///< not active, but on pause; only under PauseMovement::own
  friend constexpr bool operator==(const Level&, const Level&) = default;
};

/// Classes one change. `ever` says whether the customer was active at an earlier moment, as the policy nets
/// them. Line::closing stands for no change.
constexpr Line classify(Level before, Level after, bool ever) noexcept {
  if (!before.active) {
    if (!after.active) return Line::closing;
    return before.paused ? Line::resumed : ever ? Line::reactivation : Line::new_;
  }
  if (!after.active) return after.paused ? Line::paused : Line::churn;
  if (after.annual > before.annual) return Line::expansion;
  return after.annual < before.annual ? Line::contraction : Line::closing;
}

}  // namespace tenure
