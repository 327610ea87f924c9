#include "unfolded_convolution.h"

#include <cstring>

#include "elementwise.h"
#include "library_convolution.h"
#include "matrix_product.h"
#include "parallel.h"
#include "scratch.h"
#include "shapes.h"

namespace conednn {

namespace {

/// A range of whole numbers, the end excluded.
struct Range {
  int64_t begin, end;
  int64_t count() const { return end - begin; }
};

/// Writes `columns` of the unfolded input for the output pixels `pixels`, row after row.
void unfold(const conednn_convolution &shape, const float *input, Range pixels, Range columns, float *destination) {
  const int64_t channels = shape.input_channels;
  const int64_t lineLength = shape.input_width * channels;       // of the input
  const int64_t windowLength = shape.kernel_width * channels;    // of one line of the kernel
  int64_t x = pixels.begin % shape.output_width;
  int64_t y = pixels.begin / shape.output_width % shape.output_height;
  int64_t image = pixels.begin / shape.output_width / shape.output_height;
  for (int64_t pixel = pixels.begin; pixel < pixels.end; ++pixel) {
    const float *const plane = input + image * shape.input_height * lineLength;
    const int64_t windowStart = (x * shape.stride_width - shape.padding_left) * channels;
    for (int64_t column = columns.begin; column < columns.end;) {
      const int64_t kernelLine = column / windowLength;
      const int64_t first = column - kernelLine * windowLength;
      const int64_t length = std::min(windowLength - first, columns.end - column);
      const int64_t line = y * shape.stride_height - shape.padding_top + kernelLine;
      const int64_t start = windowStart + first;
      // What lies outside the image is 0.
      int64_t before = std::clamp<int64_t>(-start, 0, length);
      int64_t inside = std::clamp<int64_t>(lineLength - start, before, length) - before;
      if (line < 0 || line >= shape.input_height) before = length, inside = 0;
      std::fill(destination, destination + before, 0.f);
      if (inside > 0)
        std::memcpy(destination + before, plane + line * lineLength + start + before, sizeof(float) * inside);
      std::fill(destination + before + inside, destination + length, 0.f);
      destination += length;
      column += length;
    }
    if (++x == shape.output_width) {
      x = 0;
      if (++y == shape.output_height) y = 0, ++image;
    }
  }
}

Range part(int64_t count, int64_t parts, int64_t index, int64_t unit = 1) {
  const int64_t units = (count + unit - 1) / unit;
  return {std::min(count, units * index / parts * unit), std::min(count, units * (index + 1) / parts * unit)};
}

int64_t dividedUp(int64_t value, int64_t divisor) { return (value + divisor - 1) / divisor; }

}  // namespace

void unfoldedForward(const conednn_convolution &shape, const float *input, const float *weights, float *output) {
  const ConvolutionSizes sizes(shape);
  constexpr int64_t mostFloats = 16 * 1024 * 1024;
  const int64_t pixelsAtOnce = std::clamp<int64_t>(mostFloats / sizes.columns, 256, std::max<int64_t>(256, sizes.pixels));
  const int64_t groups = std::max<int64_t>(1, shape.output_channels / 64);
  const size_t weightBytes = Scratch::rounded(sizeof(float) * sizes.columns * shape.output_channels);
  const Scratch scratch(weightBytes + sizeof(float) * std::min(pixelsAtOnce, sizes.pixels) * sizes.columns);
  weightReorder(shape, WeightOrder::plain, WeightOrder::channelsLast)->run({weights, scratch.at(0)});
  float *const unfolded = scratch.floats(weightBytes);
  MatrixProducts products;
  for (int64_t first = 0; first < sizes.pixels; first += pixelsAtOnce) {
    const int64_t pixels = std::min(pixelsAtOnce, sizes.pixels - first);
    forEachPart(pixels, dividedUp(16384, sizes.columns), [&](int64_t begin, int64_t end) {
      unfold(shape, input, {first + begin, first + end}, {0, sizes.columns}, unfolded + begin * sizes.columns);
    });
    forEachTask(groups, [&](int64_t group, int) {
      const Range channels = part(shape.output_channels, groups, group, 16);
      products.multiply(
          MatrixProducts::plain, MatrixProducts::transposed, pixels, channels.count(), sizes.columns, unfolded,
          sizes.columns, scratch.floats() + channels.begin * sizes.columns, sizes.columns, 0,
          output + first * shape.output_channels + channels.begin, shape.output_channels);
    });
  }
  products.check();
}

void unfoldedWeightsGradient(
    const conednn_convolution &shape, const float *input, const float *outputGradient, float *weightsGradient) {
  const ConvolutionSizes sizes(shape);
  const int64_t rows = shape.output_channels;

  // A task makes a group of columns of the gradient from a share of the pixels. Shares cost memory and an addition, so they
  // are made only when there are too few columns for some threads. All depends on the shape alone, and so does the result.
  constexpr int64_t leastGroup = 192, usualGroup = 512, tileFloats = 128 * 1024, tasks = 4;
  const int64_t mostGroups = std::max<int64_t>(1, sizes.columns / leastGroup);
  const int64_t groups =
      std::min(mostGroups, dividedUp(std::max(tasks, dividedUp(sizes.columns, usualGroup)), tasks) * tasks);
  const int64_t shares = std::clamp<int64_t>(tasks / groups, 1, dividedUp(sizes.pixels, 256));
  const int64_t widest = std::min(sizes.columns, dividedUp(dividedUp(sizes.columns, 16), groups) * 16);
  const int64_t tilePixels = std::min(std::max<int64_t>(128, tileFloats / widest), sizes.pixels);

  const size_t gradientBytes = Scratch::rounded(sizeof(float) * rows * sizes.columns);
  const size_t tileBytes = Scratch::rounded(sizeof(float) * tilePixels * widest);
  const Scratch scratch(gradientBytes * shares + tileBytes * threads());
  MatrixProducts products;
  forEachTask(groups * shares, [&](int64_t task, int worker) {
    const Range columns = part(sizes.columns, groups, task % groups, 16);
    const Range pixels = part(sizes.pixels, shares, task / groups);
    float *const tile = scratch.floats(gradientBytes * shares + tileBytes * worker);
    float *const gradient = scratch.floats(gradientBytes * (task / groups)) + columns.begin;
    for (int64_t pixel = pixels.begin; pixel < pixels.end; pixel += tilePixels) {
      const int64_t count = std::min(tilePixels, pixels.end - pixel);
      unfold(shape, input, {pixel, pixel + count}, columns, tile);
      products.multiply(
          MatrixProducts::transposed, MatrixProducts::plain, rows, columns.count(), count, outputGradient + pixel * rows,
          rows, tile, columns.count(), pixel == pixels.begin ? 0.f : 1.f, gradient, sizes.columns);
    }
  });
  products.check();
  float *const total = scratch.floats();
  for (int64_t share = 1; share < shares; ++share) {
    addOnAllThreads(rows * sizes.columns, scratch.floats(gradientBytes * share), total);
  }
  weightReorder(shape, WeightOrder::channelsLast, WeightOrder::plain)->run({total, weightsGradient});
}

}  // namespace conednn
