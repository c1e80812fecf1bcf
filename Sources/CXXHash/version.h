// One version of the functions that read much, for processors that can do more than all can. The state of the library is
// the same in all of them.
#define XXH_INLINE_ALL
#include <xxhash.h>

#define NAME_OF(function, version) function##_##version
#define NAME(function, version) NAME_OF(function, version)

void NAME(campaign_xxh3_update, VERSION)(void *state, const void *input, size_t length) {
  XXH3_128bits_update(state, input, length);
}

void NAME(campaign_xxh3, VERSION)(const void *input, size_t length, XXH64_hash_t digest[2]) {
  XXH128_hash_t hash = XXH3_128bits(input, length);
  digest[0] = hash.low64;
  digest[1] = hash.high64;
}
