// The bodies of revenue, built once for tenure::compiled.
#include <tenure/revenue/impl/churn.ipp>
#include <tenure/revenue/impl/closest.ipp>
#include <tenure/revenue/impl/concentration.ipp>
#include <tenure/revenue/impl/growth.ipp>
#include <tenure/revenue/impl/net_retention.ipp>
#include <tenure/revenue/impl/reconcile.ipp>
#include <tenure/revenue/impl/restatement.ipp>
#include <tenure/revenue/impl/run_rate.ipp>
#include <tenure/revenue/impl/waterfall.ipp>
