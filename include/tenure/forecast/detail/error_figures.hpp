#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "cell_sums.hpp"
#include "error_figure.hpp"

/// Figures of all groups: cells are read in blocks, in parallel, and pooled in their order.
namespace tenure::detail {

/// The mean of figures of cells.
struct FigureMean {
  double sum = 0;
  std::uint32_t count = 0, left_out = 0;
  Undefined reason = Undefined::no;  ///< of the first that is left out

  void add(const Real& figure) noexcept {
    if (figure.defined()) {
      sum += figure.value_or(0);
      ++count;
    } else if (left_out++ == 0) {
      reason = figure.reason();
    }
  }
  void add(const FigureMean& other) noexcept {
    sum += other.sum;
    count += other.count;
    if (left_out == 0) reason = other.reason;
    left_out += other.left_out;
  }
  Real mean(UndefinedSeries undefined) const noexcept {
    if (left_out > 0 && (count == 0 || undefined == UndefinedSeries::undefined)) return reason;
    if (count == 0) return Undefined::empty_base;
    return or_diverges(sum / count);
  }
};

/// A group, or the part of it that lies in a block of cells.
struct GroupPart {
  std::size_t group = 0;
  ErrorSums sums = {};  ///< if all points count together
  std::vector<FigureMean> means =
      {};  ///< if each cell has a figure of its own: of each measure, then owa's parts

  void add(const GroupPart& other) {
    sums.add(other.sums);
    for (std::size_t i = 0; i < means.size(); ++i) means[i].add(other.means[i]);
  }
};

class ErrorFigures {
 public:
  ErrorFigures(const ForecastRows& rows, const ErrorScales& scales, std::span<const Measure> measures,
               const PointErrorOptions& options)
      : rows_(rows),
        measures_(measures),
        options_(options),
        needs_(measures),
        single_(rows.groups.empty()),
        reader_(rows, scales, needs_, options, faults_) {
    pooled_median_ = needs_.median && pools_points();
    needs_.median = needs_.median && !pools_points();
    const std::size_t groups = single_ ? rows.cells() : rows.groups.size() - 1;
    for (const Measure measure : measures)
      columns_.push_back({.measure = measure,
                          .value = std::vector<double>(groups),
                          .reason = std::vector<Undefined>(groups, Undefined::empty_base),
                          .left_out = std::vector<std::uint32_t>(single_ ? 0 : groups)});
  }

  std::vector<MeasureColumn> columns() {
    const std::size_t cells = rows_.cells(), tasks = (cells + together - 1) / together;
    std::vector<std::vector<GroupPart>> open(tasks);
    parallel_for(options_.execution, tasks, [&](std::size_t task, int) {
      const std::size_t begin = task * together, end = std::min(cells, begin + together);
      if (single_)
        each_cell(begin, end);
      else
        each_group(begin, end, open[task]);
    });
    faults_.raise();
    close(open);
    for (MeasureColumn& column : columns_)
      if (std::all_of(column.left_out.begin(), column.left_out.end(), [](auto count) { return count == 0; }))
        column.left_out.clear();
    return std::move(columns_);
  }

 private:
  static constexpr std::size_t together = 1024, batch = 64;  // cells
  struct Work {
    std::vector<double> errors;
    std::vector<ErrorSums> sums = std::vector<ErrorSums>(batch);
    std::vector<Real> found = std::vector<Real>(batch, 0.0);
  };

  bool pools_points() const noexcept { return !single_ && options_.pooling == Pooling::ratio_of_sums; }
  void put(std::size_t column, std::size_t group, const Real& figure) {
    columns_[column].value[group] = figure.value_or(0);
    columns_[column].reason[group] = figure.reason();
  }

  /// Calls with so many sums of cells at a time.
  template <class Use>
  void in_batches(std::size_t begin, std::size_t end, Work& work, Use&& use) {
    for (std::size_t first = begin; first < end; first += batch) {
      const std::size_t count = std::min(batch, end - first);
      for (std::size_t i = 0; i < count; ++i) reader_.read(first + i, work.sums[i], work.errors);
      use(first, std::span<const ErrorSums>(work.sums).first(count));
    }
  }

  void each_cell(std::size_t begin, std::size_t end) {
    Work work;
    in_batches(begin, end, work, [&](std::size_t first, std::span<const ErrorSums> sums) {
      for (std::size_t column = 0; column < measures_.size(); ++column) {
        figures_of(measures_[column], sums, options_.undefined_series, work.found.data());
        for (std::size_t i = 0; i < sums.size(); ++i) put(column, first + i, work.found[i]);
      }
    });
  }

