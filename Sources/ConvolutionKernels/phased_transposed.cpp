#include "phased_transposed.h"

#include <cstring>

#include "forward.h"
#include "parallel.h"
#include "scratch.h"
#include "shapes.h"

namespace conednn {

namespace {

/// One phase along one axis.
struct Phase {
  int64_t places;         // how many places of the kernel it sees
  int64_t first, count;   // its elements of the result: first, first + stride, ...
  int64_t before, after;  // the paddings of its convolution

  Phase(int64_t remainder, int64_t result, int64_t source, int64_t kernel, int64_t stride, int64_t padding)
      : places((kernel - remainder + stride - 1) / stride) {
    // The elements q = index * stride + remainder with padding <= q < padding + result.
    const int64_t firstIndex = std::max<int64_t>(0, padding - remainder + stride - 1) / stride;
    const int64_t endIndex = std::max<int64_t>(0, padding + result - remainder + stride - 1) / stride;
    first = firstIndex * stride + remainder - padding;
    count = endIndex - firstIndex;
    before = places - 1 - firstIndex;
    after = endIndex - source;
  }

  bool isConvolution() const { return count == 0 || (places > 0 && before >= 0 && after >= 0); }
};

Phase verticalPhase(const conednn_convolution &shape, int64_t remainder) {
  return Phase(
      remainder, shape.input_height, shape.output_height, shape.kernel_height, shape.stride_height, shape.padding_top);
}

Phase horizontalPhase(const conednn_convolution &shape, int64_t remainder) {
  return Phase(
      remainder, shape.input_width, shape.output_width, shape.kernel_width, shape.stride_width, shape.padding_left);
}

/// Splits the weights among the phases, and swaps the channels: phase (r, c) gets
/// `[input channel, output channel, place, place]`, its places in reverse order. The phases follow one another in `destination`.
void splitWeights(const conednn_convolution &shape, const float *weights, float *destination) {
  const ConvolutionSizes sizes(shape);
  const int64_t inputs = shape.input_channels, outputs = shape.output_channels;
  const int64_t strideHeight = shape.stride_height, strideWidth = shape.stride_width;
  const auto placesIn = [](int64_t kernel, int64_t remainder, int64_t stride) {
    return (kernel - remainder + stride - 1) / stride;
  };
  forEachPart(inputs, 1, [&](int64_t begin, int64_t end) {
    for (int64_t input = begin; input < end; ++input) {
      float *phase = destination;
      for (int64_t r = 0; r < std::min<int64_t>(strideHeight, shape.kernel_height); ++r)
        for (int64_t c = 0; c < std::min<int64_t>(strideWidth, shape.kernel_width); ++c) {
          const int64_t rows = placesIn(shape.kernel_height, r, strideHeight);
          const int64_t columns = placesIn(shape.kernel_width, c, strideWidth);
          float *to = phase + input * outputs * rows * columns;
          for (int64_t output = 0; output < outputs; ++output) {
            const float *const from = weights + (output * inputs + input) * sizes.taps;
            for (int64_t u = rows - 1; u >= 0; --u)
              for (int64_t v = columns - 1; v >= 0; --v)
                *to++ = from[(r + u * strideHeight) * shape.kernel_width + c + v * strideWidth];
          }
          phase += inputs * outputs * rows * columns;
        }
    }
  });
}

/// Puts the elements of a phase in their places of the result.
void interleave(
    const conednn_convolution &shape, const Phase &vertical, const Phase &horizontal, int64_t images, const float *phase,
    float *result) {
  const int64_t channels = shape.input_channels;
  forEachPart(images * vertical.count, 8, [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; ++row) {
      const int64_t image = row / vertical.count;
      const int64_t line = vertical.first + row % vertical.count * shape.stride_height;
      const float *from = phase + row * horizontal.count * channels;
      float *to = result + ((image * shape.input_height + line) * shape.input_width + horizontal.first) * channels;
      for (int64_t x = 0; x < horizontal.count; ++x) {
        std::memcpy(to, from, sizeof(float) * channels);
        from += channels;
        to += shape.stride_width * channels;
      }
    }
  });
}

}  // namespace

bool hasPhases(const conednn_convolution &shape) {
  for (int64_t r = 0; r < shape.stride_height; ++r)
    if (!verticalPhase(shape, r).isConvolution()) return false;
  for (int64_t c = 0; c < shape.stride_width; ++c)
    if (!horizontalPhase(shape, c).isConvolution()) return false;
  return true;
}

void phasedTransposed(
    const conednn_convolution &shape, const float *outputLike, const float *weights, const float *bias,
    conednn_activation activation, float alpha, float *inputLike) {
  const ConvolutionSizes sizes(shape);
  const int64_t inputs = shape.input_channels, outputs = shape.output_channels;
  const bool whole = shape.stride_height == 1 && shape.stride_width == 1;

  // So many images at a time that a phase is still in the cache when it is put in its place.
  constexpr int64_t cachedFloats = 2 * 1024 * 1024;
  const int64_t phaseFloats =  // of one image
      (shape.input_height / shape.stride_height + 1) * (shape.input_width / shape.stride_width + 1) * inputs;
  const int64_t images = whole ? shape.batch : std::clamp<int64_t>(cachedFloats / phaseFloats, 1, shape.batch);

  const size_t weightBytes = Scratch::rounded(sizeof(float) * sizes.columns * outputs);
  const Scratch scratch(weightBytes + (whole ? 0 : sizeof(float) * phaseFloats * images));
  splitWeights(shape, weights, scratch.floats());
  const float *phaseWeights = scratch.floats();
  for (int64_t r = 0; r < shape.stride_height; ++r)
    for (int64_t c = 0; c < shape.stride_width; ++c) {
      const Phase vertical = verticalPhase(shape, r), horizontal = horizontalPhase(shape, c);
      const float *const own = phaseWeights;
      phaseWeights += std::max<int64_t>(0, vertical.places) * std::max<int64_t>(0, horizontal.places) * inputs * outputs;
      if (vertical.count == 0 || horizontal.count == 0) continue;
      for (int64_t image = 0; image < shape.batch; image += images) {
        const int64_t count = std::min<int64_t>(images, shape.batch - image);
        conednn_convolution part = {};
        part.batch = count;
        part.input_height = shape.output_height, part.input_width = shape.output_width, part.input_channels = outputs;
        part.output_height = vertical.count, part.output_width = horizontal.count, part.output_channels = inputs;
        part.kernel_height = vertical.places, part.kernel_width = horizontal.places;
        part.stride_height = part.stride_width = 1;
        part.padding_top = vertical.before, part.padding_bottom = vertical.after;
        part.padding_left = horizontal.before, part.padding_right = horizontal.after;
        const float *const source = outputLike + image * sizes.outputPixels * outputs;
        float *const result = inputLike + image * sizes.inputPixels * inputs;
        float *const destination = whole ? result : scratch.floats(weightBytes);
        forward(part, source, own, bias, activation, alpha, destination);
        if (!whole) interleave(shape, vertical, horizontal, count, destination, result);
      }
    }
}

}  // namespace conednn
