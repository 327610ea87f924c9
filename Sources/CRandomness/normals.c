// Box and Muller: of two uniform numbers u, v on [0, 1) the numbers sqrt(-2 log(1 - u)) cos(2 pi v) and the same with the sine are
// independent and standard normal.
//
// Every loop here is over independent lanes without a branch, so that the compiler makes vectors of them, for several instruction sets,
// of which the processor's is chosen when the program is loaded.
//
// - log x, x = 2^e m with m in [sqrt(1/2), sqrt(2)): log m = 2 artanh(s) = 2 s (1 + s^2/3 + s^4/5 + ...), s = (m - 1) / (m + 1). Here
//   |s| < 0.172, and what is left out after s^8/9 is below 3e-9 of it. m - 1 is taken in double, since 1 - u may lie just below 1.
// - 2 pi v = k pi/2 + t with |t| <= pi/4, k found in double. The Taylor series of sin t to t^9 and of cos t to t^10 leave out less than 2e-9.

#include "CRandomness.h"

#include <string.h>

#if defined(__x86_64__) && defined(__linux__) && defined(__clang__)
#define EVERY_INSTRUCTION_SET __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define EVERY_INSTRUCTION_SET
#endif

// Blocks that are worked on at once.
#define BLOCKS 64

static inline __attribute__((always_inline)) void philox(
    const uint32_t key[2], uint64_t identity, uint64_t block, uint64_t words[2 * BLOCKS]) {
  uint32_t a[BLOCKS], b[BLOCKS], c[BLOCKS], d[BLOCKS];
  for (int i = 0; i < BLOCKS; ++i) {
    uint64_t counter = block + (uint64_t)i;
    a[i] = (uint32_t)counter;
    b[i] = (uint32_t)(counter >> 32);
    c[i] = (uint32_t)identity;
    d[i] = (uint32_t)(identity >> 32);
  }
  uint32_t first = key[0], second = key[1];
  for (int round = 0; round < 10; ++round) {
    for (int i = 0; i < BLOCKS; ++i) {
      uint64_t low = (uint64_t)0xD2511F53u * a[i];
      uint64_t high = (uint64_t)0xCD9E8D57u * c[i];
      a[i] = (uint32_t)(high >> 32) ^ b[i] ^ first;
      b[i] = (uint32_t)high;
      c[i] = (uint32_t)(low >> 32) ^ d[i] ^ second;
      d[i] = (uint32_t)low;
    }
    first += 0x9E3779B9u;
    second += 0xBB67AE85u;
  }
  for (int i = 0; i < BLOCKS; ++i) {
    words[2 * i] = (uint64_t)a[i] | (uint64_t)b[i] << 32;
    words[2 * i + 1] = (uint64_t)c[i] | (uint64_t)d[i] << 32;
  }
}

EVERY_INSTRUCTION_SET
void crandomness_words(crandomness_stream *stream, int64_t count, uint64_t *words) {
  uint64_t made[2 * BLOCKS];
  for (int64_t start = 0; start < count; start += BLOCKS) {
    int64_t taken = count - start < BLOCKS ? count - start : BLOCKS;
    philox(stream->key, stream->identity, stream->block, made);
    memcpy(words + 2 * start, made, (size_t)(2 * taken) * sizeof(uint64_t));
    stream->block += (uint64_t)taken;
  }
}

static inline __attribute__((always_inline)) double uniform(uint64_t word) {
  return (double)(int64_t)(word >> 11) * 0x1p-53;
}

/// Normal numbers from BLOCKS pairs of words.
static inline __attribute__((always_inline)) void transform(const uint64_t words[2 * BLOCKS], float result[2 * BLOCKS]) {
  for (int i = 0; i < BLOCKS; ++i) {
    double x = 1 - uniform(words[2 * i]);
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    // The exponent that leaves a mantissa from sqrt(1/2) to sqrt(2).
    int64_t exponent = (int64_t)(bits - 0x3FE6A09E667F3BCDu) >> 52;
    bits -= (uint64_t)exponent << 52;
    double mantissa;
    memcpy(&mantissa, &bits, sizeof mantissa);
    float s = (float)(mantissa - 1) / (float)(mantissa + 1);
    float square = s * s;
    float series = 1.0f + square * (1.0f / 3 + square * (1.0f / 5 + square * (1.0f / 7 + square * (1.0f / 9))));
    float minus = -(2 * s * series + (float)exponent * 0.693147180559945f);
    float radius = __builtin_elementwise_sqrt(2 * (minus > 0 ? minus : 0));

    double turn = uniform(words[2 * i + 1]);
    // 4 * turn rounded to a whole number, of which only the remainder by 4 counts.
    double shifted = 4 * turn + 0x1.8p52;
    uint64_t quarter;
    memcpy(&quarter, &shifted, sizeof quarter);
    double whole = shifted - 0x1.8p52;
    float t = (float)((turn - 0.25 * whole) * 6.283185307179586);
    float q = t * t;
    float sine = t + t * q * (-1.0f / 6 + q * (1.0f / 120 + q * (-1.0f / 5040 + q * (1.0f / 362880))));
    float cosine =
        1.0f + q * (-0.5f + q * (1.0f / 24 + q * (-1.0f / 720 + q * (1.0f / 40320 + q * (-1.0f / 3628800)))));
    // Quarters turn (cos, sin) into (-sin, cos), (-cos, -sin), (sin, -cos).
    float across = quarter & 1 ? sine : cosine;
    float up = quarter & 1 ? cosine : sine;
    result[2 * i] = radius * ((quarter + 1) & 2 ? -across : across);
    result[2 * i + 1] = radius * (quarter & 2 ? -up : up);
  }
}

EVERY_INSTRUCTION_SET
void crandomness_normals(crandomness_stream *stream, int64_t pairs, float *result) {
  // One word more than the blocks give, for the word that may be left from before.
  uint64_t words[2 * BLOCKS + 1];
  float made[2 * BLOCKS];
  int rest = stream->has_rest != 0;
  words[0] = stream->rest;
  for (int64_t start = 0; start < pairs; start += BLOCKS) {
    int64_t taken = pairs - start < BLOCKS ? pairs - start : BLOCKS;
    philox(stream->key, stream->identity, stream->block, words + rest);
    transform(words, made);
    memcpy(result + 2 * start, made, (size_t)(2 * taken) * sizeof(float));
    stream->block += (uint64_t)taken;
    words[0] = words[2 * taken];
  }
  if (rest) stream->rest = words[0];
}
