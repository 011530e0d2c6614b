// Included by book.ipp: what each customer did, as rows of its own.
#include "../economics/customer_totals.hpp"
#include "../revenue/retention_interval.hpp"

namespace tenure {

namespace detail {

/// A stay of one customer: slots of a grid of days.
struct Stay {
  std::size_t customer;
  Slot begin;
  Slot end;  ///< the grid's beyond() where it did not end
  std::uint32_t segment;
};

/// Collects stays, each with the segment in which the customer paid most at its start or, `at_end`, with that
/// of the row that ended last.
class StayReader {
 public:
  StayReader(const Grid& grid, Stays stays, bool at_end) : grid_(&grid), stays_(stays), at_end_(at_end) {}

  void begin(std::size_t customer, std::span<const std::uint32_t>) noexcept {
    customer_ = customer;
    ends_.clear();
  }
  void row(const PackedRow& row, std::uint32_t segment) {
    if (at_end_ && row.start < row.end) ends_.push_back({row.end, segment});
  }
  void moment(const Moment&) noexcept {}

  void finish(std::span<const Step> steps) {
    const std::size_t first = found_.size();
    bool inside = false;
    for (const Step& step : steps) {
      if (step.level.active == inside) continue;
      inside = step.level.active;
      if (!inside) {
        found_.back().end = step.slot;
        if (stays_ == Stays::first) break;
      } else if (found_.size() > first && stays_ == Stays::whole) {
        found_.back().end = grid_->beyond();
      } else {
        found_.push_back({customer_, step.slot, grid_->beyond(), step.home});
      }
    }
    if (!at_end_) return;
    for (std::size_t i = first; i < found_.size(); ++i) found_[i].segment = last_segment(found_[i].end);
  }

  std::vector<Stay>& found() noexcept { return found_; }

 private:
  struct End {
    Day day;
    std::uint32_t segment;
  };

  /// Ties: the label that sorts first.
  std::uint32_t last_segment(Slot end) const noexcept {
    const End* last = nullptr;
    for (const End& candidate : ends_)
      if ((*grid_)[candidate.day] <= end &&
          (last == nullptr || candidate.day > last->day ||
           (candidate.day == last->day && candidate.segment < last->segment)))
        last = &candidate;
    return last == nullptr ? 0 : last->segment;
  }

  const Grid* grid_;
  Stays stays_;
  bool at_end_;
  std::size_t customer_ = 0;
  std::vector<End> ends_;
  std::vector<Stay> found_;
};

/// Found by all readers, sorted by customer: in an order that does not depend on the number of threads.
template <class Reader>
auto all_found(std::vector<Reader>& readers) {
  auto all = std::move(readers[0].found());
  for (std::size_t i = 1; i < readers.size(); ++i)
    all.insert(all.end(), readers[i].found().begin(), readers[i].found().end());
  std::ranges::stable_sort(all, {}, [](const auto& found) { return found.customer; });
  return all;
}

template <class Data>
std::vector<Stay> read_stays(const Data& data, const Grid& grid, Stays stays, bool at_end, const Cut& cut) {
  auto readers = read_entities(data, grid, Grain::customer, StayReader(grid, stays, at_end), cut);
  return all_found(readers);
}

template <class Data>
Lifetimes lifetimes_of(const Data& data, const LifetimeOptions& options) {
  Lifetimes lives;
  lives.by = options.by;
  lives.segments.resize(options.by.size());
  std::vector<Cut> cuts;
  for (const std::string& by : options.by) cuts.push_back(make_cut(data, by));
  const Cut reason = options.reason.empty() ? Cut{} : make_cut(data, options.reason);
  if (data.earliest > options.until) return lives;
  const Grid grid(Periods({PeriodUnit::day}, data.earliest, options.until), data.earliest, false);
  const auto day_of = [&](Slot slot) { return data.earliest + static_cast<Day>(slot); };

  const std::vector<Stay> stays =
      read_stays(data, grid, options.stays, false, cuts.empty() ? Cut{} : cuts.front());
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < stays.size(); ++i)
    if (day_of(stays[i].end) > options.from) order.push_back(i);
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return data.id_of(stays[i].customer); });
  for (const std::size_t i : order) {
    const Day start = day_of(stays[i].begin);
    lives.customer.push_back(data.id_of(stays[i].customer));
    lives.start.push_back(start);
    lives.end.push_back(day_of(stays[i].end));
    lives.ended.push_back(stays[i].end != grid.beyond() ? 1 : 0);
    lives.entry.push_back(options.from > start ? std::int64_t{options.from} - start : 0);
  }
  for (std::size_t column = 0; column < cuts.size(); ++column) {
    const std::vector<Stay> found =
        column == 0 ? stays : read_stays(data, grid, options.stays, false, cuts[column]);
    for (const std::size_t i : order) lives.segments[column].push_back(cuts[column].labels[found[i].segment]);
  }
  if (!options.reason.empty()) {
    const std::vector<Stay> found = read_stays(data, grid, options.stays, true, reason);
    for (const std::size_t i : order)
      lives.reasons.push_back(found[i].end != grid.beyond() ? reason.labels[found[i].segment] : "");
  }
  return lives;
}