  /// Groups that lie in these cells are done here; `open` are the parts of others.
  void each_group(std::size_t begin, std::size_t end, std::vector<GroupPart>& open) {
    Work work;
    GroupPart part;
    const auto after =
        std::upper_bound(rows_.groups.begin(), rows_.groups.end(), static_cast<std::uint32_t>(begin));
    for (auto group = static_cast<std::size_t>(after - rows_.groups.begin()) - 1; begin < end; ++group) {
      const std::size_t stop = std::min<std::size_t>(end, rows_.groups[group + 1]);
      part.group = group;
      pool(begin, stop, work, part);
      if (rows_.groups[group] < begin || rows_.groups[group + 1] > stop)
        open.push_back(part);
      else
        finish(part, work.errors);
      begin = stop;
    }
  }

  void pool(std::size_t begin, std::size_t end, Work& work, GroupPart& part) {
    part.sums = {};
    part.means.assign(pools_points() ? 0 : measures_.size() + owa_parts, {});
    in_batches(begin, end, work, [&](std::size_t, std::span<const ErrorSums> sums) {
      if (pools_points()) {
        for (const ErrorSums& cell : sums) part.sums.add(cell);
        return;
      }
      for (std::size_t column = 0; column < measures_.size(); ++column) {
        figures_of(measures_[column], sums, options_.undefined_series, work.found.data());
        FigureMean mean = part.means[column];
        for (std::size_t i = 0; i < sums.size(); ++i)
          mean.add(measures_[column] == Measure::owa ? owa_or_reason(sums[i]) : work.found[i]);
        part.means[column] = mean;
      }
      if (needs_.with_owa)
        for (const ErrorSums& cell : sums) add_owa(cell, &part.means[measures_.size()]);
    });
  }

  /// Whether a cell has all parts of owa.
  Real owa_or_reason(const ErrorSums& cell) const noexcept {
    const OwaParts parts = ErrorFigure(cell, options_.undefined_series).owa_parts();
    return parts.symmetric.defined() ? parts.scaled : parts.symmetric;
  }
  void add_owa(const ErrorSums& cell, FigureMean* means) const noexcept {
    const OwaParts parts = ErrorFigure(cell, options_.undefined_series).owa_parts();
    means[0].add(parts.symmetric);
    means[1].add(parts.symmetric_benchmark);
    means[2].add(parts.scaled);
    means[3].add(parts.scaled_benchmark);
  }

  void finish(GroupPart& part, std::vector<double>& errors) {
    const UndefinedSeries undefined = options_.undefined_series;
    if (pooled_median_) {
      const std::size_t begin = rows_.begin[rows_.groups[part.group]];
      const std::size_t end = rows_.begin[rows_.groups[part.group + 1]];
      if (begin < end) part.sums.median = reader_.median_of(begin, end, errors);
    }
    for (std::size_t column = 0; column < measures_.size(); ++column) {
      const Measure measure = measures_[column];
      std::uint32_t missing = 0;
      if (pools_points()) {
        Real found = 0.0;
        figures_of(measure, {&part.sums, 1}, undefined, &found);
        put(column, part.group, found);
        missing = ErrorFigure(part.sums, undefined).left_out(measure);
      } else {
        const FigureMean* const owa = &part.means[measures_.size()];
        const Real mean = part.means[column].mean(undefined);
        put(column, part.group,
            measure == Measure::owa && mean.defined()
                ? OwaParts{owa[0].mean(undefined), owa[1].mean(undefined), owa[2].mean(undefined),
                           owa[3].mean(undefined)}
                      .owa()
                : mean);
        missing = part.means[column].left_out;
      }
      columns_[column].left_out[part.group] = undefined == UndefinedSeries::skip ? missing : 0;
    }
  }

  /// Groups that lie in several blocks: their parts come one after the other.
  void close(std::vector<std::vector<GroupPart>>& open) {
    std::vector<double> errors;
    std::optional<GroupPart> whole;
    for (std::vector<GroupPart>& parts : open)
      for (GroupPart& part : parts) {
        if (whole && whole->group == part.group) {
          whole->add(part);
          continue;
        }
        if (whole) finish(*whole, errors);
        whole = std::move(part);
      }
    if (whole) finish(*whole, errors);
  }

  static constexpr std::size_t owa_parts = 4;
  const ForecastRows& rows_;
  std::span<const Measure> measures_;
  const PointErrorOptions& options_;
  ErrorNeeds needs_;
  bool single_, pooled_median_ = false;
  FirstFault faults_;
  CellReader reader_;
  std::vector<MeasureColumn> columns_;
};

}  // namespace tenure::detail
