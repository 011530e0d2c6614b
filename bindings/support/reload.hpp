#pragma once

#include <map>
#include <string>

#include "load.hpp"

namespace tenure::python {

/// Reads the same tables under one policy after the other.
class Reloader {
 public:
  /// Hears after every reading how many there were.
  using Heard = std::function<void(std::int64_t)>;

  /// `by_zone`: tables with their days in the zone of a policy, by its option `timezone`. They differ only
  /// if `zones_matter`. `view`: what to ask of each book.
  Reloader(std::map<std::string, Tables> by_zone, bool zones_matter, LoadOptions options, View view,
           Heard heard)
      : by_zone_(std::move(by_zone)),
        zones_matter_(zones_matter),
        options_(std::move(options)),
        view_(view),
        heard_(std::move(heard)) {}

  std::unique_ptr<LoadedBook> operator()(const Policy& policy);
  /// Options that can make a difference between two policies that were read.
  std::vector<std::string> in_play(const LoadedBook& a, const LoadedBook& b) const;

 private:
  std::map<std::string, Tables> by_zone_;
  bool zones_matter_;
  LoadOptions options_;
  View view_;
  Heard heard_;
  std::int64_t readings_ = 0;
};

}  // namespace tenure::python
