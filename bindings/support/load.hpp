#pragma once

#include <optional>
#include <string>
#include <vector>

#include "input.hpp"
#include "tenure/book.hpp"

namespace tenure::python {

/// Which column plays which part; the names of the caller.
struct Roles {
  std::string customer, start, amount;
  std::optional<std::string> end, interval_column, interval_count_column, quantity, subscription, product,
      currency_column;
  std::vector<std::string> by;
  std::string interval = "month";
  std::int32_t interval_count = 1;
  std::optional<std::string> currency;
  bool refuse_subminor = false;
};

/// A book and what was noticed at the door.
class LoadedBook : public Book {
 public:
  using Book::Book;

  /// Converts what needs it, cuts all columns where one of them is cut, and adds the pieces at once.
  void load(const Input& input, const Roles& roles, const std::function<void()>& poll);
  std::vector<Note> all_notes() const;

 private:
  std::vector<Note> door_notes_;
};

}  // namespace tenure::python
