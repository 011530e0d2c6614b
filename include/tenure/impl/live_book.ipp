#include <algorithm>
#include <numeric>

#include "../detail/live/batch.hpp"

namespace tenure {

namespace detail {

inline void refuse_day(Day day) {
  if (!is_representable(day))
    throw_input({.code = "E_DATE_RANGE",
                 .what = "day " + std::to_string(day) + " is outside 1400-01-01..9999-12-31",
                 .column = "today",
                 .value = std::to_string(day),
                 .remedy = "Dates run from 1400-01-01 to 9999-12-31."});
}

}  // namespace detail

TENURE_INLINE LiveBook::LiveBook(Policy policy, Day today, LiveOptions options) {
  policy.check();
  detail::refuse_day(today);
  data_ = std::make_unique<Data>(std::move(policy), today, options);
}
TENURE_INLINE LiveBook::LiveBook(Policy policy, Day today, std::span<const Event> events, LiveOptions options)
    : LiveBook(std::move(policy), today, options) {
  take(events, true);
}
TENURE_INLINE LiveBook::~LiveBook() = default;
TENURE_INLINE LiveBook::LiveBook(LiveBook&&) noexcept = default;
TENURE_INLINE LiveBook& LiveBook::operator=(LiveBook&&) noexcept = default;

TENURE_INLINE void LiveBook::apply(const Event& event) {
  detail::EventBatch batch(*data_);
  batch.stage(event, -1);
  batch.check({&event, 1});
  batch.commit();
}

TENURE_INLINE void LiveBook::apply_many(std::span<const Event> events) { take(events, false); }

TENURE_INLINE void LiveBook::take(std::span<const Event> events, bool restores) {
  std::vector<std::size_t> order(events.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::tie(events[a].id, events[a].version) < std::tie(events[b].id, events[b].version);
  });
  detail::EventBatch batch(*data_, restores);
  for (const std::size_t row : order) batch.stage(events[row], static_cast<std::int64_t>(row));
  batch.check(events);
  batch.commit();
}

TENURE_INLINE void LiveBook::advance_to(Day day) {
  detail::refuse_day(day);
  Data& data = *data_;
  if (day < data.today)
    throw_input({.code = "E_CLOCK",
                 .what = "the clock stands on " + format_day(data.today) + " and does not go back to " +
                         format_day(day),
                 .column = "today",
                 .value = format_day(day),
                 .remedy = "Ask book() about days that are over."});
  if (day == data.today) return;
  data.advance(day, data.grid_until(data.history, day));
  data.publish();
}

TENURE_INLINE LiveTotals LiveBook::totals() const noexcept {
  return detail::to_totals(data_->published.load());
}
TENURE_INLINE LiveCounts LiveBook::counts() const noexcept { return data_->counts; }
TENURE_INLINE std::vector<FeedGap> LiveBook::gaps() const { return data_->positions.gaps(); }
TENURE_INLINE const Policy& LiveBook::policy() const noexcept { return data_->policy; }
TENURE_INLINE Currency LiveBook::currency() const noexcept { return data_->currency; }

TENURE_INLINE std::vector<Event> LiveBook::events() const {
  const Data& data = *data_;
  std::vector<Event> events;
  for (std::uint32_t customer = 0; customer < data.store.customers(); ++customer)
    for (const detail::StoredEvent& stored : data.store.of(customer))
      events.push_back(detail::to_event(stored, data.names, customer, data.currency));
  for (const auto& [id, stored] : data.retracted) {
    Event event{.id = data.names.events[id], .version = stored.version, .kind = EventKind::retracted};
    if (stored.recorded != open_end) event.recorded = stored.recorded;
    if (stored.gives(detail::StoredEvent::has_sequence)) event.sequence = stored.sequence;
    events.push_back(std::move(event));
  }
  std::sort(events.begin(), events.end(), [](const Event& a, const Event& b) { return a.id < b.id; });
  return events;
}

