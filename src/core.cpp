// The bodies of core, built once for tenure::compiled.
#include <tenure/core/impl/bootstrap.ipp>
#include <tenure/core/impl/currency.ipp>
#include <tenure/core/impl/date.ipp>
#include <tenure/core/impl/error.ipp>
#include <tenure/core/impl/frame.ipp>
#include <tenure/core/impl/minimise.ipp>
#include <tenure/core/impl/money.ipp>
#include <tenure/core/impl/period.ipp>
#include <tenure/core/impl/state.ipp>
