#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "../core/money.hpp"
#include "../core/period.hpp"
#include "../model/subscription.hpp"
#include "waterfall.hpp"

/// How the past changed between two days of knowledge.
namespace tenure {

/// Why a row is in one of two states of knowledge and not in the other.
enum class Restated : std::uint8_t {
  late,       ///< recorded after the earlier day; nothing was known of it before
  corrected,  ///< replaced by another version, or is the one that replaces
  deleted     ///< superseded, and nothing came in its place
};
std::string_view name_of(Restated reason) noexcept;

/// A row that is known on one of the two days only.
struct RestatedRow {
  std::int64_t row;  ///< position in the caller's table
  Id customer;
  Restated reason;
  bool known_before;                       ///< it stood on the earlier day, and no longer on the later
  std::optional<std::int64_t> other = {};  ///< the row that replaces it, or that it replaces
  Day start, end;
  RunRate rate;
};

/// A customer whose MRR at the end of a period is another now.
struct RestatedCustomer {
  std::size_t period;
  Id customer;
  RunRateSum before, after;
  /// Of this customer, known on one of the two days only; none: exchange rates became known.
  std::vector<std::int64_t> rows;
};

/// The same question on two days of knowledge, `from` and `to`, and all that lies between the answers:
///
///   before.closing + sum of (after - before) over the customers of a period = after.closing
///
/// checked by the engine (IntegrityError E_RESTATEMENT_OPEN).
struct Restatement {
  Day from, to;
  Waterfall before, after;
  std::vector<RestatedCustomer> customers;  ///< by period, then customer
  std::vector<RestatedRow> rows;            ///< by row
};

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/restatement.ipp"
#endif
