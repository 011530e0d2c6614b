#include "call_figures.hpp"

#include <algorithm>
#include <set>

#include "tenure/core/money.hpp"

namespace tenure::python {

namespace {

double major(int128 amount) { return quotient(amount, micros); }
Real major(const std::optional<int128>& amount) {
  return amount ? Real(major(*amount)) : Real(Undefined::not_yet_observed);
}

/// Columns that all figures of groups and categories begin with.
struct Keys {
  std::vector<std::size_t> groups;
  Texts categories;

  void push_back(std::size_t group, CallCategory category) {
    groups.push_back(group);
    categories.push_back(name_of(category));
  }
  std::size_t size() const noexcept { return groups.size(); }
};

}  // namespace

CallCut::CallCut(const ReadCalls& read, const std::vector<std::string>& names, const Execution& execution)
    : groups{.names = names, .labels = {}, .codes = {}} {
  std::vector<std::size_t> columns;
  for (const std::string& name : names)
    columns.push_back(static_cast<std::size_t>(std::ranges::find(read.names, name) - read.names.begin()));
  const auto labels_of = [&](const std::vector<std::string>& owner) {
    std::vector<std::string> labels;
    for (const std::size_t column : columns) labels.push_back(owner[column]);
    return labels;
  };
  std::set<std::vector<std::string>> all;
  for (const auto& owner : read.owners) all.insert(labels_of(owner));
  groups.labels.assign(all.begin(), all.end());
  for (const auto& owner : read.owners)
    of_owner.push_back(static_cast<std::uint32_t>(std::ranges::lower_bound(groups.labels, labels_of(owner)) -
                                                  groups.labels.begin()));
  table = read.history->calls(of_owner, groups.labels.size(), execution);
}

JudgedWeeks judged(const CallCut& cut) {
  JudgedWeeks weeks;
  for (const CallLine& line : cut.table.lines) {
    std::vector<JudgedCall>& calls = weeks[{line.group, line.category, -line.weeks}];
    if (line.actual) calls.push_back({major(line.call), major(*line.actual)});
  }
  return weeks;
}

std::shared_ptr<Output> call_rows(const CallHistory& history, const CallCut& cut, bool with_owners) {
  const auto& lines = cut.table.lines;
  Keys keys;
  std::vector<Day> period, taken;
  std::vector<std::int64_t> weeks, called, owners;
  std::vector<double> call;
  std::vector<Real> actual, error, ape, accuracy;
  for (const CallLine& line : lines) {
    const auto& brought = line.actual;
    keys.push_back(line.group, line.category);
    period.push_back(history.periods().begin(line.period));
    taken.push_back(line.taken);
    weeks.push_back(line.weeks);
    call.push_back(major(line.call));
    called.push_back(line.called);
    owners.push_back(line.owners);
    actual.push_back(major(brought));
    error.push_back(brought ? Real(major(line.call - *brought)) : Real(Undefined::not_yet_observed));
    ape.push_back(brought ? absolute_percentage_error({major(line.call), major(*brought)})
                          : Real(Undefined::not_yet_observed));
    accuracy.push_back(ape.back().defined() ? Real(1 - ape.back().value_or(0)) : ape.back());
  }
  auto output = std::make_shared<Output>(lines.size());
  output->add("period", std::move(period));
  add_groups(*output, cut.groups, keys.groups);
  output->add("category", std::move(keys.categories));
  output->add("weeks_before_end", std::move(weeks));
  output->add("taken", std::move(taken));
  output->add("call", std::move(call));
  add_reals(*output, "actual", actual);
  add_reals(*output, "error", error);
  add_reals(*output, "ape", ape);
  add_reals(*output, "accuracy", accuracy);
  if (with_owners) {
    output->add("owners_called", std::move(called));
    output->add("owners_known", std::move(owners));
  }
  return output;
}

std::shared_ptr<Output> lead_time_rows(const CallCut& cut, const std::vector<double>& tolerances,
                                       const std::vector<std::string>& names) {
  Keys keys;
  std::vector<std::int64_t> weeks, periods;
  std::vector<Real> wape, bias, relative, mape, accuracy;
  std::vector<std::vector<Real>> hits(tolerances.size());
  for (const auto& [week, calls] : judged(cut)) {
    const CallAccuracy found = call_accuracy(calls);
    keys.push_back(week.group, week.category);
    weeks.push_back(-week.to_end);
    periods.push_back(static_cast<std::int64_t>(found.periods));
    wape.push_back(found.wape);
    bias.push_back(found.bias);
    relative.push_back(found.relative_bias);
    mape.push_back(found.mape);
    accuracy.push_back(found.accuracy);
    for (std::size_t i = 0; i < tolerances.size(); ++i)
      hits[i].push_back(hit_rate(calls, tolerances[i]).share.value);
  }
  auto output = std::make_shared<Output>(keys.size());
  add_groups(*output, cut.groups, keys.groups);
  output->add("category", std::move(keys.categories));
  output->add("weeks_before_end", std::move(weeks));
  output->add("periods", std::move(periods));
  add_reals(*output, "wape", wape);
  add_reals(*output, "bias", bias);
  add_reals(*output, "relative_bias", relative);
  add_reals(*output, "mape", mape);
  add_reals(*output, "accuracy", accuracy);
  for (std::size_t i = 0; i < tolerances.size(); ++i) add_reals(*output, names[i], hits[i]);
  return output;
}

std::shared_ptr<Output> hit_rate_rows(const CallCut& cut, const std::vector<double>& tolerances,
                                      double confidence) {
  Keys keys;
  std::vector<std::int64_t> weeks, periods, hits;
  std::vector<double> within;
  std::vector<Real> share, lower, upper;
  for (const auto& [week, calls] : judged(cut)) {
    for (const double tolerance : tolerances) {
      const HitRate found = hit_rate(calls, tolerance, confidence);
      keys.push_back(week.group, week.category);
      weeks.push_back(-week.to_end);
      within.push_back(tolerance);
      periods.push_back(static_cast<std::int64_t>(found.periods));
      hits.push_back(static_cast<std::int64_t>(found.hits));
      share.push_back(found.share.value);
      lower.push_back(found.share.lower);
      upper.push_back(found.share.upper);
    }
  }
  auto output = std::make_shared<Output>(keys.size());
  add_groups(*output, cut.groups, keys.groups);
  output->add("category", std::move(keys.categories));
  output->add("weeks_before_end", std::move(weeks));
  output->add("within", std::move(within));
  output->add("periods", std::move(periods));
  output->add("hits", std::move(hits));
  add_reals(*output, "hit_rate", share);
  add_reals(*output, "lower", lower);
  add_reals(*output, "upper", upper);
  return output;
}

std::shared_ptr<Output> settled_rows(const CallHistory& history, const CallCut& cut, double tolerance) {
  const auto& lines = cut.table.lines;
  hit_rate({}, tolerance);  // refuses what is no tolerance
  Keys keys;
  std::vector<Day> period, on;
  std::vector<std::int64_t> weeks;
  std::vector<Undefined> reasons;
  std::vector<Real> actual;
  for (std::size_t i = 0, next = 0; i < lines.size(); i = next) {
    const CallLine& line = lines[i];
    std::vector<JudgedCall> calls;
    for (next = i; next < lines.size() && lines[next].group == line.group &&
                   lines[next].period == line.period && lines[next].category == line.category;
         ++next)
      if (const auto& own = lines[next].actual) calls.push_back({major(lines[next].call), major(*own)});
    const auto& brought = lines[next - 1].actual;
    const std::size_t count = settled_calls(calls, tolerance);
    keys.push_back(line.group, line.category);
    period.push_back(history.periods().begin(line.period));
    actual.push_back(major(brought));
    const CallLine& first = lines[next - std::max<std::size_t>(count, 1)];
    weeks.push_back(first.weeks);
    on.push_back(first.taken);
    reasons.push_back(!brought     ? Undefined::not_yet_observed
                      : count == 0 ? Undefined::not_reached
                                   : Undefined::no);
  }
  auto output = std::make_shared<Output>(keys.size());
  output->add("period", std::move(period));
  add_groups(*output, cut.groups, keys.groups);
  output->add("category", std::move(keys.categories));
  add_reals(*output, "actual", actual);
  output->add("weeks_before_end", OutputColumn::Data(std::move(weeks)), reasons);
  output->add("taken", OutputColumn::Data(std::move(on)), reasons);
  return output;
}

std::shared_ptr<Output> owner_rows(const CallCut& cut, CallCategory category, int weeks, double confidence) {
  const std::size_t size = cut.groups.size();
  const JudgedWeeks all = judged(cut);
  std::vector<std::size_t> group_of_row;
  std::vector<std::int64_t> calls, left_out;
  std::vector<Real> call, actual, mean, lower, upper, p_value;
  Texts verdicts;
  std::vector<Undefined> unjudged;
  for (std::size_t group = 0; group < size; ++group) {
    const auto place = all.find({group, category, -weeks});
    const auto of_owner = place == all.end() ? std::vector<JudgedCall>() : place->second;
    const OwnerBias found = owner_bias(of_owner, confidence);
    double called = 0, brought = 0;
    for (const JudgedCall& one : of_owner) {
      called += one.call;
      brought += one.actual;
    }
    const bool none = of_owner.empty(), unknown = found.bias.points == 0;
    group_of_row.push_back(group);
    calls.push_back(static_cast<std::int64_t>(found.bias.points));
    left_out.push_back(static_cast<std::int64_t>(found.left_out));
    call.push_back(none ? Real(Undefined::not_yet_observed) : Real(called));
    actual.push_back(none ? Real(Undefined::not_yet_observed) : Real(brought));
    mean.push_back(unknown ? Real(Undefined::too_few) : found.bias.mean);
    lower.push_back(found.judged() ? found.bias.lower : Real(Undefined::too_few));
    upper.push_back(found.judged() ? found.bias.upper : Real(Undefined::too_few));
    p_value.push_back(found.judged() ? found.bias.p_value : Real(Undefined::too_few));
    verdicts.push_back(found.judged() ? name_of(found.habit) : "");
    unjudged.push_back(found.judged() ? Undefined::no : Undefined::too_few);
  }
  auto output = std::make_shared<Output>(size);
  add_groups(*output, cut.groups, group_of_row);
  output->add("periods", std::move(calls));
  output->add("left_out", std::move(left_out));
  add_reals(*output, "call", call);
  add_reals(*output, "actual", actual);
  add_reals(*output, "mean_error", mean);
  add_reals(*output, "lower", lower);
  add_reals(*output, "upper", upper);
  add_reals(*output, "p_value", p_value);
  output->add("verdict", OutputColumn::Data(std::move(verdicts)), std::move(unjudged));
  return output;
}

}  // namespace tenure::python
