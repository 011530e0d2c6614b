// Included by book.ipp: the currencies of a table's rows, and the days whose rates they are worth.

namespace tenure {

namespace detail {

/// Names the row whose currency cannot be used.
template <class Data>
[[noreturn]] void refuse_currency(const Data& data, const char* code, std::string what, std::size_t row,
                                  std::string value) {
  throw_input({.code = code,
               .what = std::move(what),
               .column = data.options.names.currency,
               .row = data.rows_read + static_cast<std::int64_t>(row),
               .value = std::move(value),
               .remedy = "Use three capital letters, such as USD, EUR or JPY."});
}

/// Takes a currency into the book; returns its place. Amounts of different currencies only add up at rates.
template <class Data>
std::uint16_t meet_currency(Data& data, Currency currency) {
  const Currency reporting = data.options.reporting_currency;
  const auto known = std::find(data.currencies.begin(), data.currencies.end(), currency);
  if (known != data.currencies.end()) return static_cast<std::uint16_t>(known - data.currencies.begin());
  const Currency other = reporting.set()           ? reporting
                         : data.currencies.empty() ? currency
                                                   : data.currencies.front();
  if (currency != other && data.options.rates == nullptr)
    throw_input({.code = "E_CURRENCY_MIXED",
                 .what = std::string(other.code()) + " and " + std::string(currency.code()) + " in one book",
                 .column = data.options.names.currency,
                 .value = std::string(currency.code()),
                 .remedy = "Give reporting_currency and rates, or make one book per currency."});
  data.currencies.push_back(currency);
  data.currency = other;
  return static_cast<std::uint16_t>(data.currencies.size() - 1);
}

/// The currency of every row of a table.
template <class Data, class Table>
void append_currencies(Data& data, const Table& table, std::size_t rows) {
  const bool at_rates = data.options.rates != nullptr;
  if (at_rates && !data.options.reporting_currency.set())
    throw_option({.code = "E_REPORTING_CURRENCY",
                  .what = "rates are given, and no reporting currency",
                  .value = "reporting_currency",
                  .remedy = "Say in which currency the book reports."});
  if (table.currency.set()) {
    const std::uint16_t place = meet_currency(data, table.currency);
    if (!table.currency_codes) {
      if (at_rates) data.currency_of.edit().resize(data.currency_of.size() + rows, place);
      return;
    }
  }
  if (!table.currency_codes) {
    if (at_rates && rows > 0)
      refuse_currency(data, "E_CURRENCY_NULL", "amount without a currency", 0, "null");
    return;
  }
  const Codes& texts = *table.currency_codes;
  check_codes(texts, data.options.names.currency, data.options.execution);
  constexpr std::int32_t unmet = -1;
  std::vector<std::int32_t> places(texts.labels.size(), unmet);
  std::vector<std::uint16_t> of_rows;
  for (std::size_t row = 0; row < texts.size(); ++row) {
    const std::int32_t code = texts.codes[row];
    if (code < 0) refuse_currency(data, "E_CURRENCY_NULL", "amount without a currency", row, "null");
    std::int32_t& place = places[static_cast<std::size_t>(code)];
    if (place == unmet) {
      const std::string& label = texts.labels[static_cast<std::size_t>(code)];
      try {
        place = meet_currency(data, Currency(label));
      } catch (const InputError& error) {
        if (error.code() != "E_CURRENCY_UNKNOWN") throw;
        refuse_currency(data, "E_CURRENCY_UNKNOWN", "'" + printable(label) + "' is not an ISO 4217 code", row,
                        printable(label));
      }
    }
    if (at_rates) of_rows.push_back(static_cast<std::uint16_t>(place));
  }
  if (!at_rates) return;
  append_all(data.currency_of, of_rows);
}

/// Those of another book's rows.
template <class Data>
void append_currencies(Data& data, const Data& theirs) {
  std::vector<std::uint16_t> places;
  for (const Currency currency : theirs.currencies) places.push_back(meet_currency(data, currency));
  auto& all = data.currency_of.edit();
  for (const std::uint16_t place : theirs.currency_of) all.push_back(places[place]);
  append_all(data.rate_days, theirs.rate_days);
}

/// Decimals of the minor unit, by row where rows are of several currencies.
template <class Data, class Table>
Exponents exponents_of(const Data& data, const Table& table) {
  Exponents exponents{.one = data.currency.exponent(), .by_code = {}, .codes = {}};
  if (data.options.rates == nullptr) return exponents;
  if (!table.currency_codes) {
    if (table.currency.set()) exponents.one = table.currency.exponent();
    return exponents;
  }
  exponents.codes = table.currency_codes->codes;
  for (const std::string& label : table.currency_codes->labels) {
    const auto met = std::find_if(data.currencies.begin(), data.currencies.end(),
                                  [&](Currency currency) { return currency.code() == label; });
    exponents.by_code.push_back(
        static_cast<std::int8_t>(met == data.currencies.end() ? exponents.one : met->exponent()));
  }
  return exponents;
}

/// The days whose rates rows are worth, under a policy that takes them from a column.
template <class Data, class Table>
void append_rate_days(Data& data, const Table& table, std::size_t rows) {
  if (data.options.rates == nullptr) return;
  const FxRateAt at = data.policy.loading.fx_rate_at;
  if (at != FxRateAt::invoice_date && at != FxRateAt::purchase_date) return;
  const bool invoiced = at == FxRateAt::invoice_date;
  const Column<Day>& column = invoiced ? table.invoiced : table.purchased;
  const std::string& name = invoiced ? data.options.names.invoiced : data.options.names.purchased;
  if (invoiced && rows > 0 && !column.present())
    throw_input({.code = "E_COLUMN_MISSING",
                 .what = "fx_rate_at='invoice_date' needs the day of each row's invoice",
                 .column = name,
                 .remedy = "Name the column, or use another fx_rate_at."});
  auto& days = data.rate_days.edit();
  for (std::size_t row = 0; row < rows; ++row) {
    const auto day = value_at(column, row);
    const auto fault = [&](const char* code, std::string what) {
      throw_input({.code = code,
                   .what = std::move(what),
                   .column = name,
                   .row = data.rows_read + static_cast<std::int64_t>(row),
                   .value = day ? std::to_string(*day) : "null",
                   .remedy = invoiced ? "Give the day of the invoice."
                                      : "Give the day of the purchase, or leave it null."});
    };
    if (invoiced && !day) fault("E_DATE_NULL", "missing date");
    if (day && !is_representable(*day)) fault("E_DATE_RANGE", "the day is outside 1400-01-01..9999-12-31");
    days.push_back(day.value_or(open_end));
  }
}

}  // namespace detail

}  // namespace tenure
