#include "support/load.hpp"
#include "support/signals.hpp"

/// Tables on their way into a book: which column plays which part, and the columns converted for it.
namespace tenure::python {

namespace {

template <class Roles>
void bind_key_roles(py::class_<Roles>& roles) {
  roles.def(py::init<>())
      .def_readwrite("customer", &Roles::customer)
      .def_readwrite("subscription", &Roles::subscription)
      .def_readwrite("product", &Roles::product)
      .def_readwrite("currency_column", &Roles::currency_column)
      .def_readwrite("interval_column", &Roles::interval_column)
      .def_readwrite("interval_count_column", &Roles::interval_count_column)
      .def_readwrite("recorded", &Roles::recorded)
      .def_readwrite("superseded", &Roles::superseded)
      .def_readwrite("id", &Roles::id)
      .def_readwrite("version", &Roles::version)
      .def_readwrite("invoiced", &Roles::invoiced)
      .def_readwrite("purchased", &Roles::purchased)
      .def_readwrite("by", &Roles::by)
      .def_readwrite("interval", &Roles::interval)
      .def_readwrite("interval_count", &Roles::interval_count)
      .def_readwrite("currency", &Roles::currency)
      .def_readwrite("refuse_subminor", &Roles::refuse_subminor);
}

/// Texts are parsed where they come in, so that a word nobody knows is refused before a table is read.
void bind_snapshot_options(py::module_& module) {
  using Text = std::optional<std::string>;
  py::class_<SnapshotOptions>(module, "SnapshotOptions", "How a feed of snapshots is read.")
      .def(py::init([](const std::string& absent, const std::string& missing, const Text& every,
                       const Text& last) {
             SnapshotOptions options{.absent = parse_absent(absent), .missing = parse_missing(missing)};
             if (every) options.every = Interval{parse_interval_unit(*every), 1};
             if (last) options.last = parse_day_or_month(*last, "last");
             return options;
           }),
           py::kw_only(), py::arg("absent"), py::arg("missing"), py::arg("every"), py::arg("last"));
}

void bind_contract_roles(py::module_& module) {
  py::class_<DiscountRoles>(module, "DiscountRoles", "Columns of one discount.")
      .def(py::init<ColumnName, ColumnName, ColumnName, ColumnName>(), py::arg("percent"), py::arg("amount"),
           py::arg("duration"), py::arg("until"));
  py::class_<ContractRoles> roles(module, "ContractRoles", "Columns of a table of contracts.");
  bind_key_roles(roles);
  roles.def_readwrite("start", &ContractRoles::start)
      .def_readwrite("end", &ContractRoles::end)
      .def_readwrite("amount", &ContractRoles::amount)
      .def_readwrite("quantity", &ContractRoles::quantity)
      .def_readwrite("snapshots", &ContractRoles::snapshots)
      .def_readwrite("status", &ContractRoles::status)
      .def_readwrite("kind", &ContractRoles::kind)
      .def_readwrite("discounts", &ContractRoles::discounts)
      .def_readwrite("tax", &ContractRoles::tax)
      .def_readwrite("renewal_amount", &ContractRoles::renewal_amount)
      .def_readwrite("invoiced_quantity", &ContractRoles::invoiced_quantity)
      .def_readwrite("cancel_requested", &ContractRoles::cancel_requested)
      .def_readwrite("paid_through", &ContractRoles::paid_through)
      .def_readwrite("dunning_end", &ContractRoles::dunning_end)
      .def_readwrite("first_payment", &ContractRoles::first_payment)
      .def_readwrite("first_paid_invoice", &ContractRoles::first_paid_invoice);
}

void bind_invoice_roles(py::module_& module) {
  py::class_<InvoiceRoles> roles(module, "InvoiceRoles", "Columns of a table of invoice lines.");
  bind_key_roles(roles);
  roles.def_readwrite("service_start", &InvoiceRoles::service_start)
      .def_readwrite("service_end", &InvoiceRoles::service_end)
      .def_readwrite("amount", &InvoiceRoles::amount)
      .def_readwrite("tax", &InvoiceRoles::tax)
      .def_readwrite("discount", &InvoiceRoles::discount)
      .def_readwrite("discount_duration", &InvoiceRoles::discount_duration)
      .def_readwrite("kind", &InvoiceRoles::kind)
      .def_readwrite("prorated", &InvoiceRoles::prorated)
      .def_readwrite("paid_on", &InvoiceRoles::paid_on);
}

void bind_options(py::module_& module) {
  using Rates = std::optional<std::shared_ptr<FxRates>>;
  py::class_<LoadOptions>(module, "LoadOptions", "How tables are read, whatever the policy.")
      .def(py::init([](bool drop_reversed, bool refuse_early, int threads,
                       const std::optional<std::string>& reporting_currency, const Rates& rates) {
             return LoadOptions{drop_reversed, refuse_early, threads,
                                reporting_currency ? Currency(*reporting_currency) : Currency(),
                                rates.value_or(nullptr)};
           }),
           py::kw_only(), py::arg("drop_reversed"), py::arg("refuse_early"), py::arg("threads"),
           py::arg("reporting_currency"), py::arg("rates"));
  using Text = std::optional<std::string>;
  py::class_<View>(module, "View", "Which rows of a book are asked, and at which rates.")
      .def(py::init([](const Text& known_at, const Text& local, const Text& rates_of) {
             View view;
             if (known_at) view.known_at = parse_day(*known_at, "known_at");
             if (local) view.local = Currency(*local);
             if (rates_of) view.rates_of = parse_day(*rates_of, "day");
             return view;
           }),
           py::arg("known_at"), py::arg("local"), py::arg("rates_of"));
}

template <class Table, class Roles>
void bind_source(py::module_& module, const char* name, const char* about) {
  py::class_<Table, std::shared_ptr<Table>>(module, name, about)
      .def(py::init([](const Input& table, const Roles& roles) {
             SignalCheck signals;
             const py::gil_scoped_release unlocked;
             return std::make_shared<Table>(table, roles, [&signals] { signals(); });
           }),
           py::arg("table"), py::arg("roles"))
      .def_property_readonly("rows", &Table::rows);
}

}  // namespace

void bind_sources(py::module_& module) {
  bind_snapshot_options(module);
  bind_contract_roles(module);
  bind_invoice_roles(module);
  bind_options(module);
  bind_source<ContractTable, ContractRoles>(module, "ContractTable", "Contracts, ready to be read.");
  bind_source<InvoiceTable, InvoiceRoles>(module, "InvoiceTable", "Invoice lines, ready to be read.");
  py::class_<Tables>(module, "Tables", "What a book is read from: contracts, invoice lines or both.")
      .def(py::init([](const std::optional<std::shared_ptr<ContractTable>>& contracts,
                       const std::optional<std::shared_ptr<InvoiceTable>>& invoices) {
             if (!contracts && !invoices) throw py::value_error("there is nothing to read");
             return Tables{contracts.value_or(nullptr), invoices.value_or(nullptr)};
           }),
           py::arg("contracts"), py::arg("invoices"))
      .def("reads_invoices", &reads_invoices, py::arg("policy"),
           "Whether a book of this policy reads the invoice lines.");
}

}  // namespace tenure::python
