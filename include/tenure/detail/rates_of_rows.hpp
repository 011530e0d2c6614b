#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "../model/fx.hpp"
#include "choose_rows.hpp"

/// The rows of a book at exchange rates.
namespace tenure::detail {

/// Whether some row is of another currency than the book answers in.
template <class Data>
bool is_foreign(const Data& data) noexcept {
  if (data.currency_of.empty() || data.only_currency) return false;
  for (std::size_t place = 0; place < data.currencies.size(); ++place)
    if (data.currency_stands[place] != 0 && data.currencies[place] != data.currency) return true;
  return false;
}
/// Whether amounts stay in their own currencies until a question says which day's rates it wants.
template <class Data>
bool floats(const Data& data) noexcept {
  return is_foreign(data) && !data.at_rates && data.policy.loading.fx_rate_at == FxRateAt::period_end;
}

/// How many rows need a rate, and the first of them in the caller's table.
struct NeedingRows {
  std::int64_t count = 0;
  std::uint32_t first = UINT32_MAX;
  void add(std::uint32_t source) noexcept {
    ++count;
    first = std::min(first, source);
  }
};

template <class Data>
[[noreturn]] void refuse_missing_rate(const Data& data, const InputError& missing, NeedingRows rows) {
  throw_input({.code = "E_FX_MISSING",
               .what = missing.fault().what + "; " + std::to_string(rows.count) +
                       (rows.count == 1 ? " row needs it" : " rows need it"),
               .column = data.options.names.currency,
               .row = rows.first,
               .value = missing.fault().value,
               .remedy = missing.fault().remedy});
}

[[noreturn]] inline void refuse_reported_overflow() {
  throw_input(
      {.code = "E_AMOUNT_RANGE",
       .what = "the run rates of one customer, in the reporting currency, together come to more than 64 "
               "bits of micro-units a year",
       .remedy = "Amounts are in major units: check that they are not already in cents or micro-units."});
}

/// What a day's rates make of each currency of a book, by its place.
using Exchanges = std::vector<Exchange>;

/// The rates of a day for all currencies that some row in [from, to) is worth an amount in. A currency
/// without such rows counts one to one: its rows only tell who was there before.
template <class Data>
Exchanges exchanges_on(const Data& data, Day day, Day from, Day to) {
  Exchanges exchanges;
  for (std::size_t place = 0; place < data.currencies.size(); ++place) {
    try {
      exchanges.push_back(data.options.rates->rate(data.currencies[place], data.currency, day));
    } catch (const InputError& missing) {
      if (missing.code() != "E_FX_MISSING") throw;
      NeedingRows needing;
      for (std::size_t row = 0; row < data.grouped->rows.size(); ++row) {
        const PackedRow& packed = data.grouped->rows[row];
        const std::uint32_t source = data.grouped->source[row];
        if (data.currency_of[source] == place && packed.annual != 0 && packed.start < to && packed.end > from)
          needing.add(source);
      }
      if (needing.count > 0) refuse_missing_rate(data, missing, needing);
      exchanges.emplace_back();
    }
  }
  return exchanges;
}

/// All rows at the rates of one day.
template <class Data>
std::shared_ptr<const GroupedRows> rows_at(const Data& data, const Exchanges& exchanges) {
  const GroupedRows& rows = *data.grouped;
  return revalued(
      rows, data.options.execution,
      [&](std::uint32_t row, std::int64_t amount) {
        return exchanges[data.currency_of[rows.source[row]]].convert(amount);
      },
      refuse_reported_overflow);
}

/// What discounts take off, at the rates of one day.
template <class Data>
std::vector<std::int64_t> discounts_at(const Data& data, const Exchanges& exchanges) {
  std::vector<std::int64_t> reported;
  for (const auto& [row, source] : data.discounts)
    reported.push_back(exchanges[data.currency_of[source]].convert(row.annual));
  return reported;
}

/// The day whose rate each row is worth, by grouped row, under a policy that gives each row its own.
template <class Data>
std::vector<Day> rate_days(const Data& data) {
  const GroupedRows& rows = *data.grouped;
  const LoadingPolicy& policy = data.policy.loading;
  std::vector<Day> days(rows.rows.size());
  const auto start = [&](std::size_t row) {
    const Day day = data.phases.empty() ? rows.rows[row].start : data.phases[rows.source[row]].start;
    return day == open_end ? rows.rows[row].start : day;
  };
  for (std::size_t customer = 0; customer < rows.customers(); ++customer) {
    std::map<std::int64_t, Day> bought;  // by subscription
    const auto subscription = [&](std::size_t row) {
      return data.has_subscriptions ? data.subscription[rows.source[row]] : 0;
    };
    if (policy.fx_rate_at == FxRateAt::purchase_date)
      for (std::size_t row = rows.begin[customer]; row < rows.begin[customer + 1]; ++row) {
        const auto [first, is_new] = bought.try_emplace(subscription(row), start(row));
        first->second = std::min(first->second, start(row));
      }
    for (std::size_t row = rows.begin[customer]; row < rows.begin[customer + 1]; ++row) {
      const Day given = data.rate_days.empty() ? open_end : data.rate_days[rows.source[row]];
      days[row] = policy.fx_rate_at == FxRateAt::service_start ? start(row)
                  : given != open_end                          ? given
                                                               : bought[subscription(row)];
      days[row] = std::min(days[row], data.known_at);  // rates of later days were not known then
    }
  }
  return days;
}

/// The exchange of every (currency, day) that rows need.
template <class Data>
class RowRates {
 public:
  RowRates(const Data& data, const std::vector<Day>& days) {
    if (days.empty()) return;
    const auto [least, most] = std::minmax_element(days.begin(), days.end());
    low_ = *least;
    span_ = static_cast<std::size_t>(*most - *least) + 1;
    std::vector<NeedingRows> needing(data.currencies.size() * span_);
    const GroupedRows& rows = *data.grouped;
    for (std::size_t row = 0; row < days.size(); ++row)
      if (rows.rows[row].annual != 0)
        needing[place(data.currency_of[rows.source[row]], days[row])].add(rows.source[row]);
    exchanges_.resize(needing.size());
    for (std::size_t at = 0; at < needing.size(); ++at) {
      if (needing[at].count == 0) continue;
      try {
        exchanges_[at] = data.options.rates->rate(data.currencies[at / span_], data.currency,
                                                  low_ + static_cast<Day>(at % span_));
      } catch (const InputError& missing) {
        if (missing.code() != "E_FX_MISSING") throw;
        refuse_missing_rate(data, missing, needing[at]);
      }
    }
  }
  const Exchange& of(std::uint16_t currency, Day day) const noexcept {
    return exchanges_[place(currency, day)];
  }

