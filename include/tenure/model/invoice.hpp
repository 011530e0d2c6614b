#pragma once

#include <optional>
#include <vector>

#include "contract.hpp"

/// Invoice lines as the source of MRR, instead of contracts: what was billed for a service period.
namespace tenure {

enum class InvoiceLineKind : std::uint8_t {
  recurring,
  usage,
  one_time,
  credit,  ///< a credit note or the unused part of a price: a negative amount with a service period
  refund   ///< money given back: a negative amount
};
/// Throws OptionError E_ENUM with the nearest known name.
InvoiceLineKind parse_invoice_line_kind(std::string_view name);

/// The columns of one table of invoice lines; all of the same length. Borrowed for the length of one call.
struct InvoiceLines {
  Ids customer;
  Column<Day> service_start;
  Column<Day> service_end;  ///< first day after the service period (EndDate::inclusive: its last)
  Amounts amount;           ///< of the line, as billed, tax included; negative for credits and refunds
  Amounts tax = {};         ///< tax in the amount
  Amounts discount = {};    ///< what the line was discounted by; the amount is what is left
  std::span<const DiscountDuration> discount_duration = {};  ///< forever when there is none
  std::span<const InvoiceLineKind> kind = {};                ///< recurring when there is none
  std::span<const std::uint8_t> prorated = {};  ///< whether the line bills a part of its interval
  /// How often the price behind the line is billed. Without it the service period is the interval; for a
  /// prorated line, a month.
  std::optional<Interval> interval = {};
  std::span<const IntervalUnit> interval_unit = {};
  Column<std::int64_t> interval_count = {};
  Column<Day> paid_on = {};  ///< null: not paid. Without it every line counts as paid.
  Currency currency = {};
  std::optional<Codes> currency_codes = {};
  Ids subscription = {};
  std::optional<Codes> product = {};
  std::vector<Segment> segments = {};
  Knowledge knowledge = {};
  Column<Day> invoiced = {};   ///< as in Subscriptions
  Column<Day> purchased = {};  ///< as in Subscriptions
};

/// One line.
struct InvoiceLine {
  Day service_start = 0, service_end = 0;
  std::int64_t amount = 0, tax = 0, discount = 0;  ///< micro-units
  DiscountDuration discount_duration = DiscountDuration::forever;
  InvoiceLineKind kind = InvoiceLineKind::recurring;
  bool prorated = false;
  std::optional<Interval> interval = {};
  bool has_paid_on = false;
  std::optional<Day> paid_on = {};
};

/// Reads one line: (amount - tax) per interval, where a prorated line is scaled to a full interval or stands
/// as billed. Source: ChartMogul, dev.chartmogul.com/docs/how-mrr-is-calculated-from-prorated-invoices.
void read_invoice_line(const LoadingPolicy& policy, const InvoiceLine& line, int exponent, Worth& worth);

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/invoice.ipp"
#endif
