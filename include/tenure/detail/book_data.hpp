#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include "../book.hpp"
#include "../core/detail/shared.hpp"
#include "../model/detail/read_rows.hpp"
#include "../revenue/detail/timeline.hpp"
#include "knowledge.hpp"
#include "narrow_sweep.hpp"

namespace tenure {

namespace detail {

/// A column of ids, by row of the caller's table: numbers, or codes of labels.
struct StoredIds {
  bool text = false;
  Shared<Dictionary> labels;
  Shared<std::vector<std::int64_t>> values;

  bool empty() const noexcept { return values.empty(); }
  std::size_t size() const noexcept { return values.size(); }
  std::int64_t operator[](std::size_t row) const noexcept { return values[row]; }
  std::string shown(std::int64_t value) const {
    return text ? printable(labels->labels()[static_cast<std::size_t>(value)]) : std::to_string(value);
  }
};

}  // namespace detail

/// What a book keeps: grouped rows, and by row of the caller's table what results can be cut by.
struct Book::Data {
  /// A text column, by row of the caller's table.
  struct Texts {
    std::string name;
    detail::Shared<Dictionary> labels;
    detail::Shared<std::vector<std::int32_t>> codes;
    std::vector<std::uint8_t> stands = {};  ///< by label: whether a row that stands has it; empty: all
  };

  Policy policy;
  BookOptions options;
  /// The rows that were read, as they were read: those that still stand, and those that were superseded.
  std::shared_ptr<const GroupedRows> current = std::make_shared<const GroupedRows>();
  std::shared_ptr<const GroupedRows> superseded = current;
  /// Those that stand, as they are asked: settled and in the currency of the book.
  std::shared_ptr<const GroupedRows> grouped = current;
  bool text_ids = false;
  detail::Shared<Dictionary> customers;  ///< labels of text ids; keys are their codes
  std::vector<Texts> texts;              ///< segments, then product and currency where given
  bool has_subscriptions = false;
  detail::StoredIds subscription;
  std::vector<Note> notes;
  std::int64_t rows_read = 0;
  Day first_start = open_end, last_change = min_day;  ///< of `current`
  Day earliest = open_end, latest = min_day;          ///< of the rows that stand

  // Since when rows are known; empty if they always were.
  detail::KnownRows known_given;  ///< by row of the caller's table
  detail::KnownRows known;        ///< the same, versions settled
  detail::StoredIds row_id;
  detail::Shared<std::vector<std::int64_t>> version;
  Day known_at = detail::latest_knowledge;    ///< the day of knowledge that is asked
  Day current_on = detail::latest_knowledge;  ///< the one on which `current` stand

  Currency currency;                          ///< of all amounts that the book answers with
  std::vector<Currency> currencies;           ///< of its rows
  std::vector<std::uint8_t> currency_stands;  ///< by currency: whether a row that stands has it
  detail::Shared<std::vector<std::uint16_t>>
      currency_of;                             ///< by row of the caller's table; empty without rates
  std::string rates_digest;                    ///< of the exchange rates
  detail::Shared<std::vector<Day>> rate_days;  ///< by row of the caller's table, where a column has them
  bool is_view = false;                        ///< of another book, which keeps the rows
  bool at_rates = false;                       ///< `grouped` is at the rates of a day that a question chose
  std::optional<std::uint16_t> only_currency;  ///< a book of the rows of one currency, in that currency
  /// By grouped row: the amount in its own currency, where every row has a rate of its own.
  std::shared_ptr<const std::vector<std::int64_t>> local;
  std::vector<std::int64_t> reported_discounts;  ///< by discount; empty: as they are

  // Of rows with terms, by row of the caller's table; empty where there are none.
  detail::Shared<std::vector<detail::Phase>> phases;
  detail::Shared<std::vector<std::uint8_t>> paused;
  detail::Shared<std::vector<Interval>> intervals;
  detail::Shared<std::vector<detail::DiscountRow>> discounts;
  std::map<std::uint32_t, Day> discounts_end;  ///< of rows with a discount that the next row cuts short
  detail::LeftOutRows left_out;
  detail::Shared<std::vector<std::uint32_t>> in_play_of;  ///< InPlay::bits, by row with terms
  detail::InPlay in_play_read;                            ///< of tables without terms
  detail::InPlay in_play;                                 ///< of the rows that stand
  std::int64_t extra_rows = 0;                            ///< stretches beyond one per row
  std::int64_t rows_standing = 0;                         ///< rows of the caller's table in `grouped`
  bool invoices = false;                                  ///< the rows are invoice lines
  bool credits_read = false;                              ///< some of them are negative
  bool credits = false;                                   ///< some of those that stand are

