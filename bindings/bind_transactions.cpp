#include <algorithm>

#include "support/joined.hpp"
#include "support/keys.hpp"
#include "support/numbers.hpp"
#include "support/signals.hpp"
#include "support/spend_models.hpp"
#include "tenure/economics/transactions.hpp"

/// From transactions to what buy-till-you-die models read.
namespace tenure::python {

namespace {

struct TransactionColumns {
  std::string customer, date;
  std::optional<std::string> amount, currency;
};

/// What users choose, by name; E_ENUM for others, and what Calendar refuses.
struct RfmChoices {
  std::string unit;
  double unit_days;
  bool by_row, with_first, whole;
  std::string refunds, duplicates;
  std::optional<std::string> observation_end, calibration_end;
  int threads;

  RfmOptions options() const {
    const auto day = [](const std::optional<std::string>& text, const char* name) {
      return text ? std::optional(parse_day(*text, name)) : std::nullopt;
    };
    return {.unit = parse_period_unit(unit),
            .unit_days = unit_days,
            .purchases = by_row ? Purchases::by_row : Purchases::by_period,
            .first_purchase = with_first ? FirstPurchase::counted : FirstPurchase::left_out,
            .last_period = whole ? LastPeriod::whole : LastPeriod::until_end,
            .refunds = parse_refunds(refunds),
            .duplicates = parse_duplicates(duplicates),
            .observation_end = day(observation_end, "observation_end"),
            .calibration_end = day(calibration_end, "calibration_end"),
            .execution = {.threads = threads}};
  }
};

Rfm summarise(const Input& table, const TransactionColumns& names, const RfmChoices& choices) {
  RfmOptions options = choices.options();
  SignalCheck signals;
  const py::gil_scoped_release unlocked;
  const Poll poll = [&signals] { signals(); };
  options.execution.poll = poll;
  check_row_count(table);
  const JoinedIds customers(to_ids(table.at(names.customer), poll));
  const Joined<Day> days = joined(to_days(table.at(names.date), poll));
  std::optional<JoinedAmounts> amounts;
  if (names.amount) amounts.emplace(to_amounts(table.at(*names.amount), poll));
  std::optional<CodedColumn> currencies;
  if (names.currency) currencies = to_labels(table.at(*names.currency), poll);
  Transactions transactions{.customer = customers.ids(),
                            .day = days.column,
                            .customer_name = names.customer,
                            .day_name = names.date};
  if (amounts) {
    transactions.amount = amounts->amounts();
    transactions.amount_name = *names.amount;
  }
  if (currencies) {
    transactions.currency_codes = Codes{currencies->codes, *currencies->labels};
    transactions.currency_name = *names.currency;
  }
  return rfm(transactions, options);
}

std::vector<std::int64_t> whole(const std::vector<double>& values) { return {values.begin(), values.end()}; }

std::shared_ptr<Output> rfm_columns(Rfm& found) {
  const py::gil_scoped_release unlocked;
  Output output(found.customers());
  if (found.labels.empty()) {
    output.add("customer", std::move(found.customer));
  } else {
    Texts texts;
    for (const std::int64_t label : found.customer)
      texts.push_back(found.labels[static_cast<std::size_t>(label)]);
    output.add("customer", std::move(texts));
  }
  output.add("frequency", whole(found.frequency));
  output.add("recency", std::move(found.recency));
  output.add("T", std::move(found.age));
  return std::make_shared<Output>(std::move(output));
}

/// The columns, and what is to be known of them: the last day, what was left out, the currency.
py::tuple rfm_result(const Input& table, const TransactionColumns& names, const RfmChoices& choices) {
  Rfm found = summarise(table, names, choices);
  const std::size_t size = found.customers();
  const std::shared_ptr<Output> output = rfm_columns(found);
  if (names.amount) add_reals(*output, "monetary", found.monetary);
  if (choices.calibration_end) {
    output->add("frequency_holdout", whole(found.frequency_holdout));
    if (names.amount) add_reals(*output, "monetary_holdout", found.monetary_holdout);
    output->add("duration_holdout", std::vector<double>(size, found.duration_holdout));
  }
  const std::optional<std::string> end = found.end ? std::optional(format_day(*found.end)) : std::nullopt;
  return py::make_tuple(output, end, found.currency, found.rows_after_end, found.rows_refunded,
                        found.rows_repeated, found.customers_after);
}

}  // namespace

void bind_transactions(py::module_& module) {
  using Result = py::typing::Tuple<std::shared_ptr<Output>, std::optional<std::string>, std::string,
                                   std::int64_t, std::int64_t, std::int64_t, std::int64_t>;
  module.def(
      "rfm",
      [](const Input& table, std::string customer, std::string date, std::optional<std::string> amount,
         std::optional<std::string> currency, std::string unit, double unit_days, bool by_row,
         bool with_first, bool whole_last_period, std::string refunds, std::string duplicates,
         std::optional<std::string> observation_end, std::optional<std::string> calibration_end,
         int threads) -> Result {
        return rfm_result(
            table, {std::move(customer), std::move(date), std::move(amount), std::move(currency)},
            {std::move(unit), unit_days, by_row, with_first, whole_last_period, std::move(refunds),
             std::move(duplicates), std::move(observation_end), std::move(calibration_end), threads});
      },
      py::arg("table"), py::kw_only(), py::arg("customer"), py::arg("date"), py::arg("amount"),
      py::arg("currency"), py::arg("unit"), py::arg("unit_days"), py::arg("by_row"), py::arg("with_first"),
      py::arg("whole_last_period"), py::arg("refunds"), py::arg("duplicates"), py::arg("observation_end"),
      py::arg("calibration_end"), py::arg("threads"),
      "Frequency, recency, T and spend of each customer; last day, currency, rows after it, refunds, "
      "repeated "
      "rows and customers left out.");
  bind_gamma_gamma(module);
  bind_bg_bb(module);
  bind_customer_value(module);
}

}  // namespace tenure::python
