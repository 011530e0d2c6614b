#include "events.hpp"

#include <functional>

#include "runs.hpp"
#include "tenure/model/detail/amount_at.hpp"

namespace tenure::python {

namespace {

class EventReader {
 public:
  EventReader(const Input& input, const EventRoles& roles, const Poll& poll)
      : input_(input), roles_(roles), poll_(poll), events_(static_cast<std::size_t>(input.rows())) {}

  std::vector<Event> read() && {
    kinds();
    ids("id", &Event::id);
    ids("customer", &Event::customer);
    ids("subscription", &Event::subscription);
    days();
    numbers();
    amounts();
    texts();
    discounts();
    faults_.raise();
    return std::move(events_);
  }

 private:
  /// The column of a role, unless there is none or nothing is in it.
  const InputColumn* column(const char* role) const {
    const auto name = roles_.find(role);
    if (name == roles_.end()) return nullptr;
    const InputColumn& found = input_.at(name->second);
    return only_missing(found) ? nullptr : &found;
  }
  std::string name_of_role(const char* role) const {
    const auto name = roles_.find(role);
    return name == roles_.end() ? role : name->second;
  }
  void fault(const char* code, const char* role, std::size_t row, std::string what, std::string value,
             std::string remedy) {
    faults_.add({.code = code,
                 .what = std::move(what),
                 .column = name_of_role(role),
                 .row = static_cast<std::int64_t>(row),
                 .value = std::move(value),
                 .remedy = std::move(remedy)});
  }

  /// Calls use(event, value) for each row that holds one.
  template <class T, class Use>
  void each(const Values<T>& values, const Use& use) {
    std::size_t row = 0;
    for (const Column<T>& run : values.runs)
      for (std::size_t i = 0; i < run.size(); ++i, ++row)
        if (run.valid[i]) use(row, run.values[i]);
  }
  template <class Use>
  void each(const CodedColumn& texts, const Use& use) {
    for (std::size_t row = 0; row < texts.codes.size(); ++row)
      if (texts.codes[row] != null_code)
        use(row, (*texts.labels)[static_cast<std::size_t>(texts.codes[row])]);
  }

  void ids(const char* role, Id Event::* member) {
    std::vector<bool> known(events_.size(), false);
    const auto take = [&](std::size_t row, const auto& value) {
      events_[row].*member = value;
      known[row] = true;
    };
    if (const InputColumn* held = column(role))
      std::visit([&](const auto& values) { each(values, take); }, to_ids(*held, poll_));
    for (std::size_t row = 0; row < events_.size(); ++row)
      if (!known[row] && (member == &Event::id || events_[row].kind != EventKind::retracted))
        fault("E_KEY_NULL", role, row, std::string("missing ") + role + " id", "null",
              "Give every event its ids; a retraction needs that of the event only.");
  }

  void kinds() {
    std::vector<bool> known(events_.size(), false);
    if (const InputColumn* held = column("kind")) {
      if (!holds_texts(held->type)) throw_type(*held, "kinds of events, such as start or end");
      std::map<std::string, EventKind, std::less<>> met;
      each(to_labels(*held, poll_), [&](std::size_t row, const std::string& name) {
        known[row] = true;
        auto kind = met.find(name);
        if (kind == met.end()) {
          try {
            kind = met.emplace(name, parse_event_kind(name)).first;
          } catch (const OptionError& error) {
            const Fault& found = error.fault();
            return fault("E_ENUM", "kind", row, found.what, found.value, found.remedy);
          }
        }
        events_[row].kind = kind->second;
      });
    }
    for (std::size_t row = 0; row < events_.size(); ++row)
      if (!known[row])
        fault("E_ENUM", "kind", row, "missing kind of event", "null",
              "Say what happens: start, change, end ...");
  }

  void days() {
    std::vector<bool> known(events_.size(), false);
    if (const InputColumn* held = column("at"))
      each(to_days(*held, poll_), [&](std::size_t row, Day day) {
        events_[row].at = day;
        known[row] = true;
      });
    for (std::size_t row = 0; row < events_.size(); ++row)
      if (!known[row] && events_[row].kind != EventKind::retracted)
        fault("E_DATE_NULL", "at", row, "missing date", "null",
              "Give the day on which the event takes effect.");
    const auto optional = [&](const char* role, std::optional<Day> Event::* member) {
      if (const InputColumn* held = column(role))
        each(to_days(*held, poll_), [&](std::size_t row, Day day) { events_[row].*member = day; });
    };
    optional("recorded", &Event::recorded);
    optional("ends", &Event::ends);
    optional("paid_through", &Event::paid_through);
  }

