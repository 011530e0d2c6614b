#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "../../core/bootstrap.hpp"
#include "../../core/detail/confidence.hpp"
#include "../../core/random.hpp"
#include "../mrr_forecast.hpp"

namespace tenure {

namespace detail {

inline void check_forecast(const MrrForecastOptions& options) {
  if (options.periods < 1 || options.periods > 1200)
    throw_option({.code = "E_HORIZON",
                  .what = "periods=" + std::to_string(options.periods) + " is not from 1 to 1200",
                  .value = std::to_string(options.periods),
                  .remedy = "Say how many periods to forecast."});
  if (options.block < 1)
    throw_option({.code = "E_BLOCK",
                  .what = "block=" + std::to_string(options.block) + " is not above 0",
                  .value = std::to_string(options.block),
                  .remedy = "1 draws single periods, 3 three in a row."});
  require_replicates(options.replicates);
  require_confidence(options.confidence);
}

/// Above this many annual micro-units nothing is told: sums of what lies below stay exact in 128 bits.
inline constexpr double greatest_told = 0x1p100;
inline bool is_told(double annual) noexcept { return std::abs(annual) <= greatest_told; }

inline void require_paths(int replicates, std::size_t rows) {
  constexpr std::size_t most = std::size_t{1} << 27U;  // a GiB of doubles
  if (static_cast<std::size_t>(replicates) <= most / std::max<std::size_t>(rows, 1)) return;
  throw_option({.code = "E_BOOTSTRAP",
                .what = "replicates=" + std::to_string(replicates) + " of " + std::to_string(rows) +
                        " rows are more than the 2^27 values that are kept",
                .value = std::to_string(replicates),
                .remedy = "A thousand replicates are usual; or forecast fewer periods."});
}

/// Rolls levels forward with the rates of a period, line by line, in whole annual micro-units.
class Roll {
 public:
  Roll(const MovementRates& rates, NewBusiness kind) : rates_(&rates), segments_(rates.segments) {
    for (const auto& [name, line] : line_names)
      if (carried_as(line) != CarriedAs::state && (rates.of(line) != 0).any()) lines_.push_back(line);
    const std::size_t n = rates.count;
    if (kind == NewBusiness::level || n < 2) return;
    const double middle = static_cast<double>(n - 1) / 2;
    for (std::size_t segment = 0; segment < segments_; ++segment) {
      double product = 0, square = 0;
      for (std::size_t t = 0; t < n; ++t) {
        const double from_middle = static_cast<double>(t) - middle;
        product += from_middle * (rate(Line::new_, t, segment) - mean(Line::new_, segment));
        square += from_middle * from_middle;
      }
      slopes_.push_back(product / square);
    }
  }

  /// Amounts by line and segment, `step` periods after the history: with mean rates, or those of a period.
  void amounts(std::span<const double> opening, std::size_t step, const std::size_t* period,
               std::vector<double>& found) const {
    found.assign(line_count * segments_, 0.0);
    double transferred = 0;
    for (const Line line : lines_) {
      if (line == Line::transfer_in) continue;
      for (std::size_t segment = 0; segment < segments_; ++segment) {
        double value = period == nullptr ? mean(line, segment) : rate(line, *period, segment);
        if (carried_as(line) == CarriedAs::share_of_opening)
          value *= opening[segment];
        else if (line == Line::new_ && !slopes_.empty())
          value = std::max(0.0, value + slopes_[segment] * beyond(step, period));
        value = std::nearbyint(value);
        found[place(line, segment)] = value;
        if (line == Line::transfer_out) transferred += value;
      }
    }
    double left = transferred;
    for (std::size_t segment = 0; transferred > 0 && segment < segments_; ++segment) {
      const double share =
          period == nullptr ? mean(Line::transfer_in, segment) : rate(Line::transfer_in, *period, segment);
      const double value =
          segment + 1 == segments_ ? left : std::min(left, std::nearbyint(transferred * share));
      found[place(Line::transfer_in, segment)] = value;
      left -= value;
    }
  }
  /// What the amounts leave of the opening.
  double closing(double opening, const std::vector<double>& amounts, std::size_t segment) const noexcept {
    for (const Line line : lines_) opening += sign_of(line) * amounts[place(line, segment)];
    return opening;
  }
  std::size_t place(Line line, std::size_t segment) const noexcept {
    return static_cast<std::size_t>(line) * segments_ + segment;
  }

