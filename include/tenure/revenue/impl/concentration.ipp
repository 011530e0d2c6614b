#include <algorithm>
#include <functional>

#include "../../core/detail/frame.hpp"
#include "../../core/error.hpp"
#include "../concentration.hpp"

namespace tenure {

namespace detail {

inline std::vector<std::int64_t> descending(std::vector<std::int64_t> levels) {
  std::sort(levels.begin(), levels.end(), std::greater<>());
  return levels;
}

}  // namespace detail

TENURE_INLINE ConcentrationState::ConcentrationState(std::vector<std::int64_t> top, std::string policy_digest,
                                                     Currency currency)
    : top_(std::move(top)), policy_digest_(std::move(policy_digest)), currency_(currency) {
  std::int64_t largest = 0;
  for (const std::int64_t n : top_) {
    if (n < 1 || n > 1'000'000)
      throw_option({.code = "E_TOP",
                    .what = "top=" + std::to_string(n) + " is not a number of customers (1..1000000)",
                    .value = std::to_string(n)});
    largest = std::max(largest, n);
  }
  wanted_ = static_cast<std::size_t>(largest);
}

TENURE_INLINE void ConcentrationState::add(RunRate level) {
  if (level.annual <= 0) return;
  total_ += level;
  ++customers_;
  const uint128 square = static_cast<uint128>(level.annual) * static_cast<uint128>(level.annual);
  squares_low_ += square;
  squares_high_ += squares_low_ < square ? 1 : 0;  // the carry
  keep(level.annual);
}

TENURE_INLINE void ConcentrationState::keep(std::int64_t level) {
  if (largest_.size() < wanted_) {
    largest_.push_back(level);
    std::push_heap(largest_.begin(), largest_.end(), std::greater<>());
  } else if (wanted_ > 0 && level > largest_.front()) {
    std::pop_heap(largest_.begin(), largest_.end(), std::greater<>());
    largest_.back() = level;
    std::push_heap(largest_.begin(), largest_.end(), std::greater<>());
  }
}

TENURE_INLINE ConcentrationState& ConcentrationState::operator+=(const ConcentrationState& other) {
  detail::require_same(top_ == other.top_, "ask for different numbers of customers");
  detail::require_same(policy_digest_ == other.policy_digest_, "were computed under different policies");
  detail::require_same(currency_ == other.currency_, "are in different currencies");
  total_ += other.total_;
  customers_ += other.customers_;
  squares_low_ += other.squares_low_;
  squares_high_ += other.squares_high_ + (squares_low_ < other.squares_low_ ? 1 : 0);
  for (const std::int64_t level : other.largest_) keep(level);
  return *this;
}

TENURE_INLINE Concentration ConcentrationState::finish() const {
  Concentration result{total_, customers_, top_, {}, 0};
  const std::vector<std::int64_t> sorted = detail::descending(largest_);
  for (const std::int64_t n : top_) {
    RunRateSum sum;
    for (std::size_t i = 0; i < std::min(sorted.size(), static_cast<std::size_t>(n)); ++i)
      sum += RunRate{sorted[i]};
    result.amounts.push_back(sum);
  }
  if (total_.annual > 0) {
    const double total = static_cast<double>(total_.annual);
    const double squares = static_cast<double>(squares_high_) * 0x1p128 + static_cast<double>(squares_low_);
    result.sum_of_squares = squares / total / total;
  }
  return result;
}

TENURE_INLINE std::vector<std::byte> ConcentrationState::write() const {
  StateWriter writer(StateKind::concentration, policy_digest_);
  writer.put(static_cast<std::int64_t>(top_.size()));
  for (const std::int64_t n : top_) writer.put(n);
  detail::write_currency(writer, currency_);
  writer.put(total_.annual);
  writer.put(customers_);
  writer.put(static_cast<int128>(squares_low_));
  writer.put(static_cast<std::int64_t>(squares_high_));
  writer.put(static_cast<std::int64_t>(largest_.size()));
  for (const std::int64_t level : detail::descending(largest_)) writer.put(level);
  return std::move(writer).finish();
}

TENURE_INLINE ConcentrationState ConcentrationState::read(std::span<const std::byte> bytes) {
  StateReader reader(bytes, StateKind::concentration);
  std::vector<std::int64_t> top(reader.count(sizeof(std::int64_t)));
  for (std::int64_t& n : top) {
    n = reader.int64();
    if (n < 1 || n > 1'000'000)
      StateReader::refuse("E_STATE_CONTENT", "the state asks for an impossible number of customers");
  }
  const Currency currency = detail::read_currency(reader);
  ConcentrationState state(std::move(top), reader.policy_digest(), currency);
  state.total_ = detail::read_amount(reader);
  state.customers_ = detail::read_count(reader);
  state.squares_low_ = static_cast<uint128>(reader.integer128());
  state.squares_high_ = static_cast<std::uint64_t>(reader.int64());
  const std::size_t kept = reader.count(sizeof(std::int64_t));
  if (state.customers_ < 0 || kept != std::min(state.wanted_, static_cast<std::size_t>(state.customers_)))
    StateReader::refuse("E_STATE_CONTENT", "the state holds another number of customers than it names");
  for (std::size_t i = 0; i < kept; ++i) {
    const std::int64_t level = reader.int64();
    if (level < 1 || (i > 0 && level > state.largest_.back()))
      StateReader::refuse("E_STATE_CONTENT", "the customers of the state are not in order");
    state.largest_.push_back(level);
  }
  std::make_heap(state.largest_.begin(), state.largest_.end(), std::greater<>());
  reader.finish();
  return state;
}

TENURE_INLINE bool operator==(const ConcentrationState& a, const ConcentrationState& b) {
  return a.top_ == b.top_ && a.policy_digest_ == b.policy_digest_ && a.currency_ == b.currency_ &&
         a.total_ == b.total_ && a.customers_ == b.customers_ && a.squares_low_ == b.squares_low_ &&
         a.squares_high_ == b.squares_high_ &&
         detail::descending(a.largest_) == detail::descending(b.largest_);
}

}  // namespace tenure
