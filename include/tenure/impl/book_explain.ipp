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
             : policy.netting == Netting::none ? "paid on no day before, pays now"
                                               : "paid at no closing before, pays now";
    case Line::expansion:
      return "paid before and pays more";
    case Line::contraction:
      return "pays less than before, but pays";
    case Line::churn:
      return "paid before and pays nothing now";
    case Line::reactivation:
      return "paid at an earlier closing, then nothing, pays again";
    case Line::paused:
      return "paid before, now all is on pause";
    case Line::resumed:
      return "all was on pause, pays again";
    case Line::fx:
      return "pays the same, worth more or less at other exchange rates";
    case Line::transfer_in:
      return "came from another segment of the same customer";
    case Line::transfer_out:
      return "went to another segment of the same customer";
  }
  return "";
}

/// What is asked: one line of one segment, and which rows can have had a part in it.
struct Asked {
  Line line;
  std::size_t segment;
  Day since, until;  ///< rows that end before `since` or start on or after `until` had none
};

/// Replays entities one by one into a bridge of their own: the explanation is made by the very code that made
/// the number.
template <class Data>
class ExplainReader {
 public:
  ExplainReader(const Data& data, BridgeAccumulator bridge, Asked asked)
      : data_(&data), bridge_(std::move(bridge)), asked_(asked) {}

  void begin(std::size_t customer, std::span<const std::uint32_t> source) {
    bridge_.clear();
    customer_ = customer;
    source_ = source;
    next_ = 0;
    rows_.clear();
  }
  void row(const PackedRow& row, std::uint32_t segment) {
    bridge_.row(row, segment);
    const std::uint32_t source = source_[next_++];
    const bool across = asked_.line == Line::transfer_in || asked_.line == Line::transfer_out;
    if ((across || segment == asked_.segment) && row.start < asked_.until && row.end >= asked_.since)
      rows_.push_back(source);
  }
  void moment(const Moment& moment) { bridge_.moment(moment); }
  void finish(std::span<const Step>) {
    const WaterfallState& bridge = bridge_.close();
    const Flow& flow = bridge.at(asked_.line, asked_.segment);
    if (flow == Flow{}) return;
    std::sort(rows_.begin(), rows_.end());
    found_.push_back({.customer = data_->id_of(customer_),
                      .subscription = subscription(),
                      .movement = asked_.line,
                      .opening = bridge.at(Line::opening, asked_.segment).amount,
                      .closing = bridge.at(Line::closing, asked_.segment).amount,
                      .amount = flow.amount,
                      .rule = std::string(rule_of(asked_.line, data_->policy.reporting)),
                      .rows = rows_});
  }
  std::vector<ExplainedMovement>& found() noexcept { return found_; }

 private:
  std::optional<Id> subscription() const {
    if (data_->policy.reporting.grain != Grain::subscription) return std::nullopt;
    const std::int64_t id = data_->subscription[source_.front()];
    if (data_->subscription.text) return data_->subscription.labels->labels()[static_cast<std::size_t>(id)];
    return id;
  }

  const Data* data_;
  BridgeAccumulator bridge_;
  Asked asked_;
  std::size_t customer_ = 0, next_ = 0;
  std::span<const std::uint32_t> source_;
  std::vector<std::int64_t> rows_;
  std::vector<ExplainedMovement> found_;
};

/// The rows that can have moved a customer in a period, or were live at its ends. Whether somebody is new
/// or came back is decided by all that was before.
inline Asked make_asked(const Periods& one, Line line, std::size_t segment, const ReportingPolicy& policy) {
  const bool by_history =
      line == Line::new_ || line == Line::reactivation || policy.gap_days > 0 || policy.gap_months > 0;
  if (policy.as_of == AsOf::period_end) return {line, segment, by_history ? min_day : one.begin(), one.end()};
  return {line, segment, by_history ? min_day : one.calendar().advance(one.begin(), -1), one.begin() + 1};
}

/// One line of the bridge of one period, customer by customer.
template <class Data>
std::vector<ExplainedMovement> explain_line(const Data& data, const Periods& one, Line line, const Cut& cut,
                                            std::size_t segment) {
  const Grid grid = make_grid(data, one);
  const ReportingPolicy& reporting = data.policy.reporting;
  using Reader = ExplainReader<Data>;
  const std::vector<Stretch> tasks = stretches(*data.grouped);
  const auto workers = static_cast<std::size_t>(worker_count(data.options.execution, tasks.size()));
  std::vector<Reader> readers(workers,
                              Reader(data, {make_frame(data, one, cut), grid, reporting, data.credits},
                                     make_asked(one, line, segment, reporting)));
  std::vector<EntityReader<Data, Reader>> entities(workers, {data, grid, cut, reporting.grain});
  parallel_for(data.options.execution, tasks.size(), [&](std::size_t task, int worker) {
    const auto w = static_cast<std::size_t>(worker);
    for (std::uint32_t customer = tasks[task].first; customer < tasks[task].last; ++customer)
      entities[w].read(customer, readers[w]);
  });
  std::vector<ExplainedMovement> found;
  for (Reader& reader : readers)
    std::move(reader.found().begin(), reader.found().end(), std::back_inserter(found));
  std::sort(found.begin(), found.end(), [](const ExplainedMovement& a, const ExplainedMovement& b) {
    return std::tie(a.customer, a.subscription) < std::tie(b.customer, b.subscription);
  });
  return found;
}

