#include "panel_keys.hpp"

#include <algorithm>
#include <cstring>
#include <numeric>

#include "runs.hpp"
#include "tenure/core/error.hpp"

namespace tenure::python {

namespace {

constexpr std::string_view no_label = "(none)";

[[noreturn]] void throw_null(const std::string& column, std::int64_t row, std::string code, std::string what,
                             std::string remedy) {
  throw_input({.code = std::move(code),
               .what = std::move(what),
               .column = column,
               .row = row,
               .value = "null",
               .remedy = std::move(remedy)});
}

template <class T>
std::optional<std::int64_t> first_null(const Values<T>& values) {
  std::int64_t row = 0;
  for (const Column<T>& run : values.runs) {
    if (!run.valid.all())
      for (std::size_t i = 0; i < run.size(); ++i)
        if (!run.valid[i]) return row + static_cast<std::int64_t>(i);
    row += static_cast<std::int64_t>(run.size());
  }
  return std::nullopt;
}
std::optional<std::int64_t> first_null(const InputColumn& column) {
  std::int64_t row = 0;
  for (const Array& run : column.runs) {
    if (run.validity != nullptr)
      for (std::int64_t i = 0; i < run.length; ++i)
        if (!run.valid(i)) return row + i;
    row += run.length;
  }
  return std::nullopt;
}

/// One run of values: the caller's own if it is one, else a copy.
template <class T>
std::pair<std::span<const T>, std::shared_ptr<const void>> in_one_run(Values<T> values) {
  using Owners = std::vector<std::shared_ptr<const void>>;
  if (values.runs.size() == 1)
    return {values.runs[0].values, std::make_shared<Owners>(std::move(values.owners))};
  std::size_t size = 0;
  for (const Column<T>& run : values.runs) size += run.size();
  auto held = std::make_shared<Buffer<T>>(size);
  T* to = held->data();
  for (const Column<T>& run : values.runs) to = std::ranges::copy(run.values, to).out;
  return {held->span(), held};
}

}  // namespace

KeyColumn::KeyColumn(const InputColumn& column, bool segment, const Poll& poll) : name_(column.name) {
  const auto null_row = first_null(column);
  if (null_row && !segment)
    throw_null(name_, *null_row, "E_KEY_NULL", "missing name of a series",
               "Give the row its series, or leave it out.");
  const bool whole =
      column.type.kind == python::Kind::signed_integer || column.type.kind == python::Kind::unsigned_integer;
  if (segment && (null_row || !whole) && column.type.kind != python::Kind::text) {
    kind_ = Kind::codes;
    codes_ = to_labels(column, poll);
    return;
  }
  if (column.type.kind == python::Kind::text && !null_row) {
    kind_ = Kind::texts;
    text_bits_ = column.type.bits;
    owners_ = column.owners;
    std::size_t row = 0;
    for (const Array& run : column.runs) {
      if (run.length > 0) pieces_.push_back({row, run});
      row += static_cast<std::size_t>(run.length);
    }
    return;
  }
  IdColumn ids = segment && !whole ? IdColumn(to_labels(column, poll)) : to_ids(column, poll);
  if (auto* codes = std::get_if<CodedColumn>(&ids)) {
    kind_ = Kind::codes;
    codes_ = std::move(*codes);
    const auto null = std::ranges::find(codes_.codes, null_code);
    if (!segment && null != codes_.codes.end())
      throw_null(name_, null - codes_.codes.begin(), "E_KEY_NULL", "missing name of a series",
                 "Give the row its series, or leave it out.");
    return;
  }
  kind_ = Kind::numbers;
  auto [values, owner] = in_one_run(std::get<Values<std::int64_t>>(std::move(ids)));
  numbers_ = values;
  owners_.push_back(std::move(owner));
}

const KeyColumn::Piece& KeyColumn::piece_of(std::size_t row) const noexcept {
  if (pieces_.size() == 1) return pieces_[0];
  return *(std::ranges::upper_bound(pieces_, row, {}, &Piece::first_row) - 1);
}

std::string_view KeyColumn::text(std::size_t row) const {
  if (kind_ == Kind::codes) {
    const std::int32_t code = codes_.codes[row];
    return code == null_code ? no_label : std::string_view((*codes_.labels)[static_cast<std::size_t>(code)]);
  }
  const Piece& piece = piece_of(row);
  const auto text = text_at(text_bits_, piece.run, static_cast<std::int64_t>(row - piece.first_row));
  if (!text) throw_invalid(name_, static_cast<std::int64_t>(row), "the offsets of a text make no sense");
  return *text;
}

std::string KeyColumn::shown(std::size_t row) const {
  return is_number() ? std::to_string(number(row)) : printable(text(row));
}

void KeyColumn::mark_changes(std::size_t first, std::span<std::uint8_t> changed) const {
  const auto mark_all = [&](const auto* values) {
    for (std::size_t i = 0; i < changed.size(); ++i)
      changed[i] |= static_cast<std::uint8_t>(values[first + i] != values[first + i - 1]);
  };
  if (kind_ == Kind::numbers) return mark_all(numbers_.data());
  if (kind_ == Kind::codes) return mark_all(codes_.codes.data());
  const std::size_t end = first + changed.size();
  for (std::size_t row = first; row < end;) {
    const Piece& piece = piece_of(row);
    const std::size_t last = std::min(end, piece.first_row + static_cast<std::size_t>(piece.run.length));
    std::uint8_t* const marks = changed.data() + (row - first);
    if (row == piece.first_row) {  // the row before lies elsewhere
      marks[0] |= static_cast<std::uint8_t>(text(row) != text(row - 1));
      mark_texts(piece, row + 1, last, marks + 1);
    } else {
      mark_texts(piece, row, last, marks);
    }
    row = last;
  }
}

void KeyColumn::mark_texts(const Piece& piece, std::size_t from, std::size_t end,
                           std::uint8_t* changed) const {
  if (text_bits_ != 0) {
    for (std::size_t row = from; row < end; ++row)
      changed[row - from] |= static_cast<std::uint8_t>(text(row) != text(row - 1));
    return;
  }
  // Views of 16 bytes: equal ones are equal texts, and so are those of up to 12 bytes only.
  const char* const views = static_cast<const char*>(piece.run.values) +
                            (piece.run.offset - static_cast<std::int64_t>(piece.first_row)) * 16;
  constexpr std::uint64_t short_text = 12;
  std::uint64_t before[2], now[2];
  if (from < end) std::memcpy(before, views + (from - 1) * 16, sizeof before);
  for (std::size_t row = from; row < end; ++row) {
    std::memcpy(now, views + row * 16, sizeof now);
    const bool same_start = now[0] == before[0], same_rest = now[1] == before[1];
    bool differs = !(same_start && same_rest);
    if (same_start && !same_rest && (now[0] & 0xFFFFFFFFU) > short_text) differs = text(row) != text(row - 1);
    changed[row - from] |= static_cast<std::uint8_t>(differs);
    std::memcpy(before, now, sizeof before);
  }
}

std::strong_ordering KeyColumn::compare(std::size_t row, const KeyColumn& other,
                                        std::size_t other_row) const {
  if (is_number() != other.is_number())
    throw_input({.code = "E_KEY_TYPE",
                 .what = std::string("is ") +
                         (is_number() ? "a number here and a text" : "a text here and a number") +
                         " in the other table",
                 .column = name_,
                 .remedy = "Give both tables keys of one type."});
  if (is_number()) return number(row) <=> other.number(other_row);
  return text(row) <=> other.text(other_row);
}

Ranks ranked(std::span<const std::int64_t> values) {
  Ranks ranks{std::vector<std::uint32_t>(values.size()), 0};
  if (values.empty()) return ranks;
  const auto [low, high] = std::ranges::minmax(values);
  const auto range = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
  if (range < 2 * values.size() + 1024) {
    std::vector<std::uint32_t> rank(range + 1);
    for (const std::int64_t value : values) rank[static_cast<std::size_t>(value - low)] = 1;
    for (std::uint32_t& seen : rank) seen = seen != 0 ? static_cast<std::uint32_t>(ranks.count++) : 0;
    for (std::size_t i = 0; i < values.size(); ++i)
      ranks.of[i] = rank[static_cast<std::size_t>(values[i] - low)];
    return ranks;
  }
  std::vector<std::int64_t> distinct(values.begin(), values.end());
  std::ranges::sort(distinct);
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  for (std::size_t i = 0; i < values.size(); ++i)
    ranks.of[i] =
        static_cast<std::uint32_t>(std::ranges::lower_bound(distinct, values[i]) - distinct.begin());
  ranks.count = distinct.size();
  return ranks;
}

Ranks KeyColumn::ranks(std::span<const std::uint32_t> rows) const {
  if (is_number()) {
    std::vector<std::int64_t> values;
    values.reserve(rows.size());
    for (const std::uint32_t row : rows) values.push_back(number(row));
    return ranked(values);
  }
  Ranks ranks{std::vector<std::uint32_t>(rows.size()), 0};
  Dictionary dictionary;
  for (std::size_t i = 0; i < rows.size(); ++i)
    ranks.of[i] = static_cast<std::uint32_t>(dictionary.encode(text(rows[i])));
  const std::vector<std::string>& labels = dictionary.labels();
  std::vector<std::uint32_t> order(labels.size()), place(labels.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::sort(order, {}, [&](std::uint32_t label) -> const std::string& { return labels[label]; });
  for (std::size_t i = 0; i < order.size(); ++i) place[order[i]] = static_cast<std::uint32_t>(i);
  for (std::uint32_t& rank : ranks.of) rank = place[rank];
  ranks.count = labels.size();
  return ranks;
}

void KeyColumn::add_to(Output& output, std::span<const std::uint32_t> rows) const {
  if (is_number()) {
    std::vector<std::int64_t> values;
    values.reserve(rows.size());
    for (const std::uint32_t row : rows) values.push_back(number(row));
    return output.add(name_, std::move(values));
  }
  Texts texts;
  texts.offsets.reserve(rows.size() + 1);
  for (const std::uint32_t row : rows) texts.push_back(text(row));
  output.add(name_, std::move(texts));
}

std::strong_ordering compare_keys(std::span<const KeyColumn> keys, std::size_t row,
                                  std::span<const KeyColumn> others, std::size_t other_row) {
  for (std::size_t i = 0; i < keys.size(); ++i)
    if (const auto order = keys[i].compare(row, others[i], other_row); order != 0) return order;
  return std::strong_ordering::equal;
}

Day TimeColumn::day(std::size_t row) const noexcept {
  std::int64_t value = at(row);
  if (kind == Kind::instants) value = value / per_day - (value % per_day < 0 ? 1 : 0);
  return static_cast<Day>(std::clamp<std::int64_t>(value, min_day, max_day));
}

std::string TimeColumn::shown(std::size_t row) const {
  if (kind == Kind::numbers) return std::to_string(numbers[row]);
  const std::string text = format_day(day(row));
  if (kind == Kind::days) return months ? text.substr(0, 7) : text;
  const std::int64_t rest = numbers[row] - std::int64_t{day(row)} * per_day;
  if (rest == 0) return text;
  const std::int64_t seconds = rest / (per_day / 86'400);
  const auto two = [](std::int64_t value) { return (value < 10 ? "0" : "") + std::to_string(value); };
  return text + " " + two(seconds / 3600) + ":" + two(seconds / 60 % 60) + ":" + two(seconds % 60);
}

TimeColumn to_times(const Input& input, const std::optional<std::string>& name, const Poll& poll) {
  if (!name) return {};
  const InputColumn& given = input.at(*name);
  TimeColumn times;
  times.name = *name;
  const auto refuse_null = [&](std::int64_t row) {
    throw_null(*name, row, "E_DATE_NULL", "there is no period", "Give the row its period, or leave it out.");
  };
  const auto take_days = [&](Values<Day> values) {
    if (const auto row = first_null(values)) refuse_null(*row);
    times.kind = TimeColumn::Kind::days;
    std::tie(times.days, times.owner) = in_one_run(std::move(values));
  };
  const auto take_numbers = [&](Values<std::int64_t> values, TimeColumn::Kind kind) {
    if (const auto row = first_null(values)) refuse_null(*row);
    times.kind = kind;
    std::tie(times.numbers, times.owner) = in_one_run(std::move(values));
  };
  if (holds_texts(given.type)) {
    bool months = true;
    take_days(parse_each<Day>(given, poll, [&](std::string_view text, Day& day, Fault& fault) {
      months = months && text.size() == 7;
      try {
        day = parse_day_or_month(text);
        return true;
      } catch (const InputError& error) {
        fault = error.fault();
        if (fault.remedy.empty())
          fault.remedy = "Write periods as \"2024-01\" or \"2024-01-31\", or as whole numbers.";
        return false;
      }
    }));
    times.months = months;
    return times;
  }
  const InputColumn column = decoded(given, poll);
  if (column.type.kind == Kind::day && column.type.bits == 32) {
    take_days(borrowed<Day>(column));
  } else if (column.type.kind == Kind::day || column.type.kind == Kind::timestamp) {
    times.per_day = column.type.per_day;
    take_numbers(borrowed<std::int64_t>(column), TimeColumn::Kind::instants);
    if (column.type.lowest_is_null)
      if (const auto row = std::ranges::find(times.numbers, INT64_MIN); row != times.numbers.end())
        refuse_null(row - times.numbers.begin());
  } else {
    take_numbers(to_whole_numbers(column, poll), TimeColumn::Kind::numbers);
  }
  return times;
}

void add_times(Output& output, const TimeColumn& times, std::span<const std::uint32_t> rows) {
  if (times.kind == TimeColumn::Kind::numbers) {
    std::vector<std::int64_t> values;
    for (const std::uint32_t row : rows) values.push_back(times.numbers[row]);
    return output.add(times.name, std::move(values));
  }
  const bool whole = std::ranges::all_of(rows, [&](std::uint32_t row) {
    return times.kind == TimeColumn::Kind::days || times.numbers[row] % times.per_day == 0;
  });
  if (whole) {
    std::vector<Day> values;
    for (const std::uint32_t row : rows) values.push_back(times.day(row));
    return output.add(times.name, std::move(values));
  }
  Texts texts;
  for (const std::uint32_t row : rows) texts.push_back(times.shown(row));
  output.add(times.name, std::move(texts));
}

}  // namespace tenure::python
