#pragma once

#include <string>
#include <vector>

#include <tenure/model/spend.hpp>

/// Spend as tests write it down.
namespace tenure::test {

struct SpendRow {
  const char* day;
  double amount;
  std::string channel = "";
  std::string kind = "";
  std::string currency = "";
};

/// Columns of such rows; those that no row says anything in are left out.
class SpendTable {
 public:
  explicit SpendTable(const std::vector<SpendRow>& rows) {
    for (const SpendRow& row : rows) {
      days_.push_back(parse_day_or_month(row.day));
      amounts_.push_back(row.amount);
      put(channel_, row.channel, has_channel_);
      put(kind_, row.kind, has_kind_);
      put(currency_, row.currency, has_currency_);
    }
  }
  SpendRows columns() const {
    SpendRows rows{.day = days_, .amount = amounts_};
    if (has_channel_) rows.channel = channel_;
    if (has_kind_) rows.kind = kind_;
    if (has_currency_) rows.currency_codes = currency_;
    return rows;
  }

 private:
  static void put(TextColumn& column, const std::string& text, bool& any) {
    any = any || !text.empty();
    text.empty() ? column.push_null() : column.push_back(text);
  }

  std::vector<Day> days_;
  std::vector<double> amounts_;
  TextColumn channel_, kind_, currency_;
  bool has_channel_ = false, has_kind_ = false, has_currency_ = false;
};

inline Spend spend_of(const std::vector<SpendRow>& rows, const SpendOptions& options = {}) {
  return Spend(SpendTable(rows).columns(), options);
}

}  // namespace tenure::test
