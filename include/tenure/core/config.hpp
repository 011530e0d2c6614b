#pragma once

/// Header-only by default. With TENURE_COMPILED (set by the target tenure::compiled) headers only declare,
/// and the bodies in `impl/*.ipp` are built once, in src/.
#if defined(TENURE_COMPILED)
#define TENURE_DECLARATIONS_ONLY 1
#define TENURE_INLINE
#else
#define TENURE_INLINE inline
#endif
