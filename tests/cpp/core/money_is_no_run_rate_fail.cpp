// expect: no match for|invalid operands
#include <tenure/core/money.hpp>

// An amount and an amount a year do not add up.
auto total(tenure::Money price, tenure::RunRate rate) { return price + rate; }
