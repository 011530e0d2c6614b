// Included by book.ipp: what each customer adds to a figure.

namespace tenure {

namespace detail {

/// Turns the timeline of one entity after the other into shares.
class ShareCollector {
 public:
  ShareCollector(const Question& question, const Grid& grid)
      : metric_(question.metric),
        horizon_(static_cast<std::size_t>(question.horizon)),
        first_(grid.first()),
        periods_(question.periods()) {}

  void begin(std::int64_t customer) noexcept { customer_ = customer; }

  void levels(std::span<const Step> steps) {
    const std::size_t back = metric_ == Metric::nrr || metric_ == Metric::grr ? horizon_ : 0;
    std::size_t now = 0, past = 0;
    Level closing, opening;
    for (std::size_t period = 0; period < periods_; ++period) {
      const std::size_t slot = first_ + period;
      while (now < steps.size() && steps[now].slot <= slot) closing = steps[now++].level;
      while (past < steps.size() && steps[past].slot + back <= slot) opening = steps[past++].level;
      put(period, opening, closing);
    }
  }
  void windows(const std::vector<ChurnWindow>& windows, const ReportingPolicy& policy) {
    for (std::size_t period = 0; period < windows.size(); ++period) put(period, windows[period], policy);
  }
  std::vector<Share>& shares() noexcept { return shares_; }

 private:
  void put(std::size_t period, Level opening, Level closing) {
    switch (metric_) {
      case Metric::mrr:
        return put(period, closing.annual, 0);
      case Metric::customers:
        return put(period, closing.active ? 1 : 0, 0);
      case Metric::nrr:
        return opening.active ? put(period, closing.annual, opening.annual) : void();
      case Metric::grr:
        return opening.active ? put(period, std::min(closing.annual, opening.annual), opening.annual)
                              : void();
      default:
        return;
    }
  }
  void put(std::size_t period, const ChurnWindow& window, const ReportingPolicy& policy) {
    const ChurnParts parts = metric_ == Metric::customer_churn ? customer_churn_parts(window, policy)
                                                               : gross_mrr_churn_parts(window, policy);
    put(period, parts.numerator, parts.denominator);
  }
  void put(std::size_t period, int128 numerator, int128 denominator) {
    if (numerator == 0 && denominator == 0) return;
    shares_.push_back({static_cast<std::uint32_t>(period), customer_, numerator, denominator});
  }

  Metric metric_;
  std::size_t horizon_, first_, periods_;
  std::int64_t customer_ = 0;
  std::vector<Share> shares_;
};

/// Reads levels, or churn windows, of one entity after the other.
template <class Data>
class ShareReader {
 public:
  ShareReader(const Data& data, const Question& question, const Grid& grid, const std::vector<Day>& bounds)
      : data_(&data),
        churn_(data, grid, bounds),
        collector_(question, grid),
        reads_churn_(question.metric == Metric::customer_churn ||
                     question.metric == Metric::gross_mrr_churn) {}

  void begin(std::size_t customer, std::span<const std::uint32_t> source) {
    collector_.begin(data_->grouped->keys[customer]);
    if (!reads_churn_) return;
    churn_.windows().clear();
    churn_.begin(customer, source);
  }
  void row(const PackedRow& row, std::uint32_t segment) {
    if (reads_churn_) churn_.row(row, segment);
  }
  void moment(const Moment& moment) noexcept {
    if (reads_churn_) churn_.moment(moment);
  }
  void finish(std::span<const Step> steps) {
    if (!reads_churn_) return collector_.levels(steps);
    churn_.finish(steps);
    collector_.windows(churn_.windows().windows(), data_->policy.reporting);
  }
  std::vector<Share>& shares() noexcept { return collector_.shares(); }

