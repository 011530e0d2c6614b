#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "amount_at.hpp"
#include "read_rows.hpp"
#include "row_reader.hpp"

namespace tenure::detail {

/// The door for rows with terms: status, kind, discounts, tax, further dates. What every row needs is checked
/// by RowReader; what its terms come to is decided by read_contract.
class TermReader {
 public:
  TermReader(const Subscriptions& table, const LoadingPolicy& policy, const ColumnNames& names,
             const RowReader& plain, std::int64_t first_row)
      : table_(table),
        terms_(table.terms),
        policy_(policy),
        names_(names),
        plain_(plain),
        first_row_(first_row) {}

  /// Reads rows [first, first + count).
  ReadRows read(std::size_t first, std::size_t count) const {
    ReadRows all;
    RowBlock block;
    for (std::size_t from = first; from < first + count; from += RowBlock::capacity) {
      const std::size_t size = std::min(RowBlock::capacity, first + count - from);
      plain_.keys(from, size, block.key.data());
      const bool good = plain_.load(from, size, block.row.data());
      const std::size_t dropped = all.dropped.size();
      if (!good) plain_.faults(from, size, block.row.data(), names_, all.faults, all.dropped);
      if (!good && all.dropped.size() == dropped) continue;  // will be refused: nothing to understand
      for (std::size_t i = 0; i < size; ++i)
        read_row(from + i, block.key[i], block.row[i].start == open_end, all);
    }
    return all;
  }

 private:
  void read_row(std::size_t row, std::int64_t key, bool dropped, ReadRows& all) const {
    const auto at = static_cast<std::uint32_t>(first_row_ + static_cast<std::int64_t>(row));
    Contract contract = contract_at(row);
    if (dropped) {
      note_row(contract, {open_end, open_end}, all);
      return;
    }
    if (!check(row, all) || !all.faults.empty()) return;
    read_contract(policy_, contract, plain_.exponent_of(row), worth_);
    if (!worth_.fits) {
      FaultAt(all.faults, at)("E_AMOUNT_RANGE", names_.amount,
                              "the row comes to more than 64 bits of micro-units a year",
                              show_micros(contract.price),
                              "Amounts are in major units: check that they are not already in micro-units.");
      return;
    }
    note_row(contract, {contract.start, worth_.contract_end, contract.kind}, all);
    all.put(key, at, contract.start, worth_);
  }

  void note_row(const Contract& contract, Phase phase, ReadRows& all) const {
    all.phases.push_back(phase);
    all.paused.push_back(contract.status == SubscriptionStatus::paused ? 1 : 0);
    all.intervals.push_back(contract.interval);
    InPlay in_play;
    in_play.add(contract.interval.unit);
    in_play.quantity |= contract.quantity != 1 || contract.invoiced_quantity.has_value();
    in_play.discounts |= !contract.discounts.empty();
    in_play.several_discounts |= contract.discounts.size() > 1;
    in_play.tax |= contract.tax != 0;
    in_play.usage |= contract.kind == ChargeKind::usage;
    in_play.one_time |= contract.kind == ChargeKind::one_time;
    in_play.days |= contract.kind == ChargeKind::one_time;
    in_play.trial |= contract.status == SubscriptionStatus::trial;
    in_play.first_paid |= contract.has_first_payment || contract.has_first_paid_invoice;
    in_play.recorded |= contract.recorded.has_value();
    in_play.past_due |= contract.status == SubscriptionStatus::past_due;
    in_play.paused |= contract.status == SubscriptionStatus::paused;
    in_play.renewal |= contract.renewal_price.has_value();
    all.in_play.push_back(in_play.bits());
  }

  Contract contract_at(std::size_t row) const {
    Contract contract;
    contract.start = table_.start.values[row];
    contract.end = value_at(table_.end, row).value_or(open_end);
    contract.interval = plain_.interval_of(row);
    contract.price = amount_at(table_.amount, row).value;
    contract.quantity = plain_.quantity_of(row);
    if (!terms_.status.empty()) contract.status = terms_.status[row];
    if (!terms_.kind.empty()) contract.kind = terms_.kind[row];
    contract.tax = amount_at(terms_.tax, row).value;
    if (const AmountAt renewal = amount_at(terms_.renewal_amount, row); renewal.good())
      contract.renewal_price = renewal.value;
    contract.invoiced_quantity = value_at(terms_.invoiced_quantity, row);
    contract.cancel_requested = value_at(terms_.cancel_requested, row);
    contract.paid_through = value_at(terms_.paid_through, row);
    contract.dunning_end = value_at(terms_.dunning_end, row);
    contract.recorded = value_at(table_.knowledge.recorded, row);
    contract.first_payment = value_at(terms_.first_payment, row);
    contract.first_paid_invoice = value_at(terms_.first_paid_invoice, row);
    contract.has_first_payment = terms_.first_payment.present();
    contract.has_first_paid_invoice = terms_.first_paid_invoice.present();
    discounts_.clear();
    for (const DiscountColumns& columns : terms_.discounts) {
      const AmountAt percent = amount_at(columns.percent, row), amount = amount_at(columns.amount, row);
      if (percent.value == 0 && amount.value == 0) continue;
      discounts_.push_back(
          {.percent_micros = percent.value,
           .amount_micros = amount.value,
           .duration = columns.duration.empty() ? DiscountDuration::forever : columns.duration[row],
           .until = value_at(columns.until, row).value_or(open_end)});
    }
    contract.discounts = discounts_;
    return contract;
  }

