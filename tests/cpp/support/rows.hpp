#pragma once

#include <cstdint>
#include <ostream>
#include <span>
#include <string>
#include <vector>

#include <tenure/book.hpp>

/// Subscriptions as tests write them down: rows, and tables that own the columns of such rows.
namespace tenure::test {

inline constexpr int no_label = -1;

struct Row {
  std::int64_t customer = 0;
  Day start = 0;
  Day end = open_end;
  std::int64_t monthly = 0;  ///< micro-units a month
  int plan = 0;              ///< position in `plans`, or no_label
  int region = 0;            ///< position in `regions`, or no_label
  std::int64_t subscription = 0;
  int product = 0;      ///< position in `products`
  bool paused = false;  ///< the row is a pause at this price
  /// Micro-units a year on top of twelve months: what a conversion at some rate comes to need not divide.
  std::int64_t rest = 0;
  std::int64_t annual() const noexcept { return 12 * monthly + rest; }
  friend bool operator==(const Row&, const Row&) = default;
};

inline std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << "{customer " << row.customer << ", " << format_day(row.start) << ".." << format_day(row.end)
             << ", " << row.monthly << " a month, plan " << row.plan << ", region " << row.region
             << ", subscription " << row.subscription << ", product " << row.product
             << (row.paused ? ", paused}" : "}");
}

inline const std::vector<std::string> plans{"basic", "pro", "team"};
inline const std::vector<std::string> regions{"east", "west"};
inline const std::vector<std::string> products{"core", "extra", "support"};

inline Day day(const char* text) { return parse_day(text); }

/// Whole major units a month, so that tests read as the cases they come from.
inline Row row(std::int64_t customer, const char* start, const char* end, std::int64_t major, int plan = 0) {
  return {.customer = customer,
          .start = day(start),
          .end = *end == '\0' ? open_end : day(end),
          .monthly = major * micros,
          .plan = plan};
}

/// Columns that no row needs (product, status) are left out, unless all are asked for.
class Table {
 public:
  explicit Table(std::span<const Row> rows, bool subscription_ids = false, bool all_columns = false)
      : subscription_ids_(subscription_ids), has_products_(all_columns), has_pauses_(all_columns) {
    valid_ends_.assign(rows.size() / 8 + 1, 0);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const Row& row = rows[i];
      customers_.push_back(row.customer);
      starts_.push_back(row.start);
      ends_.push_back(row.end == open_end ? 0 : row.end);
      if (row.end != open_end)
        valid_ends_[i / 8] = static_cast<std::uint8_t>(valid_ends_[i / 8] | 1U << (i % 8));
      amounts_.push_back({row.monthly});
      subscriptions_.push_back(row.subscription);
      push(plan_, plans, row.plan);
      push(region_, regions, row.region);
      cell_.push_back(label(plans, row.plan) + "/" + label(regions, row.region));
      push(product_, products, row.product);
      status_.push_back(row.paused ? SubscriptionStatus::paused : SubscriptionStatus::active);
      has_products_ = has_products_ || row.product != 0;
      has_pauses_ = has_pauses_ || row.paused;
    }
  }

  Subscriptions columns() const {
    Subscriptions table{.customer = customers_, .start = starts_, .amount = amounts_};
    table.end = {ends_, {valid_ends_.data(), 0}};
    if (subscription_ids_) table.subscription = subscriptions_;
    table.segments = {{"plan", plan_}, {"region", region_}, {"cell", cell_}};
    if (has_products_) table.product = static_cast<Codes>(product_);
    if (has_pauses_) table.terms.status = status_;
    return table;
  }

 private:
  static std::string label(const std::vector<std::string>& labels, int code) {
    return code == no_label ? "(none)" : labels[static_cast<std::size_t>(code)];
  }
  static void push(TextColumn& column, const std::vector<std::string>& labels, int code) {
    if (code == no_label)
      column.push_null();
    else
      column.push_back(labels[static_cast<std::size_t>(code)]);
  }

  bool subscription_ids_, has_products_, has_pauses_;
  std::vector<std::int64_t> customers_, subscriptions_;
  std::vector<Day> starts_, ends_;
  std::vector<std::uint8_t> valid_ends_;
  std::vector<Micros> amounts_;
  std::vector<SubscriptionStatus> status_;
  TextColumn plan_, region_, cell_, product_;
};

inline Book book_of(std::span<const Row> rows, const Policy& policy = Policy::standard(), int threads = 1) {
  Book book(policy, {.execution = {.threads = threads}});
  const Table table(rows, policy.reporting.grain != Grain::customer);
  book.add(table.columns());
  return book;
}

/// A line of a bridge as major units a month, for comparison with figures of a source.
inline std::vector<double> monthly(const Waterfall& bridge, Line line, std::size_t segment = 0) {
  std::vector<double> values;
  for (std::size_t period = 0; period < bridge.frame.periods.size(); ++period)
    values.push_back(bridge.at(line, period, segment).amount.mrr());
  return values;
}
inline std::vector<std::int64_t> customers(const Waterfall& bridge, Line line, std::size_t segment = 0) {
  std::vector<std::int64_t> values;
  for (std::size_t period = 0; period < bridge.frame.periods.size(); ++period)
    values.push_back(bridge.at(line, period, segment).customers);
  return values;
}

}  // namespace tenure::test
