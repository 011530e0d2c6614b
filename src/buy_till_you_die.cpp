// The bodies of economics/buy_till_you_die, built once for tenure::compiled.
#include <tenure/economics/impl/bg_bb.ipp>
#include <tenure/economics/impl/bg_nbd.ipp>
#include <tenure/economics/impl/customer_value.ipp>
#include <tenure/economics/impl/fit.ipp>
#include <tenure/economics/impl/gamma_gamma.ipp>
#include <tenure/economics/impl/mbg_nbd.ipp>
#include <tenure/economics/impl/pareto_nbd.ipp>
#include <tenure/economics/impl/repeat_purchases.ipp>
#include <tenure/economics/impl/transactions.ipp>
