#include <mutex>

#include "support/compared.hpp"
#include "support/unlocked.hpp"
#include "tenure/forecast/comparison.hpp"
#include "tenure/forecast/confidence_set.hpp"

/// Which forecast is better, and whether that can be told.
namespace tenure::python {

namespace {

using Shared = std::shared_ptr<Output>;

/// Losses by forecast, series of points one after the other.
struct LossTable {
  std::vector<std::vector<double>> losses;
  std::vector<std::uint32_t> begin = {0};

  std::span<const double> of_cell(std::size_t forecast, std::size_t cell) const {
    return std::span(losses[forecast]).subspan(begin[cell], begin[cell + 1] - begin[cell]);
  }
};

class Comparisons {
 public:
  Comparisons(const Input& table, const PanelNames& panel, const std::string& actual,
              std::vector<std::string> forecasts, Loss loss, int threads)
      : threads_(threads) {
    unlocked(threads, [&](const Execution& execution) {
      compared_ = std::make_unique<Compared>(table, panel, actual, std::move(forecasts), execution);
      for (const std::span<const double> one : compared_->spans())
        by_series_.losses.push_back(losses(compared_->actual, one, loss, execution));
      by_series_.begin.assign(compared_->panel.begin().begin(), compared_->panel.begin().end());
    });
  }

  /// By series, or (pooled) of the mean loss over series at each time, by segment.
  Shared test(bool pooled, ComparisonOptions options) const {
    return unlocked(threads_, [&](const Execution& execution) {
      options.execution = execution;
      const LossTable& table = pooled ? over_series(execution) : by_series_;
      const std::size_t cells = table.begin.size() - 1, count = table.losses.size();
      std::vector<std::vector<Comparison>> found;
      std::vector<std::pair<std::size_t, std::size_t>> pairs;
      std::vector<double> differences(table.losses.front().size());
      for (std::size_t a = 0; a < count; ++a)
        for (std::size_t b = a + 1; b < count; ++b) {
          for (std::size_t i = 0; i < differences.size(); ++i)
            differences[i] = loss_difference(table.losses[a][i], table.losses[b][i]);
          pairs.emplace_back(a, b);
          found.push_back(diebold_mariano(differences, table.begin, options));
        }
      std::vector<std::size_t> cell_of_line;
      Texts first, second;
      std::vector<std::int64_t> points, horizon;
      std::vector<Real> mean, statistic, p_value;
      for (std::size_t cell = 0; cell < cells; ++cell)
        for (std::size_t pair = 0; pair < pairs.size(); ++pair) {
          const Comparison& one = found[pair][cell];
          cell_of_line.push_back(cell);
          first.push_back(compared_->names[pairs[pair].first]);
          second.push_back(compared_->names[pairs[pair].second]);
          points.push_back(static_cast<std::int64_t>(one.points));
          horizon.push_back(one.horizon);
          mean.push_back(one.mean_difference);
          statistic.push_back(one.statistic);
          p_value.push_back(one.p_value);
        }
      auto output = std::make_shared<Output>(cell_of_line.size());
      add_keys(*output, pooled, cell_of_line);
      output->add("first", std::move(first));
      output->add("second", std::move(second));
      output->add("points", std::move(points));
      add_reals(*output, "mean_difference", mean);
      add_reals(*output, "statistic", statistic);
      add_reals(*output, "p_value", p_value);
      output->add("horizon", std::move(horizon));
      return output;
    });
  }

