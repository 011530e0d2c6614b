#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "error.hpp"

/// Options by name: one place that turns a string into an enum and, when it cannot, names the nearest known
/// one.
namespace tenure {

template <class Enum>
struct Named {
  std::string_view name;
  Enum value;
};

/// Levenshtein distance.
inline std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

template <class Enum>
Enum parse_named(std::span<const Named<Enum>> known, std::string_view name, std::string_view option,
                 std::string_view code) {
  if (known.empty())
    throw_option({.code = std::string(code),
                  .what = std::string(option) + "='" + printable(name) + "': there is nothing to choose from",
                  .value = printable(name)});
  const Named<Enum>* nearest = nullptr;
  std::size_t best = std::string_view::npos;
  std::string all;
  for (const auto& entry : known) {
    if (entry.name == name) return entry.value;
    if (const std::size_t distance = edit_distance(entry.name, name); distance < best) {
      best = distance;
      nearest = &entry;
    }
    all += (all.empty() ? "" : ", ") + std::string(entry.name);
  }
  throw_option({.code = std::string(code),
                .what = std::string(option) + "='" + printable(name) + "' is not known; did you mean '" +
                        std::string(nearest->name) + "'?",
                .value = printable(name),
                .remedy = "Known: " + all + "."});
}

template <class Enum>
constexpr std::string_view find_name(std::span<const Named<Enum>> known, Enum value) noexcept {
  for (const auto& entry : known)
    if (entry.value == value) return entry.name;
  return {};
}

}  // namespace tenure
