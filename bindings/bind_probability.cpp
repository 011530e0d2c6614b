#include <algorithm>

#include "support/scores.hpp"
#include "tenure/forecast/probability.hpp"

/// Probabilities beside what happened.
namespace tenure::python {

namespace {

using Edges = std::optional<std::vector<double>>;

class Probabilities {
 public:
  Probabilities(const Input& table, const std::string& happened, const std::string& probability,
                const std::vector<std::string>& by, const Execution& execution)
      : threads_(execution.threads), cells_(table, by, execution) {
    happened_ = to_numbers(table.at(happened), execution.poll);
    probability_ = to_numbers(table.at(probability), execution.poll);
    // The rows as the caller has them are checked first, so that faults name his rows.
    check_rows(ProbabilityRows{.happened = happened_.values,
                               .probability = probability_.values,
                               .happened_name = happened,
                               .probability_name = probability});
    happened_ = cells_.arranged(std::move(happened_), execution);
    probability_ = cells_.arranged(std::move(probability_), execution);
  }

  std::shared_ptr<Output> columns(const Edges& edges, double confidence, bool pooled) const {
    const std::vector<BrierScore> scores = scores_of(edges, confidence, pooled);
    auto output = std::make_shared<Output>(scores.size());
    cells_.add_labels(*output, pooled, each_of(scores.size()));
    std::vector<std::int64_t> points, happened;
    for (const BrierScore& score : scores) {
      points.push_back(static_cast<std::int64_t>(score.points));
      happened.push_back(static_cast<std::int64_t>(score.happened));
    }
    output->add("points", std::move(points));
    output->add("happened", std::move(happened));
    const auto add = [&](const std::string& name, Real BrierScore::* member) {
      std::vector<Real> values;
      for (const BrierScore& score : scores) values.push_back(score.*member);
      add_reals(*output, name, values);
    };
    add("brier", &BrierScore::brier);
    add("reliability", &BrierScore::reliability);
    add("resolution", &BrierScore::resolution);
    add("uncertainty", &BrierScore::uncertainty);
    add("within_variance", &BrierScore::within_variance);
    add("within_covariance", &BrierScore::within_covariance);
    add("skill", &BrierScore::skill);
    add("log_score", &BrierScore::log_score);
    return output;
  }
  /// A line for each cell and bin that has points.
  std::shared_ptr<Output> reliability(const Edges& edges, double confidence, bool pooled) const {
    const std::vector<BrierScore> scores = scores_of(edges, confidence, pooled);
    std::vector<std::size_t> cell_of_line;
    std::vector<double> from, to;
    std::vector<std::int64_t> points, happened;
    std::vector<Real> said, observed, lower, upper;
    for (std::size_t cell = 0; cell < scores.size(); ++cell)
      for (const ReliabilityBin& bin : scores[cell].bins) {
        if (bin.points == 0) continue;
        cell_of_line.push_back(cell);
        from.push_back(bin.lower);
        to.push_back(bin.upper);
        points.push_back(static_cast<std::int64_t>(bin.points));
        happened.push_back(static_cast<std::int64_t>(bin.happened));
        said.push_back(bin.mean_probability);
        observed.push_back(bin.observed.value);
        lower.push_back(bin.observed.lower);
        upper.push_back(bin.observed.upper);
      }
    auto output = std::make_shared<Output>(from.size());
    cells_.add_labels(*output, pooled, cell_of_line);
    output->add("from", std::move(from));
    output->add("to", std::move(to));
    output->add("points", std::move(points));
    output->add("happened", std::move(happened));
    add_reals(*output, "mean_probability", said);
    add_reals(*output, "observed", observed);
    add_reals(*output, "lower", lower);
    add_reals(*output, "upper", upper);
    return output;
  }

 private:
  std::vector<BrierScore> scores_of(const Edges& edges, double confidence, bool pooled) const {
    return unlocked(threads_, [&](const Execution& execution) {
      std::optional<std::span<const double>> given;
      if (edges) given = *edges;
      return brier_scores(
          {.happened = happened_.values, .probability = probability_.values, .begin = cells_.begin(pooled)},
          given, confidence, execution);
    });
  }

