#include <array>

#include "../../core/names.hpp"
#include "../subscription.hpp"

namespace tenure {

namespace detail {

inline constexpr std::array<Named<IntervalUnit>, 7> interval_units{{{"day", IntervalUnit::day},
                                                                    {"week", IntervalUnit::week},
                                                                    {"four_week", IntervalUnit::four_week},
                                                                    {"month", IntervalUnit::month},
                                                                    {"quarter", IntervalUnit::quarter},
                                                                    {"half_year", IntervalUnit::half_year},
                                                                    {"year", IntervalUnit::year}}};
inline constexpr std::array<Named<SubscriptionStatus>, 6> statuses{
    {{"active", SubscriptionStatus::active},
     {"trial", SubscriptionStatus::trial},
     {"past_due", SubscriptionStatus::past_due},
     {"paused", SubscriptionStatus::paused},
     {"free", SubscriptionStatus::free},
     {"cancelled", SubscriptionStatus::cancelled}}};
inline constexpr std::array<Named<ChargeKind>, 3> charge_kinds{
    {{"recurring", ChargeKind::recurring}, {"usage", ChargeKind::usage}, {"one_time", ChargeKind::one_time}}};
inline constexpr std::array<Named<DiscountDuration>, 3> discount_durations{
    {{"forever", DiscountDuration::forever},
     {"repeating", DiscountDuration::repeating},
     {"once", DiscountDuration::once}}};

}  // namespace detail

TENURE_INLINE IntervalUnit parse_interval_unit(std::string_view name) {
  return parse_named<IntervalUnit>(detail::interval_units, name, "interval", "E_INTERVAL");
}
TENURE_INLINE std::string_view name_of(IntervalUnit unit) noexcept {
  return find_name<IntervalUnit>(detail::interval_units, unit);
}

TENURE_INLINE SubscriptionStatus parse_status(std::string_view name) {
  return parse_named<SubscriptionStatus>(detail::statuses, name, "status", "E_ENUM");
}
TENURE_INLINE std::string_view name_of(SubscriptionStatus status) noexcept {
  return find_name<SubscriptionStatus>(detail::statuses, status);
}
TENURE_INLINE ChargeKind parse_charge_kind(std::string_view name) {
  return parse_named<ChargeKind>(detail::charge_kinds, name, "kind", "E_ENUM");
}
TENURE_INLINE DiscountDuration parse_discount_duration(std::string_view name) {
  return parse_named<DiscountDuration>(detail::discount_durations, name, "discount_duration", "E_ENUM");
}
TENURE_INLINE std::string_view name_of(DiscountDuration duration) noexcept {
  return find_name<DiscountDuration>(detail::discount_durations, duration);
}

TENURE_INLINE bool Terms::any() const noexcept {
  return !status.empty() || !kind.empty() || !discounts.empty() || tax.size() > 0 ||
         renewal_amount.size() > 0 || invoiced_quantity.present() || cancel_requested.present() ||
         paid_through.present() || dunning_end.present() || first_payment.present() ||
         first_paid_invoice.present();
}

TENURE_INLINE std::size_t Ids::size() const noexcept {
  if (const auto* column = numbers()) return column->size();
  if (const auto* codes = texts()) return codes->size();
  return 0;
}

TENURE_INLINE std::size_t Amounts::size() const noexcept {
  return std::visit(
      []<class Column>(const Column& column) -> std::size_t {
        if constexpr (std::is_same_v<Column, std::monostate>)
          return 0;
        else
          return column.size();
      },
      amounts_);
}

}  // namespace tenure
