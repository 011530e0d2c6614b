#include <Eigen/Eigenvalues>
#include <algorithm>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include "../../core/detail/number_text.hpp"
#include "../../core/error.hpp"
#include "../log_rank.hpp"

namespace tenure {

namespace detail {

inline constexpr std::size_t most_groups = 1000;  // the covariance of groups is a square of them

inline void check_weights(const LogRankOptions& options, std::size_t groups) {
  for (const auto& [name, value] : {std::pair("rho", options.rho), std::pair("gamma", options.gamma)})
    if (!(value >= 0 && std::isfinite(value)))
      throw_option({.code = "E_PARAM",
                    .what = std::string(name) + "=" + std::to_string(value) + " is not a number from 0 on",
                    .value = std::to_string(value)});
  if (groups == 0 || groups > most_groups)
    throw_option({.code = "E_PARAM",
                  .what = std::to_string(groups) + " groups are " + (groups == 0 ? "fewer" : "more") +
                          " than a test compares",
                  .value = std::to_string(groups),
                  .remedy = "Compare 1 to " + std::to_string(most_groups) + "."});
}

/// Weights below 2^53: all above are whole.
inline bool is_whole(double weight) noexcept {
  return weight >= 0x1p53 || weight == static_cast<double>(static_cast<std::int64_t>(weight));
}

constexpr const char* whole_weights = "A weight says how many such rows there are; the test counts them.";

inline void check_whole(const Durations& rows) {
  FaultList faults;
  for (std::size_t row = 0; row < rows.weight.size(); ++row)
    if (const double weight = rows.weight[row]; std::isfinite(weight) && !is_whole(weight))
      faults.add({.code = "E_WEIGHT",
                  .what = "weight " + number_text(weight) + "; must be whole in a log-rank test",
                  .column = rows.names.weight,
                  .row = static_cast<std::int64_t>(row),
                  .value = number_text(weight),
                  .remedy = whole_weights});
  faults.raise();
}

inline void check_whole(const DurationTable& table) {
  const auto whole = [](const std::vector<double>& sums) { return std::ranges::all_of(sums, is_whole); };
  if (!whole(table.ended) || !whole(table.censored) || !whole(table.entered))
    throw_input({.code = "E_WEIGHT",
                 .what = "weights are not whole; they must be in a log-rank test",
                 .remedy = whole_weights});
}

/// What a group brings along: its rows by time, and who is at risk between them.
struct GroupRows {
  explicit GroupRows(const DurationTable& from) : table(&from), at_risk(from.at_risk()), entered{0} {
    for (const double weight : from.entered) entered.push_back(entered.back() + weight);
  }
  const DurationTable* table;
  std::vector<double> at_risk, entered;  // entered: before each entry
};

inline std::size_t first_from(const std::vector<double>& sorted, double time) {
  return static_cast<std::size_t>(std::lower_bound(sorted.begin(), sorted.end(), time) - sorted.begin());
}

/// The rows of one group while time goes on, from a time on and before another.
class GroupInTime {
 public:
  GroupInTime(const GroupRows& rows, double from, double until)
      : rows_(&rows), row_(first_from(rows.table->time, from)), end_(first_from(rows.table->time, until)) {}

  /// Time of the next row; infinite if there is none.
  double time() const noexcept {
    return row_ < end_ ? rows_->table->time[row_] : std::numeric_limits<double>::infinity();
  }
  /// Who is at risk at a time that is not after the next row's.
  double at_risk(double now) noexcept {
    if (row_ == rows_->table->size()) return 0;
    const std::vector<double>& entry = rows_->table->entry;
    if (entry.empty()) return rows_->at_risk[row_];
    while (late_ < entry.size() && entry[late_] < now) ++late_;
    while (later_ < entry.size() && entry[later_] < rows_->table->time[row_]) ++later_;
    return rows_->at_risk[row_] - (rows_->entered[later_] - rows_->entered[late_]);
  }
  /// What ends now; moves on.
  double pass(double now) noexcept { return time() == now ? rows_->table->events(row_++) : 0; }

 private:
  const GroupRows* rows_;
  std::size_t row_, end_;
  std::size_t late_ = 0, later_ = 0;  // entries from now on, entries from the next row on
};

struct LogRankSums {
  std::vector<double> observed, expected;
  Eigen::MatrixXd variance;

