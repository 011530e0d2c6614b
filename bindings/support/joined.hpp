#pragma once

#include <memory>
#include <vector>

#include "convert.hpp"
#include "tenure/model/subscription.hpp"

/// Columns in one run, for kernels that look at a table as a whole: the caller's memory where it is one run
/// already, else a copy.
namespace tenure::python {

template <class T>
struct Joined {
  Column<T> column;
  std::vector<std::shared_ptr<const void>> owners;
};

template <class T>
Joined<T> joined(const Values<T>& values) {
  if (values.runs.size() == 1) return {values.runs[0], values.owners};
  struct Held {
    Buffer<T> values;
    std::vector<std::uint8_t> bits;
  };
  std::size_t rows = 0;
  bool all = true;
  for (const Column<T>& run : values.runs) {
    rows += run.size();
    all = all && run.valid.all();
  }
  auto held = std::make_shared<Held>(Held{Buffer<T>(std::max<std::size_t>(rows, 1)), {}});
  if (!all) held->bits.assign(rows / 8 + 1, 0);
  std::size_t row = 0;
  for (const Column<T>& run : values.runs)
    for (std::size_t i = 0; i < run.size(); ++i, ++row) {
      held->values[row] = run.values[i];
      if (!all && run.valid[i])
        held->bits[row >> 3] = static_cast<std::uint8_t>(held->bits[row >> 3] | (1U << (row & 7)));
    }
  const Validity valid{all ? nullptr : held->bits.data(), 0};
  return {Column<T>(std::span<const T>(held->values.data(), rows), valid), {std::move(held)}};
}

/// Ids in one run; texts always are.
class JoinedIds {
 public:
  explicit JoinedIds(IdColumn ids) : ids_(std::move(ids)) {
    if (const auto* numbers = std::get_if<Values<std::int64_t>>(&ids_)) numbers_ = joined(*numbers);
  }
  Ids ids() const {
    if (const auto* texts = std::get_if<CodedColumn>(&ids_)) return Ids(Codes{texts->codes, *texts->labels});
    return Ids(numbers_.column.values, numbers_.column.valid);
  }

 private:
  IdColumn ids_;
  Joined<std::int64_t> numbers_;
};

/// Amounts in one run.
class JoinedAmounts {
 public:
  explicit JoinedAmounts(const AmountColumn& amounts) {
    std::visit(
        [&]<class T>(const Values<T>& values) {
          Joined<T> one = joined(values);
          amounts_ = Amounts(one.column);
          owners_ = std::move(one.owners);
        },
        amounts);
  }
  const Amounts& amounts() const noexcept { return amounts_; }

 private:
  Amounts amounts_;
  std::vector<std::shared_ptr<const void>> owners_;
};

}  // namespace tenure::python
