#include "../model/detail/intervals.hpp"
#include "../revenue/detail/churn_accumulator.hpp"

// Included by book.ipp: churn rates.

namespace tenure {

namespace detail {

/// Whether a contract that is live at `begin` renews or ends in [begin, end).
inline bool is_up_for_renewal(Phase contract, Interval interval, Day begin, Day end) {
  if (contract.start >= begin || contract.end < begin || interval.count < 1) return false;
  if (contract.end < end) return true;
  const Day once = after_interval(interval, contract.start) - contract.start;
  const int near = static_cast<int>((begin - contract.start) / std::max<Day>(once, 1));
  for (int times = std::max(1, near - 2); times <= near + 2; ++times) {
    const Day renewal = after_interval(interval, contract.start, times);
    if (renewal >= begin && renewal < end) return true;
  }
  return false;
}

/// Feeds a ChurnAccumulator, and tells it which windows hold a renewal.
template <class Data>
class ChurnReader {
 public:
  /// `bounds`: where each window begins, and where the last ends.
  ChurnReader(const Data& data, const Grid& grid, std::vector<Day> bounds)
      : data_(&data),
        bounds_(std::move(bounds)),
        windows_(grid, data.policy.reporting),
        by_renewal_(data.policy.reporting.churn_denominator == ChurnDenominator::up_for_renewal) {}

  void begin(std::size_t, std::span<const std::uint32_t> source) noexcept {
    windows_.begin();
    source_ = source;
    next_ = 0;
  }
  void row(const PackedRow& row, std::uint32_t) {
    const std::uint32_t source = source_[next_++];
    if (!by_renewal_ || row.annual == 0) return;
    // A discount or a pause may cut a row to pieces; what renews is the contract.
    const Phase contract = data_->phases.empty() ? Phase{row.start, row.end} : data_->phases[source];
    for (std::size_t window = 0; window + 1 < bounds_.size(); ++window)
      if (is_up_for_renewal(contract, data_->intervals[source], bounds_[window], bounds_[window + 1]))
        windows_.renews(window);
  }
  void moment(const Moment& moment) noexcept { windows_.moment(moment); }
  void finish(std::span<const Step> steps) noexcept { windows_.finish(steps); }

  ChurnAccumulator& windows() noexcept { return windows_; }

