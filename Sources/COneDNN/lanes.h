// Eight channels at a time, for loops of ours that the compiler should turn into vector instructions.
#pragma once

#include <cstdint>
#include <cstring>

#include "bfloat16.h"

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
typedef uint32_t Words __attribute__((vector_size(32)));
typedef uint16_t Halves __attribute__((vector_size(16)));
constexpr int lanes = 8;

/// Sixteen channels at a time: one register of AVX-512, two of AVX2.
typedef float WideLanes __attribute__((vector_size(64)));
typedef uint32_t WideWords __attribute__((vector_size(64)));
typedef uint16_t WideHalves __attribute__((vector_size(32)));

CONEDNN_INLINE void load(Lanes &value, const float *from) { std::memcpy(&value, from, sizeof(Lanes)); }
CONEDNN_INLINE void store(float *to, const Lanes &value) { std::memcpy(to, &value, sizeof(Lanes)); }
CONEDNN_INLINE void load(WideLanes &value, const float *from) { std::memcpy(&value, from, sizeof(WideLanes)); }
CONEDNN_INLINE void store(float *to, const WideLanes &value) { std::memcpy(to, &value, sizeof(WideLanes)); }

/// From and to bfloat16, rounded to the nearest, ties to even; what is no number stays none.
CONEDNN_INLINE void load(Lanes &value, const BFloat16 *from) {
  Halves halves;
  std::memcpy(&halves, from, sizeof halves);
  const Words words = __builtin_convertvector(halves, Words) << 16;
  std::memcpy(&value, &words, sizeof value);
}
CONEDNN_INLINE void store(BFloat16 *to, const Lanes &value) {
  Words words;
  std::memcpy(&words, &value, sizeof words);
  const Words rounded = words + 0x7fff + ((words >> 16) & 1);
  words = value == value ? rounded : words | 0x400000;
  const Halves halves = __builtin_convertvector(words >> 16, Halves);
  std::memcpy(to, &halves, sizeof halves);
}

CONEDNN_INLINE void load(WideLanes &value, const BFloat16 *from) {
  WideHalves halves;
  std::memcpy(&halves, from, sizeof halves);
  const WideWords words = __builtin_convertvector(halves, WideWords) << 16;
  std::memcpy(&value, &words, sizeof value);
}
/// One instruction where the function is compiled for bfloat16; it takes numbers below 2^-126 as 0.
CONEDNN_INLINE void store(BFloat16 *to, const WideLanes &value) {
#if defined(__x86_64__)
  typedef __bf16 Rounded __attribute__((vector_size(32)));
  const Rounded halves = __builtin_convertvector(value, Rounded);
  std::memcpy(to, &halves, sizeof halves);
#else
  Lanes parts[2];
  std::memcpy(parts, &value, sizeof value);
  store(to, parts[0]);
  store(to + lanes, parts[1]);
#endif
}

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
CONEDNN_INLINE void load(Lanes &value, const BFloat16 *from, int64_t count) {
  if (count >= lanes) return load(value, from);
  BFloat16 copy[lanes] = {};
  std::memcpy(copy, from, sizeof(BFloat16) * count);
  load(value, copy);
}
CONEDNN_INLINE void store(BFloat16 *to, const Lanes &value, int64_t count) {
  if (count >= lanes) return store(to, value);
  BFloat16 copy[lanes];
  store(copy, value);
  std::memcpy(to, copy, sizeof(BFloat16) * count);
}

}  // namespace conednn
