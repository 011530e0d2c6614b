#pragma once

#include <cstddef>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace tenure::detail {

/// Copies whole 16-byte pieces to memory that will not be read soon, past the caches: a line that is
/// written whole need not be fetched first. Both addresses are aligned to 16 bytes. Call finish_streams()
/// before other threads read.
inline void stream(void* to, const void* from, std::size_t bytes) noexcept {
#if defined(__SSE2__)
  auto* target = static_cast<__m128i*>(to);
  const auto* origin = static_cast<const __m128i*>(from);
  for (std::size_t i = 0; i < bytes / sizeof(__m128i); ++i)
    _mm_stream_si128(target + i, _mm_load_si128(origin + i));
#else
  std::memcpy(to, from, bytes);
#endif
}

/// Makes all that this thread streamed visible before whatever it writes next.
inline void finish_streams() noexcept {
#if defined(__SSE2__)
  _mm_sfence();
#endif
}

}  // namespace tenure::detail
