// Eight channels at a time, for loops of ours that the compiler should turn into vector instructions.
#pragma once

#include <cstdint>
#include <cstring>

// A function so marked is compiled for AVX2 beside the baseline; the processor chooses when the program loads. What is inlined into it
// must be a template or a function, not a lambda, whose code would be the baseline's.
#if defined(__x86_64__) && defined(__linux__)
#define CONEDNN_VECTORISED __attribute__((target_clones("avx2", "default")))
#else
#define CONEDNN_VECTORISED
#endif
#define CONEDNN_INLINE __attribute__((always_inline)) inline

namespace conednn {

typedef float Lanes __attribute__((vector_size(32)));
typedef int32_t LaneMask __attribute__((vector_size(32)));
constexpr int lanes = 8;

CONEDNN_INLINE void load(Lanes &value, const float *from) { std::memcpy(&value, from, sizeof(Lanes)); }
CONEDNN_INLINE void store(float *to, const Lanes &value) { std::memcpy(to, &value, sizeof(Lanes)); }

/// The same for the first `count` of the eight; the others are 0, and are not stored.
CONEDNN_INLINE void load(Lanes &value, const float *from, int64_t count) {
  if (count >= lanes) return load(value, from);
  value = Lanes{};
  for (int64_t lane = 0; lane < count; ++lane) value[lane] = from[lane];
}
CONEDNN_INLINE void store(float *to, const Lanes &value, int64_t count) {
  if (count >= lanes) return store(to, value);
  for (int64_t lane = 0; lane < count; ++lane) to[lane] = value[lane];
}

}  // namespace conednn
