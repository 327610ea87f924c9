// The stage that sees the image: a convolution of one channel, batch normalisation, pooling and a leaky ReLU, without the convolution's
// output ever being in memory. It has more values than all else in the network, and each is a sum of nine products.
//
// Forwards. With p a patch (the nine pixels under a window), m its mean and C its covariance over the batch (patch_moments.cpp), the
// convolution w'p + b has the mean w'm + b and the variance w'C w. So the statistics are known before any value is. With
// g = scale / sqrt(variance + epsilon), the normalised value is (g w)'p + shift - g w'm: one pass makes the four values of a window,
// and keeps the largest and its place.
//
// Backwards. With e the gradient at the maxima (0 elsewhere, through the ReLU), x' = d w'(p - m) the normalised values before scale
// and shift, d = 1 / sqrt(variance + epsilon), and n the number of rows, the gradient by a value of the convolution is
//
//     g (e - sum e / n - x' sum(e x') / n)
//
// whose sum with p makes the gradient by w. Let G = sum e (p - m), over the places of maxima alone. Then sum(e x') = d w'G,
// sum x' p = n d C w, and sum p = n m, so
//
//     by shift = sum e,   by scale = d w'G,   by w = g (G - d^2 (w'G) C w),   by b = 0.
//
// Nothing is dense but C, which is there already.
// Source of what is differentiated: Ioffe and Szegedy, "Batch normalization", ICML 2015, Algorithm 1 and section 3.
#include <cmath>

#include "instruction_sets.h"
#include "parallel.h"
#include "patch_moments.h"
#include "pooled_convolution.h"
#include "scratch.h"

namespace conednn {
namespace single_channel_stage {

namespace {

constexpr int side = 3, taps = PatchMoments::taps, windowPlaces = 4;

typedef uint8_t PlaceBytes __attribute__((vector_size(8)));
/// A place in a window is 0 to 3; this bit says that the normalised value there is above 0.
constexpr int32_t isPositive = 4;

/// Windows side by side: lines 2 y to 2 y + 3 of the padded image, `stride` apart.
struct WindowLine {
  const float *pixels;
  int64_t stride, windows, channels;
};

/// A line of the result, and where its maxima are.
struct PoolPatches : WindowLine {
  const float *weights;  // [taps][channels], times g
  const float *offset;
  float slope;
  float *output;
  uint8_t *places;  // or null

  template <class Registers>
  CONEDNN_INLINE void run() const {
    for (int64_t channel = 0; channel < channels; channel += lanes) {
      Lanes w[taps], bias;
      for (int tap = 0; tap < taps; ++tap) load(w[tap], weights + tap * channels + channel);
      load(bias, offset + channel);
      for (int64_t window = 0; window < windows; ++window) {
        const float *const patch = pixels + 2 * window;
        Lanes values[windowPlaces] = {bias, bias, bias, bias};
#pragma clang loop unroll(full)
        for (int line = 0; line < side + 1; ++line)
#pragma clang loop unroll(full)
          for (int column = 0; column < side + 1; ++column) {
            const float pixel = patch[line * stride + column];
#pragma clang loop unroll(full)
            for (int place = 0; place < windowPlaces; ++place) {
              const int v = line - place / 2, u = column - place % 2;
              if (v >= 0 && v < side && u >= 0 && u < side) values[place] += w[v * side + u] * pixel;
            }
          }
        Lanes best = values[0];
        LaneMask where = {};
#pragma clang loop unroll(full)
        for (int place = 1; place < windowPlaces; ++place) {
          const LaneMask larger = values[place] > best;
          best = larger ? values[place] : best;
          where = larger ? LaneMask{} + place : where;
        }
        const Lanes below = slope * best;
        const LaneMask positive = best > 0;
        best = positive ? best : below;
        store(output + window * channels + channel, best);
        if (places == nullptr) continue;
        where += positive & isPositive;
        const PlaceBytes bytes = __builtin_convertvector(where, PlaceBytes);
        std::memcpy(places + window * channels + channel, &bytes, sizeof bytes);
      }
    }
  }
};

/// Adds the sums of e and of e times each pixel of the patches at the maxima, `[1 + taps][channels]`.
struct SumAtMaxima : WindowLine {
  const float *gradient;
  const uint8_t *places;
  float slope;
  double *sums;

