#include "bfloat16.h"

#include "lanes.h"
#include "matrix_product.h"

namespace conednn {

namespace {

CONEDNN_VECTORISED
void roundPart(int64_t count, const float *values, BFloat16 *result) {
  for (int64_t index = 0; index < count; index += lanes) {
    Lanes value;
    load(value, values + index, count - index);
    store(result + index, value, count - index);
  }
}

CONEDNN_VECTORISED
void widenPart(int64_t count, const BFloat16 *values, float *result) {
  for (int64_t index = 0; index < count; index += lanes) {
    Lanes value;
    load(value, values + index, count - index);
    store(result + index, value, count - index);
  }
}

constexpr int64_t grain = 1 << 15;

}  // namespace

bool hasBFloat16Products() {
  constexpr int wanted = dnnl_cpu_isa_avx512_core_bf16;
  return (static_cast<int>(dnnl_get_effective_cpu_isa()) & wanted) == wanted;
}

void toBFloat16(int64_t count, const float *values, BFloat16 *result) {
  forEachPart(count, grain, [&](int64_t begin, int64_t end) { roundPart(end - begin, values + begin, result + begin); });
}

void toFloat(int64_t count, const BFloat16 *values, float *result) {
  forEachPart(count, grain, [&](int64_t begin, int64_t end) { widenPart(end - begin, values + begin, result + begin); });
}

}  // namespace conednn

using namespace conednn;

int conednn_multiplies_bfloat16(void) { return hasBFloat16Products(); }

int conednn_to_bfloat16(int64_t count, const float *values, uint16_t *result) {
  return guarded("conednn_to_bfloat16", [&] { toBFloat16(count, values, reinterpret_cast<BFloat16 *>(result)); });
}

int conednn_from_bfloat16(int64_t count, const uint16_t *values, float *result) {
  return guarded(
      "conednn_from_bfloat16", [&] { toFloat(count, reinterpret_cast<const BFloat16 *>(values), result); });
}

int conednn_bfloat16_product(int64_t m, int64_t n, int64_t k, const uint16_t *a, const uint16_t *b, float *c) {
  return guarded("conednn_bfloat16_product", [&] {
    MatrixProducts products;
    products.multiply(
        MatrixProducts::plain, MatrixProducts::plain, m, n, k, reinterpret_cast<const BFloat16 *>(a), k,
        reinterpret_cast<const BFloat16 *>(b), n, 0, c, n);
    products.check();
  });
}
