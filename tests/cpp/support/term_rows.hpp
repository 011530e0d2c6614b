#pragma once

#include <algorithm>
#include <array>
#include <optional>

#include <tenure/model/contract.hpp>

#include "generators.hpp"

/// Rows with terms as tests write them down, a table that owns their columns, and random ones.
namespace tenure::test {

struct TermRow {
  Row row = {};  ///< `monthly` is the price of an interval
  Interval interval = {};
  std::int64_t quantity = 1;
  SubscriptionStatus status = SubscriptionStatus::active;
  ChargeKind kind = ChargeKind::recurring;
  std::int64_t tax = 0;
  std::vector<Discount> discounts = {};
  std::optional<std::int64_t> renewal = {}, invoiced_quantity = {};
  std::optional<Day> cancel_requested = {}, paid_through = {}, dunning_end = {}, recorded = {},
                     first_payment = {}, first_paid_invoice = {};
};

inline std::ostream& operator<<(std::ostream& out, const TermRow& term) {
  const auto show = [&](const char* name, std::optional<Day> day) {
    if (day) out << ", " << name << " " << format_day(*day);
  };
  out << term.row << " per " << term.interval.count << " " << name_of(term.interval.unit) << ", "
      << name_of(term.status) << ", kind " << static_cast<int>(term.kind) << ", quantity " << term.quantity
      << ", tax " << term.tax;
  for (const Discount& discount : term.discounts)
    out << ", discount " << discount.percent_micros << " and " << discount.amount_micros << " of kind "
        << static_cast<int>(discount.duration);
  if (term.renewal) out << ", renews at " << *term.renewal;
  if (term.invoiced_quantity) out << ", invoiced " << *term.invoiced_quantity;
  show("cancel requested", term.cancel_requested);
  show("paid through", term.paid_through);
  show("dunning end", term.dunning_end);
  show("recorded", term.recorded);
  show("first payment", term.first_payment);
  show("first paid invoice", term.first_paid_invoice);
  return out;
}

/// A column of which some values may be missing; no column at all where all are.
template <class Cell>
class Sparse {
 public:
  template <class Member>
  Sparse(const std::vector<TermRow>& rows, Member member) : valid_(rows.size() / 8 + 1) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto& value = rows[i].*member;
      values_.push_back({value.value_or(0)});
      if (!value) continue;
      present_ = true;
      valid_[i / 8] = static_cast<std::uint8_t>(valid_[i / 8] | 1U << (i % 8));
    }
  }
  bool present() const { return present_; }
  Column<Cell> column() const {
    return present_ ? Column<Cell>(values_, {valid_.data(), 0}) : Column<Cell>();
  }

 private:
  std::vector<Cell> values_;
  std::vector<std::uint8_t> valid_;
  bool present_ = false;
};

/// Columns of terms that no row needs are left out.
class TermTable {
 public:
  static constexpr std::size_t most_discounts = 2;

  explicit TermTable(const std::vector<TermRow>& rows, bool subscription_ids = true)
      : table_(plain(rows), subscription_ids),
        renewal_(rows, &TermRow::renewal),
        invoiced_(rows, &TermRow::invoiced_quantity),
        requested_(rows, &TermRow::cancel_requested),
        paid_through_(rows, &TermRow::paid_through),
        dunning_end_(rows, &TermRow::dunning_end),
        recorded_(rows, &TermRow::recorded),
        first_payment_(rows, &TermRow::first_payment),
        first_paid_invoice_(rows, &TermRow::first_paid_invoice) {
    for (const TermRow& term : rows) {
      units_.push_back(term.interval.unit);
      counts_.push_back(term.interval.count);
      quantities_.push_back(term.quantity);
      statuses_.push_back(term.status);
      kinds_.push_back(term.kind);
      taxes_.push_back({term.tax});
      for (std::size_t i = 0; i < most_discounts; ++i) {
        const Discount discount = i < term.discounts.size() ? term.discounts[i] : Discount{};
        discounts_[i].percent.push_back({discount.percent_micros});
        discounts_[i].amount.push_back({discount.amount_micros});
        discounts_[i].duration.push_back(discount.duration);
        discounts_[i].until.push_back(discount.until == open_end ? max_day : discount.until);
      }
    }
  }

  Subscriptions columns() const {
    Subscriptions table = table_.columns();
    table.interval_unit = units_;
    table.interval_count = counts_;
    table.quantity = quantities_;
    Terms& terms = table.terms;
    terms.status = statuses_;
    terms.kind = kinds_;
    terms.tax = taxes_;
    if (renewal_.present()) terms.renewal_amount = renewal_.column();
    terms.invoiced_quantity = invoiced_.column();
    terms.cancel_requested = requested_.column();
    terms.paid_through = paid_through_.column();
    terms.dunning_end = dunning_end_.column();
    table.knowledge.recorded = recorded_.column();
    terms.first_payment = first_payment_.column();
    terms.first_paid_invoice = first_paid_invoice_.column();
    for (const DiscountCells& cells : discounts_)
      terms.discounts.push_back({.percent = cells.percent,
                                 .amount = cells.amount,
                                 .duration = cells.duration,
                                 .until = cells.until});
    return table;
  }

