// The bodies of forecast, built once for tenure::compiled.
#include <tenure/forecast/impl/calls.ipp>
#include <tenure/forecast/impl/commitments.ipp>
#include <tenure/forecast/impl/drift.ipp>
#include <tenure/forecast/impl/forecastability.ipp>
#include <tenure/forecast/impl/history.ipp>
#include <tenure/forecast/impl/measure.ipp>
#include <tenure/forecast/impl/movement_rates.ipp>
#include <tenure/forecast/impl/mrr_forecast.ipp>
#include <tenure/forecast/impl/point_error.ipp>
#include <tenure/forecast/impl/predictability.ipp>
#include <tenure/forecast/impl/value_added.ipp>