 private:
  std::size_t place(std::uint16_t currency, Day day) const noexcept {
    return currency * span_ + static_cast<std::size_t>(day - low_);
  }
  Day low_ = 0;
  std::size_t span_ = 0;
  std::vector<Exchange> exchanges_;
};

/// What discounts take off, at the rates of the rows they are on; 0 of rows that do not stand.
template <class Data>
std::vector<std::int64_t> discounts_at(const Data& data, const RowRates<Data>& rates,
                                       const std::vector<Day>& days) {
  if (data.discounts.empty()) return {};
  std::vector<Day> by_source(static_cast<std::size_t>(data.rows_read), open_end);
  for (std::size_t row = 0; row < days.size(); ++row) by_source[data.grouped->source[row]] = days[row];
  std::vector<std::int64_t> reported;
  for (const auto& [row, source] : data.discounts)
    reported.push_back(by_source[source] == open_end
                           ? 0
                           : rates.of(data.currency_of[source], by_source[source]).convert(row.annual));
  return reported;
}

/// Rows of days for which there are no rates yet are at those of the last day that has some: counted in a
/// note.
template <class Data>
void bring_forward(Data& data, std::vector<Day>& days) {
  static constexpr const char* code = "N_FX_AHEAD";
  std::erase_if(data.notes, [](const auto& note) { return note.code == code; });
  const Day last = data.options.rates->last_day();
  std::vector<std::int64_t> ahead;
  std::int64_t count = 0;
  for (std::size_t row = 0; row < days.size(); ++row) {
    if (days[row] <= last) continue;
    days[row] = last;
    ++count;
    if (ahead.size() < FaultList::kept) ahead.push_back(data.grouped->source[row]);
  }
  if (count == 0) return;
  std::sort(ahead.begin(), ahead.end());
  data.notes.push_back({code,
                        "rows of days after the last exchange rates, at the rates of " + format_day(last),
                        count, std::move(ahead)});
}

/// Puts the rows of a book at their own rates; keeps what they are in their own currency where the bridge
/// needs it.
template <class Data>
void settle_rates(Data& data) {
  const FxRateAt at = data.policy.loading.fx_rate_at;
  data.local = nullptr;
  data.reported_discounts.clear();
  if (!is_foreign(data) || at == FxRateAt::period_end) return;
  const auto keep_local = [&] {
    auto local = std::make_shared<std::vector<std::int64_t>>();
    local->reserve(data.grouped->rows.size());
    for (const PackedRow& row : data.grouped->rows.span()) local->push_back(row.annual);
    return local;
  };
  if (at == FxRateAt::fixed_day) {
    // Nothing but movements at the rates of another day needs the amounts once more.
    if (data.policy.reporting.fx_movement == FxMovement::constant) data.local = keep_local();
    const Exchanges exchanges = exchanges_on(data, data.policy.loading.fx_day, min_day, open_end);
    data.reported_discounts = discounts_at(data, exchanges);
    data.grouped = rows_at(data, exchanges);
    return;
  }
  std::vector<Day> days = rate_days(data);
  bring_forward(data, days);
  const RowRates<Data> rates(data, days);
  auto local = keep_local();
  const GroupedRows& rows = *data.grouped;
  auto reported = revalued(
      rows, data.options.execution,
      [&](std::uint32_t row, std::int64_t amount) {
        return amount == 0 ? 0 : rates.of(data.currency_of[rows.source[row]], days[row]).convert(amount);
      },
      refuse_reported_overflow);
  data.reported_discounts = discounts_at(data, rates, days);
  data.grouped = std::move(reported);
  data.local = std::move(local);
}

}  // namespace tenure::detail