struct FoundTotal {
  std::size_t customer;
  CustomerTotal total;
};

/// Adds up what each customer did from closing to closing.
class TotalsReader {
 public:
  explicit TotalsReader(const Grid& grid) : grid_(&grid) {}

  void begin(std::size_t customer, std::span<const std::uint32_t>) noexcept { customer_ = customer; }
  void row(const PackedRow&, std::uint32_t) noexcept {}
  void moment(const Moment&) noexcept {}

  void finish(std::span<const Step> steps) {
    CustomerTotal total;
    std::size_t at = 0;
    bool ever = false;
    Step now{};
    const auto advance = [&](std::size_t slot) {
      for (; at < steps.size() && steps[at].slot <= slot; ++at) {
        now = steps[at];
        if (now.level.active && slot >= grid_->first()) total.segment = now.home;
      }
    };
    if (grid_->first() > 0) advance(grid_->first() - 1);
    for (std::size_t i = 0; i < at; ++i) ever = ever || steps[i].level.active;
    if (now.level.active) total.segment = now.home;
    for (std::size_t slot = grid_->first(); slot < grid_->size(); ++slot) {
      const Level opening = now.level;
      advance(slot);
      add(total, opening, now.level, ever);
      ever = ever || now.level.active;
    }
    if (now.level.active) total.closing = RunRate{now.level.annual};
    if (total.exposed > 0 || total.active > 0) found_.push_back({customer_, total});
  }

  std::vector<FoundTotal>& found() noexcept { return found_; }

 private:
  static void add(CustomerTotal& total, const Level& opening, const Level& closing, bool ever) {
    if (closing.active) {
      ++total.active;
      total.paid += RunRate{closing.annual};
      if (!ever) {
        total.started = 1;
        total.started_with = RunRate{closing.annual};
      } else if (!opening.active) {
        total.reactivated += RunRate{closing.annual};
      }
    }
    if (!opening.active) return;
    ++total.exposed;
    total.opening += RunRate{opening.annual};
    if (!closing.active) {
      ++total.lost;
      total.churned += RunRate{opening.annual};
    } else if (closing.annual < opening.annual) {
      total.contracted += RunRate{opening.annual - closing.annual};
    } else {
      total.expanded += RunRate{closing.annual - opening.annual};
    }
  }

  const Grid* grid_;
  std::size_t customer_ = 0;
  std::vector<FoundTotal> found_;
};

/// What a customer (or subscription) paid at the opening of one horizon and at its end.
struct Kept {
  std::size_t customer;
  std::uint32_t segment;
  std::int64_t opening, closing;
  bool stays;
};

/// Collects who paid `horizon` periods before the one period of the grid.
class KeptReader {
 public:
  KeptReader(const Grid& grid, int horizon)
      : last_(grid.size() - 1), horizon_(static_cast<std::size_t>(horizon)) {}

  void begin(std::size_t customer, std::span<const std::uint32_t>) noexcept { customer_ = customer; }
  void row(const PackedRow&, std::uint32_t) noexcept {}
  void moment(const Moment&) noexcept {}
  void finish(std::span<const Step> steps) {
    Step opening{}, closing{};
    for (const Step& step : steps) {
      if (step.slot + horizon_ <= last_) opening = step;
      if (step.slot <= last_) closing = step;
    }
    if (opening.level.active)
      found_.push_back(
          {customer_, opening.home, opening.level.annual, closing.level.annual, closing.level.active});
  }
  std::vector<Kept>& found() noexcept { return found_; }

