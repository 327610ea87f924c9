#include "single_channel.h"

#include <cstring>

#include "elementwise.h"
#include "matrix_product.h"
#include "parallel.h"
#include "scratch.h"
#include "shapes.h"

namespace conednn {

namespace {

int64_t dividedUp(int64_t value, int64_t divisor) { return (value + divisor - 1) / divisor; }

/// A padded line of the input, split into one piece for each step of the stride: element q of the padded line, which output x sees
/// under place q - x * stride of the kernel, is element q / stride of piece q % stride. So what a place of the kernel sees, over all
/// x, lies together.
struct SplitLine {
  explicit SplitLine(const conednn_convolution &shape)
      : stride(shape.stride_width),
        padding(shape.padding_left),
        width(shape.input_width),
        length(shape.output_width + (shape.kernel_width - 1) / shape.stride_width) {}

  int64_t stride, padding, width;
  int64_t length;  // of a piece

  int64_t count() const { return stride * length; }

  /// Where the elements begin that place `column` of the kernel sees.
  int64_t start(int64_t column) const { return column % stride * length + column / stride; }

  void split(const float *line, float *pieces) const {
    if (stride == 1) {
      const int64_t covered = std::min(width, length - padding);
      std::fill(pieces, pieces + std::min(padding, length), 0.f);
      if (covered > 0) std::memcpy(pieces + padding, line, sizeof(float) * covered);
      std::fill(pieces + std::min(length, padding + std::max<int64_t>(covered, 0)), pieces + length, 0.f);
      return;
    }
    for (int64_t step = 0; step < stride; ++step) {
      float *const piece = pieces + step * length;
      const int64_t first = std::clamp<int64_t>(dividedUp(padding - step, stride), 0, length);
      const int64_t last = std::clamp<int64_t>(dividedUp(width + padding - step, stride), first, length);
      const float *const source = line + (step - padding);
      std::fill(piece, piece + first, 0.f);
      for (int64_t index = first; index < last; ++index) piece[index] = source[index * stride];
      std::fill(piece + last, piece + length, 0.f);
    }
  }

