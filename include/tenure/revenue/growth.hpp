#pragma once

#include <vector>

#include "../core/ratio.hpp"
#include "waterfall.hpp"

namespace tenure {

/// Growth figures of a bridge, by frame.row(period, segment). A rate is undefined (`before_history`) where
/// the period it is compared with lies before the opening of the result, (`empty_base`) where that period has
/// no revenue, and (`other_period`) where the periods are longer than the span or are weeks. Under
/// Netting::none movements are gross: rates of churn may then pass 100 %.
///
///   mom, qoq, yoy   closing / closing one month, quarter, year before - 1
///   cmgr            (closing / first closing above 0)^(1 / months between) - 1: compound growth a month
///   quick ratio     (new + expansion + reactivation) / (contraction + churn)
///                   (GrowPanel and Baremetrics leave reactivation out: include_reactivation = false)
///   arpa            closing MRR / customers at the closing
///   gross churn     (churn + contraction) / opening                             ChartMogul 203359341
///   net churn       (churn + contraction - expansion - reactivation) / opening  ChartMogul 4414075567250
///   net new ARR     12 * (closing - opening): with what exchange rates did, 12 * Line::fx
///   logo churn      customers lost / customers at the opening
struct Growth {
  Frame frame;
  std::vector<Ratio> mom = {}, qoq = {}, yoy = {}, quick_ratio = {}, arpa = {}, gross_churn = {},
                     net_churn = {}, logo_churn = {};
  std::vector<std::optional<double>> cmgr = {};
  std::vector<RunRateSum> net_new = {};  ///< closing - opening
};

struct GrowthOptions {
  bool include_reactivation = true;  ///< in the quick ratio
};

Growth growth(const Waterfall& bridge, GrowthOptions options = {});

/// (new + expansion [+ reactivation]) / (contraction + churn); undefined (`no_loss`) when nothing was lost.
Ratio quick_ratio(RunRateSum gains, RunRateSum losses) noexcept;

/// How much of each period's new ARR comes from products launched in the last `months` months.
///
///   share = sum of (new + expansion) of young products / sum of (new + expansion) of all
///
/// A product is launched on the first day any of its rows starts; it is young in a period while launch >=
/// end of the period - months. What customers move from an older product is a transfer, and what a returning
/// customer buys is reactivation: neither is new ARR. Needs a bridge cut by product. Undefined (`empty_base`)
/// when nothing was sold.
struct NewProducts {
  Periods periods;
  std::vector<RunRateSum> new_arr, young_arr;
  Ratio share(std::size_t period) const noexcept {
    return {young_arr[period].annual, new_arr[period].annual};
  }
};

NewProducts new_products(const Waterfall& by_product, std::span<const Day> launches, int months);

}  // namespace tenure

#ifndef TENURE_DECLARATIONS_ONLY
#include "impl/growth.ipp"
#endif
