#include <set>

#include "support/arrow_write.hpp"
#include "support/reload.hpp"
#include "support/signals.hpp"
#include "tenure/core/error.hpp"
#include "tenure/revenue/closest.hpp"

namespace tenure::python {

namespace {

/// One figure of somebody else's table: a line of a month's bridge.
struct TheirFigure {
  Day month;
  Line line;
  int128 annual;
};

/// Policies ranked by how close they come to a table.
struct Match {
  std::vector<TheirFigure> theirs;
  std::vector<Candidate> candidates;

  int128 difference(const Candidate& candidate, std::size_t at) const noexcept {
    return theirs[at].annual - candidate.ours[at];
  }
};

/// A cent a month more or less is rounding.
int128 tolerance(int exponent) noexcept { return rounding_unit(LineRounding::minor, exponent); }

std::vector<int128> our_figures(const Book& book, const std::vector<TheirFigure>& theirs) {
  const auto [first, last] =
      std::minmax_element(theirs.begin(), theirs.end(),
                          [](const auto& one, const auto& other) { return one.month < other.month; });
  const Waterfall bridge = book.waterfall(Periods({PeriodUnit::month, 1}, first->month, last->month));
  std::vector<int128> ours;
  for (const TheirFigure& figure : theirs)
    ours.push_back(bridge.at(figure.line, bridge.frame.periods.index_of(figure.month)).amount.annual);
  return ours;
}

/// Options that can matter for the contracts or the invoice lines. Trials with a price are no reason to
/// refuse here: the book may never have read them, and each candidate says what it makes of them.
std::vector<std::string> in_play(Reloader& read, const Policy& policy) {
  std::set<std::string> options;
  for (const char* source : {"contract", "invoice_line"}) {
    Policy reading = policy;
    reading.set("mrr_source", source);
    reading.set("trial", "ignore");
    const auto book = read(reading);
    for (std::string& option : read.in_play(*book, *book)) options.insert(std::move(option));
  }
  return {options.begin(), options.end()};
}

Match match(Reloader& read, const Policy& policy,
            const std::vector<std::tuple<Day, std::string, std::int64_t>>& theirs, int exponent) {
  Match found;
  std::vector<int128> annual;
  for (const auto& [month, line, micros_a_month] : theirs) {
    found.theirs.push_back({month, parse_line(line), int128{12} * micros_a_month});
    annual.push_back(found.theirs.back().annual);
  }
  const auto figures = [&](const Policy& other) {
    check_signals();
    return our_figures(*read(other), found.theirs);
  };
  found.candidates = closest(annual, figures, in_play(read, policy), tolerance(exponent));
  return found;
}

std::int64_t months_equal(const Match& found, const Candidate& candidate, int exponent) {
  std::set<Day> months, unequal;
  for (std::size_t at = 0; at < found.theirs.size(); ++at) {
    months.insert(found.theirs[at].month);
    if (static_cast<int128>(magnitude(found.difference(candidate, at))) > tolerance(exponent))
      unequal.insert(found.theirs[at].month);
  }
  return static_cast<std::int64_t>(months.size() - unequal.size());
}

Output ranking_columns(const Match& found, std::size_t keep, MoneyFormat format) {
  const std::size_t rows = std::min(keep, found.candidates.size());
  Output output(rows);
  std::vector<std::int64_t> ranks, equal;
  Texts presets, options, values;
  std::vector<RunRateSum> differences, worst;
  for (std::size_t at = 0; at < rows; ++at) {
    const Candidate& candidate = found.candidates[at];
    ranks.push_back(static_cast<std::int64_t>(at + 1));
    presets.push_back(candidate.preset);
    options.push_back(candidate.change ? candidate.change->name : "");
    values.push_back(candidate.change ? candidate.change->value : "");
    differences.emplace_back(candidate.difference);
    worst.emplace_back(candidate.worst);
    equal.push_back(months_equal(found, candidate, format.exponent));
  }
  output.add("rank", std::move(ranks));
  output.add("preset", std::move(presets));
  output.add("option", std::move(options));
  output.add("value", std::move(values));
  output.add_money("difference", differences, format);
  output.add_money("worst", worst, format);
  output.add("months_equal", std::move(equal));
  return output;
}

/// The lines of a table on which a candidate is more than rounding away.
Output unexplained_columns(const Match& found, std::size_t rank, MoneyFormat format) {
  const Candidate& candidate = found.candidates.at(rank - 1);
  std::vector<Day> months;
  Texts lines;
  std::vector<RunRateSum> theirs, ours, differences;
  for (std::size_t at = 0; at < found.theirs.size(); ++at) {
    const int128 difference = found.difference(candidate, at);
    if (static_cast<int128>(magnitude(difference)) <= tolerance(format.exponent)) continue;
    months.push_back(found.theirs[at].month);
    lines.push_back(name_of(found.theirs[at].line));
    theirs.emplace_back(found.theirs[at].annual);
    ours.emplace_back(candidate.ours[at]);
    differences.emplace_back(difference);
  }
  Output output(months.size());
  output.add("month", std::move(months));
  output.add("line", std::move(lines));
  output.add_money("theirs", theirs, format);
  output.add_money("ours", ours, format);
  output.add_money("difference", differences, format);
  return output;
}

}  // namespace

void bind_closest(py::module_& module) {
  py::class_<Match>(module, "Match", "Policies ranked by a table; tenure.Match is its face.")
      .def_property_readonly("candidates", [](const Match& found) { return found.candidates.size(); })
      .def(
          "columns",
          [](const Match& found, std::size_t keep, bool decimal, int exponent) {
            return std::make_shared<Output>(ranking_columns(found, keep, {decimal, exponent}));
          },
          py::arg("keep"), py::kw_only(), py::arg("decimal"), py::arg("exponent"))
      .def(
          "unexplained",
          [](const Match& found, std::size_t rank, bool decimal, int exponent) {
            return std::make_shared<Output>(unexplained_columns(found, rank, {decimal, exponent}));
          },
          py::arg("rank"), py::kw_only(), py::arg("decimal"), py::arg("exponent"));
  module.def("match", &match, py::arg("read"), py::arg("policy"), py::arg("theirs"), py::arg("exponent"),
             py::call_guard<py::gil_scoped_release>(),
             "Rank presets and single changed options by how close they come to (month, line, millionths).");
}

}  // namespace tenure::python
