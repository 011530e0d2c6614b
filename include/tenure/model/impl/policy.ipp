#include <charconv>
#include <numeric>

#include "../../core/digest.hpp"
#include "../../core/names.hpp"
#include "../policy.hpp"

namespace tenure {

namespace detail {

inline constexpr std::array<Named<EndDate>, 2> end_dates{
    {{"exclusive", EndDate::exclusive}, {"inclusive", EndDate::inclusive}}};
inline constexpr std::array<Named<Grain>, 2> grains{
    {{"customer", Grain::customer}, {"subscription", Grain::subscription}}};
inline constexpr std::array<Named<Netting>, 2> nettings{
    {{"period", Netting::period}, {"none", Netting::none}}};
inline constexpr std::array<Named<AsOf>, 2> as_ofs{
    {{"period_end", AsOf::period_end}, {"period_start", AsOf::period_start}}};
inline constexpr std::array<Named<Reactivation>, 2> reactivations{
    {{"own", Reactivation::own}, {"as_new", Reactivation::as_new}}};
inline constexpr std::array<Named<FreeCustomers>, 2> free_customers{
    {{"churned", FreeCustomers::churned}, {"active", FreeCustomers::active}}};

[[noreturn]] inline void refuse_value(std::string_view option, std::string_view value, std::string remedy) {
  throw_option({.code = "E_POLICY_VALUE",
                .what = std::string(option) + "='" + printable(value) + "' is not a value of this option",
                .value = printable(value),
                .remedy = std::move(remedy)});
}

inline std::int32_t parse_whole(std::string_view option, std::string_view text, std::int32_t least,
                                std::string_view remedy) {
  std::int32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < least || value > 1'000'000)
    refuse_value(option, text, std::string(remedy));
  return value;
}

/// "52/12", "4" or "4.33".
inline IntervalFactor parse_factor(std::string_view option, std::string_view text) {
  static constexpr std::string_view remedy = "Give the intervals in a month as 52/12, 4 or 4.33.";
  if (const auto slash = text.find('/'); slash != std::string_view::npos)
    return {parse_whole(option, text.substr(0, slash), 0, remedy),
            parse_whole(option, text.substr(slash + 1), 1, remedy)};
  if (const auto point = text.find('.'); point != std::string_view::npos) {
    const std::string_view decimals = text.substr(point + 1);
    if (decimals.empty() || decimals.size() > 4) refuse_value(option, text, std::string(remedy));
    std::int32_t scale = 1;
    for (std::size_t i = 0; i < decimals.size(); ++i) scale *= 10;
    const std::int32_t whole = parse_whole(option, text.substr(0, point), 0, remedy);
    if (whole > 9999) refuse_value(option, text, std::string(remedy));
    return {whole * scale + parse_whole(option, decimals, 0, remedy), scale};
  }
  return {parse_whole(option, text, 0, remedy), 1};
}

inline std::string format_factor(IntervalFactor factor) {
  const std::string numerator = std::to_string(factor.numerator);
  return factor.denominator == 1 ? numerator : numerator + "/" + std::to_string(factor.denominator);
}

/// One option: how it is read from text and written as text. The order of this list is the order of
/// options().
struct OptionEntry {
  std::string_view name;
  void (*set)(Policy&, std::string_view option, std::string_view value);
  std::string (*get)(const Policy&);
};

template <auto Part, auto Member, const auto& Names>
constexpr OptionEntry named_option(std::string_view name) {
  return {name,
          [](Policy& policy, std::string_view option, std::string_view value) {
            using Enum = std::remove_reference_t<decltype((policy.*Part).*Member)>;
            (policy.*Part).*Member = parse_named<Enum>(Names, value, option, "E_POLICY_VALUE");
          },
          [](const Policy& policy) {
            using Enum = std::remove_cvref_t<decltype((policy.*Part).*Member)>;
            return std::string(find_name<Enum>(Names, (policy.*Part).*Member));
          }};
}

template <auto Member>
constexpr OptionEntry factor_option(std::string_view name) {
  return {name,
          [](Policy& policy, std::string_view option, std::string_view value) {
            policy.loading.*Member = parse_factor(option, value);
          },
          [](const Policy& policy) { return format_factor(policy.loading.*Member); }};
}

inline constexpr std::array<OptionEntry, 10> policy_options{
    factor_option<&LoadingPolicy::day>("interval_factor_day"),
    factor_option<&LoadingPolicy::week>("interval_factor_week"),
    factor_option<&LoadingPolicy::four_week>("interval_factor_four_week"),
    named_option<&Policy::loading, &LoadingPolicy::end, end_dates>("end_date"),
    named_option<&Policy::reporting, &ReportingPolicy::grain, grains>("movement_grain"),
    named_option<&Policy::reporting, &ReportingPolicy::netting, nettings>("netting"),
    named_option<&Policy::reporting, &ReportingPolicy::as_of, as_ofs>("as_of"),
    named_option<&Policy::reporting, &ReportingPolicy::reactivation, reactivations>("reactivation"),
    named_option<&Policy::reporting, &ReportingPolicy::free_customers, free_customers>("free_customers"),
    OptionEntry{"gap_days",
                [](Policy& policy, std::string_view option, std::string_view value) {
                  policy.reporting.gap_days =
                      parse_whole(option, value, 0, "Give a whole number of days, 0 or more.");
                },
                [](const Policy& policy) { return std::to_string(policy.reporting.gap_days); }}};

using PresetMaker = Policy (*)();
inline constexpr std::array<Named<PresetMaker>, 2> policy_presets{
    {{"standard", &Policy::standard}, {"mrr_playbook", &Policy::mrr_playbook}}};

}  // namespace detail

