// Scratch memory that is kept between calls.
#pragma once

#include <cstddef>

namespace conednn {

/// A block of memory, aligned to a page, borrowed for the length of a call.
///
/// Fresh memory costs more to touch than most kernels cost to run, so blocks go back to a pool that all threads share; there are
/// never more of them than were in use at once.
class Scratch {
 public:
  explicit Scratch(size_t bytes);
  ~Scratch();
  Scratch(const Scratch &) = delete;
  Scratch &operator=(const Scratch &) = delete;

  void *at(size_t offset) const { return static_cast<char *>(address) + offset; }
  float *floats(size_t offset = 0) const { return static_cast<float *>(at(offset)); }

  /// Frees the blocks that nobody holds.
  static void releaseIdle();

  /// Rounds a size up so that the next piece of a block starts on a cache line.
  static constexpr size_t rounded(size_t bytes) { return (bytes + 63) / 64 * 64; }

 private:
  void *address = nullptr;
  size_t size = 0;
};

}  // namespace conednn
