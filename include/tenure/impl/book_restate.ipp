// Included by book.ipp: what changed between two days of knowledge.

namespace tenure {

namespace detail {

/// The first stretch of every row, and whose it is, by row of the caller's table.
struct RowIndex {
  explicit RowIndex(std::size_t count)
      : customer(count), there(count, 0), stretch(count, PackedRow{0, open_end, min_day}) {}
  std::vector<std::int64_t> customer;
  std::vector<std::uint8_t> there;  ///< 0 for rows that were left out
  std::vector<PackedRow> stretch;
};
inline void index_rows(const GroupedRows& rows, RowIndex& index) {
  for (std::size_t customer = 0; customer < rows.customers(); ++customer)
    for (std::uint32_t row = rows.begin[customer]; row < rows.begin[customer + 1]; ++row) {
      const std::uint32_t source = rows.source[row];
      PackedRow& stretch = index.stretch[source];
      index.customer[source] = rows.keys[customer];
      index.there[source] = 1;
      if (rows.rows[row].start < stretch.start) stretch.annual = rows.rows[row].annual;
      stretch.start = std::min(stretch.start, rows.rows[row].start);
      stretch.end = std::max(stretch.end, rows.rows[row].end);
    }
}

/// Which row stands in the place of which: of those that stand on one of two days only, the n-th that goes
/// and the n-th that comes of the same id, or else the same subscription, or the same customer.
template <class Data>
class Counterparts {
  using Key = std::pair<std::int64_t, std::int64_t>;

 public:
  Counterparts(const Data& data, const RowIndex& index, Day from, Day to) : data_(&data), index_(&index) {
    for (std::size_t row = 0; row < data.known.size(); ++row) {
      if (index.there[row] == 0) continue;
      const bool before = data.known[row].on(from), after = data.known[row].on(to);
      if (before != after) (before ? gone_ : come_)[key(row)].push_back(row);
    }
  }
  std::optional<std::int64_t> of(std::size_t row, bool gone) const {
    const auto& mine = gone ? gone_ : come_;
    const auto& theirs = gone ? come_ : gone_;
    const auto others = theirs.find(key(row));
    if (others == theirs.end()) return std::nullopt;
    const std::vector<std::size_t>& same = mine.at(key(row));
    const auto nth = static_cast<std::size_t>(std::lower_bound(same.begin(), same.end(), row) - same.begin());
    if (nth >= others->second.size()) return std::nullopt;
    return static_cast<std::int64_t>(others->second[nth]);
  }

 private:
  /// Ids of subscriptions need only be unique within a customer.
  Key key(std::size_t row) const {
    if (!data_->row_id.empty()) return {0, data_->row_id[row]};
    return {index_->customer[row], data_->has_subscriptions ? data_->subscription[row] : 0};
  }

  const Data* data_;
  const RowIndex* index_;
  std::map<Key, std::vector<std::size_t>> gone_, come_;
};

inline void check_restatement(const Restatement& restated, const std::vector<RunRateSum>& moved) {
  for (std::size_t period = 0; period < moved.size(); ++period) {
    const RunRateSum open = restated.after.at(Line::closing, period).amount -
                            restated.before.at(Line::closing, period).amount - moved[period];
    if (open != RunRateSum())
      throw IntegrityError(
          Fault{.code = "E_RESTATEMENT_OPEN",
                .what = "the customers of " + format_day(restated.after.frame.periods.begin(period)) +
                        " do not add up to what was restated: they differ by " + to_string(open.annual),
                .value = to_string(open.annual),
                .remedy = "This is a fault of tenure, not of the data: please report it."});
  }
}

}  // namespace detail

TENURE_INLINE Restatement Book::restatement(Day from, Day to, const Periods& periods) const {
  if (to < from)
    throw_option({.code = "E_WINDOW",
                  .what = "known from " + format_day(from) + " is after known to " + format_day(to),
                  .value = format_day(to),
                  .remedy = "Give the earlier day first."});
  const Book earlier = known_at(from), later = known_at(to);
  Restatement result{from, to, earlier.waterfall(periods), later.waterfall(periods), {}, {}};

  const Data& data = *data_;
  detail::RowIndex index(data.known.size());
  detail::index_rows(*data.current, index);
  detail::index_rows(*data.superseded, index);
  const detail::Counterparts<Data> counterparts(data, index, from, to);
  const auto id_of = [&](std::int64_t key) -> Id {
    if (data.text_ids) return data.customers->labels()[static_cast<std::size_t>(key)];
    return key;
  };
  std::map<std::int64_t, std::vector<std::int64_t>> rows_of;  // by customer
  for (std::size_t row = 0; row < data.known.size(); ++row) {
    const bool before = data.known[row].on(from), after = data.known[row].on(to);
    if (before == after || index.there[row] == 0 || !data.is_wanted(static_cast<std::uint32_t>(row)))
      continue;
    const std::int64_t key = index.customer[row];
    const auto other = counterparts.of(row, before);
    rows_of[key].push_back(static_cast<std::int64_t>(row));
    result.rows.push_back({.row = static_cast<std::int64_t>(row),
                           .customer = id_of(key),
                           .reason = other    ? Restated::corrected
                                     : before ? Restated::deleted
                                              : Restated::late,
                           .known_before = before,
                           .other = other,
                           .start = index.stretch[row].start,
                           .end = index.stretch[row].end,
                           .rate = RunRate{index.stretch[row].annual}});
  }

  // Customers none of whose rows changed can have changed only because rates became known.
  const bool by_rates = detail::is_foreign(*earlier.data_) || detail::is_foreign(*later.data_);
  const auto levels = [&](const Book& book) {
    std::map<std::pair<std::size_t, std::int64_t>, RunRateSum> all;
    Data some = *book.data_;
    some.local = nullptr;
    if (!by_rates)
      some.grouped = detail::choose_customers(some.grouped, some.options.execution, [&](std::int64_t key) {
                       return rows_of.contains(key);
                     }).rows;
    const Book touched(std::make_unique<Data>(std::move(some)));
    for (const Share& share : touched.shares({Metric::mrr, periods}).shares)
      all[{share.period, share.customer}] += RunRateSum(share.numerator);
    return all;
  };
  auto before = levels(earlier), after = levels(later);
  std::vector<RunRateSum> moved(periods.size());
  for (const auto& [cell, amount] : after) before.try_emplace(cell);
  for (const auto& [cell, amount] : before) {
    const auto& [period, key] = cell;
    const RunRateSum now = after[cell];
    if (now == amount) continue;
    moved[period] += now - amount;
    result.customers.push_back({period, id_of(key), amount, now, rows_of[key]});
  }
  std::sort(result.customers.begin(), result.customers.end(),
            [](const RestatedCustomer& a, const RestatedCustomer& b) {
              return std::tie(a.period, a.customer) < std::tie(b.period, b.customer);
            });
  detail::check_restatement(result, moved);
  return result;
}

}  // namespace tenure
