#pragma once

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include <tenure/core/column.hpp>
#include <tenure/core/date.hpp>

/// Rows written as JSON objects, as columns. A row says only what is not usual.
namespace tenure::test {

using Json = nlohmann::json;

/// A column of which rows may have no value.
template <class T>
class Cells {
 public:
  void push(const std::optional<T>& value) {
    if (values_.size() % 8 == 0) valid_.push_back(0);
    if (value) valid_.back() = static_cast<std::uint8_t>(valid_.back() | 1U << values_.size() % 8);
    values_.push_back(value.value_or(T{}));
  }
  Column<T> column() const { return {values_, {valid_.data(), 0}}; }

 private:
  std::vector<T> values_;
  std::vector<std::uint8_t> valid_;
};

class CaseColumns {
 public:
  explicit CaseColumns(const std::vector<Json>& rows) {
    for (Json row : rows) {
      const std::int64_t times = row.value("times", 1);
      for (std::int64_t i = 0; i < times; ++i) {
        rows_.push_back(row);
        for (const char* id : {"customer", "subscription"})
          if (row.contains(id)) row[id] = row[id].get<std::int64_t>() + 1;
      }
    }
  }

  bool has(const char* name) const {
    return std::any_of(rows_.begin(), rows_.end(), [&](const Json& row) { return row.contains(name); });
  }
  /// A row without the name has the usual value, a null stays a null.
  template <class T>
  Cells<T> cells(const char* name, std::optional<T> usual = {}) const {
    Cells<T> values;
    for (const Json& row : rows_) values.push(row.contains(name) ? read<T>(row.at(name)) : usual);
    return values;
  }
  std::vector<std::int64_t> numbers(const char* name, std::int64_t usual) const {
    std::vector<std::int64_t> values;
    for (const Json& row : rows_) values.push_back(row.value(name, usual));
    return values;
  }
  std::vector<std::uint8_t> flags(const char* name) const {
    std::vector<std::uint8_t> values;
    for (const Json& row : rows_) values.push_back(row.value(name, false));
    return values;
  }
  /// Empty when no row has the name.
  template <class Parse>
  auto parsed(const char* name, const std::string& usual, Parse parse) const {
    std::vector<decltype(parse(usual))> values;
    if (has(name))
      for (const Json& row : rows_) values.push_back(parse(row.value(name, usual)));
    return values;
  }
  TextColumn texts(const char* name) const {
    TextColumn column;
    for (const Json& row : rows_) column.push_back(row.value(name, ""));
    return column;
  }

  std::size_t most_discounts() const {
    std::size_t most = 0;
    for (const Json& row : rows_)
      if (row.contains("discounts")) most = std::max(most, row.at("discounts").size());
    return most;
  }
  /// The discount at one position in the rows' lists.
  CaseColumns discount(std::size_t at) const {
    std::vector<Json> rows;
    for (const Json& row : rows_) {
      const Json all = row.value("discounts", Json::array());
      rows.push_back(at < all.size() ? all[at] : Json::object());
    }
    return CaseColumns(rows);
  }

 private:
  template <class T>
  static std::optional<T> read(const Json& cell) {
    if (cell.is_null()) return std::nullopt;
    if constexpr (std::is_same_v<T, Day>)
      return parse_day(cell.get<std::string>());
    else
      return cell.get<T>();
  }

  std::vector<Json> rows_;
};

}  // namespace tenure::test