  /// Whether a row of the caller's table is known, and of the wanted currency.
  bool stands(std::uint32_t source) const noexcept {
    return (known.empty() || known[source].on(known_at)) && is_wanted(source);
  }
  /// Whether it is of the wanted currency.
  bool is_wanted(std::uint32_t source) const noexcept {
    return !only_currency || currency_of[source] == *only_currency;
  }

  const Texts* find_texts(std::string_view name) const noexcept {
    for (const Texts& column : texts)
      if (column.name == name) return &column;
    return nullptr;
  }

  Id id_of(std::size_t customer) const {
    const std::int64_t key = grouped->keys[customer];
    if (text_ids) return customers->labels()[static_cast<std::size_t>(key)];
    return key;
  }
};

namespace detail {

inline constexpr std::string_view no_segment = "(none)";

/// Segments of a question: sorted labels, and which of them each row of the caller's table is in.
struct Cut {
  std::string by = {};
  std::vector<std::string> labels = std::vector<std::string>(1);  ///< one empty label for the total
  std::vector<std::uint32_t> place = {};                          ///< by code, the null code last
  const std::vector<std::int32_t>* codes = nullptr;  ///< by row of the caller's table; null: no cut

  /// Codes lie in the order of the table, rows in the order of customers: ask for them some rows ahead.
  void prefetch(std::uint32_t source) const noexcept {
    if (codes != nullptr) __builtin_prefetch(codes->data() + source);
  }

  std::uint32_t operator()(std::uint32_t source) const noexcept {
    if (codes == nullptr) return 0;
    const std::int32_t code = (*codes)[source];
    return code < 0 ? place.back() : place[static_cast<std::size_t>(code)];
  }
};

/// The labels of the rows that stand, and that of rows without one.
template <class Texts>
std::vector<std::string> standing_labels(const Texts& column) {
  const std::vector<std::string>& all = column.labels->labels();
  std::vector<std::string> labels;
  for (std::size_t code = 0; code < all.size(); ++code)
    if (column.stands.empty() || column.stands[code] != 0) labels.push_back(all[code]);
  const bool some_without = column.stands.empty() ? std::find(column.codes.begin(), column.codes.end(),
                                                              null_code) != column.codes.end()
                                                  : column.stands.back() != 0;
  if (some_without && std::find(labels.begin(), labels.end(), no_segment) == labels.end())
    labels.emplace_back(no_segment);
  return labels;
}

template <class Data>
Cut make_cut(const Data& data, const std::string& by) {
  if (by.empty()) return {};
  std::vector<Named<const typename Data::Texts*>> known;
  for (const auto& column : data.texts) known.push_back({column.name, &column});
  if (known.empty())
    throw_option({.code = "E_SEGMENT",
                  .what = "by='" + printable(by) + "': the book has no segment column",
                  .value = printable(by),
                  .remedy = "Name segment columns when the book is made."});
  const auto& column = *parse_named<const typename Data::Texts*>(known, by, "by", "E_SEGMENT");
  Cut cut{.by = by, .labels = standing_labels(column), .place = {}, .codes = &*column.codes};
  std::sort(cut.labels.begin(), cut.labels.end());
  const auto place_of = [&](std::string_view label) {
    return static_cast<std::uint32_t>(std::lower_bound(cut.labels.begin(), cut.labels.end(), label) -
                                      cut.labels.begin());
  };
  for (const std::string& label : column.labels->labels()) cut.place.push_back(place_of(label));
  cut.place.push_back(place_of(no_segment));
  return cut;
}

/// What the timeline asks about the rows of an entity.
template <class Data>
struct RowTraits {
  const Data& data;
  const Cut& cut;
  const typename Data::Texts* product;
  std::span<const std::uint32_t> source;
  std::span<const std::int64_t> locals;  ///< empty unless every row has a rate of its own

