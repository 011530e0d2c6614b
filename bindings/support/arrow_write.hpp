#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "pybind.hpp"
#include "tenure/core/date.hpp"
#include "tenure/core/int128.hpp"
#include "tenure/core/money.hpp"
#include "tenure/core/ratio.hpp"
#include "tenure/revenue/reconcile.hpp"

/// Results on their way out: columns that own their memory and can be taken as an Arrow stream without a
/// copy.
namespace tenure::python {

struct Decimals {
  std::vector<int128> values;
  int scale = 0;
};
struct Texts {
  std::vector<std::int32_t> offsets = {0};
  std::string bytes;

  void push_back(std::string_view text);
};

/// Truths: a byte each for numpy, a bit each for Arrow.
struct Flags {
  std::vector<std::uint8_t> bytes, bits;

  void push_back(bool flag);
};

struct OutputColumn {
  using Data =
      std::variant<std::vector<Day>, std::vector<std::int64_t>, std::vector<double>, Decimals, Texts, Flags>;

  std::string name;
  Data data;
  bool nullable = false;
  std::vector<Undefined> reasons = {};      ///< why a row is null; no() where it is not
  std::vector<std::uint8_t> validity = {};  ///< Arrow bitmap, made from the reasons
  std::int64_t null_count = 0;
};

/// Money leaves as float or, rounded to the currency, as decimal.
struct MoneyFormat {
  bool decimal = false;
  int exponent = 2;
};

/// Monthly amounts (or of `months`) rounded half-even, each by itself.
Decimals to_decimals(const std::vector<RunRateSum>& amounts, int exponent, int months = 1);

class Output {
 public:
  explicit Output(std::size_t rows) : rows_(rows) {}

  std::size_t rows() const noexcept { return rows_; }
  const std::vector<OutputColumn>& columns() const noexcept { return columns_; }
  const OutputColumn& at(std::string_view name) const;

  /// Null where a reason says so.
  void add(std::string name, OutputColumn::Data data, std::vector<Undefined> reasons = {});
  void add(std::string name, std::vector<std::optional<double>> values, std::vector<Undefined> reasons);
  void add(std::string name, const std::vector<Ratio>& ratios);
  /// Monthly amounts; null where a reason says so. Decimals are rounded half-even, each by itself.
  void add_money(std::string name, const std::vector<RunRateSum>& amounts, MoneyFormat format,
                 std::vector<Undefined> reasons = {}, int months = 1);

 private:
  std::size_t rows_;
  std::vector<OutputColumn> columns_;
};

/// A column of ids as the caller gave them: whole numbers, or texts.
void add_ids(Output& output, const std::string& name, const std::vector<Id>& ids);

/// An `arrow_array_stream` capsule of one batch. The batch keeps the output alive.
py::capsule to_stream(std::shared_ptr<const Output> output);

}  // namespace tenure::python
