#pragma once

#include <iterator>
#include <set>

#include "convert.hpp"

/// Chunks of different columns end at different rows. Between two cuts every column is one run, which is what
/// the kernels read.
namespace tenure::python {

class Cuts {
 public:
  explicit Cuts(std::int64_t rows) : bounds_{0, rows} {}

  template <class T>
  void add(const Values<T>& values) {
    std::int64_t at = 0;
    for (const Column<T>& run : values.runs) bounds_.insert(at += static_cast<std::int64_t>(run.size()));
  }
  void add(const CodedColumn&) noexcept {}  // always one run
  template <class... Kinds>
  void add(const std::variant<Kinds...>& column) {
    std::visit([this](const auto& values) { add(values); }, column);
  }
  template <class Any>
  void add(const std::optional<Any>& column) {
    if (column) add(*column);
  }

  /// What make(begin, length) gives for every piece; one empty piece for a table without rows.
  template <class Make>
  auto pieces(Make&& make) const {
    std::vector<decltype(make(std::int64_t{}, std::int64_t{}))> all;
    for (auto begin = bounds_.begin(); std::next(begin) != bounds_.end(); ++begin)
      all.push_back(make(*begin, *std::next(begin) - *begin));
    if (all.empty()) all.push_back(make(0, 0));
    return all;
  }

 private:
  std::set<std::int64_t> bounds_;
};

/// The rows [begin, begin + length) of a column, as kernels take them; nothing of a column that is not there.
inline Ids cut(const IdColumn& ids, std::int64_t begin, std::int64_t length) {
  if (const auto* texts = std::get_if<CodedColumn>(&ids)) return Ids(texts->cut(begin, length));
  const Column<std::int64_t> numbers = std::get<Values<std::int64_t>>(ids).cut(begin, length);
  return Ids(numbers.values, numbers.valid);
}
inline Amounts cut(const AmountColumn& amounts, std::int64_t begin, std::int64_t length) {
  return std::visit([&](const auto& values) { return Amounts(values.cut(begin, length)); }, amounts);
}
inline Amounts cut(const std::optional<AmountColumn>& amounts, std::int64_t begin, std::int64_t length) {
  return amounts ? cut(*amounts, begin, length) : Amounts();
}
template <class T>
Column<T> cut(const std::optional<Values<T>>& values, std::int64_t begin, std::int64_t length) {
  return values ? values->cut(begin, length) : Column<T>();
}
template <class T>
std::span<const T> cut(const std::optional<std::vector<T>>& values, std::int64_t begin, std::int64_t length) {
  if (!values) return {};
  return std::span(*values).subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(length));
}

}  // namespace tenure::python
