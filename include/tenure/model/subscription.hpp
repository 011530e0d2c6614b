#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "../core/column.hpp"
#include "../core/currency.hpp"
#include "../core/date.hpp"

/// Subscriptions as columns. A row says: this customer pays this price per interval from `start` until `end`.
namespace tenure {

enum class IntervalUnit : std::uint8_t { day, week, four_week, month, quarter, half_year, year };

/// Throws OptionError E_INTERVAL with the nearest known name.
IntervalUnit parse_interval_unit(std::string_view name);
std::string_view name_of(IntervalUnit unit) noexcept;

/// How often a price is paid: every `count` units.
struct Interval {
  IntervalUnit unit = IntervalUnit::month;
  std::int32_t count = 1;
  friend bool operator==(const Interval&, const Interval&) = default;
};

/// Ids of customers or subscriptions: any int64, or texts.
class Ids {
 public:
  Ids() = default;
  Ids(std::span<const std::int64_t> numbers, Validity valid = {})
      : ids_(Column<std::int64_t>(numbers, valid)) {}
  Ids(const std::vector<std::int64_t>& numbers) : ids_(Column<std::int64_t>(numbers)) {}
  Ids(Codes texts) : ids_(texts) {}
  Ids(const TextColumn& texts) : ids_(static_cast<Codes>(texts)) {}

  const Column<std::int64_t>* numbers() const noexcept { return std::get_if<Column<std::int64_t>>(&ids_); }
  const Codes* texts() const noexcept { return std::get_if<Codes>(&ids_); }
  bool present() const noexcept { return ids_.index() != 0; }
  std::size_t size() const noexcept;

 private:
  std::variant<std::monostate, Column<std::int64_t>, Codes> ids_;
};

/// An amount already in micro-units (10^-6 of the major unit).
struct Micros {
  std::int64_t amount;
};

/// Prices: whole major units, floating major units (rounded to micro-units at the door), or micro-units.
class Amounts {
 public:
  Amounts() = default;
  Amounts(Column<std::int64_t> whole) : amounts_(whole) {}
  Amounts(const std::vector<std::int64_t>& whole) : amounts_(Column<std::int64_t>(whole)) {}
  Amounts(Column<double> floating) : amounts_(floating) {}
  Amounts(const std::vector<double>& floating) : amounts_(Column<double>(floating)) {}
  Amounts(Column<Micros> micro_units) : amounts_(micro_units) {}
  Amounts(const std::vector<Micros>& micro_units) : amounts_(Column<Micros>(micro_units)) {}

  const auto& any() const noexcept { return amounts_; }
  std::size_t size() const noexcept;

 private:
  std::variant<std::monostate, Column<std::int64_t>, Column<double>, Column<Micros>> amounts_;
};

/// A column by which results can be cut (plan, region). Null rows land in the segment "(none)".
struct Segment {
  std::string name;
  Codes codes;
};

/// How the caller names its columns, so that messages speak the caller's language.
struct ColumnNames {
  std::string customer = "customer", start = "start", end = "end", amount = "amount", interval = "interval",
              interval_count = "interval_count", quantity = "quantity", currency = "currency",
              subscription = "subscription", product = "product";
};

/// The columns of one table; all of the same length. Borrowed for the length of one call.
struct Subscriptions {
  Ids customer;
  Column<Day> start;
  Column<Day> end = {};  ///< the first day no longer paid for; null or no column: open
  Amounts amount;        ///< price per interval and unit of quantity, without tax
  Interval interval = {};
  std::span<const IntervalUnit> interval_unit = {};  ///< per row, instead of interval.unit
  Column<std::int64_t> interval_count = {};          ///< per row, instead of interval.count
  Column<std::int64_t> quantity = {};                ///< seats; 1 when there is no column
  Currency currency = {};                            ///< of all rows
  std::optional<Codes> currency_codes = {};          ///< per row, instead of currency
  Ids subscription = {};
  std::optional<Codes> product = {};
  std::vector<Segment> segments = {};
};

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/subscription.ipp"
#endif
