#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "numbers.hpp"
#include "tenure/cohort/detail/large_columns.hpp"
#include "tenure/cohort/durations.hpp"
#include "tenure/core/parallel.hpp"

/// The caller's columns as rows of durations, and results of groups as lines of one output.
namespace tenure::python {

/// A column as the kernels read it: in place where they know its type, else as doubles.
struct View {
  NumberView numbers;
  Numbers held;
};

struct StayNames {
  std::string duration, event;
  std::optional<std::string> entry, weight;
};

/// The caller's columns as rows of the kernels; keeps what they borrow.
struct Stays {
  View duration, event;
  Numbers entry, weight;
  Groups groups;
  std::vector<std::int32_t> causes;  ///< of each row, where events are reasons
  Durations rows;
  bool whole_time;  ///< durations are of a type of whole numbers, and times leave as such

  Stays(const Input& table, const StayNames& names, const std::vector<std::string>& by, const Poll& poll);
  void take_events(const InputColumn& column, const Poll& poll);
  /// Events from labels; `censored` are those of customers who are still there, null among them. The reasons,
  /// sorted, are causes 1, 2, ...
  std::vector<std::string> take_reasons(const InputColumn& given, const std::vector<std::string>& censored,
                                        const Poll& poll);
};

/// Lines of an output: each is a row of the result of a group.
struct Lines {
  std::vector<std::size_t> begin = {0};  ///< of each group, and the end

  template <class Results>
  explicit Lines(const Results& results) {
    for (const auto& result : results) begin.push_back(begin.back() + result.size());
  }
  std::size_t size() const noexcept { return begin.back(); }
  /// Calls use(group, row of its result, line of that row, number of rows) for runs of rows, on all threads.
  template <class Use>
  void each_run(const Execution& execution, Use&& use) const {
    constexpr std::size_t lines = 16384;
    parallel_for(execution, (size() + lines - 1) / lines, [&](std::size_t task, int) {
      const std::size_t end = std::min(size(), (task + 1) * lines);
      std::size_t line = task * lines;
      auto group = static_cast<std::size_t>(std::ranges::upper_bound(begin, line) - begin.begin()) - 1;
      for (; line < end; ++group) {
        const std::size_t last = std::min(end, begin[group + 1]);
        use(group, line - begin[group], line, last - line);
        line = last;
      }
    });
  }
};

/// Sums of weights; whole numbers where rows have none.
inline OutputColumn::Data counts(std::vector<double> values, bool whole) {
  if (!whole) return values;
  std::vector<std::int64_t> numbers;
  detail::reserve_large(numbers, values.size());
  for (const double value : values) numbers.push_back(static_cast<std::int64_t>(value));
  return numbers;
}

inline void add_labels(Output& output, const Groups& groups, const Lines& lines) {
  if (groups.names.empty()) return;
  std::vector<std::size_t> group_of_row;
  for (std::size_t group = 0; group + 1 < lines.begin.size(); ++group)
    group_of_row.insert(group_of_row.end(), lines.begin[group + 1] - lines.begin[group], group);
  add_groups(output, groups, group_of_row);
}

/// Limits on their way out, side by side: values, and the reasons why there are none.
struct Limits {
  std::vector<double> lower, upper;
  std::vector<Undefined> reasons, errors;

  Limits(std::size_t size, const Execution& execution) : reasons(size), errors(size) {
    detail::resize_large<double>({&lower, &upper}, size, execution);
  }
  void set(std::size_t line, const Real& low, const Real& high) noexcept {
    lower[line] = low.value_or(0);
    upper[line] = high.value_or(0);
    reasons[line] = low.reason();
  }
  void add_to(Output& output) {
    output.add("lower", OutputColumn::Data(std::move(lower)), reasons);
    output.add("upper", OutputColumn::Data(std::move(upper)), std::move(reasons));
  }
};

/// Part of bind_survival().
void bind_log_rank(py::module_& module);

}  // namespace tenure::python
