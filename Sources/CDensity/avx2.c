// The density for processors with AVX2 and FMA.
#ifdef __x86_64__
#include "family.h"

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define LANES 4
#define GROUPS 2
#define NAME(x) x##avx2
#include "density_lanes.h"
#pragma clang attribute pop
#endif
