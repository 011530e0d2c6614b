#pragma once

#include <cstdint>

#include "../core/date.hpp"

/// How a customer's timeline is read. Values and vendors: docs/policies.md.
namespace tenure {

enum class Grain : std::uint8_t {
  customer,      ///< a second subscription of a customer is expansion, the last one to go is churn
  subscription,  ///< each subscription is new and churns by itself
  item           ///< each product of each subscription is new and churns by itself
};
enum class Netting : std::uint8_t {
  period,           ///< one movement per period: closing against opening
  none,             ///< every change is a movement on its day (gross); changes of one day are one change
  drop_short_stays  ///< like none, but who comes and goes within one period was never there
};
/// How a change of product shows, for a customer who stays. Without products there is nothing to switch; in
/// books with credit lines, which cut prices to pieces, all values are `difference`.
enum class PlanSwitch : std::uint8_t {
  difference,    ///< what is left over: expansion or contraction
  legs,          ///< the new leg is expansion, the old leg is contraction
  transfer,      ///< legs that cancel out are transfers, what is left over is expansion or contraction
  new_and_churn  ///< the new leg is new, the old leg is churn
};
enum class AsOf : std::uint8_t {
  period_end,   ///< closing is the state after every event before the end of the period
  period_start  ///< the value of a period is the state on its first day
};
enum class Reactivation : std::uint8_t {
  own,               ///< a customer who comes back is `reactivation`
  as_new,            ///< ... is counted as `new`
  within_days,       ///< ... is `reactivation` within reactivation_days after leaving, else `new`
  netted_from_churn  ///< ... lowers `churn`, which may then be negative
};
enum class FreeCustomers : std::uint8_t {
  churned,  ///< who pays nothing is not a customer: paid -> free is churn
  active    ///< who has a subscription at 0 stays a customer: paid -> free is contraction
};
enum class PauseMovement : std::uint8_t {
  churn,  ///< a pause of all that a customer has is churn, its end reactivation
  own     ///< they are `paused` and `resumed`
};
/// Over which days a churn rate looks.
enum class Window : std::uint8_t {
  calendar,  ///< the period itself
  rolling,   ///< the window_days before the end of the period
  daily_sum  ///< every day of the period by itself; the rates of the days are added
};
enum class ChurnDenominator : std::uint8_t {
  opening,           ///< customers, or MRR, at the start of the window
  opening_plus_new,  ///< ... and those who joined in it
  up_for_renewal     ///< customers at the start of the window one of whose rows renews or ends in it
};
enum class ChurnNumerator : std::uint8_t {
  opening_customers,  ///< who was there at the start of the window
  with_joiners,       ///< ... and who joined and left in it
  minus_reactivation  ///< who left, minus who came back; may be negative
};
/// Where what exchange rates do to a bridge shows.
enum class FxMovement : std::uint8_t {
  own_line,     ///< fx; movements are at the rates of their period
  constant,     ///< fx; movements are at the rates of one day, fx_movement_day, in all periods
  in_movements  ///< in expansion and contraction: a rate makes customers grow and shrink
};
enum class TotalRounding : std::uint8_t {
  exact,
  minor  ///< totals and movements to the minor unit, so that each bridge still closes
};
enum class Weekday : std::uint8_t { monday, tuesday, wednesday, thursday, friday, saturday, sunday };

struct ReportingPolicy {
  Grain grain = Grain::customer;
  Netting netting = Netting::period;
  PlanSwitch plan_switch = PlanSwitch::difference;
  AsOf as_of = AsOf::period_end;
  Reactivation reactivation = Reactivation::own;
  std::int32_t reactivation_days = 0;  ///< under Reactivation::within_days
  FreeCustomers free_customers = FreeCustomers::churned;
  PauseMovement pause_movement = PauseMovement::churn;
  /// A customer who returns within so many days never left: the last level is carried over the gap. 0: every
  /// gap counts.
  std::int32_t gap_days = 0;
  /// The same for a gap that does not contain so many whole calendar months. 0: no tolerance.
  std::int32_t gap_months = 0;
  Window window = Window::calendar;
  std::int32_t window_days = 0;  ///< under Window::rolling
  ChurnDenominator churn_denominator = ChurnDenominator::opening;
  ChurnNumerator churn_numerator = ChurnNumerator::opening_customers;
  FxMovement fx_movement = FxMovement::own_line;
  Day fx_movement_day = 0;  ///< under FxMovement::constant
  TotalRounding total_rounding = TotalRounding::exact;
  Weekday week_start = Weekday::monday;
  friend bool operator==(const ReportingPolicy&, const ReportingPolicy&) = default;
};

}  // namespace tenure
