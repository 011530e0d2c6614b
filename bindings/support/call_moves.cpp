#include "call_moves.hpp"

#include <algorithm>

#include "tenure/core/money.hpp"

namespace tenure::python {

namespace {

double major(int128 amount) { return quotient(amount, micros); }

std::string name_of_move(const ReadCalls& read, const DriftMove& move) {
  if (!read.history->of_deals()) {
    std::string text;
    for (const std::string& label : read.owners[static_cast<std::size_t>(move.owner)])
      text += (text.empty() ? "" : ", ") + label;
    return text;
  }
  const std::uint32_t at = move.after != DriftMove::nothing ? move.after : move.before;
  return at == DriftMove::nothing
             ? ""
             : read.opportunities[static_cast<std::size_t>(read.history->rows()[at].subject)];
}
double signed_amount(const DriftMove& move) {
  return raises(move.line) ? major(move.amount) : -major(move.amount);
}

/// Number of the subject of a row.
std::size_t subject_place(const CallHistory& history, std::uint32_t row) {
  const auto& begin = history.begin();
  return static_cast<std::size_t>(std::ranges::upper_bound(begin, row) - begin.begin()) - 1;
}

}  // namespace

std::shared_ptr<Output> step_rows(const std::vector<DriftStep>& steps, bool transfers) {
  std::vector<Day> from, to;
  std::vector<std::int64_t> weeks;
  Flags actual;
  std::vector<double> opening, closing;
  for (const DriftStep& step : steps) {
    weeks.push_back(std::max(step.weeks, 0));
    actual.push_back(step.weeks == at_actual);
    from.push_back(step.from);
    to.push_back(step.to);
    opening.push_back(major(step.opening));
    closing.push_back(major(step.closing));
  }
  auto output = std::make_shared<Output>(steps.size());
  output->add("weeks_before_end", std::move(weeks));
  output->add("is_actual", std::move(actual));
  output->add("from", std::move(from));
  output->add("to", std::move(to));
  output->add("opening", std::move(opening));
  for (std::size_t at = 0; at < drift_lines; ++at) {
    const auto line = static_cast<DriftLine>(at);
    if (!transfers && (line == DriftLine::transfer_in || line == DriftLine::transfer_out)) continue;
    std::vector<double> amounts;
    for (const DriftStep& step : steps) amounts.push_back(major(step.lines[at]));
    output->add(std::string(name_of(line)), std::move(amounts));
  }
  output->add("closing", std::move(closing));
  return output;
}

std::shared_ptr<Output> move_rows(const ReadCalls& read, const Drift& found) {
  const CallHistory& history = *read.history;
  std::vector<std::int64_t> weeks, source;
  std::vector<Undefined> reasons;
  std::vector<double> change;
  std::vector<std::size_t> owner;
  Flags actual;
  Texts lines, names;
  for (const DriftMove& move : found.moves) {
    const DriftStep& step = found.steps[move.step];
    const std::uint32_t at = move.after != DriftMove::nothing ? move.after : move.before;
    weeks.push_back(std::max(step.weeks, 0));
    actual.push_back(step.weeks == at_actual);
    lines.push_back(name_of(move.line));
    names.push_back(name_of_move(read, move));
    owner.push_back(static_cast<std::size_t>(move.owner));
    change.push_back(signed_amount(move));
    const bool row = at != DriftMove::nothing;
    source.push_back(row ? static_cast<std::int64_t>(history.rows()[at].source) : 0);
    reasons.push_back(row ? Undefined::no : Undefined::empty_base);
  }
  auto output = std::make_shared<Output>(weeks.size());
  output->add("weeks_before_end", std::move(weeks));
  output->add("is_actual", std::move(actual));
  output->add("line", std::move(lines));
  if (history.of_deals()) output->add(read.subject, std::move(names));
  add_groups(*output, {.names = read.names, .labels = read.owners, .codes = {}}, owner);
  output->add("change", std::move(change));
  output->add("row", OutputColumn::Data(std::move(source)), std::move(reasons));
  return output;
}

std::shared_ptr<Output> swing_rows(const ReadCalls& read, const std::vector<Swing>& swings, bool transfers) {
  std::vector<DriftStep> steps;
  std::vector<Day> period;
  std::vector<double> change, of_largest;
  std::vector<std::int64_t> moved;
  Texts lines, names;
  for (const Swing& swing : swings) {
    steps.push_back(swing.step);
    period.push_back(read.history->periods().begin(swing.step.period));
    change.push_back(major(swing.step.change()));
    moved.push_back(static_cast<std::int64_t>(swing.moves));
    lines.push_back(name_of(swing.largest.line));
    names.push_back(name_of_move(read, swing.largest));
    of_largest.push_back(signed_amount(swing.largest));
  }
  const auto bridge = step_rows(steps, transfers);
  auto output = std::make_shared<Output>(swings.size());
  output->add("period", std::move(period));
  for (const char* name : {"weeks_before_end", "is_actual", "from", "to", "opening", "closing"})
    output->add(name, bridge->at(name).data);
  output->add("change", std::move(change));
  output->add("moves", std::move(moved));
  output->add("line", std::move(lines));
  output->add("largest", std::move(names));
  output->add("largest_change", std::move(of_largest));
  return output;
}

std::shared_ptr<Output> rows_behind(const ReadCalls& read, const std::vector<std::uint32_t>& rows,
                                    CallCategory kind) {
  const CallHistory& history = *read.history;
  std::vector<std::size_t> owner;
  std::vector<Day> taken;
  std::vector<std::int64_t> source;
  std::vector<double> amount;
  Texts names, categories, became;
  for (const std::uint32_t at : rows) {
    const CallRow& row = history.rows()[at];
    const auto subject = static_cast<std::size_t>(row.subject);
    const CallRow& last = history.rows()[history.begin()[subject_place(history, at) + 1] - 1];
    owner.push_back(static_cast<std::size_t>(row.owner));
    taken.push_back(row.taken);
    source.push_back(row.source);
    const bool weighs = history.of_deals() && kind == CallCategory::weighted;
    amount.push_back(major(weighs ? row.weighted : row.amount));
    categories.push_back(name_of(row.category));
    if (!history.of_deals()) continue;
    names.push_back(read.opportunities[subject]);
    became.push_back(last.state == DealState::open && last.period != row.period ? "moved"
                                                                                : name_of(last.state));
  }
  auto output = std::make_shared<Output>(rows.size());
  if (history.of_deals()) output->add(read.subject, std::move(names));
  add_groups(*output, {.names = read.names, .labels = read.owners, .codes = {}}, owner);
  output->add("taken", std::move(taken));
  output->add("category", std::move(categories));
  output->add("amount", std::move(amount));
  if (history.of_deals()) output->add("became", std::move(became));
  output->add("row", std::move(source));
  return output;
}

}  // namespace tenure::python