 private:
  const Data* data_;
  ChurnReader<Data> churn_;
  ShareCollector collector_;
  bool reads_churn_;
};

template <class Data>
void append_shares(const Data& data, const Question& question, const Grid& grid,
                   const std::vector<Day>& bounds, std::uint32_t first_period, std::vector<Share>& into) {
  for (auto& reader : read_entities(data, grid, data.policy.reporting.grain,
                                    ShareReader<Data>(data, question, grid, bounds)))
    for (Share share : reader.shares()) {
      share.period += first_period;
      into.push_back(share);
    }
}

/// Sorted, one per customer and period: the entities of a customer are added up.
inline void settle(std::vector<Share>& shares) {
  const auto key = [](const Share& share) { return std::tie(share.period, share.customer); };
  std::sort(shares.begin(), shares.end(), [&](const Share& a, const Share& b) { return key(a) < key(b); });
  std::size_t kept = 0;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    if (kept > 0 && key(shares[kept - 1]) == key(shares[i])) {
      shares[kept - 1].numerator += shares[i].numerator;
      shares[kept - 1].denominator += shares[i].denominator;
    } else {
      shares[kept++] = shares[i];
    }
  }
  shares.resize(kept);
}

template <class Data>
Shares shares_of(const Data& data, const Question& question) {
  const ReportingPolicy& policy = data.policy.reporting;
  const auto* periods = std::get_if<Periods>(&question.when);
  const bool churn = question.metric == Metric::customer_churn || question.metric == Metric::gross_mrr_churn;
  check_horizon(question.horizon);
  if (periods == nullptr && is_share(question.metric))
    throw_option({.code = "E_WINDOW",
                  .what = std::string(name_of(question.metric)) + " is of a period, not of one day",
                  .remedy = "Ask for a month, or for a span of periods."});
  if (churn && policy.window == Window::daily_sum)
    throw_option({.code = "E_POLICY_INCOMPARABLE",
                  .what =
                      "window='daily_sum' adds up rates of single days, which have no base in common with "
                      "a rate of a period",
                  .value = "daily_sum",
                  .remedy = "Compare mrr or nrr, or set window to calendar in that policy."});
  Shares result;
  if (data.text_ids)
    result.labels = std::make_shared<const std::vector<std::string>>(data.customers->labels());
  if (policy.total_rounding == TotalRounding::minor && question.metric == Metric::mrr)
    result.rounded_to = rounding_unit(LineRounding::minor, data.currency.exponent());
  if (periods == nullptr) {
    const Day at = std::get<Day>(question.when);
    if (!is_representable(at))
      throw_input({.code = "E_DATE_RANGE",
                   .what = "the day is outside 1400-01-01..9999-12-31",
                   .column = "at",
                   .value = std::to_string(at),
                   .remedy = "Ask for a day of the data."});
    append_shares(data, question, Grid::until(data.earliest, at), {at, at + 1}, 0, result.shares);
  } else if (churn && policy.window == Window::rolling) {
    for (std::size_t period = 0; period < periods->size(); ++period) {
      const auto [begin, end] = rolling_window(policy, *periods, period);
      const Question one{question.metric, begin, question.horizon};
      append_shares(data, one, Grid::between(periods->calendar(), data.earliest, begin, end), {begin, end},
                    static_cast<std::uint32_t>(period), result.shares);
    }
  } else {
    append_shares(data, question, make_grid(data, *periods), window_bounds(policy, *periods), 0,
                  result.shares);
  }
  settle(result.shares);
  return result;
}

/// What stands at the end of each period, at the rates of its day.
template <class Data>
Shares floating_shares(const Data& data, const Question& question) {
  const Periods& periods = std::get<Periods>(question.when);
  Shares all;
  for (std::size_t period = 0; period < periods.size(); ++period) {
    const Periods one = one_period(periods, period);
    Shares part = shares_of(at_closing_rates(data, one), {question.metric, one, question.horizon});
    for (Share& share : part.shares) share.period = static_cast<std::uint32_t>(period);
    part.shares.insert(part.shares.begin(), all.shares.begin(), all.shares.end());
    all = std::move(part);
  }
  return all;
}

}  // namespace detail

TENURE_INLINE Shares Book::shares(const Question& question) const {
  const auto* over = std::get_if<Periods>(&question.when);
  const bool stock = question.metric == Metric::mrr || question.metric == Metric::customers;
  if (over != nullptr && stock)
    return detail::floats(*data_) ? detail::floating_shares(*data_, question)
                                  : detail::shares_of(*data_, question);
  const auto ask = [&](const Data& data) { return detail::shares_of(data, question); };
  return over == nullptr ? detail::ask_on(*data_, std::get<Day>(question.when), ask)
                         : detail::ask_comparable(*data_, *over, question.horizon, ask);
}

}  // namespace tenure
