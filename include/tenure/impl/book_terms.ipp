#include "../model/detail/invoice_reader.hpp"
#include "../model/detail/row_source.hpp"
#include "../model/detail/term_reader.hpp"

// Included by book_add.ipp: rows with terms and invoice lines on their way into a book.

namespace tenure {

namespace detail {

/// Subscriptions and invoice lines of one company say the same twice.
template <class Data>
void refuse_other_source(const Data& data, bool invoices) {
  if (data.rows_read == 0 || data.invoices == invoices) return;
  throw_input({.code = "E_SOURCE_MIXED",
               .what = "subscriptions and invoice lines in one book would count the same money twice",
               .remedy = "Make one book of each."});
}

/// Whether rows must be read one by one: they carry terms, or the policy asks for more than prices and dates.
template <class Data>
bool needs_terms(const Data& data, const Subscriptions& table) {
  const LoadingPolicy& policy = data.policy.loading;
  if (table.terms.any() && data.rows_read > 0 && data.phases.empty())
    throw_input({.code = "E_COLUMN_MISSING",
                 .what = "the rows added before had no terms (status, kind, discounts, tax or further dates)",
                 .remedy = "Give all tables of a book the same columns."});
  const bool late = policy.backdating == Backdating::recorded && table.knowledge.recorded.present();
  return table.terms.any() || late || !data.phases.empty() || policy.usage == Usage::only ||
         policy.one_time == OneTime::only;
}

/// Reads a table in pieces, on all threads; what it gives does not depend on them.
template <class MakeReader>
ReadRows read_pieces(std::size_t rows, const Execution& execution, const MakeReader& make_reader) {
  constexpr std::size_t piece = 16 * RowBlock::capacity;
  const std::size_t pieces = (rows + piece - 1) / piece;
  std::vector<ReadRows> read(pieces);
  parallel_for(execution, pieces, [&](std::size_t task, int) {
    const std::size_t first = task * piece;
    read[task] = make_reader().read(first, std::min(piece, rows - first));
  });
  ReadRows all;
  for (ReadRows& one : read) {
    all.append(std::move(one));
    one = {};
  }
  return all;
}

/// Moves what was read into the book's columns; returns the rows themselves.
template <class Data>
PackedRows take_rows(Data& data, ReadRows&& read) {
  const auto rows_given = static_cast<std::int64_t>(read.phases.size());
  append_all(data.phases, read.phases);
  append_all(data.paused, read.paused);
  append_all(data.intervals, read.intervals);
  append_all(data.discounts, read.discounts);
  data.left_out += read.left_out;
  append_all(data.in_play_of, read.in_play);
  data.credits_read = data.credits_read || read.credits;
  if (!read.dropped.empty())
    note_rows(data.notes, "N_REVERSED_DROPPED", "rows left out because they end before they start",
              read.dropped);
  data.extra_rows += static_cast<std::int64_t>(read.rows.size() + read.dropped.size()) - rows_given;
  return {std::move(read.keys), std::move(read.rows), std::move(read.source)};
}

/// What a table without terms shows at a glance.
inline void note_in_play(InPlay& in_play, const Subscriptions& table) {
  in_play.add(table.interval.unit);
  for (const IntervalUnit unit : table.interval_unit) in_play.add(unit);
  in_play.quantity = in_play.quantity || table.quantity.present();
  in_play.recorded = in_play.recorded || table.knowledge.recorded.present();
}

/// Renewals need to know how often a price is paid.
template <class Data>
void keep_intervals(Data& data, const Subscriptions& table) {
  if (data.policy.reporting.churn_denominator != ChurnDenominator::up_for_renewal) return;
  const std::size_t first = data.intervals.size();
  data.intervals.edit().resize(first + table.start.size(), table.interval);
  const std::span<Interval> intervals = std::span(data.intervals.edit()).subspan(first);
  for (std::size_t row = 0; row < table.interval_unit.size(); ++row)
    intervals[row].unit = table.interval_unit[row];
  if (table.interval_count.present())
    for (std::size_t row = 0; row < intervals.size(); ++row)
      intervals[row].count = static_cast<std::int32_t>(
          std::clamp<std::int64_t>(value_at(table.interval_count, row).value_or(0), 0, INT32_MAX));
}

/// The terms of another book's rows, behind those of this one.
template <class Data>
void append_terms(Data& data, const Data& theirs) {
  const auto offset = static_cast<std::uint32_t>(data.rows_read);
  append_all(data.phases, theirs.phases);
  append_all(data.paused, theirs.paused);
  append_all(data.intervals, theirs.intervals);
  for (DiscountRow discount : theirs.discounts) {
    discount.source += offset;
    data.discounts.edit().push_back(discount);
  }
  LeftOutRows later = theirs.left_out;
  for (auto& rows : later.rows)
    for (std::int64_t& row : rows) row += offset;
  data.left_out += later;
  append_all(data.in_play_of, theirs.in_play_of);
  data.in_play_read.add(theirs.in_play_read.bits());
  data.extra_rows += theirs.extra_rows;
  data.invoices = theirs.invoices;
  data.credits_read = data.credits_read || theirs.credits_read;
}

inline constexpr std::string_view left_out_prefix = "N_LEFT_OUT_";

/// Says how many rows count for nothing, and why.
template <class Data>
void note_left_out(Data& data) {
  static constexpr std::array<std::pair<const char*, const char*>, LeftOutRows::reasons> words{
      {{"", ""},
       {"N_LEFT_OUT_TRIAL", "trial rows count for nothing (option trial)"},
       {"N_LEFT_OUT_CANCELLED", "rows with status cancelled count for nothing"},
       {"N_LEFT_OUT_USAGE", "usage rows count for nothing (option usage)"},
       {"N_LEFT_OUT_ONE_TIME", "one-time rows count for nothing (option one_time)"},
       {"N_LEFT_OUT_RECURRING", "recurring rows count for nothing: another series was asked for"},
       {"N_LEFT_OUT_PAST_DUE", "past-due rows count for nothing (option past_due)"},
       {"N_LEFT_OUT_UNPAID",
        "rows that were never paid count for nothing (options trial_to_paid_date and "
        "mrr_source)"},
       {"N_LEFT_OUT_REFUND", "refunds count for nothing (option refund)"}}};
  std::erase_if(data.notes, [](const Note& note) { return note.code.starts_with(left_out_prefix); });
  for (std::size_t reason = 1; reason < LeftOutRows::reasons; ++reason)
    if (data.left_out.count[reason] > 0)
      data.notes.push_back({words[reason].first, words[reason].second, data.left_out.count[reason],
                            data.left_out.rows[reason]});
}

inline std::vector<std::string> names_in_play(const InPlay& in_play, bool subscriptions, bool product,
                                              bool invoices, bool foreign) {
  std::vector<std::string> names{"line_rounding",   "total_rounding", "end_date", "netting",
                                 "usage",           "one_time",       "gap_days", "reactivation",
                                 "as_of",           "free_customers", "window",   "churn_denominator",
                                 "churn_numerator", "week_start"};
  const auto add = [&](bool in, const char* name) {
    if (in) names.emplace_back(name);
  };
  add(in_play.renewal || in_play.payment, "mrr_source");
  add(in_play.days, "interval_factor_day");
  add(in_play.weeks, "interval_factor_week");
  add(in_play.four_weeks, "interval_factor_four_week");
  add(in_play.discounts, "discounts");
  add(in_play.several_discounts, "discount_stacking");
  add(in_play.tax, "tax");
  add(in_play.trial, "trial");
  add(in_play.first_paid, "trial_to_paid_date");
  add(in_play.quantity, "quantity");
  add(in_play.recorded, "backdating");
  add(in_play.past_due, "past_due");
  add(in_play.paused, "paused");
  add(in_play.refund, "refund");
  add(in_play.prorated, "prorated_line");
  add(!invoices, "churn_at");
  add(subscriptions, "movement_grain");
  add(product, "plan_switch");
  add(in_play.paused, "pause_movement");
  add(foreign, "fx_rate_at");
  add(foreign, "fx_movement");
  return names;
}

}  // namespace detail

}  // namespace tenure
