// oneDNN's matrix product, inside our own parallel loops.
#pragma once

#include <atomic>

#include "bfloat16.h"
#include "operation.h"
#include "parallel.h"

namespace conednn {

/// Matrix products whose failure is reported once the parallel loop around them is over, because its body may not throw.
class MatrixProducts {
 public:
  enum Order { plain, transposed };

  /// c = a * b + keep * c, where a is m x k and b is k x n after transposition; all row-major, with their row lengths in memory.
  /// On the calling thread alone: shared among several, or planned for several, a product adds up in another order.
  void multiply(
      Order orderA, Order orderB, int64_t m, int64_t n, int64_t k, const float *a, int64_t rowA, const float *b,
      int64_t rowB, float keep, float *c, int64_t rowC) {
    const OneThread oneThread;
    const dnnl_status_t result = dnnl_sgemm(
        orderA == plain ? 'N' : 'T', orderB == plain ? 'N' : 'T', m, n, k, 1.f, a, rowA, b, rowB, keep, c, rowC);
    if (result != dnnl_success) status.store(result);
  }

  /// The same of bfloat16 numbers, added up in float32; `keep` is 0 or 1. On the calling thread alone.
  void multiply(
      Order orderA, Order orderB, int64_t m, int64_t n, int64_t k, const BFloat16 *a, int64_t rowA, const BFloat16 *b,
      int64_t rowB, float keep, float *c, int64_t rowC) {
    const OneThread oneThread;
    try {
      OperationCache::shared()
          .operation(
              OperationKey(
                  OperationKind::product, {orderA, orderB, word(m), word(n), word(k), word(rowA), word(rowB), word(rowC),
                                           keep != 0}),
              [&] { return product(orderA, orderB, m, n, k, rowA, rowB, keep, rowC); })
          ->run({a, b, c});
    } catch (const dnnl::error &error) {
      status.store(error.status);
    } catch (...) {
      status.store(dnnl_out_of_memory);
    }
  }

  /// Throws when a product failed.
  void check() const {
    if (status != dnnl_success) throw dnnl::error(status, "oneDNN could not multiply two matrices.");
  }

 private:
  static int32_t word(int64_t size) { return static_cast<int32_t>(size); }

  static std::shared_ptr<Operation> product(
      Order orderA, Order orderB, int64_t m, int64_t n, int64_t k, int64_t rowA, int64_t rowB, float keep, int64_t rowC) {
    using dnnl::memory;
    const auto matrix = [](int64_t rows, int64_t columns, Order order, int64_t row, memory::data_type type) {
      return memory::desc({rows, columns}, type, order == plain ? memory::dims{row, 1} : memory::dims{1, row});
    };
    const memory::desc left = matrix(m, k, orderA, rowA, memory::data_type::bf16);
    const memory::desc right = matrix(k, n, orderB, rowB, memory::data_type::bf16);
    const memory::desc result = matrix(m, n, plain, rowC, memory::data_type::f32);
    dnnl::primitive_attr fused = attributes();
    if (keep != 0) {
      dnnl::post_ops sum;
      sum.append_sum(1.f);
      fused.set_post_ops(sum);
    }
    const auto description = CONEDNN_DESCRIBE(matmul, fused, left, right, result);
    return std::make_shared<Operation>(
        dnnl::matmul(description), description.scratchpad_desc(),
        std::vector<Port>{
            {DNNL_ARG_SRC, Port::input, left, left},
            {DNNL_ARG_WEIGHTS, Port::input, right, right},
            {DNNL_ARG_DST, Port::output, result, result}},
        description.impl_info_str());
  }

  std::atomic<dnnl_status_t> status{dnnl_success};
};

}  // namespace conednn
