#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "arrow_abi.hpp"

/// Columns of the caller before anybody knows what they are for: a type, and runs of rows in borrowed memory.
namespace tenure::python {

enum class Kind : std::uint8_t {
  null,
  boolean,
  signed_integer,
  unsigned_integer,
  floating,
  decimal,
  day,        ///< days since 1970-01-01
  timestamp,  ///< `per_day` of them make a day (date64 is one without a zone)
  text,
  dictionary,
  unsupported
};

struct Type {
  Kind kind = Kind::unsupported;
  int bits = 0;                 ///< width of a value; of a text's offsets, 0 for string views
  int scale = 0;                ///< of decimals
  std::int64_t per_day = 1;     ///< of timestamps
  std::string zone = {};        ///< of timestamps; empty for local time
  bool lowest_is_null = false;  ///< numpy's NaT
  std::shared_ptr<const Type> values =
      {};  ///< of dictionaries; `bits` and `index_signed` are those of the index
  bool index_signed = true;
  std::string name = {};  ///< for messages: "int64", "timestamp[us, UTC]"
};

/// What an Arrow format string says.
Type parse_type(const ArrowSchema& schema);

/// Rows that lie together. Borrowed: `Input::owners` keeps the memory.
struct Array {
  std::int64_t length = 0;
  std::int64_t offset = 0;                 ///< of row 0, in values
  const std::uint8_t* validity = nullptr;  ///< bitmap at `offset`, or null
  const void* values = nullptr;            ///< fixed-width values, offsets or views
  const char* bytes = nullptr;             ///< of texts
  const void* const* view_buffers = nullptr;
  std::int64_t view_buffer_count = 0;
  std::shared_ptr<const Array> dictionary = {};

  bool valid(std::int64_t row) const noexcept {
    if (validity == nullptr) return true;
    const std::int64_t at = row + offset;
    return ((validity[at >> 3] >> (at & 7)) & 1) != 0;
  }
};

/// Checks what can be checked without the sizes of the buffers; throws InputError E_ARROW_INVALID.
Array view_array(const ArrowArray& array, const Type& type, std::string_view column);

struct InputColumn {
  std::string name;
  Type type;
  std::vector<Array> runs;
  std::vector<std::shared_ptr<const void>> owners = {};

  std::int64_t size() const noexcept {
    std::int64_t total = 0;
    for (const Array& run : runs) total += run.length;
    return total;
  }
};

}  // namespace tenure::python
