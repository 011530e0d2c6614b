#include <array>
#include <tuple>

#include "../../core/detail/utf8.hpp"
#include "../../core/names.hpp"
#include "../detail/amount_at.hpp"
#include "../event.hpp"

namespace tenure {

namespace detail {

inline constexpr std::array<Named<EventKind>, 11> event_kinds{
    {{"start", EventKind::start},
     {"payment_recovered", EventKind::payment_recovered},
     {"resume", EventKind::resume},
     {"change", EventKind::change},
     {"quantity", EventKind::quantity},
     {"discount", EventKind::discount},
     {"pause", EventKind::pause},
     {"payment_failed", EventKind::payment_failed},
     {"cancel_request", EventKind::cancel_request},
     {"end", EventKind::end},
     {"retracted", EventKind::retracted}}};

/// Names what is wrong with one event.
class EventCheck {
 public:
  EventCheck(const Event& event, std::optional<std::int64_t> row) : event_(event), row_(row) {}

  void run() const {
    id(event_.id, "id");
    if (event_.version < 1)
      refuse("E_VERSION_RANGE", "version", "version " + std::to_string(event_.version) + " is below 1",
             std::to_string(event_.version),
             "The first version of an event is 1; each correction has a higher one.");
    day(event_.recorded, "recorded");
    if (event_.kind == EventKind::retracted) return;
    id(event_.customer, "customer");
    id(event_.subscription, "subscription");
    day(event_.at, "at");
    day(event_.ends, "ends");
    day(event_.paid_through, "paid_through");
    if (event_.ends && *event_.ends < event_.at)
      refuse("E_PERIOD_REVERSED", "ends",
             "ends " + format_day(*event_.ends) + " lies before " + format_day(event_.at),
             format_day(*event_.ends), "Give the day from which nothing is paid any more, or leave it out.");
    payload();
  }

 private:
  void payload() const {
    const bool start = event_.kind == EventKind::start, change = event_.kind == EventKind::change;
    if (start && !event_.price)
      refuse("E_AMOUNT_NULL", "price", "a start without a price", "null",
             "Give the price, 0 if there is none.");
    if (event_.kind == EventKind::quantity && !event_.quantity)
      refuse("E_QUANTITY_RANGE", "quantity", "missing quantity", "null",
             "Give the number of units that are paid for.");
    if (event_.kind == EventKind::discount && !event_.discount)
      refuse("E_DISCOUNT_RANGE", "discount", "missing discount", "null",
             "Give a percentage or an amount; 0 takes the discount off.");
    if (change && !event_.price && !event_.interval && !event_.quantity && !event_.product &&
        !event_.discount)
      refuse("E_EVENT_EMPTY", "kind", "a change of nothing", "change",
             "Give what changes: price, interval, quantity, product or discount.");
    if (event_.price && *event_.price < 0)
      refuse("E_AMOUNT_NEGATIVE", "price", "negative recurring amount " + show_micros(*event_.price),
             show_micros(*event_.price), "Subtract credits from the price they belong to.");
    if (event_.interval && event_.interval->count < 1)
      refuse("E_INTERVAL_COUNT", "interval_count", "the interval count is not above 0",
             std::to_string(event_.interval->count), "Give a whole number of intervals, 1 or more.");
    constexpr std::int64_t most = 1'000'000'000;  // as for rows
    if (event_.quantity && (*event_.quantity < 0 || *event_.quantity > most))
      refuse("E_QUANTITY_RANGE", "quantity",
             "quantity " + std::to_string(*event_.quantity) + "; must be 0 to 1000000000",
             std::to_string(*event_.quantity), "Give the number of units that are paid for.");
    if (event_.product && !is_utf8(*event_.product))
      refuse("E_KEY_UTF8", "product", "'" + printable(*event_.product) + "' is not text in UTF-8",
             printable(*event_.product), "Decode it with the encoding it was written in.");
    if (event_.discount) check(*event_.discount);
  }

  void check(const Discount& discount) const {
    if (discount.percent_micros < 0 || discount.percent_micros > 100 * micros)
      refuse("E_DISCOUNT_RANGE", "discount_percent", "discount " + show_micros(discount.percent_micros) + "%",
             show_micros(discount.percent_micros),
             "Give the percentage that is taken off, 0 to 100: 50 is half off.");
    if (discount.amount_micros < 0)
      refuse("E_DISCOUNT_RANGE", "discount_amount", "discount " + show_micros(discount.amount_micros),
             show_micros(discount.amount_micros),
             "Give what is taken off the price of one interval: 0 or more.");
    if (discount.until != open_end) day(discount.until, "discount_until");
  }

  void id(const Id& id, const char* column) const {
    const auto* text = std::get_if<std::string>(&id);
    if (text == nullptr) return;
    if (text->empty())
      refuse("E_KEY_EMPTY", column, std::string("empty ") + column + " id", "", "Give every event its ids.");
    if (!is_utf8(*text))
      refuse("E_KEY_UTF8", column, "'" + printable(*text) + "' is not text in UTF-8", printable(*text),
             "Decode it with the encoding it was written in.");
  }
  void day(std::optional<Day> day, const char* column) const {
    if (day && !is_representable(*day))
      refuse("E_DATE_RANGE", column, "day " + std::to_string(*day) + " is outside 1400-01-01..9999-12-31",
             std::to_string(*day), "Dates run from 1400-01-01 to 9999-12-31.");
  }
  [[noreturn]] void refuse(const char* code, const char* column, std::string what, std::string value,
                           const char* remedy) const {
    throw_input({.code = code,
                 .what = std::move(what),
                 .column = column,
                 .row = row_,
                 .value = std::move(value),
                 .remedy = remedy});
  }

  const Event& event_;
  std::optional<std::int64_t> row_;
};

}  // namespace detail

TENURE_INLINE EventKind parse_event_kind(std::string_view name) {
  return parse_named<EventKind>(detail::event_kinds, name, "kind", "E_ENUM");
}
TENURE_INLINE std::string_view name_of(EventKind kind) noexcept {
  return find_name<EventKind>(detail::event_kinds, kind);
}

TENURE_INLINE bool operator==(const Event& a, const Event& b) noexcept {
  const auto discount = [](const Event& event) {
    const Discount none{.percent_micros = -1};
    const Discount& one = event.discount ? *event.discount : none;
    return std::tuple(one.percent_micros, one.amount_micros, one.duration, one.until);
  };
  const auto rest = [](const Event& e) {
    return std::tie(e.id, e.version, e.customer, e.subscription, e.kind, e.at, e.recorded, e.sequence,
                    e.price, e.interval, e.quantity, e.product, e.ends, e.paid_through, e.currency);
  };
  return rest(a) == rest(b) && discount(a) == discount(b);
}

TENURE_INLINE void check_event(const Event& event, std::optional<std::int64_t> row) {
  detail::EventCheck(event, row).run();
}

}  // namespace tenure