  /// Names what is wrong with the terms of a row; true if nothing is.
  bool check(std::size_t row, ReadRows& all) const {
    FaultAt fault(all.faults, first_row_ + static_cast<std::int64_t>(row));
    check_days(row, fault);
    const AmountAt price = amount_at(table_.amount, row), tax = amount_at(terms_.tax, row),
                   renewal = amount_at(terms_.renewal_amount, row);
    if (tax.bad()) fault.amount(tax, names_.tax);
    if (tax.good() && (tax.value < 0 || tax.value > price.value))
      fault("E_TAX_RANGE", names_.tax,
            "tax " + show_micros(tax.value) + " of a price of " + show_micros(price.value),
            show_micros(tax.value), "Give the part of the price that is tax: 0 up to the price.");
    if (renewal.bad()) fault.amount(renewal, names_.renewal_amount);
    if (renewal.good() && renewal.value < 0)
      fault("E_AMOUNT_NEGATIVE", names_.renewal_amount,
            "negative recurring amount " + show_micros(renewal.value), show_micros(renewal.value),
            "Give the price of the next interval, or leave it null.");
    if (const auto seats = value_at(terms_.invoiced_quantity, row);
        seats && (*seats < 0 || *seats > RowReader::quantity_limit))
      fault("E_QUANTITY_RANGE", names_.invoiced_quantity,
            "quantity " + std::to_string(*seats) + "; must be 0 to 1000000000", std::to_string(*seats),
            "Give the number of units that were invoiced, or leave it null.");
    if (!terms_.status.empty() && terms_.status[row] == SubscriptionStatus::trial &&
        policy_.trial == Trial::refuse && price.value != 0)
      fault("E_TRIAL_AMOUNT", names_.amount,
            "trial carries " + show_micros(price.value) + "; set trial='count' or 'ignore'",
            show_micros(price.value),
            "A priced trial may be meant either way: choose in the policy, or give it the price 0.");
    for (const DiscountColumns& columns : terms_.discounts) check_discount(columns, row, price.value, fault);
    return !fault.any();
  }

  void check_days(std::size_t row, FaultAt& fault) const {
    const auto check_day = [&](const Column<Day>& column, const std::string& name) {
      const auto day = value_at(column, row);
      if (day && !is_representable(*day)) fault.day(*day, name);
    };
    check_day(terms_.cancel_requested, names_.cancel_requested);
    check_day(terms_.paid_through, names_.paid_through);
    check_day(terms_.dunning_end, names_.dunning_end);
    check_day(terms_.first_payment, names_.first_payment);
    check_day(terms_.first_paid_invoice, names_.first_paid_invoice);
    for (const DiscountColumns& columns : terms_.discounts) check_day(columns.until, columns.until_name);
  }

  void check_discount(const DiscountColumns& columns, std::size_t row, std::int64_t price,
                      FaultAt& fault) const {
    const AmountAt percent = amount_at(columns.percent, row), amount = amount_at(columns.amount, row);
    if (percent.bad()) fault.amount(percent, columns.percent_name);
    if (percent.good() && (percent.value < 0 || percent.value > 100 * micros))
      fault("E_DISCOUNT_RANGE", columns.percent_name,
            "discount " + show_micros(percent.value) + "% would " +
                (percent.value < 0 ? "raise the price" : "make recurring revenue negative"),
            show_micros(percent.value), "Give the percentage that is taken off, 0 to 100: 50 is half off.");
    if (amount.bad()) fault.amount(amount, columns.amount_name);
    const int128 whole = int128{price} * plain_.quantity_of(row);
    if (amount.good() && (amount.value < 0 || amount.value > whole))
      fault("E_DISCOUNT_RANGE", columns.amount_name,
            "discount " + show_micros(amount.value) + " on a price of " +
                (fits_int64(whole) ? show_micros(static_cast<std::int64_t>(whole)) : "more than 64 bits"),
            show_micros(amount.value),
            "Give what is taken off the price of one interval, all seats together: 0 up to the price.");
  }

  const Subscriptions& table_;
  const Terms& terms_;
  const LoadingPolicy& policy_;
  const ColumnNames& names_;
  const RowReader& plain_;
  std::int64_t first_row_;
  mutable std::vector<Discount> discounts_;  // reused from row to row; one reader per thread
  mutable Worth worth_;
};

}  // namespace tenure::detail
