// The bodies of live_book, built once for tenure::compiled.
#include <tenure/impl/live_book.ipp>
#include <tenure/model/impl/event.ipp>
