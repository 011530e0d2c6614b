#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "generators.hpp"

/// Rows that say when they were known, or in which currency they are, as tests write them down; tables that
/// own their columns, and random ones.
namespace tenure::test {

struct DatedRow {
  Row row = {};
  std::optional<Day> recorded = {}, superseded = {};
  std::int64_t id = 0, version = 0;
  int currency = 0;  ///< position in `currencies`
  std::optional<Day> invoiced = {}, purchased = {};

  /// What everybody can see: recorded on or before the day, and not superseded until after it.
  bool known_on(Day day) const {
    return (!recorded || *recorded <= day) && (!superseded || day < *superseded);
  }
};

inline const std::vector<std::string> currencies{"EUR", "USD", "GBP", "JPY"};

inline std::ostream& operator<<(std::ostream& out, const DatedRow& dated) {
  const auto show = [&](const char* name, std::optional<Day> day) {
    if (day) out << ", " << name << " " << format_day(*day);
  };
  out << dated.row << " in " << currencies[static_cast<std::size_t>(dated.currency)] << ", id " << dated.id
      << " version " << dated.version;
  show("recorded", dated.recorded);
  show("superseded", dated.superseded);
  show("invoiced", dated.invoiced);
  show("purchased", dated.purchased);
  return out;
}

/// A column of which some days may be missing.
class SparseDays {
 public:
  void push(std::optional<Day> day) {
    if (days_.size() % 8 == 0) valid_.push_back(0);
    if (day) valid_.back() = static_cast<std::uint8_t>(valid_.back() | 1U << days_.size() % 8);
    days_.push_back(day.value_or(0));
  }
  Column<Day> column() const { return {days_, {valid_.data(), 0}}; }

 private:
  std::vector<Day> days_;
  std::vector<std::uint8_t> valid_{};
};

/// Which columns a table has beside those of plain rows, all of which are there.
struct DatedColumns {
  bool knowledge = false, versions = false, currency = false, invoiced = false, purchased = false,
       subscriptions = false;
};

class DatedTable {
 public:
  DatedTable(const std::vector<DatedRow>& rows, DatedColumns with)
      : with_(with), plain_(plain(rows), with.subscriptions, true) {
    for (const DatedRow& dated : rows) {
      recorded_.push(dated.recorded);
      superseded_.push(dated.superseded);
      invoiced_.push(dated.invoiced);
      purchased_.push(dated.purchased);
      ids_.push_back(dated.id);
      versions_.push_back(dated.version);
      currency_.push_back(currencies[static_cast<std::size_t>(dated.currency)]);
    }
  }
  Subscriptions columns() const {
    Subscriptions table = plain_.columns();
    if (with_.knowledge)
      table.knowledge = {.recorded = recorded_.column(), .superseded = superseded_.column()};
    if (with_.versions) {
      table.knowledge.id = ids_;
      table.knowledge.version = versions_;
    }
    if (with_.currency) table.currency_codes = static_cast<Codes>(currency_);
    if (with_.invoiced) table.invoiced = invoiced_.column();
    if (with_.purchased) table.purchased = purchased_.column();
    return table;
  }

  static std::vector<Row> plain(const std::vector<DatedRow>& rows) {
    std::vector<Row> all;
    for (const DatedRow& dated : rows) all.push_back(dated.row);
    return all;
  }

 private:
  DatedColumns with_;
  Table plain_;
  SparseDays recorded_, superseded_, invoiced_, purchased_;
  std::vector<std::int64_t> ids_, versions_;
  TextColumn currency_;
};

/// A function of a drawn number: the draws of one row are its own.
inline std::size_t mixed(std::uint64_t seed, std::size_t row, std::size_t field) {
  std::uint64_t x = seed + 0x9E3779B97F4A7C15ULL * (row * 16 + field + 1);
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
  return static_cast<std::size_t>((x ^ (x >> 31)) >> 8);
}

/// Rows recorded before, on or after the day on which they start; some superseded later, some never recorded.
inline rc::Gen<std::vector<DatedRow>> any_known_rows() {
  return rc::gen::map(rc::gen::pair(any_phases(), rc::gen::arbitrary<std::uint64_t>()),
                      [](const std::pair<std::vector<Row>, std::uint64_t>& drawn) {
                        std::vector<DatedRow> rows;
                        for (const Row& row : drawn.first) {
                          const auto draw = [&](std::size_t field, std::size_t below) {
                            return static_cast<Day>(mixed(drawn.second, rows.size(), field) % below);
                          };
                          DatedRow& dated = rows.emplace_back(DatedRow{.row = row});
                          dated.id = static_cast<std::int64_t>(rows.size());
                          if (draw(0, 6) > 0) dated.recorded = row.start - 60 + draw(1, 200);
                          if (draw(2, 3) == 0)
                            dated.superseded = dated.recorded.value_or(row.start) + draw(3, 150);
                        }
                        return rows;
                      });
}

}  // namespace tenure::test
