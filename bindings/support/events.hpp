#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "convert.hpp"
#include "input.hpp"
#include "tenure/model/event.hpp"

namespace tenure::python {

/// Which column plays which part of an event: the caller's names by ours.
using EventRoles = std::map<std::string, std::string>;

/// A table of events, one a row. Throws InputError for what a column or a cell cannot be: E_KEY_NULL,
/// E_DATE_NULL, E_ENUM, E_CURRENCY_UNKNOWN and what the conversions throw.
std::vector<Event> to_events(const Input& input, const EventRoles& roles, const Poll& poll);

/// Throws the fault of an event as the caller names its columns.
[[noreturn]] void rethrow_named(const InputError& error, const EventRoles& roles);

}  // namespace tenure::python
