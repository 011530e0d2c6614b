#pragma once

#include <bit>

#include "transaction_parts.hpp"

/// The transactions of one partition, customer by customer.
namespace tenure::detail {

/// What a customer comes to, in whole periods.
struct CustomerPurchases {
  std::int64_t customer = 0;
  std::uint32_t frequency = 0, averaged = 0, frequency_holdout = 0;
  std::int32_t recency = 0, age = 0;
  double monetary = 0, monetary_holdout = 0;
};

/// Number of the calendar period of a day, from any origin.
inline std::int32_t period_number(PeriodUnit unit, Day day) noexcept {
  if (unit == PeriodUnit::week) {
    constexpr Day to_monday = 3 + 7 * 100'000;  // 1970-01-01 was a Thursday; keeps the dividend above 0
    return (day + to_monday) / 7;
  }
  if (unit == PeriodUnit::month) {
    const YearMonthDay date = civil_from_days(day);
    return date.year * 12 + date.month - 1;
  }
  return day;
}

/// Counts distinct numbers; spans of some years of days as bits.
class DistinctCounter {
 public:
  std::uint32_t count(std::span<const std::int32_t> numbers, std::int32_t low, std::int32_t high) {
    const auto words = (static_cast<std::size_t>(high - low) >> 6) + 1;
    if (words > bits_.size()) return by_sorting(numbers);
    std::fill_n(bits_.begin(), words, 0);
    std::uint32_t found = 0;  // counted as they are set: a population count is a call without newer CPUs
    for (const std::int32_t number : numbers) {
      const auto at = static_cast<std::uint32_t>(number - low);
      std::uint64_t& word = bits_[at >> 6];
      found += static_cast<std::uint32_t>(~(word >> (at & 63)) & 1);
      word |= std::uint64_t{1} << (at & 63);
    }
    return found;
  }

 private:
  std::uint32_t by_sorting(std::span<const std::int32_t> numbers) {
    sorted_.assign(numbers.begin(), numbers.end());
    std::ranges::sort(sorted_);
    return static_cast<std::uint32_t>(std::ranges::unique(sorted_).begin() - sorted_.begin());
  }

  std::array<std::uint64_t, 64> bits_;
  std::vector<std::int32_t> sorted_;
};

/// Which rows count and how; days decided, the same for all partitions.
struct PurchaseRules {
  PeriodUnit unit;
  Purchases purchases;
  FirstPurchase first_purchase;
  Duplicates duplicates;
  bool held_out;      ///< there is a calibration, and what follows it is held out
  Day calibrated_to;  ///< last day of the calibration, or of observation
  Day until;          ///< last day that counts at all
  std::int32_t end;   ///< period in which customers have their age
};

/// One per thread; memory is used again from partition to partition.
class PurchaseCounter {
 public:
  explicit PurchaseCounter(const PurchaseRules& rules) : rules_(rules) {}

  /// Positions within a partition of `width` ids from `low` on.
  void count(std::span<const PackedTransaction<std::uint32_t>> rows, std::int64_t low, std::size_t width,
             std::vector<CustomerPurchases>& customers) {
    codes_.resize(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) codes_[i] = rows[i].key;
    group(rows, width);
    for (std::size_t code = 0; code < width; ++code)
      add(code, static_cast<std::int64_t>(static_cast<std::uint64_t>(low) + code), customers);
  }
  void count(std::span<const PackedTransaction<std::int64_t>> rows, std::int64_t, std::size_t,
             std::vector<CustomerPurchases>& customers) {
    encode(rows);
    group(rows, keys_.size());
    for (std::size_t code = 0; code < keys_.size(); ++code) add(code, keys_[code], customers);
  }

  std::int64_t after_end = 0, refunded = 0, repeated = 0, customers_after = 0;

 private:
  static constexpr std::uint32_t empty = UINT32_MAX;

  void encode(std::span<const PackedTransaction<std::int64_t>> rows) {
    const int bits = std::max(4, static_cast<int>(std::bit_width(rows.size())) + 1);
    table_.assign(std::size_t{1} << bits, empty);
    keys_.clear();
    codes_.resize(rows.size());
    const std::uint32_t mask = (1U << bits) - 1;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const std::int64_t key = rows[i].key;
      auto at = static_cast<std::uint32_t>(spread(key) >> 20) & mask;  // the partition took the high bits
      while (table_[at] != empty && keys_[table_[at]] != key) at = (at + 1) & mask;
      if (table_[at] == empty) {
        table_[at] = static_cast<std::uint32_t>(keys_.size());
        keys_.push_back(key);
      }
      codes_[i] = table_[at];
    }
  }

