// Included by policy.ipp: the presets, as what they change of standard.
#include <span>

namespace tenure::detail {

struct Change {
  std::string_view option, value;
};
struct Preset {
  std::string_view name;
  std::span<const Change> changes;
};

// Sources: docs/policies.md. What a preset does not name is as in standard.
inline constexpr Change chartmogul_changes[] = {{"mrr_source", "invoice_line"},
                                                {"fx_rate_at", "service_start"},
                                                {"line_rounding", "minor"},
                                                {"discounts", "all"},
                                                {"trial", "ignore"},
                                                {"netting", "none"},
                                                {"free_customers", "active"}};
inline constexpr Change chartmogul_shopify_changes[] = {{"mrr_source", "invoice_line"},
                                                        {"fx_rate_at", "service_start"},
                                                        {"line_rounding", "minor"},
                                                        {"discounts", "all"},
                                                        {"trial", "ignore"},
                                                        {"netting", "none"},
                                                        {"free_customers", "active"},
                                                        {"window", "daily_sum"}};
inline constexpr Change stripe_changes[] = {{"discounts", "forever"},
                                            {"trial", "ignore"},
                                            {"churn_at", "request"},
                                            {"netting", "none"},
                                            {"window", "rolling_30_days"},
                                            {"churn_denominator", "opening_plus_new"},
                                            {"churn_numerator", "with_joiners"}};
inline constexpr Change baremetrics_changes[] = {
    {"discounts", "all"}, {"trial", "ignore"},           {"past_due", "churn_after_30_days"},
    {"netting", "none"},  {"window", "rolling_30_days"}, {"churn_numerator", "with_joiners"}};
inline constexpr Change profitwell_changes[] = {{"mrr_source", "payment"},
                                                {"fx_rate_at", "purchase_date"},
                                                {"discounts", "all"},
                                                {"trial", "ignore"},
                                                {"trial_to_paid_date", "first_paid_invoice"},
                                                {"past_due", "until_dunning_end"},
                                                {"churn_at", "service_period_end"},
                                                {"netting", "drop_short_stays"}};
inline constexpr Change recurly_changes[] = {{"mrr_source", "invoice_line"},
                                             {"interval_factor_day", "30"},
                                             {"discounts", "all"},
                                             {"one_time", "dated"},
                                             {"trial", "ignore"},
                                             {"paused", "zero_at_period_end"},
                                             {"refund", "lowers_mrr"},
                                             {"prorated_line", "as_invoiced"},
                                             {"gap_days", "1_calendar_months"}};
inline constexpr Change chargebee_changes[] = {{"mrr_source", "renewal_estimate"},
                                               {"discounts", "recurring_not_annual"},
                                               {"trial", "ignore"},
                                               {"movement_grain", "subscription"},
                                               {"netting", "drop_short_stays"}};
inline constexpr Change zuora_changes[] = {{"interval_factor_week", "30/7"},
                                           {"interval_factor_four_week", "30/28"},
                                           {"trial", "ignore"},
                                           {"plan_switch", "legs"}};
inline constexpr Change maxio_changes[] = {{"discounts", "all"},
                                           {"trial", "ignore"},
                                           {"paused", "unchanged"},
                                           {"churn_at", "request"},
                                           {"reactivation", "within_90_days"}};
inline constexpr Change killbill_changes[] = {{"interval_factor_day", "0"},
                                              {"interval_factor_week", "0"},
                                              {"interval_factor_four_week", "0"},
                                              {"line_rounding", "four_decimals"},
                                              {"discounts", "none"},
                                              {"trial", "ignore"},
                                              {"quantity", "ignored"},
                                              {"fx_rate_at", "service_start"},
                                              {"churn_denominator", "up_for_renewal"}};
inline constexpr Change revenuecat_changes[] = {{"interval_factor_day", "30"},
                                                {"interval_factor_week", "4"},
                                                {"interval_factor_four_week", "1"},
                                                {"tax", "included"},
                                                {"trial", "ignore"},
                                                {"trial_to_paid_date", "first_payment"},
                                                {"reactivation", "netted_from_churn"},
                                                {"churn_numerator", "minus_reactivation"}};
inline constexpr Change mrr_playbook_changes[] = {{"as_of", "period_start"}};

inline constexpr Preset policy_presets[] = {{"standard", {}},
                                            {"chartmogul", chartmogul_changes},
                                            {"chartmogul_shopify", chartmogul_shopify_changes},
                                            {"stripe", stripe_changes},
                                            {"baremetrics", baremetrics_changes},
                                            {"profitwell", profitwell_changes},
                                            {"recurly", recurly_changes},
                                            {"chargebee", chargebee_changes},
                                            {"zuora", zuora_changes},
                                            {"maxio", maxio_changes},
                                            {"killbill", killbill_changes},
                                            {"revenuecat", revenuecat_changes},
                                            {"mrr_playbook", mrr_playbook_changes}};

}  // namespace tenure::detail
