#pragma once

#include "convert.hpp"
#include "tenure/model/snapshot.hpp"

namespace tenure::python {

/// The first days no longer paid for that a feed of snapshots implies, see rows_of. All rows of the feed are
/// looked at together, whatever chunks they came in. `end` are those that the feed gives.
/// Throws what rows_of throws, and OptionError E_WINDOW for a `last` that is not after the last snapshot.
Values<Day> snapshot_ends(const IdColumn& customer, const Values<Day>& at,
                          const std::optional<Values<Day>>& end, SnapshotOptions options,
                          const ColumnNames& names);

}  // namespace tenure::python
