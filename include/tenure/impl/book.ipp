// clang-format off: the parts of this file lean on each other in this order.
#include "../detail/book_data.hpp"
#include "../detail/overlaps.hpp"
#include "../model/detail/row_source.hpp"
#include "book_columns.ipp"
#include "book_add.ipp"
#include "book_ask.ipp"
#include "book_explain.ipp"
