#if defined(__x86_64__)
#include <immintrin.h>
#define VERSION avx2
#define XXH_VECTOR XXH_AVX2
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#include "version.h"
#pragma clang attribute pop
#endif
