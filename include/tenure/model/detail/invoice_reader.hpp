#pragma once

#include <memory>
#include <string>
#include <vector>

#include "../invoice.hpp"
#include "amount_at.hpp"
#include "exponents.hpp"
#include "read_rows.hpp"

namespace tenure::detail {

/// The door for invoice lines: checks every value, then read_invoice_line says what the line comes to.
class InvoiceReader {
 public:
  /// `customer_code` maps the text codes of this table to those of the book; null for numeric ids.
  InvoiceReader(const InvoiceLines& table, const LoadingPolicy& policy, const ColumnNames& names,
                std::shared_ptr<const std::vector<std::int64_t>> customer_code, bool drop_reversed,
                Exponents exponents, std::int64_t first_row)
      : table_(table),
        policy_(policy),
        names_(names),
        customer_code_(std::move(customer_code)),
        drop_reversed_(drop_reversed),
        exponents_(std::move(exponents)),
        first_row_(first_row) {}

  /// Reads lines [first, first + count).
  ReadRows read(std::size_t first, std::size_t count) const {
    ReadRows all;
    Worth worth;
    for (std::size_t row = first; row < first + count; ++row) {
      const std::int64_t at = first_row_ + static_cast<std::int64_t>(row);
      FaultAt fault(all.faults, at);
      if (drop_reversed_ && is_reversed(row)) {
        all.dropped.push_back(at);
        all.phases.push_back({open_end, open_end});
        all.paused.push_back(0);
        all.intervals.push_back({});
        all.in_play.push_back(0);
        continue;
      }
      check(row, fault);
      if (fault.any() || !all.faults.empty()) continue;
      const InvoiceLine line = line_at(row);
      read_invoice_line(policy_, line, exponents_(row), worth);
      if (!worth.fits) {
        fault("E_AMOUNT_RANGE", names_.amount, "the line comes to more than 64 bits of micro-units a year",
              show_micros(line.amount),
              "Amounts are in major units: check that they are not already in micro-units.");
        continue;
      }
      note_line(line, all);
      all.put(key_at(row), static_cast<std::uint32_t>(at), line.service_start, worth);
    }
    return all;
  }

 private:
  /// Lines of a service period need one; usage and one-time charges may be of a day.
  bool needs_period(std::size_t row) const noexcept {
    const InvoiceLineKind kind = kind_at(row);
    return kind == InvoiceLineKind::recurring || kind == InvoiceLineKind::credit ||
           (kind == InvoiceLineKind::usage && policy_.usage != Usage::excluded) ||
           (kind == InvoiceLineKind::one_time && policy_.one_time != OneTime::excluded) ||
           (kind == InvoiceLineKind::refund && policy_.refund == Refund::lowers_mrr);
  }
  InvoiceLineKind kind_at(std::size_t row) const noexcept {
    return table_.kind.empty() ? InvoiceLineKind::recurring : table_.kind[row];
  }
  std::int64_t key_at(std::size_t row) const noexcept {
    if (const auto* numbers = table_.customer.numbers()) return numbers->values[row];
    return (*customer_code_)[static_cast<std::size_t>(table_.customer.texts()->codes[row])];
  }
  bool has_interval() const noexcept {
    return table_.interval || !table_.interval_unit.empty() || table_.interval_count.present();
  }
  Interval interval_at(std::size_t row) const noexcept {
    Interval interval = table_.interval.value_or(Interval{});
    if (!table_.interval_unit.empty()) interval.unit = table_.interval_unit[row];
    if (table_.interval_count.present())
      interval.count = static_cast<std::int32_t>(
          std::clamp<std::int64_t>(value_at(table_.interval_count, row).value_or(0), 0, INT32_MAX));
    return interval;
  }

  InvoiceLine line_at(std::size_t row) const noexcept {
    InvoiceLine line;
    line.service_start = value_at(table_.service_start, row).value_or(0);
    line.service_end = value_at(table_.service_end, row).value_or(line.service_start);
    if (policy_.end == EndDate::inclusive) ++line.service_end;
    line.amount = amount_at(table_.amount, row).value;
    line.tax = amount_at(table_.tax, row).value;
    line.discount = amount_at(table_.discount, row).value;
    if (!table_.discount_duration.empty()) line.discount_duration = table_.discount_duration[row];
    line.kind = kind_at(row);
    line.prorated = !table_.prorated.empty() && table_.prorated[row] != 0;
    if (has_interval()) line.interval = interval_at(row);
    line.has_paid_on = table_.paid_on.present();
    line.paid_on = value_at(table_.paid_on, row);
    return line;
  }