  std::uint32_t segment(std::size_t i) const noexcept { return cut(source[i]); }
  /// What a customer can switch between.
  std::int32_t leg(std::size_t i) const noexcept { return product ? product->codes[source[i]] : 0; }
  bool paused(std::size_t i) const noexcept { return !data.paused.empty() && data.paused[source[i]] != 0; }
  bool has_local() const noexcept { return !locals.empty(); }
  std::int64_t local(std::size_t i) const noexcept { return locals[i]; }
  std::int32_t unit(std::size_t i) const noexcept { return data.currency_of[source[i]]; }
};
template <class Data>
RowTraits(const Data&, const Cut&, const typename Data::Texts*, std::span<const std::uint32_t>,
          std::span<const std::int64_t>) -> RowTraits<Data>;

/// Reads one customer after the other through the TimelineReader: any policy, any segments, any number of
/// periods. Each entity (the customer, or each of its subscriptions) is announced by begin(customer, sources)
/// and row(row, segment), then come its moments and finish.
template <class Data, class Accumulator>
class EntityReader {
 public:
  EntityReader(const Data& data, const Grid& grid, const Cut& cut, Grain grain)
      : data_(data),
        cut_(cut),
        product_(data.find_texts("product")),
        reader_(data.policy.reporting, grid, data.credits, product_ != nullptr),
        by_subscription_(grain != Grain::customer),
        by_item_(grain == Grain::item && product_ != nullptr),
        tells_fx_(data.local != nullptr && data.policy.reporting.fx_movement == FxMovement::own_line) {
    if (by_subscription_ && !data.has_subscriptions)
      throw_option(
          {.code = "E_COLUMN_MISSING",
           .what = "movement_grain='" + data.policy.get("movement_grain") + "' needs a subscription column",
           .value = "subscription",
           .remedy = "Name the column of subscription ids, or use movement_grain='customer'."});
  }

  void read(std::size_t customer, Accumulator& accumulator) {
    const auto rows = data_.grouped->rows_of(customer);
    const auto source = data_.grouped->source_of(customer);
    prefetch(customer, rows.size());
    if (!by_subscription_) {
      entity(customer, rows, source, locals_of(customer, rows.size()), accumulator);
      return;
    }
    order_.resize(rows.size());
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    const auto all_locals = locals_of(customer, rows.size());
    const auto id = [&](std::size_t i) {
      return std::pair(data_.subscription[source[i]], by_item_ ? product_->codes[source[i]] : 0);
    };
    std::stable_sort(order_.begin(), order_.end(),
                     [&](std::size_t a, std::size_t b) { return id(a) < id(b); });
    for (std::size_t from = 0; from < order_.size();) {
      rows_.clear();
      source_.clear();
      locals_.clear();
      std::size_t to = from;
      for (; to < order_.size() && id(order_[to]) == id(order_[from]); ++to) {
        rows_.push_back(rows[order_[to]]);
        source_.push_back(source[order_[to]]);
        if (!all_locals.empty()) locals_.push_back(all_locals[order_[to]]);
      }
      entity(customer, rows_, source_, locals_, accumulator);
      from = to;
    }
  }

 private:
  void entity(std::size_t customer, std::span<const PackedRow> rows, std::span<const std::uint32_t> source,
              std::span<const std::int64_t> locals, Accumulator& accumulator) {
    accumulator.begin(customer, source);
    for (std::size_t i = 0; i < rows.size(); ++i) accumulator.row(rows[i], cut_(source[i]));
    reader_.read(rows, RowTraits{data_, cut_, product_, source, locals}, accumulator);
  }

  /// Amounts in their own currencies, where a bridge has to tell what rates did.
  std::span<const std::int64_t> locals_of(std::size_t customer, std::size_t rows) const noexcept {
    if (!tells_fx_) return {};
    return std::span(*data_.local).subspan(data_.grouped->begin[customer], rows);
  }

  void prefetch(std::size_t customer, std::size_t rows) const noexcept {
    constexpr std::size_t ahead = 32;
    const std::size_t next = data_.grouped->begin[customer] + ahead;
    const std::size_t last = std::min(next + rows, data_.grouped->source.size());
    for (std::size_t row = next; row < last; ++row) cut_.prefetch(data_.grouped->source[row]);
  }

  const Data& data_;
  const Cut& cut_;
  const typename Data::Texts* product_;
  TimelineReader reader_;
  bool by_subscription_, by_item_, tells_fx_;
  std::vector<std::size_t> order_;
  std::vector<PackedRow> rows_;
  std::vector<std::uint32_t> source_;
  std::vector<std::int64_t> locals_;
};

/// The accumulators of one worker; those not asked for are absent.
struct Accumulators {
  std::optional<BridgeAccumulator> bridge;
  std::optional<RetentionAccumulator> retention;
  std::optional<TriangleAccumulator> triangle;