  void numbers() {
    const auto whole = [&](const char* role, const auto& use) {
      if (const InputColumn* held = column(role)) each(to_whole_numbers(*held, poll_), use);
    };
    whole("version", [&](std::size_t row, std::int64_t version) { events_[row].version = version; });
    whole("sequence", [&](std::size_t row, std::int64_t sequence) { events_[row].sequence = sequence; });
    whole("quantity", [&](std::size_t row, std::int64_t quantity) { events_[row].quantity = quantity; });
    if (const InputColumn* held = column("interval")) {
      if (!holds_texts(held->type)) throw_type(*held, "names of intervals: day, week, month, year ...");
      each(to_labels(*held, poll_), [&](std::size_t row, const std::string& name) {
        try {
          events_[row].interval = Interval{parse_interval_unit(name), 1};
        } catch (const OptionError& error) {
          const Fault& found = error.fault();
          fault("E_INTERVAL", "interval", row, found.what, found.value, found.remedy);
        }
      });
    }
    whole("interval_count", [&](std::size_t row, std::int64_t count) {
      if (!events_[row].interval) events_[row].interval = Interval{};
      events_[row].interval->count = static_cast<std::int32_t>(std::clamp<std::int64_t>(count, 0, INT32_MAX));
    });
  }

  template <class Use>
  void micros_of(const char* role, const Use& use) {
    const InputColumn* held = column(role);
    if (held == nullptr) return;
    std::visit(
        [&](const auto& values) {
          each(values, [&](std::size_t row, auto amount) {
            const detail::AmountAt found = detail::to_amount(amount);
            if (found.bad())
              detail::FaultAt(faults_, static_cast<std::int64_t>(row)).amount(found, name_of_role(role));
            else
              use(row, found.value);
          });
        },
        to_optional_amounts(*held, poll_));
  }
  void amounts() {
    micros_of("price", [&](std::size_t row, std::int64_t price) { events_[row].price = price; });
  }

  void texts() {
    if (const InputColumn* held = column("product"))
      each(to_labels(*held, poll_),
           [&](std::size_t row, const std::string& product) { events_[row].product = product; });
    if (const InputColumn* held = column("currency"))
      each(to_labels(*held, poll_), [&](std::size_t row, const std::string& code) {
        try {
          events_[row].currency = Currency(code);
        } catch (const InputError& error) {
          fault("E_CURRENCY_UNKNOWN", "currency", row, error.fault().what, printable(code),
                "Use three capital letters, such as USD, EUR or JPY.");
        }
      });
  }

  void discounts() {
    const auto discount = [&](std::size_t row) -> Discount& {
      if (!events_[row].discount) events_[row].discount = Discount{};
      return *events_[row].discount;
    };
    micros_of("discount_percent",
              [&](std::size_t row, std::int64_t percent) { discount(row).percent_micros = percent; });
    micros_of("discount_amount",
              [&](std::size_t row, std::int64_t amount) { discount(row).amount_micros = amount; });
    if (const InputColumn* held = column("discount_duration")) {
      const std::vector<DiscountDuration> durations = to_durations(*held, poll_);
      for (std::size_t row = 0; row < events_.size(); ++row)
        if (events_[row].discount) events_[row].discount->duration = durations[row];
    }
    if (const InputColumn* held = column("discount_until"))
      each(to_days(*held, poll_), [&](std::size_t row, Day day) {
        if (events_[row].discount) events_[row].discount->until = day;
      });
  }

  const Input& input_;
  const EventRoles& roles_;
  const Poll& poll_;
  std::vector<Event> events_;
  FaultList faults_;
};

}  // namespace

std::vector<Event> to_events(const Input& input, const EventRoles& roles, const Poll& poll) {
  return EventReader(input, roles, poll).read();
}

void rethrow_named(const InputError& error, const EventRoles& roles) {
  std::vector<Fault> faults = error.faults();
  for (Fault& fault : faults)
    if (const auto name = roles.find(fault.column); name != roles.end()) fault.column = name->second;
  throw InputError(std::move(faults), error.count());
}

}  // namespace tenure::python
