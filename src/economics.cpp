// The bodies of economics, built once for tenure::compiled.
#include <tenure/economics/impl/cac.ipp>
#include <tenure/economics/impl/efficiency.ipp>
#include <tenure/economics/impl/ltv.ipp>
#include <tenure/economics/impl/payback.ipp>
#include <tenure/model/impl/spend.ipp>
