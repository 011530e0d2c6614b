#include "../detail/choose_rows.hpp"
#include "../detail/rates_of_rows.hpp"
#include "../detail/settle_ends.hpp"

// Included by book.ipp: from all rows that were read to those that stand, as they are asked.

namespace tenure {

namespace detail {

/// A discount ends with its row.
template <class Data>
void end_discounts(Data& data, const GroupedRows& grouped, const std::vector<Day>& moved_ends) {
  if (data.discounts.empty()) return;
  for (std::size_t row = 0; row < grouped.rows.size(); ++row) {
    const Day end = grouped.rows[row].end;
    if (end == moved_ends[row]) continue;
    const auto [known, is_new] = data.discounts_end.try_emplace(grouped.source[row], end);
    known->second = std::min(known->second, end);
  }
}

/// How far the data reach is what contracts say, not when a discount ends or what ChurnAt makes of an end.
template <class Data>
void span_rows(Data& data) noexcept {
  data.earliest = open_end;
  data.latest = min_day;
  const GroupedRows& rows = *data.grouped;
  for (std::size_t row = 0; row < rows.rows.size(); ++row) {
    const Phase phase =
        data.phases.empty() ? Phase{rows.rows[row].start, rows.rows[row].end} : data.phases[rows.source[row]];
    if (phase.start == open_end) continue;  // left out because it is reversed
    data.earliest = std::min(data.earliest, phase.start);
    data.latest = std::max(data.latest, phase.end == open_end ? phase.start : phase.end);
  }
}

template <class Data>
std::int64_t count_sources(const Data& data) noexcept {
  std::int64_t count = 0;
  for (std::size_t customer = 0; customer < data.grouped->customers(); ++customer) {
    const auto source = data.grouped->source_of(customer);
    for (std::size_t i = 0; i < source.size(); ++i) count += i == 0 || source[i] != source[i - 1];
  }
  return count;
}

/// Which labels the rows that stand have, also those that count for nothing, so that what was recorded later
/// adds no segment.
template <class Data>
void mark_labels(Data& data) {
  for (auto& column : data.texts) {
    column.stands.assign(column.labels->size() + 1, 0);
    for (std::size_t source = 0; source < column.codes.size(); ++source) {
      if (!data.stands(static_cast<std::uint32_t>(source))) continue;
      const std::int32_t code = column.codes[source];
      column.stands[code < 0 ? column.stands.size() - 1 : static_cast<std::size_t>(code)] = 1;
    }
  }
}

/// What the terms of the rows that stand bring into play.
template <class Data>
std::uint32_t bits_in_play(const Data& data) noexcept {
  std::uint32_t bits = 0;
  for (std::size_t row = 0; row < data.in_play_of.size(); ++row)
    if (data.stands(static_cast<std::uint32_t>(row))) bits |= data.in_play_of[row];
  return bits;
}

/// Which currencies the rows that stand have.
template <class Data>
void mark_currencies(Data& data) {
  data.currency_stands.assign(data.currencies.size(), 0);
  if (data.currency_of.empty()) return;
  for (const std::uint32_t source : data.grouped->source.span())
    data.currency_stands[data.currency_of[source]] = 1;
}

/// Whether a row is known and of the wanted currency.
template <class Data>
struct Chosen {
  const Data& data;
  bool operator()(std::uint32_t source) const noexcept { return data.stands(source); }
  void prefetch(std::uint32_t source) const noexcept {
    if (!data.known.empty()) __builtin_prefetch(data.known.data() + source);
  }
};

/// The rows that stand on the day of knowledge and in the currency that are asked for.
template <class Data>
ChosenRows choose_standing(const Data& data) {
  const Chosen<Data> chosen{data};
  ChosenRows current = choose_rows(data.current, data.options.execution, chosen);
  const ChosenRows superseded = choose_rows(data.superseded, data.options.execution, chosen);
  if (superseded.rows->rows.size() == 0) return current;
  RowSource both(data.options.names);
  both.add(PackedRows::of(*current.rows, 0));
  both.add(PackedRows::of(*superseded.rows, 0));
  current.rows = std::make_shared<const GroupedRows>(group(both, data.options.execution));
  current.earliest = std::min(current.earliest, superseded.earliest);
  current.latest = std::max(current.latest, superseded.latest);
  return current;
}

/// The rows that stand, with ends as ChurnAt moves them and at exchange rates of their own, if they have
/// them.
template <class Data>
void derive(Data& data) {
  const bool now = data.known.empty() || data.known_at == data.current_on;
  data.grouped = data.current;
  data.earliest = data.first_start;
  data.latest = data.last_change;
  if (!now || data.only_currency) {
    ChosenRows chosen = choose_standing(data);
    data.grouped = std::move(chosen.rows);
    data.earliest = chosen.earliest;
    data.latest = chosen.latest;
  }
  const auto is_credit = [](const PackedRow& row) { return row.annual < 0; };
  data.credits = data.credits_read && std::ranges::any_of(data.grouped->rows.span(), is_credit);
  const bool one_each = data.extra_rows == 0;
  data.rows_standing = one_each ? static_cast<std::int64_t>(data.grouped->rows.size()) : count_sources(data);
  if (!data.phases.empty()) span_rows(data);
  for (auto& column : data.texts) column.stands.clear();
  if (!data.known.empty() || data.only_currency) mark_labels(data);
  mark_currencies(data);
  data.in_play = data.in_play_read;
  data.in_play.add(bits_in_play(data));
  data.discounts_end.clear();
  if (moves_ends(data.policy.loading.churn_at, !data.phases.empty())) {
    GroupedRows settled = copy_of(*data.grouped);
    const std::vector<Day> moved_ends = settle_ends(data, settled);
    end_discounts(data, settled, moved_ends);
    data.grouped = std::make_shared<const GroupedRows>(std::move(settled));
  }
  if (data.has_subscriptions && !data.invoices) refuse_overlaps(data);
  settle_rates(data);
}

}  // namespace detail

}  // namespace tenure