/// The part of a customer in the line fx, as bridge_of() makes it up: what rates put on top of the amounts
/// that movements are counted in, after and before.
class FxParts {
 public:
  /// `shown`: what of the explanation the stock is, if any.
  void add(const std::vector<ExplainedMovement>& stock, int sign,
           RunRateSum ExplainedMovement::* shown = nullptr) {
    for (const ExplainedMovement& one : stock) {
      auto [known, is_new] = parts_.try_emplace({one.customer, one.subscription}, one);
      ExplainedMovement& part = known->second;
      if (is_new) part.amount = part.opening = part.closing = {};
      part.amount += RunRateSum(sign * one.amount.annual);
      if (shown != nullptr) part.*shown = one.amount;
      if (!is_new) part.rows.insert(part.rows.end(), one.rows.begin(), one.rows.end());
    }
  }
  std::vector<ExplainedMovement> found() const {
    std::vector<ExplainedMovement> all;
    for (auto [id, part] : parts_) {
      if (part.amount == RunRateSum()) continue;
      part.movement = Line::fx;
      part.rule = rule_of(Line::fx, {});
      std::sort(part.rows.begin(), part.rows.end());
      part.rows.erase(std::unique(part.rows.begin(), part.rows.end()), part.rows.end());
      all.push_back(std::move(part));
    }
    return all;
  }

 private:
  std::map<std::pair<Id, std::optional<Id>>, ExplainedMovement> parts_;
};

/// What stands at the opening or closing of one period as it is reported.
template <class Data>
std::vector<ExplainedMovement> explain_stock(const Data& data, const Periods& one, Line line, const Cut& cut,
                                             std::size_t segment) {
  if (!floats(data)) return explain_line(data, one, line, cut, segment);
  const Periods of = line == Line::opening ? period_before(one) : one;
  return explain_line(at_closing_rates(data, of), one, line, cut, segment);
}

/// The same for a book of several currencies: every line at the rates that bridge_of() has it at.
template <class Data>
std::vector<ExplainedMovement> explain_foreign(const Data& data, const Periods& one, Line line,
                                               const Cut& cut, std::size_t segment) {
  const ReportingPolicy& policy = data.policy.reporting;
  const bool constant = policy.fx_movement == FxMovement::constant;
  if (!constant && !floats(data)) return explain_line(data, one, line, cut, segment);
  if (line == Line::opening || line == Line::closing) return explain_stock(data, one, line, cut, segment);
  const Data movements = constant ? at_rates(unconverted(data), policy.fx_movement_day,
                                             opening_from(policy, one), events_until(policy, one))
                                  : floating_period(data, one);
  if (line != Line::fx) return explain_line(movements, one, line, cut, segment);
  FxParts parts;
  if (constant || policy.fx_movement == FxMovement::in_movements) {
    parts.add(explain_stock(data, one, Line::closing, cut, segment), 1, &ExplainedMovement::closing);
    parts.add(explain_line(movements, one, Line::closing, cut, segment), -1);
    parts.add(explain_line(movements, one, Line::opening, cut, segment), 1);
  } else {
    parts.add(explain_line(movements, one, Line::opening, cut, segment), 1, &ExplainedMovement::closing);
  }
  parts.add(explain_stock(data, one, Line::opening, cut, segment), -1, &ExplainedMovement::opening);
  return parts.found();
}

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
  const Periods one = detail::one_period(periods, period);
  const detail::Cut cut = detail::make_cut(*data_, options.by);
  std::size_t wanted = 0;
  if (!options.by.empty()) {
    std::vector<Named<std::size_t>> known;
    for (std::size_t i = 0; i < cut.labels.size(); ++i) known.push_back({cut.labels[i], i});
    wanted = parse_named<std::size_t>(known, segment, options.by, "E_SEGMENT");
  }
  return detail::is_foreign(*data_) ? detail::explain_foreign(*data_, one, line, cut, wanted)
                                    : detail::explain_line(*data_, one, line, cut, wanted);
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
