#include "spend.hpp"

#include <algorithm>

namespace tenure::python {

namespace {

/// A column in one run, with its nulls as a bitmap.
template <class T>
struct Flat {
  std::vector<T> values;
  std::vector<std::uint8_t> valid;

  explicit Flat(const Values<T>& given) {
    for (const Column<T>& run : given.runs)
      for (std::size_t i = 0; i < run.size(); ++i) {
        const std::size_t row = values.size();
        values.push_back(run.values[i]);
        if (row % 8 == 0) valid.push_back(0);
        if (run.valid[i]) valid.back() = static_cast<std::uint8_t>(valid.back() | (1U << (row % 8)));
      }
  }
  Column<T> column() const noexcept { return {values, {.bits = valid.data(), .offset = 0}}; }
};

std::optional<CodedColumn> labels_of(const Input& table, const ColumnName& name, const Poll& poll) {
  if (!name) return std::nullopt;
  return to_labels(table.at(*name), poll);
}

Codes codes_of(const std::optional<CodedColumn>& column) {
  if (!column) return {};
  return column->cut(0, static_cast<std::int64_t>(column->codes.size()));
}

Currency currency_of(const ColumnName& code) { return code ? Currency(*code) : Currency(); }

}  // namespace

std::shared_ptr<Spend> read_spend(const Input& table, const SpendRoles& roles, const Poll& poll) {
  const Flat<Day> days(to_days(table.at(roles.date), poll));
  const AmountColumn amounts = to_amounts(table.at(roles.amount), poll);
  const auto channel = labels_of(table, roles.channel, poll), kind = labels_of(table, roles.kind, poll),
             currency = labels_of(table, roles.currency_column, poll);
  const auto paid = roles.paid ? to_flags(table.at(*roles.paid), poll) : std::vector<std::uint8_t>();
  const SpendOptions options{.kinds = roles.kinds,
                             .credits = roles.credits ? Credits::subtract : Credits::refuse,
                             .reporting = currency_of(roles.reporting),
                             .rates = roles.rates.get()};
  return std::visit(
      [&]<class T>(const Values<T>& values) {
        const Flat<T> flat(values);
        return std::make_shared<Spend>(SpendRows{.day = days.column(),
                                                 .amount = Amounts(flat.column()),
                                                 .channel = codes_of(channel),
                                                 .kind = codes_of(kind),
                                                 .paid = paid,
                                                 .currency_codes = codes_of(currency),
                                                 .currency = currency_of(roles.currency),
                                                 .day_name = roles.date,
                                                 .amount_name = roles.amount,
                                                 .currency_name = roles.currency_column.value_or("currency")},
                                       options);
      },
      amounts);
}

std::shared_ptr<Output> spend_rows(const Spend& spend, Day begin, Day end,
                                   const std::vector<std::string>& channels, MoneyFormat format) {
  std::vector<std::int64_t> numbers;
  std::vector<Day> days;
  std::vector<RunRateSum> amounts;
  Texts labels;
  for (const Spend::Row& row : spend.rows()) {
    const std::string& channel = spend.channels()[static_cast<std::size_t>(row.channel)];
    const bool counts = channels.empty() || std::ranges::find(channels, channel) != channels.end();
    if (!counts || row.day < begin || row.day >= end) continue;
    numbers.push_back(row.row);
    days.push_back(row.day);
    labels.push_back(channel);
    amounts.emplace_back(int128{row.amount});
  }
  Output output(numbers.size());
  output.add("row", std::move(numbers));
  output.add("date", std::move(days));
  if (spend.channels() != std::vector<std::string>{""}) output.add("channel", std::move(labels));
  output.add_money("amount", amounts, format, {}, 12);
  return std::make_shared<Output>(std::move(output));
}

}  // namespace tenure::python
