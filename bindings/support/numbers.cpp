#include "numbers.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>
#include <optional>

#include "runs.hpp"
#include "tenure/core/money.hpp"

namespace tenure::python {

namespace {

template <class T>
std::pair<std::span<T>, std::shared_ptr<const void>> own(std::size_t rows) {
  auto held = std::make_shared<Buffer<T>>(rows);
  return {{held->data(), rows}, held};
}

/// Runs of values one after the other; `place` turns a valid value into what is kept, nulls are `null`.
template <class To, class From, class Place>
void gather(const Values<From>& values, std::span<To> kept, To null, Place&& place) {
  std::size_t row = 0;
  for (const Column<From>& run : values.runs)
    for (std::size_t i = 0; i < run.size(); ++i) kept[row++] = run.valid[i] ? place(run.values[i]) : null;
}

double as_double(std::int64_t value) noexcept { return static_cast<double>(value); }
double as_double(double value) noexcept { return value; }
double as_double(Micros value) noexcept { return static_cast<double>(value.amount) / 1e6; }

const std::string no_label = "(none)";

const std::string& label_of(const CodedColumn& column, std::size_t row) {
  const std::int32_t code = column.codes[row];
  return code == null_code ? no_label : (*column.labels)[static_cast<std::size_t>(code)];
}

/// Numbers the groups in the order of their labels.
void sort_groups(Groups& groups) {
  std::vector<std::size_t> order(groups.size()), place(groups.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t group) { return groups.labels[group]; });
  std::vector<std::vector<std::string>> labels;
  for (std::size_t i = 0; i < order.size(); ++i) {
    place[order[i]] = i;
    labels.push_back(std::move(groups.labels[order[i]]));
  }
  groups.labels = std::move(labels);
  for (std::int32_t& code : groups.codes)
    code = static_cast<std::int32_t>(place[static_cast<std::size_t>(code)]);
}

/// The groups of a column of whole numbers that lie close together (codes of plans, flags), which need no
/// text for each row; nothing for any other column.
std::optional<Groups> close_groups(const Input& input, const std::string& name) {
  constexpr std::int64_t range = 4096;
  const InputColumn& column = input.at(name);
  if (column.type.kind != Kind::signed_integer || column.type.bits != 64 || column.runs.size() != 1 ||
      column.runs[0].validity != nullptr || column.runs[0].length == 0)
    return std::nullopt;
  const auto* const values = static_cast<const std::int64_t*>(column.runs[0].values) + column.runs[0].offset;
  const auto rows = static_cast<std::size_t>(column.runs[0].length);
  const auto [low, high] = std::ranges::minmax(std::span(values, rows));
  constexpr std::int64_t furthest = INT64_MAX / 2;  // the difference of anything nearer has 64 bits
  if (low < -furthest || high > furthest || high - low >= range) return std::nullopt;
  Groups groups{.names = {name}, .labels = {}, .codes = std::vector<std::int32_t>(rows)};
  std::vector<std::uint8_t> seen(range);
  for (std::size_t row = 0; row < rows; ++row) {
    const std::int64_t place = std::clamp<std::int64_t>(values[row] - low, 0, range - 1);
    seen[static_cast<std::size_t>(place)] = 1;
    groups.codes[row] = static_cast<std::int32_t>(place);
  }
  std::vector<std::string> labels;
  for (std::int64_t place = 0; place < range; ++place)
    if (seen[static_cast<std::size_t>(place)] != 0) labels.push_back(std::to_string(low + place));
  std::ranges::sort(labels);
  std::vector<std::int32_t> codes(range);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    codes[static_cast<std::size_t>(std::stoll(labels[i]) - low)] = static_cast<std::int32_t>(i);
    groups.labels.push_back({labels[i]});
  }
  for (std::int32_t& code : groups.codes) code = codes[static_cast<std::size_t>(code)];
  return groups;
}

}  // namespace