  Shared ranking(SetStatistic statistic, BlockOptions options) const {
    return unlocked(threads_, [&](const Execution& execution) {
      options.execution = execution;
      const LossTable& table = over_series(execution);
      std::vector<std::size_t> cell_of_line;
      Texts names;
      std::vector<std::int64_t> points, rank;
      std::vector<Undefined> unranked;
      std::vector<Real> loss, p_value;
      Flags in_set;
      for (std::size_t cell = 0; cell + 1 < table.begin.size(); ++cell) {
        std::vector<std::span<const double>> rows;
        for (std::size_t i = 0; i < table.losses.size(); ++i) rows.push_back(table.of_cell(i, cell));
        const ConfidenceSet found = confidence_set(rows, statistic, options);
        for (std::size_t i = 0; i < rows.size(); ++i) {
          const RankedForecast& one = found.forecasts[i];
          cell_of_line.push_back(cell);
          names.push_back(compared_->names[i]);
          points.push_back(static_cast<std::int64_t>(found.points));
          loss.push_back(one.loss);
          rank.push_back(static_cast<std::int64_t>(one.rank));
          unranked.push_back(one.rank > 0 ? Undefined::no : one.p_value.reason());
          p_value.push_back(one.p_value);
          in_set.push_back(one.in_set);
        }
      }
      auto output = std::make_shared<Output>(cell_of_line.size());
      add_keys(*output, true, cell_of_line);
      output->add("forecast", std::move(names));
      output->add("points", std::move(points));
      add_reals(*output, "loss", loss);
      output->add("rank", OutputColumn::Data(std::move(rank)), std::move(unranked));
      add_reals(*output, "p_value", p_value);
      output->add("in_set", std::move(in_set));
      return output;
    });
  }

  /// Of all forecasts but the benchmark, which is the last.
  Shared skill_over_last(BlockOptions options) const {
    return unlocked(threads_, [&](const Execution& execution) {
      options.execution = execution;
      const LossTable& table = over_series(execution);
      std::vector<std::size_t> cell_of_line;
      Texts names;
      std::vector<std::int64_t> points;
      std::vector<Real> loss, benchmark, value, lower, upper;
      for (std::size_t cell = 0; cell + 1 < table.begin.size(); ++cell)
        for (std::size_t i = 0; i + 1 < table.losses.size(); ++i) {
          const Skill found =
              skill(table.of_cell(i, cell), table.of_cell(table.losses.size() - 1, cell), options);
          cell_of_line.push_back(cell);
          names.push_back(compared_->names[i]);
          points.push_back(static_cast<std::int64_t>(found.points));
          loss.push_back(found.loss);
          benchmark.push_back(found.benchmark_loss);
          value.push_back(found.skill.value);
          lower.push_back(found.skill.lower);
          upper.push_back(found.skill.upper);
        }
      auto output = std::make_shared<Output>(cell_of_line.size());
      add_keys(*output, true, cell_of_line);
      output->add("forecast", std::move(names));
      output->add("points", std::move(points));
      add_reals(*output, "loss", loss);
      add_reals(*output, "benchmark_loss", benchmark);
      add_reals(*output, "skill", value);
      add_reals(*output, "lower", lower);
      add_reals(*output, "upper", upper);
      return output;
    });
  }

  /// At how many times, of how many, some series of the segment has no point.
  std::pair<std::int64_t, std::int64_t> unbalanced() const {
    return unlocked(threads_, [&](const Execution& execution) {
      over_series(execution);
      return unbalanced_;
    });
  }

