// Included by book.ipp: questions over periods and on one day.

namespace tenure {

namespace detail {

template <class Data>
Frame make_frame(const Data& data, const Periods& periods, const Cut& cut) {
  return {.periods = periods,
          .by = cut.by,
          .segments = cut.labels,
          .policy_digest = data.policy.digest(),
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

/// Gathers the level of one customer per segment, up to the end of a
/// Grid::until.
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

}  // namespace detail

TENURE_INLINE WaterfallState Book::waterfall_state(const Periods& periods,
                                                   const WaterfallOptions& options) const {
  const detail::Cut cut = detail::make_cut(*data_, options.by);
  const Grid grid = detail::make_grid(*data_, periods);
  detail::Accumulators empty;
  empty.bridge.emplace(detail::make_frame(*data_, periods, cut), grid, data_->policy.reporting,
                       data_->credits);
  return std::move(detail::sweep(*data_, grid, cut, empty, 1).bridge->close());
}

TENURE_INLINE NetRetentionState Book::net_retention_state(const Periods& periods,
                                                          const NetRetentionOptions& options) const {
  detail::check_horizon(options.horizon);
  const detail::Cut cut = detail::make_cut(*data_, options.by);
  const Grid grid = detail::make_grid(*data_, periods);
  detail::Accumulators empty;
  empty.retention.emplace(detail::make_frame(*data_, periods, cut), options.horizon, grid);
  return std::move(*detail::sweep(*data_, grid, cut, empty, options.horizon).retention).finish();
}

TENURE_INLINE TriangleState Book::triangle_state(const Periods& periods,
                                                 const TriangleOptions& options) const {
  const detail::Cut cut = detail::make_cut(*data_, options.by);
  const Grid grid = detail::make_grid(*data_, periods);
  detail::Accumulators empty;
  empty.triangle.emplace(detail::make_frame(*data_, periods, cut), grid);
  return std::move(*detail::sweep(*data_, grid, cut, empty, 1).triangle).finish();
}

TENURE_INLINE SummaryState Book::summary_state(const Periods& periods, const SummaryOptions& options) const {
  detail::check_horizon(options.horizon);
  const detail::Cut cut;
  const Grid grid = detail::make_grid(*data_, periods);
  const Frame frame = detail::make_frame(*data_, periods, cut);
  detail::Accumulators empty;
  empty.bridge.emplace(frame, grid, data_->policy.reporting, data_->credits);
  empty.retention.emplace(frame, options.horizon, grid);
  empty.triangle.emplace(frame, grid);
  detail::Accumulators all = detail::sweep(*data_, grid, cut, empty, options.horizon);
  return {std::move(all.bridge->close()), std::move(*all.retention).finish(),
          std::move(*all.triangle).finish()};
}

TENURE_INLINE SummaryState& SummaryState::operator+=(const SummaryState& other) {
  SummaryState sum = *this;
  sum.waterfall += other.waterfall;
  sum.net_retention += other.net_retention;
  sum.triangle += other.triangle;
  *this = std::move(sum);
  return *this;
}

TENURE_INLINE Waterfall Book::waterfall(const Periods& periods, const WaterfallOptions& options) const {
  Waterfall bridge = waterfall_state(periods, options).finish();
  if (policy().reporting.total_rounding == TotalRounding::minor) bridge.round(currency().exponent());
  return bridge;
}
TENURE_INLINE NetRetention Book::net_retention(const Periods& periods,
                                               const NetRetentionOptions& options) const {
  return net_retention_state(periods, options).finish();
}
TENURE_INLINE Triangle Book::triangle(const Periods& periods, const TriangleOptions& options) const {
  return triangle_state(periods, options).finish();
}
TENURE_INLINE Summary Book::summary(const Periods& periods, const SummaryOptions& options) const {
  Summary result = summary_state(periods, options).finish();
  if (policy().reporting.total_rounding == TotalRounding::minor)
    result.waterfall.round(currency().exponent());
  return result;
}

TENURE_INLINE Snapshot Book::mrr(Day at, const WaterfallOptions& options) const {
  const detail::Cut cut = detail::make_cut(*data_, options.by);
  const std::vector<Flow> empty(cut.labels.size());
  const auto totals =
      detail::read_levels(*data_, at, cut, data_->policy.reporting.grain, empty,
                          [](std::vector<Flow>& flows, std::span<const SegmentChange> levels) {
                            for (const SegmentChange& level : levels) {
                              flows[level.segment].amount += RunRate{level.after.annual};
                              flows[level.segment].customers += level.after.active ? 1 : 0;
                            }
                          });
  const std::vector<RunRateSum> no_discounts(cut.labels.size());
  Snapshot result{at, cut.by, cut.labels, empty, no_discounts, policy().digest(), currency()};
  for (const auto& flows : totals)
    for (std::size_t segment = 0; segment < flows.size(); ++segment) result.flows[segment] += flows[segment];
  for (const auto& [row, source] : data_->discounts) {
    const auto cut_short = data_->discounts_end.find(source);
    const Day end = cut_short == data_->discounts_end.end() ? row.end : std::min(row.end, cut_short->second);
    if (row.start <= at && at < end) result.discounts[cut(source)] += RunRate{row.annual};
  }
  if (policy().reporting.total_rounding == TotalRounding::minor)
    result.rounded_to = rounding_unit(LineRounding::minor, currency().exponent());
  return result;
}

TENURE_INLINE ConcentrationState Book::concentration_state(Day at,
                                                           const ConcentrationOptions& options) const {
  const auto totals =
      detail::read_levels(*data_, at, detail::Cut{}, Grain::customer,
                          ConcentrationState(options.top, policy().digest(), currency()),
                          [](ConcentrationState& state, std::span<const SegmentChange> levels) {
                            for (const SegmentChange& level : levels) state.add(RunRate{level.after.annual});
                          });
  ConcentrationState all(options.top, policy().digest(), currency());
  for (const ConcentrationState& part : totals) all += part;
  return all;
}
TENURE_INLINE Concentration Book::concentration(Day at, const ConcentrationOptions& options) const {
  return concentration_state(at, options).finish();
}

TENURE_INLINE NewProducts Book::new_products(const Periods& periods, int months) const {
  const Waterfall bridge = waterfall(periods, {.by = "product"});
  const detail::Cut cut = detail::make_cut(*data_, "product");
  std::vector<Day> launches(cut.labels.size(), open_end);
  for (std::size_t row = 0; row < data_->grouped->rows.size(); ++row) {
    const PackedRow& packed = data_->grouped->rows[row];
    if (packed.start >= packed.end) continue;
    Day& launch = launches[cut(data_->grouped->source[row])];
    launch = std::min(launch, packed.start);
  }
  return tenure::new_products(bridge, launches, months);
}

}  // namespace tenure
