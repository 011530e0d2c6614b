// The bodies of book, built once for tenure::compiled.
#include <tenure/impl/book.ipp>