TENURE_INLINE Policy Policy::mrr_playbook() {
  Policy policy;
  policy.reporting.as_of = AsOf::period_start;
  return policy;
}

TENURE_INLINE Policy Policy::named(std::string_view preset) {
  return parse_named<detail::PresetMaker>(detail::policy_presets, preset, "policy", "E_POLICY")();
}

TENURE_INLINE std::vector<std::string> Policy::presets() {
  std::vector<std::string> names;
  for (const auto& preset : detail::policy_presets) names.emplace_back(preset.name);
  return names;
}

TENURE_INLINE void Policy::set(std::string_view option, std::string_view value) {
  std::array<Named<const detail::OptionEntry*>, detail::policy_options.size()> known{};
  for (std::size_t i = 0; i < known.size(); ++i)
    known[i] = {detail::policy_options[i].name, &detail::policy_options[i]};
  parse_named<const detail::OptionEntry*>(known, option, "option", "E_POLICY_OPTION")
      ->set(*this, option, value);
}

TENURE_INLINE void Policy::check() const {
  Policy copy;
  for (const auto& [option, value] : options()) copy.set(option, value);
}

TENURE_INLINE std::vector<PolicyOption> Policy::options() const {
  std::vector<PolicyOption> all;
  for (const auto& entry : detail::policy_options) all.push_back({std::string(entry.name), entry.get(*this)});
  return all;
}

TENURE_INLINE std::string Policy::digest() const {
  std::string text;
  for (const auto& [name, value] : options()) text += name + "=" + value + ";";
  return hexadecimal(tenure::digest(text.data(), text.size()).high);
}

TENURE_INLINE IntervalFactor yearly_factor(const LoadingPolicy& policy, IntervalUnit unit) noexcept {
  const auto times_twelve = [](IntervalFactor factor) -> IntervalFactor {
    const std::int32_t numerator = factor.numerator * 12;
    const std::int32_t shared = std::gcd(numerator, factor.denominator);
    return {numerator / shared, factor.denominator / shared};
  };
  switch (unit) {
    case IntervalUnit::day:
      return times_twelve(policy.day);
    case IntervalUnit::week:
      return times_twelve(policy.week);
    case IntervalUnit::four_week:
      return times_twelve(policy.four_week);
    case IntervalUnit::month:
      return {12, 1};
    case IntervalUnit::quarter:
      return {4, 1};
    case IntervalUnit::half_year:
      return {2, 1};
    case IntervalUnit::year:
      break;
  }
  return {1, 1};
}

TENURE_INLINE int128 annual_micros(const LoadingPolicy& policy, Interval interval,
                                   int128 micros_per_interval) noexcept {
  const IntervalFactor factor = yearly_factor(policy, interval.unit);
  return divide_half_even(micros_per_interval * factor.numerator,
                          int128{factor.denominator} * interval.count);
}

TENURE_INLINE RunRate run_rate(const LoadingPolicy& policy, Interval interval, Money price,
                               std::int64_t quantity) {
  Policy{.loading = policy}.check();
  if (interval.count <= 0)
    throw_input({.code = "E_INTERVAL_COUNT",
                 .what = "interval count " + std::to_string(interval.count) + " is not above 0",
                 .value = std::to_string(interval.count)});
  if (quantity < 0)
    throw_input({.code = "E_QUANTITY_RANGE",
                 .what = "quantity " + std::to_string(quantity) + " is below 0",
                 .value = std::to_string(quantity)});
  const int128 annual = annual_micros(policy, interval, int128{price.amount} * quantity);
  if (!fits_int64(annual))
    throw_input({.code = "E_AMOUNT_RANGE",
                 .what = "the price comes to more than 64 bits of micro-units a year",
                 .value = std::to_string(price.amount)});
  return {static_cast<std::int64_t>(annual)};
}

}  // namespace tenure
