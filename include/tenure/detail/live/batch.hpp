#pragma once

#include <algorithm>
#include <string>
#include <unordered_map>
#include <vector>

#include "data.hpp"

namespace tenure::detail {

inline std::string show(const Id& id) {
  const auto* text = std::get_if<std::string>(&id);
  return text != nullptr ? printable(*text) : std::to_string(*std::get_if<std::int64_t>(&id));
}

/// The events of one call on their way into a live book. Everything is tried on drafts of the customers that
/// are touched; commit() cannot refuse any more, and without it the book goes back to what it was.
template <class Data>
class EventBatch {
 public:
  /// `restores`: the events are all of a book, of which only the last versions are left.
  explicit EventBatch(Data& data, bool restores = false)
      : data_(data), mark_(data.names.mark()), restores_(restores), today_(data.today) {}
  EventBatch(const EventBatch&) = delete;
  EventBatch& operator=(const EventBatch&) = delete;
  ~EventBatch() {
    if (!done_) roll_back();
    for (std::size_t i = 0; i < data_.draft_count; ++i) {
      const std::uint32_t customer = data_.drafts[i].customer;
      if (customer < data_.draft_of.size()) data_.draft_of[customer] = 0;
    }
    constexpr std::size_t kept = 1024;  // the memory of a large call is given back
    if (data_.drafts.size() > kept) data_.drafts = {};
    data_.draft_count = 0;
    data_.undo.clear();
    data_.given_positions.clear();
    data_.taken_positions.clear();
  }

  /// Events of one id must come by version. `row` is -1 for a call with one event.
  void stage(const Event& event, std::int64_t row) {
    row_ = row;
    data_.names.events.prefetch(event.id);
    data_.names.customers.prefetch(event.customer);
    check_event(event, place());
    check_book(event);
    today_ = std::max(today_, event.recorded.value_or(today_));
    if (event.sequence) data_.given_positions.push_back(*event.sequence);
    place_event(event);
  }

  /// `events` are those that were staged, for messages.
  void check(std::span<const Event> events) {
    check_positions(events);
    check_sequences();
    const int exponent = currency().exponent();
    Day first = open_end;
    for (std::size_t i = 0; i < data_.draft_count; ++i) {
      auto& draft = data_.drafts[i];
      order_days(draft.events, data_.names.events);
      const Misfit misfit = data_.after.read(draft.events, exponent);
      if (misfit.event != nullptr && data_.options.order == EventOrder::strict) refuse(misfit, events);
      if (!data_.after.fits()) refuse_size(draft);
      first = std::min(first, data_.after.first_day());
    }
    history_ = first < data_.history ? data_.history_before(first) : data_.history;
    if (history_ != data_.history) longer_.emplace(data_.grid_until(history_, data_.today));
    if (today_ != data_.today) later_.emplace(data_.grid_until(history_, today_));
  }

  void commit() {
    done_ = true;
    if (longer_) {  // slots of the past are counted from the window: no total changes
      data_.grid = std::move(*longer_);
      data_.history = history_;
    }
    const int before = data_.currency.exponent();
    data_.currency = currency();
    const int exponent = data_.currency.exponent();
    const bool all_anew = before != exponent;
    for (std::size_t i = 0; i < data_.draft_count; ++i) {
      const auto& draft = data_.drafts[i];
      if (!all_anew) {
        data_.before.read(data_.store.of(draft.customer), exponent);
        data_.take_out();
        if (data_.draft_count > 1) data_.after.read(draft.events, exponent);  // else check() has just done so
      }
      data_.store.put(draft.customer, draft.events);
      if (!all_anew) data_.put_in(draft.customer);
    }
    if (all_anew) data_.read_all();
    for (const std::int64_t position : data_.given_positions) data_.positions.put(position);
    data_.counts = counts_added();
    if (later_) data_.advance(today_, std::move(*later_));
    data_.publish();
  }