 private:
  struct DiscountCells {
    std::vector<Micros> percent, amount;
    std::vector<DiscountDuration> duration;
    std::vector<Day> until;
  };
  static std::vector<Row> plain(const std::vector<TermRow>& rows) {
    std::vector<Row> all;
    for (const TermRow& term : rows) all.push_back(term.row);
    return all;
  }

  Table table_;
  std::vector<IntervalUnit> units_;
  std::vector<std::int64_t> counts_, quantities_;
  std::vector<SubscriptionStatus> statuses_;
  std::vector<ChargeKind> kinds_;
  std::vector<Micros> taxes_;
  std::array<DiscountCells, most_discounts> discounts_;
  Sparse<Micros> renewal_;
  Sparse<std::int64_t> invoiced_;
  Sparse<Day> requested_, paid_through_, dunning_end_, recorded_, first_payment_, first_paid_invoice_;
};

inline Book book_of(const std::vector<TermRow>& rows, const Policy& policy = {}, int threads = 1) {
  Book book(policy, {.execution = {.threads = threads}});
  const TermTable table(rows);
  book.add(table.columns());
  return book;
}

/// A row with whatever terms `draw` says; trials are free, so that every policy reads them.
inline TermRow with_terms(const Row& row, const std::vector<std::size_t>& draw) {
  std::size_t next = 0;
  const auto pick = [&](std::size_t below) { return draw[next++ % draw.size()] % below; };
  const auto rarely = [&] { return pick(100) >= 85; };
  const auto near = [&](Day day) { return day + static_cast<Day>(pick(90)) - 30; };
  TermRow term{.row = row};
  constexpr std::array units{IntervalUnit::month, IntervalUnit::month,    IntervalUnit::month,
                             IntervalUnit::year,  IntervalUnit::quarter,  IntervalUnit::week,
                             IntervalUnit::day,   IntervalUnit::four_week};
  if (rarely()) term.interval = {units[pick(units.size())], static_cast<std::int32_t>(1 + pick(3))};
  if (rarely()) term.quantity = static_cast<std::int64_t>(pick(4));
  if (rarely()) term.row.product = static_cast<int>(pick(3));
  if (rarely()) term.status = static_cast<SubscriptionStatus>(pick(6));
  if (rarely()) term.kind = static_cast<ChargeKind>(pick(3));
  if (term.status == SubscriptionStatus::trial) term.row.monthly = 0;
  if (rarely()) term.tax = term.row.monthly / static_cast<std::int64_t>(2 + pick(5));
  for (std::size_t i = 0; i < TermTable::most_discounts; ++i)
    if (rarely())
      term.discounts.push_back(
          {.percent_micros = static_cast<std::int64_t>(pick(101)) * micros,
           .amount_micros = term.row.monthly * term.quantity / static_cast<std::int64_t>(4 + pick(7)),
           .duration = static_cast<DiscountDuration>(pick(3)),
           .until = pick(2) == 0 ? open_end : near(row.start + 60)});
  if (rarely()) term.renewal = static_cast<std::int64_t>(pick(100)) * micros;
  if (rarely()) term.invoiced_quantity = static_cast<std::int64_t>(pick(5));
  if (rarely()) term.cancel_requested = near(row.end == open_end ? row.start + 100 : row.end);
  if (rarely()) term.paid_through = near(row.end == open_end ? row.start + 30 : row.end);
  if (rarely()) term.dunning_end = near(row.start + 40);
  if (rarely()) term.recorded = near(row.start);
  if (rarely()) term.first_payment = near(row.start);
  if (rarely()) term.first_paid_invoice = near(row.start);
  return term;
}

/// Rows of which some terms occur and others do not.
inline rc::Gen<std::vector<TermRow>> any_terms() {
  const auto draws = rc::gen::resize(rc::kNominalSize, rc::gen::container<std::vector<std::size_t>>(
                                                           67, rc::gen::inRange<std::size_t>(0, 10'000)));
  return rc::gen::map(rc::gen::pair(any_rows(), draws),
                      [](const std::pair<std::vector<Row>, std::vector<std::size_t>>& drawn) {
                        std::vector<TermRow> rows;
                        for (const Row& row : drawn.first) {
                          auto draw = drawn.second;
                          const auto by = static_cast<std::ptrdiff_t>(rows.size() * 11 % draw.size());
                          std::rotate(draw.begin(), draw.begin() + by, draw.end());
                          rows.push_back(with_terms(row, draw));
                        }
                        return rows;
                      });
}

}  // namespace tenure::test
