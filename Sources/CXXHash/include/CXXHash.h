#pragma once
#include <xxhash.h>

// XXH3_128bits_update and XXH3_128bits by the widest vectors that this processor has.
void campaign_xxh3_update(XXH3_state_t *state, const void *input, size_t length);
XXH128_hash_t campaign_xxh3(const void *input, size_t length);
