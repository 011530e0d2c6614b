#include <mutex>

#include "support/model_fits.hpp"
#include "support/signals.hpp"
#include "tenure/economics/bg_nbd.hpp"
#include "tenure/economics/mbg_nbd.hpp"
#include "tenure/economics/pareto_nbd.hpp"

/// Buy-till-you-die models: one class for all of them, as they answer the same questions.
namespace tenure::python {

namespace {

/// The questions, of parameters that may be any.
struct Kind {
  std::vector<std::string> names;
  ModelFit (*fit)(const RepeatPurchases&, const FitOptions&);
  Eigen::MatrixXd (*resample)(const RepeatPurchases&, const ModelFit&, std::size_t, std::uint64_t,
                              const FitOptions&);
  std::vector<double> (*alive)(const Eigen::VectorXd&, const RepeatPurchases&, const Execution&);
  std::vector<double> (*conditional)(const Eigen::VectorXd&, double, const RepeatPurchases&,
                                     const Execution&);
  double (*expected)(const Eigen::VectorXd&, double);
  double (*probability)(const Eigen::VectorXd&, double, std::int64_t);
  double (*log_likelihood)(const Eigen::VectorXd&, const RepeatPurchases&, const Execution&);
};

template <class Model>
Kind kind(decltype(Kind::fit) fit, decltype(Kind::resample) resample) {
  using Vector = Eigen::VectorXd;
  using Customers = RepeatPurchases;
  return {.names = Model::names(),
          .fit = fit,
          .resample = resample,
          .alive =
              [](const Vector& p, const Customers& customers, const Execution& execution) {
                return Model::of(p).probability_alive(customers, execution);
              },
          .conditional =
              [](const Vector& p, double t, const Customers& customers, const Execution& execution) {
                return Model::of(p).conditional_expected_purchases(t, customers, execution);
              },
          .expected = [](const Vector& p, double t) { return Model::of(p).expected_purchases(t); },
          .probability = [](const Vector& p, double t,
                            std::int64_t n) { return Model::of(p).probability_of_purchases(t, n); },
          .log_likelihood =
              [](const Vector& p, const Customers& customers, const Execution& execution) {
                return Model::of(p).log_likelihood(customers, execution);
              }};
}

const Kind& kind_of(const std::string& name) {
  static const Kind beta_geo = kind<BetaGeo>(&fit_beta_geo, &bootstrap_beta_geo);
  static const Kind modified = kind<ModifiedBetaGeo>(&fit_modified_beta_geo, &bootstrap_modified_beta_geo);
  static const Kind pareto = kind<ParetoNbd>(&fit_pareto_nbd, &bootstrap_pareto_nbd);
  return name == "BetaGeo" ? beta_geo : name == "ModifiedBetaGeo" ? modified : pareto;
}

/// Columns of customers by their names: frequency, recency, age, and perhaps weight.
struct Customers {
  Numbers frequency, recency, age, weight;
  RepeatPurchaseNames names;

  Customers(const Input& table, const std::vector<std::string>& columns, const Poll& poll)
      : frequency(to_numbers(table.at(columns.at(0)), poll)),
        recency(to_numbers(table.at(columns.at(1)), poll)),
        age(to_numbers(table.at(columns.at(2)), poll)),
        names{columns[0], columns[1], columns[2], columns.size() > 3 ? columns[3] : ""} {
    if (columns.size() > 3) weight = to_numbers(table.at(columns[3]), poll);
  }

  RepeatPurchases rows() const { return {frequency, recency, age, weight, names}; }
  RepeatPurchases rows(std::size_t first, std::size_t last) const {
    const auto part = [&](std::span<const double> all) { return all.subspan(first, last - first); };
    return {part(frequency), part(recency), part(age), {}, names};
  }
};

/// How an interval is asked for; `way` is empty, delta, draws or bootstrap.
struct Interval {
  std::string way;
  double confidence;
  std::uint64_t seed;
  std::size_t replicates;
};

class CustomerModel {
 public:
  CustomerModel(const std::string& name, ModelFit fit, double penalty, int threads)
      : kind_(kind_of(name)), fit_(std::move(fit)), penalty_(penalty), threads_(threads) {}

