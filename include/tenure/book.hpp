#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "cohort/lifetime.hpp"
#include "cohort/triangle.hpp"
#include "core/parallel.hpp"
#include "economics/customer_totals.hpp"
#include "model/fx.hpp"
#include "model/invoice.hpp"
#include "model/policy.hpp"
#include "model/subscription.hpp"
#include "revenue/churn.hpp"
#include "revenue/concentration.hpp"
#include "revenue/growth.hpp"
#include "revenue/net_retention.hpp"
#include "revenue/reconcile.hpp"
#include "revenue/restatement.hpp"
#include "revenue/retention_interval.hpp"
#include "revenue/run_rate.hpp"
#include "revenue/waterfall.hpp"

namespace tenure {

/// Something the caller should know about rows that were read: counted, never silent.
struct Note {
  std::string code;  ///< e.g. "N_REVERSED_DROPPED"
  std::string message;
  std::int64_t count = 0;
  std::vector<std::int64_t> rows;  ///< the first 20
};

enum class OnReversed : std::uint8_t {
  error,  ///< refuse the table
  drop    ///< leave such rows out, and count them in a note
};

enum class OnEarly : std::uint8_t {
  allow,  ///< rows may be recorded before they start: contracts are signed ahead
  error   ///< refuse a table with such rows
};

struct BookOptions {
  OnReversed on_reversed = OnReversed::error;  ///< rows that end before they start
  OnEarly on_early = OnEarly::allow;           ///< rows recorded before they start
  /// Reads the tables as they were known on this day and keeps nothing else of them: cheaper than to read all
  /// and to ask known_at().
  std::optional<Day> known_at = {};
  /// Rows may be of any currency that `rates` know; results are in this one.
  Currency reporting_currency = {};
  std::shared_ptr<const FxRates> rates = {};
  ColumnNames names = {};  ///< as messages show them
  Execution execution = {};
};

struct WaterfallOptions {
  std::string by = {};  ///< a segment column, "product" or "currency"; empty for the total
};
struct NetRetentionOptions {
  int horizon = 12;
  std::string by = {};
};
struct TriangleOptions {
  std::string by = {};
};
struct SummaryOptions {
  int horizon = 12;
};
struct ConcentrationOptions {
  std::vector<std::int64_t> top = {1, 5, 10};
};

struct Summary {
  Waterfall waterfall;
  NetRetention net_retention;
  Triangle triangle;
};
struct SummaryState {
  WaterfallState waterfall;
  NetRetentionState net_retention;
  TriangleState triangle;
  SummaryState& operator+=(const SummaryState& other);
  Summary finish() const { return {waterfall.finish(), net_retention.finish(), triangle.finish()}; }
};

/// One movement of one customer (or of one of its subscriptions, by the policy's grain), and the rows that
/// made it. The amounts of all add up to the cell they explain.
struct ExplainedMovement {
  Id customer;
  std::optional<Id> subscription;  ///< under Grain::subscription
  Line movement;
  RunRateSum opening, closing;  ///< of the customer, in the asked segment
  RunRateSum amount;            ///< what it adds to the cell
  std::string rule;
  std::vector<std::int64_t> rows;  ///< positions in the caller's table, ascending
};

/// A row as the book understood it.
struct ExplainedRow {
  std::int64_t row;
  Id customer;
  Day start, end;
  RunRate rate;
};

/// What one customer (or one of its subscriptions, by the policy's grain) pays on a day, and all of its rows
/// that stand: those of other days too. A row that changes its price is there once for each stretch.
struct CustomerDay {
  struct Paid {
    std::uint32_t segment;
    RunRate rate;
  };
  struct Row {
    std::int64_t row;  ///< position in the caller's table
    Day start, end;
    RunRate rate;
    std::uint32_t segment;
    std::int64_t subscription;  ///< 0 where there is none
    std::int32_t product;       ///< 0 where there is none
  };
  std::span<const Paid> paid;
  std::span<const Row> rows;
};

/// Subscriptions grouped by customer, ready to be asked. Adding rows and asking are separate: a Book may be
/// asked from several threads at once, but not while rows are added. A call that throws leaves it as it was.
class Book {
 public:
  explicit Book(Policy policy = Policy::standard(), BookOptions options = {});
  ~Book();
  Book(Book&&) noexcept;
  Book& operator=(Book&&) noexcept;

  /// Adds the rows of one table. Linear in all rows of the book: add few large tables, not many small ones.
  /// Throws InputError with the code of the first fault (conformance codes E_*), and counts them; OptionError
  /// E_VIEW for what known_at(), local() or at_rates_of() gave.
  void add(const Subscriptions& rows);
  /// Adds tables that follow each other (the chunks of one).
  void add(std::span<const Subscriptions> chunks);
  /// Adds invoice lines, as the source of MRR instead of subscriptions; a book holds one of the two.
  void add(const InvoiceLines& lines);
  void add(std::span<const InvoiceLines> chunks);
  /// Adds the rows of another book of the same policy and segments.
  void add(const Book& other);

