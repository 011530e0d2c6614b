// expect: static assertion failed|static_assert failed
#include <string>

#include <tenure/core/buffer.hpp>

// Buffers neither construct nor destroy.
tenure::Buffer<std::string> names(3);
