#include <tenure/cohort/cells.hpp>

#include "support/faults.hpp"
#include "support/generators.hpp"

namespace tenure {
namespace {

using test::row;

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

struct Table {
  std::vector<std::int32_t> cohort;
  std::vector<double> age, value;
  std::vector<std::string> labels{"2024-01", "2024-02"};

  CohortRuns runs() const {
    return runs_of({.cohort = cohort, .age = age, .value = value, .labels = labels, .value_name = "left"});
  }
};

TEST(Cells, RowsInAnyOrderBecomeRuns) {
  const CohortRuns runs = Table{{1, 0, 0, 1, 0}, {1, 2, 0, 0, 1}, {4, 7, 9, 5, 8}}.runs();
  EXPECT_EQ(runs.values, (std::vector<std::vector<double>>{{9, 8, 7}, {5, 4}}));
  EXPECT_EQ(runs.rows, (std::vector<std::vector<std::int64_t>>{{2, 4, 1}, {3, 0}}));
  EXPECT_EQ(runs.labels[1], "2024-02");
  EXPECT_EQ(runs.ages(), 3U);
}

TEST(Cells, ValuesNotObservedEndARun) {
  const CohortRuns runs = Table{{0, 0, 0, 1}, {0, 1, 2, 0}, {9, missing, missing, missing}}.runs();
  EXPECT_EQ(runs.values, (std::vector<std::vector<double>>{{9}, {}}));
  EXPECT_EQ(runs.rows[0], (std::vector<std::int64_t>{0}));
}

TEST(Cells, FaultsNameTheirRow) {
  EXPECT_FAULT((Table{{0, 0, 0}, {0, 1, 1}, {9, 8, 7}}.runs()), InputError, "E_COHORT_TWICE",
               "column 'age', row 2: cohort '2024-01' has two rows of age 1");
  EXPECT_FAULT((Table{{0, 1, 1}, {0, 0, 2}, {9, 8, 7}}.runs()), InputError, "E_COHORT_GAP",
               "row 2: cohort '2024-02' has no value at age 1, but one at age 2");
  EXPECT_FAULT((Table{{0, 0}, {1, 2}, {9, 8}}.runs()), InputError, "E_COHORT_GAP", "no value at age 0");
  EXPECT_FAULT((Table{{0, 0, 0}, {0, 1, 2}, {9, missing, 7}}.runs()), InputError, "E_COHORT_GAP",
               "row 2: cohort '2024-01' has no value at age 1, but one at age 2");
  EXPECT_FAULT((Table{{0, 0}, {0, 0.5}, {9, 8}}.runs()), InputError, "E_NUMBER_WHOLE", "row 1: age 0.5");
  EXPECT_FAULT((Table{{0, 0}, {0, missing}, {9, 8}}.runs()), InputError, "E_NUMBER_WHOLE", "row 1");
  EXPECT_FAULT((Table{{0, 0}, {-1, 0}, {9, 8}}.runs()), InputError, "E_NUMBER_RANGE", "row 0: age -1");
  EXPECT_FAULT((Table{{0}, {1e18}, {9}}.runs()), InputError, "E_NUMBER_RANGE", "row 0: age 1e+18; must be");
  EXPECT_FAULT((Table{{0, 0}, {0, 1}, {9, -8}}.runs()), InputError, "E_AMOUNT_NEGATIVE",
               "column 'left', row 1: left -8; must be >= 0");
  EXPECT_FAULT((Table{{0}, {0}, {HUGE_VAL}}.runs()), InputError, "E_AMOUNT_INF", "infinite left");
}

TEST(Cells, TrianglesGiveCountsAndAmounts) {
  const std::vector<test::Row> rows{row(1, "2024-01-10", "2024-02-10", 100), row(1, "2024-02-10", "", 60),
                                    row(2, "2024-01-20", "2024-03-01", 50), row(3, "2024-02-01", "", 30)};
  const Triangle triangle = test::book_of(rows).triangle(months("2024-01", "2024-03"));
  EXPECT_EQ(customers_of(triangle).values, (std::vector<std::vector<double>>{{2, 2, 1}, {1, 1}, {0}}));
  EXPECT_EQ(amounts_of(triangle).values, (std::vector<std::vector<double>>{{150, 110, 60}, {30, 30}, {0}}));
  EXPECT_EQ(amounts_of(triangle).labels[1], "2024-02-01");
}

}  // namespace
}  // namespace tenure
