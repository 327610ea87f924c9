// Standard normal numbers many at a time, from the blocks of a Philox stream.
#pragma once

#include <stdint.h>

#pragma clang assume_nonnull begin

/// Where a stream of 64-bit words stands: blocks of two words each, from the counter (block, identity) and a key.
typedef struct {
  uint32_t key[2];
  uint64_t identity;
  /// The next block.
  uint64_t block;
  /// The second word of the block before, where it is not used yet.
  uint64_t rest;
  /// Whether there is such a word.
  int32_t has_rest;
} crandomness_stream;

/// Philox 4x32 with 10 rounds of the next `count` blocks: `words[2 * count]`. Leaves `rest` alone.
void crandomness_words(crandomness_stream *stream, int64_t count, uint64_t *words);

/// 2 * pairs standard normal numbers: for each pair of words a cosine and a sine of Box and Muller's transform, within 4 units of the
/// last place of float32. The same words on every processor; the last bits of the numbers follow from its instruction set.
void crandomness_normals(crandomness_stream *stream, int64_t pairs, float *result);

#pragma clang assume_nonnull end