  template <class Registers>
  CONEDNN_INLINE void run() const {
    for (int64_t channel = 0; channel < channels; channel += lanes) {
      Lanes total = {}, products[taps] = {};
      for (int64_t window = 0; window < windows; ++window) {
        const float *const patch = pixels + 2 * window;
        Lanes e;
        load(e, gradient + window * channels + channel);
        PlaceBytes bytes;
        std::memcpy(&bytes, places + window * channels + channel, sizeof bytes);
        const LaneMask where = __builtin_convertvector(bytes, LaneMask);
        const Lanes below = slope * e;
        e = (where & isPositive) != 0 ? e : below;
        total += e;
        const LaneMask place = where & (isPositive - 1);
        Lanes at[windowPlaces];
#pragma clang loop unroll(full)
        for (int number = 0; number < windowPlaces; ++number) at[number] = place == number ? e : Lanes{};
#pragma clang loop unroll(full)
        for (int line = 0; line < side + 1; ++line)
#pragma clang loop unroll(full)
          for (int column = 0; column < side + 1; ++column) {
            const float pixel = patch[line * stride + column];
#pragma clang loop unroll(full)
            for (int number = 0; number < windowPlaces; ++number) {
              const int v = line - number / 2, u = column - number % 2;
              if (v >= 0 && v < side && u >= 0 && u < side) products[v * side + u] += at[number] * pixel;
            }
          }
      }
      for (int lane = 0; lane < lanes; ++lane) {
        sums[channel + lane] += total[lane];
        for (int tap = 0; tap < taps; ++tap) sums[(1 + tap) * channels + channel + lane] += products[tap][lane];
      }
    }
  }
};

/// Images with the zeros around them, where there are any.
struct PaddedImages {
  const conednn_convolution &shape;
  int64_t height = shape.output_height + side - 1, width = shape.output_width + side - 1;
  bool isCopied = shape.padding_top > 0 || shape.padding_left > 0 || height > shape.input_height || width > shape.input_width;

  size_t bytes() const { return isCopied ? Scratch::rounded(sizeof(float) * height * width) : 0; }
  int64_t stride() const { return isCopied ? width : shape.input_width; }