  void note_line(const InvoiceLine& line, ReadRows& all) const {
    all.phases.push_back({line.service_start, line.service_end});
    all.paused.push_back(0);
    all.intervals.push_back(line.interval.value_or(Interval{}));
    InPlay in_play;
    if (line.interval) in_play.add(line.interval->unit);
    in_play.days |= !line.interval;
    in_play.discounts |= line.discount != 0;
    in_play.tax |= line.tax != 0;
    in_play.usage |= line.kind == InvoiceLineKind::usage;
    in_play.one_time |= line.kind == InvoiceLineKind::one_time;
    in_play.refund |= line.kind == InvoiceLineKind::refund;
    in_play.prorated |= line.prorated;
    in_play.payment |= line.has_paid_on;
    all.in_play.push_back(in_play.bits());
  }

  bool is_reversed(std::size_t row) const noexcept {
    const auto start = value_at(table_.service_start, row), end = value_at(table_.service_end, row);
    return start && end && *end < *start;
  }

  void check(std::size_t row, FaultAt& fault) const {
    const auto* numbers = table_.customer.numbers();
    if (numbers != nullptr ? !numbers->valid[row] : table_.customer.texts()->codes[row] < 0)
      return fault("E_KEY_NULL", names_.customer,
                   "missing customer id (a group-by would drop it and totals would not tie)", "null",
                   "Give the row a customer, or leave it out.");
    check_period(row, fault);
    check_amounts(row, fault);
    if (has_interval() && interval_at(row).count < 1)
      fault("E_INTERVAL_COUNT", names_.interval_count, "the interval count is missing or not above 0",
            std::to_string(interval_at(row).count), "Give a whole number of intervals, 1 or more.");
  }

  void check_period(std::size_t row, FaultAt& fault) const {
    const auto start = value_at(table_.service_start, row), end = value_at(table_.service_end, row);
    for (const auto& [day, name] : {std::pair(start, &names_.start), std::pair(end, &names_.end),
                                    std::pair(value_at(table_.paid_on, row), &names_.paid_on)})
      if (day && !is_representable(*day)) return fault.day(*day, *name);
    if (!start || !end) {
      if (needs_period(row))
        fault("E_SERVICE_PERIOD", start ? names_.end : names_.start,
              "invoice line without service period: its " + std::string(start ? "end" : "start") +
                  " is missing",
              "null", "Give the first day of the service and the first day after it, or leave the line out.");
      return;
    }
    if (*end < *start)
      fault("E_PERIOD_REVERSED", names_.end,
            "end " + format_day(*end) + " lies before start " + format_day(*start), format_day(*end),
            "Swap them, drop the line, or pass on_reversed=\"drop\" to leave such lines out and count them.");
    else if (*end == *start && policy_.end == EndDate::exclusive && needs_period(row))
      fault("E_SERVICE_PERIOD", names_.end, "the service period is empty: it ends on the day it starts",
            format_day(*end), "The end is the first day after the service.");
  }

  void check_amounts(std::size_t row, FaultAt& fault) const {
    const AmountAt amount = amount_at(table_.amount, row), tax = amount_at(table_.tax, row),
                   discount = amount_at(table_.discount, row);
    if (amount.state == AmountAt::State::absent)
      return fault("E_AMOUNT_NULL", names_.amount, "missing amount", "null",
                   "Give the amount, 0 if there is none.");
    if (amount.bad()) return fault.amount(amount, names_.amount);
    if (tax.bad()) return fault.amount(tax, names_.tax);
    if (discount.bad()) return fault.amount(discount, names_.discount);
    const InvoiceLineKind kind = kind_at(row);
    const bool gives_back = kind == InvoiceLineKind::credit || kind == InvoiceLineKind::refund;
    if (gives_back != (amount.value < 0) && amount.value != 0)
      fault("E_AMOUNT_SIGN", names_.amount,
            std::string(gives_back ? "a credit or refund" : "a charge") + " of " + show_micros(amount.value),
            show_micros(amount.value), "Charges are positive, credits and refunds negative.");
    if ((tax.value < 0) != (amount.value < 0) && tax.value != 0)
      fault("E_TAX_RANGE", names_.tax,
            "tax " + show_micros(tax.value) + " in an amount of " + show_micros(amount.value),
            show_micros(tax.value), "Give the part of the amount that is tax, with the same sign.");
    else if (magnitude(tax.value) > magnitude(amount.value))
      fault("E_TAX_RANGE", names_.tax,
            "tax " + show_micros(tax.value) + " in an amount of " + show_micros(amount.value),
            show_micros(tax.value), "Give the part of the amount that is tax.");
    if (discount.value < 0)
      fault("E_DISCOUNT_RANGE", names_.discount, "negative discount " + show_micros(discount.value),
            show_micros(discount.value), "Give what was taken off as a positive amount.");
  }

  const InvoiceLines& table_;
  const LoadingPolicy& policy_;
  const ColumnNames& names_;
  std::shared_ptr<const std::vector<std::int64_t>> customer_code_;
  bool drop_reversed_;
  Exponents exponents_;
  std::int64_t first_row_;
};

}  // namespace tenure::detail
