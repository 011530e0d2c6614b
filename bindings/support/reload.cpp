#include "reload.hpp"

#include <set>

#include "tenure/core/error.hpp"

namespace tenure::python {

std::unique_ptr<LoadedBook> Reloader::operator()(const Policy& policy) {
  const std::string zone = policy.get("timezone");
  const auto tables = by_zone_.find(zone);
  if (tables == by_zone_.end())
    throw_option({.code = "E_TIMEZONE",
                  .what = "days were not prepared for timezone=" + zone,
                  .value = zone,
                  .remedy = "Give the book the zone of its days: timezone= of Book, or of its policy."});
  auto book = load(tables->second, policy, options_, view_);
  if (heard_) heard_(++readings_);
  return book;
}

std::vector<std::string> Reloader::in_play(const LoadedBook& a, const LoadedBook& b) const {
  std::set<std::string> options;
  for (const LoadedBook* book : {&a, &b})
    for (std::string& option : book->options_in_play()) options.insert(std::move(option));
  const Tables& tables = by_zone_.begin()->second;
  if (tables.contracts && tables.invoices) options.insert("mrr_source");
  options.erase("timezone");
  if (zones_matter_) options.insert("timezone");
  return {options.begin(), options.end()};
}

}  // namespace tenure::python
