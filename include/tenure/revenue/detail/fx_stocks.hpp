#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "../../core/int128.hpp"
#include "moment.hpp"

namespace tenure {

/// What one customer pays in each segment, product (0 where products do not matter) and currency, where
/// every row has an exchange rate of its own: tells what rates alone did to the amounts that were there
/// before and after a moment.
class FxStocks {
 public:
  void clear() noexcept { stocks_.clear(); }

  /// From here on, add() is what a moment changes.
  void begin() noexcept {
    for (Stock& stock : stocks_) {
      stock.reported_before = stock.reported;
      stock.local_before = stock.local;
      stock.rows_before = stock.rows;
    }
  }
  /// A row that comes (live 1) or goes (live -1), as reported and in its own currency, `unit`.
  void add(std::uint32_t segment, std::int32_t leg, std::int32_t unit, std::int64_t live,
           std::int64_t reported, std::int64_t local) {
    auto stock = std::find_if(stocks_.begin(), stocks_.end(), [&](const Stock& known) {
      return known.segment == segment && known.leg == leg && known.unit == unit;
    });
    if (stock == stocks_.end()) stock = stocks_.insert(stock, {segment, leg, unit});
    stock->reported += reported;
    stock->local += local;
    stock->rows += live;
  }
  void tell(std::vector<SegmentChange>& changes, std::vector<LegChange>& legs) const noexcept {
    for (const Stock& stock : stocks_) {
      const int128 fx = moved(stock);
      if (fx == 0) continue;
      for (SegmentChange& change : changes)
        if (change.segment == stock.segment) change.fx += static_cast<std::int64_t>(fx);
      for (LegChange& change : legs)
        if (change.segment == stock.segment && change.leg == stock.leg)
          change.fx += static_cast<std::int64_t>(fx);
    }
  }

 private:
  struct Stock {
    std::uint32_t segment;
    std::int32_t leg, unit;
    std::int64_t reported = 0, local = 0, rows = 0;
    std::int64_t reported_before = 0, local_before = 0, rows_before = 0;
  };

  static int128 moved(const Stock& stock) noexcept {
    const std::int64_t stays = std::min(stock.local, stock.local_before);
    if (stays <= 0) return 0;
    const auto worth = [&](std::int64_t reported, std::int64_t local) {
      return divide_half_even(int128{stays} * reported, local);
    };
    const int128 fx = worth(stock.reported, stock.local) - worth(stock.reported_before, stock.local_before);
    // Every row was rounded to a micro-unit when it was converted: so much is no movement of rates.
    const int128 rounding = (stock.rows + stock.rows_before) / 2 + 1;
    return -rounding <= fx && fx <= rounding ? int128{0} : fx;
  }

  std::vector<Stock> stocks_;
};

}  // namespace tenure
