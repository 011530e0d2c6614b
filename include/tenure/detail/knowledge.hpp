#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "../core/buffer.hpp"
#include "../core/date.hpp"
#include "../core/error.hpp"
#include "../core/group.hpp"
#include "../model/detail/amount_at.hpp"
#include "../model/detail/known.hpp"

/// Since when each row of a book is known, and until when.
namespace tenure::detail {

/// That of every row; shared by books of the same rows. In large pages: it is read in the order of customers.
class KnownRows {
 public:
  KnownRows() = default;
  explicit KnownRows(Buffer<Known> rows) : rows_(std::make_shared<Buffer<Known>>(std::move(rows))) {}
  /// A copy with room for more rows behind it.
  KnownRows(const KnownRows& first, std::size_t more) : KnownRows(Buffer<Known>(first.size() + more)) {
    std::copy(first.begin(), first.end(), rows_->data());
  }

  std::size_t size() const noexcept { return rows_ == nullptr ? 0 : rows_->size(); }
  bool empty() const noexcept { return size() == 0; }
  const Known* data() const noexcept { return rows_ == nullptr ? nullptr : rows_->data(); }
  const Known& operator[](std::size_t row) const noexcept { return data()[row]; }
  const Known* begin() const noexcept { return data(); }
  const Known* end() const noexcept { return data() + size(); }
  /// Only for who has just made it.
  Known* edit() noexcept { return rows_ == nullptr ? nullptr : rows_->data(); }

