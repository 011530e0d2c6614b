#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "calls.hpp"
#include "tenure/forecast/drift.hpp"
#include "tenure/forecast/lead_time.hpp"

/// What is asked of calls, as columns.
namespace tenure::python {

/// Owners put together by some of the columns that part them.
struct CallCut {
  Groups groups;                        ///< without codes
  std::vector<std::uint32_t> of_owner;  ///< the group of each combination
  CallTable table;

  CallCut(const ReadCalls& read, const std::vector<std::string>& names, const Execution& execution);
};

/// A group, a category, and how long before the end; in the order of time.
struct CallWeek {
  std::size_t group;
  CallCategory category;
  int to_end;  ///< minus the weeks that are left
  friend auto operator<=>(const CallWeek&, const CallWeek&) = default;
};
/// The calls of each week that can be judged: those of periods whose actual is known.
using JudgedWeeks = std::map<CallWeek, std::vector<JudgedCall>>;
JudgedWeeks judged(const CallCut& cut);

/// With how many owners are behind each call, if asked for.
std::shared_ptr<Output> call_rows(const CallHistory& history, const CallCut& cut, bool with_owners);
std::shared_ptr<Output> lead_time_rows(const CallCut& cut, const std::vector<double>& tolerances,
                                       const std::vector<std::string>& names);
std::shared_ptr<Output> hit_rate_rows(const CallCut& cut, const std::vector<double>& tolerances,
                                      double confidence);
std::shared_ptr<Output> settled_rows(const CallHistory& history, const CallCut& cut, double tolerance);
std::shared_ptr<Output> owner_rows(const CallCut& cut, CallCategory category, int weeks, double confidence);

}  // namespace tenure::python
