// Batch normalisation, max pooling in windows that do not overlap, and a (leaky) ReLU, as one operation.
//
// The normalised values are y = x g + h with g = scale / sqrt(variance + epsilon) and h = shift - mean g: one pass over the input makes
// the output, and they are never in memory. The way back goes over the input twice and finds the maxima again, so nothing is kept
// either. With e the gradient at the maxima (through the ReLU, whose order with a maximum is free), n the rows and x' the normalised
// input before scale and shift,
//
//     by shift = sum e,   by scale = sum e x',   by x = g (e - by shift / n - x' by scale / n)
//
// where e is 0 except at the maximum of a window, the first of equals.
// Source: Ioffe and Szegedy, "Batch normalization", ICML 2015, Algorithm 1 and section 3.
#include "pooled_normalisation.h"

#include "ConvolutionKernels.h"

#include <cmath>

#include "elementwise.h"
#include "parallel.h"
#include "scratch.h"

namespace conednn {

namespace {

template <class Line>
CONEDNN_INLINE void poolWindows(const Line &line, const Coefficients &c, float slope, const float *input, float *output) {
  for (int64_t window = 0; window < line.windows; ++window)
    for (int64_t channel = 0; channel < line.channels; channel += lanes) {
      const int64_t count = line.rest(channel);
      Lanes gain, offset, best, x;
      LaneMask place;
      load(gain, c.gain + channel);
      load(offset, c.offset + channel);
      findMaximum(line, input + line.start(window) + channel, count, gain, offset, best, x, place);
      const Lanes below = slope * best;
      best = best > 0 ? best : below;
      store(output + window * line.channels + channel, best, count);
    }
}

template <class Line>
CONEDNN_INLINE void sumWindows(
    const Line &line, const Coefficients &c, float slope, const float *input, const float *outputGradient,
    double *sums, int64_t paddedChannels) {
  for (int64_t channel = 0; channel < line.channels; channel += lanes) {
    const int64_t count = line.rest(channel);
    Lanes gain, offset, mean, deviation, byShift = {}, byScale = {};
    load(gain, c.gain + channel);
    load(offset, c.offset + channel);
    load(mean, c.mean + channel);
    load(deviation, c.deviation + channel);
    for (int64_t window = 0; window < line.windows; ++window) {
      Lanes best, x, e;
      LaneMask place;
      findMaximum(line, input + line.start(window) + channel, count, gain, offset, best, x, place);
      load(e, outputGradient + window * line.channels + channel, count);
      const Lanes below = slope * e;
      e = best > 0 ? e : below;
      byShift += e;
      byScale += e * ((x - mean) * deviation);
    }
    for (int lane = 0; lane < lanes; ++lane) {
      sums[channel + lane] += byShift[lane];
      sums[paddedChannels + channel + lane] += byScale[lane];
    }
  }
}

template <class Line>
CONEDNN_INLINE void spreadWindows(
    const Line &line, const Coefficients &c, float slope, const float *input, const float *outputGradient,
    float *inputGradient) {
  for (int64_t window = 0; window < line.windows; ++window)
    for (int64_t channel = 0; channel < line.channels; channel += lanes) {
      const int64_t count = line.rest(channel), start = line.start(window) + channel;
      Lanes gain, offset, factor, constant, best, x, e;
      LaneMask place;
      load(gain, c.gain + channel);
      load(offset, c.offset + channel);
      load(factor, c.factor + channel);
      load(constant, c.constant + channel);
      findMaximum(line, input + start, count, gain, offset, best, x, place);
      load(e, outputGradient + window * line.channels + channel, count);
      const Lanes below = slope * e;
      e = gain * (best > 0 ? e : below);
      int32_t number = 0;
      for (int64_t v = 0; v < line.kernelHeight; ++v)
        for (int64_t u = 0; u < line.kernelWidth; ++u, ++number) {
          const int64_t at = start + v * line.rowStride + u * line.channels;
          load(x, input + at, count);
          Lanes result = x * factor + constant;
          const Lanes with = result + e;
          result = place == LaneMask{} + number ? with : result;
          store(inputGradient + at, result, count);
        }
    }
}

/// Adds the gradients by shift and by scale of one line to `sums`, `[2, padded channels]`, in double precision.
CONEDNN_VECTORISED
void sumLine(
    const WindowLine &line, const Coefficients &c, float slope, const float *input, const float *outputGradient,
    double *sums, int64_t paddedChannels) {
  if (line.isPaired())
    sumWindows(PairLine{line.windows, line.channels, line.rowStride}, c, slope, input, outputGradient, sums, paddedChannels);
  else
    sumWindows(line, c, slope, input, outputGradient, sums, paddedChannels);
}

/// The gradient by the inputs of one line's windows.
CONEDNN_VECTORISED
void spreadLine(
    const WindowLine &line, const Coefficients &c, float slope, const float *input, const float *outputGradient,
    float *inputGradient) {
  if (line.isPaired())
    spreadWindows(PairLine{line.windows, line.channels, line.rowStride}, c, slope, input, outputGradient, inputGradient);
  else
    spreadWindows(line, c, slope, input, outputGradient, inputGradient);
}

/// The same for pixels that no window covers.
CONEDNN_VECTORISED
void spreadRest(int64_t pixels, int64_t channels, const Coefficients &c, const float *input, float *inputGradient) {
  for (int64_t pixel = 0; pixel < pixels; ++pixel)
    for (int64_t channel = 0; channel < channels; channel += lanes) {
      Lanes x, factor, constant;
      load(factor, c.factor + channel);
      load(constant, c.constant + channel);
      load(x, input + pixel * channels + channel, channels - channel);
      store(inputGradient + pixel * channels + channel, x * factor + constant, channels - channel);
    }
}

void checkPooled(const conednn_pooling &shape, float epsilon, float slope) {
  check(shape);
  if (shape.stride_height != shape.kernel_height || shape.stride_width != shape.kernel_width)
    throw BadShape("the windows overlap or leave gaps: strides must be the kernel's sizes.");
  if (shape.padding_top != 0 || shape.padding_left != 0 || shape.padding_bottom != 0 || shape.padding_right != 0)
    throw BadShape("paddings must be 0.");
  if (!(epsilon >= 0)) throw BadShape("epsilon must be 0 or more.");
  if (!(slope >= 0)) throw BadShape("the slope must be 0 or more, or the ReLU and the maximum do not commute.");
}

int64_t rowsOf(const conednn_pooling &shape) { return int64_t(shape.batch) * shape.input_height * shape.input_width; }

/// Where the windows of a line of the output begin.
int64_t startOf(const conednn_pooling &shape, const WindowLine &line, int64_t index) {
  const int64_t image = index / shape.output_height, y = index % shape.output_height;
  return (image * shape.input_height + y * line.kernelHeight) * line.rowStride;
}

}  // namespace

CONEDNN_VECTORISED
void poolLine(const WindowLine &line, const Coefficients &c, float slope, const float *input, float *output) {
  if (line.isPaired())
    poolWindows(PairLine{line.windows, line.channels, line.rowStride}, c, slope, input, output);
  else
    poolWindows(line, c, slope, input, output);
}

Coefficients coefficients(
    int64_t channels, float epsilon, const float *scale, const float *shift, const float *mean, const float *variance,
    float *memory) {
  const int64_t width = paddedToLanes(channels);
  std::fill(memory, memory + 4 * width, 0.f);
  for (int64_t channel = 0; channel < channels; ++channel) {
    const float deviation = 1 / std::sqrt(variance[channel] + epsilon), gain = scale[channel] * deviation;
    memory[channel] = gain;
    memory[width + channel] = shift[channel] - mean[channel] * gain;
    memory[2 * width + channel] = mean[channel];
    memory[3 * width + channel] = deviation;
  }
  return {memory, memory + width, memory + 2 * width, memory + 3 * width, nullptr, nullptr};
}

void pool(
    const conednn_pooling &shape, float epsilon, float slope, const float *input, const float *scale, const float *shift,
    const float *mean, const float *variance, float *output) {
  const Scratch scratch(sizeof(float) * Coefficients::rows * paddedToLanes(shape.channels));
  const Coefficients c = coefficients(shape.channels, epsilon, scale, shift, mean, variance, scratch.floats());
  const WindowLine line(shape);
  const int64_t lines = int64_t(shape.batch) * shape.output_height;
  forEachPart(lines, 1 + 16384 / (line.windows * line.channels), [&](int64_t begin, int64_t end) {
    for (int64_t index = begin; index < end; ++index) {
      poolLine(
          line, c, slope, input + startOf(shape, line, index), output + index * line.windows * line.channels);
    }
  });
}

Coefficients gradientCoefficients(
    const conednn_pooling &shape, float epsilon, float slope, const float *input, const float *outputGradient,
    const float *scale, const float *shift, const float *mean, const float *variance, float *memory, float *scaleGradient,
    float *shiftGradient) {
  const WindowLine line(shape);
  const int64_t width = paddedToLanes(shape.channels), lines = int64_t(shape.batch) * shape.output_height;
  const int64_t lineLength = line.windows * line.channels;
  // Each part of the lines has sums of its own; the parts depend on the shape alone.
  const int64_t parts = std::clamp<int64_t>(lines * lineLength / 16384, 1, std::min<int64_t>(lines, 64));
  const size_t sumBytes = Scratch::rounded(sizeof(double) * 2 * width);
  const Scratch scratch(sumBytes * parts);
  Coefficients c = coefficients(shape.channels, epsilon, scale, shift, mean, variance, memory);
  const auto sumsOf = [&](int64_t part) { return static_cast<double *>(scratch.at(sumBytes * part)); };
  forEachTask(parts, [&](int64_t part, int) {
    double *const sums = sumsOf(part);
    std::fill(sums, sums + 2 * width, 0.0);
    for (int64_t index = lines * part / parts; index < lines * (part + 1) / parts; ++index)
      sumLine(line, c, slope, input + startOf(shape, line, index), outputGradient + index * lineLength, sums, width);
  });
  float *const factor = memory + 4 * width, *const constant = memory + 5 * width;
  std::fill(factor, factor + 2 * width, 0.f);
  const double rows = double(rowsOf(shape));
  for (int64_t channel = 0; channel < shape.channels; ++channel) {
    double byShift = 0, byScale = 0;
    for (int64_t part = 0; part < parts; ++part) {
      byShift += sumsOf(part)[channel];
      byScale += sumsOf(part)[width + channel];
    }
    shiftGradient[channel] = static_cast<float>(byShift);
    scaleGradient[channel] = static_cast<float>(byScale);
    const double gain = c.gain[channel], slant = gain * c.deviation[channel] * byScale / rows;
    factor[channel] = static_cast<float>(-slant);
    constant[channel] = static_cast<float>(c.mean[channel] * slant - gain * byShift / rows);
  }
  c.factor = factor;
  c.constant = constant;
  return c;
}

}  // namespace conednn

