// expect: narrowing conversion|cannot be narrowed
#include <tenure/core/ratio.hpp>

// Ratios are of exact totals; a quotient that was divided already is none.
tenure::Ratio half() { return {0.5, 1.0}; }
