// The way back through a (leaky) ReLU. Signs of gradients are as good as random, so a branch for each would be guessed wrongly every
// other time: both sides are made, and one is taken.
#include "ConvolutionKernels.h"
#include "elementwise.h"
#include "lanes.h"
#include "parallel.h"
#include "shapes.h"

namespace conednn {

namespace {

CONEDNN_VECTORISED
void rectifyPart(int64_t count, float slope, const float *outputs, const float *gradient, float *result) {
  for (int64_t index = 0; index < count; index += lanes) {
    Lanes output, given;
    load(output, outputs + index, count - index);
    load(given, gradient + index, count - index);
    const Lanes below = slope == 0 ? Lanes{} : slope * given;  // 0 where the gradient is infinite, too
    given = output > 0 ? given : below;
    store(result + index, given, count - index);
  }
}

/// A bfloat16 number is positive where its bits are as a signed number.
CONEDNN_VECTORISED
void rectifyHalves(int64_t count, const uint16_t *outputs, uint16_t *gradient) {
  typedef int16_t Signed __attribute__((vector_size(32)));
  constexpr int64_t width = sizeof(Signed) / sizeof(int16_t);
  int64_t index = 0;
  for (; index + width <= count; index += width) {
    Signed output, given;
    std::memcpy(&output, outputs + index, sizeof output);
    std::memcpy(&given, gradient + index, sizeof given);
    given &= output > 0;
    std::memcpy(gradient + index, &given, sizeof given);
  }
  for (; index < count; ++index)
    if (static_cast<int16_t>(outputs[index]) <= 0) gradient[index] = 0;
}

constexpr int64_t grain = 1 << 15;

}  // namespace

}  // namespace conednn

using namespace conednn;

int conednn_rectified_gradient(int64_t count, float slope, const float *outputs, const float *gradient, float *result) {
  return guarded("conednn_rectified_gradient", [&] {
    forEachPart(count, grain, [&](int64_t begin, int64_t end) {
      rectifyPart(end - begin, slope, outputs + begin, gradient + begin, result + begin);
    });
  });
}

int conednn_mixed_rectify_gradient(int64_t count, const uint16_t *outputs, uint16_t *gradient) {
  return guarded("conednn_mixed_rectify_gradient", [&] {
    forEachPart(count, grain, [&](int64_t begin, int64_t end) {
      rectifyHalves(end - begin, outputs + begin, gradient + begin);
    });
  });
}