TENURE_INLINE void LiveRows::IdColumn::push_back(const Id& id) {
  has_texts = id.index() == 1;
  if (has_texts)
    texts.push_back(std::get<std::string>(id));
  else
    numbers.push_back(std::get<std::int64_t>(id));
}
TENURE_INLINE Ids LiveRows::IdColumn::view() const { return has_texts ? Ids(texts) : Ids(numbers); }

TENURE_INLINE void LiveRows::DayColumn::push_back(std::optional<Day> day) {
  const std::size_t row = values.size();
  values.push_back(day.value_or(0));
  if (row % 8 == 0) valid.push_back(0);
  if (day) valid.back() = static_cast<std::uint8_t>(valid.back() | 1U << (row % 8));
}

TENURE_INLINE Subscriptions LiveRows::table() const {
  Subscriptions table{.customer = customer.view(),
                      .start = start,
                      .end = end.view(),
                      .amount = price,
                      .interval_unit = interval,
                      .interval_count = interval_count,
                      .quantity = quantity,
                      .currency = currency,
                      .subscription = subscription.view()};
  if (has_products) table.product = static_cast<Codes>(product);
  table.terms.status = status;
  table.terms.discounts = {{.percent = discount_percent,
                            .amount = discount_amount,
                            .duration = discount_duration,
                            .until = discount_until.view()}};
  table.terms.cancel_requested = cancel_requested.view();
  table.terms.paid_through = paid_through.view();
  table.terms.dunning_end = dunning_end.view();
  if (!recorded.values.empty()) table.knowledge.recorded = recorded.view();
  return table;
}

TENURE_INLINE LiveRows LiveBook::rows() const {
  const Data& data = *data_;
  std::vector<std::uint32_t> customers(data.store.customers());
  std::iota(customers.begin(), customers.end(), std::uint32_t{0});
  std::sort(customers.begin(), customers.end(),
            [&](std::uint32_t a, std::uint32_t b) { return data.names.customers.less(a, b); });
  LiveRows rows;
  rows.currency = data.currency;
  detail::CustomerReader reader(data.policy, data.grid);
  for (const std::uint32_t customer : customers) {
    reader.read(data.store.of(customer), data.currency.exponent());
    for (const detail::FoldedPhase& phase : reader.phases()) {
      const Contract& contract = phase.contract;
      rows.customer.push_back(data.names.customers[customer]);
      rows.subscription.push_back(data.names.subscription(phase.subscription));
      rows.start.push_back(contract.start);
      rows.end.push_back(contract.end == open_end ? std::nullopt : std::optional(contract.end));
      rows.price.push_back({contract.price});
      rows.interval.push_back(contract.interval.unit);
      rows.interval_count.push_back(contract.interval.count);
      rows.quantity.push_back(contract.quantity);
      rows.status.push_back(contract.status);
      rows.discount_percent.push_back({phase.discount.percent_micros});
      rows.discount_amount.push_back({phase.discount.amount_micros});
      rows.discount_duration.push_back(phase.discount.duration);
      rows.discount_until.push_back(phase.discount.until == open_end ? std::nullopt
                                                                     : std::optional(phase.discount.until));
      rows.cancel_requested.push_back(contract.cancel_requested);
      rows.paid_through.push_back(contract.paid_through);
      rows.dunning_end.push_back(contract.dunning_end);
      if (data.policy.loading.backdating == Backdating::recorded) rows.recorded.push_back(contract.recorded);
      if (phase.product == null_code) {
        rows.product.push_null();
      } else {
        rows.product.push_back(
            std::get<std::string>(data.names.products[static_cast<std::uint32_t>(phase.product)]));
        rows.has_products = true;
      }
    }
  }
  return rows;
}

TENURE_INLINE Book LiveBook::book() const {
  const LiveRows all = rows();
  Book book(policy());
  book.add(all.table());
  return book;
}

}  // namespace tenure
