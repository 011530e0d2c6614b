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

}  // namespace detail

TENURE_INLINE IntervalUnit parse_interval_unit(std::string_view name) {
  return parse_named<IntervalUnit>(detail::interval_units, name, "interval", "E_INTERVAL");
}
TENURE_INLINE std::string_view name_of(IntervalUnit unit) noexcept {
  return find_name<IntervalUnit>(detail::interval_units, unit);
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
