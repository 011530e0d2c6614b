#include "support/fx_tables.hpp"
#include "support/signals.hpp"

/// Exchange rates: from frames and from the file of the European Central Bank.
namespace tenure::python {

namespace {

Quotation quotation_of(bool base_per_unit) noexcept {
  return base_per_unit ? Quotation::base_per_unit : Quotation::units_per_base;
}

template <class Read>
std::shared_ptr<FxRates> unlocked(Read&& read) {
  SignalCheck signals;
  const py::gil_scoped_release released;
  return std::make_shared<FxRates>(read([&signals] { signals(); }));
}

using FxClass = py::class_<FxRates, std::shared_ptr<FxRates>>;

void bind_readers(FxClass& rates) {
  rates
      .def_static(
          "read_long",
          [](const Input& table, std::string base, std::int32_t max_days_back, std::string date,
             const std::string& currency, const std::string& rate, bool base_per_unit) {
            return unlocked([&](const Poll& poll) {
              return read_long({table, std::move(base), max_days_back, std::move(date)}, currency, rate,
                               quotation_of(base_per_unit), poll);
            });
          },
          py::arg("table"), py::kw_only(), py::arg("base"), py::arg("max_days_back"), py::arg("date"),
          py::arg("currency"), py::arg("rate"), py::arg("base_per_unit"), "A row for each rate.")
      .def_static(
          "read_pairs",
          [](const Input& table, std::string base, std::int32_t max_days_back, std::string date,
             const std::string& from, const std::string& to, const std::string& rate) {
            return unlocked([&](const Poll& poll) {
              return read_pairs({table, std::move(base), max_days_back, std::move(date)}, from, to, rate,
                                poll);
            });
          },
          py::arg("table"), py::kw_only(), py::arg("base"), py::arg("max_days_back"), py::arg("date"),
          py::arg("from_currency"), py::arg("to_currency"), py::arg("rate"),
          "A row for each rate between two currencies, of which one is the base.")
      .def_static(
          "read_wide",
          [](const Input& table, std::string base, std::int32_t max_days_back, std::string date,
             const std::vector<std::string>& columns, bool named, bool base_per_unit) {
            return unlocked([&](const Poll& poll) {
              return read_wide({table, std::move(base), max_days_back, std::move(date)}, columns, named,
                               quotation_of(base_per_unit), poll);
            });
          },
          py::arg("table"), py::kw_only(), py::arg("base"), py::arg("max_days_back"), py::arg("date"),
          py::arg("columns"), py::arg("named"), py::arg("base_per_unit"),
          "A row for each day and a column for each currency.")
      .def_static(
          "read_ecb",
          [](const py::bytes& text, std::int32_t max_days_back) {
            const auto view = static_cast<std::string_view>(text);
            return unlocked([&](const Poll&) { return read_ecb(view, {.max_days_back = max_days_back}); });
          },
          py::arg("text"), py::kw_only(), py::arg("max_days_back"), "The file eurofxref-hist.csv.");
}

}  // namespace

void bind_fx(py::module_& module) {
  FxClass rates(module, "FxRates", "Dated exchange rates; tenure.fx.Rates is its face.");
  bind_readers(rates);
  rates
      .def(
          "rate",
          [](const FxRates& self, const std::string& from, const std::string& to, const std::string& day) {
            return self.rate(Currency(from), Currency(to), parse_day(day, "day")).value();
          },
          py::arg("from_currency"), py::arg("to_currency"), py::arg("day"))
      .def(
          "exact",
          [](const FxRates& self, const std::string& from, const std::string& to, const std::string& day) {
            const Exchange rate = self.rate(Currency(from), Currency(to), parse_day(day, "day"));
            return to_string(rate.numerator) + "/" + to_string(rate.denominator);
          },
          py::arg("from_currency"), py::arg("to_currency"), py::arg("day"),
          "The rate as the text of a fraction in lowest terms.")
      .def(
          "convert",
          [](const FxRates& self, std::int64_t amount, const std::string& from, const std::string& to,
             const std::string& day) {
            return self.rate(Currency(from), Currency(to), parse_day(day, "day")).convert(amount);
          },
          py::arg("amount"), py::arg("from_currency"), py::arg("to_currency"), py::arg("day"),
          "Millionths of one currency in millionths of the other.")
      .def_property_readonly("base", [](const FxRates& self) { return std::string(self.base().code()); })
      .def_property_readonly("max_days_back",
                             [](const FxRates& self) { return self.options().max_days_back; })
      .def_property_readonly("currencies",
                             [](const FxRates& self) {
                               std::vector<std::string> codes;
                               for (const Currency& currency : self.currencies())
                                 codes.emplace_back(currency.code());
                               return codes;
                             })
      .def_property_readonly("first_day", &FxRates::first_day, "Days since 1970-01-01; 0 if there are none.")
      .def_property_readonly("last_day", &FxRates::last_day)
      .def_property_readonly("size", &FxRates::size)
      .def_property_readonly("digest", &FxRates::digest);
}

}  // namespace tenure::python