 private:
  std::optional<std::int64_t> place() const { return row_ < 0 ? std::nullopt : std::optional(row_); }
  Currency currency() const noexcept { return currency_.set() ? currency_ : data_.currency; }

  [[noreturn]] void refuse(const char* code, std::string what, const char* column, std::string value,
                           const char* remedy) const {
    throw_input({.code = code,
                 .what = std::move(what),
                 .column = column,
                 .row = place(),
                 .value = std::move(value),
                 .remedy = remedy});
  }

  /// What an event has to share with the others.
  void check_book(const Event& event) {
    const auto type = [&](bool same, const Id& id, const char* column) {
      if (!same)
        refuse("E_KEY_TYPE", std::string(column) + " '" + show(id) + "' is of another type than those before",
               column, show(id), "Use texts or whole numbers throughout.");
    };
    type(data_.names.events.takes(event.id), event.id, "id");
    check_clock(event);
    if (event.kind == EventKind::retracted) return;
    type(data_.names.customers.takes(event.customer), event.customer, "customer");
    type(data_.names.takes_subscription(event.subscription), event.subscription, "subscription");
    if (event.currency.set() && currency().set() && event.currency != currency())
      refuse("E_CURRENCY_MIXED",
             std::string(currency().code()) + " and " + std::string(event.currency.code()) + " in one book",
             "currency", std::string(event.currency.code()),
             "Make one live book per currency, or convert the amounts first.");
    if (data_.options.early == RecordedEarly::error && event.recorded && *event.recorded < event.at)
      refuse(
          "E_RECORDED_EARLY",
          "recorded on " + format_day(*event.recorded) + ", before it took effect on " + format_day(event.at),
          "recorded", format_day(*event.recorded),
          "Give the day on which it was entered, or allow early records.");
  }

  /// The clock never goes back, so a mistyped year must not move it.
  void check_clock(const Event& event) const {
    constexpr Day most = 366;
    if (event.recorded && *event.recorded > data_.today + most)
      refuse("E_DATE_RANGE",
             "recorded on " + format_day(*event.recorded) + ", more than 366 days after today, " +
                 format_day(data_.today),
             "recorded", format_day(*event.recorded),
             "Check the year; move the clock with advance_to if that is meant.");
  }

  typename Data::Draft& draft(std::uint32_t customer) {
    if (data_.draft_of.size() <= customer) data_.draft_of.resize(data_.store.customers(), 0);
    std::uint32_t& at = data_.draft_of[customer];
    if (at == 0) {
      if (data_.drafts.size() == data_.draft_count) data_.drafts.emplace_back();
      auto& made = data_.drafts[data_.draft_count];
      const auto events = data_.store.of(customer);
      made.events.assign(events.begin(), events.end());
      made.customer = customer;
      made.row = row_;
      at = static_cast<std::uint32_t>(++data_.draft_count);
    }
    return data_.drafts[at - 1];
  }

