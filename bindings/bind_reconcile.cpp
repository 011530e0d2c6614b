#include <algorithm>

#include "support/arrow_write.hpp"
#include "support/common_labels.hpp"
#include "support/reload.hpp"
#include "support/signals.hpp"
#include "tenure/core/error.hpp"
#include "tenure/revenue/reconcile.hpp"

namespace tenure::python {

namespace {

/// A reconciliation, the first days of its periods, and how many customers are in A and B.
struct Reconciled {
  Reconciliation split;
  std::vector<Day> periods;
  std::vector<std::int64_t> customers_a, customers_b;

  std::size_t rows_of_period() const noexcept { return split.causes.size() + 2; }
};

using Span = std::tuple<std::string, std::string, std::string, int>;

Question to_question(const std::string& metric, const std::optional<std::string>& at,
                     const std::optional<Span>& span, const Policy& policy, int horizon) {
  Question question{.metric = parse_metric(metric), .when = Day{0}, .horizon = horizon};
  if (at) {
    question.when = parse_day(*at);
    return question;
  }
  const auto& [first, last, unit, fiscal_start] = span.value();
  const int week_start = static_cast<int>(policy.reporting.week_start);
  question.when = periods({parse_period_unit(unit), fiscal_start, week_start}, first, last);
  return question;
}

std::vector<Day> first_days(const Question& question) {
  if (const Day* day = std::get_if<Day>(&question.when)) return {*day};
  const std::vector<Day>& bounds = std::get<Periods>(question.when).bounds();
  return {bounds.begin(), bounds.end() - 1};
}

std::vector<std::int64_t> customers_of(const Shares& shares, std::size_t periods) {
  std::vector<std::int64_t> counts(periods, 0);
  for (const Share& share : shares.shares) ++counts[share.period];
  return counts;
}

Reconciled reconcile_tables(Reloader& read, const Policy& a, const Policy& b, const Question& question) {
  auto book_a = read(a), book_b = read(b);
  const std::vector<std::string> in_play = read.in_play(*book_a, *book_b);
  CommonLabels labels;
  Shares shares_a = labels.translate(book_a->shares(question));
  Shares shares_b = labels.translate(book_b->shares(question));
  shares_a.labels = shares_b.labels = labels.all();  // both tables were met: there will be no others
  book_a.reset();
  book_b.reset();
  const auto read_shares = [&](const Policy& policy) {
    check_signals();
    if (policy == a) return shares_a;
    if (policy == b) return shares_b;
    return labels.translate(read(policy)->shares(question));
  };
  return {reconcile(a, b, question, read_shares, in_play), first_days(question),
          customers_of(shares_a, question.periods()), customers_of(shares_b, question.periods())};
}

/// Amounts of a figure as they leave: MRR as money, shares and counts as floats.
class AmountColumn {
 public:
  AmountColumn(Metric metric, MoneyFormat format) : metric_(metric), format_(format) {}

  bool rounds() const noexcept { return metric_ == Metric::mrr && format_.decimal; }
  int128 unit() const noexcept { return rounding_unit(LineRounding::minor, format_.exponent); }
  double as_float(int128 amount, int128 scale) const noexcept {
    if (metric_ == Metric::mrr) return quotient(amount, scale * 12 * micros);
    return quotient(amount, is_share(metric_) ? scale * share_unit : scale);
  }