Numbers to_numbers(const InputColumn& given, const Poll& poll) {
  if (holds_texts(given.type) && !only_missing(given)) throw_type(given, "numbers");
  const auto rows = static_cast<std::size_t>(given.size());
  auto [kept, owner] = own<double>(rows);
  constexpr double missing = std::numeric_limits<double>::quiet_NaN();
  if (only_missing(given)) {
    std::ranges::fill(kept, missing);
    return {kept, std::move(owner)};
  }
  const InputColumn column = decoded(given, poll);
  if (column.type.kind == Kind::boolean) {
    for_blocks(column, poll,
               [&](const Array& run, std::int64_t begin, std::int64_t end, std::int64_t first_row) {
                 for (std::int64_t row = begin; row < end; ++row)
                   kept[static_cast<std::size_t>(first_row + row)] =
                       run.valid(row) ? (bool_at(column, run, row) ? 1.0 : 0.0) : missing;
               });
    return {kept, std::move(owner)};
  }
  if (column.type.kind != Kind::floating && column.type.kind != Kind::signed_integer &&
      column.type.kind != Kind::unsigned_integer && column.type.kind != Kind::decimal)
    throw_type(column, "numbers");
  const AmountColumn amounts = to_amounts(column, poll);
  if (const auto* doubles = std::get_if<Values<double>>(&amounts))
    if (doubles->runs.size() == 1 && doubles->runs[0].valid.all())
      return {doubles->runs[0].values,
              std::make_shared<std::vector<std::shared_ptr<const void>>>(doubles->owners)};
  std::visit(
      [&](const auto& values) { gather(values, kept, missing, [](auto value) { return as_double(value); }); },
      amounts);
  return {kept, std::move(owner)};
}

Numbers maybe_numbers(const Input& input, const std::optional<std::string>& name, const Poll& poll) {
  return name ? to_numbers(input.at(*name), poll) : Numbers{};
}

Groups to_groups(const Input& input, const std::vector<std::string>& names, const Poll& poll) {
  Groups groups{.names = names, .labels = {}, .codes = {}};
  if (names.empty()) {
    groups.labels.emplace_back();
    return groups;
  }
  if (names.size() == 1)
    if (auto close = close_groups(input, names[0])) return *std::move(close);
  std::vector<CodedColumn> columns;
  for (const std::string& name : names) columns.push_back(to_labels(input.at(name), poll));
  const std::size_t rows = columns[0].codes.size();
  groups.codes.resize(rows);
  std::map<std::vector<std::int32_t>, std::int32_t> known;
  std::vector<std::int32_t> single(names.size() == 1 ? columns[0].labels->size() + 1 : 0, null_code);
  std::vector<std::int32_t> key(names.size());
  for (std::size_t row = 0; row < rows; ++row) {
    if (row % static_cast<std::size_t>(rows_between_polls) == 0 && poll) poll();
    for (std::size_t i = 0; i < columns.size(); ++i) key[i] = columns[i].codes[row];
    std::int32_t& code = single.empty() ? known.try_emplace(key, null_code).first->second
                                        : single[static_cast<std::size_t>(key[0] + 1)];
    if (code == null_code) {
      code = static_cast<std::int32_t>(groups.labels.size());
      auto& labels = groups.labels.emplace_back();
      for (const CodedColumn& column : columns) labels.push_back(label_of(column, row));
    }
    groups.codes[row] = code;
  }
  sort_groups(groups);
  return groups;
}

void add_groups(Output& output, const Groups& groups, std::span<const std::size_t> group_of_row) {
  for (std::size_t i = 0; i < groups.names.size(); ++i) {
    Texts texts;
    for (const std::size_t group : group_of_row) texts.push_back(groups.labels[group][i]);
    output.add(groups.names[i], std::move(texts));
  }
}

void add_reals(Output& output, std::string name, std::span<const Real> values) {
  std::vector<double> numbers;
  std::vector<Undefined> reasons;
  numbers.reserve(values.size());
  reasons.reserve(values.size());
  for (const Real& value : values) {
    numbers.push_back(value.value_or(0));
    reasons.push_back(value.reason());
  }
  output.add(std::move(name), OutputColumn::Data(std::move(numbers)), std::move(reasons));
}

}  // namespace tenure::python