  void place_event(const Event& event) {
    const std::uint32_t id = data_.names.events.encode(event.id);
    if (id == data_.customer_of.size()) data_.customer_of.push_back(Data::nobody);
    const std::uint32_t owner = data_.customer_of[id];
    const auto retracted = owner == Data::nobody ? data_.retracted.find(id) : data_.retracted.end();
    std::vector<StoredEvent>* events = owner == Data::nobody ? nullptr : &draft(owner).events;
    std::size_t position = 0;
    if (events != nullptr)
      while ((*events)[position].id != id) ++position;
    const StoredEvent* known = events != nullptr                    ? &(*events)[position]
                               : retracted != data_.retracted.end() ? &retracted->second
                                                                    : nullptr;
    const bool strict = data_.options.order == EventOrder::strict;
    const bool retracts = event.kind == EventKind::retracted;
    if (known == nullptr && strict && !restores_ && (event.version > 1 || retracts))
      refuse("E_EVENT_UNKNOWN",
             "version " + std::to_string(event.version) + " of event '" + show(event.id) +
                 "', of which no earlier version is known",
             "id", show(event.id),
             "Give the first version before its correction, or take events in any order.");
    if (known != nullptr && event.version < known->version) {
      if (strict)
        refuse("E_VERSION_BACK",
               "version " + std::to_string(event.version) + " of event '" + show(event.id) +
                   "' after version " + std::to_string(known->version),
               "version", std::to_string(event.version),
               "Give corrections a higher version than what they correct, or take events in any order.");
      ++added_.late;
      return;
    }
    const StoredEvent stored = to_stored(event, id, data_.names);
    const std::uint32_t customer = retracts ? Data::nobody : data_.names.customers.encode(event.customer);
    if (known != nullptr && event.version == known->version) {
      if (!(stored == *known) || customer != owner)
        refuse("E_DUPLICATE_CONFLICT",
               "event '" + show(event.id) + "' twice in version " + std::to_string(event.version) +
                   " with different content",
               "id", show(event.id), "Give what changed a higher version, or another id.");
      ++added_.duplicates;
      return;
    }
    if (data_.store.customers() < data_.names.customers.size())
      data_.store.resize(data_.names.customers.size());
    const bool moves = known == nullptr || !known->gives(StoredEvent::has_sequence) ||
                       known->sequence != stored.sequence;  // else it is a correction in its place
    if (strict && event.sequence && moves) data_.taken_positions.push_back({*event.sequence, row_, id});
    const bool corrects = known != nullptr;
    data_.undo.push_back({id, owner, {}});
    if (retracted != data_.retracted.end()) data_.undo.back().retracted = data_.retracted.extract(retracted);
    if (events != nullptr) events->erase(events->begin() + static_cast<std::ptrdiff_t>(position));
    added_.events += int{!retracts} - int{events != nullptr};
    (retracts ? added_.retractions : added_.corrections) += retracts || corrects ? 1 : 0;
    data_.customer_of[id] = customer;
    if (retracts) {
      data_.retracted.emplace(id, stored);
      return;
    }
    if (event.currency.set()) currency_ = event.currency;
    std::vector<StoredEvent>& into = draft(customer).events;
    into.insert(std::upper_bound(into.begin(), into.end(), stored, is_before), stored);
  }

  void check_positions(std::span<const Event> events) {
    if (data_.options.on_gap != OnGap::error || restores_) return;
    std::sort(data_.given_positions.begin(), data_.given_positions.end());
    const auto found = data_.positions.new_gap(data_.given_positions);
    if (!found) return;
    find_row(events, [&](const Event& event) { return event.sequence == found->position; });
    refuse("E_FEED_GAP",
           "positions " + std::to_string(found->gap.first) + " to " + std::to_string(found->gap.last) +
               " of the feed are missing",
           "sequence", std::to_string(found->position), "Fetch what is missing first, or note gaps only.");
  }

