#include "../../core/names.hpp"
#include "../invoice.hpp"

namespace tenure {

namespace detail {

inline constexpr std::array<Named<InvoiceLineKind>, 5> invoice_line_kinds{
    {{"recurring", InvoiceLineKind::recurring},
     {"usage", InvoiceLineKind::usage},
     {"one_time", InvoiceLineKind::one_time},
     {"credit", InvoiceLineKind::credit},
     {"refund", InvoiceLineKind::refund}}};

inline LeftOut left_out_line(const LoadingPolicy& policy, const InvoiceLine& line) noexcept {
  switch (line.kind) {
    case InvoiceLineKind::usage:
      return left_out_by_kind(policy, ChargeKind::usage);
    case InvoiceLineKind::one_time:
      return left_out_by_kind(policy, ChargeKind::one_time);
    case InvoiceLineKind::refund:
      if (policy.refund == Refund::ignored) return LeftOut::refund;
      break;
    default:
      break;
  }
  return left_out_by_kind(policy, ChargeKind::recurring);
}

/// What a billed amount comes to in a year.
inline int128 annual_of_line(const LoadingPolicy& policy, const InvoiceLine& line, int128 billed) noexcept {
  if (!line.prorated)
    return line.interval ? annual_micros(policy, *line.interval, billed)
                         : annual_of_service(policy, billed, line.service_start, line.service_end);
  const Interval interval = line.interval.value_or(Interval{});
  if (policy.prorated_line == ProratedLine::as_invoiced) return annual_micros(policy, interval, billed);
  const Day full = after_interval(interval, line.service_start) - line.service_start;
  const IntervalFactor factor = yearly_factor(policy, interval.unit);
  return divide_half_even(billed * factor.numerator * full, int128{factor.denominator} * interval.count *
                                                                (line.service_end - line.service_start));
}

}  // namespace detail

TENURE_INLINE InvoiceLineKind parse_invoice_line_kind(std::string_view name) {
  return parse_named<InvoiceLineKind>(detail::invoice_line_kinds, name, "kind", "E_ENUM");
}

TENURE_INLINE void read_invoice_line(const LoadingPolicy& policy, const InvoiceLine& line, int exponent,
                                     Worth& worth) {
  worth.clear();
  worth.contract_end = line.service_end;
  worth.left_out = detail::left_out_line(policy, line);
  if (policy.mrr_source == MrrSource::payment && line.has_paid_on && !line.paid_on)
    worth.left_out = LeftOut::unpaid;
  const Day start = line.service_start;
  if (worth.left_out != LeftOut::no || start >= line.service_end) return;

  const int128 billed = int128{line.amount} - (policy.tax == Tax::excluded ? line.tax : 0);
  const bool annual = line.interval && detail::is_annual(*line.interval);
  const bool lowered = detail::lowers(policy.discounts, line.discount_duration, annual);
  const auto rate = [&](int128 amount) {
    return rounded_line(policy.rounding, detail::annual_of_line(policy, line, amount), exponent);
  };
  const int128 gross = rate(billed + line.discount), net = lowered ? rate(billed) : gross;
  detail::put_stretch(worth.net, net, start, line.service_end, worth.fits);
  if (gross != net) detail::put_stretch(worth.discount, gross - net, start, line.service_end, worth.fits);
}

}  // namespace tenure