  /// Brings the rows of a customer together: those of the calibration, then those held out. Rows that do not
  /// count go to the end.
  template <class Row>
  void group(std::span<const Row> rows, std::size_t customers) {
    const std::uint32_t lanes = rules_.held_out ? 2 : 1;
    const std::size_t buckets = customers * lanes;
    seen_.assign(customers, 0);
    if (rules_.held_out || std::ranges::any_of(rows, [&](const Row& row) { return row.day > rules_.until; }))
      split(rows, lanes, static_cast<std::uint32_t>(buckets));
    begin_.assign(buckets + 2, 0);
    for (std::size_t i = 0; i < rows.size(); ++i) ++begin_[codes_[i] + 1];
    for (std::size_t i = 1; i < begin_.size(); ++i) begin_[i] += begin_[i - 1];
    places_.assign(begin_.begin(), begin_.end() - 1);
    days_.resize(rows.size());
    amounts_.resize(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const std::uint32_t place = places_[codes_[i]]++;
      days_[place] = rows[i].day;
      amounts_[place] = rows[i].amount;
    }
  }
  template <class Row>
  void split(std::span<const Row> rows, std::uint32_t lanes, std::uint32_t nowhere) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const Day day = rows[i].day;
      if (day > rules_.until) {
        seen_[codes_[i]] = 1;
        ++(day == dropped_row ? refunded : after_end);
        codes_[i] = nowhere;
      } else {
        codes_[i] = codes_[i] * lanes + (rules_.held_out && day > rules_.calibrated_to ? 1 : 0);
      }
    }
  }

  struct Lane {
    std::span<std::int32_t> days;
    std::span<std::int64_t> amounts;

    bool none() const noexcept { return days.empty(); }
  };
  Lane lane(std::size_t at) noexcept {
    const std::size_t begin = begin_[at], size = begin_[at + 1] - begin;
    return {{days_.data() + begin, size}, {amounts_.data() + begin, size}};
  }

  void add(std::size_t code, std::int64_t customer, std::vector<CustomerPurchases>& customers) {
    Lane bought = lane(rules_.held_out ? 2 * code : code);
    if (bought.none()) {
      customers_after += seen_[code] != 0 || (rules_.held_out && !lane(2 * code + 1).none()) ? 1 : 0;
      return;
    }
    CustomerPurchases& found = customers.emplace_back();
    found.customer = customer;
    drop_repeats(bought);
    calibrate(bought, found);
    if (!rules_.held_out) return;
    Lane held = lane(2 * code + 1);
    if (held.none()) return;
    drop_repeats(held);
    const Spread periods = to_periods(held.days);
    found.frequency_holdout = purchases(held.days, periods);
    found.monetary_holdout = mean(sum(held.amounts), found.frequency_holdout);
  }

  struct Spread {
    std::int32_t first, last;
  };
  Spread to_periods(std::span<std::int32_t> days) const noexcept {
    Spread spread{INT32_MAX, INT32_MIN};
    if (rules_.unit != PeriodUnit::day)
      for (std::int32_t& day : days) day = period_number(rules_.unit, day);
    for (const std::int32_t period : days) {
      spread.first = std::min(spread.first, period);
      spread.last = std::max(spread.last, period);
    }
    return spread;
  }
  std::uint32_t purchases(std::span<const std::int32_t> periods, Spread spread) {
    if (rules_.purchases == Purchases::by_row) return static_cast<std::uint32_t>(periods.size());
    return distinct_.count(periods, spread.first, spread.last);
  }
  static int128 sum(std::span<const std::int64_t> amounts) noexcept {
    int128 total = 0;
    for (const std::int64_t amount : amounts) total += amount;
    return total;
  }
  static double mean(int128 total, std::uint32_t purchases) noexcept {
    return purchases == 0 ? 0 : quotient(total, int128{purchases} * micros);
  }

  void calibrate(Lane bought, CustomerPurchases& found) {
    const Day first_day = rules_.purchases == Purchases::by_row ? std::ranges::min(bought.days) : Day{0};
    int128 first = 0, all = 0;
    if (rules_.purchases == Purchases::by_row) first = cheapest(bought, first_day);
    const Spread periods = to_periods(bought.days);
    const std::uint32_t count = purchases(bought.days, periods);
    const bool by_period = rules_.purchases == Purchases::by_period;
    for (std::size_t i = 0; i < bought.days.size(); ++i) {
      all += bought.amounts[i];
      first += by_period && bought.days[i] == periods.first ? bought.amounts[i] : 0;
    }
    const bool counted = rules_.first_purchase == FirstPurchase::counted;
    found.frequency = count - 1;
    found.recency = periods.last - periods.first;
    found.age = rules_.end - periods.first;
    found.averaged = counted ? count : count - 1;
    found.monetary = mean(all - (counted ? int128{0} : first), found.averaged);
  }
  /// Rows of a day have no order of their own.
  static std::int64_t cheapest(const Lane& bought, Day day) noexcept {
    std::int64_t least = INT64_MAX;
    for (std::size_t i = 0; i < bought.days.size(); ++i)
      if (bought.days[i] == day) least = std::min(least, bought.amounts[i]);
    return least;
  }

  void drop_repeats(Lane& bought) {
    if (rules_.duplicates == Duplicates::keep) return;
    pairs_.clear();
    for (std::size_t i = 0; i < bought.days.size(); ++i)
      pairs_.emplace_back(bought.days[i], bought.amounts[i]);
    std::ranges::sort(pairs_);
    pairs_.erase(std::unique(pairs_.begin(), pairs_.end()), pairs_.end());
    repeated += static_cast<std::int64_t>(bought.days.size() - pairs_.size());
    bought.days = bought.days.first(pairs_.size());
    bought.amounts = bought.amounts.first(pairs_.size());
    for (std::size_t i = 0; i < pairs_.size(); ++i) std::tie(bought.days[i], bought.amounts[i]) = pairs_[i];
  }

  PurchaseRules rules_;
  DistinctCounter distinct_;
  std::vector<std::uint32_t> table_, codes_, begin_, places_;
  std::vector<std::int64_t> keys_, amounts_;
  std::vector<std::int32_t> days_;
  std::vector<std::uint8_t> seen_;  ///< has rows that do not count
  std::vector<std::pair<Day, std::int64_t>> pairs_;
};

}  // namespace tenure::detail
