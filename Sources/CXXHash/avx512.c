#if defined(__x86_64__)
#include <immintrin.h>
#define VERSION avx512
#define XXH_VECTOR XXH_AVX512
#pragma clang attribute push(__attribute__((target("avx512f"))), apply_to = function)
#include "version.h"
#pragma clang attribute pop
#endif
