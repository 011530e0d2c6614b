#pragma once

#include <gtest/gtest.h>

#include <boost/crc.hpp>
#include <boost/date_time/gregorian/gregorian_types.hpp>

#include <Eigen/Dense>

#include <sys/sysmacros.h>

// What headers of other people leave behind in a program: <sys/sysmacros.h> makes major() and minor(), Xlib
// the rest.
#define None 0L
#define Bool int
#define Status int
#define Success 0
#define Always 2

#include <tenure/tenure.hpp>

/// Closing MRR of a one-row book, asked through everything that a header-only unit instantiates.
inline double closing_of_a_book() {
  const std::vector<std::int64_t> ids{1}, prices{100};
  const std::vector<tenure::Day> starts{tenure::parse_day("2024-01-01")};
  tenure::Book book{tenure::Policy::standard()};
  book.add(tenure::Subscriptions{.customer = ids, .start = starts, .amount = prices});
  return book.summary(tenure::months("2024-01", "2024-03")).waterfall.closing(2);
}

const void* address_of_presets_in_second_unit();
