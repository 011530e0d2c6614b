#include <algorithm>
#include <map>
#include <set>

#include "../../core/error.hpp"
#include "../../core/names.hpp"
#include "../detail/amount_at.hpp"
#include "../spend.hpp"

namespace tenure {

namespace detail {

inline const std::string no_channel = "(none)";

inline const std::string& label_at(const Codes& column, std::size_t row) {
  const std::int32_t code = column.codes[row];
  return code == null_code ? no_channel : column.labels[static_cast<std::size_t>(code)];
}

/// Refuses kinds that no row is of: a wrong spelling would count as nothing spent.
inline void require_kinds(const SpendRows& rows, const std::vector<std::string>& wanted) {
  if (wanted.empty()) return;
  if (rows.kind.codes.empty() && rows.day.size() > 0)
    throw_option({.code = "E_KIND",
                  .what = "kinds are chosen, and no column says of which kind a row is",
                  .value = wanted.front(),
                  .remedy = "Name the column of kinds, or take all of them."});
  std::set<std::string> found;
  for (std::size_t row = 0; row < rows.kind.codes.size(); ++row) found.insert(label_at(rows.kind, row));
  std::vector<Named<bool>> known;
  for (const std::string& kind : found) known.push_back({kind, true});
  if (known.empty()) return;
  for (const std::string& kind : wanted) parse_named<bool>(known, kind, "kinds", "E_KIND");
}

/// Which rows count: of a kind that is wanted.
inline std::vector<bool> chosen_rows(const SpendRows& rows, const std::vector<std::string>& wanted) {
  std::vector<bool> chosen(rows.day.size(), wanted.empty());
  if (wanted.empty()) return chosen;
  const std::set<std::string> kinds(wanted.begin(), wanted.end());
  for (std::size_t row = 0; row < chosen.size(); ++row)
    chosen[row] = kinds.contains(label_at(rows.kind, row));
  return chosen;
}

/// The currencies of the rows, and the one of the totals.
class SpendCurrencies {
 public:
  SpendCurrencies(const SpendRows& rows, const SpendOptions& options) : rows_(rows), options_(options) {
    for (const std::string& label : rows.currency_codes.labels) labels_.push_back(read(label));
    reporting_ = options.reporting.set() ? options.reporting : rows.currency;
    if (reporting_.set() || rows.currency_codes.codes.empty()) return;
    for (const std::int32_t code : rows.currency_codes.codes)
      if (code != null_code) {
        reporting_ = labels_[static_cast<std::size_t>(code)];
        return;
      }
  }

  Currency reporting() const noexcept { return reporting_; }

  /// The amount of a row in the currency of the totals. What is wrong goes on the list of faults.
  std::int64_t convert(std::int64_t amount, std::size_t row, Day day, FaultAt& fault) const {
    Currency own = rows_.currency.set() ? rows_.currency : reporting_;
    if (!rows_.currency_codes.codes.empty()) {
      const std::int32_t code = rows_.currency_codes.codes[row];
      if (code == null_code) {
        fault("E_CURRENCY_NULL", rows_.currency_name, "missing currency", "null",
              "Give each row its currency, or name one for all.");
        return 0;
      }
      own = labels_[static_cast<std::size_t>(code)];
    }
    if (own == reporting_) return amount;
    if (options_.rates == nullptr) {
      fault("E_CURRENCY_MIXED", rows_.currency_name,
            std::string(reporting_.code()) + " and " + std::string(own.code()) + " in one total",
            std::string(own.code()), "Give rates, or leave the rows of other currencies out.");
      return 0;
    }
    try {
      return options_.rates->rate(own, reporting_, day).convert(amount);
    } catch (const InputError& error) {
      const Fault& why = error.fault();
      fault(why.code.c_str(), rows_.currency_name, why.what, why.value, why.remedy);
      return 0;
    }
  }

 private:
  Currency read(const std::string& label) const {
    try {
      return Currency(label);
    } catch (const InputError& error) {
      Fault fault = error.fault();
      fault.column = rows_.currency_name;
      throw_input(std::move(fault));
    }
  }

