// Included by policy.ipp: how each option is read from text, written as text and put in words.
#include <algorithm>
#include <array>
#include <charconv>
#include <numeric>
#include <optional>

#include "../../core/names.hpp"
#include "../policy.hpp"
#include "policy_words.ipp"

namespace tenure::detail {

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
    const std::int32_t numerator = whole * scale + parse_whole(option, decimals, 0, remedy);
    const std::int32_t shared = std::gcd(numerator, scale);  // 4.0 is 4; fractions stay as they were written
    return {numerator / shared, scale / shared};
  }
  return {parse_whole(option, text, 0, remedy), 1};
}

inline std::string format_factor(IntervalFactor factor) {
  const std::string numerator = std::to_string(factor.numerator);
  return factor.denominator == 1 ? numerator : numerator + "/" + std::to_string(factor.denominator);
}

/// The number in a text such as churn_after_30_days; absent if the text is not of this form.
struct Counted {
  std::string_view before, after;

  bool matches(std::string_view text) const noexcept {
    return text.size() > before.size() + after.size() && text.starts_with(before) && text.ends_with(after);
  }
  std::int32_t parse(std::string_view option, std::string_view text) const {
    const std::string remedy = "Give a whole number of days, 1 or more, such as " + format(30) + ".";
    try {
      return parse_whole(option, text.substr(before.size(), text.size() - before.size() - after.size()), 1,
                         remedy);
    } catch (const OptionError&) {
      refuse_value(option, text, remedy);  // show all that was typed
    }
  }
  std::string format(std::int32_t number) const {
    return std::string(before) + std::to_string(number) + std::string(after);
  }
};

/// The order of this list is the order of options().
struct OptionEntry {
  std::string_view name, about;
  void (*set)(Policy&, std::string_view option, std::string_view value);
  std::string (*get)(const Policy&);
  std::string (*words)(const Policy&);
  std::vector<std::string> (*values)();
};

template <auto Part, auto Member>
using EnumOf = std::remove_cvref_t<decltype((std::declval<Policy>().*Part).*Member)>;

template <const auto& Words>
std::vector<std::string> names_of() {
  std::vector<std::string> names;
  for (const auto& entry : Words) names.emplace_back(entry.name);
  return names;
}

template <class Enum, const auto& Words>
Enum parse_worded(std::string_view option, std::string_view value) {
  std::vector<Named<Enum>> known;
  for (const auto& entry : Words) known.push_back({entry.name, entry.value});
  return parse_named<Enum>(known, value, option, "E_POLICY_VALUE");
}

/// The name, or the words, of a value.
template <class Entries, class Enum, class Text>
std::string word_of(const Entries& entries, Enum value, Text text) {
  for (const auto& entry : entries)
    if (entry.value == value) return std::string(entry.*text);
  return {};
}

/// An option that is one of some names.
template <auto Part, auto Member, const auto& Words>
constexpr OptionEntry named_option(std::string_view name, std::string_view about) {
  using Enum = EnumOf<Part, Member>;
  return {name,
          about,
          [](Policy& policy, std::string_view option, std::string_view value) {
            (policy.*Part).*Member = parse_worded<Enum, Words>(option, value);
          },
          [](const Policy& policy) { return word_of(Words, (policy.*Part).*Member, &Worded<Enum>::name); },
          [](const Policy& policy) { return word_of(Words, (policy.*Part).*Member, &Worded<Enum>::words); },
          &names_of<Words>};
}

/// The same, where one of the values carries a number of days.
template <auto Part, auto Member, auto Days, auto CountedValue, const auto& Words, const Counted& Form,
          const Counted& Sentence>
constexpr OptionEntry counted_option(std::string_view name, std::string_view about) {
  using Enum = EnumOf<Part, Member>;
  return {name,
          about,
          [](Policy& policy, std::string_view option, std::string_view value) {
            if (Form.matches(value)) {
              (policy.*Part).*Days = Form.parse(option, value);
              (policy.*Part).*Member = CountedValue;
            } else {
              (policy.*Part).*Member = parse_worded<Enum, Words>(option, value);
              (policy.*Part).*Days = 0;
            }
          },
          [](const Policy& policy) -> std::string {
            if ((policy.*Part).*Member == CountedValue) return Form.format((policy.*Part).*Days);
            return word_of(Words, (policy.*Part).*Member, &Worded<Enum>::name);
          },
          [](const Policy& policy) -> std::string {
            if ((policy.*Part).*Member == CountedValue) return Sentence.format((policy.*Part).*Days);
            return word_of(Words, (policy.*Part).*Member, &Worded<Enum>::words);
          },
          &names_of<Words>};
}

