#pragma once

#include <gtest/gtest.h>

#include <rapidcheck.h>

#include <rapidcheck/gtest.h>  // has to come after the two, which it does not include

#include <algorithm>
#include <sstream>

namespace tenure::test {

/// Checks a property on so many random cases (more if RC_PARAMS asks for more); a failure shows the smallest
/// case that was found and the seed that finds it again.
template <class Property>
void for_all(Property&& property, int cases = 300) {
  rc::detail::TestMetadata metadata;
  metadata.id = testing::UnitTest::GetInstance()->current_test_info()->name();
  rc::detail::TestParams params = rc::detail::configuration().testParams;
  const int by_default = rc::detail::TestParams().maxSuccess;
  params.maxSuccess = params.maxSuccess > by_default ? std::max(params.maxSuccess, cases) : cases;
  const auto result = rc::detail::checkTestable(std::forward<Property>(property), metadata, params);
  if (result.template is<rc::detail::SuccessResult>()) return;
  std::ostringstream message;
  rc::detail::printResultMessage(result, message);
  ADD_FAILURE() << message.str() << "\nRC_PARAMS=\"seed=" << params.seed << "\"";
}

}  // namespace tenure::test
