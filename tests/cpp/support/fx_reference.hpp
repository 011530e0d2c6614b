#pragma once

#include <map>

#include "compare.hpp"
#include "dated_rows.hpp"

/// Bridges at exchange rates, by hand: every row in the reporting currency at the rate of a day, then the
/// plain definitions. Rates are whole thousandths; nothing is shared with the kernels or with FxRates.
namespace tenure::test {

/// Thousandths of a euro for a unit of each currency, from a day on.
struct RateBook {
  std::map<Day, std::array<std::int64_t, 4>> quotes;

  std::int64_t on(Day day, int currency) const {
    auto next = quotes.upper_bound(day);
    return std::prev(next)->second[static_cast<std::size_t>(currency)];
  }
  std::shared_ptr<const FxRates> table() const {
    FxRates rates(Currency("EUR"), {.max_days_back = 100'000});
    for (const auto& [day, quote] : quotes)
      for (std::size_t currency = 1; currency < currencies.size(); ++currency) {
        const std::string digits = std::to_string(quote[currency]);
        const std::string padded = std::string(digits.size() < 4 ? 4 - digits.size() : 0, '0') + digits;
        rates.add(day, Currency(currencies[currency]),
                  padded.substr(0, padded.size() - 3) + "." + padded.substr(padded.size() - 3),
                  Quotation::base_per_unit);
      }
    return std::make_shared<const FxRates>(std::move(rates));
  }
};

/// amount * thousandths / 1000 to the nearest, halves to the even one; nothing becomes 0.
inline std::int64_t converted(std::int64_t amount, std::int64_t thousandths) {
  const int128 product = int128{amount} * thousandths;
  int128 whole = product / 1000;
  const int128 left = product % 1000;
  if (left > 500 || (left == 500 && whole % 2 == 1)) ++whole;
  return static_cast<std::int64_t>(whole == 0 && amount > 0 ? 1 : whole);
}

/// A row as its policy reads it, in euros at a rate.
inline Row in_euros(const DatedRow& dated, const Policy& policy, std::int64_t thousandths) {
  Row row = dated.row;
  if (row.paused && policy.loading.paused != Paused::unchanged) row.monthly = 0;
  const std::int64_t annual = converted(row.monthly * 12, thousandths);
  row.monthly = annual / 12;
  row.rest = annual % 12;
  return row;
}

class FxReference {
 public:
  FxReference(const std::vector<DatedRow>& rows, const RateBook& rates, const Policy& policy)
      : rows_(rows), rates_(rates), policy_(policy) {}

  std::vector<Row> at(Day day) const {
    std::vector<Row> all;
    for (const DatedRow& dated : rows_)
      all.push_back(in_euros(dated, policy_, rates_.on(day, dated.currency)));
    return all;
  }
  /// Rows that live through `day` change their worth on it.
  std::vector<Row> changing(Day day, Day before, Day after) const {
    std::vector<Row> all;
    for (const DatedRow& dated : rows_) {
      Row old = in_euros(dated, policy_, rates_.on(before, dated.currency)),
          now = in_euros(dated, policy_, rates_.on(after, dated.currency));
      if (old.start >= day) {
        all.push_back(now);
      } else if (old.end <= day) {
        all.push_back(old);
      } else {
        old.end = now.start = day;
        all.push_back(old);
        all.push_back(now);
      }
    }
    return all;
  }
  Answer ask(const std::vector<Row>& rows, Frame frame, const Periods& periods, int horizon = 1) const {
    frame.periods = periods;
    return expected(rows, policy_, frame, horizon);
  }

  Day rate_day(const Periods& periods, std::size_t period) const {
    return policy_.reporting.as_of == AsOf::period_start ? periods.begin(period) : periods.end(period) - 1;
  }

  /// FxRateAt::period_end.
  Answer bridge(const Frame& frame) const {
    const Periods& periods = frame.periods;
    const Calendar calendar = periods.calendar();
    const Day before = calendar.advance(periods.begin(), -1);
    const Periods first(calendar, before, periods.begin() - 1);
    Answer all;
    for (auto& line : all.bridge) line.resize(frame.rows());
    std::vector<Flow> stock = closing(ask(at(rate_day(first, 0)), frame, first));
    Day last_rate = rate_day(first, 0);
    const bool constant = policy_.reporting.fx_movement == FxMovement::constant;
    const std::size_t segments = frame.segments.size();
    for (std::size_t period = 0; period < periods.size(); ++period) {
      const Periods one(calendar, periods.begin(period), periods.end(period) - 1);
      const Day rate = rate_day(one, 0);
      const bool moves = policy_.reporting.fx_movement == FxMovement::in_movements;
      const Answer organic = ask(moves      ? changing(one.begin(), last_rate, rate)
                                 : constant ? at(policy_.reporting.fx_movement_day)
                                            : at(rate),
                                 frame, one);
      const std::vector<Flow> after = closing(ask(at(rate), frame, one));
      for (std::size_t segment = 0; segment < segments; ++segment) {
        const std::size_t row = period * segments + segment;
        for (std::size_t line = 0; line < line_count; ++line)
          all.bridge[line][row] = organic.bridge[line][segment];
        const auto& of = [&](Line line) -> Flow& { return all.bridge[static_cast<std::size_t>(line)][row]; };
        const RunRateSum moved = of(Line::closing).amount - of(Line::opening).amount;
        of(Line::opening) = stock[segment];
        of(Line::closing) = after[segment];
        of(Line::fx).amount = after[segment].amount - stock[segment].amount - moved;
      }
      stock = after;
      last_rate = rate;
    }
    return all;
  }

 private:
  static std::vector<Flow> closing(const Answer& answer) {
    return answer.bridge[static_cast<std::size_t>(Line::closing)];
  }

  const std::vector<DatedRow>& rows_;
  const RateBook& rates_;
  Policy policy_;
};

/// Rates that change every few weeks, by up to a half.
inline rc::Gen<RateBook> any_rates() {
  return rc::gen::map(rc::gen::arbitrary<std::uint64_t>(), [](std::uint64_t seed) {
    RateBook rates;
    rates.quotes[days_from_civil(2000, 1, 1)] = {1000, 900, 1200, 6};
    std::size_t step = 0;
    for (Day day = days_from_civil(2022, 12, 1); day < days_from_civil(2025, 3, 1);
         day += 1 + static_cast<Day>(mixed(seed, ++step, 0) % 40))
      rates.quotes[day] = {1000, 600 + static_cast<std::int64_t>(mixed(seed, step, 1) % 700),
                           1000 + static_cast<std::int64_t>(mixed(seed, step, 2) % 333),
                           4 + static_cast<std::int64_t>(mixed(seed, step, 3) % 5)};
    return rates;
  });
}

/// Rows in up to four currencies.
inline rc::Gen<std::vector<DatedRow>> any_foreign_rows() {
  return rc::gen::map(
      rc::gen::pair(any_phases(), rc::gen::arbitrary<std::uint64_t>()),
      [](const std::pair<std::vector<Row>, std::uint64_t>& drawn) {
        std::vector<DatedRow> rows;
        for (const Row& row : drawn.first) {
          DatedRow& dated = rows.emplace_back(DatedRow{.row = row});
          dated.currency = static_cast<int>(mixed(drawn.second, rows.size(), 0) % 4);
          dated.invoiced = row.start - 10 + static_cast<Day>(mixed(drawn.second, rows.size(), 1) % 40);
          if (mixed(drawn.second, rows.size(), 2) % 2 == 0)
            dated.purchased = row.start - static_cast<Day>(mixed(drawn.second, rows.size(), 3) % 300);
        }
        return rows;
      });
}

}  // namespace tenure::test

namespace tenure::test {

inline std::ostream& operator<<(std::ostream& out, const RateBook& rates) {
  for (const auto& [day, quote] : rates.quotes)
    out << format_day(day) << " " << quote[1] << " " << quote[2] << " " << quote[3] << "; ";
  return out;
}

}  // namespace tenure::test
