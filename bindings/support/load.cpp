#include "load.hpp"

#include <set>

#include "convert.hpp"
#include "key_notes.hpp"
#include "tenure/core/error.hpp"

namespace tenure::python {

namespace {

constexpr std::int64_t most_rows = UINT32_MAX;

/// All columns after conversion; `add` of the book copies what it needs, so this lives for one call.
struct Converted {
  IdColumn customer;
  Values<Day> start;
  AmountColumn amount;
  std::optional<Values<Day>> end = {};
  std::vector<IntervalUnit> interval_unit = {};
  std::optional<Values<std::int64_t>> interval_count = {}, quantity = {};
  std::optional<IdColumn> subscription = {};
  std::optional<CodedColumn> product = {}, currency = {};
  std::vector<CodedColumn> segments = {};
};

class Cutter {
 public:
  Cutter(const Input& input, const Roles& roles, const Converted& columns)
      : roles_(roles),
        columns_(columns),
        interval_{parse_interval_unit(roles.interval), roles.interval_count} {
    if (roles.currency) currency_ = Currency(*roles.currency);
    bounds_.insert(0);
    bounds_.insert(input.rows());
    cut_at(columns.start);
    if (columns.end) cut_at(*columns.end);
    if (columns.interval_count) cut_at(*columns.interval_count);
    if (columns.quantity) cut_at(*columns.quantity);
    cut_at_ids(columns.customer);
    if (columns.subscription) cut_at_ids(*columns.subscription);
    std::visit([this](const auto& values) { cut_at(values); }, columns.amount);
  }

  std::vector<Subscriptions> pieces() const {
    std::vector<Subscriptions> all;
    for (auto begin = bounds_.begin(); std::next(begin) != bounds_.end(); ++begin)
      all.push_back(piece(*begin, *std::next(begin) - *begin));
    if (all.empty()) all.push_back(piece(0, 0));  // no rows, but columns
    return all;
  }

 private:
  template <class T>
  void cut_at(const Values<T>& values) {
    std::int64_t at = 0;
    for (const Column<T>& run : values.runs) bounds_.insert(at += static_cast<std::int64_t>(run.size()));
  }
  void cut_at_ids(const IdColumn& ids) {
    if (const auto* numbers = std::get_if<Values<std::int64_t>>(&ids)) cut_at(*numbers);
  }

  static Ids cut_ids(const IdColumn& ids, std::int64_t begin, std::int64_t length) {
    if (const auto* texts = std::get_if<CodedColumn>(&ids)) return Ids(texts->cut(begin, length));
    const Column<std::int64_t> numbers = std::get<Values<std::int64_t>>(ids).cut(begin, length);
    return Ids(numbers.values, numbers.valid);
  }

  Subscriptions piece(std::int64_t begin, std::int64_t length) const {
    Subscriptions rows{
        .customer = cut_ids(columns_.customer, begin, length),
        .start = columns_.start.cut(begin, length),
        .amount = std::visit([&](const auto& values) { return Amounts(values.cut(begin, length)); },
                             columns_.amount),
        .interval = interval_,
        .currency = currency_};
    if (columns_.end) rows.end = columns_.end->cut(begin, length);
    if (roles_.interval_column)
      rows.interval_unit = std::span(columns_.interval_unit)
                               .subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(length));
    if (columns_.interval_count) rows.interval_count = columns_.interval_count->cut(begin, length);
    if (columns_.quantity) rows.quantity = columns_.quantity->cut(begin, length);
    if (columns_.currency) rows.currency_codes = columns_.currency->cut(begin, length);
    if (columns_.subscription) rows.subscription = cut_ids(*columns_.subscription, begin, length);
    if (columns_.product) rows.product = columns_.product->cut(begin, length);
    for (std::size_t i = 0; i < roles_.by.size(); ++i)
      rows.segments.push_back({roles_.by[i], columns_.segments[i].cut(begin, length)});
    return rows;
  }

  const Roles& roles_;
  const Converted& columns_;
  Interval interval_;
  Currency currency_;
  std::set<std::int64_t> bounds_;
};

Converted convert(const Input& input, const Roles& roles, const Poll& poll) {
  Converted columns{.customer = to_ids(input.at(roles.customer), poll),
                    .start = to_days(input.at(roles.start), poll),
                    .amount = to_amounts(input.at(roles.amount), poll)};
  if (roles.end) columns.end = to_days(input.at(*roles.end), poll);
  if (roles.interval_column) columns.interval_unit = to_intervals(input.at(*roles.interval_column), poll);
  if (roles.interval_count_column)
    columns.interval_count = to_whole_numbers(input.at(*roles.interval_count_column), poll);
  if (roles.quantity) columns.quantity = to_whole_numbers(input.at(*roles.quantity), poll);
  if (roles.subscription) columns.subscription = to_ids(input.at(*roles.subscription), poll);
  if (roles.product) columns.product = to_labels(input.at(*roles.product), poll);
  if (roles.currency_column) columns.currency = to_labels(input.at(*roles.currency_column), poll);
  for (const std::string& name : roles.by) columns.segments.push_back(to_labels(input.at(name), poll));
  return columns;
}

}  // namespace

void LoadedBook::load(const Input& input, const Roles& roles, const std::function<void()>& poll) {
  if (input.rows() > most_rows)
    throw_input(
        {.code = "E_LIMIT_ROWS",
         .what = "one table holds at most 4294967295 rows, this one has " + std::to_string(input.rows()),
         .value = std::to_string(input.rows()),
         .remedy = "Split it by customer and add up the results."});
  const Converted columns = convert(input, roles, poll);
  const Cutter cutter(input, roles, columns);
  if (roles.refuse_subminor)
    refuse_subminor(input.at(roles.amount), columns.amount, columns.currency ? &*columns.currency : nullptr,
                    roles.currency ? Currency(*roles.currency) : Currency{});
  const std::vector<Subscriptions> pieces = cutter.pieces();
  add(std::span<const Subscriptions>(pieces));
  if (const auto* ids = std::get_if<CodedColumn>(&columns.customer)) door_notes_ = key_notes(*ids);
}

std::vector<Note> LoadedBook::all_notes() const {
  std::vector<Note> all = notes();
  all.insert(all.end(), door_notes_.begin(), door_notes_.end());
  return all;
}

}  // namespace tenure::python
