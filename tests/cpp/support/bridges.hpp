#pragma once

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <tenure/revenue/waterfall.hpp>

/// MRR bridges written down line by line, without a book.
namespace tenure::test {

/// The movements of one segment in one month, in major units a month.
struct Month {
  double new_ = 0, expansion = 0, contraction = 0, churn = 0, reactivation = 0, fx = 0, transfer_in = 0,
         transfer_out = 0;
};

inline int128 annual_of(double monthly) {
  return static_cast<int128>(std::nearbyint(monthly * 12 * static_cast<double>(micros)));
}

/// Months from January 2024 on; `months[period][segment]`, openings by segment.
inline Waterfall bridge_of(const std::vector<double>& opening,
                           const std::vector<std::vector<Month>>& months) {
  const Day begin = days_from_civil(2024, 1, 1);
  const int count = static_cast<int>(months.size());
  Frame frame{.periods = Periods({}, begin, anniversary(begin, count) - 1)};
  if (opening.size() > 1) {
    frame.by = "plan";
    frame.segments.clear();
    for (std::size_t i = 0; i < opening.size(); ++i)
      frame.segments.push_back(std::string(1, char('a' + int(i))));
  }
  WaterfallState state(frame);
  std::vector<RunRateSum> level;
  for (const double one : opening) level.emplace_back(annual_of(one));
  for (std::size_t period = 0; period < months.size(); ++period)
    for (std::size_t segment = 0; segment < opening.size(); ++segment) {
      const Month& month = months[period][segment];
      const std::size_t row = frame.row(period, segment);
      state.add(Line::opening, row, level[segment], 0);
      for (const auto& [line, amount] :
           {std::pair(Line::new_, month.new_), std::pair(Line::expansion, month.expansion),
            std::pair(Line::contraction, month.contraction), std::pair(Line::churn, month.churn),
            std::pair(Line::reactivation, month.reactivation), std::pair(Line::fx, month.fx),
            std::pair(Line::transfer_in, month.transfer_in),
            std::pair(Line::transfer_out, month.transfer_out)}) {
        state.add(line, row, RunRateSum(annual_of(amount)), 0);
        level[segment].annual += sign_of(line) * annual_of(amount);
      }
      state.add(Line::closing, row, level[segment], 0);
    }
  return state.finish();
}

/// The same of one segment.
inline Waterfall bridge_of(double opening, const std::vector<Month>& months) {
  std::vector<std::vector<Month>> rows;
  for (const Month& month : months) rows.push_back({month});
  return bridge_of(std::vector<double>{opening}, rows);
}

}  // namespace tenure::test