  void begin(std::size_t, std::span<const std::uint32_t>) noexcept {}
  void row(const PackedRow& row, std::uint32_t segment) noexcept {
    if (bridge) bridge->row(row, segment);
  }
  void moment(const Moment& moment) {
    if (bridge) bridge->moment(moment);
  }
  void change(Slot slot, const SegmentChange& change, bool ever) noexcept {
    if (bridge) bridge->change(slot, change, ever);
  }
  void finish(std::span<const Step> steps) {
    if (retention) retention->finish(steps);
    if (triangle) triangle->finish(steps);
  }
  void begin_lanes() {
    if (bridge) bridge->begin_lanes();
    if (retention) retention->begin_lanes();
  }
  void flush() noexcept {
    if (bridge) bridge->flush();
    if (retention) retention->flush();
  }
  Targets targets() noexcept {
    return {bridge ? &*bridge : nullptr, retention ? &*retention : nullptr, triangle ? &*triangle : nullptr};
  }
  Accumulators& operator+=(const Accumulators& other) {
    if (bridge) *bridge += *other.bridge;
    if (retention) *retention += *other.retention;
    if (triangle) *triangle += *other.triangle;
    return *this;
  }
};

/// Consecutive partitions that one task sweeps: few enough tasks that emptying the lanes costs little, many
/// enough that threads end together and a signal to stop is heard.
struct Stretch {
  std::uint32_t first, last;  ///< customers
  uint128 annual;
};

inline std::vector<Stretch> stretches(const GroupedRows& rows) {
  constexpr std::size_t wanted = 128;
  std::vector<Stretch> all;
  const std::size_t tasks = std::min(rows.partitions(), wanted);
  for (std::size_t task = 0; task < tasks; ++task) {
    const std::size_t from = rows.partitions() * task / tasks, to = rows.partitions() * (task + 1) / tasks;
    uint128 annual = 0;
    for (std::size_t part = from; part < to; ++part) annual += rows.part_annual[part];
    all.push_back({rows.parts[from], rows.parts[to], annual});
  }
  return all;
}

/// One sweep over the book for all accumulators that are asked for.
template <class Data>
Accumulators sweep(const Data& data, const Grid& grid, const Cut& cut, const Accumulators& empty,
                   int horizon) {
  const std::vector<Stretch> tasks = stretches(*data.grouped);
  const auto workers = static_cast<std::size_t>(worker_count(data.options.execution, tasks.size()));
  std::vector<Accumulators> partial(workers, empty);
  const ReportingPolicy& policy = data.policy.reporting;
  const Lacking lacking{.free = !data.grouped->has_free,
                        .paused = !data.in_play.paused,
                        .products = data.find_texts("product") == nullptr,
                        .credits = !data.credits};
  const bool narrow = cut.codes == nullptr && data.local == nullptr && is_narrow(policy, lacking);
  const EntityReader<Data, Accumulators> prototype(data, grid, cut, policy.grain);

  const auto run = [&]<int Words>(std::integral_constant<int, Words>) {
    std::vector<std::optional<NarrowSweep<std::max(Words, 1)>>> narrow_sweeps(workers);
    std::vector<EntityReader<Data, Accumulators>> readers(workers, prototype);
    parallel_for(data.options.execution, tasks.size(), [&](std::size_t task, int worker) {
      const auto w = static_cast<std::size_t>(worker);
      const Stretch& stretch = tasks[task];
      const bool fits = stretch.annual < narrow_limit;
      // Many segments would make the lanes longer than the work.
      if (fits && cut.codes == nullptr) partial[w].begin_lanes();
      if (Words > 0 && fits) {
        if (!narrow_sweeps[w]) narrow_sweeps[w].emplace(grid, horizon, special_customers(policy));
        narrow_sweeps[w]->sweep(*data.grouped, stretch.first, stretch.last, partial[w].targets());
        for (const std::uint32_t customer : narrow_sweeps[w]->left_over())
          readers[w].read(customer, partial[w]);
      } else {
        for (std::uint32_t customer = stretch.first; customer < stretch.last; ++customer)
          readers[w].read(customer, partial[w]);
      }
      partial[w].flush();
    });
  };
  if (narrow && grid.size() < NarrowSweep<1>::capacity)
    run(std::integral_constant<int, 1>{});
  else if (narrow && grid.size() < NarrowSweep<4>::capacity)
    run(std::integral_constant<int, 4>{});
  else
    run(std::integral_constant<int, 0>{});

  for (std::size_t w = 1; w < workers; ++w) partial[0] += partial[w];
  return std::move(partial[0]);
}

}  // namespace detail
}  // namespace tenure