  /// Refuses two events at one position of the feed. All events are looked through only if a position was
  /// delivered before, which happens where versions left theirs, or where something is wrong.
  void check_sequences() {
    auto& taken = data_.taken_positions;
    const auto key = [](const auto& one) { return std::tie(one.sequence, one.event); };
    std::sort(taken.begin(), taken.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
    std::unordered_map<std::int64_t, std::vector<std::uint32_t>> holders;
    for (std::size_t i = 0; i < taken.size(); ++i) {
      const bool again = i > 0 && taken[i - 1].sequence == taken[i].sequence;
      if (again || data_.positions.holds(taken[i].sequence)) holders[taken[i].sequence];
    }
    if (holders.empty()) return;
    const auto look = [&](const StoredEvent& event) {
      if (!event.gives(StoredEvent::has_sequence)) return;
      if (const auto at = holders.find(event.sequence); at != holders.end()) at->second.push_back(event.id);
    };
    for (std::uint32_t customer = 0; customer < data_.store.customers(); ++customer) {
      const std::uint32_t draft = customer < data_.draft_of.size() ? data_.draft_of[customer] : 0;
      const std::span<const StoredEvent> events =
          draft == 0 ? data_.store.of(customer) : data_.drafts[draft - 1].events;
      std::for_each(events.begin(), events.end(), look);
    }
    for (const auto& [id, event] : data_.retracted) look(event);
    for (const auto& one : taken) refuse_second(one, holders[one.sequence]);
  }
  void refuse_second(const typename Data::Position& one, const std::vector<std::uint32_t>& holders) {
    if (std::find(holders.begin(), holders.end(), one.event) == holders.end()) return;  // corrected since
    for (const std::uint32_t other : holders) {
      if (other == one.event) continue;
      row_ = one.row;
      refuse("E_SEQUENCE_TWICE",
             "events '" + show(data_.names.events[other]) + "' and '" + show(data_.names.events[one.event]) +
                 "' both have position " + std::to_string(one.sequence) + " of the feed",
             "sequence", std::to_string(one.sequence),
             "Give each event a position of its own, or none, or take events in any order.");
    }
  }

  /// Names the row of the first event that `is` the one, in calls with many.
  template <class Is>
  void find_row(std::span<const Event> events, Is is) {
    if (row_ < 0) return;
    const auto found = std::find_if(events.begin(), events.end(), is);
    if (found != events.end()) row_ = found - events.begin();
  }

  [[noreturn]] void refuse(const Misfit& misfit, std::span<const Event> events) {
    const Id id = data_.names.events[misfit.event->id];
    const auto is = [&](const Event& one) { return one.id == id && one.version == misfit.event->version; };
    const bool given = std::any_of(events.begin(), events.end(), is);
    find_row(events, is);
    if (!given) row_ = -1;
    const std::string subscription = show(data_.names.subscription(misfit.event->subscription));
    refuse("E_EVENT_ORDER",
           "event '" + show(id) + "' (" + std::string(name_of(misfit.event->kind)) + " of subscription '" +
               subscription + "' on " + format_day(misfit.event->at) +
               ") cannot take effect: " + std::string(misfit.reason),
           "kind", std::string(name_of(misfit.event->kind)),
           "Give the events before it first or in the same call, correct it, or take events in any order.");
  }
  [[noreturn]] void refuse_size(const typename Data::Draft& draft) {
    row_ = draft.row;
    refuse("E_AMOUNT_RANGE",
           "the run rates of customer '" + show(data_.names.customers[draft.customer]) +
               "' are together more than a book can hold",
           "price", show(data_.names.customers[draft.customer]), "Check the unit of the price.");
  }

  LiveCounts counts_added() const noexcept {
    LiveCounts sum = data_.counts;
    for (const auto count : {&LiveCounts::events, &LiveCounts::corrections, &LiveCounts::retractions,
                             &LiveCounts::duplicates, &LiveCounts::late})
      sum.*count += added_.*count;
    return sum;
  }

  /// Asks for no memory: nodes are put back, and everything else only gets shorter.
  void roll_back() noexcept {
    for (auto change = data_.undo.rbegin(); change != data_.undo.rend(); ++change) {
      data_.customer_of[change->event] = change->customer;
      data_.retracted.erase(change->event);
      if (!change->retracted.empty()) data_.retracted.insert(std::move(change->retracted));
    }
    data_.names.back_to(mark_);
    data_.customer_of.resize(mark_.events);
    data_.store.resize(mark_.customers);
    if (data_.draft_of.size() > mark_.customers) data_.draft_of.resize(mark_.customers);
  }

  Data& data_;
  const LiveNames::Mark mark_;
  const bool restores_;
  std::int64_t row_ = -1;
  Day today_;
  Currency currency_;
  LiveCounts added_;
  Day history_ = 0;
  std::optional<Grid> longer_, later_;  ///< with a longer past; of a later day
  bool done_ = false;
};

}  // namespace tenure::detail