  static std::shared_ptr<CustomerModel> fitted(const std::string& name, const Input& table,
                                               const std::vector<std::string>& columns, double penalty,
                                               int threads) {
    const Execution execution = listening(threads);
    const Customers customers(table, columns, execution.poll);
    auto model = std::make_shared<CustomerModel>(
        name, kind_of(name).fit(customers.rows(), {.penalty = penalty, .starts = {}, .execution = execution}),
        penalty, threads);
    // Copies: the bootstrap comes later, when the caller's columns may have changed.
    const auto copy = [](std::span<const double> values) {
      return std::vector<double>(values.begin(), values.end());
    };
    model->frequency_ = copy(customers.frequency);
    model->recency_ = copy(customers.recency);
    model->age_ = copy(customers.age);
    model->weight_ = copy(customers.weight);
    return model;
  }

  const ModelFit& fit() const noexcept { return fit_; }

  std::shared_ptr<Output> alive(const Input& table, const std::vector<std::string>& columns,
                                const Interval& interval) const {
    return of_customers("probability_alive", IntervalScale::logit, table, columns, interval,
                        [this](const auto& p, const auto& rows, const auto& execution) {
                          return kind_.alive(p, rows, execution);
                        });
  }

  std::shared_ptr<Output> conditional(double t, const Input& table, const std::vector<std::string>& columns,
                                      const Interval& interval) const {
    return of_customers("expected_purchases", IntervalScale::logarithm, table, columns, interval,
                        [this, t](const auto& p, const auto& rows, const auto& execution) {
                          return kind_.conditional(p, t, rows, execution);
                        });
  }

  /// Each customer over a time of its own; rows of equal times are quicker next to each other.
  std::shared_ptr<Output> conditional_each(const std::vector<double>& times, const Input& table,
                                           const std::vector<std::string>& columns) const {
    const Execution execution = listening(threads_);
    const Customers customers(table, columns, execution.poll);
    const std::size_t size = customers.rows().size();
    if (times.size() != size)
      throw_option({.code = "E_COLUMN_LENGTH",
                    .what = std::to_string(times.size()) + " times and " + std::to_string(size) + " rows",
                    .value = std::to_string(times.size()),
                    .remedy = "Give each row a time."});
    check(customers.rows(), execution);  // rows are counted from the first, not within a part
    std::vector<std::size_t> runs;       // of equal times
    for (std::size_t i = 0; i < size; ++i)
      if (i == 0 || times[i] != times[i - 1]) runs.push_back(i);
    runs.push_back(size);
    std::vector<double> values(size);
    parallel_for(execution, runs.size() - 1, [&](std::size_t run, int) {
      const Execution inner = runs.size() > 2 ? Execution{.threads = 1} : execution;
      const std::size_t first = runs[run];
      const auto rows = customers.rows(first, runs[run + 1]);
      std::ranges::copy(kind_.conditional(fit_.parameters, times[first], rows, inner), &values[first]);
    });
    Output output(size);
    output.add("expected_purchases", std::move(values));
    return std::make_shared<Output>(std::move(output));
  }

  std::shared_ptr<Output> expected(const std::vector<double>& times, const Interval& interval) const {
    Output output(times.size());
    output.add("t", times);
    add_estimates(output, "expected_purchases", IntervalScale::logarithm, interval, times.size(),
                  listening(threads_), [&](const auto& p, std::size_t first, std::size_t last, auto out) {
                    for (std::size_t i = first; i < last; ++i) out[i - first] = kind_.expected(p, times[i]);
                  });
    return std::make_shared<Output>(std::move(output));
  }

  std::shared_ptr<Output> probability(const std::vector<double>& times,
                                      const std::vector<std::int64_t>& counts,
                                      const Interval& interval) const {
    Output output(counts.size());
    output.add("t", times);
    output.add("n", counts);
    add_estimates(output, "probability", IntervalScale::logit, interval, counts.size(), listening(threads_),
                  [&](const auto& p, std::size_t first, std::size_t last, auto out) {
                    for (std::size_t i = first; i < last; ++i)
                      out[i - first] = kind_.probability(p, times[i], counts[i]);
                  });
    return std::make_shared<Output>(std::move(output));
  }

  double log_likelihood(const Input& table, const std::vector<std::string>& columns) const {
    const Execution execution = listening(threads_);
    const Customers customers(table, columns, execution.poll);
    return kind_.log_likelihood(fit_.parameters, customers.rows(), execution);
  }

 private:
  static Execution listening(int threads) {
    return {.threads = threads, .stop = {}, .poll = [signals = std::make_shared<SignalCheck>()] {
              (*signals)();
            }};
  }

