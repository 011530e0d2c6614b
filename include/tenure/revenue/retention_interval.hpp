#pragma once

#include <vector>

#include "../core/bootstrap.hpp"
#include "../core/frame.hpp"

namespace tenure {

/// Net, gross and logo retention with intervals: how far they would move with other customers of the same
/// kind, by resampling the customers who paid at the opening (core/bootstrap.hpp). `value` is what
/// Book::net_retention gives.
struct RetentionEstimate {
  Estimate nrr, grr, logo_retention;
};
struct RetentionEstimates {
  Frame frame;
  std::vector<RetentionEstimate> cells;  ///< by frame.row()
};

}  // namespace tenure
