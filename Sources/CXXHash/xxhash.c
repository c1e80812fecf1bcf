// The library is compiled in, from its header: a program that is started all day should not have to look for it, and
// Debian's archive of it has no AVX versions.
#define XXH_STATIC_LINKING_ONLY
#define XXH_IMPLEMENTATION
#include "CXXHash.h"

#if defined(__x86_64__)

void campaign_xxh3_update_avx2(void *state, const void *input, size_t length);
void campaign_xxh3_update_avx512(void *state, const void *input, size_t length);
void campaign_xxh3_avx2(const void *input, size_t length, XXH64_hash_t digest[2]);
void campaign_xxh3_avx512(const void *input, size_t length, XXH64_hash_t digest[2]);

static enum { SSE2, AVX2, AVX512 } widest;

__attribute__((constructor)) static void choose(void) {
  __builtin_cpu_init();
  widest = __builtin_cpu_supports("avx512f") ? AVX512 : __builtin_cpu_supports("avx2") ? AVX2 : SSE2;
}

void campaign_xxh3_update(XXH3_state_t *state, const void *input, size_t length) {
  if (widest == AVX512) campaign_xxh3_update_avx512(state, input, length);
  else if (widest == AVX2) campaign_xxh3_update_avx2(state, input, length);
  else XXH3_128bits_update(state, input, length);
}

XXH128_hash_t campaign_xxh3(const void *input, size_t length) {
  XXH64_hash_t digest[2];
  if (widest == AVX512) campaign_xxh3_avx512(input, length, digest);
  else if (widest == AVX2) campaign_xxh3_avx2(input, length, digest);
  else return XXH3_128bits(input, length);
  return (XXH128_hash_t){.low64 = digest[0], .high64 = digest[1]};
}

#else  // the header finds NEON by itself

void campaign_xxh3_update(XXH3_state_t *state, const void *input, size_t length) {
  XXH3_128bits_update(state, input, length);
}

XXH128_hash_t campaign_xxh3(const void *input, size_t length) { return XXH3_128bits(input, length); }

#endif