template <auto Member, const auto& Known, const Counted& Sentence>
constexpr OptionEntry factor_option(std::string_view name, std::string_view about) {
  return {name,
          about,
          [](Policy& policy, std::string_view option, std::string_view value) {
            policy.loading.*Member = parse_factor(option, value);
          },
          [](const Policy& policy) { return format_factor(policy.loading.*Member); },
          [](const Policy& policy) {
            return std::string(Sentence.before) + format_factor(policy.loading.*Member) +
                   std::string(Sentence.after);
          },
          [] { return std::vector<std::string>(std::begin(Known), std::end(Known)); }};
}

inline constexpr Counted past_due_form{"churn_after_", "_days"};
inline constexpr Counted past_due_sentence{"an unpaid subscription counts for ",
                                           " days, then it has churned"};
inline constexpr Counted reactivation_form{"within_", "_days"};
inline constexpr Counted reactivation_sentence{"a customer who returns within ",
                                               " days is reactivation, later new"};
inline constexpr Counted window_form{"rolling_", "_days"};
inline constexpr Counted window_sentence{"churn rates look at the last ", " days"};
inline constexpr Counted gap_form{"", "_calendar_months"};
inline constexpr std::string_view day_factors[] = {"365/12", "30", "0"};
inline constexpr std::string_view week_factors[] = {"52/12", "4", "30/7", "433/100", "0"};
inline constexpr std::string_view four_week_factors[] = {"13/12", "1", "30/28", "0"};
inline constexpr Counted day_sentence{"a month has ", " days"};
inline constexpr Counted week_sentence{"a month has ", " weeks"};
inline constexpr Counted four_week_sentence{"a month has ", " four-week intervals"};

inline void set_gap(Policy& policy, std::string_view option, std::string_view value) {
  static constexpr std::string_view remedy = "Give days as 0 or 30, whole months as 1_calendar_months.";
  const bool months = gap_form.matches(value);
  const std::string_view number = months ? value.substr(0, value.size() - gap_form.after.size()) : value;
  const std::int32_t count = parse_whole(option, number, months ? 1 : 0, remedy);
  policy.reporting.gap_days = months ? 0 : count;
  policy.reporting.gap_months = months ? count : 0;
}
inline std::string get_gap(const Policy& policy) {
  const ReportingPolicy& reporting = policy.reporting;
  return reporting.gap_months > 0 ? gap_form.format(reporting.gap_months)
                                  : std::to_string(reporting.gap_days);
}
inline std::string say_gap(const Policy& policy) {
  const ReportingPolicy& reporting = policy.reporting;
  if (reporting.gap_months > 0)
    return reporting.gap_months == 1 ? "a gap that holds no whole calendar month is no churn"
                                     : "a gap that holds less than " + std::to_string(reporting.gap_months) +
                                           " whole calendar months is no churn";
  return reporting.gap_days == 0
             ? "every gap is churn"
             : "a gap of up to " + std::to_string(reporting.gap_days) + " days is no churn";
}

inline constexpr std::string_view no_timezone = "required";
inline void set_timezone(Policy& policy, std::string_view option, std::string_view value) {
  const auto belongs = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
           c == '_' || c == '-' || c == '+';
  };
  if (value.empty() || value.size() > 64 || !std::all_of(value.begin(), value.end(), belongs))
    refuse_value(option, value, "Name a zone such as Europe/Berlin or UTC, or leave it 'required'.");
  policy.loading.timezone = value == no_timezone ? "" : std::string(value);
}

