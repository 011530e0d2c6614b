#include <algorithm>
#include <array>
#include <bit>
#include <unordered_map>

#include "../../core/error.hpp"
#include "../../core/money.hpp"
#include "../../core/names.hpp"
#include "../reconcile.hpp"

namespace tenure {

namespace detail {

inline constexpr std::array<Named<Metric>, 6> metrics{{{"mrr", Metric::mrr},
                                                       {"customers", Metric::customers},
                                                       {"customer_churn", Metric::customer_churn},
                                                       {"gross_mrr_churn", Metric::gross_mrr_churn},
                                                       {"nrr", Metric::nrr},
                                                       {"grr", Metric::grr}}};

/// One option in which two policies differ.
struct Difference {
  std::string option, from, to;
  bool effective;
  std::size_t group;
};

inline std::vector<Difference> differences(const Policy& from, const Policy& to, const Question& question,
                                           std::span<const std::string> in_play) {
  std::vector<Difference> all;
  const auto tolerates = [](const Policy& policy) {
    return policy.reporting.gap_days > 0 || policy.reporting.gap_months > 0;
  };
  const bool gaps = tolerates(from) || tolerates(to);
  for (const auto& [option, value] : from.options()) {
    const std::string other = to.get(option);
    if (other == value) continue;
    const bool plays = std::find(in_play.begin(), in_play.end(), option) != in_play.end();
    all.push_back({option, value, other, plays && matters(option, question, gaps), all.size()});
  }
  return all;
}

/// Whether a mixture in which one option has its new value and the other its old one is impossible, in this
/// direction or back: both split alike.
inline bool clash(const Difference& changed, const Difference& kept) {
  return changed.effective &&
         !(Policy::exclusion(changed.option, changed.to, kept.option, kept.from).empty() &&
           Policy::exclusion(changed.option, changed.from, kept.option, kept.to).empty());
}

/// Options that exclude each other half-way change together: they get one group. Options without effect keep
/// their old value in all mixtures, unless they are in such a group.
inline void join_exclusive(std::vector<Difference>& all) {
  for (std::size_t i = 0; i < all.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (clash(all[i], all[j]) || clash(all[j], all[i])) {
        const std::size_t old = all[i].group;
        for (Difference& one : all)
          if (one.group == old) one.group = all[j].group;
      }
}

/// A policy between the two: the options of the causes in `set` are those of `to`.
inline Policy mixture(const Policy& from, const std::vector<Cause>& causes, std::uint32_t set) {
  Policy policy = from;
  for (std::size_t i = 0; i < causes.size(); ++i)
    if ((set >> i & 1U) != 0)
      for (const Cause::Change& change : causes[i].changes) policy.set(change.option, change.to);
  return policy;
}

inline int128 factorial(std::size_t n) noexcept {
  int128 product = 1;
  for (std::size_t i = 2; i <= n; ++i) product *= static_cast<int128>(i);
  return product;
}

/// A set of causes that were changed, and how much the figure under it weighs in the amount of each cause,
/// times the scale.
struct Weighed {
  std::uint32_t set;
  std::vector<int128> weights;
};

inline std::vector<Weighed> shapley_weights(std::size_t causes) {
  std::vector<Weighed> all;
  for (std::uint32_t set = 0; set < std::uint32_t{1} << causes; ++set) {
    Weighed one{set, std::vector<int128>(causes)};
    const auto size = static_cast<std::size_t>(std::popcount(set));
    for (std::size_t i = 0; i < causes; ++i)
      one.weights[i] = (set >> i & 1U) != 0 ? factorial(size - 1) * factorial(causes - size)
                                            : -factorial(size) * factorial(causes - size - 1);
    all.push_back(std::move(one));
  }
  return all;
}

inline std::vector<Weighed> sequential_weights(std::size_t causes) {
  std::vector<Weighed> all;
  for (std::size_t changed = 0; changed <= causes; ++changed) {
    Weighed one{static_cast<std::uint32_t>((std::uint64_t{1} << changed) - 1), std::vector<int128>(causes)};
    if (changed > 0) one.weights[changed - 1] = 1;
    if (changed < causes) one.weights[changed] = -1;
    all.push_back(std::move(one));
  }
  return all;
}

/// numerator / denominator in units of 10^-12, half even: scaled down first, where the product would not fit.
inline int128 share_of(int128 numerator, int128 denominator) noexcept {
  constexpr int128 limit = int128{1} << 86;  // times 10^12 < 2^40 stays below 2^127
  while (magnitude(numerator) >= static_cast<uint128>(limit)) numerator /= 2, denominator /= 2;
  return divide_half_even(numerator * share_unit, std::max<int128>(denominator, 1));
}

/// The figure of each period.
inline std::vector<std::optional<int128>> figures(const Shares& shares, const Question& question) {
  std::vector<int128> numerators(question.periods()), denominators(question.periods());
  for (const Share& share : shares.shares) {
    numerators[share.period] += share.numerator;
    denominators[share.period] += share.denominator;
  }
  std::vector<std::optional<int128>> all;
  for (std::size_t period = 0; period < numerators.size(); ++period) {
    if (is_share(question.metric)) {
      if (denominators[period] <= 0)
        all.emplace_back();
      else
        all.push_back(share_of(numerators[period], denominators[period]));
    } else if (shares.rounded_to > 0) {
      all.push_back(divide_half_even(numerators[period], shares.rounded_to) * shares.rounded_to);
    } else {
      all.push_back(numerators[period]);
    }
  }
  return all;
}

[[noreturn]] inline void refuse_open(const std::vector<std::string>& without_effect) {
  std::string options;
  for (const std::string& option : without_effect) options += (options.empty() ? "" : ", ") + option;
  throw IntegrityError(
      Fault{.code = "E_RECONCILE_OPEN",
            .what = "the causes do not lead from one figure to the other; options that should "
                    "not matter: " +
                    options,
            .value = options,
            .remedy = "This is a fault of tenure, not of the data: please report it."});
}

/// Adds up, by customer and period, what the shares under each mixture weigh in each cause. Only customers
/// who differ from the first mixture are kept: weights add up to 0.
class CustomerSplit {
 public:
  CustomerSplit(const Shares& base, std::size_t causes) : base_(base.shares), causes_(causes) {}

  void add(const std::vector<Share>& shares, const std::vector<int128>& weights) {
    std::size_t mine = 0, theirs = 0;
    while (mine < base_.size() || theirs < shares.size()) {
      const bool has_mine = mine < base_.size(), has_theirs = theirs < shares.size();
      const bool first_mine = has_mine && (!has_theirs || key(base_[mine]) < key(shares[theirs]));
      const bool first_theirs = has_theirs && (!has_mine || key(shares[theirs]) < key(base_[mine]));
      if (first_mine) {
        const Share& share = base_[mine++];
        put(share, -share.numerator, -share.denominator, weights);
      } else if (first_theirs) {
        const Share& share = shares[theirs++];
        put(share, share.numerator, share.denominator, weights);
      } else {
        const Share &before = base_[mine++], &after = shares[theirs++];
        put(after, after.numerator - before.numerator, after.denominator - before.denominator, weights);
      }
    }
  }

  void give(std::vector<Cause>& causes, const std::vector<std::string>* labels) const {
    std::vector<std::pair<Key, std::size_t>> sorted(places_.begin(), places_.end());
    std::sort(sorted.begin(), sorted.end());
    for (const auto& [key, at] : sorted)
      for (std::size_t i = 0; i < causes_; ++i) {
        const auto& [amount, denominator] = parts_[at * causes_ + i];
        if (amount == 0 && denominator == 0) continue;
        Id id = key.second;
        if (labels != nullptr) id = (*labels)[static_cast<std::size_t>(key.second)];
        causes[i].customers.push_back({key.first, std::move(id), amount, denominator});
      }
  }

 private:
  using Key = std::pair<std::uint32_t, std::int64_t>;
  struct KeyHash {
    std::size_t operator()(const Key& key) const noexcept {
      return static_cast<std::size_t>((static_cast<std::uint64_t>(key.second) * 0x9E3779B97F4A7C15ULL) ^
                                      key.first);
    }
  };
  static Key key(const Share& share) noexcept { return {share.period, share.customer}; }

  void put(const Share& share, int128 numerator, int128 denominator, const std::vector<int128>& weights) {
    if (numerator == 0 && denominator == 0) return;
    const auto [place, is_new] = places_.try_emplace(key(share), places_.size());
    if (is_new) parts_.resize(parts_.size() + causes_);
    for (std::size_t i = 0; i < causes_; ++i) {
      auto& [amount, base] = parts_[place->second * causes_ + i];
      amount += weights[i] * numerator;
      base += weights[i] * denominator;
    }
  }

  const std::vector<Share>& base_;
  std::size_t causes_;
  std::unordered_map<Key, std::size_t, KeyHash> places_;
  std::vector<std::pair<int128, int128>> parts_;  ///< by place and cause
};

}  // namespace detail

TENURE_INLINE Metric parse_metric(std::string_view name) {
  return parse_named<Metric>(detail::metrics, name, "metric", "E_METRIC");
}
TENURE_INLINE std::string_view name_of(Metric metric) noexcept {
  return find_name<Metric>(detail::metrics, metric);
}

TENURE_INLINE std::string Cause::name() const {
  std::string name;
  for (const Change& change : changes) name += (name.empty() ? "" : " and ") + change.option;
  return name;
}

TENURE_INLINE bool matters(std::string_view option, const Question& question, bool gaps) {
  const auto one_of = [&](std::initializer_list<std::string_view> options) {
    return std::find(options.begin(), options.end(), option) != options.end();
  };
  const bool churn = question.metric == Metric::customer_churn || question.metric == Metric::gross_mrr_churn;
  if (option == "as_of") return std::holds_alternative<Periods>(question.when);
  if (option == "total_rounding") return question.metric == Metric::mrr;
  if (one_of({"movement_grain", "free_customers", "pause_movement"}))
    return gaps || question.metric != Metric::mrr;
  if (one_of({"netting", "reactivation", "window", "churn_denominator", "churn_numerator"})) return churn;
  // Transfers and legs are lines of the bridge, not of these figures; weeks are chosen by the question.
  return !one_of({"plan_switch", "week_start"});
}

TENURE_INLINE std::vector<int128> Reconciliation::rounded(std::size_t period, int128 unit) const {
  if (unsplit[period] != 0) return std::vector<int128>(causes.size());
  std::vector<int128> amounts;
  for (const Cause& cause : causes) amounts.push_back(cause.amounts[period]);
  const int128 difference =
      divide_half_even(b[period].value_or(0), unit) - divide_half_even(a[period].value_or(0), unit);
  return round_to_total(amounts, unit * scale, difference);
}

TENURE_INLINE Reconciliation reconcile(const Policy& from, const Policy& to, const Question& question,
                                       const ReadShares& read, std::span<const std::string> in_play) {
  from.check();
  to.check();
  Reconciliation result;
  result.from = from;
  result.to = to;
  result.metric = question.metric;
  std::vector<detail::Difference> differing = detail::differences(from, to, question, in_play);
  detail::join_exclusive(differing);
  for (std::size_t group = 0; group < differing.size(); ++group) {
    Cause cause;
    bool effective = false;
    for (const detail::Difference& one : differing)
      if (one.group == group) {
        cause.changes.push_back({one.option, one.from, one.to});
        effective = effective || one.effective;
      }
    if (effective)
      result.causes.push_back(std::move(cause));
    else
      for (const Cause::Change& change : cause.changes) result.without_effect.push_back(change.option);
  }

  const std::size_t causes = result.causes.size(), periods = question.periods();
  if (causes > 31)
    throw_option({.code = "E_POLICY_INCOMPARABLE",
                  .what = "the policies differ in " + std::to_string(causes) + " options",
                  .remedy = "Compare policies that are closer to each other."});
  result.sequential = causes > Reconciliation::exact_limit;
  result.scale = result.sequential ? 1 : detail::factorial(causes);
  const auto weighed =
      result.sequential ? detail::sequential_weights(causes) : detail::shapley_weights(causes);
  for (Cause& cause : result.causes) cause.amounts.resize(periods);

  const Shares base = read(from);
  detail::CustomerSplit split(base, causes);
  result.a = detail::figures(base, question);
  result.unsplit.assign(periods, 0);
  std::vector<std::optional<int128>> last = result.a;
  for (const auto& [set, weights] : weighed) {
    const Shares mixed = set == 0 ? Shares{} : read(detail::mixture(from, result.causes, set));
    if (set != 0) last = detail::figures(mixed, question);
    for (std::size_t period = 0; period < periods; ++period) {
      if (!last[period]) result.unsplit[period] = 1;
      for (std::size_t i = 0; i < causes; ++i)
        result.causes[i].amounts[period] += weights[i] * last[period].value_or(0);
    }
    if (set != 0) split.add(mixed.shares, weights);
  }
  // The last mixture has every cause changed. What still differs from `to` should not matter.
  result.b = detail::figures(read(to), question);
  if (result.b != last) detail::refuse_open(result.without_effect);
  split.give(result.causes, base.labels.get());
  for (std::size_t period = 0; period < periods; ++period) {
    if (result.unsplit[period] == 0) continue;
    for (Cause& cause : result.causes) {
      cause.amounts[period] = 0;
      std::erase_if(cause.customers, [&](const CauseShare& share) { return share.period == period; });
    }
  }
  return result;
}

}  // namespace tenure
