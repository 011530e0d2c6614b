#include <mutex>

#include "support/arrow_write.hpp"
#include "support/events.hpp"
#include "support/signals.hpp"
#include "tenure/live_book.hpp"

/// Events and the live book. Python's threads take turns at the book; the interpreter runs on meanwhile.
namespace tenure::python {

namespace {

struct SharedBook {
  LiveBook book;
  mutable std::mutex guard = {};
};

/// Calls use(book) while no other thread does, without the interpreter lock.
template <class Use>
auto alone(const SharedBook& shared, Use&& use) {
  const py::gil_scoped_release released;
  const std::lock_guard lock(shared.guard);
  return use();
}

using DayText = std::optional<std::string>;

std::optional<Day> to_day(const DayText& text, const char* column) {
  return text ? std::optional(parse_day(*text, column)) : std::nullopt;
}

EventOrder parse_order(const std::string& name) {
  static constexpr std::array<Named<EventOrder>, 2> known{
      {{"strict", EventOrder::strict}, {"any", EventOrder::any}}};
  return parse_named<EventOrder>(known, name, "order", "E_ENUM");
}

LiveOptions to_options(const std::string& order, bool gap_error, bool refuse_early, const std::string& unit,
                       const std::optional<std::string>& currency) {
  return {.order = parse_order(order),
          .on_gap = gap_error ? OnGap::error : OnGap::note,
          .early = refuse_early ? RecordedEarly::error : RecordedEarly::allow,
          .unit = parse_period_unit(unit),
          .currency = currency ? Currency(*currency) : Currency()};
}

void bind_event(py::module_& module) {
  py::class_<Event>(module, "Event", "What happens to a subscription; tenure.Event is its face.")
      .def(py::init([](Id id, std::int64_t version, Id customer, Id subscription, const std::string& kind,
                       const DayText& at, const DayText& recorded, std::optional<std::int64_t> sequence,
                       std::optional<std::int64_t> price, const std::optional<std::string>& interval,
                       std::optional<std::int64_t> interval_count, std::optional<std::int64_t> quantity,
                       std::optional<std::string> product, std::optional<std::int64_t> discount_percent,
                       std::optional<std::int64_t> discount_amount, const std::string& discount_duration,
                       const DayText& discount_until, const DayText& ends, const DayText& paid_through,
                       const std::optional<std::string>& currency) {
             Event event{.id = std::move(id),
                         .version = version,
                         .customer = std::move(customer),
                         .subscription = std::move(subscription),
                         .kind = parse_event_kind(kind),
                         .at = to_day(at, "at").value_or(0),
                         .recorded = to_day(recorded, "recorded"),
                         .sequence = sequence,
                         .price = price,
                         .quantity = quantity,
                         .product = std::move(product),
                         .ends = to_day(ends, "ends"),
                         .paid_through = to_day(paid_through, "paid_through")};
             if (interval || interval_count) {
               const auto count = std::clamp<std::int64_t>(interval_count.value_or(1), 0, INT32_MAX);
               event.interval = Interval{parse_interval_unit(interval.value_or("month")),
                                         static_cast<std::int32_t>(count)};
             }
             if (discount_percent || discount_amount)
               event.discount =
                   Discount{.percent_micros = discount_percent.value_or(0),
                            .amount_micros = discount_amount.value_or(0),
                            .duration = parse_discount_duration(discount_duration),
                            .until = to_day(discount_until, "discount_until").value_or(open_end)};
             if (currency) event.currency = Currency(*currency);
             check_event(event);
             return event;
           }),
           py::kw_only(), py::arg("id"), py::arg("version"), py::arg("customer"), py::arg("subscription"),
           py::arg("kind"), py::arg("at"), py::arg("recorded"), py::arg("sequence"), py::arg("price"),
           py::arg("interval"), py::arg("interval_count"), py::arg("quantity"), py::arg("product"),
           py::arg("discount_percent"), py::arg("discount_amount"), py::arg("discount_duration"),
           py::arg("discount_until"), py::arg("ends"), py::arg("paid_through"), py::arg("currency"));
}

/// What an event gives, by the names of tenure.Event; days are counted from 1970, amounts are micro-units.
py::dict to_values(const Event& event) {
  py::dict values;
  values["id"] = event.id;
  values["version"] = event.version;
  values["kind"] = name_of(event.kind);
  const auto put = [&](const char* name, const auto& value) {
    if (value) values[name] = *value;
  };
  put("recorded", event.recorded);
  put("sequence", event.sequence);
  if (event.kind == EventKind::retracted) return values;
  values["customer"] = event.customer;
  values["subscription"] = event.subscription;
  values["at"] = event.at;
  put("price", event.price);
  put("quantity", event.quantity);
  put("product", event.product);
  put("ends", event.ends);
  put("paid_through", event.paid_through);
  if (event.interval) {
    values["interval"] = name_of(event.interval->unit);
    values["interval_count"] = event.interval->count;
  }
  if (const auto& discount = event.discount) {
    values["discount_percent"] = discount->percent_micros;
    values["discount_amount"] = discount->amount_micros;
    values["discount_duration"] = name_of(discount->duration);
    if (discount->until != open_end) values["discount_until"] = discount->until;
  }
  if (event.currency.set()) values["currency"] = std::string(event.currency.code());
  return values;
}

std::vector<Event> copies(const std::vector<const Event*>& given) {
  std::vector<Event> events;
  for (const Event* event : given) events.push_back(*event);
  return events;
}

void bind_totals(py::module_& module) {
  py::class_<LiveTotals>(module, "LiveTotals", "What a live book comes to; tenure.live.Totals is its face.")
      .def_readonly("today", &LiveTotals::today)
      .def_readonly("period_begin", &LiveTotals::period_begin)
      .def_readonly("subscriptions", &LiveTotals::subscriptions)
      .def_property_readonly("mrr", &LiveTotals::mrr)
      .def_property_readonly("arr", &LiveTotals::arr)
      .def_property_readonly("customers", &LiveTotals::customers)
      .def(
          "lines",
          [](const LiveTotals& totals) {
            std::vector<std::tuple<std::string, double, std::int64_t, py::int_>> lines;
            for (const auto& [name, line] : line_names) {
              const Flow& flow = totals.at(line);
              lines.emplace_back(name, flow.amount.mrr(), flow.customers,
                                 py::int_(py::str(to_string(flow.amount.annual))));
            }
            return lines;
          },
          "Tuples of line, MRR, customers, and the amount in millionths a year.");
}

void add_days(Output& output, const char* name, const LiveRows::DayColumn& days) {
  std::vector<Undefined> reasons;
  const Column<Day> view = days.view();
  for (std::size_t row = 0; row < days.values.size(); ++row)
    reasons.push_back(view.valid[row] ? Undefined::no : Undefined::not_yet_observed);
  output.add(name, days.values, std::move(reasons));
}

void add_texts(Output& output, const char* name, std::size_t rows,
               const std::function<std::string_view(std::size_t)>& text) {
  Texts texts;
  for (std::size_t row = 0; row < rows; ++row) texts.push_back(text(row));
  output.add(name, std::move(texts));
}

void add_micros(Output& output, const char* name, const std::vector<Micros>& amounts) {
  Decimals decimals{.values = {}, .scale = 6};
  for (const Micros& amount : amounts) decimals.values.push_back(amount.amount);
  output.add(name, std::move(decimals));
}

void add_id_column(Output& output, const char* name, const LiveRows::IdColumn& ids) {
  if (!ids.has_texts) return output.add(name, ids.numbers);
  const Codes codes = ids.texts;
  add_texts(output, name, codes.size(), [&](std::size_t row) -> std::string_view {
    return codes.labels[static_cast<std::size_t>(codes.codes[row])];
  });
}

/// The rows of a live book as a table that a book can be made of.
std::shared_ptr<Output> row_columns(const LiveRows& rows) {
  auto output = std::make_shared<Output>(rows.size());
  add_id_column(*output, "customer", rows.customer);
  add_id_column(*output, "subscription", rows.subscription);
  output->add("start", rows.start);
  add_days(*output, "end", rows.end);
  add_micros(*output, "price", rows.price);
  add_texts(*output, "interval", rows.size(), [&](std::size_t row) { return name_of(rows.interval[row]); });
  output->add("interval_count", rows.interval_count);
  output->add("quantity", rows.quantity);
  add_texts(*output, "status", rows.size(), [&](std::size_t row) { return name_of(rows.status[row]); });
  add_micros(*output, "discount_percent", rows.discount_percent);
  add_micros(*output, "discount_amount", rows.discount_amount);
  add_texts(*output, "discount_duration", rows.size(),
            [&](std::size_t row) { return name_of(rows.discount_duration[row]); });
  add_days(*output, "discount_until", rows.discount_until);
  add_days(*output, "cancel_requested", rows.cancel_requested);
  add_days(*output, "paid_through", rows.paid_through);
  add_days(*output, "dunning_end", rows.dunning_end);
  if (!rows.recorded.values.empty()) add_days(*output, "recorded", rows.recorded);
  if (rows.has_products) {
    const Codes codes = rows.product;
    Texts texts;
    std::vector<Undefined> reasons;
    for (const std::int32_t code : codes.codes) {
      texts.push_back(code == null_code ? std::string_view() : codes.labels[static_cast<std::size_t>(code)]);
      reasons.push_back(code == null_code ? Undefined::not_yet_observed : Undefined::no);
    }
    output->add("product", std::move(texts), std::move(reasons));
  }
  return output;
}

}  // namespace

void bind_live(py::module_& module) {
  bind_event(module);
  bind_totals(module);
  py::class_<SharedBook>(module, "LiveBook", "A book kept current by events; tenure.LiveBook is its face.")
      .def(py::init([](const Policy& policy, const std::string& today, const std::string& order,
                       bool gap_error, bool refuse_early, const std::string& unit,
                       const std::optional<std::string>& currency, const std::vector<const Event*>& given) {
             const Day day = parse_day(today, "today");
             const LiveOptions options = to_options(order, gap_error, refuse_early, unit, currency);
             const std::vector<Event> events = copies(given);
             const py::gil_scoped_release released;
             return std::make_unique<SharedBook>(LiveBook(policy, day, events, options));
           }),
           py::arg("policy"), py::arg("today"), py::kw_only(), py::arg("order"), py::arg("gap_error"),
           py::arg("refuse_early"), py::arg("unit"), py::arg("currency"), py::arg("events"))
      .def(
          "apply", [](SharedBook& self, const Event& event) { alone(self, [&] { self.book.apply(event); }); },
          py::arg("event"))
      .def(
          "apply_many",
          [](SharedBook& self, const std::vector<const Event*>& given) {
            const std::vector<Event> events = copies(given);
            alone(self, [&] { self.book.apply_many(events); });
          },
          py::arg("events"))
      .def(
          "apply_table",
          [](SharedBook& self, const Input& table, const EventRoles& roles) {
            SignalCheck signals;
            const Poll poll = [&signals] { signals(); };
            const py::gil_scoped_release released;
            const std::vector<Event> events = to_events(table, roles, poll);
            try {
              const std::lock_guard lock(self.guard);
              self.book.apply_many(events);
            } catch (const InputError& error) {
              rethrow_named(error, roles);
            }
          },
          py::arg("table"), py::arg("roles"), "Take the rows of a table; roles name its columns.")
      .def(
          "advance_to",
          [](SharedBook& self, const std::string& day) {
            const Day to = parse_day(day, "today");
            alone(self, [&] { self.book.advance_to(to); });
          },
          py::arg("day"))
      .def_property_readonly("totals", [](const SharedBook& self) { return self.book.totals(); })
      .def_property_readonly("counts",
                             [](const SharedBook& self) {
                               const LiveCounts counts = alone(self, [&] { return self.book.counts(); });
                               return std::tuple(counts.events, counts.corrections, counts.retractions,
                                                 counts.duplicates, counts.late);
                             })
      .def_property_readonly("gaps",
                             [](const SharedBook& self) {
                               std::vector<std::pair<std::int64_t, std::int64_t>> gaps;
                               for (const FeedGap& gap : alone(self, [&] { return self.book.gaps(); }))
                                 gaps.emplace_back(gap.first, gap.last);
                               return gaps;
                             })
      .def_property_readonly("currency",
                             [](const SharedBook& self) {
                               const Currency currency = alone(self, [&] { return self.book.currency(); });
                               return std::string(currency.code());
                             })
      .def(
          "rows",
          [](const SharedBook& self) {
            const auto [rows, today] =
                alone(self, [&] { return std::pair(self.book.rows(), self.book.totals().today); });
            return std::tuple(row_columns(rows), std::string(rows.currency.code()), today);
          },
          "What the events come to, as columns, with their currency and the day.")
      .def(
          "events",
          [](const SharedBook& self) {
            py::typing::List<py::typing::Dict<py::str, py::object>> events;
            for (const Event& event : alone(self, [&] { return self.book.events(); }))
              events.append(to_values(event));
            return events;
          },
          "The events that stand: of each what it gives, by name.");
}

}  // namespace tenure::python