 private:
  const Data* data_;
  std::vector<Day> bounds_;
  ChurnAccumulator windows_;
  bool by_renewal_;
  std::span<const std::uint32_t> source_;
  std::size_t next_ = 0;
};

/// Reads all entities with one reader a worker; returns the readers.
template <class Data, class Reader>
std::vector<Reader> read_entities(const Data& data, const Grid& grid, Grain grain, const Reader& empty,
                                  const Cut& cut = {}) {
  const std::vector<Stretch> tasks = stretches(*data.grouped);
  const auto workers = static_cast<std::size_t>(worker_count(data.options.execution, tasks.size()));
  std::vector<Reader> readers(workers, empty);
  std::vector<EntityReader<Data, Reader>> entities(workers, {data, grid, cut, grain});
  parallel_for(data.options.execution, tasks.size(), [&](std::size_t task, int worker) {
    const auto w = static_cast<std::size_t>(worker);
    for (std::uint32_t customer = tasks[task].first; customer < tasks[task].last; ++customer)
      entities[w].read(customer, readers[w]);
  });
  return readers;
}

template <class Data>
std::vector<ChurnWindow> read_churn(const Data& data, const Grid& grid, const std::vector<Day>& bounds) {
  std::vector<ChurnReader<Data>> readers =
      read_entities(data, grid, data.policy.reporting.grain, ChurnReader<Data>(data, grid, bounds));
  for (std::size_t i = 1; i < readers.size(); ++i) readers[0].windows() += readers[i].windows();
  std::vector<ChurnWindow> windows = readers[0].windows().windows();
  for (std::size_t i = 0; i < windows.size(); ++i) {
    windows[i].begin = bounds[i];
    windows[i].end = bounds[i + 1];
  }
  return windows;
}

/// Where the window of each period begins, and where the last ends. Periods that are read on their first day
/// hold what happened since the first day of the period before.
inline std::vector<Day> window_bounds(const ReportingPolicy& policy, const Periods& periods) {
  if (policy.as_of == AsOf::period_end) return periods.bounds();
  std::vector<Day> bounds{periods.calendar().advance(periods.begin(), -1) + 1};
  for (std::size_t period = 0; period < periods.size(); ++period) bounds.push_back(periods.begin(period) + 1);
  return bounds;
}

/// The rolling window that ends with a period, or, where periods are read on their first day, with that day.
inline std::pair<Day, Day> rolling_window(const ReportingPolicy& policy, const Periods& periods,
                                          std::size_t period) noexcept {
  const Day end = policy.as_of == AsOf::period_end ? periods.end(period) : periods.begin(period) + 1;
  return {end - policy.window_days, end};
}

/// Adds the rates of the days of one period; absent if no day has one.
inline ChurnRates sum_rates(std::span<const ChurnWindow> days, const ReportingPolicy& policy) noexcept {
  ChurnRates sum;
  const auto add = [](std::optional<double>& to, std::optional<double> rate) {
    if (rate) to = to.value_or(0.0) + *rate;
  };
  for (const ChurnWindow& day : days) {
    const ChurnRates rates = churn_rates(day, policy);
    add(sum.customer, rates.customer);
    add(sum.mrr, rates.mrr);
    add(sum.gross_mrr, rates.gross_mrr);
    add(sum.net_mrr, rates.net_mrr);
  }
  return sum;
}

/// What happened on the days of one period; who was there is who was there on its first day.
inline ChurnWindow sum_days(std::span<const ChurnWindow> days) noexcept {
  ChurnWindow sum = days.front();
  for (const ChurnWindow& day : days.subspan(1)) {
    ChurnWindow events = day;
    events.opening = events.up_for_renewal = 0;
    events.opening_mrr = events.up_for_renewal_mrr = {};
    sum += events;
  }
  sum.end = days.back().end;
  return sum;
}

template <class Data>
Churn churn_of(const Data& data, const Periods& periods) {
  const ReportingPolicy& policy = data.policy.reporting;
  Churn result{periods, {}, {}};
  switch (policy.window) {
    case Window::calendar:
      result.windows = read_churn(data, make_grid(data, periods), window_bounds(policy, periods));
      break;
    case Window::rolling:
      for (std::size_t period = 0; period < periods.size(); ++period) {
        const auto [begin, end] = rolling_window(policy, periods, period);
        const Grid grid = Grid::between(periods.calendar(), data.earliest, begin, end);
        result.windows.push_back(read_churn(data, grid, {begin, end}).front());
      }
      break;
    case Window::daily_sum: {
      const Periods days({PeriodUnit::day, 1}, periods.begin(), periods.end() - 1);
      const auto windows = read_churn(data, make_grid(data, days), window_bounds(policy, days));
      for (std::size_t period = 0; period < periods.size(); ++period) {
        const auto first = static_cast<std::size_t>(periods.begin(period) - periods.begin());
        const auto count = static_cast<std::size_t>(periods.end(period) - periods.begin(period));
        const auto of_period = std::span(windows).subspan(first, count);
        result.windows.push_back(sum_days(of_period));
        result.rates.push_back(sum_rates(of_period, policy));
      }
      return result;
    }
  }
  for (const ChurnWindow& window : result.windows) result.rates.push_back(churn_rates(window, policy));
  return result;
}

}  // namespace detail

TENURE_INLINE Churn Book::churn(const Periods& periods) const {
  return detail::ask_comparable(*data_, periods, 1,
                                [&](const Data& data) { return detail::churn_of(data, periods); });
}

}  // namespace tenure
