#include "support/scores.hpp"
#include "tenure/core/error.hpp"
#include "tenure/forecast/calibration.hpp"
#include "tenure/forecast/crps.hpp"
#include "tenure/forecast/distribution.hpp"

/// Ensembles and distributions beside what happened.
namespace tenure::python {

namespace {

using Matrix = py::array_t<double, py::array::forcecast>;

/// The members of each row: columns of the table, or a matrix read where it lies.
struct Members {
  std::vector<Numbers> columns;
  Ensembles forecasts;

  Members(const Input& table, const std::vector<std::string>& names, const Execution& execution) {
    columns = all_numbers(table, names, execution);
    std::vector<std::span<const double>> spans;
    for (const Numbers& column : columns) spans.push_back(column.values);
    forecasts = Ensembles::by_columns(spans);
    forecasts.member_names = names;
  }
  Members(const void* values, std::size_t rows, std::size_t members, std::ptrdiff_t row_bytes,
          std::ptrdiff_t member_bytes) {
    const auto* const first = static_cast<const std::byte*>(values);
    for (std::size_t k = 0; k < members; ++k)
      forecasts.members.push_back(
          reinterpret_cast<const double*>(first + static_cast<std::ptrdiff_t>(k) * member_bytes));
    forecasts.stride = row_bytes / static_cast<std::ptrdiff_t>(sizeof(double));
    forecasts.forecasts = rows;
  }
};

/// InputError E_COLUMN_LENGTH unless there is a row for each forecast.
void refuse_shape(std::size_t rows, std::size_t members, std::size_t wanted) {
  if (rows == wanted) return;
  throw_input({.code = "E_COLUMN_LENGTH",
               .what = "has " + std::to_string(rows) + " rows of " + std::to_string(members) +
                       " members for " + std::to_string(wanted) + " forecasts",
               .column = "ensemble",
               .remedy = members == wanted ? "It is transposed: pass ensemble.T."
                                           : "Give a row for each forecast, in the order of the table."});
}

/// Calls use(actual, members, execution) without the interpreter's lock.
template <class Use>
auto with_members(const Input& table, const std::string& actual, const std::vector<std::string>& names,
                  const std::optional<Matrix>& matrix, int threads, Use&& use) {
  const void* const values = matrix ? matrix->data() : nullptr;
  const auto rows = matrix ? static_cast<std::size_t>(matrix->shape(0)) : 0;
  const auto members = matrix ? static_cast<std::size_t>(matrix->shape(1)) : 0;
  const std::ptrdiff_t row_bytes = matrix ? matrix->strides(0) : 0,
                       member_bytes = matrix ? matrix->strides(1) : 0;
  return unlocked(threads, [&](const Execution& execution) {
    Numbers happened = all_numbers(table, {actual}, execution)[0];
    if (matrix) refuse_shape(rows, members, happened.values.size());
    const Members held = values != nullptr ? Members(values, rows, members, row_bytes, member_bytes)
                                           : Members(table, names, execution);
    return use(std::move(happened), held.forecasts, execution);
  });
}

struct DistributionNames {
  std::string actual, family;
  std::vector<std::string> parameters;
};

/// Calls use(actual, rows, execution) without the interpreter's lock.
template <class Use>
auto with_distributions(const Input& table, const DistributionNames& names, int threads, Use&& use) {
  const ForecastFamily family = parse_forecast_family(names.family);
  return unlocked(threads, [&](const Execution& execution) {
    const Numbers happened = all_numbers(table, {names.actual}, execution)[0];
    const std::vector<Numbers> columns = all_numbers(table, names.parameters, execution);
    DistributionRows rows;
    rows.family = family;
    rows.actual = happened.values;
    rows.actual_name = names.actual;
    rows.names = names.parameters;
    for (const Numbers& column : columns) rows.parameters.push_back(column.values);
    return use(happened, rows, execution);
  });
}

/// Where what happened lies within its forecasts.
class Places {
 public:
  Places(const Input& table, const std::vector<std::string>& by, std::string actual_name, Numbers actual,
         ForecastPlaces places, const Execution& execution)
      : cells_(table, by, execution),
        threads_(execution.threads),
        actual_name_(std::move(actual_name)),
        actual_(std::move(actual)),
        places_(std::move(places)) {}

  std::shared_ptr<Output> columns() const {
    auto output = std::make_shared<Output>(cells_.rows());
    cells_.add_labels_of_rows(*output, each_row(cells_.rows()));
    output->add(actual_name_, std::vector<double>(actual_.values.begin(), actual_.values.end()));
    std::vector<double> middle(places_.lower);
    for (std::size_t row = 0; row < middle.size(); ++row)
      middle[row] = (places_.lower[row] + places_.upper[row]) / 2;
    output->add("pit", std::move(middle));
    output->add("pit_lower", places_.lower);
    output->add("pit_upper", places_.upper);
    return output;
  }
  /// A line for each cell: mean, spread, and the test of evenness.
  std::shared_ptr<Output> uniformity(int bins, bool pooled) const {
    const std::vector<PlaceHistogram> found = histograms(bins, pooled);
    std::vector<std::int64_t> points;
    std::vector<Real> mean, spread, statistic, p_value;
    for (const PlaceHistogram& cell : found) {
      points.push_back(static_cast<std::int64_t>(cell.points));
      mean.push_back(cell.mean);
      spread.push_back(cell.spread);
      statistic.push_back(cell.chi_squared);
      p_value.push_back(cell.p_value);
    }
    auto output = std::make_shared<Output>(found.size());
    cells_.add_labels(*output, pooled, each_of(found.size()));
    output->add("points", std::move(points));
    add_reals(*output, "mean", mean);
    add_reals(*output, "spread", spread);
    add_reals(*output, "chi_squared", statistic);
    add_reals(*output, "p_value", p_value);
    return output;
  }
  /// A line for each cell and bin.
  std::shared_ptr<Output> histogram(int bins, bool pooled) const {
    const std::vector<PlaceHistogram> found = histograms(bins, pooled);
    std::vector<std::size_t> cell_of_line;
    std::vector<double> lower, upper, count, share;
    for (std::size_t cell = 0; cell < found.size(); ++cell)
      for (int bin = 0; bin < bins; ++bin) {
        cell_of_line.push_back(cell);
        lower.push_back(static_cast<double>(bin) / bins);
        upper.push_back(static_cast<double>(bin + 1) / bins);
        count.push_back(found[cell].count[static_cast<std::size_t>(bin)]);
        share.push_back(count.back() / static_cast<double>(found[cell].points));
      }
    auto output = std::make_shared<Output>(count.size());
    cells_.add_labels(*output, pooled, cell_of_line);
    output->add("lower", std::move(lower));
    output->add("upper", std::move(upper));
    output->add("count", std::move(count));
    output->add("share", std::move(share));
    return output;
  }

