#pragma once

/// Everything: subscription and revenue metrics, one definition everywhere. Not included: core/state.hpp's
/// writer and reader are reached through the states, core/group.hpp and the detail/ folders are how the book
/// works inside.

#include "book.hpp"
#include "cohort/triangle.hpp"
#include "core/column.hpp"
#include "core/currency.hpp"
#include "core/date.hpp"
#include "core/error.hpp"
#include "core/frame.hpp"
#include "core/money.hpp"
#include "core/parallel.hpp"
#include "core/period.hpp"
#include "core/ratio.hpp"
#include "model/contract.hpp"
#include "model/invoice.hpp"
#include "model/policy.hpp"
#include "model/subscription.hpp"
#include "revenue/churn.hpp"
#include "revenue/closest.hpp"
#include "revenue/concentration.hpp"
#include "revenue/growth.hpp"
#include "revenue/movement.hpp"
#include "revenue/net_retention.hpp"
#include "revenue/reconcile.hpp"
#include "revenue/run_rate.hpp"
#include "revenue/waterfall.hpp"
#include "version.hpp"
