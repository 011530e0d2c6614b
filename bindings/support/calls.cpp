#include "calls.hpp"

#include <algorithm>
#include <limits>
#include <set>

#include "runs.hpp"
#include "tenure/core/error.hpp"

namespace tenure::python {

namespace {

[[noreturn]] void throw_missing(const std::string& column, std::size_t row, const char* code,
                                const std::string& what) {
  throw_input({.code = code,
               .what = "missing " + what,
               .column = column,
               .row = static_cast<std::int64_t>(row),
               .value = "null",
               .remedy = "Give it, or leave out the row."});
}

std::vector<Day> days_of(const InputColumn& column, const Poll& poll) {
  std::vector<Day> days;
  const Values<Day> values = to_days(column, poll);
  for (const Column<Day>& run : values.runs)
    for (std::size_t i = 0; i < run.size(); ++i) {
      if (!run.valid[i]) throw_missing(column.name, days.size(), "E_DATE_NULL", "date");
      days.push_back(run.values[i]);
    }
  return days;
}

/// Days, or names of periods.
std::vector<Day> periods_of(const InputColumn& column, const Calendar& calendar, const Poll& poll) {
  if (!holds_texts(column.type)) return days_of(column, poll);
  const CodedColumn coded = to_labels(column, poll);
  constexpr Day unread = std::numeric_limits<Day>::min();
  std::vector<Day> known(coded.labels->size(), unread), days;
  for (std::size_t row = 0; row < coded.codes.size(); ++row) {
    if (coded.codes[row] == null_code) throw_missing(column.name, row, "E_DATE_NULL", "period");
    const auto code = static_cast<std::size_t>(coded.codes[row]);
    if (known[code] == unread)
      known[code] =
          parse_period((*coded.labels)[code], calendar, column.name, static_cast<std::int64_t>(row));
    days.push_back(known[code]);
  }
  return days;
}

/// Each row's value of an enum, by its label. `missing` says what null is, or throws.
template <class Enum, class Find, class Null>
std::vector<Enum> named(const InputColumn& column, const std::map<std::string, std::string>& words,
                        Find&& find, const char* known, Null&& missing, const Poll& poll) {
  const CodedColumn coded = to_labels(column, poll);
  std::vector<std::optional<Enum>> of_label;
  for (const std::string& label : *coded.labels) {
    const auto word = words.find(label);
    of_label.push_back(find(word == words.end() ? label : word->second));
  }
  std::vector<Enum> values;
  values.reserve(coded.codes.size());
  for (std::size_t row = 0; row < coded.codes.size(); ++row) {
    if (coded.codes[row] == null_code) {
      values.push_back(missing(row));
      continue;
    }
    const auto code = static_cast<std::size_t>(coded.codes[row]);
    if (!of_label[code]) {
      const std::string shown = printable((*coded.labels)[code]);
      throw_input({.code = "E_ENUM",
                   .what = "'" + shown + "' is not known",
                   .column = column.name,
                   .row = static_cast<std::int64_t>(row),
                   .value = shown,
                   .remedy = std::string("Known: ") + known + "; say which of them it is in a dict."});
    }
    values.push_back(*of_label[code]);
  }
  return values;
}

constexpr const char* known_categories =
    "closed, commit, most_likely, best_case, pipeline, omitted, weighted (categories=)";
constexpr const char* categories_of_deals =
    "closed, commit, most_likely, best_case, pipeline, omitted (categories=)";
constexpr const char* known_outcomes = "open, won, lost (outcomes=)";

std::vector<DealState> states_of(const Input& table, const CallRoles& roles, const Poll& poll) {
  if (!roles.outcome) return {};
  const auto refuse = [&](std::size_t row) -> DealState {
    throw_missing(*roles.outcome, row, "E_KEY_NULL", "outcome");
  };
  return named<DealState>(table.at(*roles.outcome), roles.outcomes, find_deal_state, known_outcomes, refuse,
                          poll);
}

/// A deal that is closed needs no category where its outcome is told.
std::vector<CallCategory> categories_of(const Input& table, const CallRoles& roles,
                                        const std::vector<DealState>& states, const Poll& poll) {
  if (!roles.category) return {};
  const auto missing = [&](std::size_t row) {
    if (states.empty() || states[row] == DealState::open)
      throw_missing(*roles.category, row, "E_KEY_NULL", "category");
    return states[row] == DealState::won ? CallCategory::closed : CallCategory::omitted;
  };
  const bool of_deals = roles.opportunity.has_value();
  const auto find = [&](std::string_view name) {  // a deal cannot be weighted: that is a sum over deals
    const auto found = find_call_category(name);
    return of_deals && found == CallCategory::weighted ? std::nullopt : found;
  };
  return named<CallCategory>(table.at(*roles.category), roles.categories, find,
                             of_deals ? categories_of_deals : known_categories, missing, poll);
}

CodedColumn keys_of(const Input& table, const std::string& name, const std::string& what, const Poll& poll) {
  CodedColumn coded = to_labels(table.at(name), poll);
  const auto null = std::ranges::find(coded.codes, null_code);
  if (null != coded.codes.end())
    throw_missing(name, static_cast<std::size_t>(null - coded.codes.begin()), "E_KEY_NULL", what);
  return coded;
}

/// The groups of two tables under one numbering, sorted by labels.
void join(Groups& calls, Groups& actuals) {
  std::set<std::vector<std::string>> all(calls.labels.begin(), calls.labels.end());
  all.insert(actuals.labels.begin(), actuals.labels.end());
  const std::vector<std::vector<std::string>> labels(all.begin(), all.end());
  for (Groups* groups : {&calls, &actuals}) {
    for (std::int32_t& code : groups->codes)
      code = static_cast<std::int32_t>(
          std::ranges::lower_bound(labels, groups->labels[static_cast<std::size_t>(code)]) - labels.begin());
    groups->labels = labels;
  }
}

}  // namespace

Day parse_period(std::string_view text, const Calendar& calendar, const std::string& column,
                 std::optional<std::int64_t> row) {
  const auto digits = [](std::string_view part) {
    return std::ranges::all_of(part, [](char letter) { return letter >= '0' && letter <= '9'; });
  };
  const auto refuse = [&](const char* remedy) {
    throw_input({.code = "E_DATE_FORMAT",
                 .what = "'" + printable(text) + "' is not a period",
                 .column = column,
                 .row = row,
                 .value = printable(text),
                 .remedy = remedy});
  };
  constexpr const char* ways = "Write it as 2024-Q1, 2024-03, 2024, or as a day of it: 2024-03-01.";
  if (text.size() >= 4 && text.size() <= 7 && digits(text.substr(0, 4))) {
    const int year = std::stoi(std::string(text.substr(0, 4)));
    std::string_view rest = text.substr(4);
    if (rest.empty() && year >= 1400) return days_from_civil(year, calendar.fiscal_start, 1);
    if (rest.size() == 3 && rest[0] == '-' && digits(rest.substr(1))) return parse_day_or_month(text, column);
    if (!rest.empty() && rest[0] == '-') rest.remove_prefix(1);
    const bool quarter = rest.size() == 2 && rest[0] == 'Q' && rest[1] >= '1' && rest[1] <= '4';
    const bool half = rest.size() == 2 && rest[0] == 'H' && rest[1] >= '1' && rest[1] <= '2';
    if (!(quarter || half) || year < 1400) refuse(ways);
    if (calendar.fiscal_start != 1)
      refuse("Years that begin in another month are counted in more than one way: give a day of the period.");
    return days_from_civil(year, (rest[1] - '1') * (quarter ? 3 : 6) + 1, 1);
  }
  if (text.size() != 10) refuse(ways);
  return parse_day(text, column);
}

ReadCalls read_calls(const Input& table, const CallRoles& roles, const CallOptions& options,
                     const Execution& execution) {
  const Poll& poll = execution.poll;
  const bool of_deals = roles.opportunity.has_value();
  ReadCalls read;
  read.subject = roles.opportunity.value_or("opportunity");
  if (roles.owner) read.names.push_back(*roles.owner);
  read.names.insert(read.names.end(), roles.by.begin(), roles.by.end());
  const std::vector<Day> taken = days_of(table.at(roles.taken), poll);
  const std::vector<Day> due =
      of_deals ? days_of(table.at(roles.due), poll) : periods_of(table.at(roles.due), options.calendar, poll);
  const Numbers amount = to_numbers(table.at(roles.amount), poll);
  const std::vector<DealState> states = states_of(table, roles, poll);
  const std::vector<CallCategory> categories = categories_of(table, roles, states, poll);
  const Numbers probability = maybe_numbers(table, roles.probability, poll);
  CodedColumn opportunities;
  if (of_deals) {
    opportunities = keys_of(table, *roles.opportunity, "opportunity", poll);
    read.opportunities = *opportunities.labels;
  }
  if (roles.owner) keys_of(table, *roles.owner, "owner", poll);
  Groups owners = to_groups(table, read.names, poll);

  ActualRows actual{
      .due = {}, .amount = {}, .due_name = roles.due, .amount_name = roles.actual.value_or("actual")};
  std::vector<Day> actual_due;
  Numbers actual_amount;
  Groups actual_owners{.names = read.names, .labels = {}, .codes = {}};
  if (roles.actual_rows) {
    actual_due = periods_of(roles.actual_rows->at(roles.actual_period), options.calendar, poll);
    actual_amount = to_numbers(roles.actual_rows->at(*roles.actual), poll);
    actual_owners = to_groups(*roles.actual_rows, read.names, poll);
    join(owners, actual_owners);
    actual.due = actual_due;
    actual.amount = actual_amount;
    actual.owner = actual_owners.codes;
    actual.due_name = roles.actual_period;
  } else if (roles.actual) {
    actual_amount = to_numbers(table.at(*roles.actual), poll);
    actual.due = due;
    actual.amount = actual_amount;
    actual.owner = owners.codes;
    actual.repeated = true;
  }
  read.history = std::make_shared<const CallHistory>(
      CallRows{.taken = taken,
               .due = due,
               .amount = amount,
               .category = categories,
               .subject = opportunities.codes,
               .state = states,
               .probability = probability,
               .owner = owners.codes,
               .owners = std::max<std::size_t>(owners.size(), 1),
               .subjects = read.opportunities,
               .taken_name = roles.taken,
               .due_name = roles.due,
               .amount_name = roles.amount,
               .subject_name = read.subject,
               .probability_name = roles.probability.value_or("probability")},
      actual, options, execution);
  read.owners = std::move(owners.labels);
  return read;
}

}  // namespace tenure::python
