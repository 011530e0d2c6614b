#include <cmath>
#include <limits>

#include "runs.hpp"
#include "tenure/core/error.hpp"

namespace tenure::python {

namespace {

/// Floors `value` / `per_day` to a day that fits; which days are dates is the book's business.
template <class From>
bool floor_to_day(From value, std::int64_t per_day, Day& day, Fault& fault) {
  const std::int64_t days = value / per_day - (value % per_day < 0 ? 1 : 0);
  if (std::in_range<Day>(days) && days != open_end) {
    day = static_cast<Day>(days);
    return true;
  }
  fault = {.code = "E_DATE_RANGE",
           .what = "day " + std::to_string(days) + " since 1970-01-01 is outside 1400-01-01..9999-12-31",
           .value = std::to_string(value),
           .remedy = "Check the unit of the column."};
  return false;
}

int digit_pair(const char* text) noexcept {
  const int tens = text[0] - '0', ones = text[1] - '0';
  return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1 : tens * 10 + ones;
}

/// "2024-02-29" without the price of an exception; all that is unusual goes through parse_day.
bool parse_iso(std::string_view text, Day& day, Fault& fault) {
  if (text.size() == 10 && text[4] == '-' && text[7] == '-') {
    const int century = digit_pair(text.data()), years = digit_pair(text.data() + 2);
    const int month = digit_pair(text.data() + 5), of_month = digit_pair(text.data() + 8);
    const int year = century * 100 + years;
    if (century >= 14 && years >= 0 && month >= 1 && month <= 12 && of_month >= 1 &&
        of_month <= days_in_month(year, month)) {
      day = days_from_civil(year, month, of_month);
      return true;
    }
  }
  try {
    day = parse_day(text);
    return true;
  } catch (const InputError& error) {
    fault = error.fault();
    if (fault.remedy.empty())
      fault.remedy = fault.code == "E_DATE_INVALID" ? "Mend the day."
                                                    : "Give a date in 1400-01-01..9999-12-31, or a null.";
    return false;
  }
}

}  // namespace

Values<Day> to_days(const InputColumn& given, const Poll& poll) {
  if (holds_texts(given.type)) return parse_each<Day>(given, poll, parse_iso);
  const InputColumn column = decoded(given, poll);
  if (given.type.kind == Kind::dictionary && column.type.kind == Kind::timestamp) throw_type(given, "dates");
  const std::int64_t per_day = column.type.per_day;
  const auto floored = [per_day](auto value, Day& day, Fault& fault) {
    return floor_to_day(value, per_day, day, fault);
  };
  switch (column.type.kind) {
    case Kind::null:
      return all_null<Day>(column.size());
    case Kind::day:
      return column.type.bits == 32 ? borrowed<Day>(column)
                                    : convert_each<Day, std::int64_t>(column, poll, floored);
    case Kind::timestamp:
      return convert_each<Day, std::int64_t>(column, poll, floored);
    case Kind::floating:
      if (only_missing(column)) return all_null<Day>(column.size());
      [[fallthrough]];
    case Kind::signed_integer:
    case Kind::unsigned_integer:
      throw_type(column, "dates: a number has no unit", "E_DATE_UNIT",
                 "Convert the column first, for example values.astype('datetime64[ms]').");
    default:
      throw_type(column, "dates");
  }
}

}  // namespace tenure::python
