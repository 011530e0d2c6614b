#include <tenure/core/group.hpp>

#include <map>
#include <mutex>

#include "support/property.hpp"

namespace tenure {
namespace {

using Keys = std::vector<std::int64_t>;

/// Rows whose amount and source say which row of the table they were.
struct KeySource {
  const Keys& all;
  mutable std::mutex guard = {};
  mutable Day earliest = open_end, latest = min_day;

  std::size_t rows() const { return all.size(); }
  std::size_t first_row(std::size_t block) const { return block * RowBlock::capacity; }
  std::size_t blocks() const { return (all.size() + RowBlock::capacity - 1) / RowBlock::capacity; }
  std::size_t keys(std::size_t block, std::int64_t* out) const {
    const std::size_t first = block * RowBlock::capacity,
                      count = std::min(RowBlock::capacity, all.size() - first);
    std::copy_n(all.data() + first, count, out);
    return count;
  }
  std::size_t load(std::size_t block, RowBlock& out) const {
    const std::size_t count = keys(block, out.key.data());
    for (std::size_t i = 0; i < count; ++i) {
      const auto row = static_cast<std::uint32_t>(block * RowBlock::capacity + i);
      out.row[i] = {row, static_cast<Day>(row), open_end};
      out.source[i] = row;
      out.earliest = std::min(out.earliest, static_cast<Day>(row));
      out.latest = std::max(out.latest, static_cast<Day>(row));
    }
    return count;
  }
  void loaded() const {}
  void seen(Day first, Day last) const {
    const std::lock_guard lock(guard);
    earliest = std::min(earliest, first);
    latest = std::max(latest, last);
  }
  [[noreturn]] static void oversized() { throw std::overflow_error("one customer"); }
};

using Groups = std::map<std::int64_t, std::vector<std::uint32_t>>;

Groups expected(const Keys& keys) {
  Groups groups;
  for (std::size_t row = 0; row < keys.size(); ++row)
    groups[keys[row]].push_back(static_cast<std::uint32_t>(row));
  return groups;
}

Groups found(const GroupedRows& grouped) {
  Groups groups;
  for (std::size_t customer = 0; customer < grouped.customers(); ++customer) {
    const auto source = grouped.source_of(customer);
    const auto rows = grouped.rows_of(customer);
    EXPECT_TRUE(groups.emplace(grouped.keys[customer], std::vector(source.begin(), source.end())).second);
    for (std::size_t i = 0; i < rows.size(); ++i) EXPECT_EQ(rows[i].annual, source[i]);
  }
  return groups;
}

Groups grouped(const Keys& keys, int threads = 1) {
  return found(group(KeySource{keys}, {.threads = threads}));
}

TEST(Group, NoRowsGiveNoCustomers) {
  const Keys none;
  const GroupedRows grouped = group(KeySource{none}, {});
  EXPECT_EQ(grouped.customers(), 0U);
  EXPECT_EQ(grouped.begin[0], 0U);
  EXPECT_EQ(GroupedRows().customers(), 0U);
}

TEST(Group, AnyIdIsACustomer) {
  const Keys keys{0, INT64_MIN, -1, INT64_MAX, 0, INT64_MIN, 1};
  EXPECT_EQ(grouped(keys), expected(keys));
}

TEST(Group, IdsThatDifferOnlyInHighBitsSpreadOverPartitions) {
  Keys keys;
  for (std::int64_t i = 0; i < 30'000; ++i) keys.push_back(i << 40);
  const KeySource source{keys};
  const GroupedRows grouped = group(source, {.threads = 2});
  EXPECT_EQ(found(grouped), expected(keys));
  ASSERT_GT(grouped.partitions(), 1U);
  for (std::size_t part = 0; part < grouped.partitions(); ++part)
    EXPECT_LT(grouped.parts[part + 1] - grouped.parts[part], 20'000U);
}

TEST(Group, LargeTablesKeepTheOrderOfTheirRowsOnAnyNumberOfThreads) {
  Keys keys;
  for (std::int64_t i = 0; i < 100'000; ++i) keys.push_back(i * i % 30'011);
  const Groups wanted = expected(keys);
  const GroupedRows one = group(KeySource{keys}, {.threads = 1});
  for (int threads : {1, 2, 3, 8}) {
    const KeySource source{keys};
    const GroupedRows many = group(source, {.threads = threads});
    EXPECT_EQ(found(many), wanted);
    ASSERT_EQ(many.customers(), one.customers());
    EXPECT_TRUE(std::equal(many.keys.data(), many.keys.data() + many.customers(), one.keys.data()));
    EXPECT_EQ(many.parts, one.parts);
    EXPECT_EQ(source.earliest, 0);
    EXPECT_EQ(source.latest, 99'999);
  }
}

TEST(Group, SumsTheRunRatesOfEachPartition) {
  const Keys keys{5, 6, 5, 7};
  const GroupedRows grouped = group(KeySource{keys}, {});
  uint128 total = 0;
  for (const uint128 part : grouped.part_annual) total += part;
  EXPECT_TRUE(total == 0 + 1 + 2 + 3);
}

/// Every row is worth the most a row can be.
struct HugeSource : KeySource {
  std::size_t load(std::size_t block, RowBlock& out) const {
    const std::size_t count = KeySource::load(block, out);
    for (std::size_t i = 0; i < count; ++i) out.row[i].annual = INT64_MAX;
    return count;
  }
};

TEST(Group, RefusesACustomerWhoseRunRatesPassSixtyFourBits) {
  const Keys different{1, 2, 3}, twice{1, 2, 1};
  EXPECT_NO_THROW(group(HugeSource{different}, {}));
  EXPECT_THROW(group(HugeSource{twice}, {}), std::overflow_error);
}

RC_GTEST_PROP(Group, IsTheRowsByKeyInOrder, ()) {
  const auto keys = *rc::gen::container<Keys>(
      rc::gen::oneOf(rc::gen::inRange<std::int64_t>(-3, 4), rc::gen::arbitrary<std::int64_t>()));
  RC_ASSERT(grouped(keys) == expected(keys));
}

}  // namespace
}  // namespace tenure
