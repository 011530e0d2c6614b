#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "../book.hpp"
#include "../core/date.hpp"
#include "../core/money.hpp"
#include "../core/period.hpp"

namespace tenure {

/// The first day on which a row may end without breaking its contract, as one knows on the day `at` on which
/// it is live:
///   - a row with an end: its end;
///   - an open row with a term of n months (it is paid n months ahead and renews itself): its
///     next anniversary after `at`, counted from its start in steps of n months;
///   - an open row without a term, or with one of a month: none. It recurs, but nobody has promised anything.
std::optional<Day> committed_until(Day start, Day end, int term_months, Day at);

/// The run rate of one segment on a day, by how long it is promised. The three add up to it exactly.
struct Commitment {
  RunRateSum contracted;  ///< until the end of the next period or longer
  RunRateSum due;         ///< the promise ends before: revenue at risk
  RunRateSum rolling;     ///< from month to month
  /// Of contracted and due, by the period in which the first day lies that is promised no longer: the first
  /// two add up to `due`.
  std::vector<RunRateSum> due_in;

  RunRateSum total() const noexcept { return contracted + due + rolling; }
  /// `empty_base` if nothing is paid.
  Ratio contracted_share() const noexcept { return {contracted.annual, total().annual}; }
  Ratio due_share() const noexcept { return {due.annual, total().annual}; }
};

struct CommitmentOptions {
  std::string by = {};  ///< a segment column; empty: the total
  int term_months = 0;  ///< of open rows without a term of their own of two months or more; 0: none
  std::span<const std::int32_t> terms = {};  ///< months, by position in the table the book was made from
  int periods = 12;  ///< for how many periods after that of `at` to say what falls due
};

struct Commitments {
  Day at = 0;
  Day until = 0;    ///< first day after the next period
  Periods periods;  ///< that of `at`, and those after it
  std::string by = {};
  std::vector<std::string> segments;
  std::vector<Commitment> cells;  ///< by segment
};

/// How much of the run rate on the day `at` is under contract beyond the end of the next period of the
/// calendar (the one after that in which `at` lies). Population: what the book counts as run rate on that
/// day, customer by customer and segment by segment, split among its live rows in proportion to their prices;
/// what a policy still counts although no row is live is rolling.
///
/// Renewals that are signed already count. Rows of one customer, and of one subscription and product where
/// the book has them, are a line. With C(t) the promised run rate of a line on day t (of its rows that are
/// live on `at`, at their rate of that day, and of those that start later, each until its own
/// committed_until), what is promised beyond t is the least C(s) of all days from `at` to t: as much as an
/// unbroken chain of rows carries. Where it falls, what ended last falls due. A later row that promises
/// nothing (open, without a term) continues no chain, and one that starts a day after the end comes too late.
///
/// An end in the table counts as known on `at`: asked about a past day, of a book without days of knowledge,
/// contracts that were ended or renewed later look as if that had been known.
///
/// Throws OptionError E_SEGMENT, E_TERM (a term below 0), E_PERIODS (below 1). One pass over the book.
Commitments commitments(const Book& book, Day at, const Calendar& calendar = {},
                        const CommitmentOptions& options = {});

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/commitments.ipp"
#endif
