#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cases.hpp"

/// Reference values computed by other packages, and the data sets beside them: in the folder of shared data,
/// which need not be there.
namespace tenure::test {

using CsvRow = std::map<std::string, std::string>;

class SharedData : public testing::Test {
 protected:
  void SetUp() override {
    if (std::filesystem::exists(TENURE_SHARED_DIR)) return;
    ASSERT_EQ(std::getenv("TENURE_REQUIRE_SHARED"), nullptr) << "no folder " << TENURE_SHARED_DIR;
    GTEST_SKIP() << "no folder " << TENURE_SHARED_DIR;
  }
};

/// One record of conformance/reference_values.json: "inputs", "values", "tolerance".
inline const Json& reference_value(const std::string& id) {
  static const Json all = [] {
    std::ifstream stream(std::string(TENURE_SHARED_DIR) + "/conformance/reference_values.json");
    return Json::parse(stream);
  }();
  for (const Json& entry : all.at("entries"))
    if (entry.at("id") == id) return entry;
  throw std::invalid_argument("no reference value " + id);
}

/// A file by its path in the shared folder, such as "conformance/data/cdnow_summary.csv", without the quotes
/// that R puts around texts.
inline std::vector<CsvRow> shared_csv(const std::string& path) {
  const auto bare = [](std::string text) {
    std::erase(text, '"');
    return text;
  };
  std::vector<CsvRow> rows;
  for (const CsvRow& quoted : read_csv(std::string(TENURE_SHARED_DIR) + "/" + path))
    for (CsvRow& row = rows.emplace_back(); const auto& [name, value] : quoted) row[bare(name)] = bare(value);
  return rows;
}

inline std::vector<double> numbers_of(const std::vector<CsvRow>& rows, const std::string& column) {
  std::vector<double> numbers;
  for (const CsvRow& row : rows) numbers.push_back(std::stod(row.at(column)));
  return numbers;
}

/// Equal to a relative tolerance (absolute near 0).
inline ::testing::AssertionResult within(double found, double expected, double relative) {
  const double allowed = relative * std::max(std::abs(expected), 1e-300);
  if (std::abs(found - expected) <= allowed) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure()
         << found << " is not " << expected << " within " << relative << ", off by " << found / expected - 1;
}

}  // namespace tenure::test
