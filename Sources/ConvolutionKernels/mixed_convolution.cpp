// Convolutions of images in bfloat16.
//
// The tiled kernels read and write them as they are. Everything else goes to the kernels of floats, some images at a time, through
// copies that stay in the cache; its operands are rounded by then, so it differs from a product of bfloat16 numbers by no more than
// the order of a sum.
#include "ConvolutionKernels.h"
#include "convolution.h"
#include "elementwise.h"
#include "forward.h"
#include "scratch.h"
#include "shapes.h"
#include "tiled_convolution.h"

namespace conednn {

namespace {

bool isHalf(conednn_element element) { return element == CONEDNN_BFLOAT16; }

/// One side of a convolution, image by image.
struct Side {
  void *values;
  bool half;
  int64_t count;  // values of an image

  Side(const void *values, conednn_element element, int64_t count)
      : values(const_cast<void *>(values)), half(isHalf(element)), count(count) {}

  float *floats() const { return static_cast<float *>(values); }
  BFloat16 *halves() const { return static_cast<BFloat16 *>(values); }
  int64_t copied() const { return half ? count : 0; }

  /// Images from `first` on as floats; in `copy` where they are not.
  const float *read(int64_t first, int64_t images, float *copy) const {
    if (!half) return floats() + first * count;
    toFloat(images * count, halves() + first * count, copy);
    return copy;
  }

  /// Where images from `first` on are to be written as floats, before `written`.
  float *place(int64_t first, float *copy) const { return half ? copy : floats() + first * count; }
  void written(int64_t first, int64_t images, const float *copy) const {
    if (half) toBFloat16(images * count, copy, halves() + first * count);
  }
};

/// Calls `body(shape of some images, first image, room for the copies of a, of b)` until all images had their turn.
template <class Body>
void inParts(const conednn_convolution &shape, const Side &a, const Side &b, Body &&body) {
  constexpr int64_t cachedFloats = 2 * 1024 * 1024;
  const int64_t copied = std::max<int64_t>(1, a.copied() + b.copied());
  const int64_t images = std::clamp<int64_t>(cachedFloats / copied, 1, shape.batch);
  const size_t bytes = Scratch::rounded(sizeof(float) * images * a.copied());
  const Scratch scratch(bytes + sizeof(float) * images * b.copied());
  for (int64_t first = 0; first < shape.batch; first += images) {
    conednn_convolution part = shape;
    part.batch = static_cast<int32_t>(std::min<int64_t>(images, shape.batch - first));
    body(part, first, scratch.floats(), scratch.floats(bytes));
  }
}

/// Calls `body` with pointers to what the two sides hold.
template <class Body>
void withTypes(const Side &a, const Side &b, Body &&body) {
  if (a.half)
    b.half ? body(a.halves(), b.halves()) : body(a.halves(), b.floats());
  else
    b.half ? body(a.floats(), b.halves()) : body(a.floats(), b.floats());
}

bool takesTiles(const conednn_convolution &shape, const Side &result, conednn_activation activation) {
  return hasBFloat16Products() && prefersTiles(shape) && !(result.half && needsExponential(activation));
}

Side inputSide(const conednn_convolution &shape, const void *values, conednn_element element) {
  return Side(values, element, ConvolutionSizes(shape).inputPixels * shape.input_channels);
}

Side outputSide(const conednn_convolution &shape, const void *values, conednn_element element) {
  return Side(values, element, ConvolutionSizes(shape).outputPixels * shape.output_channels);
}

void check(conednn_element element) {
  if (element != CONEDNN_FLOAT32 && element != CONEDNN_BFLOAT16) throw BadShape("the kind of number is unknown.");
}

void mixedWeightsGradient(const conednn_convolution &shape, const Side &input, const Side &output, float *gradient) {
  if (takesTiles(shape, input, CONEDNN_IDENTITY))
    return withTypes(input, output, [&](const auto *inputs, const auto *outputs) {
      tiledWeightsGradient<BFloat16>(shape, inputs, outputs, gradient);
    });
  const int64_t count = ConvolutionSizes(shape).columns * shape.output_channels;
  const Scratch addend(sizeof(float) * count);
  inParts(shape, input, output, [&](const conednn_convolution &part, int64_t first, float *a, float *b) {
    float *const partial = first == 0 ? gradient : addend.floats();
    weightsGradient(part, input.read(first, part.batch, a), output.read(first, part.batch, b), partial);
    if (first > 0) addOnAllThreads(count, partial, gradient);
  });
}

/// The same sums as of floats, some rows at a time.
void mixedSums(int64_t rows, int32_t channels, const BFloat16 *values, float *sums) {
  constexpr int64_t cachedFloats = 1024 * 1024;
  const int64_t most = std::clamp<int64_t>(cachedFloats / channels, 1, rows);
  const size_t bytes = Scratch::rounded(sizeof(float) * most * channels);
  const Scratch scratch(bytes + sizeof(float) * channels);
  float *const addend = scratch.floats(bytes);
  for (int64_t row = 0; row < rows; row += most) {
    const int64_t count = std::min(most, rows - row);
    toFloat(count * channels, values + row * channels, scratch.floats());
    sumOverRows(count, channels, scratch.floats(), row == 0 ? sums : addend);
    if (row > 0) add(channels, addend, sums);
  }
}

}  // namespace

}  // namespace conednn