 private:
  Metric metric_;
  MoneyFormat format_;
};

std::string values_of(const Cause& cause, std::string Cause::Change::* side) {
  if (cause.changes.size() == 1) return cause.changes.front().*side;
  std::string text;
  for (const Cause::Change& change : cause.changes)
    text += (text.empty() ? "" : ", ") + change.option + "=" + change.*side;
  return text;
}

std::int64_t customers_in(const Cause& cause, std::size_t period) {
  return std::count_if(cause.customers.begin(), cause.customers.end(),
                       [&](const CauseShare& share) { return share.period == period; });
}

template <class T>
void append(std::vector<T>& to, const std::vector<T>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

/// What the rows of one period hold, in order: A, its causes, B.
struct PeriodRows {
  std::vector<double> amounts;
  std::vector<int128> rounded;
  std::vector<Undefined> reasons;
};

PeriodRows rows_of(const Reconciliation& split, std::size_t period, const AmountColumn& figure) {
  PeriodRows rows;
  const auto add = [&](std::optional<int128> amount, int128 scale) {
    rows.amounts.push_back(figure.as_float(amount.value_or(0), scale));
    rows.reasons.push_back(amount ? Undefined::no : Undefined::empty_base);
  };
  const bool splits = split.a[period] && split.b[period] && split.unsplit[period] == 0;
  add(split.a[period], 1);
  for (const Cause& cause : split.causes)
    add(splits ? std::optional(cause.amounts[period]) : std::nullopt, split.scale);
  add(split.b[period], 1);
  if (figure.rounds()) {
    rows.rounded.push_back(divide_half_even(*split.a[period], figure.unit()));
    append(rows.rounded, split.rounded(period, figure.unit()));
    rows.rounded.push_back(divide_half_even(*split.b[period], figure.unit()));
  }
  return rows;
}

Output cause_columns(const Reconciled& found, const std::string& name_a, const std::string& name_b,
                     MoneyFormat format) {
  const Reconciliation& split = found.split;
  const AmountColumn figure(split.metric, format);
  Output output(found.periods.size() * found.rows_of_period());
  std::vector<Day> periods;
  Texts causes, from, to;
  PeriodRows all;
  std::vector<std::int64_t> customers;
  for (std::size_t period = 0; period < found.periods.size(); ++period) {
    periods.insert(periods.end(), found.rows_of_period(), found.periods[period]);
    causes.push_back(name_a);
    from.push_back("");
    to.push_back("");
    customers.push_back(found.customers_a[period]);
    for (const Cause& cause : split.causes) {
      causes.push_back(cause.name());
      from.push_back(values_of(cause, &Cause::Change::from));
      to.push_back(values_of(cause, &Cause::Change::to));
      customers.push_back(customers_in(cause, period));
    }
    causes.push_back(name_b);
    from.push_back("");
    to.push_back("");
    customers.push_back(found.customers_b[period]);
    const PeriodRows rows = rows_of(split, period, figure);
    append(all.amounts, rows.amounts);
    append(all.rounded, rows.rounded);
    append(all.reasons, rows.reasons);
  }
  output.add("period", std::move(periods));
  output.add("cause", std::move(causes));
  output.add("from", std::move(from));
  output.add("to", std::move(to));
  if (figure.rounds())
    output.add("amount", Decimals{std::move(all.rounded), format.exponent});
  else
    output.add("amount", OutputColumn::Data(std::move(all.amounts)),
               is_share(split.metric) ? std::move(all.reasons) : std::vector<Undefined>());
  output.add("customers", std::move(customers));
  return output;
}

/// The customers of one cause. Decimals are rounded so that they add up to the cause.
struct CustomerRows {
  std::vector<Day> periods;
  Texts causes;
  std::vector<Id> customers;
  std::vector<double> amounts, bases;
  std::vector<int128> rounded;
};

/// Rounded so that they add up to the cause. Where a policy rounds totals, a cause may hold a cent that is no
/// customer's: then each is rounded by itself.
std::vector<int128> rounded_parts(const std::vector<int128>& amounts, int128 unit, int128 total) {
  try {
    return round_to_total(amounts, unit, total);
  } catch (const IntegrityError&) {
    std::vector<int128> parts;
    for (const int128 amount : amounts) parts.push_back(divide_half_even(amount, unit));
    return parts;
  }
}

void add_cause(CustomerRows& rows, const Reconciled& found, std::size_t at, const AmountColumn& figure) {
  const Reconciliation& split = found.split;
  const Cause& cause = split.causes[at];
  // What is added up in a share is MRR or customers, not the share.
  const bool counts = split.metric == Metric::customers || split.metric == Metric::customer_churn;
  const AmountColumn part(counts ? Metric::customers : Metric::mrr, {});
  for (auto begin = cause.customers.begin(); begin != cause.customers.end();) {
    const auto end = std::find_if(begin, cause.customers.end(),
                                  [&](const CauseShare& share) { return share.period != begin->period; });
    std::vector<int128> amounts;
    for (auto share = begin; share != end; ++share) {
      rows.periods.push_back(found.periods[share->period]);
      rows.causes.push_back(cause.name());
      rows.customers.push_back(share->customer);
      rows.amounts.push_back(part.as_float(share->amount, split.scale));
      rows.bases.push_back(part.as_float(share->denominator, split.scale));
      amounts.push_back(share->amount);
    }
    if (figure.rounds()) {
      const int128 total = split.rounded(begin->period, figure.unit())[at];
      append(rows.rounded, rounded_parts(amounts, figure.unit() * split.scale, total));
    }
    begin = end;
  }
}

Output customer_columns(const Reconciled& found, const std::optional<std::string>& cause,
                        MoneyFormat format) {
  const Reconciliation& split = found.split;
  const AmountColumn figure(split.metric, format);
  CustomerRows rows;
  for (std::size_t at = 0; at < split.causes.size(); ++at)
    if (!cause || split.causes[at].name() == *cause) add_cause(rows, found, at, figure);
  Output output(rows.periods.size());
  output.add("period", std::move(rows.periods));
  output.add("cause", std::move(rows.causes));
  add_ids(output, "customer", rows.customers);
  if (figure.rounds())
    output.add("amount", Decimals{std::move(rows.rounded), format.exponent});
  else
    output.add("amount", OutputColumn::Data(std::move(rows.amounts)));
  if (is_share(split.metric)) output.add("base", OutputColumn::Data(std::move(rows.bases)));
  return output;
}

using CauseTexts =
    std::vector<std::pair<std::string, std::vector<std::tuple<std::string, std::string, std::string>>>>;

CauseTexts texts_of(const Reconciliation& split) {
  CauseTexts all;
  for (const Cause& cause : split.causes) {
    all.emplace_back(cause.name(), CauseTexts::value_type::second_type());
    for (const auto& [option, from, to] : cause.changes) all.back().second.emplace_back(option, from, to);
  }
  return all;
}

}  // namespace

void bind_reconcile(py::module_& module) {
  py::class_<Reloader>(module, "Reloader", "Tables that are read under one policy after the other.")
      .def(py::init([](std::map<std::string, Tables> by_zone, bool zones_matter, const LoadOptions& options,
                       const View& view, std::optional<Reloader::Heard> progress) {
             Reloader::Heard heard;
             if (progress)
               heard = [tell = std::move(*progress)](std::int64_t readings) {
                 const py::gil_scoped_acquire lock;
                 tell(readings);
               };
             return Reloader(std::move(by_zone), zones_matter, options, view, std::move(heard));
           }),
           py::arg("by_zone"), py::kw_only(), py::arg("zones_matter"), py::arg("options"), py::arg("view"),
           py::arg("progress") = py::none());
  py::class_<Reconciled>(module, "Reconciliation", "A difference split; tenure.Reconciliation is its face.")
      .def(
          "columns",
          [](const Reconciled& found, const std::string& name_a, const std::string& name_b, bool decimal,
             int exponent) {
            return std::make_shared<Output>(cause_columns(found, name_a, name_b, {decimal, exponent}));
          },
          py::arg("name_a"), py::arg("name_b"), py::kw_only(), py::arg("decimal"), py::arg("exponent"))
      .def(
          "customers",
          [](const Reconciled& found, const std::optional<std::string>& cause, bool decimal, int exponent) {
            return std::make_shared<Output>(customer_columns(found, cause, {decimal, exponent}));
          },
          py::arg("cause"), py::kw_only(), py::arg("decimal"), py::arg("exponent"))
      .def_property_readonly(
          "causes", [](const Reconciled& found) { return texts_of(found.split); },
          "Names of causes, each with its options: name, value in A, value in B.")
      .def_property_readonly("sequential", [](const Reconciled& found) { return found.split.sequential; })
      .def_property_readonly("without_effect",
                             [](const Reconciled& found) { return found.split.without_effect; });
  module.def(
      "reconcile",
      [](Reloader& read, const Policy& a, const Policy& b, const std::string& metric,
         const std::optional<std::string>& at, const std::optional<Span>& span,
         int horizon) { return reconcile_tables(read, a, b, to_question(metric, at, span, a, horizon)); },
      py::arg("read"), py::arg("a"), py::arg("b"), py::kw_only(), py::arg("metric"), py::arg("at"),
      py::arg("span"), py::arg("horizon"), py::call_guard<py::gil_scoped_release>(),
      "Split the difference between two policies into causes.");
}

}  // namespace tenure::python
