#include "fx_tables.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <numeric>
#include <optional>

#include "runs.hpp"
#include "tenure/core/error.hpp"

namespace tenure::python {

namespace {

constexpr std::int64_t most_scale = 38;  ///< of decimals with 128 bits

/// A column of rates: floating numbers, or the decimals that texts, whole numbers and decimals are. Null, NaN
/// and the texts of absent rates in the ECB's file are no rate.
class RateColumn {
 public:
  RateColumn(const InputColumn& given, const Poll& poll) {
    if (only_missing(given)) {
      numbers_.assign(static_cast<std::size_t>(given.size()), std::nan(""));
    } else {
      take(holds_texts(given.type) ? given : decoded(given, poll), poll);
    }
  }

  bool has(std::size_t row) const {
    if (!numbers_.empty()) return !std::isnan(numbers_[row]);
    if (coded_.codes[row] == null_code) return false;
    const std::string& text = text_at(row);
    return !text.empty() && text != "N/A";
  }
  void add_to(FxRates& rates, std::size_t row, Day day, Currency currency, Quotation quotation) const {
    if (!numbers_.empty())
      rates.add(day, currency, numbers_[row], quotation);
    else
      rates.add(day, currency, text_at(row), quotation);
  }

 private:
  void take(const InputColumn& column, const Poll& poll) {
    switch (column.type.kind) {
      case Kind::floating:
        return take_doubles(column.type.bits == 64 ? borrowed<double>(column)
                                                   : convert_each<double, float>(column, poll, widen));
      case Kind::decimal:
        if (column.type.scale > most_scale) throw_type(column, "decimals of at most 38 places");
        if (column.type.bits == 32) return take_decimals<std::int32_t>(column, poll);
        if (column.type.bits == 64) return take_decimals<std::int64_t>(column, poll);
        return take_decimals<int128>(column, poll);
      case Kind::text:
      case Kind::dictionary:
      case Kind::signed_integer:
      case Kind::unsigned_integer:
        coded_ = to_labels(column, poll);
        return;
      default:
        throw_type(column, "rates: floats, decimals, whole numbers or texts");
    }
  }

  const std::string& text_at(std::size_t row) const {
    return (*coded_.labels)[static_cast<std::size_t>(coded_.codes[row])];
  }

  void take_doubles(const Values<double>& values) {
    for (const Column<double>& run : values.runs)
      for (std::size_t i = 0; i < run.size(); ++i)
        numbers_.push_back(run.valid[i] ? run.values[i] : std::nan(""));
  }
  /// As the double that is written alike: 1.1F is meant to be 1.1, not 1.10000002384.
  static bool widen(float value, double& result, Fault&) {
    std::array<char, 32> text{};
    const char* end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
    std::from_chars(text.data(), end, result);
    return true;
  }
  template <class Integer>
  void take_decimals(const InputColumn& column, const Poll& poll) {
    const Values<Integer> values =
        convert_each<Integer, Integer>(column, poll, [](Integer value, Integer& result, Fault&) {
          result = value;
          return true;
        });
    Dictionary dictionary;
    for (const Column<Integer>& run : values.runs)
      for (std::size_t i = 0; i < run.size(); ++i)
        coded_.codes.push_back(run.valid[i] ? dictionary.encode(written(run.values[i], column.type.scale))
                                            : null_code);
    coded_.labels = std::make_shared<const std::vector<std::string>>(dictionary.labels());
  }
  static std::string written(int128 value, int scale) {
    std::string text = to_string(value < 0 ? -value : value);
    if (scale < 0) text.append(static_cast<std::size_t>(-scale), '0');
    if (scale > 0) {
      const auto decimals = static_cast<std::size_t>(scale);
      if (text.size() <= decimals) text.insert(0, decimals + 1 - text.size(), '0');
      text.insert(text.size() - decimals, ".");
    }
    return value < 0 ? "-" + text : text;
  }

  std::vector<double> numbers_;
  CodedColumn coded_;
};

/// The rows of a table by day, so that quotations are appended; rows without a day are faults.
struct DatedRows {
  std::vector<Day> days;
  std::vector<std::size_t> order;

  DatedRows(const InputColumn& column, const Poll& poll) {
    FaultList faults;
    const Values<Day> given = to_days(column, poll);
    for (const Column<Day>& run : given.runs)
      for (std::size_t i = 0; i < run.size(); ++i) {
        if (!run.valid[i])
          faults.add({.code = "E_DATE_NULL",
                      .what = "a rate without a day",
                      .column = column.name,
                      .row = static_cast<std::int64_t>(days.size()),
                      .remedy = "Fill the column or drop the rows."});
        days.push_back(run.values[i]);
      }
    faults.raise();
    order.resize(days.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto by_day = [this](std::size_t a, std::size_t b) { return days[a] < days[b]; };
    if (!std::is_sorted(order.begin(), order.end(), by_day))
      std::stable_sort(order.begin(), order.end(), by_day);
  }
};

/// A column of codes of currencies.
class CurrencyColumn {
 public:
  CurrencyColumn(const InputColumn& column, const Poll& poll)
      : name_(column.name), coded_(to_labels(column, poll)), known_(coded_.labels->size()) {}

