#include <algorithm>

#include "support/frame_columns.hpp"
#include "support/load.hpp"
#include "support/signals.hpp"
#include "support/windows.hpp"

namespace tenure::python {

namespace {

/// The periods asked for and those before them that a rate looks back on: a year, but not further than the
/// rows reach.
Periods with_history(const Book& book, const Periods& asked) {
  Day begin = asked.begin();
  const Day year_before = anniversary(begin, -12);
  while (begin > year_before && begin > book.first_day() && book.rows() > 0)
    begin = asked.calendar().advance(begin, -1);
  return {asked.calendar(), begin, asked.end() - 1};
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

using Unlocked = py::call_guard<py::gil_scoped_release>;

void bind_facts(py::class_<LoadedBook>& book) {
  book.def_property_readonly("rows", &Book::rows)
      .def_property_readonly("rows_read", &Book::rows_read)
      .def_property_readonly("customers", &Book::customers)
      .def_property_readonly("first_day", &Book::first_day)
      .def_property_readonly("last_day", &Book::last_day)
      .def("last_event", &Book::last_event, py::arg("until"), Unlocked(),
           "Day of the latest start or end on or before `until`, 0 if there is none.")
      .def_property_readonly("segments", &Book::segment_names)
      .def_property_readonly("has_discounts", &Book::has_discounts)
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

/// No day where no row says one.
std::optional<Day> dated(Day day) noexcept { return day == min_day ? std::nullopt : std::optional(day); }

void bind_views(py::class_<LoadedBook>& book) {
  book.def_property_readonly("has_knowledge", &Book::has_knowledge)
      .def_property_readonly("first_known", [](const LoadedBook& self) { return dated(self.first_known()); })
      .def_property_readonly("last_known", [](const LoadedBook& self) { return dated(self.last_known()); })
      .def_property_readonly("currencies",
                             [](const LoadedBook& self) {
                               std::vector<std::string> codes;
                               for (const Currency& currency : self.currencies())
                                 codes.emplace_back(currency.code());
                               return codes;
                             })
      .def(
          "local",
          [](const LoadedBook& self, const std::string& currency) { return self.local(Currency(currency)); },
          py::arg("currency"), Unlocked())
      .def(
          "at_rates_of",
          [](const LoadedBook& self, const std::string& day) {
            return self.at_rates_of(parse_day(day, "day"));
          },
          py::arg("day"), Unlocked());
}

void bind_queries(py::class_<LoadedBook>& book) {
  book.def(
          "waterfall",
          [](const LoadedBook& self, const std::string& first, const std::string& last,
             const std::string& period, int fiscal_start, const std::string& by) {
            return self.waterfall(to_periods(self, first, last, period, fiscal_start), {.by = by});
          },
          py::arg("first"), py::arg("last"), py::arg("period"), py::arg("fiscal_start"), py::arg("by"),
          Unlocked())
      .def(
          "waterfall_with_history",
          [](const LoadedBook& self, const std::string& first, const std::string& last,
             const std::string& period, int fiscal_start, const std::string& by) {
            return self.waterfall(with_history(self, to_periods(self, first, last, period, fiscal_start)),
                                  {.by = by});
          },
          py::arg("first"), py::arg("last"), py::arg("period"), py::arg("fiscal_start"), py::arg("by"),
          Unlocked(), "A bridge with up to a year in front, for rates that look back.")
      .def(
          "net_retention",
          [](const LoadedBook& self, const std::string& first, const std::string& last,
             const std::string& period, int fiscal_start, int horizon, const std::string& by) {
            return self.net_retention(to_periods(self, first, last, period, fiscal_start),
                                      {.horizon = horizon, .by = by});
          },
          py::arg("first"), py::arg("last"), py::arg("period"), py::arg("fiscal_start"), py::arg("horizon"),
          py::arg("by"), Unlocked())
      .def(
          "churn",
          [](const LoadedBook& self, const std::string& first, const std::string& last,
             const std::string& period,
             int fiscal_start) { return self.churn(to_periods(self, first, last, period, fiscal_start)); },
          py::arg("first"), py::arg("last"), py::arg("period"), py::arg("fiscal_start"), Unlocked())
      .def(
          "triangle",
          [](const LoadedBook& self, const std::string& first, const std::string& last,
             const std::string& period, int fiscal_start, const std::string& by) {
            return self.triangle(to_periods(self, first, last, period, fiscal_start), {.by = by});
          },
          py::arg("first"), py::arg("last"), py::arg("period"), py::arg("fiscal_start"), py::arg("by"),
          Unlocked())
      .def(
          "summary",
          [](const LoadedBook& self, const std::string& first, const std::string& last,
             const std::string& period, int fiscal_start, int horizon) {
            Summary all =
                self.summary(to_periods(self, first, last, period, fiscal_start), {.horizon = horizon});
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
            return self.new_products(to_periods(self, first, last, "month", 1), months);
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
            Explained explained = explain(self, to_periods(self, first, last, period, fiscal_start), day,
                                          movement, by, segment, {decimal, exponent});
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
  book.def(
      py::init([](const Tables& tables, const Policy& policy, const LoadOptions& options, const View& view) {
        const py::gil_scoped_release unlocked;
        return load(tables, policy, options, view);
      }),
      py::arg("tables"), py::arg("policy"), py::arg("options"), py::arg("view"));
  bind_facts(book);
  bind_views(book);
  bind_queries(book);
}

}  // namespace tenure::python
