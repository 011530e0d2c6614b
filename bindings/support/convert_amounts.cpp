#include <cmath>
#include <limits>

#include "runs.hpp"
#include "tenure/core/error.hpp"
#include "tenure/core/money.hpp"

namespace tenure::python {

namespace {

constexpr int micro_decimals = 6;

constexpr int128 power_of_ten(int exponent) noexcept {
  int128 power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

std::string format_decimal(int128 value, int scale) {
  std::string text = to_string(value < 0 ? -value : value);
  if (scale > 0) {
    if (text.size() <= static_cast<std::size_t>(scale))
      text.insert(0, static_cast<std::size_t>(scale) + 1 - text.size(), '0');
    text.insert(text.size() - static_cast<std::size_t>(scale), ".");
  }
  return value < 0 ? "-" + text : text;
}

bool scaled_to_micros(int128 value, int scale, Micros& result, Fault& fault) {
  int128 amount = 0;
  if (scale <= micro_decimals) {
    const int up = micro_decimals - scale;
    if (up > 38 || __builtin_mul_overflow(value, power_of_ten(up), &amount))
      amount = value == 0 ? 0 : int128{1} << 100;
  } else {
    const int128 unit = power_of_ten(scale - micro_decimals);
    amount = value / unit;
    if (value % unit != 0) {
      fault.code = "E_AMOUNT_SUBMINOR";
      fault.value = format_decimal(value, scale);
      fault.what = fault.value + " has more than 6 decimals";
      fault.remedy = "Round the amounts; money is kept in millionths.";
      return false;
    }
  }
  if (fits_int64(amount)) {
    result = {static_cast<std::int64_t>(amount)};
    return true;
  }
  fault.code = "E_AMOUNT_RANGE";
  fault.value = format_decimal(value, scale);
  fault.what = fault.value + " does not fit 64 bits of millionths";
  fault.remedy = "Amounts go up to 9223372036854.";
  return false;
}

std::string_view remedy_for(std::string_view text) {
  if (text.empty()) return "Give a null where there is no amount.";
  if (text.find(',') != std::string_view::npos)
    return "Remove thousands separators and write the decimals after a point.";
  if (text.front() == '(') return "Write -12.00 for what accounting writes as (12.00).";
  if (text.find_first_of("eE") != std::string_view::npos &&
      text.find_first_not_of("0123456789.+-eE") == std::string_view::npos)
    return "Exponent form is not accepted for money; write all digits.";
  if (text.find_first_of(" \t") != std::string_view::npos) return "Remove the blanks.";
  return "Remove currency symbols and letters; name the currency in a column of its own.";
}

/// -?digits[.digits]
bool parse_plain(std::string_view text, Micros& result, Fault& fault) {
  std::string_view rest = text;
  const bool negative = rest.starts_with('-');
  if (negative) rest.remove_prefix(1);
  int128 value = 0;
  int scale = -1;
  bool digits = false;
  for (const char c : rest) {
    if (c == '.' && digits && scale < 0) {
      scale = 0;
      digits = false;
    } else if (c >= '0' && c <= '9') {
      digits = true;
      if (scale >= 0) ++scale;
      if (value > power_of_ten(36) || scale > 30) {
        fault = {.code = "E_AMOUNT_RANGE",
                 .what = "'" + printable(text) + "' has too many digits",
                 .remedy = "Amounts go up to 9223372036854."};
        return false;
      }
      value = value * 10 + (c - '0');
    } else {
      digits = false;
      break;
    }
  }
  if (!digits) {
    fault = {.code = "E_AMOUNT_TEXT",
             .what = "'" + printable(text) + "' is not a plain decimal",
             .value = printable(text),
             .remedy = std::string(remedy_for(text))};
    return false;
  }
  return scaled_to_micros(negative ? -value : value, std::max(scale, 0), result, fault);
}

Values<double> without_nan(const Values<double>& values, std::int64_t rows) {
  Filled<double> filled(rows);
  std::int64_t row = 0;
  for (const Column<double>& run : values.runs)
    for (std::size_t i = 0; i < run.size(); ++i, ++row) {
      if (run.valid[i] && !std::isnan(run.values[i]))
        filled.set(row, run.values[i]);
      else
        filled.set_null(row);
    }
  return std::move(filled).finish();
}

template <class From>
Values<Micros> decimals(const InputColumn& column, const Poll& poll) {
  const int scale = column.type.scale;
  return convert_each<Micros, From>(column, poll, [scale](From value, Micros& result, Fault& fault) {
    return scaled_to_micros(value, scale, result, fault);
  });
}

}  // namespace

AmountColumn to_amounts(const InputColumn& given, const Poll& poll) {
  if (holds_texts(given.type)) return parse_each<Micros>(given, poll, parse_plain);
  const InputColumn column = decoded(given, poll);
  const bool is_signed = column.type.kind == Kind::signed_integer;
  switch (column.type.kind) {
    case Kind::null:
      return all_null<std::int64_t>(column.size());
    case Kind::signed_integer:
    case Kind::unsigned_integer: {
      if (is_signed && column.type.bits == 64) return borrowed<std::int64_t>(column);
      Values<std::int64_t> values;
      with_integers(column.type.bits, is_signed, {}, [&]<class From>(const From*) {
        values = convert_each<std::int64_t, From>(
            column, poll, [](From value, std::int64_t& result, Fault& fault) {
              result = static_cast<std::int64_t>(value);
              if (std::in_range<std::int64_t>(value)) return true;
              fault.code = "E_AMOUNT_RANGE";
              fault.value = std::to_string(value);
              fault.what = fault.value + " is above the largest int64";
              fault.remedy = "Give whole numbers up to 9223372036854775807.";
              return false;
            });
      });
      return values;
    }
    case Kind::floating: {
      if (column.type.bits == 64) return borrowed<double>(column);
      return convert_each<double, float>(column, poll, [](float value, double& result, Fault&) {
        result = value;
        return true;
      });
    }
    case Kind::decimal:
      if (column.type.scale > 38) throw_type(column, "amounts with at most 38 decimals", "E_AMOUNT_SUBMINOR");
      if (column.type.bits == 32) return decimals<std::int32_t>(column, poll);
      if (column.type.bits == 64) return decimals<std::int64_t>(column, poll);
      return decimals<int128>(column, poll);
    default:
      throw_type(column, "amounts: whole numbers, decimals, floats or texts");
  }
}

AmountColumn to_optional_amounts(const InputColumn& column, const Poll& poll) {
  AmountColumn amounts = to_amounts(column, poll);
  if (const auto* floating = std::get_if<Values<double>>(&amounts))
    amounts = without_nan(*floating, column.size());
  return amounts;
}

void refuse_subminor(const InputColumn& column, const AmountColumn& amounts, const CodedColumn* currencies,
                     Currency currency) {
  std::vector<Currency> by_code;
  if (currencies != nullptr)
    for (const std::string& label : *currencies->labels) by_code.emplace_back(label);
  FaultList faults;
  const auto check = [&](std::int64_t micros_of_row, std::int64_t row) {
    Currency in = currency;
    if (currencies != nullptr) {
      const std::int32_t code = currencies->codes[static_cast<std::size_t>(row)];
      if (code == null_code) return;
      in = by_code[static_cast<std::size_t>(code)];
    }
    if (micros_of_row % static_cast<std::int64_t>(power_of_ten(micro_decimals - in.exponent())) == 0) return;
    std::string shown = format_decimal(micros_of_row, micro_decimals);
    while (shown.ends_with('0')) shown.pop_back();
    const std::string name = in.set() ? std::string(in.code()) : "the currency";
    const std::string decimals_of = std::to_string(in.exponent());
    Fault fault{.code = "E_AMOUNT_SUBMINOR",
                .what = shown + " has more than the " + decimals_of + " decimals of " + name,
                .column = column.name,
                .row = row,
                .value = shown,
                .remedy = "Round the amounts, or pass subminor='allow'."};
    if (column.type.kind == Kind::decimal) {
      fault.code = "E_CURRENCY_EXPONENT";
      fault.what = name + " has " + decimals_of + " decimals, the column declares " +
                   std::to_string(column.type.scale) + " and uses them: " + shown;
    }
    faults.add(std::move(fault));
  };
  std::visit(
      [&]<class T>(const Values<T>& values) {
        if constexpr (std::is_same_v<T, std::int64_t>) return;  // whole major units
        std::int64_t row = 0;
        for (const Column<T>& run : values.runs) {
          for (std::size_t i = 0; i < run.size(); ++i, ++row) {
            if (!run.valid[i]) continue;
            if constexpr (std::is_same_v<T, Micros>) check(run.values[i].amount, row);
            if constexpr (std::is_same_v<T, double>)
              if (std::abs(run.values[i]) < 9e12) check(to_micros(run.values[i]), row);
          }
        }
      },
      amounts);
  faults.raise();
}

}  // namespace tenure::python
