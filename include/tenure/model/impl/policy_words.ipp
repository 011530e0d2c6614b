// Included by policy_options.ipp: the values of options, by name and in words.

namespace tenure::detail {

/// A value of an option, by name and in words.
template <class Enum>
struct Worded {
  std::string_view name;
  Enum value;
  std::string_view words;
};

namespace words {

inline constexpr Worded<MrrSource> mrr_sources[] = {
    {"contract", MrrSource::contract, "MRR comes from the prices agreed on"},
    {"invoice_line", MrrSource::invoice_line, "MRR comes from invoice lines and their service periods"},
    {"renewal_estimate", MrrSource::renewal_estimate, "MRR is what the next renewal is expected to bill"},
    {"payment", MrrSource::payment,
     "MRR comes from invoice lines that were paid, for their service periods"}};
inline constexpr Worded<LineRounding> line_roundings[] = {
    {"exact", LineRounding::exact, "no row is rounded"},
    {"minor", LineRounding::minor, "the MRR of each row is rounded half up to the cent"},
    {"four_decimals", LineRounding::four_decimals, "the MRR of each row is rounded half up to 4 decimals"}};
inline constexpr Worded<Discounts> discount_kinds[] = {
    {"recurring", Discounts::recurring,
     "recurring discounts lower MRR while they apply, one-time ones do not"},
    {"none", Discounts::none, "discounts do not lower MRR"},
    {"forever", Discounts::forever, "only discounts without an end lower MRR"},
    {"recurring_not_annual", Discounts::recurring_not_annual,
     "recurring discounts lower MRR while they apply, but one with an end is ignored on prices of a year and "
     "longer"},
    {"one_time", Discounts::one_time, "only one-time discounts lower MRR, for one interval"},
    {"all", Discounts::all, "every discount lowers MRR while it applies"}};
inline constexpr Worded<DiscountStacking> discount_stackings[] = {
    {"sequential", DiscountStacking::sequential, "each percentage is taken off what the one before left"},
    {"sum", DiscountStacking::sum, "percentages are added up"},
    {"max", DiscountStacking::max, "only the largest percentage counts"}};
inline constexpr Worded<Tax> taxes[] = {{"excluded", Tax::excluded, "MRR is without tax"},
                                        {"included", Tax::included, "MRR includes tax"}};
inline constexpr Worded<Usage> usages[] = {{"excluded", Usage::excluded, "usage is not MRR"},
                                           {"included", Usage::included, "recurring usage is MRR"},
                                           {"only", Usage::only, "only usage counts: its own series"}};
inline constexpr Worded<OneTime> one_times[] = {
    {"excluded", OneTime::excluded, "one-time charges are not MRR"},
    {"dated", OneTime::dated, "a one-time charge with a start and an end is spread over its period"},
    {"included", OneTime::included, "one-time charges are spread over their period, else over a month"},
    {"only", OneTime::only, "only one-time charges count: their own series"}};
inline constexpr Worded<Trial> trials[] = {
    {"refuse", Trial::refuse, "a trial is worth 0, and one that carries a price is refused"},
    {"ignore", Trial::ignore, "a trial is worth 0, whatever its price"},
    {"count", Trial::count, "a trial counts like a paid phase"}};
inline constexpr Worded<TrialToPaid> trial_to_paids[] = {
    {"phase_start", TrialToPaid::phase_start, "a paid phase counts from its start, even if it is unpaid"},
    {"first_payment", TrialToPaid::first_payment, "a paid phase counts from its first payment"},
    {"first_paid_invoice", TrialToPaid::first_paid_invoice,
     "a paid phase counts from the date of its first paid invoice"}};
inline constexpr Worded<Quantity> quantities[] = {
    {"dated", Quantity::dated, "a change of seats moves MRR on its day"},
    {"invoiced", Quantity::invoiced, "seats are those invoiced, where that is known"},
    {"ignored", Quantity::ignored, "the number of seats does not matter"}};
inline constexpr Worded<Backdating> backdatings[] = {
    {"effective", Backdating::effective, "a row counts from its start, whenever it was entered"},
    {"recorded", Backdating::recorded, "a row counts at the earliest from the day it was entered"}};
inline constexpr Worded<PastDue> past_dues[] = {
    {"counted", PastDue::counted, "an unpaid subscription counts until it ends"},
    {"until_dunning_end", PastDue::until_dunning_end,
     "an unpaid subscription counts until collection is given up"},
    {"churn_after_30_days", PastDue::churn_after_days, ""},
    {"excluded", PastDue::excluded, "an unpaid subscription does not count"}};
inline constexpr Worded<Paused> pauses[] = {
    {"zero", Paused::zero, "a pause is worth 0 from its first day"},
    {"zero_at_period_end", Paused::zero_at_period_end, "a pause is worth 0 when the paid period is over"},
    {"unchanged", Paused::unchanged, "a pause changes nothing"}};
inline constexpr Worded<Refund> refunds[] = {
    {"ignored", Refund::ignored, "refunds do not lower MRR"},
    {"lowers_mrr", Refund::lowers_mrr, "a refund with a service period lowers MRR in it"}};
inline constexpr Worded<ProratedLine> prorated_lines[] = {
    {"scaled", ProratedLine::scaled, "a prorated invoice line is scaled to its full interval"},
    {"as_invoiced", ProratedLine::as_invoiced, "a prorated invoice line counts as it was billed"}};
inline constexpr Worded<ChurnAt> churn_ats[] = {
    {"effective_end", ChurnAt::effective_end, "churn is when the subscription ends"},
    {"request", ChurnAt::request, "churn is when the customer asks to leave"},
    {"service_period_end", ChurnAt::service_period_end, "churn is when the paid service period is over"},
    {"day_after", ChurnAt::day_after, "churn is the day after the subscription ends"}};
inline constexpr Worded<EndDate> end_dates[] = {
    {"exclusive", EndDate::exclusive, "an end is the first day that is no longer paid for"},
    {"inclusive", EndDate::inclusive, "an end is the last day that is paid for"}};
inline constexpr Worded<FxRateAt> fx_rates_at[] = {
    {"period_end", FxRateAt::period_end, "each closing is at the exchange rates of its day"},
    {"service_start", FxRateAt::service_start, "a row is at the exchange rate of its first day"},
    {"invoice_date", FxRateAt::invoice_date, "a row is at the exchange rate of the day of its invoice"},
    {"purchase_date", FxRateAt::purchase_date,
     "a row is at the exchange rate of the day on which its subscription was bought"},
    {"2024-12-31", FxRateAt::fixed_day, ""}};
inline constexpr Worded<FxMovement> fx_movements[] = {
    {"own_line", FxMovement::own_line, "what exchange rates do is the line fx, never a movement"},
    {"at_2024-12-31", FxMovement::constant, ""},
    {"in_movements", FxMovement::in_movements, "what exchange rates do is expansion or contraction"}};
inline constexpr Worded<Grain> grains[] = {
    {"customer", Grain::customer, "movements are those of customers"},
    {"subscription", Grain::subscription, "each subscription is new and churns by itself"},
    {"item", Grain::item, "each product of each subscription is new and churns by itself"}};
inline constexpr Worded<Netting> nettings[] = {
    {"period", Netting::period, "a customer has one movement a period: closing against opening"},
    {"none", Netting::none, "every change is a movement on its day"},
    {"drop_short_stays", Netting::drop_short_stays,
     "every change is a movement, but who comes and goes within one period was never there"}};
inline constexpr Worded<PlanSwitch> plan_switches[] = {
    {"difference", PlanSwitch::difference, "a change of plan moves MRR by the difference"},
    {"legs", PlanSwitch::legs, "a change of plan is expansion by the new and contraction by the old price"},
    {"transfer", PlanSwitch::transfer, "what a change of plan carries over is a transfer in and out"},
    {"new_and_churn", PlanSwitch::new_and_churn,
     "a change of plan is churn of the old and new of the other"}};
inline constexpr Worded<AsOf> as_ofs[] = {
    {"period_end", AsOf::period_end, "a period is read at its end, after its last event"},
    {"period_start", AsOf::period_start, "a period is read on its first day"}};
inline constexpr Worded<Reactivation> reactivations[] = {
    {"own", Reactivation::own, "a customer who returns is reactivation"},
    {"as_new", Reactivation::as_new, "a customer who returns is new"},
    {"within_90_days", Reactivation::within_days, ""},
    {"netted_from_churn", Reactivation::netted_from_churn, "customers who return are taken off churn"}};
inline constexpr Worded<FreeCustomers> free_customer_kinds[] = {
    {"churned", FreeCustomers::churned, "who pays nothing has churned"},
    {"active", FreeCustomers::active, "who has a subscription at 0 stays a customer"}};
inline constexpr Worded<PauseMovement> pause_movements[] = {
    {"churn", PauseMovement::churn, "a pause is churn, its end is reactivation"},
    {"own", PauseMovement::own, "pauses have lines of their own"}};
inline constexpr Worded<Window> windows[] = {
    {"calendar", Window::calendar, "churn rates look at the period"},
    {"rolling_30_days", Window::rolling, ""},
    {"daily_sum", Window::daily_sum, "churn rates of the days of a period are added"}};
inline constexpr Worded<ChurnDenominator> churn_denominators[] = {
    {"opening", ChurnDenominator::opening, "churn is divided by who was there at the start"},
    {"opening_plus_new", ChurnDenominator::opening_plus_new,
     "churn is divided by who was there at the start or joined"},
    {"up_for_renewal", ChurnDenominator::up_for_renewal, "churn is divided by who was up for renewal"}};
inline constexpr Worded<ChurnNumerator> churn_numerators[] = {
    {"opening_customers", ChurnNumerator::opening_customers, "churn counts who was there at the start"},
    {"with_joiners", ChurnNumerator::with_joiners, "churn counts also who joined and left in the window"},
    {"minus_reactivation", ChurnNumerator::minus_reactivation, "churn is who left minus who came back"}};
inline constexpr Worded<TotalRounding> total_roundings[] = {
    {"exact", TotalRounding::exact, "totals are not rounded"},
    {"minor", TotalRounding::minor, "totals are rounded to the cent, after adding up"}};
inline constexpr Worded<Weekday> weekdays[] = {{"monday", Weekday::monday, "weeks begin on Monday"},
                                               {"tuesday", Weekday::tuesday, "weeks begin on Tuesday"},
                                               {"wednesday", Weekday::wednesday, "weeks begin on Wednesday"},
                                               {"thursday", Weekday::thursday, "weeks begin on Thursday"},
                                               {"friday", Weekday::friday, "weeks begin on Friday"},
                                               {"saturday", Weekday::saturday, "weeks begin on Saturday"},
                                               {"sunday", Weekday::sunday, "weeks begin on Sunday"}};

}  // namespace words

}  // namespace tenure::detail