 private:
  std::size_t last_, horizon_, customer_ = 0;
  std::vector<Kept> found_;
};

/// Intervals of one period, by segment. Equal keys have equal weights, so subscriptions of one customer come
/// and go together.
template <class Data>
void estimate_period(const Data& data, const Periods& period, int horizon, const Cut& cut,
                     const BootstrapOptions& options, std::span<RetentionEstimate> cells) {
  const Grid grid = make_grid(data, period);
  auto readers = read_entities(data, grid, data.policy.reporting.grain, KeptReader(grid, horizon), cut);
  const std::vector<Kept> all = all_found(readers);
  for (std::size_t segment = 0; segment < cells.size(); ++segment) {
    std::vector<std::uint64_t> keys;
    std::vector<double> values;
    for (const Kept& kept : all) {
      if (kept.segment != segment) continue;
      keys.push_back(random_key(data.id_of(kept.customer)));
      const auto opening = static_cast<double>(kept.opening), closing = static_cast<double>(kept.closing);
      values.insert(values.end(),
                    {opening, closing, std::min(opening, closing), 1.0, kept.stays ? 1.0 : 0.0});
    }
    const Eigen::Map<const Eigen::Array<double, 5, Eigen::Dynamic>> columns(
        values.data(), 5, static_cast<Eigen::Index>(keys.size()));
    const BootstrapSums sums = bootstrap_sums(keys, columns.transpose(), options);
    const auto interval = [&](Estimate& estimate, Eigen::Index over, Eigen::Index base) {
      const Estimate found = sums.estimate(
          [&](const Eigen::ArrayXd& of) { return divide(of(over), of(base), Undefined::empty_base); });
      estimate.lower = found.lower;
      estimate.upper = found.upper;
    };
    interval(cells[segment].nrr, 1, 0);
    interval(cells[segment].grr, 2, 0);
    interval(cells[segment].logo_retention, 4, 3);
  }
}

}  // namespace detail

TENURE_INLINE Lifetimes Book::lifetimes(const LifetimeOptions& options) const {
  return detail::lifetimes_of(*data_, options);
}

TENURE_INLINE CustomerTotals Book::customer_totals(const Periods& periods, const std::string& by) const {
  return detail::ask_comparable(*data_, periods, 1, [&](const Data& data) {
    const detail::Cut cut = detail::make_cut(data, by);
    const Grid grid = detail::make_grid(data, periods);
    auto readers = detail::read_entities(data, grid, Grain::customer, detail::TotalsReader(grid), cut);
    CustomerTotals totals{.periods = periods, .by = by, .segments = cut.labels, .customers = {}};
    for (detail::FoundTotal& found : detail::all_found(readers)) {
      found.total.customer = data.id_of(found.customer);
      totals.customers.push_back(std::move(found.total));
    }
    std::ranges::sort(totals.customers, {}, &CustomerTotal::customer);
    return totals;
  });
}

TENURE_INLINE RetentionEstimates Book::retention_estimates(const Periods& periods,
                                                           const NetRetentionOptions& options,
                                                           const BootstrapOptions& bootstrap) const {
  const NetRetention exact = net_retention(periods, options);
  RetentionEstimates estimates{.frame = exact.frame, .cells = {}};
  for (const Retention& cell : exact.windows) {
    const auto alone = [](const Ratio& ratio) { return Estimate{ratio, ratio, ratio}; };
    estimates.cells.push_back({alone(cell.nrr()), alone(cell.grr()), alone(cell.logo_retention())});
  }
  BootstrapOptions resampled = bootstrap;
  if (resampled.execution.threads == 0) resampled.execution.threads = data_->options.execution.threads;
  detail::ask_comparable(*data_, periods, options.horizon, [&](const Data& data) {
    const detail::Cut cut = detail::make_cut(data, options.by);
    const std::size_t segments = cut.labels.size();
    for (std::size_t period = 0; period < periods.size(); ++period)
      detail::estimate_period(data, detail::one_period(periods, period), options.horizon, cut, resampled,
                              std::span(estimates.cells).subspan(period * segments, segments));
    return true;
  });
  return estimates;
}

}  // namespace tenure
