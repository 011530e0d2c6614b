// Included by book.ipp: what questions have in common, and what stands on one day.
#include "../core/digest.hpp"

namespace tenure {

namespace detail {

/// What results are computed under: the policy and the exchange rates, also where all rows that are known so
/// far are of one currency. The next may be of another, and shards add up whatever currencies they hold.
template <class Data>
std::string definition_digest(const Data& data) {
  if (data.options.rates == nullptr || data.only_currency) return data.policy.digest();
  const std::string both = data.policy.digest() + data.rates_digest;
  return hexadecimal(digest(both.data(), both.size()).high);
}

template <class Data>
Frame make_frame(const Data& data, const Periods& periods, const Cut& cut) {
  return {.periods = periods,
          .by = cut.by,
          .segments = cut.labels,
          .policy_digest = definition_digest(data),
          .currency = data.currency};
}

template <class Data>
Grid make_grid(const Data& data, const Periods& periods) {
  return {periods, data.earliest, data.policy.reporting.as_of == AsOf::period_start};
}

inline void check_horizon(int horizon) {
  if (horizon < 1 || horizon > 100'000)
    throw_option({.code = "E_HORIZON",
                  .what = "horizon=" + std::to_string(horizon) + " is not a number of periods (1..100000)",
                  .value = std::to_string(horizon)});
}

/// Gathers the levels of one customer by segment; they are those on the day of a Grid::until.
template <class Visit>
struct LevelReader {
  Visit visit;
  std::vector<SegmentChange> levels = {};

  void begin(std::size_t, std::span<const std::uint32_t>) noexcept {}
  void row(const PackedRow&, std::uint32_t) noexcept {}
  void moment(const Moment& moment) {
    for (const SegmentChange& change : moment.segments) {
      const auto known = std::find_if(levels.begin(), levels.end(), [&](const SegmentChange& level) {
        return level.segment == change.segment;
      });
      if (known == levels.end())
        levels.push_back(change);
      else
        known->after = change.after;
    }
  }
  void finish(std::span<const Step>) {
    visit(std::span<const SegmentChange>(levels));
    levels.clear();
  }
};

/// Calls visit(total, levels) for everything of a grain on day `at`, where total is a worker's own copy of
/// `empty`; returns the totals of all workers.
template <class Data, class Total, class Visit>
std::vector<Total> read_levels(const Data& data, Day at, const Cut& cut, Grain grain, const Total& empty,
                               Visit visit) {
  if (!is_representable(at))
    throw_input(
        {.code = "E_DATE_RANGE", .what = "the day is outside 1400-01-01..9999-12-31", .column = "at"});
  const Grid grid = Grid::until(data.earliest, at);
  const std::vector<Stretch> tasks = stretches(*data.grouped);
  const auto workers = static_cast<std::size_t>(worker_count(data.options.execution, tasks.size()));
  std::vector<Total> totals(workers, empty);
  const auto bind = [&](std::size_t worker) {
    return [&total = totals[worker], &visit](std::span<const SegmentChange> levels) { visit(total, levels); };
  };
  using Reader = LevelReader<decltype(bind(0))>;
  const EntityReader<Data, Reader> prototype(data, grid, cut, grain);
  std::vector<EntityReader<Data, Reader>> readers(workers, prototype);
  parallel_for(data.options.execution, tasks.size(), [&](std::size_t task, int worker) {
    const auto w = static_cast<std::size_t>(worker);
    Reader reader{bind(w)};
    for (std::uint32_t customer = tasks[task].first; customer < tasks[task].last; ++customer)
      readers[w].read(customer, reader);
  });
  return totals;
}

/// MRR and customers on one day.
template <class Data>
Snapshot snapshot(const Data& data, Day at, const std::string& by) {
  const Cut cut = make_cut(data, by);
  const std::vector<Flow> empty(cut.labels.size());
  const auto totals = read_levels(data, at, cut, data.policy.reporting.grain, empty,
                                  [](std::vector<Flow>& flows, std::span<const SegmentChange> levels) {
                                    for (const SegmentChange& level : levels) {
                                      flows[level.segment].amount += RunRate{level.after.annual};
                                      flows[level.segment].customers += level.after.active ? 1 : 0;
                                    }
                                  });
  const std::vector<RunRateSum> no_discounts(cut.labels.size());
  Snapshot result{at, cut.by, cut.labels, empty, no_discounts, definition_digest(data), data.currency};
  for (const auto& flows : totals)
    for (std::size_t segment = 0; segment < flows.size(); ++segment) result.flows[segment] += flows[segment];
  for (std::size_t i = 0; i < data.discounts.size(); ++i) {
    const auto& [row, source] = data.discounts[i];
    if (!data.stands(source)) continue;
    const auto cut_short = data.discounts_end.find(source);
    const Day end = cut_short == data.discounts_end.end() ? row.end : std::min(row.end, cut_short->second);
    const std::int64_t annual = data.reported_discounts.empty() ? row.annual : data.reported_discounts[i];
    if (row.start <= at && at < end) result.discounts[cut(source)] += RunRate{annual};
  }
  if (data.policy.reporting.total_rounding == TotalRounding::minor)
    result.rounded_to = rounding_unit(LineRounding::minor, data.currency.exponent());
  return result;
}

}  // namespace detail

}  // namespace tenure
