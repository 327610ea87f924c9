// The upper half of a float32: 8 bits of exponent, 7 of fraction.
#pragma once

#include <cstdint>

#include "COneDNN.h"

namespace conednn {

struct BFloat16 {
  uint16_t bits;
};

/// Whether the processor, as oneDNN uses it, multiplies bfloat16 numbers.
bool hasBFloat16Products();

/// values as the nearest bfloat16 (ties to even), on all threads.
void toBFloat16(int64_t count, const float *values, BFloat16 *result);

/// Exact, on all threads.
void toFloat(int64_t count, const BFloat16 *values, float *result);

}  // namespace conednn
