#include <algorithm>

#include "../../core/detail/frame.hpp"
#include "../../core/names.hpp"
#include "../cac.hpp"

namespace tenure {

namespace detail {

inline void require_one_currency(Currency spend, Currency book) {
  if (spend.set() && book.set() && spend != book)
    throw_input({.code = "E_CURRENCY_MIXED",
                 .what = std::string(book.code()) + " and " + std::string(spend.code()) +
                         " in one quotient: the book is in one, the spend in the other",
                 .value = std::string(spend.code()),
                 .remedy = "Give the currency of the book as the one to report in, and rates."});
}

/// The segments of a result: those of both sides, or the chosen ones, or all together.
inline std::vector<std::string> cac_segments(const std::vector<std::string>& all, const CacOptions& options) {
  if (!options.split) return {""};
  if (options.channels.empty()) return all;
  std::vector<std::string> chosen = options.channels;
  std::ranges::sort(chosen);
  chosen.erase(std::unique(chosen.begin(), chosen.end()), chosen.end());
  return chosen;
}

inline void require_channels(const std::vector<std::string>& all, const CacOptions& options) {
  std::vector<Named<bool>> known;
  for (const std::string& label : all) known.push_back({label, true});
  for (const std::string& label : options.channels) parse_named<bool>(known, label, "channels", "E_CHANNEL");
}

/// Adds cells by label: `from` has one for each of `labels` in every period.
template <class From, class Add>
void add_by_label(std::vector<Cac::Cell>& cells, const Cac& result, const std::vector<std::string>& labels,
                  const CacOptions& options, const From& from, Add&& add) {
  const std::vector<std::string>& segments = result.frame.segments;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const bool counts =
        options.channels.empty() || std::ranges::find(options.channels, labels[i]) != options.channels.end();
    if (!counts) continue;
    const std::size_t segment =
        options.split
            ? static_cast<std::size_t>(std::ranges::lower_bound(segments, labels[i]) - segments.begin())
            : 0;
    for (std::size_t period = 0; period < result.frame.periods.size(); ++period)
      add(cells[result.frame.row(period, segment)], from[period * labels.size() + i]);
  }
}

}  // namespace detail

TENURE_INLINE Real Cac::Cell::per_customer() const noexcept {
  if (!spend.known()) return spend.reason;
  return Ratio{spend.amount, int128{micros} * won.customers, Undefined::no_gain};
}

TENURE_INLINE Real Cac::Cell::per_new_mrr() const noexcept {
  if (!spend.known()) return spend.reason;
  return Ratio{12 * spend.amount, won.amount.annual, Undefined::no_gain};
}

TENURE_INLINE Cac cac(const Spend& spend, const Waterfall& bridge, const CacOptions& options) {
  return cac(spend, bridge.frame, bridge.exact[static_cast<std::size_t>(Line::new_)], options);
}

TENURE_INLINE Cac cac(const Spend& spend, const Frame& cut, std::span<const Flow> won,
                      const CacOptions& options) {
  if (cut.by.empty() && !options.channels.empty())
    throw_option({.code = "E_SEGMENT",
                  .what = "customers of some channels are asked for, and the bridge is not cut by channel",
                  .value = options.channels.front(),
                  .remedy = "Cut the bridge by the segment that holds the channel."});
  detail::require_one_currency(spend.currency(), cut.currency);
  const bool by_label = !cut.by.empty();
  const std::vector<std::string> all =
      by_label ? detail::merged_labels(spend.channels(), cut.segments) : std::vector<std::string>{""};
  if (by_label) detail::require_channels(all, options);

  Cac result{.frame = cut, .lag = options.lag, .cells = {}, .totals = {}, .known = {}};
  result.frame.currency = cut.currency.set() ? cut.currency : spend.currency();
  CacOptions asked = options;
  asked.split = options.split && by_label;
  result.frame.segments = detail::cac_segments(all, asked);
  if (!asked.split) result.frame.by.clear();
  result.cells.resize(result.frame.rows());

  const std::vector<Spent> spent = spend.totals(cut.periods, options.lag);
  const std::size_t channels = spend.channels().size(), segments = result.frame.segments.size();
  for (std::size_t row = 0; row < result.cells.size(); ++row)
    result.cells[row].spend.reason = spent[row / segments * channels].reason;
  // A bridge that is not cut takes the spend of all channels.
  const std::vector<std::string> labels =
      by_label ? spend.channels() : std::vector<std::string>(channels, "");
  detail::add_by_label(result.cells, result, labels, asked, spent,
                       [](Cac::Cell& cell, const Spent& from) { cell.spend.amount += from.amount; });
  detail::add_by_label(result.cells, result, cut.segments, asked, won,
                       [](Cac::Cell& cell, const Flow& from) { cell.won += from; });

  result.totals.resize(segments);
  result.known.resize(segments);
  for (std::size_t row = 0; row < result.cells.size(); ++row) {
    const Cac::Cell& cell = result.cells[row];
    if (!cell.spend.known()) continue;
    Cac::Cell& total = result.totals[row % segments];
    total.spend.amount += cell.spend.amount;
    total.won += cell.won;
    ++result.known[row % segments];
  }
  for (std::size_t segment = 0; segment < segments; ++segment)
    if (result.known[segment] == 0) result.totals[segment].spend.reason = result.cells[segment].spend.reason;
  return result;
}

TENURE_INLINE std::vector<CacEstimate> estimates(const Cac& cac, std::span<const Win> won,
                                                 const BootstrapOptions& options) {
  std::vector<CacEstimate> found;
  for (std::size_t segment = 0; segment < cac.totals.size(); ++segment) {
    std::vector<std::uint64_t> keys;
    std::vector<double> amounts;
    for (const Win& win : won) {
      if (win.segment != segment) continue;
      keys.push_back(win.key);
      amounts.push_back(static_cast<double>(win.amount.annual));
    }
    const auto count = static_cast<Eigen::Index>(keys.size());
    Eigen::ArrayXXd values = Eigen::ArrayXXd::Ones(count, 2);
    values.col(1) = Eigen::Map<const Eigen::ArrayXd>(amounts.data(), count);
    const BootstrapSums sums = bootstrap_sums(keys, values, options);
    const Cac::Cell& total = cac.totals[segment];
    const auto spent = static_cast<double>(total.spend.amount) / micros;
    const auto estimate = [&](Real exact, double cost, Eigen::Index over) {
      const Estimate resampled =
          sums.estimate([&](const Eigen::ArrayXd& of) { return divide(cost, of(over), Undefined::no_gain); });
      return exact.defined() ? Estimate{exact, resampled.lower, resampled.upper}
                             : Estimate{exact, exact, exact};
    };
    found.push_back(
        {estimate(total.per_customer(), spent, 0), estimate(total.per_new_mrr(), 12 * spent * micros, 1)});
  }
  return found;
}

}  // namespace tenure
