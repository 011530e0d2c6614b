#include "../detail/knowledge.hpp"

// Included by book.ipp: since when the rows of a table are known, on their way into a book.

namespace tenure {

namespace detail {

/// What is wrong with the knowledge of single rows.
template <class Data>
FaultList check_knowledge(const Data& data, const Knowledge& knowledge, const Column<Day>& start,
                          std::size_t rows) {
  const ColumnNames& names = data.options.names;
  FaultList faults;
  for (std::size_t row = 0; row < rows; ++row) {
    const auto recorded = value_at(knowledge.recorded, row), superseded = value_at(knowledge.superseded, row);
    FaultAt fault(faults, data.rows_read + static_cast<std::int64_t>(row));
    if (recorded && !is_representable(*recorded)) fault.day(*recorded, names.recorded);
    if (superseded && !is_representable(*superseded)) fault.day(*superseded, names.superseded);
    if (fault.any()) continue;
    if (recorded && superseded && *superseded < *recorded)
      fault(
          "E_KNOWLEDGE_REVERSED", names.superseded,
          "superseded on " + format_day(*superseded) + ", before it was recorded on " + format_day(*recorded),
          format_day(*superseded), "Give the day from which the row no longer stood, or leave it null.");
    const Day happened = value_at(start, row).value_or(min_day);
    if (data.options.on_early == OnEarly::error && recorded && happened > *recorded &&
        is_representable(happened))
      fault("E_RECORDED_EARLY", names.recorded,
            "recorded on " + format_day(*recorded) + ", before it happened on " + format_day(happened),
            format_day(*recorded),
            "Correct the day, or pass on_early=\"allow\": contracts may be signed ahead.");
    if (knowledge.version.present() && !knowledge.version.valid[row])
      fault("E_VERSION_NULL", names.version, "missing version", "null", "Number the versions of a row.");
  }
  return faults;
}

/// Says whether the ids of the rows to come are texts.
template <class Data>
void expect_row_ids(Data& data, bool text) {
  if (!data.row_id.empty() && data.row_id.text != text)
    throw_input({.code = "E_KEY_TYPE",
                 .what = "ids of the rows added before are of another type",
                 .column = data.options.names.id});
  data.row_id.text = text;
}

template <class Data>
void append_row_ids(Data& data, Translation& known, const Ids& ids) {
  expect_row_ids(data, ids.texts() != nullptr);
  append_ids(data, data.row_id, known, ids, data.options.names.id, "missing id of the row");
}

/// Since when rows [first, first + count) are known, without a branch; false if some may be wrong.
inline bool read_knowledge(const Knowledge& knowledge, std::size_t first, std::size_t count, Known* known) {
  const Known always;
  const auto read = [&](const Column<Day>& column, Day Known::* member, Day missing) {
    for (std::size_t i = 0; i < count; ++i) known[i].*member = missing;
    if (!column.present()) return;
    const Day* days = column.values.data() + first;
    if (column.valid.all())
      for (std::size_t i = 0; i < count; ++i) known[i].*member = days[i];
    else
      for (std::size_t i = 0; i < count; ++i) known[i].*member = column.valid[first + i] ? days[i] : missing;
  };
  read(knowledge.recorded, &Known::recorded, always.recorded);
  read(knowledge.superseded, &Known::superseded, always.superseded);
  bool wrong = false;
  for (std::size_t i = 0; i < count; ++i)
    wrong |= known[i].recorded < min_day || known[i].recorded > max_day ||
             known[i].superseded < known[i].recorded ||
             (known[i].superseded > max_day && known[i].superseded != open_end);
  return !wrong;
}

/// Makes room for what is known of the rows of some tables; it stays where it is while they are read.
template <class Data, class Table>
void grow_knowledge(Data& data, std::span<const Table> tables) {
  std::size_t rows = 0;
  const auto knows = [](const Table& table) { return table.knowledge.any(); };
  for (const Table& table : tables) rows += table.customer.size();
  const bool some = std::any_of(tables.begin(), tables.end(), knows);
  const bool before = data.rows_read > 0 && !data.known_given.empty();
  if (!some && !before) return;
  if ((data.rows_read > 0 && !before) || !std::all_of(tables.begin(), tables.end(), knows))
    throw_input({.code = "E_COLUMN_MISSING",
                 .what = "some tables of the book do not say when their rows were recorded",
                 .column = data.options.names.recorded,
                 .remedy = "Give all tables of a book the same columns."});
  data.known_given = KnownRows(data.known_given, rows);
}

/// Returns what is wrong with single rows.
template <class Data>
FaultList append_knowledge(Data& data, Translation& ids, const Knowledge& knowledge,
                           const Column<Day>& start) {
  if (!knowledge.any()) return {};
  const std::size_t rows = start.size();
  if (knowledge.version.present() && !knowledge.id.present())
    throw_input({.code = "E_COLUMN_MISSING",
                 .what = "versions need the id of what they are versions of",
                 .column = data.options.names.id,
                 .remedy = "Name the column that all versions of one row share."});
  Known* const added = data.known_given.edit() + data.rows_read;
  std::atomic<bool> good{!knowledge.version.present() && data.options.on_early == OnEarly::allow};
  constexpr std::size_t piece = 1 << 16;
  parallel_for(data.options.execution, (rows + piece - 1) / piece, [&](std::size_t task, int) {
    const std::size_t first = task * piece;
    if (!read_knowledge(knowledge, first, std::min(piece, rows - first), added + first)) good = false;
  });
  FaultList faults;
  if (!good) faults = check_knowledge(data, knowledge, start, rows);
  if (knowledge.id.present()) append_row_ids(data, ids, knowledge.id);
  if (knowledge.version.present()) append_all(data.version, knowledge.version.values);
  return faults;
}

/// Whether rows can be split by whether they stand while they are read. Versions have to be seen together
/// first.
template <class Data>
bool splits_at_the_door(const Data& data) noexcept {
  return !data.known_given.empty() && data.row_id.empty();
}

/// Whether some of the last `rows` rows do not stand.
template <class Data>
bool some_superseded(const Data& data, std::size_t rows) noexcept {
  const Known* const last = data.known_given.data() + data.rows_read;
  return std::any_of(last, last + rows, [&](const Known& row) { return !row.on(data.current_on); });
}

/// Of another book's rows.
template <class Data>
void append_knowledge(Data& data, const Data& theirs) {
  if (data.rows_read > 0 && (data.known_given.empty() != theirs.known_given.empty() ||
                             data.row_id.empty() != theirs.row_id.empty()))
    throw_input({.code = "E_COLUMN_MISSING",
                 .what = "one of the books knows when its rows were recorded, the other does not",
                 .column = data.options.names.recorded,
                 .remedy = "Give all tables of a book the same columns."});
  const std::size_t before = data.known_given.size();
  data.known_given = KnownRows(data.known_given, theirs.known_given.size());
  if (!theirs.known_given.empty())
    std::copy(theirs.known_given.begin(), theirs.known_given.end(), data.known_given.edit() + before);
  append_all(data.version, theirs.version);
  if (theirs.row_id.empty()) return;
  expect_row_ids(data, theirs.row_id.text);
  append_ids(data.row_id, theirs.row_id);
}

}  // namespace detail

}  // namespace tenure
