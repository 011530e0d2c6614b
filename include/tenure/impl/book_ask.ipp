// Included by book.ipp: questions over periods and on one day.

namespace tenure {

namespace detail {

/// The book as questions over several periods read it: with rows of several currencies, at the rates of one
/// day, so that rates make nobody grow or shrink.
template <class Data, class Ask>
auto ask_comparable(const Data& data, const Periods& periods, int horizon, const Ask& ask) {
  check_horizon(horizon);
  return compares_at_rates(data) ? ask(comparable(unconverted(data), periods, horizon)) : ask(data);
}

/// The book as questions about one day read it.
template <class Data, class Ask>
auto ask_on(const Data& data, Day at, const Ask& ask) {
  if (!floats(data) || !is_representable(at)) return ask(data);
  const Day known = std::min(at, data.known_at);  // rates of later days were not known then
  return ask(at_rates(data, known, carried_from(data.policy.reporting, at), at + 1));
}

}  // namespace detail

TENURE_INLINE NetRetentionState Book::net_retention_state(const Periods& periods,
                                                          const NetRetentionOptions& options) const {
  return detail::ask_comparable(*data_, periods, options.horizon, [&](const Data& data) {
    const detail::Cut cut = detail::make_cut(data, options.by);
    const Grid grid = detail::make_grid(data, periods);
    detail::Accumulators empty;
    empty.retention.emplace(detail::make_frame(data, periods, cut), options.horizon, grid);
    return std::move(*detail::sweep(data, grid, cut, empty, options.horizon).retention).finish();
  });
}

TENURE_INLINE TriangleState Book::triangle_state(const Periods& periods,
                                                 const TriangleOptions& options) const {
  return detail::ask_comparable(*data_, periods, 1, [&](const Data& data) {
    const detail::Cut cut = detail::make_cut(data, options.by);
    const Grid grid = detail::make_grid(data, periods);
    detail::Accumulators empty;
    empty.triangle.emplace(detail::make_frame(data, periods, cut), grid);
    return std::move(*detail::sweep(data, grid, cut, empty, 1).triangle).finish();
  });
}

TENURE_INLINE SummaryState Book::summary_state(const Periods& periods, const SummaryOptions& options) const {
  const detail::Cut cut;
  const bool foreign = detail::is_foreign(*data_);
  SummaryState state =
      detail::ask_comparable(*data_, periods, options.horizon, [&](const Data& data) -> SummaryState {
        const Grid grid = detail::make_grid(data, periods);
        const Frame frame = detail::make_frame(data, periods, cut);
        detail::Accumulators empty;
        empty.bridge.emplace(frame, grid, data.policy.reporting, data.credits);
        empty.retention.emplace(frame, options.horizon, grid);
        empty.triangle.emplace(frame, grid);
        detail::Accumulators all = detail::sweep(data, grid, cut, empty, options.horizon);
        return {std::move(all.bridge->close()), std::move(*all.retention).finish(),
                std::move(*all.triangle).finish()};
      });
  if (foreign) state.waterfall = waterfall_state(periods);
  return state;
}

TENURE_INLINE SummaryState& SummaryState::operator+=(const SummaryState& other) {
  SummaryState sum = *this;
  sum.waterfall += other.waterfall;
  sum.net_retention += other.net_retention;
  sum.triangle += other.triangle;
  *this = std::move(sum);
  return *this;
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
  return detail::ask_on(*data_, at, [&](const Data& data) { return detail::snapshot(data, at, options.by); });
}

TENURE_INLINE ConcentrationState Book::concentration_state(Day at,
                                                           const ConcentrationOptions& options) const {
  return detail::ask_on(*data_, at, [&](const Data& data) {
    const ConcentrationState empty(options.top, detail::definition_digest(data), currency());
    const auto totals =
        detail::read_levels(data, at, detail::Cut{}, Grain::customer, empty,
                            [](ConcentrationState& state, std::span<const SegmentChange> levels) {
                              for (const SegmentChange& level : levels)
                                state.add(RunRate{level.after.annual});
                            });
    ConcentrationState all = empty;
    for (const ConcentrationState& part : totals) all += part;
    return all;
  });
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
