#include "array.hpp"

#include <charconv>

#include "tenure/core/error.hpp"

namespace tenure::python {

namespace {

constexpr std::int64_t seconds_per_day = 86'400;

Type integer(int bits, bool is_signed) {
  return {.kind = is_signed ? Kind::signed_integer : Kind::unsigned_integer,
          .bits = bits,
          .name = (is_signed ? "int" : "uint") + std::to_string(bits)};
}

Type timestamp(std::string_view format) {
  const char letter = format[2];
  const std::int64_t per_second = letter == 's'   ? 1
                                  : letter == 'm' ? 1'000
                                  : letter == 'u' ? 1'000'000
                                                  : 1'000'000'000;
  const std::string zone(format.substr(4));
  const std::string unit = letter == 's' ? "s" : std::string(1, letter) + "s";
  return {.kind = Kind::timestamp,
          .bits = 64,
          .per_day = per_second * seconds_per_day,
          .zone = zone,
          .name = "timestamp[" + unit + (zone.empty() ? "" : ", " + zone) + "]"};
}

/// "d:precision,scale" or "d:precision,scale,bits".
Type decimal(std::string_view format) {
  int parts[3] = {0, 0, 128};
  std::size_t at = 2;
  for (int& part : parts) {
    if (at >= format.size()) break;
    const auto [end, error] = std::from_chars(format.data() + at, format.data() + format.size(), part);
    if (error != std::errc{}) return {.name = std::string(format)};
    at = static_cast<std::size_t>(end - format.data()) + 1;
  }
  Type type{.kind = Kind::decimal, .bits = parts[2], .scale = parts[1]};
  type.name = "decimal(" + std::to_string(parts[0]) + ", " + std::to_string(parts[1]) + ")";
  if (type.bits != 32 && type.bits != 64 && type.bits != 128) type.kind = Kind::unsupported;
  return type;
}

std::string nested_name(const ArrowSchema& schema) {
  const std::string_view format = schema.format;
  std::string inside;
  for (std::int64_t i = 0; i < schema.n_children; ++i)
    inside += (i == 0 ? "" : ", ") + parse_type(*schema.children[i]).name;
  if (format == "+s") return "struct<" + inside + ">";
  if (format == "+m") return "map<" + inside + ">";
  if (format.starts_with("+l") || format.starts_with("+L") || format.starts_with("+w") ||
      format.starts_with("+v"))
    return "list<" + inside + ">";
  return "Arrow format '" + printable(format) + "'";
}

Type plain_type(const ArrowSchema& schema) {
  const std::string_view format = schema.format == nullptr ? "" : schema.format;
  if (format.size() == 1) {
    switch (format[0]) {
      case 'n':
        return {.kind = Kind::null, .name = "null"};
      case 'b':
        return {.kind = Kind::boolean, .bits = 1, .name = "bool"};
      case 'c':
        return integer(8, true);
      case 's':
        return integer(16, true);
      case 'i':
        return integer(32, true);
      case 'l':
        return integer(64, true);
      case 'C':
        return integer(8, false);
      case 'S':
        return integer(16, false);
      case 'I':
        return integer(32, false);
      case 'L':
        return integer(64, false);
      case 'f':
        return {.kind = Kind::floating, .bits = 32, .name = "float32"};
      case 'g':
        return {.kind = Kind::floating, .bits = 64, .name = "float64"};
      case 'u':
        return {.kind = Kind::text, .bits = 32, .name = "string"};
      case 'U':
        return {.kind = Kind::text, .bits = 64, .name = "string"};
      default:
        break;
    }
  }
  if (format == "vu") return {.kind = Kind::text, .bits = 0, .name = "string"};
  if (format == "tdD") return {.kind = Kind::day, .bits = 32, .name = "date32"};
  if (format == "tdm") return {.kind = Kind::timestamp, .bits = 64, .per_day = 86'400'000, .name = "date64"};
  if (format.size() >= 4 && format.starts_with("ts") && format[3] == ':') return timestamp(format);
  if (format.starts_with("d:")) return decimal(format);
  return {.name = nested_name(schema)};
}

[[noreturn]] void refuse(std::string_view column, std::string what) {
  throw_input(
      {.code = "E_ARROW_INVALID",
       .what = std::move(what),
       .column = std::string(column),
       .remedy =
           "The producer of this Arrow data is at fault; export it again or pass another kind of frame."});
}

std::int64_t buffers_of(Kind kind) noexcept {
  switch (kind) {
    case Kind::null:
    case Kind::unsupported:
      return 0;
    case Kind::text:
      return 3;
    default:
      return 2;
  }
}

}  // namespace

Type parse_type(const ArrowSchema& schema) {
  Type type = plain_type(schema);
  if (schema.dictionary == nullptr) return type;
  if (type.kind != Kind::signed_integer && type.kind != Kind::unsigned_integer)
    return {.name = "dictionary without index"};
  type.index_signed = type.kind == Kind::signed_integer;
  type.kind = Kind::dictionary;
  type.values = std::make_shared<const Type>(parse_type(*schema.dictionary));
  type.name = "dictionary<" + type.values->name + ">";
  return type;
}

Array view_array(const ArrowArray& array, const Type& type, std::string_view column) {
  Array view{.length = array.length, .offset = array.offset};
  if (array.length < 0 || array.offset < 0) refuse(column, "an array has a negative length or offset");
  if (type.kind == Kind::null || type.kind == Kind::unsupported) return view;
  const std::int64_t wanted = type.kind == Kind::text && type.bits == 0 ? 2 : buffers_of(type.kind);
  if (array.n_buffers < wanted) refuse(column, "an array of type " + type.name + " lacks a buffer");
  if (array.null_count != 0) view.validity = static_cast<const std::uint8_t*>(array.buffers[0]);
  view.values = array.buffers[1];
  if (view.values == nullptr && array.length > 0)
    refuse(column, "an array of " + std::to_string(array.length) + " rows has no values");
  if (type.kind == Kind::text && type.bits != 0) view.bytes = static_cast<const char*>(array.buffers[2]);
  if (type.kind == Kind::text && type.bits == 0) {
    view.view_buffers = array.buffers + 2;
    view.view_buffer_count = array.n_buffers - 3;  // the last buffer holds the sizes of the others
  }
  if (type.kind == Kind::dictionary) {
    if (array.dictionary == nullptr) refuse(column, "a dictionary array comes without its dictionary");
    view.dictionary = std::make_shared<const Array>(view_array(*array.dictionary, *type.values, column));
  }
  return view;
}

}  // namespace tenure::python