 private:
  /// The table of pool(), made when it is first asked for.
  const LossTable& over_series(const Execution& execution) const {
    std::call_once(pooled_once_, [&] { pooled_ = pool(execution, unbalanced_); });
    return pooled_;
  }
  /// Means over the series that have a point at a time, in the order of the series.
  LossTable pool(const Execution& execution, std::pair<std::int64_t, std::int64_t>& unbalanced) const {
    LossTable pooled;
    const Panel& panel = compared_->panel;
    std::vector<std::int64_t> times(panel.points());
    for (std::size_t place = 0; place < times.size(); ++place) {
      listen(execution, place);
      times[place] = panel.period().at(panel.row_of(place));
    }
    const Ranks labels = ranked(times);
    std::vector<double> count(compared_->segments() * labels.count);
    std::vector<std::size_t> cell(times.size());
    for (std::size_t place = 0; place < times.size(); ++place) {
      const std::size_t segment =
          compared_->segment.empty() ? 0 : static_cast<std::size_t>(compared_->segment[place]);
      cell[place] = segment * labels.count + labels.of[place];
      count[cell[place]] += 1;
    }
    std::vector<double> series(compared_->segments());
    for (std::size_t one = 0; one < panel.size(); ++one)
      series[compared_->segment.empty() ? 0
                                        : static_cast<std::size_t>(compared_->segment[panel.begin()[one]])] +=
          1;
    for (std::size_t at = 0; at < count.size(); ++at) {
      unbalanced.first += count[at] > 0 && count[at] < series[at / labels.count];
      unbalanced.second += count[at] > 0;
    }
    for (const std::vector<double>& losses : by_series_.losses) {
      std::vector<double> sums(count.size());
      for (std::size_t place = 0; place < cell.size(); ++place) sums[cell[place]] += losses[place];
      std::vector<double>& means = pooled.losses.emplace_back();
      for (std::size_t at = 0; at < sums.size(); ++at)
        if (count[at] > 0) means.push_back(sums[at] / count[at]);
    }
    std::uint32_t held = 0;
    for (std::size_t at = 0; at < count.size(); ++at) {
      held += count[at] > 0;
      if ((at + 1) % labels.count == 0) pooled.begin.push_back(held);
    }
    return pooled;
  }
  void add_keys(Output& output, bool pooled, std::span<const std::size_t> cell_of_line) const {
    const Panel& panel = compared_->panel;
    std::vector<std::uint32_t> rows;
    for (const std::size_t cell : cell_of_line)
      rows.push_back(pooled ? compared_->segment_rows[cell] : panel.row_of(panel.begin()[cell]));
    for (const KeyColumn& key : compared_->segment_keys()) key.add_to(output, rows);
    if (pooled) return;
    for (const KeyColumn& key : panel.series_keys()) key.add_to(output, rows);
  }

  int threads_;
  std::unique_ptr<Compared> compared_;
  LossTable by_series_;
  mutable std::once_flag pooled_once_;
  mutable LossTable pooled_;
  mutable std::pair<std::int64_t, std::int64_t> unbalanced_;
};

BlockOptions blocks_of(const std::string& blocks, int block, int replicates, std::uint64_t seed,
                       double confidence) {
  return {.blocks = parse_blocks(blocks),
          .block = block,
          .replicates = replicates,
          .seed = seed,
          .confidence = confidence};
}

}  // namespace

void bind_comparison(py::module_& module) {
  py::class_<Comparisons>(module, "Comparisons",
                          "Losses of several forecasts; tenure.forecast.diebold_mariano, ranking and skill.")
      .def(py::init([](const Input& table, const PanelNames& panel, const std::string& actual,
                       std::vector<std::string> forecasts, const std::string& loss, int threads) {
             return std::make_unique<Comparisons>(table, panel, actual, std::move(forecasts),
                                                  parse_loss(loss), threads);
           }),
           py::arg("table"), py::arg("panel"), py::kw_only(), py::arg("actual"), py::arg("forecasts"),
           py::arg("loss"), py::arg("threads"))
      .def(
          "diebold_mariano",
          [](const Comparisons& self, bool pooled, int horizon, const std::string& alternative,
             const std::string& variance, bool small_sample) {
            return self.test(pooled, {.horizon = horizon,
                                      .alternative = parse_alternative(alternative),
                                      .variance = parse_long_run_variance(variance),
                                      .small_sample = small_sample});
          },
          py::kw_only(), py::arg("pooled"), py::arg("horizon"), py::arg("alternative"), py::arg("variance"),
          py::arg("small_sample"))
      .def("unbalanced", &Comparisons::unbalanced)
      .def(
          "ranking",
          [](const Comparisons& self, const std::string& statistic, const std::string& blocks, int block,
             int replicates, std::uint64_t seed, double confidence) {
            return self.ranking(parse_set_statistic(statistic),
                                blocks_of(blocks, block, replicates, seed, confidence));
          },
          py::kw_only(), py::arg("statistic"), py::arg("blocks"), py::arg("block"), py::arg("replicates"),
          py::arg("seed"), py::arg("confidence"))
      .def(
          "skill",
          [](const Comparisons& self, const std::string& blocks, int block, int replicates,
             std::uint64_t seed, double confidence) {
            return self.skill_over_last(blocks_of(blocks, block, replicates, seed, confidence));
          },
          py::kw_only(), py::arg("blocks"), py::arg("block"), py::arg("replicates"), py::arg("seed"),
          py::arg("confidence"));
}

}  // namespace tenure::python