  template <class Of>
  std::shared_ptr<Output> of_customers(const char* name, IntervalScale scale, const Input& table,
                                       const std::vector<std::string>& columns, const Interval& interval,
                                       Of&& of) const {
    const Execution execution = listening(threads_);
    const Customers customers(table, columns, execution.poll);
    Output output(customers.rows().size());
    if (interval.way.empty()) {
      output.add(name, of(fit_.parameters, customers.rows(), execution));
      return std::make_shared<Output>(std::move(output));
    }
    check(customers.rows(), execution);  // rows are counted from the first, not within a part
    add_estimates(output, name, scale, interval, customers.rows().size(), execution,
                  [&](const Eigen::VectorXd& p, std::size_t first, std::size_t last, std::span<double> out) {
                    std::ranges::copy(of(p, customers.rows(first, last), execution), out.begin());
                  });
    return std::make_shared<Output>(std::move(output));
  }

  void add_estimates(Output& output, const std::string& name, IntervalScale scale, const Interval& interval,
                     std::size_t rows, const Execution& execution, const Prediction& prediction) const {
    if (interval.way.empty()) {
      std::vector<double> values(rows);
      prediction(fit_.parameters, 0, rows, values);
      output.add(name, std::move(values));
      return;
    }
    const IntervalOptions options{interval.confidence, scale, execution};
    const std::vector<Estimate> estimates =
        interval.way == "delta"
            ? delta_intervals(fit_, prediction, rows, options)
            : drawn_intervals(fit_, drawn(interval, execution), prediction, rows, options);
    python::add_estimates(output, name, estimates);
  }

  /// Parameters of replicates; those of the last question are kept for the next.
  Eigen::MatrixXd drawn(const Interval& interval, const Execution& execution) const {
    if (interval.way == "draws") return draw_parameters(fit_, interval.replicates, interval.seed);
    const std::lock_guard lock(guard_);
    if (drawn_.rows() == 0 || drawn_seed_ != interval.seed ||
        static_cast<std::size_t>(drawn_.rows()) != interval.replicates) {
      drawn_ =
          frequency_.empty()
              ? Eigen::MatrixXd()
              : kind_.resample({frequency_, recency_, age_, weight_}, fit_, interval.replicates,
                               interval.seed, {.penalty = penalty_, .starts = {}, .execution = execution});
      drawn_seed_ = interval.seed;
    }
    return drawn_;
  }

  const Kind& kind_;
  ModelFit fit_;
  double penalty_;
  int threads_;
  std::vector<double> frequency_, recency_, age_, weight_;
  mutable std::mutex guard_;
  mutable Eigen::MatrixXd drawn_;
  mutable std::uint64_t drawn_seed_ = 0;
};

}  // namespace

void bind_buy_till_you_die(py::module_& module) {
  using Released = py::call_guard<py::gil_scoped_release>;
  py::class_<Interval>(module, "Interval", "How an interval is asked for.")
      .def(py::init([](std::string way, double confidence, std::uint64_t seed, std::size_t replicates) {
             return Interval{std::move(way), confidence, seed, replicates};
           }),
           py::kw_only(), py::arg("way"), py::arg("confidence"), py::arg("seed"), py::arg("replicates"));
  bind_fit<CustomerModel, std::shared_ptr<CustomerModel>>(
      module, "CustomerModel", "A buy-till-you-die model; tenure.economics.BetaGeo and others are its faces.")
      .def_static("fit", &CustomerModel::fitted, py::arg("name"), py::arg("table"), py::arg("columns"),
                  py::kw_only(), py::arg("penalty"), py::arg("threads"), Released())
      .def_static(
          "known",
          [](const std::string& name, const std::vector<double>& values, int threads) {
            return std::make_shared<CustomerModel>(
                name, known_parameters(kind_of(name).names, vector_of(values)), 0.0, threads);
          },
          py::arg("name"), py::arg("values"), py::kw_only(), py::arg("threads"), Released())
      .def("probability_alive", &CustomerModel::alive, py::arg("table"), py::arg("columns"),
           py::arg("interval"), Released())
      .def("conditional_expected_purchases", &CustomerModel::conditional, py::arg("t"), py::arg("table"),
           py::arg("columns"), py::arg("interval"), Released())
      .def("conditional_expected_purchases_each", &CustomerModel::conditional_each, py::arg("times"),
           py::arg("table"), py::arg("columns"), Released())
      .def("expected_purchases", &CustomerModel::expected, py::arg("times"), py::arg("interval"), Released())
      .def("probability_of_purchases", &CustomerModel::probability, py::arg("times"), py::arg("counts"),
           py::arg("interval"), Released())
      .def("log_likelihood_of", &CustomerModel::log_likelihood, py::arg("table"), py::arg("columns"),
           Released());
}

}  // namespace tenure::python
