// The bodies of model, built once for tenure::compiled.
#include <tenure/model/impl/contract.ipp>
#include <tenure/model/impl/fx.ipp>
#include <tenure/model/impl/invoice.ipp>
#include <tenure/model/impl/loading_policy.ipp>
#include <tenure/model/impl/policy.ipp>
#include <tenure/model/impl/snapshot.ipp>
#include <tenure/model/impl/subscription.ipp>
