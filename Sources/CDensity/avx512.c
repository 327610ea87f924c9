// The density for processors with AVX-512.
#ifdef __x86_64__
#include "family.h"

#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx2,fma"))), apply_to = function)
#define LANES 8
#define GROUPS 4
#define NAME(x) x##avx512
#include "density_lanes.h"
#pragma clang attribute pop
#endif