 private:
  std::shared_ptr<Buffer<Known>> rows_;
};

/// Chooses the rows that stand on a day, or those that do not.
struct Stands {
  const Known* known;
  Day day;
  bool stands = true;
  bool operator()(std::uint32_t source) const noexcept { return known[source].on(day) == stands; }
  void prefetch(std::uint32_t source) const noexcept { __builtin_prefetch(known + source); }
};

/// A row that stands for a version of something.
struct VersionedRow {
  std::int64_t id, version;
  Day recorded;
  std::uint32_t source;
  auto order() const noexcept { return std::tie(id, version, recorded, source); }
};

/// What a row says, for rows that claim to be the same version of the same thing.
inline std::vector<std::vector<PackedRow>> contents_of(const GroupedRows& rows,
                                                       const std::vector<std::uint32_t>& wanted) {
  std::vector<std::vector<PackedRow>> contents(wanted.size());
  for (std::size_t row = 0; row < rows.rows.size(); ++row) {
    const auto place = std::lower_bound(wanted.begin(), wanted.end(), rows.source[row]);
    if (place != wanted.end() && *place == rows.source[row])
      contents[static_cast<std::size_t>(place - wanted.begin())].push_back(rows.rows[row]);
  }
  return contents;
}

/// The customer of some rows, in the order of `wanted`.
inline std::vector<std::int64_t> customers_of(const GroupedRows& rows,
                                              const std::vector<std::uint32_t>& wanted) {
  std::vector<std::int64_t> customers(wanted.size());
  for (std::size_t customer = 0; customer < rows.customers(); ++customer)
    for (const std::uint32_t source : rows.source_of(customer)) {
      const auto place = std::lower_bound(wanted.begin(), wanted.end(), source);
      if (place != wanted.end() && *place == source)
        customers[static_cast<std::size_t>(place - wanted.begin())] = rows.keys[customer];
    }
  return customers;
}

template <class Data>
bool is_same_version(const Data& data, const VersionedRow& a, const VersionedRow& b) {
  return a.version == b.version && (!data.version.empty() || a.recorded == b.recorded);
}

/// The earliest recorded row of the version that row i, its last, is of.
template <class Data>
const VersionedRow& first_of_version(const Data& data, const std::vector<VersionedRow>& versions,
                                     std::size_t i) {
  while (i > 0 && versions[i - 1].id == versions[i].id && is_same_version(data, versions[i - 1], versions[i]))
    --i;
  return versions[i];
}

template <class Data>
Fault version_back(const Data& data, const VersionedRow& earlier, const VersionedRow& later) {
  return {.code = "E_VERSION_BACK",
          .what = "version " + std::to_string(later.version) + " of '" + data.row_id.shown(later.id) +
                  "' was recorded on " + format_day(later.recorded) + ", before version " +
                  std::to_string(earlier.version) + " on " + format_day(earlier.recorded),
          .column = data.options.names.version,
          .row = later.source,
          .value = std::to_string(later.version),
          .remedy = "Number versions in the order in which they were recorded."};
}

/// Whether two rows are of the same segments, currency and subscription.
template <class Data>
bool same_columns(const Data& data, std::uint32_t a, std::uint32_t b) {
  const auto same = [&](const auto& column) { return column.empty() || column[a] == column[b]; };
  return std::all_of(data.texts.begin(), data.texts.end(),
                     [&](const auto& text) { return same(text.codes); }) &&
         same(data.currency_of) && same(data.rate_days) && same(data.paused) &&
         (!data.has_subscriptions || same(data.subscription));
}

/// Rows of the same id and version have to say the same.
template <class Data>
void refuse_conflicts(const Data& data, const GroupedRows& rows,
                      const std::vector<std::pair<std::uint32_t, std::uint32_t>>& same, FaultList& faults) {
  if (same.empty()) return;
  std::vector<std::uint32_t> wanted;
  for (const auto& [first, later] : same) wanted.insert(wanted.end(), {first, later});
  std::sort(wanted.begin(), wanted.end());
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  const auto contents = contents_of(rows, wanted);
  const auto customers = customers_of(rows, wanted);
  const auto place = [&](std::uint32_t source) {
    return static_cast<std::size_t>(std::lower_bound(wanted.begin(), wanted.end(), source) - wanted.begin());
  };
  const auto monthly = [](const std::vector<PackedRow>& row) {
    return row.empty() ? std::string("nothing") : show_micros(row.front().annual / 12);
  };
  for (const auto& [first, later] : same) {
    const std::size_t a = place(first), b = place(later);
    const bool equal =
        customers[a] == customers[b] && same_columns(data, first, later) &&
        std::ranges::equal(contents[a], contents[b], [](const PackedRow& x, const PackedRow& y) {
          return x.annual == y.annual && x.start == y.start && x.end == y.end;
        });
    if (equal && data.known_given[first].superseded == data.known_given[later].superseded) continue;
    const std::string id = data.row_id.shown(data.row_id[later]);
    faults.add({.code = "E_DUPLICATE_CONFLICT",
                .what = "'" + id + "' is there twice (the other is row " + std::to_string(first) +
                        "), with " +
                        (monthly(contents[a]) == monthly(contents[b])
                             ? "different contents"
                             : monthly(contents[a]) + " and " + monthly(contents[b]) + " a month"),
                .column = data.options.names.id,
                .row = later,
                .value = id,
                .remedy = "Give each change a version and the day on which it was recorded, or drop one."});
  }
}

/// Ends each version when the next is recorded; of equal ones the first that was recorded stays. Throws
/// InputError E_VERSION_BACK, E_DUPLICATE_CONFLICT. Returns the rows that only repeat another.
template <class Data>
std::vector<std::int64_t> settle_versions(Data& data, const GroupedRows& rows) {
  std::vector<std::int64_t> repeated;
  if (data.row_id.empty()) return repeated;
  std::vector<VersionedRow> versions;
  for (std::size_t row = 0; row < data.row_id.size(); ++row)
    versions.push_back({data.row_id[row], data.version.empty() ? 0 : data.version[row],
                        data.known_given[row].recorded, static_cast<std::uint32_t>(row)});
  std::sort(versions.begin(), versions.end(),
            [](const VersionedRow& a, const VersionedRow& b) { return a.order() < b.order(); });
  Buffer<Known> known(data.known_given.size());
  std::copy_n(data.known_given.data(), known.size(), known.data());
  FaultList faults;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> same;  // rows, first and later
  Day next_recorded = open_end;
  for (std::size_t i = versions.size(); i-- > 0;) {
    const VersionedRow& row = versions[i];
    if (i + 1 == versions.size() || versions[i + 1].id != row.id) {
      next_recorded = open_end;
    } else if (const VersionedRow& next = versions[i + 1]; is_same_version(data, row, next)) {
      same.emplace_back(row.source, next.source);
    } else {
      next_recorded = next.recorded;
      // A version that was sent again later went back no more than when it was sent first.
      const VersionedRow& first = first_of_version(data, versions, i);
      if (next.recorded < first.recorded) faults.add(version_back(data, first, next));
    }
    Day& superseded = known[row.source].superseded;
    superseded = std::min(superseded, next_recorded);
  }
  refuse_conflicts(data, rows, same, faults);
  faults.raise();
  for (const auto& [first, later] : same) {
    known[later].superseded = known[later].recorded;  // known on no day
    repeated.push_back(later);
  }
  data.known = KnownRows(std::move(known));
  std::sort(repeated.begin(), repeated.end());
  return repeated;
}

}  // namespace tenure::detail
