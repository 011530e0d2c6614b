#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "../../core/error.hpp"
#include "../commitments.hpp"
#include "../detail/promises.hpp"

namespace tenure {

namespace detail::promising {

inline constexpr int longest_term = 1200;  // months

/// Adds one customer's run rate to segments.
class CommitmentReader {
 public:
  CommitmentReader(Commitments& found, const CommitmentOptions& options)
      : found_(&found), options_(&options) {}

  void add(const CustomerDay& customer) {
    read_lines(customer.rows);
    pieces_.clear();
    for (auto& [line, rows] : lines_) split_line(rows, pieces_);
    for (const CustomerDay::Paid& paid : customer.paid) place(paid);
  }

 private:
  /// Where rows follow each other: subscription and product.
  using Line = std::pair<std::int64_t, std::int32_t>;

  void read_lines(std::span<const CustomerDay::Row> rows) {
    spans_.clear();
    lines_.clear();
    for (const CustomerDay::Row& row : rows) {
      const auto [known, fresh] = spans_.try_emplace(row.row, row.start, row.end);
      known->second.first = std::min(known->second.first, row.start);
      known->second.second = std::max(known->second.second, row.end);
    }
    const Day at = found_->at;
    for (const CustomerDay::Row& row : rows) {
      if (row.end <= at || row.start >= row.end || row.rate.annual <= 0) continue;
      const auto [start, end] = spans_.at(row.row);
      PromisedRows& line = lines_[{row.subscription, row.product}];
      if (row.start <= at)
        line.live.push_back(
            {row.segment, row.rate.annual, committed_until(start, end, term_of(row.row), at)});
      else if (start > at)
        add_later(row, committed_until(start, end, term_of(row.row), start), line);
    }
  }
  static void add_later(const CustomerDay::Row& row, std::optional<Day> until, PromisedRows& line) {
    if (until && row.start < *until)
      line.later.push_back({row.start, std::min(row.end, *until), row.rate.annual});
  }

  /// What a segment of the customer pays, in proportion to its pieces.
  void place(const CustomerDay::Paid& paid) {
    Commitment& cell = found_->cells[paid.segment];
    std::vector<int128> weights;
    std::vector<std::optional<Day>> untils;
    int128 whole = 0;
    for (const Piece& piece : pieces_) {
      if (piece.segment != paid.segment) continue;
      weights.push_back(piece.annual);
      untils.push_back(piece.until);
      whole += piece.annual;
    }
    if (whole == 0 || paid.rate.annual < 0) {
      cell.rolling += paid.rate;
      return;
    }
    if (paid.rate.annual != whole) weights = allocate(paid.rate.annual, weights);
    for (std::size_t i = 0; i < weights.size(); ++i) place(RunRateSum(weights[i]), untils[i], cell);
  }
  void place(RunRateSum amount, std::optional<Day> until, Commitment& cell) const {
    if (!until) {
      cell.rolling += amount;
      return;
    }
    (*until >= found_->until ? cell.contracted : cell.due) += amount;
    const std::vector<Day>& bounds = found_->periods.bounds();
    const auto after = std::ranges::upper_bound(bounds, *until) - bounds.begin();
    if (after >= 1 && static_cast<std::size_t>(after) < bounds.size())
      cell.due_in[static_cast<std::size_t>(after) - 1] += amount;
  }
  int term_of(std::int64_t row) const noexcept {
    const auto at = static_cast<std::size_t>(row);
    const int own = at < options_->terms.size() ? options_->terms[at] : 0;
    return own > 1 ? own : options_->term_months;
  }

  Commitments* found_;
  const CommitmentOptions* options_;
  std::map<std::int64_t, std::pair<Day, Day>> spans_;  // a row's first and last day, over its stretches
  std::map<Line, PromisedRows> lines_;
  std::vector<Piece> pieces_;
};

inline void check_terms(const CommitmentOptions& options) {
  const auto check = [](int term) {
    if (term < 0 || term > longest_term)
      throw_option({.code = "E_TERM",
                    .what = "a term of " + std::to_string(term) + " months is out of range",
                    .value = std::to_string(term),
                    .remedy = "Give months, such as 12; 0 where there is no term."});
  };
  check(options.term_months);
  for (const std::int32_t term : options.terms) check(term);
  if (options.periods < 1 || options.periods > 1200)
    throw_option({.code = "E_PERIODS",
                  .what = std::to_string(options.periods) + " periods ahead is out of range",
                  .value = std::to_string(options.periods),
                  .remedy = "Give 1 to 1200."});
}

}  // namespace detail::promising

TENURE_INLINE std::optional<Day> committed_until(Day start, Day end, int term_months, Day at) {
  if (end != open_end) return end;
  if (term_months <= 1) return std::nullopt;
  const YearMonthDay from = civil_from_days(start), now = civil_from_days(at);
  const int months = (now.year - from.year) * 12 + now.month - from.month;
  int steps = std::max(1, months / term_months);
  while (anniversary(start, steps * term_months) <= at) ++steps;
  return anniversary(start, steps * term_months);
}

TENURE_INLINE Commitments commitments(const Book& book, Day at, const Calendar& calendar,
                                      const CommitmentOptions& options) {
  detail::promising::check_terms(options);
  const Day begin = calendar.floor(at);
  Commitments found{.at = at,
                    .until = calendar.advance(begin, 2),
                    .periods = Periods(calendar, begin, calendar.advance(begin, options.periods)),
                    .by = options.by,
                    .segments = {},
                    .cells = {}};
  detail::promising::CommitmentReader reader(found, options);
  const auto hold = [&](std::size_t segments) {
    while (found.cells.size() < segments) found.cells.emplace_back().due_in.resize(found.periods.size());
  };
  const auto read = [&](const CustomerDay& customer) {
    for (const CustomerDay::Paid& paid : customer.paid) hold(paid.segment + std::size_t{1});
    reader.add(customer);
  };
  found.segments = book.visit_customers(at, {.by = options.by}, read);
  hold(found.segments.size());
  return found;
}

}  // namespace tenure
