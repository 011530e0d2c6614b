#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "../core/digest.hpp"
#include "../core/money.hpp"
#include "../core/period.hpp"
#include "../model/subscription.hpp"

namespace tenure {

/// What one customer did over a run of periods, from closing to closing. Unit economics are ratios of sums of
/// these over customers, so they can be resampled customer by customer (core/bootstrap.hpp).
///
///   customer churn rate = sum(lost) / sum(exposed)
///   MRR churn rate      = sum(churned + contracted) / sum(opening)
///   ARPA                = sum(paid) / sum(active)
struct CustomerTotal {
  Id customer = std::int64_t{0};
  std::uint32_t segment = 0;  ///< the one in which it paid most when it last paid within the periods
  std::int64_t exposed = 0;   ///< periods at whose opening it paid
  std::int64_t lost = 0;      ///< those of them at whose closing it paid no longer
  std::int64_t active = 0;    ///< periods at whose closing it paid
  std::int64_t started = 0;   ///< 1 if it first paid within the periods
  RunRateSum opening;         ///< over the periods, what it paid at the opening
  RunRateSum paid;            ///< over the periods, what it paid at the closing
  RunRateSum churned, contracted, expanded;  ///< changes of those who paid at the opening
  RunRateSum reactivated;   ///< what it paid at closings at which it was back, not having paid at the opening
  RunRateSum started_with;  ///< what it paid at the first closing at which it paid, if that lies within
  RunRateSum closing;       ///< at the last closing
};

struct CustomerTotals {
  Periods periods;
  std::string by;
  std::vector<std::string> segments = std::vector<std::string>(1);
  std::vector<CustomerTotal> customers;  ///< who paid at an opening or a closing, sorted by id
};

/// Who a customer is to the generator of random numbers: the same for equal ids, on any machine.
inline std::uint64_t random_key(const Id& id) {
  if (const auto* number = std::get_if<std::int64_t>(&id)) return static_cast<std::uint64_t>(*number);
  const std::string& text = std::get<std::string>(id);
  return digest(text.data(), text.size()).low;
}

}  // namespace tenure