using namespace conednn;

int conednn_pooled_normalisation_forward(
    const conednn_pooling *shape, float epsilon, float slope, const float *input, const float *scale, const float *shift,
    float *mean, float *variance, float *output) {
  return guarded("conednn_pooled_normalisation_forward", [&] {
    checkPooled(*shape, epsilon, slope);
    momentsOverRows(rowsOf(*shape), shape->channels, input, mean, variance);
    pool(*shape, epsilon, slope, input, scale, shift, mean, variance, output);
  });
}

int conednn_pooled_normalisation_inference(
    const conednn_pooling *shape, float epsilon, float slope, const float *input, const float *scale, const float *shift,
    const float *mean, const float *variance, float *output) {
  return guarded("conednn_pooled_normalisation_inference", [&] {
    checkPooled(*shape, epsilon, slope);
    pool(*shape, epsilon, slope, input, scale, shift, mean, variance, output);
  });
}

int conednn_pooled_normalisation_backward(
    const conednn_pooling *shapePointer, float epsilon, float slope, const float *input, const float *output_gradient,
    const float *scale, const float *shift, const float *mean, const float *variance, float *input_gradient,
    float *scale_gradient, float *shift_gradient) {
  return guarded("conednn_pooled_normalisation_backward", [&] {
    const conednn_pooling &shape = *shapePointer;
    checkPooled(shape, epsilon, slope);
    const WindowLine line(shape);
    const int64_t lines = int64_t(shape.batch) * shape.output_height, lineLength = line.windows * line.channels;
    const Scratch scratch(sizeof(float) * Coefficients::rows * paddedToLanes(shape.channels));
    const Coefficients c = gradientCoefficients(
        shape, epsilon, slope, input, output_gradient, scale, shift, mean, variance, scratch.floats(), scale_gradient,
        shift_gradient);
    const int64_t coveredWidth = line.windows * line.kernelWidth, restWidth = shape.input_width - coveredWidth;
    const int64_t coveredHeight = int64_t(shape.output_height) * line.kernelHeight;
    forEachPart(lines, 1 + 16384 / lineLength, [&](int64_t begin, int64_t end) {
      for (int64_t index = begin; index < end; ++index) {
        const int64_t start = startOf(shape, line, index);
        spreadLine(line, c, slope, input + start, output_gradient + index * lineLength, input_gradient + start);
        for (int64_t v = 0; v < line.kernelHeight && restWidth > 0; ++v) {
          const int64_t at = start + v * line.rowStride + coveredWidth * line.channels;
          spreadRest(restWidth, line.channels, c, input + at, input_gradient + at);
        }
      }
    });
    if (const int64_t restHeight = shape.input_height - coveredHeight; restHeight > 0)
      for (int64_t image = 0; image < shape.batch; ++image) {
        const int64_t at = (image * shape.input_height + coveredHeight) * line.rowStride;
        spreadRest(restHeight * shape.input_width, line.channels, c, input + at, input_gradient + at);
      }
  });
}