  int threads_;
  ScoreCells cells_;
  Numbers happened_, probability_;  // by cell
};

std::unique_ptr<RowScores> log_scores(const Input& table, const std::string& happened,
                                      const std::string& probability, const std::vector<std::string>& by,
                                      int threads) {
  return unlocked(threads, [&](const Execution& execution) {
    Numbers won = to_numbers(table.at(happened), execution.poll);
    const Numbers said = to_numbers(table.at(probability), execution.poll);
    const std::vector<Real> scores = probability_log_score({.happened = won.values,
                                                            .probability = said.values,
                                                            .happened_name = happened,
                                                            .probability_name = probability});
    return std::make_unique<RowScores>(table, by, "log_score", std::move(won), happened, RowFigures(scores),
                                       execution);
  });
}

/// The place of each row's label among the outcomes. E_OUTCOME.
std::vector<std::uint32_t> places_of(const InputColumn& column, const std::vector<std::string>& outcomes,
                                     const Poll& poll) {
  const CodedColumn coded = to_labels(column, poll);
  FaultList faults;
  std::vector<std::uint32_t> places;
  for (std::size_t row = 0; row < coded.codes.size(); ++row) {
    const std::int32_t code = coded.codes[row];
    const std::string label = code == null_code ? "null" : (*coded.labels)[static_cast<std::size_t>(code)];
    const auto found = std::ranges::find(outcomes, label);
    places.push_back(static_cast<std::uint32_t>(found - outcomes.begin()));
    if (code == null_code || found == outcomes.end())
      faults.add({.code = "E_OUTCOME",
                  .what = code == null_code ? "is missing" : "'" + printable(label) + "' has no probability",
                  .column = column.name,
                  .row = static_cast<std::int64_t>(row),
                  .value = printable(label),
                  .remedy = "Name a column of probabilities for each outcome, in their order."});
  }
  faults.raise();
  return places;
}

std::unique_ptr<RowScores> ranked_scores(const Input& table, const std::string& outcome,
                                         const std::vector<std::string>& labels,
                                         const std::vector<std::string>& columns,
                                         const std::vector<std::string>& by, bool normalised, int threads) {
  return unlocked(threads, [&](const Execution& execution) {
    const std::vector<std::uint32_t> places = places_of(table.at(outcome), labels, execution.poll);
    std::vector<Numbers> held;
    RankedRows rows;
    rows.outcome = places;
    rows.names = columns;
    for (const std::string& name : columns) {
      held.push_back(to_numbers(table.at(name), execution.poll));
      rows.probability.push_back(held.back().values);
    }
    std::vector<double> scores = ranked_probability_score(rows, normalised);
    auto ranks = std::make_shared<std::vector<double>>(places.begin(), places.end());
    return std::make_unique<RowScores>(table, by, "rps", Numbers{*ranks, ranks}, "rank",
                                       RowFigures(std::move(scores)), execution, true);
  });
}

}  // namespace

void bind_probability(py::module_& module) {
  using Names = std::vector<std::string>;
  py::class_<Probabilities>(module, "ProbabilityForecasts",
                            "Probabilities beside what happened; tenure.forecast.Brier is their face.")
      .def(py::init([](const Input& table, const std::string& happened, const std::string& probability,
                       const Names& by, int threads) {
             return unlocked(threads, [&](const Execution& execution) {
               return std::make_unique<Probabilities>(table, happened, probability, by, execution);
             });
           }),
           py::arg("table"), py::kw_only(), py::arg("happened"), py::arg("probability"), py::arg("by"),
           py::arg("threads"))
      .def("columns", &Probabilities::columns, py::arg("edges"), py::arg("confidence"), py::arg("pooled"))
      .def("reliability", &Probabilities::reliability, py::arg("edges"), py::arg("confidence"),
           py::arg("pooled"));
  module.def("probability_log_score", &log_scores, py::arg("table"), py::kw_only(), py::arg("happened"),
             py::arg("probability"), py::arg("by"), py::arg("threads"));
  module.def("ranked_scores", &ranked_scores, py::arg("table"), py::kw_only(), py::arg("outcome"),
             py::arg("labels"), py::arg("columns"), py::arg("by"), py::arg("normalised"), py::arg("threads"));
}

}  // namespace tenure::python
