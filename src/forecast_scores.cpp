// The bodies of forecast that need the distributions of Boost.Math, built once for tenure::compiled.
#include <tenure/forecast/impl/bias.ipp>
#include <tenure/forecast/impl/calibration.ipp>
#include <tenure/forecast/impl/comparison.ipp>
#include <tenure/forecast/impl/confidence_set.ipp>
#include <tenure/forecast/impl/crps.ipp>
#include <tenure/forecast/impl/distribution.ipp>
#include <tenure/forecast/impl/interval.ipp>
#include <tenure/forecast/impl/lead_time.ipp>
#include <tenure/forecast/impl/naive.ipp>
#include <tenure/forecast/impl/probability.ipp>
#include <tenure/forecast/impl/quantile.ipp>
#include <tenure/forecast/impl/skill.ipp>