  explicit LogRankSums(std::size_t groups)
      : observed(groups),
        expected(groups),
        variance(
            Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(groups), static_cast<Eigen::Index>(groups))) {}
};

/// Sums over the times of a range.
inline LogRankSums sums_between(const std::vector<GroupRows>& rows, double from, double until,
                                const LogRankOptions& options) {
  const std::size_t groups = rows.size();
  LogRankSums sums(groups);
  std::vector<GroupInTime> all;
  for (const GroupRows& group : rows) all.emplace_back(group, from, until);
  std::vector<double> at_risk(groups), events(groups);
  double share = 1;
  for (;;) {
    double now = std::numeric_limits<double>::infinity();
    for (const GroupInTime& group : all) now = std::min(now, group.time());
    if (now == std::numeric_limits<double>::infinity()) return sums;
    double ended = 0, risk = 0;
    for (std::size_t j = 0; j < groups; ++j) {
      at_risk[j] = all[j].at_risk(now);
      events[j] = all[j].pass(now);
      risk += at_risk[j];
      ended += events[j];
    }
    if (!(ended > 0)) continue;
    double weight = 1;
    if (options.rho > 0 || options.gamma > 0) {
      weight = std::pow(share, options.rho) * std::pow(1 - share, options.gamma);
      share *= (risk - ended) / risk;
    }
    const double rate = weight * ended / risk;
    const double spread = risk > 1 ? weight * rate * (risk - ended) / (risk * (risk - 1)) : 0;
    for (std::size_t j = 0; j < groups; ++j) {
      sums.observed[j] += weight * events[j];
      sums.expected[j] += rate * at_risk[j];
      if (spread == 0 || at_risk[j] == 0) continue;
      const auto column = static_cast<Eigen::Index>(j);
      sums.variance(column, column) += spread * at_risk[j] * (risk - at_risk[j]);
      for (std::size_t l = 0; l < j; ++l)
        sums.variance(static_cast<Eigen::Index>(l), column) -= spread * at_risk[j] * at_risk[l];
    }
  }
}

/// sums_between() of two groups, all times alike and no late entries, which is asked most: no row costs a
/// branch that nobody can predict.
inline LogRankSums sums_of_two(const std::vector<GroupRows>& rows, double from, double until) {
  struct Group {
    const DurationTable* table;
    const double *time, *at_risk;
    std::size_t row, end;

    Group(const GroupRows& group, double from, double until)
        : table(group.table),
          time(table->time.data()),
          at_risk(group.at_risk.data()),
          row(first_from(table->time, from)),
          end(first_from(table->time, until)) {}
    double ends_at(std::size_t at) const noexcept {
      return table->causes == 1 ? table->ended[at] : table->events(at);
    }
    double left() const noexcept { return row < table->size() ? at_risk[row] : 0; }
  };
  Group a(rows[0], from, until), b(rows[1], from, until);
  double observed[2] = {0, 0}, expected[2] = {0, 0}, variance = 0;
  const auto add = [&](double risk_a, double risk_b, double ended_a, double ended_b) {
    const double ended = ended_a + ended_b, risk = risk_a + risk_b, rate = ended / risk;
    const double spread = risk > 1 ? rate * (risk - ended) / (risk * (risk - 1)) : 0;
    observed[0] += ended_a;
    observed[1] += ended_b;
    expected[0] += rate * risk_a;
    expected[1] += rate * risk_b;
    variance += spread * risk_a * risk_b;
  };
  while (a.row < a.end && b.row < b.end) {
    const double at_a = a.time[a.row], at_b = b.time[b.row];
    const bool is_a = at_a <= at_b, is_b = at_b <= at_a;
    add(a.at_risk[a.row], b.at_risk[b.row], is_a ? a.ends_at(a.row) : 0, is_b ? b.ends_at(b.row) : 0);
    a.row += is_a;
    b.row += is_b;
  }
  for (; a.row < a.end; ++a.row) add(a.at_risk[a.row], b.left(), a.ends_at(a.row), 0);
  for (; b.row < b.end; ++b.row) add(a.left(), b.at_risk[b.row], 0, b.ends_at(b.row));
  LogRankSums sums(2);
  sums.observed.assign(observed, observed + 2);
  sums.expected.assign(expected, expected + 2);
  sums.variance << variance, -variance, -variance, variance;
  return sums;
}

/// Adds one stratum. Without weights, many times are summed in ranges, which are added in their order.
inline void add_stratum(std::span<const DurationTable> tables, const LogRankOptions& options,
                        const Execution& execution, std::size_t first, LogRank& result) {
  const std::vector<GroupRows> rows(tables.begin(), tables.end());
  const auto longest = std::ranges::max_element(tables, {}, &DurationTable::size);
  const bool split = longest->size() >= 65536 && options.rho == 0 && options.gamma == 0;
  std::vector<double> cuts{0};
  for (std::size_t range = 1; split && range < 16; ++range)
    cuts.push_back(longest->time[range * longest->size() / 16]);
  cuts.push_back(std::numeric_limits<double>::infinity());
  std::vector<LogRankSums> parts(cuts.size() - 1, LogRankSums(tables.size()));
  const bool two = tables.size() == 2 && options.rho == 0 && options.gamma == 0 && tables[0].entry.empty() &&
                   tables[1].entry.empty();
  parallel_for(execution, parts.size(), [&](std::size_t range, int) {
    parts[range] = two ? sums_of_two(rows, cuts[range], cuts[range + 1])
                       : sums_between(rows, cuts[range], cuts[range + 1], options);
  });
  for (const LogRankSums& part : parts) {
    for (std::size_t group = 0; group < tables.size(); ++group) {
      result.observed[first + group] += part.observed[group];
      result.expected[first + group] += part.expected[group];
    }
    result.variance += part.variance;
  }
}

/// (O - E)' V^-1 (O - E) over the groups that something was expected of, and the rank of V.
inline void add_statistic(LogRank& result) {
  std::vector<Eigen::Index> kept;
  for (std::size_t group = 0; group < result.groups; ++group)
    if (result.expected_in(group) > 0) kept.push_back(static_cast<Eigen::Index>(group));
  if (kept.size() < 2) return;
  kept.erase(kept.begin());  // O - E adds up to 0: one group says nothing that the others do not
  Eigen::VectorXd difference(static_cast<Eigen::Index>(kept.size()));
  for (Eigen::Index i = 0; i < difference.size(); ++i) {
    const auto group = static_cast<std::size_t>(kept[static_cast<std::size_t>(i)]);
    difference(i) = result.observed_in(group) - result.expected_in(group);
  }
  const Eigen::MatrixXd variance = result.variance(kept, kept);
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(variance);
  const Eigen::VectorXd along = solver.eigenvectors().transpose() * difference;
  const double largest = solver.eigenvalues().maxCoeff();
  double statistic = 0;
  for (Eigen::Index i = 0; i < along.size(); ++i) {
    if (!(solver.eigenvalues()(i) > 1e-12 * largest)) continue;
    statistic += along(i) * along(i) / solver.eigenvalues()(i);
    ++result.degrees_of_freedom;
  }
  if (result.degrees_of_freedom == 0) return;
  result.statistic = statistic;
  result.p_value = boost::math::gamma_q(result.degrees_of_freedom / 2.0, statistic / 2);
}

/// The test, of tables that are checked.
inline LogRank test_of(std::span<const DurationTable> tables, std::size_t groups,
                       const LogRankOptions& options, const Execution& execution) {
  LogRank result;
  result.groups = groups;
  result.strata = tables.size() / groups;
  for (auto* column : {&result.rows, &result.observed, &result.expected}) column->assign(tables.size(), 0);
  const auto size = static_cast<Eigen::Index>(groups);
  result.variance = Eigen::MatrixXd::Zero(size, size);
  for (std::size_t i = 0; i < tables.size(); ++i)
    for (std::size_t row = 0; row < tables[i].size(); ++row)
      result.rows[i] += tables[i].censored[row] + tables[i].events(row);
  for (std::size_t first = 0; first < tables.size(); first += groups)
    add_stratum(tables.subspan(first, groups), options, execution, first, result);
  result.variance.triangularView<Eigen::StrictlyLower>() = result.variance.transpose();
  add_statistic(result);
  return result;
}

}  // namespace detail

