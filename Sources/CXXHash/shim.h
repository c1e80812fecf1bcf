#pragma once
#include <xxhash.h>

// libxxhash carries AVX2 and AVX-512 versions behind these two symbols, chosen at run time,
// but Debian does not install the header that declares them.
#if defined(__x86_64__) && defined(__linux__)
XXH_errorcode XXH3_128bits_update_dispatch(XXH3_state_t *state, const void *input, size_t length);
XXH128_hash_t XXH3_128bits_dispatch(const void *input, size_t length);
#else
#define XXH3_128bits_update_dispatch XXH3_128bits_update
#define XXH3_128bits_dispatch XXH3_128bits
#endif

static inline XXH_errorcode campaign_xxh3_update(XXH3_state_t *state, const void *input, size_t length) {
  return XXH3_128bits_update_dispatch(state, input, length);
}
static inline XXH128_hash_t campaign_xxh3(const void *input, size_t length) {
  return XXH3_128bits_dispatch(input, length);
}