 private:
  double rate(Line line, std::size_t period, std::size_t segment) const {
    return rates_->of(line)(static_cast<Eigen::Index>(period), static_cast<Eigen::Index>(segment));
  }
  double mean(Line line, std::size_t segment) const {
    return rates_->mean(line)(static_cast<Eigen::Index>(segment));
  }
  /// Periods from where a rate was seen (a mean: in the middle of the history) to where it is used.
  double beyond(std::size_t step, const std::size_t* period) const noexcept {
    const auto count = static_cast<double>(rates_->count);
    return count + static_cast<double>(step) - (period ? static_cast<double>(*period) : (count - 1) / 2);
  }

  const MovementRates* rates_;
  std::size_t segments_;
  std::vector<Line> lines_ = {};     // those in which anything ever happened
  std::vector<double> slopes_ = {};  // of new business by segment; empty: it stays level
};

/// The periods of the history that one replicate goes through.
class DrawnPeriods {
 public:
  DrawnPeriods(std::size_t history, std::size_t block, RandomStream stream) : block_(block), stream_(stream) {
    pool_.resize((history + block - 1) / block);
    for (std::size_t& begin : pool_) begin = static_cast<std::size_t>(stream_.below(history - block + 1));
  }
  std::size_t operator()(std::size_t step) {
    if (step % block_ == 0) begin_ = pool_[static_cast<std::size_t>(stream_.below(pool_.size()))];
    return begin_ + step % block_;
  }