  void join(const float *pieces, float *line) const {
    // Elements that no window covers are 0.
    std::fill(line, line + width, 0.f);
    for (int64_t step = 0; step < stride; ++step) {
      const float *const piece = pieces + step * length;
      const int64_t first = std::clamp<int64_t>(dividedUp(padding - step, stride), 0, length);
      const int64_t last = std::clamp<int64_t>(dividedUp(width + padding - step, stride), first, length);
      float *const destination = line + (step - padding);
      for (int64_t index = first; index < last; ++index) destination[index * stride] = piece[index];
    }
  }
};

/// How many lines of the output make about so many pixels.
int64_t linesOf(int64_t pixels, const conednn_convolution &shape) {
  return std::max<int64_t>(1, pixels / shape.output_width);
}

}  // namespace

void singleChannelTransposed(
    const conednn_convolution &shape, const float *outputLike, const float *weights, const float *bias,
    conednn_activation activation, float alpha, float *inputLike) {
  const ConvolutionSizes sizes(shape);
  const SplitLine split(shape);
  const int64_t workers = threads(), channels = shape.output_channels, width = shape.output_width;

  // A task makes a band of lines of one image. Bands of one image share output lines at their border, so they are made only to
  // keep the sums in the cache, and of few images to keep threads busy. They depend on the shape alone, and so does the result.
  constexpr int64_t busyTasks = 16;
  const int64_t forThreads = shape.batch >= busyTasks ? 1 : dividedUp(busyTasks, shape.batch);
  const int64_t forCache = dividedUp(shape.input_height * split.count(), 96 * 1024);
  const int64_t mostBands = std::max<int64_t>(1, shape.input_height / (2 * shape.kernel_height));
  const int64_t bands = std::min(std::max(forThreads, forCache), mostBands);
  const int64_t tilePixels = std::clamp<int64_t>(32768 / channels, 128, 512);
  const int64_t tileLines = std::min<int64_t>(linesOf(tilePixels, shape), shape.output_height);
  const size_t tileBytes = Scratch::rounded(sizeof(float) * sizes.taps * tileLines * width);
  const size_t sumBytes = Scratch::rounded(sizeof(float) * dividedUp(shape.input_height, bands) * split.count());
  const size_t weightBytes = Scratch::rounded(sizeof(float) * sizes.taps * channels);
  const Scratch scratch(weightBytes + (tileBytes + sumBytes) * workers);
  float *const weightRows = scratch.floats();  // [place, output channel]
  for (int64_t channel = 0; channel < channels; ++channel)
    for (int64_t tap = 0; tap < sizes.taps; ++tap)
      weightRows[tap * channels + channel] = weights[channel * sizes.taps + tap];

  MatrixProducts products;
  const bool exponential = needsExponential(activation);
  forEachTask(shape.batch * bands, [&](int64_t task, int worker) {
    const int64_t image = task / bands, band = task % bands;
    const int64_t firstLine = shape.input_height * band / bands, endLine = shape.input_height * (band + 1) / bands;
    float *const tile = scratch.floats(weightBytes + (tileBytes + sumBytes) * worker);
    float *const sums = tile + tileBytes / sizeof(float);
    std::fill(sums, sums + (endLine - firstLine) * split.count(), 0.f);

    // The lines of the output whose windows reach into the band.
    const int64_t reach = firstLine + shape.padding_top - (shape.kernel_height - 1);
    const int64_t firstY = reach <= 0 ? 0 : dividedUp(reach, shape.stride_height);
    const int64_t endY =
        std::min<int64_t>(shape.output_height, (endLine - 1 + shape.padding_top) / shape.stride_height + 1);
    for (int64_t y = firstY; y < endY; y += tileLines) {
      const int64_t lines = std::min(tileLines, endY - y), pixels = lines * width;
      products.multiply(
          MatrixProducts::plain, MatrixProducts::transposed, sizes.taps, pixels, channels, weightRows, channels,
          outputLike + (image * sizes.outputPixels + y * width) * channels, channels, 0, tile, pixels);
      for (int64_t row = 0; row < lines; ++row)
        for (int64_t tap = 0; tap < sizes.taps; ++tap) {
          const int64_t line = (y + row) * shape.stride_height - shape.padding_top + tap / shape.kernel_width;
          if (line < firstLine || line >= endLine) continue;
          float *const sum = sums + (line - firstLine) * split.count();
          add(width, tile + tap * pixels + row * width, sum + split.start(tap % shape.kernel_width));
        }
    }
    float *const destination = inputLike + image * sizes.inputPixels + firstLine * shape.input_width;
    for (int64_t line = firstLine; line < endLine; ++line)
      split.join(sums + (line - firstLine) * split.count(), destination + (line - firstLine) * shape.input_width);
    addBiasAndRectify(
        (endLine - firstLine) * shape.input_width, 1, bias, exponential ? CONEDNN_IDENTITY : activation, alpha, destination);
  });
  products.check();
  if (exponential)
    addBiasAndActivate(shape.batch * sizes.inputPixels, 1, nullptr, activation, alpha, inputLike);
}

void singleChannelWeightsGradient(
    const conednn_convolution &shape, const float *input, const float *outputGradient, float *weightsGradient) {
  const ConvolutionSizes sizes(shape);
  const SplitLine split(shape);
  const int64_t workers = threads(), channels = shape.output_channels, width = shape.output_width;

  // Each share of the output's lines makes a gradient of its own, `[place, output channel]`; the shares depend on the shape alone.
  const int64_t lines = int64_t(shape.batch) * shape.output_height;
  const int64_t tileLines = std::min(linesOf(1024, shape), lines);
  const int64_t shares = std::clamp<int64_t>(lines / (4 * tileLines), 1, 64);
  const size_t gradientBytes = Scratch::rounded(sizeof(float) * sizes.taps * channels);
  const size_t tileBytes = Scratch::rounded(sizeof(float) * sizes.taps * tileLines * width);
  const size_t workerBytes = tileBytes + Scratch::rounded(sizeof(float) * split.count());
  const Scratch scratch(gradientBytes * shares + workerBytes * workers);

  MatrixProducts products;
  forEachTask(shares, [&](int64_t share, int worker) {
    float *const gradient = scratch.floats(gradientBytes * share);
    float *const tile = scratch.floats(gradientBytes * shares + workerBytes * worker);
    float *const pieces = tile + tileBytes / sizeof(float);
    const int64_t first = lines * share / shares, end = lines * (share + 1) / shares;
    for (int64_t start = first; start < end; start += tileLines) {
      const int64_t count = std::min(tileLines, end - start), pixels = count * width;
      for (int64_t row = 0; row < count; ++row) {
        const int64_t image = (start + row) / shape.output_height, y = (start + row) % shape.output_height;
        for (int64_t kernelLine = 0; kernelLine < shape.kernel_height; ++kernelLine) {
          const int64_t line = y * shape.stride_height - shape.padding_top + kernelLine;
          const bool inside = line >= 0 && line < shape.input_height;
          if (inside) split.split(input + image * sizes.inputPixels + line * shape.input_width, pieces);
          for (int64_t column = 0; column < shape.kernel_width; ++column) {
            float *const place = tile + (kernelLine * shape.kernel_width + column) * pixels + row * width;
            if (inside)
              std::memcpy(place, pieces + split.start(column), sizeof(float) * width);
            else
              std::fill(place, place + width, 0.f);
          }
        }
      }
      products.multiply(
          MatrixProducts::plain, MatrixProducts::plain, sizes.taps, channels, pixels, tile, pixels,
          outputGradient + start * width * channels, channels, start == first ? 0.f : 1.f, gradient, channels);
    }
  });
  products.check();
  for (int64_t share = 1; share < shares; ++share)
    add(sizes.taps * channels, scratch.floats(gradientBytes * share), scratch.floats());
  for (int64_t channel = 0; channel < channels; ++channel)
    for (int64_t tap = 0; tap < sizes.taps; ++tap)
      weightsGradient[channel * sizes.taps + tap] = scratch.floats()[tap * channels + channel];
}

}  // namespace conednn