  std::int64_t rows() const noexcept;       ///< rows in use
  std::int64_t rows_read() const noexcept;  ///< rows given
  std::int64_t customers() const noexcept;
  const std::vector<Note>& notes() const noexcept;
  const Policy& policy() const noexcept;
  Currency currency() const noexcept;
  /// The currencies of its rows, sorted by code.
  std::vector<Currency> currencies() const;
  /// Whether rows say when they were recorded.
  bool has_knowledge() const noexcept;
  /// First and last day on which something was recorded or superseded; min_day without knowledge.
  Day first_known() const noexcept;
  Day last_known() const noexcept;
  /// The day of knowledge that the book was asked for; none: all that is known.
  std::optional<Day> known_at() const noexcept;
  /// Earliest start and latest start or end (open ends aside); both 0 in an empty book.
  Day first_day() const noexcept;
  Day last_day() const noexcept;
  /// Latest start or end on or before `until`: contracts may end later than anybody can know. 0 if there is
  /// none.
  Day last_event(Day until) const noexcept;
  std::vector<std::string> segment_names() const;
  /// Names of the policy options that can make a difference for the rows of this book; all others cannot,
  /// whatever their value.
  std::vector<std::string> options_in_play() const;
  /// Whether some rows carry a discount.
  bool has_discounts() const noexcept;

  /// What the next three give are views: they answer like a book, and take no rows. The same book as it was
  /// known on a day: only rows recorded on or before it and not superseded until after it. What is recorded
  /// later changes none of its results, by no bit. Throws OptionError E_KNOWN_AT without knowledge,
  /// InputError E_AS_OF if nothing was known.
  Book known_at(Day day) const;
  /// The rows of one currency, in that currency. Throws OptionError E_CURRENCY.
  Book local(Currency currency) const;
  /// The same book with all amounts at the rates of one day: constant currency.
  Book at_rates_of(Day day) const;
  /// All that changed in the periods between two days of knowledge.
  Restatement restatement(Day from, Day to, const Periods& periods) const;

  Waterfall waterfall(const Periods& periods, const WaterfallOptions& options = {}) const;
  NetRetention net_retention(const Periods& periods, const NetRetentionOptions& options = {}) const;
  Triangle triangle(const Periods& periods, const TriangleOptions& options = {}) const;
  /// Waterfall, net retention and triangle in one sweep.
  Summary summary(const Periods& periods, const SummaryOptions& options = {}) const;
  /// Churn rates of each period, over the policy's window, numerator and denominator.
  Churn churn(const Periods& periods) const;
  /// What each customer adds to a figure under this book's policy: what reconcile() splits. Throws
  /// OptionError E_POLICY_INCOMPARABLE for churn under Window::daily_sum.
  Shares shares(const Question& question) const;
  /// MRR and customers on one day.
  Snapshot mrr(Day at, const WaterfallOptions& options = {}) const;
  Concentration concentration(Day at, const ConcentrationOptions& options = {}) const;
  NewProducts new_products(const Periods& periods, int months = 12) const;
  /// How long customers stayed: what survival curves are made from.
  Lifetimes lifetimes(const LifetimeOptions& options) const;
  /// What each customer did over the periods: what unit economics are ratios of.
  CustomerTotals customer_totals(const Periods& periods, const std::string& by = {}) const;
  /// Retention with intervals by resampling customers, on the threads of the book unless others are named.
  RetentionEstimates retention_estimates(const Periods& periods, const NetRetentionOptions& options = {},
                                         const BootstrapOptions& bootstrap = {}) const;

  /// The same, unfinished: add the states of books that share no customer, on other machines or days.
  WaterfallState waterfall_state(const Periods& periods, const WaterfallOptions& options = {}) const;
  NetRetentionState net_retention_state(const Periods& periods,
                                        const NetRetentionOptions& options = {}) const;
  TriangleState triangle_state(const Periods& periods, const TriangleOptions& options = {}) const;
  SummaryState summary_state(const Periods& periods, const SummaryOptions& options = {}) const;
  ConcentrationState concentration_state(Day at, const ConcentrationOptions& options = {}) const;

  /// Who is behind one cell of a bridge: customers sorted by id, each with its rows and the rule that classed
  /// it. For opening and closing: who pays. `segment` is a label of `by`.
  std::vector<ExplainedMovement> explain(const Periods& periods, std::size_t period, Line line,
                                         const WaterfallOptions& options = {},
                                         std::string_view segment = {}) const;
  /// The rows of explain(), as the book reads them, in ascending order of row.
  std::vector<ExplainedRow> explain_rows(std::span<const std::int64_t> rows) const;
  /// Shows everybody whose run rate on a day is not 0, one after the other; returns the labels of segments.
  std::vector<std::string> visit_customers(Day at, const WaterfallOptions& options,
                                           const std::function<void(const CustomerDay&)>& visit) const;

 private:
  struct Data;
  explicit Book(std::unique_ptr<Data> data);
  std::unique_ptr<Data> data_;
};

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/book.ipp"
#endif
