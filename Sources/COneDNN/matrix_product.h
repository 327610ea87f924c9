// oneDNN's matrix product, inside our own parallel loops.
#pragma once

#include <atomic>

#include "engine.h"

namespace conednn {

/// Matrix products whose failure is reported once the parallel loop around them is over, because its body may not throw.
class MatrixProducts {
 public:
  enum Order { plain, transposed };

  /// c = a * b + keep * c, where a is m x k and b is k x n after transposition; all row-major, with their row lengths in memory.
  void multiply(
      Order orderA, Order orderB, int64_t m, int64_t n, int64_t k, const float *a, int64_t rowA, const float *b,
      int64_t rowB, float keep, float *c, int64_t rowC) {
    const dnnl_status_t result = dnnl_sgemm(
        orderA == plain ? 'N' : 'T', orderB == plain ? 'N' : 'T', m, n, k, 1.f, a, rowA, b, rowB, keep, c, rowC);
    if (result != dnnl_success) status.store(result);
  }

  /// Throws when a product failed.
  void check() const {
    if (status != dnnl_success) throw dnnl::error(status, "oneDNN could not multiply two matrices.");
  }

 private:
  std::atomic<dnnl_status_t> status{dnnl_success};
};

}  // namespace conednn
