#include "stays.hpp"

#include <algorithm>
#include <cstdint>

#include "runs.hpp"

namespace tenure::python {

namespace {

View view_of(const InputColumn& column, const Poll& poll) {
  if (column.runs.size() == 1 && column.runs[0].validity == nullptr) {
    const Array& run = column.runs[0];
    const auto typed = [&]<class T>(T) -> View {
      return {std::span(static_cast<const T*>(run.values) + run.offset, static_cast<std::size_t>(run.length)),
              {}};
    };
    const Kind kind = column.type.kind;
    if (kind == Kind::floating && column.type.bits == 64) return typed(double{});
    if (kind == Kind::signed_integer && column.type.bits == 64) return typed(std::int64_t{});
    if (kind == Kind::signed_integer && column.type.bits == 32) return typed(std::int32_t{});
    if (kind == Kind::boolean && column.type.bits == 8) return typed(std::uint8_t{});
    if (kind == Kind::unsigned_integer && column.type.bits == 8) return typed(std::uint8_t{});
  }
  Numbers held = to_numbers(column, poll);
  return {held.values, std::move(held)};
}

}  // namespace

Stays::Stays(const Input& table, const StayNames& names, const std::vector<std::string>& by, const Poll& poll)
    : duration(view_of(table.at(names.duration), poll)),
      entry(maybe_numbers(table, names.entry, poll)),
      weight(maybe_numbers(table, names.weight, poll)),
      groups(to_groups(table, by, poll)) {
  const Kind kind = table.at(names.duration).type.kind;
  whole_time = kind == Kind::signed_integer || kind == Kind::unsigned_integer;
  rows.duration = duration.numbers;
  rows.entry = entry.values;
  rows.weight = weight.values;
  rows.group = groups.codes;
  rows.groups = std::max<std::size_t>(groups.size(), 1);
  rows.names = {.duration = names.duration,
                .event = names.event,
                .entry = names.entry.value_or("entry"),
                .weight = names.weight.value_or("weight")};
}

void Stays::take_events(const InputColumn& column, const Poll& poll) {
  event = view_of(column, poll);
  rows.event = event.numbers;
}

std::vector<std::string> Stays::take_reasons(const InputColumn& given,
                                             const std::vector<std::string>& censored, const Poll& poll) {
  CodedColumn column;
  if (given.type.kind == Kind::floating) {  // whole numbers of which some are missing
    Dictionary dictionary;
    for (const Column<std::int64_t>& run : to_whole_numbers(given, poll).runs)
      for (std::size_t i = 0; i < run.size(); ++i)
        column.codes.push_back(run.valid[i] ? dictionary.encode(std::to_string(run.values[i])) : null_code);
    column.labels = std::make_shared<std::vector<std::string>>(dictionary.labels());
  } else {
    column = to_labels(given, poll);
  }
  std::vector<bool> seen(column.labels->size());
  for (const std::int32_t code : column.codes)
    if (code != null_code) seen[static_cast<std::size_t>(code)] = true;
  std::vector<std::string> reasons;
  for (std::size_t i = 0; i < seen.size(); ++i)
    if (const std::string& label = (*column.labels)[i];
        seen[i] && !label.empty() && std::ranges::find(censored, label) == censored.end())
      reasons.push_back(label);
  std::ranges::sort(reasons);
  std::vector<std::int32_t> cause_of(seen.size());
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const auto place = std::ranges::lower_bound(reasons, (*column.labels)[i]);
    const bool known = place != reasons.end() && *place == (*column.labels)[i];
    cause_of[i] = known ? static_cast<std::int32_t>(place - reasons.begin()) + 1 : 0;
  }
  causes.reserve(column.codes.size());
  for (const std::int32_t code : column.codes)
    causes.push_back(code == null_code ? 0 : cause_of[static_cast<std::size_t>(code)]);
  rows.event = std::span<const std::int32_t>(causes);
  rows.causes = static_cast<std::uint32_t>(reasons.size());
  return reasons;
}

}  // namespace tenure::python