 private:
  std::size_t block_, begin_ = 0;
  RandomStream stream_;
  std::vector<std::size_t> pool_ = {};  // beginnings of the blocks of the resampled history
};

inline Frame next_frame(const Frame& frame, std::size_t known, int periods) {
  const Calendar& calendar = frame.periods.calendar();
  const Day begin = known == 0 ? frame.periods.begin() : frame.periods.end(known - 1);
  Frame next = frame;
  next.periods = Periods(calendar, begin, calendar.advance(begin, periods) - 1);
  return next;
}

/// What is paid when the forecast begins.
inline std::vector<double> last_levels(const Waterfall& bridge, std::size_t known) {
  std::vector<double> levels;
  for (std::size_t segment = 0; segment < bridge.frame.segments.size(); ++segment)
    levels.push_back(known == 0 ? annual(bridge, Line::opening, 0, segment)
                                : annual(bridge, Line::closing, known - 1, segment));
  return levels;
}

struct ExpectedBridge {
  Waterfall bridge;
  std::size_t told;  ///< rows before the first period that diverges
};
inline ExpectedBridge expected_bridge(const Roll& roll, Frame frame, std::vector<double> levels) {
  WaterfallState state(frame);
  std::vector<double> amounts;
  const auto whole = [](double value) { return RunRateSum(static_cast<int128>(value)); };
  std::size_t told = 0;
  bool diverges = !std::ranges::all_of(levels, is_told);
  for (std::size_t step = 0; step < frame.periods.size(); ++step) {
    if (!diverges) {
      roll.amounts(levels, step, nullptr, amounts);
      diverges = !std::ranges::all_of(amounts, is_told);
      for (std::size_t segment = 0; segment < levels.size(); ++segment)
        diverges = diverges || !is_told(roll.closing(levels[segment], amounts, segment));
    }
    if (diverges)
      amounts.assign(line_count * levels.size(), 0.0);
    else
      told = frame.row(step, levels.size() - 1) + 1;
    for (std::size_t segment = 0; segment < levels.size(); ++segment) {
      const std::size_t row = frame.row(step, segment);
      RunRateSum closing = step == 0 ? whole(is_told(levels[segment]) ? levels[segment] : 0)
                                     : state.at(Line::closing, frame.row(step - 1, segment)).amount;
      state.add(Line::opening, row, closing, 0);
      for (const auto& [name, line] : line_names) {
        const RunRateSum amount = whole(amounts[roll.place(line, segment)]);
        if (carried_as(line) != CarriedAs::state) state.add(line, row, amount, 0);
        closing.annual += sign_of(line) * (carried_as(line) == CarriedAs::state ? 0 : amount.annual);
      }
      state.add(Line::closing, row, closing, 0);
      levels[segment] = static_cast<double>(closing.annual);
    }
  }
  return {state.finish(), told};
}

/// The levels of a replicate after a step, infinite from where one of them diverges on.
inline void roll_on(const Roll& roll, std::size_t step, std::size_t period, std::vector<double>& amounts,
                    std::vector<double>& levels) {
  if (!std::ranges::all_of(levels, is_told)) return;
  roll.amounts(levels, step, &period, amounts);
  bool told = true;
  for (std::size_t segment = 0; segment < levels.size(); ++segment) {
    levels[segment] = roll.closing(levels[segment], amounts, segment);
    told = told && is_told(levels[segment]);
  }
  if (told) return;
  for (double& level : levels)
    level = level < 0 ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
}

}  // namespace detail

TENURE_INLINE std::string_view name_of(NewBusiness kind) noexcept {
  return kind == NewBusiness::level ? "level" : "trend";
}

TENURE_INLINE NewBusiness parse_new_business(std::string_view name) {
  static constexpr std::array<Named<NewBusiness>, 2> known{
      {{"level", NewBusiness::level}, {"trend", NewBusiness::trend}}};
  return parse_named<NewBusiness>(known, name, "new", "E_NEW");
}

TENURE_INLINE Estimate MrrForecast::closing(std::size_t row, double share) const {
  detail::require_confidence(share);
  if (const Undefined why = reason_of(row); why != Undefined::no) return {why, why, why};
  const auto value =
      static_cast<double>(bridge.exact[static_cast<std::size_t>(Line::closing)][row].amount.annual);
  if (limit_reason != Undefined::no) return {value, limit_reason, limit_reason};
  const auto column = paths.col(static_cast<Eigen::Index>(row));
  std::vector<double> values(column.begin(), column.end());
  const double tail = (1 - share) / 2;
  const double low = percentile(values, tail), high = percentile(values, 1 - tail);
  return {value, std::isfinite(low) ? Real(std::min(value, low)) : Real(Undefined::diverges),
          std::isfinite(high) ? Real(std::max(value, high)) : Real(Undefined::diverges)};
}

TENURE_INLINE MrrForecast mrr_forecast(const Waterfall& history, const MrrForecastOptions& options) {
  detail::check_forecast(options);
  MovementRates rates = movement_rates(history, options.history, options.known);
  const std::size_t known = options.known.value_or(history.frame.periods.size());
  const Frame frame = detail::next_frame(history.frame, known, options.periods);
  const std::vector<double> start = detail::last_levels(history, known);
  detail::require_paths(options.replicates, frame.rows());
  detail::ExpectedBridge expected =
      detail::expected_bridge(detail::Roll(rates, options.new_business), frame, start);
  MrrForecast found{.bridge = std::move(expected.bridge), .rates = std::move(rates)};
  found.told = expected.told;
  found.confidence = options.confidence;
  const std::size_t count = found.rates.count, block = static_cast<std::size_t>(options.block);
  if (count == 0) found.reason = Undefined::too_few;
  if (count < 2 || count / 2 < block) {
    found.limit_reason = Undefined::too_few;
    return found;
  }
  constexpr std::size_t at_once = 32;
  const auto replicates = static_cast<std::size_t>(options.replicates);
  const detail::Roll roll(found.rates, options.new_business);
  found.paths.resize(static_cast<Eigen::Index>(replicates), static_cast<Eigen::Index>(frame.rows()));
  parallel_for(options.execution, (replicates + at_once - 1) / at_once, [&](std::size_t task, int) {
    std::vector<double> amounts;
    for (std::size_t one = task * at_once; one < std::min(replicates, (task + 1) * at_once); ++one) {
      detail::DrawnPeriods drawn(count, block, RandomStream(options.seed, one));
      std::vector<double> levels = start;
      for (std::size_t step = 0; step < frame.periods.size(); ++step) {
        detail::roll_on(roll, step, drawn(step), amounts, levels);
        for (std::size_t segment = 0; segment < levels.size(); ++segment)
          found.paths(static_cast<Eigen::Index>(one), static_cast<Eigen::Index>(frame.row(step, segment))) =
              levels[segment];
      }
    }
  });
  return found;
}

}  // namespace tenure
