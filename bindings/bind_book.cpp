#include <algorithm>

#include "support/frame_columns.hpp"
#include "support/load.hpp"
#include "support/signals.hpp"

namespace tenure::python {

namespace {

Periods to_periods(const std::string& first, const std::string& last, const std::string& unit,
                   int fiscal_start) {
  return periods({parse_period_unit(unit), fiscal_start}, first, last);
}

/// The periods asked for and those before them that a rate looks back on: a year, but not further than the
/// rows reach.
Periods with_history(const Book& book, const Periods& asked) {
  Day begin = asked.begin();
  const Day year_before = anniversary(begin, -12);
  while (begin > year_before && begin > book.first_day() && book.rows() > 0)
    begin = asked.calendar().advance(begin, -1);
  return {asked.calendar(), begin, asked.end() - 1};
}

Texts id_texts(const std::vector<Id>& ids) {
  Texts texts;
  for (const Id& id : ids) texts.push_back(std::get<std::string>(id));
  return texts;
}

void add_ids(Output& output, const std::string& name, const std::vector<Id>& ids) {
  if (!ids.empty() && std::holds_alternative<std::string>(ids.front()))
    return output.add(name, id_texts(ids));
  std::vector<std::int64_t> numbers;
  for (const Id& id : ids) numbers.push_back(std::get<std::int64_t>(id));
  output.add(name, std::move(numbers));
}

Output explained_columns(const std::vector<ExplainedMovement>& movements, MoneyFormat format) {
  Output output(movements.size());
  std::vector<Id> customers, subscriptions;
  Texts names, rules;
  std::vector<RunRateSum> opening, closing, change, amount;
  std::vector<std::int64_t> row_counts;
  for (const ExplainedMovement& movement : movements) {
    customers.push_back(movement.customer);
    if (movement.subscription) subscriptions.push_back(*movement.subscription);
    names.push_back(name_of(movement.movement));
    opening.push_back(movement.opening);
    closing.push_back(movement.closing);
    change.push_back(movement.closing - movement.opening);
    amount.push_back(movement.amount);
    rules.push_back(movement.rule);
    row_counts.push_back(static_cast<std::int64_t>(movement.rows.size()));
  }
  add_ids(output, "customer", customers);
  if (!subscriptions.empty()) add_ids(output, "subscription", subscriptions);
  output.add("movement", std::move(names));
  output.add_money("opening", opening, format);
  output.add_money("closing", closing, format);
  output.add_money("change", change, format);
  output.add_money("amount", amount, format);
  output.add("rule", std::move(rules));
  output.add("row_count", std::move(row_counts));
  return output;
}

Output row_columns(const std::vector<ExplainedRow>& rows, MoneyFormat format) {
  Output output(rows.size());
  std::vector<Id> customers;
  std::vector<std::int64_t> numbers;
  std::vector<Day> starts, ends;
  std::vector<RunRateSum> rates;
  std::vector<Undefined> open;
  for (const ExplainedRow& row : rows) {
    customers.push_back(row.customer);
    numbers.push_back(row.row);
    starts.push_back(row.start);
    ends.push_back(row.end == open_end ? 0 : row.end);
    open.push_back(row.end == open_end ? Undefined::not_yet_observed : Undefined::no);
    rates.emplace_back(row.rate);
  }
  add_ids(output, "customer", customers);
  output.add("row", std::move(numbers));
  output.add("start", std::move(starts));
  output.add("end", std::move(ends), std::move(open));
  output.add_money("mrr", rates, format);
  return output;
}

/// The answer of explain() with the rows behind it.
struct Explained {
  std::shared_ptr<Output> columns;
  std::vector<std::int64_t> rows;
};

Explained explain(const Book& book, const Periods& asked, const std::string& day, const std::string& movement,
                  const std::string& by, const std::string& segment, MoneyFormat format) {
  const std::size_t period = asked.index_of(parse_day_or_month(day, "period"));
  const auto movements = book.explain(asked, period, parse_line(movement), {.by = by}, segment);
  Explained explained{std::make_shared<Output>(explained_columns(movements, format)), {}};
  for (const ExplainedMovement& one : movements)
    explained.rows.insert(explained.rows.end(), one.rows.begin(), one.rows.end());
  std::sort(explained.rows.begin(), explained.rows.end());
  explained.rows.erase(std::unique(explained.rows.begin(), explained.rows.end()), explained.rows.end());
  return explained;
}

std::unique_ptr<LoadedBook> make_book(const Input& table, const Policy& policy, bool drop_reversed,
                                      int threads, const Roles& roles) {
  BookOptions options{.on_reversed = drop_reversed ? OnReversed::drop : OnReversed::error};
  options.names.customer = roles.customer;
  options.names.start = roles.start;
  options.names.amount = roles.amount;
  const auto name = [](std::string& to, const std::optional<std::string>& given) {
    if (given) to = *given;
  };
  name(options.names.end, roles.end);
  name(options.names.interval, roles.interval_column);
  name(options.names.interval_count, roles.interval_count_column);
  name(options.names.quantity, roles.quantity);
  name(options.names.currency, roles.currency_column);
  name(options.names.subscription, roles.subscription);
  name(options.names.product, roles.product);
  options.execution.threads = threads;
  options.execution.poll = &check_signals;
  auto book = std::make_unique<LoadedBook>(policy, std::move(options));
  SignalCheck signals;
  book->load(table, roles, [&signals] { signals(); });
  return book;
}

using Names = std::vector<std::string>;
using Optional = std::optional<std::string>;
using Unlocked = py::call_guard<py::gil_scoped_release>;

std::unique_ptr<LoadedBook> book_of(const Input& table, const Policy& policy, std::string customer,
                                    std::string start, Optional end, std::string amount, std::string interval,
                                    int interval_count, Optional interval_column,
                                    Optional interval_count_column, Optional subscription, Optional product,
                                    Optional quantity, Optional currency, Optional currency_column, Names by,
                                    bool drop_reversed, bool refuse_subminor, int threads) {
  const Roles roles{.customer = std::move(customer),
                    .start = std::move(start),
                    .amount = std::move(amount),
                    .end = std::move(end),
                    .interval_column = std::move(interval_column),
                    .interval_count_column = std::move(interval_count_column),
                    .quantity = std::move(quantity),
                    .subscription = std::move(subscription),
                    .product = std::move(product),
                    .currency_column = std::move(currency_column),
                    .by = std::move(by),
                    .interval = std::move(interval),
                    .interval_count = interval_count,
                    .currency = std::move(currency),
                    .refuse_subminor = refuse_subminor};
  const py::gil_scoped_release unlocked;
  return make_book(table, policy, drop_reversed, threads, roles);
}

void bind_facts(py::class_<LoadedBook>& book) {
  book.def_property_readonly("rows", &Book::rows)
      .def_property_readonly("rows_read", &Book::rows_read)
      .def_property_readonly("customers", &Book::customers)
      .def_property_readonly("first_day", &Book::first_day)
      .def_property_readonly("last_day", &Book::last_day)
      .def("last_event", &Book::last_event, py::arg("until"), Unlocked(),
           "Day of the latest start or end on or before `until`, 0 if there is none.")
      .def_property_readonly("segments", &Book::segment_names)
      .def_property_readonly("currency",
                             [](const LoadedBook& self) { return std::string(self.currency().code()); })
      .def_property_readonly("exponent", [](const LoadedBook& self) { return self.currency().exponent(); })
      .def_property_readonly(
          "notes",
          [](const LoadedBook& self) {
            std::vector<std::tuple<std::string, std::string, std::int64_t, std::vector<std::int64_t>>> notes;
            for (const Note& note : self.all_notes())
              notes.emplace_back(note.code, note.message, note.count, note.rows);
            return notes;
          },
          "Tuples of code, message, count and rows.");
}

void bind_queries(py::class_<LoadedBook>& book) {
  book.def(
          "waterfall",
          [](const LoadedBook& self, const std::string& first, const std::string& last,
             const std::string& period, int fiscal_start, const std::string& by) {
            return self.waterfall(to_periods(first, last, period, fiscal_start), {.by = by});
          },
          py::arg("first"), py::arg("last"), py::arg("period"), py::arg("fiscal_start"), py::arg("by"),
          Unlocked())
      .def(
          "waterfall_with_history",
          [](const LoadedBook& self, const std::string& first, const std::string& last,
             const std::string& period, int fiscal_start, const std::string& by) {
            return self.waterfall(with_history(self, to_periods(first, last, period, fiscal_start)),
                                  {.by = by});
          },
          py::arg("first"), py::arg("last"), py::arg("period"), py::arg("fiscal_start"), py::arg("by"),
          Unlocked(), "A bridge with up to a year in front, for rates that look back.")
      .def(
          "net_retention",
          [](const LoadedBook& self, const std::string& first, const std::string& last,
             const std::string& period, int fiscal_start, int horizon, const std::string& by) {
            return self.net_retention(to_periods(first, last, period, fiscal_start),
                                      {.horizon = horizon, .by = by});
          },
          py::arg("first"), py::arg("last"), py::arg("period"), py::arg("fiscal_start"), py::arg("horizon"),
          py::arg("by"), Unlocked())
      .def(
          "triangle",
          [](const LoadedBook& self, const std::string& first, const std::string& last,
             const std::string& period, int fiscal_start, const std::string& by) {
            return self.triangle(to_periods(first, last, period, fiscal_start), {.by = by});
          },
          py::arg("first"), py::arg("last"), py::arg("period"), py::arg("fiscal_start"), py::arg("by"),
          Unlocked())
      .def(
          "summary",
          [](const LoadedBook& self, const std::string& first, const std::string& last,
             const std::string& period, int fiscal_start, int horizon) {
            Summary all = self.summary(to_periods(first, last, period, fiscal_start), {.horizon = horizon});
            return std::tuple(std::move(all.waterfall), std::move(all.net_retention),
                              std::move(all.triangle));
          },
          py::arg("first"), py::arg("last"), py::arg("period"), py::arg("fiscal_start"), py::arg("horizon"),
          Unlocked(), "Waterfall, retention and triangle in one sweep.")
      .def(
          "mrr",
          [](const LoadedBook& self, const std::string& at, const std::string& by) {
            return self.mrr(parse_day_or_month(at, "at"), {.by = by});
          },
          py::arg("at"), py::arg("by"), Unlocked())
      .def(
          "new_products",
          [](const LoadedBook& self, const std::string& first, const std::string& last, int months) {
            return self.new_products(to_periods(first, last, "month", 1), months);
          },
          py::arg("first"), py::arg("last"), py::arg("months"), Unlocked())
      .def(
          "concentration",
          [](const LoadedBook& self, const std::string& at, std::vector<std::int64_t> top) {
            return self.concentration(parse_day_or_month(at, "at"), {.top = std::move(top)});
          },
          py::arg("at"), py::arg("top"), Unlocked())
      .def(
          "explain",
          [](const LoadedBook& self, const std::tuple<std::string, std::string, std::string, int>& window,
             const std::string& day, const std::string& movement, const std::string& by,
             const std::string& segment, bool decimal, int exponent) {
            const auto& [first, last, period, fiscal_start] = window;
            Explained explained = explain(self, to_periods(first, last, period, fiscal_start), day, movement,
                                          by, segment, {decimal, exponent});
            return std::pair(std::move(explained.columns), std::move(explained.rows));
          },
          py::arg("window"), py::arg("day"), py::arg("movement"), py::arg("by"), py::arg("segment"),
          py::kw_only(), py::arg("decimal"), py::arg("exponent"), Unlocked(),
          "Who made one cell of a bridge; and the rows behind it.")
      .def(
          "explain_rows",
          [](const LoadedBook& self, const std::vector<std::int64_t>& rows, bool decimal, int exponent) {
            return std::make_shared<Output>(row_columns(self.explain_rows(rows), {decimal, exponent}));
          },
          py::arg("rows"), py::kw_only(), py::arg("decimal"), py::arg("exponent"), Unlocked(),
          "Rows as the book reads them.");
}

}  // namespace

void bind_book(py::module_& module) {
  py::class_<LoadedBook> book(module, "Book", "Rows grouped by customer; tenure.Book is its face.");
  book.def(py::init(&book_of), py::arg("table"), py::arg("policy"), py::kw_only(), py::arg("customer"),
           py::arg("start"), py::arg("end"), py::arg("amount"), py::arg("interval"),
           py::arg("interval_count"), py::arg("interval_column"), py::arg("interval_count_column"),
           py::arg("subscription"), py::arg("product"), py::arg("quantity"), py::arg("currency"),
           py::arg("currency_column"), py::arg("by"), py::arg("drop_reversed"), py::arg("refuse_subminor"),
           py::arg("threads"));
  bind_facts(book);
  bind_queries(book);
}

}  // namespace tenure::python
