// Included by book.ipp: who is behind a number.

namespace tenure {

namespace detail {

constexpr std::string_view rule_of(Line line, const ReportingPolicy& policy) noexcept {
  switch (line) {
    case Line::opening:
      return "pays at the opening of the period";
    case Line::closing:
      return "pays at the closing of the period";
    case Line::new_:
      return policy.reactivation == Reactivation::as_new
                 ? "paid nothing at the opening, pays now (a return counts as new)"
                 : "paid nothing ever before, pays now";
    case Line::expansion:
      return "paid before and pays more";
    case Line::contraction:
      return "pays less than before, but pays";
    case Line::churn:
      return "paid before and pays nothing now";
    case Line::reactivation:
      return "paid once, then nothing, pays again";
    case Line::transfer_in:
      return "came from another segment of the same customer";
    case Line::transfer_out:
      return "went to another segment of the same customer";
  }
  return "";
}

/// Replays customers one by one into a bridge of their own: the explanation is made by the very code that
/// made the number.
class ExplainReader {
 public:
  explicit ExplainReader(BridgeAccumulator bridge) : bridge_(std::move(bridge)) {}

  void begin(std::size_t) noexcept { bridge_.clear(); }
  void row(const PackedRow& row, std::uint32_t segment) noexcept { bridge_.row(row, segment); }
  void moment(const Moment& moment) { bridge_.moment(moment); }
  void finish(std::span<const Step>) noexcept {}
  const WaterfallState& close() { return bridge_.close(); }

 private:
  BridgeAccumulator bridge_;
};

}  // namespace detail

TENURE_INLINE std::vector<ExplainedMovement> Book::explain(const Periods& periods, std::size_t period,
                                                           Line line, const WaterfallOptions& options,
                                                           std::string_view segment) const {
  if (period >= periods.size())
    throw_input({.code = "E_WINDOW",
                 .what = "period " + std::to_string(period) + " of " + std::to_string(periods.size()) +
                         " (they are counted from 0)",
                 .value = std::to_string(period),
                 .remedy = "Ask for a period of the result; Periods::index_of finds it by day."});
  const Periods one(periods.calendar(), periods.begin(period), periods.end(period) - 1);
  const detail::Cut cut = detail::make_cut(*data_, options.by);
  const Grid grid = detail::make_grid(*data_, one);
  const Frame frame = detail::make_frame(*data_, one, cut);
  std::size_t wanted = 0;
  if (!options.by.empty()) {
    std::vector<Named<std::size_t>> known;
    for (std::size_t i = 0; i < cut.labels.size(); ++i) known.push_back({cut.labels[i], i});
    wanted = parse_named<std::size_t>(known, segment, options.by, "E_SEGMENT");
  }
  // The events that can have moved a customer in the period, and the rows that were live at its ends.
  const bool at_start = data_->policy.reporting.as_of == AsOf::period_start;
  const Day until = at_start ? one.begin() + 1 : one.end();
  const Day since = at_start ? data_->policy.reporting.gap_days > 0
                                   ? data_->earliest
                                   : periods.calendar().advance(one.begin(), -1)
                             : one.begin();

  const std::vector<detail::Stretch> tasks = detail::stretches(*data_->grouped);
  const auto workers = static_cast<std::size_t>(worker_count(data_->options.execution, tasks.size()));
  std::vector<detail::ExplainReader> readers(workers,
                                             detail::ExplainReader({frame, grid, data_->policy.reporting}));
  std::vector<detail::EntityReader<Data, detail::ExplainReader>> entities(workers, {*data_, grid, cut});
  std::vector<std::vector<ExplainedMovement>> parts(workers);
  parallel_for(data_->options.execution, tasks.size(), [&](std::size_t task, int worker) {
    const auto w = static_cast<std::size_t>(worker);
    for (std::uint32_t customer = tasks[task].first; customer < tasks[task].last; ++customer) {
      entities[w].read(customer, readers[w]);
      const WaterfallState& bridge = readers[w].close();
      const Flow& flow = bridge.at(line, wanted);
      if (flow.amount.annual == 0 && flow.customers == 0) continue;
      ExplainedMovement movement{.customer = data_->id_of(customer),
                                 .movement = line,
                                 .opening = bridge.at(Line::opening, wanted).amount,
                                 .closing = bridge.at(Line::closing, wanted).amount,
                                 .amount = flow.amount,
                                 .rule = std::string(detail::rule_of(line, data_->policy.reporting)),
                                 .rows = {}};
      const auto rows = data_->grouped->rows_of(customer);
      const auto source = data_->grouped->source_of(customer);
      for (std::size_t i = 0; i < rows.size(); ++i)
        if (rows[i].start < until && rows[i].end >= since - data_->policy.reporting.gap_days)
          movement.rows.push_back(source[i]);
      std::sort(movement.rows.begin(), movement.rows.end());
      parts[w].push_back(std::move(movement));
    }
  });
  std::vector<ExplainedMovement> found;
  for (auto& part : parts)
    found.insert(found.end(), std::make_move_iterator(part.begin()), std::make_move_iterator(part.end()));
  std::sort(found.begin(), found.end(),
            [](const ExplainedMovement& a, const ExplainedMovement& b) { return a.customer < b.customer; });
  return found;
}

TENURE_INLINE std::vector<ExplainedRow> Book::explain_rows(std::span<const std::int64_t> rows) const {
  std::vector<std::int64_t> wanted(rows.begin(), rows.end());
  std::sort(wanted.begin(), wanted.end());
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  std::vector<ExplainedRow> found;
  for (std::size_t customer = 0; customer < data_->grouped->customers(); ++customer) {
    const auto source = data_->grouped->source_of(customer);
    const auto packed = data_->grouped->rows_of(customer);
    for (std::size_t i = 0; i < source.size(); ++i)
      if (std::binary_search(wanted.begin(), wanted.end(), static_cast<std::int64_t>(source[i])))
        found.push_back(
            {source[i], data_->id_of(customer), packed[i].start, packed[i].end, RunRate{packed[i].annual}});
  }
  std::sort(found.begin(), found.end(),
            [](const ExplainedRow& a, const ExplainedRow& b) { return a.row < b.row; });
  return found;
}

}  // namespace tenure