/// The rates of a day, as a value of an option: the day itself, or a name and the day.
inline constexpr std::string_view at_day = "at_";
inline std::optional<Day> day_of_value(std::string_view option, std::string_view value) {
  if (value.size() != 10 || value[4] != '-' || value[7] != '-') return std::nullopt;
  try {
    return parse_day(value);
  } catch (const InputError&) {
    refuse_value(option, value, "Give a day of the calendar, such as 2024-12-31.");
  }
}
inline void set_fx_rate_at(Policy& policy, std::string_view option, std::string_view value) {
  const auto day = day_of_value(option, value);
  policy.loading.fx_rate_at =
      day ? FxRateAt::fixed_day : parse_worded<FxRateAt, words::fx_rates_at>(option, value);
  policy.loading.fx_day = day.value_or(0);
}
inline std::string get_fx_rate_at(const Policy& policy) {
  if (policy.loading.fx_rate_at == FxRateAt::fixed_day) return format_day(policy.loading.fx_day);
  return word_of(words::fx_rates_at, policy.loading.fx_rate_at, &Worded<FxRateAt>::name);
}
inline std::string say_fx_rate_at(const Policy& policy) {
  if (policy.loading.fx_rate_at == FxRateAt::fixed_day)
    return "all amounts are at the exchange rates of " + format_day(policy.loading.fx_day);
  return word_of(words::fx_rates_at, policy.loading.fx_rate_at, &Worded<FxRateAt>::words);
}
inline void set_fx_movement(Policy& policy, std::string_view option, std::string_view value) {
  const auto day =
      value.starts_with(at_day) ? day_of_value(option, value.substr(at_day.size())) : std::optional<Day>();
  policy.reporting.fx_movement =
      day ? FxMovement::constant : parse_worded<FxMovement, words::fx_movements>(option, value);
  policy.reporting.fx_movement_day = day.value_or(0);
}
inline std::string get_fx_movement(const Policy& policy) {
  if (policy.reporting.fx_movement == FxMovement::constant)
    return std::string(at_day) + format_day(policy.reporting.fx_movement_day);
  return word_of(words::fx_movements, policy.reporting.fx_movement, &Worded<FxMovement>::name);
}
inline std::string say_fx_movement(const Policy& policy) {
  if (policy.reporting.fx_movement == FxMovement::constant)
    return "movements are at the exchange rates of " + format_day(policy.reporting.fx_movement_day) +
           ", all else is in the line fx";
  return word_of(words::fx_movements, policy.reporting.fx_movement, &Worded<FxMovement>::words);
}

