// The bodies of cohort/cells, projection and chain_ladder, built once for tenure::compiled.
#include <tenure/cohort/impl/cells.ipp>
#include <tenure/cohort/impl/chain_ladder.ipp>
#include <tenure/cohort/impl/projection.ipp>