  const SpendRows& rows_;
  const SpendOptions& options_;
  std::vector<Currency> labels_;
  Currency reporting_;
};

/// The amount of a row, checked.
inline std::int64_t spent_in(const SpendRows& rows, Credits credits, std::size_t row, FaultAt& fault) {
  const AmountAt amount = amount_at(rows.amount, row);
  if (amount.bad()) {
    fault.amount(amount, rows.amount_name);
  } else if (!amount.good()) {
    fault("E_AMOUNT_NULL", rows.amount_name, "missing amount", "null",
          "Give what was spent, 0 if nothing was.");
  } else if (amount.value < 0 && credits == Credits::refuse) {
    const std::string shown = show_micros(amount.value);
    fault("E_SPEND_NEGATIVE", rows.amount_name, "negative spend " + shown, shown,
          "Drop the row, or say that negative amounts are credits to subtract.");
  }
  return amount.value;
}

/// The channels whose rows say that they are paid; each has to say so in all of its rows.
inline std::vector<std::string> paid_channels(const SpendRows& rows, FaultList& faults) {
  std::map<std::string, std::uint8_t> known;
  for (std::size_t row = 0; row < rows.paid.size(); ++row) {
    const std::string& channel = label_at(rows.channel, row);
    const std::uint8_t paid = rows.paid[row] != 0 ? 1 : 0;
    if (known.try_emplace(channel, paid).first->second != paid)
      faults.add({.code = "E_PAID",
                  .what = "channel '" + printable(channel) + "' is paid in one row and not in another",
                  .column = "paid",
                  .row = static_cast<std::int64_t>(row),
                  .value = printable(channel),
                  .remedy = "Customers come through a channel: split it in two, one paid and one not."});
  }
  std::vector<std::string> paid;
  for (const auto& [channel, is_paid] : known)
    if (is_paid != 0) paid.push_back(channel);
  return paid;
}

inline void require_length(std::size_t size, std::size_t rows, std::string_view column) {
  if (size != rows && size != 0)
    throw_input({.code = "E_COLUMN_LENGTH",
                 .what = std::to_string(size) + " values for " + std::to_string(rows) + " rows",
                 .column = std::string(column)});
}

}  // namespace detail

TENURE_INLINE Spend::Spend(const SpendRows& rows, const SpendOptions& options) {
  const std::size_t size = rows.day.size();
  if (rows.amount.size() != size) detail::require_length(rows.amount.size() + 1, size + 1, rows.amount_name);
  detail::require_length(rows.channel.size(), size, "channel");
  detail::require_length(rows.kind.size(), size, "kind");
  detail::require_length(rows.currency_codes.size(), size, rows.currency_name);
  detail::require_length(rows.paid.size(), size, "paid");
  if (!rows.paid.empty() && rows.channel.codes.empty())
    throw_option({.code = "E_PAID",
                  .what = "rows say whether they are paid, and no column says of which channel they are",
                  .value = "paid",
                  .remedy = "Name the column of channels."});
  detail::require_kinds(rows, options.kinds);
  const std::vector<bool> chosen = detail::chosen_rows(rows, options.kinds);
  const detail::SpendCurrencies currencies(rows, options);
  currency_ = currencies.reporting();

  const bool split = !rows.channel.codes.empty();
  std::set<std::string> labels;
  for (std::size_t row = 0; split && row < size; ++row)
    if (chosen[row]) labels.insert(detail::label_at(rows.channel, row));
  if (!split) labels.insert("");
  channels_.assign(labels.begin(), labels.end());

  FaultList faults;
  paid_ = detail::paid_channels(rows, faults);
  for (std::size_t row = 0; row < size; ++row) {
    detail::FaultAt fault(faults, static_cast<std::int64_t>(row));
    const auto day = detail::value_at(rows.day, row);
    if (!day)
      fault("E_DATE_NULL", rows.day_name, "there is no day", "null", "Give the day or month of the spend.");
    else if (!is_representable(*day))
      fault.day(*day, rows.day_name);
    const std::int64_t amount = detail::spent_in(rows, options.credits, row, fault);
    if (fault.any()) continue;
    first_ = std::min(first_.value_or(*day), *day);
    last_ = std::max(last_.value_or(*day), *day);
    if (!chosen[row]) continue;
    const std::int64_t converted = currencies.convert(amount, row, *day, fault);
    if (fault.any()) continue;
    std::int32_t channel = 0;
    if (split) {
      const auto at =
          std::lower_bound(channels_.begin(), channels_.end(), detail::label_at(rows.channel, row));
      channel = static_cast<std::int32_t>(at - channels_.begin());
    }
    rows_.push_back({*day, converted, channel, static_cast<std::int64_t>(row)});
  }
  faults.raise();
}

TENURE_INLINE std::pair<Day, Day> Spend::source(const Periods& periods, std::size_t k, int lag) {
  if (lag == 0) return {periods.begin(k), periods.end(k)};
  const Day begin = periods.calendar().advance(periods.begin(k), -lag);
  return {begin, periods.calendar().advance(begin, 1)};
}

TENURE_INLINE std::vector<Spent> Spend::totals(const Periods& periods, int lag) const {
  if (lag < 0)
    throw_option({.code = "E_LAG",
                  .what = "lag=" + std::to_string(lag) + " is below 0",
                  .value = std::to_string(lag),
                  .remedy = "Give the number of periods that spend comes before its customers: 0, 1, ..."});
  const std::size_t channels = channels_.size();
  std::vector<Spent> cells(periods.size() * channels);
  std::vector<Day> begins;
  for (std::size_t k = 0; k < periods.size(); ++k) {
    const auto [begin, end] = source(periods, k, lag);
    begins.push_back(begin);
    const Undefined reason = !first_          ? Undefined::no_spend
                             : end <= *first_ ? Undefined::before_history
                             : begin > *last_ ? Undefined::not_yet_observed
                                              : Undefined::no;
    for (std::size_t channel = 0; channel < channels; ++channel)
      cells[k * channels + channel].reason = reason;
  }
  const Day end = source(periods, periods.size() - 1, lag).second;
  for (const Row& row : rows_) {
    if (row.day < begins.front() || row.day >= end) continue;
    const auto k =
        static_cast<std::size_t>(std::upper_bound(begins.begin(), begins.end(), row.day) - begins.begin()) -
        1;
    cells[k * channels + static_cast<std::size_t>(row.channel)].amount += row.amount;
  }
  return cells;
}

}  // namespace tenure