TENURE_INLINE LogRank log_rank(std::span<const DurationTable> tables, std::size_t groups,
                               const LogRankOptions& options, const Execution& execution) {
  detail::check_weights(options, groups);
  if (tables.size() % groups != 0)
    throw_option({.code = "E_PARAM",
                  .what = std::to_string(tables.size()) + " tables are no strata of " +
                          std::to_string(groups) + " groups",
                  .value = std::to_string(groups)});
  for (const DurationTable& table : tables) detail::check_whole(table);
  return detail::test_of(tables, groups, options, execution);
}

TENURE_INLINE LogRank log_rank(const Durations& rows, const LogRankOptions& options,
                               std::span<const std::int32_t> stratum, std::size_t strata,
                               const Execution& execution) {
  detail::check_weights(options, rows.groups);
  detail::check_whole(rows);
  if (stratum.empty()) return detail::test_of(tabulate(rows, execution), rows.groups, options, execution);
  if (stratum.size() != rows.size())
    throw_input(
        {.code = "E_COLUMN_LENGTH",
         .what = std::to_string(stratum.size()) + " strata of " + std::to_string(rows.size()) + " rows",
         .column = "stratum",
         .remedy = "Columns of one table are equally long."});
  std::vector<std::int32_t> cell(rows.size());
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const std::int32_t group = rows.group.empty() ? 0 : rows.group[row];
    const bool known = group >= 0 && static_cast<std::size_t>(group) < rows.groups && stratum[row] >= 0 &&
                       static_cast<std::size_t>(stratum[row]) < strata;
    cell[row] = known ? stratum[row] * static_cast<std::int32_t>(rows.groups) + group : -1;
  }
  Durations by_cell = rows;
  by_cell.group = cell;
  by_cell.groups = rows.groups * strata;
  return detail::test_of(tabulate(by_cell, execution), rows.groups, options, execution);
}

}  // namespace tenure
