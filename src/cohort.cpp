// The bodies of cohort, built once for tenure::compiled.
#include <tenure/cohort/impl/triangle.ipp>
