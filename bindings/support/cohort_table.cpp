#include "cohort_table.hpp"

#include <algorithm>
#include <map>
#include <numeric>

namespace tenure::python {

namespace {

/// The cohorts of all rows; E_KEY_NULL where there is none.
class RowKeys {
 public:
  explicit RowKeys(std::string column) : column_(std::move(column)) {}

  void check(bool valid) {
    if (!valid)
      faults_.add({.code = "E_KEY_NULL",
                   .what = "a row without a cohort",
                   .column = column_,
                   .row = row_,
                   .remedy = "Name the cohort, or leave the row out."});
    ++row_;
  }
  template <class T>
  std::vector<T> take(const Values<T>& values) {
    std::vector<T> kept;
    for (const Column<T>& run : values.runs)
      for (std::size_t i = 0; i < run.size(); ++i) {
        check(run.valid[i]);
        kept.push_back(run.valid[i] ? run.values[i] : T{});
      }
    faults_.raise();
    return kept;
  }
  std::vector<std::string> take(const CodedColumn& coded) {
    std::vector<std::string> kept;
    for (const std::int32_t code : coded.codes) {
      check(code != null_code);
      kept.push_back(code == null_code ? std::string() : (*coded.labels)[static_cast<std::size_t>(code)]);
    }
    faults_.raise();
    return kept;
  }

 private:
  std::string column_;
  FaultList faults_;
  std::int64_t row_ = 0;
};

CohortTable::Keys keys_of(const InputColumn& column, const Poll& poll) {
  const Kind kind = column.type.kind;
  RowKeys keys(column.name);
  if (kind == Kind::day || kind == Kind::timestamp) return keys.take(to_days(column, poll));
  if (kind == Kind::signed_integer || kind == Kind::unsigned_integer || kind == Kind::floating)
    return keys.take(to_whole_numbers(column, poll));
  return keys.take(to_labels(column, poll));
}

std::string text_of(std::int64_t key) { return std::to_string(key); }
std::string text_of(Day key) { return format_day(key); }
std::string text_of(const std::string& key) { return key; }

/// Numbers the cohorts of each segment in their order; `codes` has that of each row.
template <class Key>
std::vector<Key> number_cohorts(const std::vector<Key>& keys, CohortTable& table,
                                std::vector<std::int32_t>& codes, std::vector<std::string>& labels) {
  const auto segment_at = [&](std::size_t row) {
    return table.segments.codes.empty() ? std::size_t{0}
                                        : static_cast<std::size_t>(table.segments.codes[row]);
  };
  std::map<std::pair<std::size_t, Key>, std::int32_t> known;
  for (std::size_t row = 0; row < keys.size(); ++row) known.try_emplace({segment_at(row), keys[row]}, 0);
  std::vector<Key> distinct;
  table.begin.assign(table.segments.size() + 1, 0);
  for (auto& [place, code] : known) {
    const auto& [segment, key] = place;
    code = static_cast<std::int32_t>(distinct.size());
    distinct.push_back(key);
    table.segment_of.push_back(segment);
    table.begin[segment + 1] = distinct.size();
    std::string label = text_of(key);
    for (const std::string& part : table.segments.labels[segment])
      label += (&part == table.segments.labels[segment].data() ? " of " : ", ") + part;
    labels.push_back(std::move(label));
  }
  for (std::size_t row = 0; row < keys.size(); ++row) codes.push_back(known.at({segment_at(row), keys[row]}));
  return distinct;
}

void add_cohorts(Output& output, const std::string& name, const CohortTable::Keys& keys,
                 const std::vector<std::size_t>& cohort_of_row) {
  std::visit(
      [&]<class Key>(const std::vector<Key>& held) {
        std::conditional_t<std::is_same_v<Key, std::string>, Texts, std::vector<Key>> column;
        for (const std::size_t cohort : cohort_of_row) column.push_back(held[cohort]);
        output.add(name, std::move(column));
      },
      keys);
}

}  // namespace

std::size_t CohortTable::ages() const noexcept {
  std::size_t most = 0;
  for (const CohortRuns& segment : runs) most = std::max(most, segment.ages());
  return most;
}

void CohortTable::add_keys(Output& output, const std::vector<std::size_t>& cohort_of_row) const {
  std::vector<std::size_t> segment_of_row;
  for (const std::size_t cohort : cohort_of_row) segment_of_row.push_back(segment_of[cohort]);
  add_groups(output, segments, segment_of_row);
  add_cohorts(output, cohort_name, keys, cohort_of_row);
}

CohortTable read_cohorts(const Input& input, const CohortColumns& columns, const Poll& poll) {
  if (input.rows() == 0)
    throw_input({.code = "E_NO_ROWS",
                 .what = "there are no rows",
                 .column = columns.cohort,
                 .remedy = "Give a row for each cohort and age."});
  const Numbers age = to_numbers(input.at(columns.age), poll);
  const Numbers value = to_numbers(input.at(columns.value), poll);
  CohortTable table;
  table.cohort_name = columns.cohort;
  table.segments = to_groups(input, columns.by, poll);
  std::vector<std::int32_t> codes;
  std::vector<std::string> labels;
  std::visit([&](const auto& keys) { table.keys = number_cohorts(keys, table, codes, labels); },
             keys_of(input.at(columns.cohort), poll));
  const CohortRuns all = runs_of({.cohort = codes,
                                  .age = age,
                                  .value = value,
                                  .labels = labels,
                                  .age_name = columns.age,
                                  .value_name = columns.value});
  for (std::size_t segment = 0; segment < table.segments.size(); ++segment) {
    const auto cut = [&](const auto& whole) {
      const auto first = whole.begin() + static_cast<std::ptrdiff_t>(table.begin[segment]);
      return std::decay_t<decltype(whole)>(
          first, whole.begin() + static_cast<std::ptrdiff_t>(table.begin[segment + 1]));
    };
    table.runs.push_back({cut(all.values), cut(all.rows), cut(all.labels), all.value_name});
  }
  return table;
}

}  // namespace tenure::python
