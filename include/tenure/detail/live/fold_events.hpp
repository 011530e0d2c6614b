#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "../../model/detail/intervals.hpp"
#include "stored_event.hpp"

namespace tenure::detail {

/// A phase of a subscription: what a row of a table would say. `contract.discounts` is left empty, because
/// phases move in memory: see terms().
struct FoldedPhase {
  Contract contract;
  Discount discount;
  std::int64_t subscription = 0;
  std::int32_t product = null_code;

  Contract terms() const noexcept {
    Contract whole = contract;
    if (discount.percent_micros != 0 || discount.amount_micros != 0) whole.discounts = {&discount, 1};
    return whole;
  }
};

/// An event that cannot take effect where it stands.
struct Misfit {
  const StoredEvent* event = nullptr;
  std::string_view reason;
};

/// Turns the events of one subscription, in order, into phases: each event closes the phase that runs and
/// opens the next. What a phase is worth is left to read_contract. Events that cannot take effect are
/// skipped; the first of them is kept.
class EventFolder {
 public:
  explicit EventFolder(const LoadingPolicy& policy) : last_day_(policy.end == EndDate::inclusive ? 1 : 0) {}

  Misfit fold(std::span<const StoredEvent> events, std::vector<FoldedPhase>& phases) {
    phases_ = &phases;
    running_ = false;
    misfit_ = {};
    for (const StoredEvent& event : events) read(event);
    if (running_) close(announced_);
    return misfit_;
  }

 private:
  void read(const StoredEvent& event) {
    // An announced end holds unless the end itself says otherwise.
    if (running_ && event.at >= announced_ && event.kind != EventKind::end) close(announced_);
    if (event.kind == EventKind::start) {
      if (running_) return miss(event, "it is running already");
      return open(event);
    }
    if (!running_) return miss(event, "it is not running then");
    switch (event.kind) {
      case EventKind::resume:
        if (!paused_) return miss(event, "it is not paused then");
        cut(event);
        paused_ = false;
        pause_paid_ = open_end;
        break;
      case EventKind::pause:
        if (paused_) return miss(event, "it is paused already");
        cut(event);
        paused_ = true;
        pause_paid_ = event.paid_through;
        break;
      case EventKind::payment_failed:
        if (past_due_) return;  // collection tries several times; what counts is since when
        cut(event);
        past_due_ = true;
        dunning_end_ = event.ends;
        break;
      case EventKind::payment_recovered:
        if (!past_due_) return miss(event, "nothing is past due then");
        cut(event);
        past_due_ = false;
        dunning_end_ = open_end;
        break;
      case EventKind::cancel_request:
        requested_ = event.at;
        announced_ = event.ends;
        cancel_paid_ = event.paid_through;
        break;
      case EventKind::end:
        return close(event.at, event.paid_through);
      default:
        cut(event);
        apply(event);
    }
  }

  void open(const StoredEvent& event) {
    phase_ = {};
    discount_ = {};
    phase_.subscription = event.subscription;
    phase_.contract.start = event.at;
    phase_.contract.recorded = known(event.recorded);
    running_ = true;
    first_ = phases_->size();
    paused_ = past_due_ = false;
    requested_ = announced_ = cancel_paid_ = pause_paid_ = dunning_end_ = open_end;
    apply(event);
  }

  void apply(const StoredEvent& event) {
    Contract& contract = phase_.contract;
    if (event.gives(StoredEvent::has_price)) contract.price = event.price;
    if (event.gives(StoredEvent::has_interval)) contract.interval = event.interval();
    if (event.gives(StoredEvent::has_quantity)) contract.quantity = event.quantity;
    if (event.gives(StoredEvent::has_product)) phase_.product = event.product;
    if (!event.gives(StoredEvent::has_discount)) return;
    discount_ = event.discount();
    // The first interval is that of the discount, in whatever phase it ends.
    if (discount_.duration == DiscountDuration::once)
      discount_.until = std::min(discount_.until, after_interval(contract.interval, event.at));
  }

  /// Ends the phase that runs on the day of the event; what happens on its first day changes it in place.
  void cut(const StoredEvent& event) {
    if (phase_.contract.start < event.at) {
      put(event.at, open_end);
      phase_.contract.start = event.at;
    }
    phase_.contract.recorded = known(event.recorded);
  }

  void close(Day end, Day paid_through = open_end) {
    running_ = false;
    if (phase_.contract.start < end) return put(end, paid_through);
    if (phases_->size() == first_) return;  // started and ended on one day: no row
    // The end falls on the day of the last change: what was said about it belongs to the phase before.
    Contract& last = phases_->back().contract;
    last.cancel_requested = known(requested_);
    if (paid_through == open_end) paid_through = cancel_paid_;
    if (paid_through != open_end) last.paid_through = paid_through;
  }

  void put(Day end, Day paid_through) {
    FoldedPhase& done = phases_->emplace_back(phase_);
    Contract& contract = done.contract;
    contract.end = end == open_end ? end : end - last_day_;
    contract.status = paused_     ? SubscriptionStatus::paused
                      : past_due_ ? SubscriptionStatus::past_due
                                  : SubscriptionStatus::active;
    contract.cancel_requested = known(requested_);
    contract.paid_through = known(paid_through != open_end             ? paid_through
                                  : paused_ && pause_paid_ != open_end ? pause_paid_
                                                                       : cancel_paid_);
    contract.dunning_end = past_due_ ? known(dunning_end_) : std::nullopt;
    done.discount = discount_;
    const int128 whole = int128{contract.price} * contract.quantity;
    if (done.discount.amount_micros > whole) done.discount.amount_micros = static_cast<std::int64_t>(whole);
  }

  static std::optional<Day> known(Day day) noexcept {
    return day == open_end ? std::nullopt : std::optional(day);
  }
  void miss(const StoredEvent& event, std::string_view reason) noexcept {
    if (misfit_.event == nullptr) misfit_ = {&event, reason};
  }

  const Day last_day_;  ///< from the end of a phase back to the day that a row names
  std::vector<FoldedPhase>* phases_ = nullptr;
  std::size_t first_ = 0;  ///< phase since the last start
  FoldedPhase phase_;
  Discount discount_;
  bool running_ = false, paused_ = false, past_due_ = false;
  Day requested_ = open_end, announced_ = open_end, cancel_paid_ = open_end, pause_paid_ = open_end,
      dunning_end_ = open_end;
  Misfit misfit_;
};

}  // namespace tenure::detail
