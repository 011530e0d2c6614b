#include <algorithm>

#include "../detail/utf8.hpp"
#include "../error.hpp"

namespace tenure {

namespace detail {

inline std::string place(const Fault& fault) {
  std::string text;
  if (!fault.column.empty()) text = "column '" + printable(fault.column) + "'";
  if (fault.row) text += (text.empty() ? "row " : ", row ") + std::to_string(*fault.row);
  return text.empty() ? text : text + ": ";
}

inline std::string describe(const std::vector<Fault>& faults, std::int64_t count) {
  const Fault& first = faults.front();
  std::string text = place(first) + first.what;
  if (!first.remedy.empty()) text += "\n  " + first.remedy;
  text += "  [" + first.code + "]";
  if (count > 1) {
    text += "\n  " + std::to_string(count) + " such rows";
    const std::size_t shown = std::min<std::size_t>(faults.size(), 5);
    for (std::size_t i = 0; i < shown; ++i)
      if (faults[i].row) text += (i == 0 ? ": " : ", ") + std::to_string(*faults[i].row);
    if (count > static_cast<std::int64_t>(shown)) text += ", ...";
  }
  return text;
}

}  // namespace detail

TENURE_INLINE Error::Error(std::vector<Fault> faults, std::int64_t count)
    : std::runtime_error(detail::describe(faults, count)), faults_(std::move(faults)), count_(count) {}

TENURE_INLINE std::string printable(std::string_view value) {
  constexpr std::size_t longest = 80;
  static constexpr char hex[] = "0123456789abcdef";
  const bool readable = detail::is_utf8(value);  // else bytes above 127 are shown by number
  std::string text;
  for (const char c : value) {
    if (text.size() >= longest) {
      while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0) == 0x80) text.pop_back();
      if (!text.empty() && (static_cast<unsigned char>(text.back()) & 0x80) != 0) text.pop_back();
      return text + "...";
    }
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F || (byte > 0x7F && !readable))
      text += std::string("\\x") + hex[byte >> 4] + hex[byte & 15];
    else
      text += c;
  }
  return text;
}

namespace detail {

inline bool earlier(const Fault& a, const Fault& b) noexcept {
  return a.row.value_or(-1) < b.row.value_or(-1);
}

}  // namespace detail

TENURE_INLINE FaultList::Kind& FaultList::kind(const std::string& code) {
  for (Kind& known : kinds_)
    if (known.faults.front().code == code) return known;
  return kinds_.emplace_back();
}

TENURE_INLINE void FaultList::add(Fault fault) {
  Kind& same = kind(fault.code);
  ++same.count;
  same.faults.insert(std::upper_bound(same.faults.begin(), same.faults.end(), fault, detail::earlier),
                     std::move(fault));
  if (same.faults.size() > kept) same.faults.pop_back();
}

TENURE_INLINE void FaultList::merge(const FaultList& other) {
  for (const Kind& theirs : other.kinds_) {
    for (const Fault& fault : theirs.faults) add(fault);
    kind(theirs.faults.front().code).count += theirs.count - static_cast<std::int64_t>(theirs.faults.size());
  }
}

TENURE_INLINE void FaultList::raise() const {
  if (empty()) return;
  const Kind& first = *std::min_element(kinds_.begin(), kinds_.end(), [](const Kind& a, const Kind& b) {
    return detail::earlier(a.faults.front(), b.faults.front());
  });
  throw InputError(first.faults, first.count);
}

TENURE_INLINE void throw_input(Fault fault) { throw InputError(std::move(fault)); }
TENURE_INLINE void throw_option(Fault fault) { throw OptionError(std::move(fault)); }

}  // namespace tenure
