// The bodies of cohort, built once for tenure::compiled.
#include <tenure/cohort/impl/durations.ipp>
#include <tenure/cohort/impl/incidence.ipp>
#include <tenure/cohort/impl/log_rank.ipp>
#include <tenure/cohort/impl/survival.ipp>
#include <tenure/cohort/impl/triangle.ipp>