  const float *operator()(const float *image, float *copy) const {
    if (!isCopied) return image;
    std::fill(copy, copy + height * width, 0.f);
    const int64_t columns = std::min<int64_t>(shape.input_width, width - shape.padding_left);
    const int64_t lines = std::min<int64_t>(shape.input_height, height - shape.padding_top);
    for (int64_t line = 0; line < lines; ++line)
      std::copy_n(
          image + line * shape.input_width, columns, copy + (line + shape.padding_top) * width + shape.padding_left);
    return copy;
  }
};

uint8_t *placesIn(void *kept) { return static_cast<uint8_t *>(kept) + Scratch::rounded(sizeof(PatchMoments)); }

}  // namespace

bool takes(const PooledConvolution &stage) {
  const conednn_convolution &shape = stage.shape;
  return shape.input_channels == 1 && shape.kernel_height == side && shape.kernel_width == side &&
         shape.stride_height == 1 && shape.stride_width == 1 && shape.output_channels % lanes == 0;
}

size_t keptBytes(const PooledConvolution &stage) {
  return Scratch::rounded(sizeof(PatchMoments)) + stage.batch * stage.resultLength;
}

void forward(
    const PooledConvolution &stage, const float *input, const StageWeights &given, float *mean, float *variance,
    float *output, void *kept) {
  const PatchMoments moments = patchMoments(stage.shape, input);
  std::memcpy(kept, &moments, sizeof moments);
  for (int64_t channel = 0; channel < stage.outputs; ++channel) {
    const float *const w = given.weights + channel * taps;
    double sum = given.bias[channel], squares = 0;
    for (int tap = 0; tap < taps; ++tap) {
      sum += w[tap] * moments.mean[tap];
      for (int second = 0; second < taps; ++second) squares += double(w[tap]) * w[second] * moments.covariance[tap][second];
    }
    mean[channel] = static_cast<float>(sum);
    variance[channel] = static_cast<float>(std::max(squares, 0.0));
  }
  StageWeights weights = given;
  weights.mean = mean;
  weights.variance = variance;
  apply(stage, input, weights, output, placesIn(kept));
}

void apply(
    const PooledConvolution &stage, const float *input, const StageWeights &given, float *output, uint8_t *places) {
  const PaddedImages padded{stage.shape};
  const int64_t channels = stage.outputs;
  const size_t weightBytes = Scratch::rounded(sizeof(float) * (taps + 1) * channels);
  const Scratch scratch(weightBytes + padded.bytes() * threads());
  float *const weights = scratch.floats(), *const offset = weights + taps * channels;
  for (int64_t channel = 0; channel < channels; ++channel) {
    const double gain = given.scale[channel] / std::sqrt(double(given.variance[channel]) + stage.epsilon);
    for (int tap = 0; tap < taps; ++tap)
      weights[tap * channels + channel] = static_cast<float>(gain * given.weights[channel * taps + tap]);
    offset[channel] =
        static_cast<float>(given.shift[channel] + gain * (double(given.bias[channel]) - given.mean[channel]));
  }
  forEachTask(stage.batch, [&](int64_t image, int worker) {
    const float *const pixels =
        padded(input + image * stage.imageLength, scratch.floats(weightBytes + padded.bytes() * worker));
    for (int64_t y = 0; y < stage.windowsDown; ++y) {
      const int64_t at = image * stage.resultLength + y * stage.lineLength;
      const WindowLine line{pixels + 2 * y * padded.stride(), padded.stride(), stage.windowsAcross, channels};
      runOnThisProcessor(
          PoolPatches{line, weights, offset, stage.slope, output + at, places == nullptr ? nullptr : places + at});
    }
  });
}

void backward(
    const PooledConvolution &stage, const float *input, const float *outputGradient, const StageWeights &given,
    const void *kept, const StageGradients &gradients) {
  const PaddedImages padded{stage.shape};
  const int64_t channels = stage.outputs, parts = stage.parts(), count = (1 + taps) * channels;
  const size_t sumBytes = Scratch::rounded(sizeof(double) * count);
  const Scratch scratch(sumBytes * parts + padded.bytes() * threads());
  const uint8_t *const places = placesIn(const_cast<void *>(kept));
  const auto sumsOf = [&](int64_t part) { return static_cast<double *>(scratch.at(sumBytes * part)); };
  forEachTask(parts, [&](int64_t part, int worker) {
    double *const sums = sumsOf(part);
    std::fill(sums, sums + count, 0.0);
    for (int64_t image = stage.batch * part / parts; image < stage.batch * (part + 1) / parts; ++image) {
      const float *const pixels =
          padded(input + image * stage.imageLength, scratch.floats(sumBytes * parts + padded.bytes() * worker));
      for (int64_t y = 0; y < stage.windowsDown; ++y) {
        const int64_t at = image * stage.resultLength + y * stage.lineLength;
        const WindowLine line{pixels + 2 * y * padded.stride(), padded.stride(), stage.windowsAcross, channels};
        runOnThisProcessor(SumAtMaxima{line, outputGradient + at, places + at, stage.slope, sums});
      }
    }
  });
  double *const sums = sumsOf(0);
  for (int64_t part = 1; part < parts; ++part)
    for (int64_t index = 0; index < count; ++index) sums[index] += sumsOf(part)[index];

  PatchMoments moments;
  std::memcpy(&moments, kept, sizeof moments);
  for (int64_t channel = 0; channel < channels; ++channel) {
    const float *const w = given.weights + channel * taps;
    const double deviation = 1 / std::sqrt(double(given.variance[channel]) + stage.epsilon);
    double centred[taps], product = 0;
    for (int tap = 0; tap < taps; ++tap) {
      centred[tap] = sums[(1 + tap) * channels + channel] - sums[channel] * moments.mean[tap];
      product += w[tap] * centred[tap];
    }
    for (int tap = 0; tap < taps; ++tap) {
      double spread = 0;
      for (int second = 0; second < taps; ++second) spread += moments.covariance[tap][second] * w[second];
      gradients.weights[channel * taps + tap] = static_cast<float>(
          given.scale[channel] * deviation * (centred[tap] - deviation * deviation * product * spread));
    }
    gradients.shift[channel] = static_cast<float>(sums[channel]);
    gradients.scale[channel] = static_cast<float>(deviation * product);
  }
}

}  // namespace single_channel_stage
}  // namespace conednn
