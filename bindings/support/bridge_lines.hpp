#pragma once

#include "arrow_write.hpp"
#include "tenure/revenue/waterfall.hpp"

namespace tenure::python {

/// Lines that a bridge shows: those that its policy, its cut or its currencies never fill are left out.
struct ShownLines {
  bool pauses, transfers, fx;

  std::vector<Line> all() const {
    std::vector<Line> lines;
    for (const auto& [name, line] : line_names) {
      const bool pause = line == Line::paused || line == Line::resumed;
      const bool transfer = line == Line::transfer_in || line == Line::transfer_out;
      if ((pauses || !pause) && (transfers || !transfer) && (fx || line != Line::fx)) lines.push_back(line);
    }
    return lines;
  }
};

/// The amounts of a bridge as they are shown: exact, or rounded together so that the printed row still
/// closes. Decimals count minor units a month, all else annual micro-units.
class BridgeAmounts {
 public:
  BridgeAmounts(const Waterfall& bridge, MoneyFormat format) : bridge_(&bridge), format_(format) {
    if (format.decimal || rounds()) rounded_ = bridge.rounded(format.exponent);
  }

  int128 at(Line line, std::size_t row) const {
    const auto place = static_cast<std::size_t>(line);
    if (format_.decimal) return rounded_[place][row];
    return rounds() ? rounded_[place][row] * bridge_->rounded_to : bridge_->exact[place][row].amount.annual;
  }
  /// A column of amounts that at() gave, or of their differences; `amount` gives that of a row.
  template <class Amount>
  void add(Output& output, std::string name, const Amount& amount) const {
    const std::size_t rows = bridge_->frame.rows();
    if (format_.decimal) {
      Decimals decimals{.values = {}, .scale = format_.exponent};
      for (std::size_t row = 0; row < rows; ++row) decimals.values.push_back(amount(row));
      return output.add(std::move(name), std::move(decimals));
    }
    std::vector<RunRateSum> amounts;
    for (std::size_t row = 0; row < rows; ++row) amounts.emplace_back(amount(row));
    output.add_money(std::move(name), amounts, format_);
  }

 private:
  bool rounds() const noexcept { return bridge_->rounded_to > 1; }  // as the policy says

  const Waterfall* bridge_;
  MoneyFormat format_;
  std::array<std::vector<int128>, line_count> rounded_;
};

}  // namespace tenure::python