  /// Throws InputError E_CURRENCY_UNKNOWN, E_CURRENCY_NULL.
  Currency at(std::size_t row) {
    const std::int32_t code = coded_.codes[row];
    if (code == null_code)
      throw_input({.code = "E_CURRENCY_NULL",
                   .what = "a rate without a currency",
                   .column = name_,
                   .remedy = "Fill the column or drop the rows."});
    auto& currency = known_[static_cast<std::size_t>(code)];
    if (!currency) {
      try {
        currency = Currency((*coded_.labels)[static_cast<std::size_t>(code)]);
      } catch (const InputError& error) {
        Fault fault = error.fault();
        fault.column = name_;
        throw_input(std::move(fault));
      }
    }
    return *currency;
  }

 private:
  std::string name_;
  CodedColumn coded_;
  std::vector<std::optional<Currency>> known_;
};

/// Calls add(row) for the rows by day; what it throws gets the row, and the column of rates if it has none.
template <class Add>
void add_rows(const DatedRows& rows, const std::string& column, FaultList& faults, const Poll& poll,
              Add&& add) {
  std::size_t done = 0;
  for (const std::size_t row : rows.order) {
    if ((++done & 0xFFF) == 0) poll();
    try {
      add(row);
    } catch (const InputError& error) {
      Fault fault = error.fault();
      fault.row = static_cast<std::int64_t>(row);
      if (fault.column.empty()) fault.column = column;
      faults.add(std::move(fault));
    }
  }
}

void add_quotation(FxRates& rates, const RateColumn& column, std::size_t row, Day day, Currency currency,
                   Quotation quotation) {
  if (column.has(row)) return column.add_to(rates, row, day, currency, quotation);
  const std::string base(rates.base().code()), other(currency.code());
  const std::string pair = quotation == Quotation::units_per_base ? base + "->" + other : other + "->" + base;
  throw_input({.code = "E_FX_RATE",
               .what = pair + " rate missing on " + format_day(day) + "; must be > 0 and finite",
               .remedy = "Drop rows without a rate: the last earlier rate holds on such days."});
}

}  // namespace

FxRates read_long(const FxTable& table, const std::string& currency, const std::string& rate,
                  Quotation quotation, const Poll& poll) {
  FxRates rates(Currency(table.base), {.max_days_back = table.max_days_back});
  const DatedRows rows(table.input.at(table.date), poll);
  CurrencyColumn currencies(table.input.at(currency), poll);
  const RateColumn column(table.input.at(rate), poll);
  FaultList faults;
  add_rows(rows, rate, faults, poll, [&](std::size_t row) {
    add_quotation(rates, column, row, rows.days[row], currencies.at(row), quotation);
  });
  faults.raise();
  return rates;
}

FxRates read_pairs(const FxTable& table, const std::string& from, const std::string& to,
                   const std::string& rate, const Poll& poll) {
  FxRates rates(Currency(table.base), {.max_days_back = table.max_days_back});
  const DatedRows rows(table.input.at(table.date), poll);
  CurrencyColumn sources(table.input.at(from), poll), targets(table.input.at(to), poll);
  const RateColumn column(table.input.at(rate), poll);
  FaultList faults;
  add_rows(rows, rate, faults, poll, [&](std::size_t row) {
    const Currency source = sources.at(row), target = targets.at(row);
    if (source != rates.base() && target != rates.base()) {
      const std::string pair = std::string(source.code()) + "->" + std::string(target.code());
      throw_input(
          {.code = "E_FX_BASE",
           .what = pair + ": neither is the base " + table.base,
           .column = from,
           .value = pair,
           .remedy = "Give each currency against one base; the rates between them follow from that."});
    }
    const bool per_base = source == rates.base();
    add_quotation(rates, column, row, rows.days[row], per_base ? target : source,
                  per_base ? Quotation::units_per_base : Quotation::base_per_unit);
  });
  faults.raise();
  return rates;
}

FxRates read_wide(const FxTable& table, const std::vector<std::string>& columns, bool named,
                  Quotation quotation, const Poll& poll) {
  FxRates rates(Currency(table.base), {.max_days_back = table.max_days_back});
  const DatedRows rows(table.input.at(table.date), poll);
  FaultList faults;
  for (const std::string& name : columns) {
    const InputColumn& input = table.input.at(name);
    Currency currency;
    try {
      currency = Currency(name);
    } catch (const InputError& error) {
      if (!named && only_missing(input)) continue;
      Fault fault = error.fault();
      fault.column = name;
      fault.remedy = "Name the columns that hold rates: currencies=[\"USD\", ...].";
      throw_input(std::move(fault));
    }
    const RateColumn column(input, poll);
    add_rows(rows, name, faults, poll, [&](std::size_t row) {
      if (column.has(row)) column.add_to(rates, row, rows.days[row], currency, quotation);
    });
  }
  faults.raise();
  return rates;
}

}  // namespace tenure::python
