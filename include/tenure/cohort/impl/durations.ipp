#include "../detail/tabulate.hpp"

namespace tenure {

namespace detail {

/// Adds the lines of `more` to those of `all`, both by ascending key; lines of equal keys are added up.
inline void merge_lines(std::vector<double>& keys, std::vector<std::vector<double>*> columns,
                        const std::vector<std::size_t>& widths, const std::vector<double>& more_keys,
                        const std::vector<const std::vector<double>*>& more_columns) {
  std::vector<double> merged;
  std::vector<std::vector<double>> sums(columns.size());
  std::size_t a = 0, b = 0;
  while (a < keys.size() || b < more_keys.size()) {
    const bool from_a = b == more_keys.size() || (a < keys.size() && keys[a] <= more_keys[b]);
    const bool from_b = a == keys.size() || (b < more_keys.size() && more_keys[b] <= keys[a]);
    merged.push_back(from_a ? keys[a] : more_keys[b]);
    for (std::size_t c = 0; c < columns.size(); ++c)
      for (std::size_t i = 0; i < widths[c]; ++i)
        sums[c].push_back((from_a ? (*columns[c])[a * widths[c] + i] : 0) +
                          (from_b ? (*more_columns[c])[b * widths[c] + i] : 0));
    a += from_a ? 1 : 0;
    b += from_b ? 1 : 0;
  }
  keys = std::move(merged);
  for (std::size_t c = 0; c < columns.size(); ++c) *columns[c] = std::move(sums[c]);
}

}  // namespace detail

TENURE_INLINE std::size_t Durations::size() const noexcept { return detail::length_of(duration); }

TENURE_INLINE double DurationTable::events(std::size_t i) const noexcept {
  double sum = 0;
  for (std::uint32_t cause = 0; cause < causes; ++cause) sum += ended[i * causes + cause];
  return sum;
}

TENURE_INLINE std::vector<double> DurationTable::at_risk() const {
  std::vector<double> weights;
  detail::reserve_large(weights, size());
  weights.resize(size());
  double sum = 0;
  // From the last time back: who leaves last is all that is left then, exactly.
  for (std::size_t i = size(), late = entry.size(); i-- > 0;) {
    sum += censored[i] + events(i);
    for (; late > 0 && entry[late - 1] >= time[i]; --late) sum -= entered[late - 1];
    weights[i] = sum;
  }
  return weights;
}

TENURE_INLINE DurationTable& DurationTable::operator+=(const DurationTable& other) {
  if (causes != other.causes)
    throw StateError(Fault{.code = "E_STATE_FRAME",
                           .what = "the tables are of " + std::to_string(causes) + " and " +
                                   std::to_string(other.causes) + " causes",
                           .remedy = "Add tables of the same question only."});
  detail::merge_lines(time, {&ended, &censored}, {causes, 1}, other.time, {&other.ended, &other.censored});
  detail::merge_lines(entry, {&entered}, {1}, other.entry, {&other.entered});
  return *this;
}

TENURE_INLINE std::vector<DurationTable> tabulate(const Durations& rows, const Execution& execution) {
  detail::check_lengths(rows);
  const bool weighted = !rows.weight.empty();
  auto tables = weighted ? detail::whole_tables<double>(rows, execution)
                         : detail::whole_tables<std::uint32_t>(rows, execution);
  if (!tables && !weighted && rows.causes == 1)
    tables = detail::sorted_tables<detail::PlainRow>(rows, execution, &detail::PlainRow::of);
  if (!tables)
    tables = detail::sorted_tables<detail::FullRow>(
        rows, execution, [weighted](const detail::DurationBlock& block, std::size_t i) {
          return detail::FullRow::of(block, i, weighted);
        });
  if (!rows.entry.empty()) detail::add_entries(rows, *tables);
  return std::move(*tables);
}

}  // namespace tenure
