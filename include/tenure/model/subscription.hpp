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

/// In which phase of its life a subscription is.
enum class SubscriptionStatus : std::uint8_t { active, trial, past_due, paused, free, cancelled };
/// Throws OptionError E_ENUM with the nearest known name.
SubscriptionStatus parse_status(std::string_view name);
std::string_view name_of(SubscriptionStatus status) noexcept;

enum class ChargeKind : std::uint8_t { recurring, usage, one_time };
ChargeKind parse_charge_kind(std::string_view name);

enum class DiscountDuration : std::uint8_t {
  forever,
  repeating,  ///< until a day
  once        ///< for the first interval
};
DiscountDuration parse_discount_duration(std::string_view name);
std::string_view name_of(DiscountDuration duration) noexcept;

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

/// An id as the caller gave it.
using Id = std::variant<std::int64_t, std::string>;

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

/// The columns of one discount per row; several of them stack. A row without one has neither percentage nor
/// amount.
struct DiscountColumns {
  Amounts percent = {};                             ///< 50 is half off
  Amounts amount = {};                              ///< off the price of an interval, all seats together
  std::span<const DiscountDuration> duration = {};  ///< none: repeating with an end, else forever
  Column<Day> until = {};                           ///< first day on which it no longer applies; null: open
  /// As messages show them.
  std::string percent_name = "discount_percent", amount_name = "discount_amount",
              until_name = "discount_until";
};

/// What a row can say beside its price and dates; a loading policy decides what becomes of it.
struct Terms {
  std::span<const SubscriptionStatus> status = {};
  std::span<const ChargeKind> kind = {};
  std::vector<DiscountColumns> discounts = {};
  Amounts tax = {};             ///< tax in the price of an interval and unit of quantity
  Amounts renewal_amount = {};  ///< price per interval from the next renewal on, as far as it is known
  Column<std::int64_t> invoiced_quantity = {};
  Column<Day> cancel_requested = {};    ///< when the customer asked to leave: on every phase it ends
  Column<Day> paid_through = {};        ///< first day after the period that was paid for
  Column<Day> dunning_end = {};         ///< when collection was given up
  Column<Day> first_payment = {};       ///< null: nothing was paid yet
  Column<Day> first_paid_invoice = {};  ///< null: no invoice was paid yet

  bool any() const noexcept;
};

/// Since when a row was known, and until when: what happened is one thing, what anybody knew of it another. A
/// row is known on a day if it was recorded on or before it and not superseded until after it.
struct Knowledge {
  Column<Day> recorded = {};    ///< null: always known
  Column<Day> superseded = {};  ///< first day on which the row no longer stood; null: it still stands
  /// Versions of one row share its id; each is superseded when the next is recorded. A row that is deleted
  /// has a last version with `superseded`.
  Ids id = {};
  Column<std::int64_t> version = {};  ///< without it versions follow each other as they were recorded

  bool any() const noexcept {
    return recorded.present() || superseded.present() || id.present() || version.present();
  }
};

/// How the caller names its columns, so that messages speak the caller's language.
struct ColumnNames {
  std::string customer = "customer", start = "start", end = "end", amount = "amount", interval = "interval",
              interval_count = "interval_count", quantity = "quantity", currency = "currency",
              subscription = "subscription", product = "product", status = "status", tax = "tax",
              renewal_amount = "renewal_amount", invoiced_quantity = "invoiced_quantity",
              cancel_requested = "cancel_requested", paid_through = "paid_through",
              dunning_end = "dunning_end", recorded = "recorded", superseded = "superseded", id = "id",
              version = "version", invoiced = "invoiced", purchased = "purchased",
              first_payment = "first_payment", first_paid_invoice = "first_paid_invoice", paid_on = "paid_on",
              discount = "discount";  ///< of invoice lines
};

/// The columns of one table; all of the same length. Borrowed for the length of one call.
struct Subscriptions {
  Ids customer;
  Column<Day> start;
  Column<Day> end = {};  ///< the first day no longer paid for; null or no column: open
  Amounts amount;        ///< price per interval and unit of quantity, see Terms::tax
  Interval interval = {};
  std::span<const IntervalUnit> interval_unit = {};  ///< per row, instead of interval.unit
  Column<std::int64_t> interval_count = {};          ///< per row, instead of interval.count
  Column<std::int64_t> quantity = {};                ///< seats; 1 when there is no column
  Currency currency = {};                            ///< of all rows
  std::optional<Codes> currency_codes = {};          ///< per row, instead of currency
  Ids subscription = {};
  std::optional<Codes> product = {};
  std::vector<Segment> segments = {};
  Terms terms = {};
  Knowledge knowledge = {};
  Column<Day> invoiced = {};  ///< when the row was invoiced: FxRateAt::invoice_date
  Column<Day> purchased =
      {};  ///< when it was bought: FxRateAt::purchase_date; null: when its subscription began
};

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/subscription.ipp"
#endif
