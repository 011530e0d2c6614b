// Included by book.ipp: the same book as it was known on a day, in one currency, or at the rates of a day.

namespace tenure {

namespace detail {

template <class Data>
std::unique_ptr<Data> view_of(const Data& data) {
  auto view = std::make_unique<Data>(data);
  view->is_view = true;
  return view;
}

}  // namespace detail

TENURE_INLINE Book::Book(std::unique_ptr<Data> data) : data_(std::move(data)) {}

TENURE_INLINE bool Book::has_knowledge() const noexcept { return !data_->known.empty(); }

TENURE_INLINE Day Book::first_known() const noexcept {
  Day first = open_end;
  for (const detail::Known& row : data_->known)
    if (row.recorded != min_day) first = std::min(first, row.recorded);
  return first == open_end ? min_day : first;
}
TENURE_INLINE Day Book::last_known() const noexcept {
  Day last = min_day;
  for (const detail::Known& row : data_->known) {
    last = std::max(last, row.recorded);
    if (row.superseded != open_end) last = std::max(last, row.superseded);
  }
  return last;
}
TENURE_INLINE std::optional<Day> Book::known_at() const noexcept {
  if (data_->known_at == detail::latest_knowledge) return std::nullopt;
  return data_->known_at;
}

TENURE_INLINE Book Book::known_at(Day day) const {
  if (!is_representable(day))
    throw_input({.code = "E_DATE_RANGE",
                 .what = "the day is outside 1400-01-01..9999-12-31",
                 .column = "known_at",
                 .value = std::to_string(day),
                 .remedy = "Ask for a day on which something was known."});
  if (data_->known.empty())
    throw_option({.code = "E_KNOWN_AT",
                  .what = "known_at: the rows do not say when they were recorded",
                  .value = "known_at",
                  .remedy = "Name the column with the day on which each row was recorded."});
  const bool any = std::any_of(data_->known.begin(), data_->known.end(),
                               [&](const detail::Known& row) { return row.recorded <= day; });
  if (!any)
    throw_input({.code = "E_AS_OF",
                 .what = "no record was known on " + format_day(day) + "; first known time is " +
                         format_day(first_known()),
                 .column = data_->options.names.recorded,
                 .value = format_day(day),
                 .remedy = "Ask for a later day."});
  if (data_->options.known_at && day != *data_->options.known_at)
    throw_option({.code = "E_KNOWN_AT",
                  .what = "known_at: the book was read as known on " + format_day(*data_->options.known_at) +
                          " and holds nothing else",
                  .value = format_day(day),
                  .remedy = "Make a book without known_at in its options, and ask that for both days."});
  auto view = detail::view_of(*data_);
  view->known_at = day;
  detail::derive(*view);
  return Book(std::move(view));
}

TENURE_INLINE std::vector<Currency> Book::currencies() const {
  std::vector<Currency> all;
  for (std::size_t place = 0; place < data_->currencies.size(); ++place)
    if (data_->currency_of.empty() || data_->currency_stands[place] != 0)
      all.push_back(data_->currencies[place]);
  std::sort(all.begin(), all.end(), [](Currency a, Currency b) { return a.code() < b.code(); });
  return all;
}

TENURE_INLINE Book Book::local(Currency currency) const {
  const auto place = std::find(data_->currencies.begin(), data_->currencies.end(), currency);
  if (place == data_->currencies.end() || data_->currency_of.empty())
    throw_option({.code = "E_CURRENCY",
                  .what = "the book has no rows in " + std::string(currency.code()),
                  .value = std::string(currency.code()),
                  .remedy = data_->currency_of.empty() ? "A book without exchange rates is of one currency."
                                                       : "Ask for one of its currencies."});
  auto view = detail::view_of(*data_);
  view->only_currency = static_cast<std::uint16_t>(place - data_->currencies.begin());
  view->currency = currency;
  detail::derive(*view);
  return Book(std::move(view));
}

TENURE_INLINE Book Book::at_rates_of(Day day) const {
  auto view = detail::view_of(*data_);
  view->policy.loading.fx_rate_at = FxRateAt::fixed_day;
  view->policy.loading.fx_day = day;
  if (policy().reporting.fx_movement == FxMovement::constant)
    view->policy.reporting.fx_movement = FxMovement::own_line;
  detail::derive(*view);
  return Book(std::move(view));
}

}  // namespace tenure
