#include "compared.hpp"

#include "tenure/core/error.hpp"

namespace tenure::python {

namespace {

PanelNames with_remedy(PanelNames names) {
  if (!names.cutoff)
    names.if_twice =
        std::string("Leave one of them out; of forecasts made at several times keep one horizon") +
        (names.series.empty() ? ", and name the columns of series= if there are several." : ".");
  return names;
}

}  // namespace

Compared::Compared(const Input& table, const PanelNames& panel_names, const std::string& actual_name,
                   std::vector<std::string> forecast_names, const Execution& execution)
    : panel(table, with_remedy(panel_names), execution), names(std::move(forecast_names)) {
  std::vector<std::string> read{actual_name};
  read.insert(read.end(), names.begin(), names.end());
  std::vector<Numbers> numbers;
  for (const std::string& name : read) numbers.push_back(to_numbers(table.at(name), execution.poll));
  check_numbers(table, read, numbers, Missing::refuse, execution);
  if (panel.points() == 0)
    throw_input({.code = "E_NO_ROWS",
                 .what = "there are no rows",
                 .column = actual_name,
                 .remedy = "Give at least one point."});
  actual = panel.arranged(std::move(numbers[0]), execution);
  for (std::size_t i = 1; i < numbers.size(); ++i)
    forecasts.push_back(panel.arranged(std::move(numbers[i]), execution));
  for (const Numbers& one : forecasts) spans_.push_back(one.values);

  if (panel_names.by.empty()) {
    segment_rows = {panel.row_of(0)};
    return;
  }
  const Groups groups = to_groups(table, panel_names.by, execution.poll);
  segment.resize(panel.points());
  segment_rows.resize(groups.size());
  for (std::size_t place = panel.points(); place-- > 0;) {
    const std::uint32_t row = panel.row_of(place);
    segment[place] = groups.codes[row];
    segment_rows[static_cast<std::size_t>(segment[place])] = row;
  }
}

}  // namespace tenure::python