 private:
  std::vector<PlaceHistogram> histograms(int bins, bool pooled) const {
    return unlocked(threads_, [&](const Execution& execution) {
      const auto arranged = [&](const std::vector<double>& values) {
        const Numbers moved = cells_.arranged({values, nullptr}, execution);
        return std::vector<double>(moved.values.begin(), moved.values.end());
      };
      return place_histograms({arranged(places_.lower), arranged(places_.upper)}, cells_.begin(pooled), bins);
    });
  }

  ScoreCells cells_;
  int threads_;
  std::string actual_name_;
  Numbers actual_;
  ForecastPlaces places_;
};

}  // namespace

void bind_crps(py::module_& module) {
  using Names = std::vector<std::string>;
  py::class_<RowScores>(module, "RowScores", "A score of each row; tenure.forecast.Scores is its face.")
      .def("columns", &RowScores::columns)
      .def("means", &RowScores::means, py::arg("pooled"));
  py::class_<Places>(module, "ForecastPlaces",
                     "Where what happened lies within forecasts; tenure.forecast.Pit is its face.")
      .def("columns", &Places::columns)
      .def("uniformity", &Places::uniformity, py::arg("bins"), py::arg("pooled"))
      .def("histogram", &Places::histogram, py::arg("bins"), py::arg("pooled"));
  module.def(
      "ensemble_crps",
      [](const Input& table, const std::string& actual, const Names& members,
         const std::optional<Matrix>& matrix, const Names& by, bool fair, int threads) {
        return with_members(
            table, actual, members, matrix, threads,
            [&](Numbers happened, const Ensembles& forecasts, const Execution& execution) {
              std::vector<double> scores = ensemble_crps(
                  happened.values, forecasts, {.fair = fair, .execution = execution, .actual_name = actual});
              return std::make_unique<RowScores>(table, by, "crps", std::move(happened), actual,
                                                 RowFigures(std::move(scores)), execution);
            });
      },
      py::arg("table"), py::kw_only(), py::arg("actual"), py::arg("members"), py::arg("matrix"),
      py::arg("by"), py::arg("fair"), py::arg("threads"));
  module.def(
      "ensemble_places",
      [](const Input& table, const std::string& actual, const Names& members,
         const std::optional<Matrix>& matrix, const Names& by, int threads) {
        return with_members(table, actual, members, matrix, threads,
                            [&](Numbers happened, const Ensembles& forecasts, const Execution& execution) {
                              ForecastPlaces places =
                                  ensemble_places(happened.values, forecasts,
                                                  {.execution = execution, .actual_name = actual});
                              return std::make_unique<Places>(table, by, actual, std::move(happened),
                                                              std::move(places), execution);
                            });
      },
      py::arg("table"), py::kw_only(), py::arg("actual"), py::arg("members"), py::arg("matrix"),
      py::arg("by"), py::arg("threads"));
  module.def(
      "distribution_scores",
      [](const Input& table, const std::string& actual, const std::string& family, const Names& parameters,
         const Names& by, bool logarithmic, int threads) {
        return with_distributions(
            table, {actual, family, parameters}, threads,
            [&](const Numbers& happened, const DistributionRows& rows, const Execution& execution) {
              RowFigures figures = logarithmic ? RowFigures(distribution_log_score(rows, execution))
                                               : RowFigures(distribution_crps(rows, execution));
              return std::make_unique<RowScores>(table, by, logarithmic ? "log_score" : "crps", happened,
                                                 actual, std::move(figures), execution);
            });
      },
      py::arg("table"), py::kw_only(), py::arg("actual"), py::arg("family"), py::arg("parameters"),
      py::arg("by"), py::arg("logarithmic"), py::arg("threads"));
  module.def(
      "distribution_places",
      [](const Input& table, const std::string& actual, const std::string& family, const Names& parameters,
         const Names& by, int threads) {
        return with_distributions(
            table, {actual, family, parameters}, threads,
            [&](const Numbers& happened, const DistributionRows& rows, const Execution& execution) {
              const std::vector<double> places = distribution_cdf(rows, execution);
              return std::make_unique<Places>(table, by, actual, happened, ForecastPlaces{places, places},
                                              execution);
            });
      },
      py::arg("table"), py::kw_only(), py::arg("actual"), py::arg("family"), py::arg("parameters"),
      py::arg("by"), py::arg("threads"));
  bind_probability(module);
}

}  // namespace tenure::python