inline constexpr std::array<OptionEntry, 36> policy_options{
    named_option<&Policy::loading, &LoadingPolicy::mrr_source, words::mrr_sources>("mrr_source",
                                                                                   "where MRR comes from"),
    factor_option<&LoadingPolicy::day, day_factors, day_sentence>("interval_factor_day", "days in a month"),
    factor_option<&LoadingPolicy::week, week_factors, week_sentence>("interval_factor_week",
                                                                     "weeks in a month"),
    factor_option<&LoadingPolicy::four_week, four_week_factors, four_week_sentence>(
        "interval_factor_four_week", "four-week intervals in a month"),
    named_option<&Policy::loading, &LoadingPolicy::rounding, words::line_roundings>("line_rounding",
                                                                                    "rounding of each row"),
    named_option<&Policy::reporting, &ReportingPolicy::total_rounding, words::total_roundings>(
        "total_rounding", "rounding of totals"),
    named_option<&Policy::loading, &LoadingPolicy::discounts, words::discount_kinds>(
        "discounts", "which discounts lower MRR"),
    named_option<&Policy::loading, &LoadingPolicy::discount_stacking, words::discount_stackings>(
        "discount_stacking", "how several discounts work together"),
    named_option<&Policy::loading, &LoadingPolicy::tax, words::taxes>("tax", "whether tax is MRR"),
    named_option<&Policy::loading, &LoadingPolicy::usage, words::usages>("usage", "whether usage is MRR"),
    named_option<&Policy::loading, &LoadingPolicy::one_time, words::one_times>(
        "one_time", "whether one-time charges are MRR"),
    named_option<&Policy::loading, &LoadingPolicy::trial, words::trials>("trial", "what a trial is worth"),
    named_option<&Policy::loading, &LoadingPolicy::trial_to_paid, words::trial_to_paids>(
        "trial_to_paid_date", "from when a paid phase counts"),
    named_option<&Policy::loading, &LoadingPolicy::quantity, words::quantities>("quantity",
                                                                                "which seats count"),
    named_option<&Policy::loading, &LoadingPolicy::backdating, words::backdatings>(
        "backdating", "from when a late entry counts"),
    counted_option<&Policy::loading, &LoadingPolicy::past_due, &LoadingPolicy::past_due_days,
                   PastDue::churn_after_days, words::past_dues, past_due_form, past_due_sentence>(
        "past_due", "how long an unpaid subscription counts"),
    named_option<&Policy::loading, &LoadingPolicy::paused, words::pauses>("paused", "what a pause is worth"),
    named_option<&Policy::loading, &LoadingPolicy::refund, words::refunds>("refund",
                                                                           "whether refunds lower MRR"),
    named_option<&Policy::loading, &LoadingPolicy::prorated_line, words::prorated_lines>(
        "prorated_line", "what a prorated invoice line is worth"),
    named_option<&Policy::loading, &LoadingPolicy::churn_at, words::churn_ats>("churn_at",
                                                                               "when churn happens"),
    named_option<&Policy::loading, &LoadingPolicy::end, words::end_dates>("end_date",
                                                                          "what an end date means"),
    OptionEntry{"timezone", "the zone in which instants become dates", &set_timezone,
                [](const Policy& policy) {
                  return policy.loading.timezone.empty() ? std::string(no_timezone) : policy.loading.timezone;
                },
                [](const Policy& policy) {
                  return policy.loading.timezone.empty()
                             ? std::string("instants need a zone to be dates: none is assumed")
                             : "instants become dates in " + policy.loading.timezone;
                },
                [] { return std::vector<std::string>{"required", "UTC"}; }},
    OptionEntry{"fx_rate_at", "which day's exchange rate counts", &set_fx_rate_at, &get_fx_rate_at,
                &say_fx_rate_at, &names_of<words::fx_rates_at>},
    OptionEntry{"fx_movement", "where exchange rates show in a bridge", &set_fx_movement, &get_fx_movement,
                &say_fx_movement, &names_of<words::fx_movements>},
    named_option<&Policy::reporting, &ReportingPolicy::grain, words::grains>("movement_grain",
                                                                             "what is new and churns"),
    named_option<&Policy::reporting, &ReportingPolicy::netting, words::nettings>(
        "netting", "what counts as one movement"),
    named_option<&Policy::reporting, &ReportingPolicy::plan_switch, words::plan_switches>(
        "plan_switch", "how a change of product shows"),
    OptionEntry{"gap_days", "which gaps are churn", &set_gap, &get_gap, &say_gap,
                [] { return std::vector<std::string>{"0", "30", "1_calendar_months", "3_calendar_months"}; }},
    counted_option<&Policy::reporting, &ReportingPolicy::reactivation, &ReportingPolicy::reactivation_days,
                   Reactivation::within_days, words::reactivations, reactivation_form, reactivation_sentence>(
        "reactivation", "what a return is"),
    named_option<&Policy::reporting, &ReportingPolicy::as_of, words::as_ofs>("as_of",
                                                                             "when a period is read"),
    named_option<&Policy::reporting, &ReportingPolicy::free_customers, words::free_customer_kinds>(
        "free_customers", "whether who pays nothing is a customer"),
    named_option<&Policy::reporting, &ReportingPolicy::pause_movement, words::pause_movements>(
        "pause_movement", "which movement a pause is"),
    counted_option<&Policy::reporting, &ReportingPolicy::window, &ReportingPolicy::window_days,
                   Window::rolling, words::windows, window_form, window_sentence>(
        "window", "which days a churn rate is over"),
    named_option<&Policy::reporting, &ReportingPolicy::churn_denominator, words::churn_denominators>(
        "churn_denominator", "what churn is divided by"),
    named_option<&Policy::reporting, &ReportingPolicy::churn_numerator, words::churn_numerators>(
        "churn_numerator", "whose leaving is churn"),
    named_option<&Policy::reporting, &ReportingPolicy::week_start, words::weekdays>(
        "week_start", "the first day of a week")};

inline const OptionEntry& find_option(std::string_view option) {
  std::array<Named<const OptionEntry*>, policy_options.size()> known{};
  for (std::size_t i = 0; i < known.size(); ++i) known[i] = {policy_options[i].name, &policy_options[i]};
  return *parse_named<const OptionEntry*>(known, option, "option", "E_POLICY_OPTION");
}

}  // namespace tenure::detail