using namespace conednn;

int conednn_mixed_convolution_forward(
    const conednn_convolution *shape, conednn_source input, const float *weights, const float *bias,
    conednn_activation activation, float alpha, conednn_target output) {
  return guarded("conednn_mixed_convolution_forward", [&] {
    check(*shape), check(activation), check(input.element), check(output.element);
    const Side from = inputSide(*shape, input.values, input.element);
    const Side to = outputSide(*shape, output.values, output.element);
    if (takesTiles(*shape, to, activation))
      return withTypes(from, to, [&](const auto *inputs, auto *outputs) {
        tiledForward<BFloat16>(*shape, inputs, weights, bias, activation, alpha, outputs);
      });
    inParts(*shape, from, to, [&](const conednn_convolution &part, int64_t first, float *a, float *b) {
      forward(part, from.read(first, part.batch, a), weights, bias, activation, alpha, to.place(first, b));
      to.written(first, part.batch, b);
    });
  });
}

int conednn_mixed_convolution_transposed(
    const conednn_convolution *shape, conednn_source output_like, const float *weights, const float *bias,
    conednn_activation activation, float alpha, conednn_target input_like) {
  return guarded("conednn_mixed_convolution_transposed", [&] {
    check(*shape), check(activation), check(output_like.element), check(input_like.element);
    const Side from = outputSide(*shape, output_like.values, output_like.element);
    const Side to = inputSide(*shape, input_like.values, input_like.element);
    if (takesTiles(*shape, to, activation))
      return withTypes(from, to, [&](const auto *outputs, auto *inputs) {
        tiledTransposed<BFloat16>(*shape, outputs, weights, bias, activation, alpha, inputs);
      });
    inParts(*shape, from, to, [&](const conednn_convolution &part, int64_t first, float *a, float *b) {
      transposed(part, from.read(first, part.batch, a), weights, bias, activation, alpha, to.place(first, b));
      to.written(first, part.batch, b);
    });
  });
}

int conednn_mixed_convolution_weights_gradient(
    const conednn_convolution *shape, conednn_source input, conednn_source output_gradient, float *weights_gradient,
    float *bias_gradient) {
  return guarded("conednn_mixed_convolution_weights_gradient", [&] {
    check(*shape), check(input.element), check(output_gradient.element);
    mixedWeightsGradient(
        *shape, inputSide(*shape, input.values, input.element),
        outputSide(*shape, output_gradient.values, output_gradient.element), weights_gradient);
    if (bias_gradient == nullptr) return;
    const int64_t pixels = ConvolutionSizes(*shape).pixels;
    if (isHalf(output_gradient.element))
      mixedSums(pixels, shape->output_channels, static_cast<const BFloat16 *>(output_gradient.values), bias_gradient);
    else
      sumOverRows(pixels, shape->output_channels, static_cast<const float *>(output_gradient.values), bias_gradient);
  });
}

int conednn_mixed_channel_sum(int64_t rows, int32_t channels, const uint16_t *input, float *sums) {
  return guarded("conednn_mixed_channel_sum", [&] {
    checkRows(rows, channels);
    mixedSums(rows, channels, reinterpret_cast<const BFloat16 *>(input), sums);
  });
}
