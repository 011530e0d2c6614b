// expect: no match for|no viable
#include <tenure/core/money.hpp>

// A bare number has no unit: micro-units, major units, a month, a year?
tenure::RunRateSum total(tenure::RunRateSum sum) { return sum += 5; }
