#include <algorithm>

#include "../../core/error.hpp"
#include "../fx.hpp"

namespace tenure {

namespace detail {

/// The text in front of the next `separator`, which is taken off `rest` with it.
inline std::string_view take_until(std::string_view& rest, char separator) noexcept {
  const std::size_t at = rest.find(separator);
  const std::string_view taken = rest.substr(0, at);
  rest.remove_prefix(at == std::string_view::npos ? rest.size() : at + 1);
  return taken;
}

inline std::string_view trimmed(std::string_view text) noexcept {
  constexpr std::string_view blanks = " \t\r";
  const std::size_t first = text.find_first_not_of(blanks);
  return first == std::string_view::npos ? std::string_view()
                                         : text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

inline std::vector<std::string_view> fields_of(std::string_view line) {
  std::vector<std::string_view> fields;
  while (line.find(',') != std::string_view::npos) fields.push_back(trimmed(take_until(line, ',')));
  fields.push_back(trimmed(line));
  return fields;
}

struct EcbLine {
  std::int64_t number;  ///< from 1, the header's
  std::string_view text;
};

inline std::vector<EcbLine> ecb_lines(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  std::vector<EcbLine> lines;
  for (std::int64_t number = 1; !text.empty(); ++number)
    if (const std::string_view line = trimmed(take_until(text, '\n')); !line.empty())
      lines.push_back({number, line});
  return lines;
}

inline std::string at_line(std::int64_t number) { return "line " + std::to_string(number) + ": "; }

struct EcbHeader {
  std::size_t fields;  ///< of each line; the last is empty where lines end with a comma
  std::vector<Currency> currencies;
};

inline EcbHeader ecb_header(const EcbLine& line) {
  std::vector<std::string_view> fields = fields_of(line.text);
  EcbHeader header{fields.size(), {}};
  while (!fields.empty() && fields.back().empty()) fields.pop_back();
  if (fields.size() < 2 || fields.front() != "Date")
    throw_input({.code = "E_FX_FILE",
                 .what = at_line(line.number) + "the header is '" + printable(line.text) +
                         "'; expected Date and codes of currencies",
                 .value = printable(line.text),
                 .remedy = "Pass the text of eurofxref-hist.csv, not the zip archive around it."});
  const auto refuse = [&](Fault fault, std::size_t field) {
    fault.what = at_line(line.number) + "field " + std::to_string(field + 1) + ", " + fault.what;
    fault.column = printable(fields[field]);
    throw_input(std::move(fault));
  };
  for (std::size_t i = 1; i < fields.size(); ++i) {
    try {
      header.currencies.emplace_back(fields[i]);
    } catch (const InputError& error) {
      refuse(error.fault(), i);
    }
    if (std::count(header.currencies.begin(), header.currencies.end(), header.currencies.back()) > 1)
      refuse({.code = "E_FX_FILE",
              .what = "the currency has a column already",
              .value = std::string(fields[i]),
              .remedy = "Keep one of the two."},
             i);
  }
  return header;
}

inline void add_ecb_line(FxRates& rates, const EcbHeader& header, const EcbLine& line, std::int64_t row,
                         FaultList& faults) {
  const std::vector<std::string_view> fields = fields_of(line.text);
  const auto refuse = [&](Fault fault, std::string_view column) {
    fault.what = at_line(line.number) + fault.what;
    fault.column = std::string(column);
    fault.row = row;
    faults.add(std::move(fault));
  };
  if (fields.size() != header.fields)
    return refuse(
        {.code = "E_FX_FILE",
         .what = std::to_string(fields.size()) + " fields; the header has " + std::to_string(header.fields),
         .value = printable(line.text),
         .remedy = "The file may be cut short; download it again."},
        {});
  Day day = 0;
  try {
    day = parse_day(fields.front());
  } catch (const InputError& error) {
    Fault fault = error.fault();
    fault.code = "E_FX_FILE";
    return refuse(std::move(fault), "Date");
  }
  for (std::size_t i = 0; i < header.currencies.size(); ++i) {
    const std::string_view rate = fields[i + 1];
    if (rate.empty() || rate == "N/A") continue;
    try {
      rates.add(day, header.currencies[i], rate);
    } catch (const InputError& error) {
      refuse(error.fault(), header.currencies[i].code());
    }
  }
}

}  // namespace detail

TENURE_INLINE FxRates read_ecb(std::string_view text, FxOptions options) {
  FxRates rates(Currency("EUR"), options);
  const std::vector<detail::EcbLine> lines = detail::ecb_lines(text);
  if (lines.empty())
    throw_input(
        {.code = "E_FX_FILE", .what = "the file is empty", .remedy = "Pass the text of eurofxref-hist.csv."});
  const detail::EcbHeader header = detail::ecb_header(lines.front());
  FaultList faults;
  for (std::size_t i = lines.size(); i-- > 1;)  // the oldest day is the last, so that each line is appended
    detail::add_ecb_line(rates, header, lines[i], static_cast<std::int64_t>(i) - 1, faults);
  faults.raise();
  return rates;
}

}  // namespace tenure
