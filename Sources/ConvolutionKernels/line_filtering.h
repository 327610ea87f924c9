// A convolution of 3 x 3 places and stride 1 by minimal filtering along the lines: two outputs side by side from four points, which
// take 4 products for each line of the kernel in place of 6.
//
// With d the four pixels that a pair of outputs sees in one line, w the three weights and y the two outputs,
//
//     y = A (G w * B d),   B d = (d0 - d2, d1 + d2, d2 - d1, d1 - d3),
//                          G w = (w0, (w0 + w1 + w2) / 2, (w0 - w1 + w2) / 2, w2),
//                          A m = (m0 + m1 + m2, m1 - m2 - m3),
//
// where * is by point, and lines of the kernel and input channels are summed up before A. The gradients are the transposed of it, with
// the same points of the input: e = A' (gradient of y) = (y0, y0 + y1, y0 - y1, -y1), by d B' (G w * e), by w G' (sum of e * B d).
// Source: Winograd, "Arithmetic complexity of computations", 1980; Lavin and Gray, "Fast algorithms for convolutional neural
// networks", CVPR 2016, section 4.1, in one dimension.
//
// Points of a line are `[point][pair][channel]`; a pair is two outputs, the last perhaps one.
#pragma once

#include "instruction_sets.h"
#include "pooled_normalisation.h"

namespace conednn {

constexpr int filterSide = 3, filterPoints = 4;

/// The points of one line of the input.
struct InputPoints {
  const float *line;   // `[width, channels]`, or null for a line of zeros
  const float *zeros;  // as long as the channels
  int64_t width, padding, pairs, channels;
  float *points;

  template <class Registers>
  CONEDNN_INLINE void run() const {
    const int64_t point = pairs * channels;
    for (int64_t pair = 0; pair < pairs; ++pair) {
      const float *pixels[filterPoints];
      for (int number = 0; number < filterPoints; ++number) {
        const int64_t column = 2 * pair + number - padding;
        pixels[number] = line != nullptr && column >= 0 && column < width ? line + column * channels : zeros;
      }
      for (int64_t channel = 0; channel < channels; channel += lanes) {
        Lanes d[filterPoints];
        for (int number = 0; number < filterPoints; ++number) load(d[number], pixels[number] + channel);
        float *const target = points + pair * channels + channel;
        store(target, d[0] - d[2]);
        store(target + point, d[1] + d[2]);
        store(target + 2 * point, d[2] - d[1]);
        store(target + 3 * point, d[1] - d[3]);
      }
    }
  }
};

/// A line of the output from the points of three lines of the input.
struct FilterLine {
  const float *points[filterSide];
  const float *filters;  // `[line][input][point][output]`
  const float *bias;
  int64_t pairs, width, inputs, outputs;
  float *output;  // `[width, outputs]`

  template <class Vector, int count>
  CONEDNN_INLINE void block(int64_t channel, int64_t pair) const {
    Vector sums[filterPoints][count] = {};
    Vector first;
    load(first, bias + channel);
    for (int number = 0; number < count; ++number) sums[1][number] = first;
    const float *filter = filters + channel;
    for (int line = 0; line < filterSide; ++line) {
      const float *const source = points[line] + pair * inputs;
      for (int64_t input = 0; input < inputs; ++input) {
#pragma clang loop unroll(full)
        for (int point = 0; point < filterPoints; ++point, filter += outputs) {
          Vector weight;
          load(weight, filter);
          const float *const values = source + point * pairs * inputs + input;
#pragma clang loop unroll(full)
          for (int number = 0; number < count; ++number) sums[point][number] += weight * values[number * inputs];
        }
      }
    }
    for (int number = 0; number < count; ++number) {
      float *const target = output + 2 * (pair + number) * outputs + channel;
      store(target, sums[0][number] + sums[1][number] + sums[2][number]);
      if (2 * (pair + number) + 1 < width)
        store(target + outputs, sums[1][number] - sums[2][number] - sums[3][number]);
    }
  }

  template <class Vector, int most>
  CONEDNN_INLINE void blocks() const {
    for (int64_t channel = 0; channel < outputs; channel += int64_t(sizeof(Vector) / sizeof(float))) {
      int64_t pair = 0;
      for (; pair + most <= pairs; pair += most) block<Vector, most>(channel, pair);
      if constexpr (most > 3)
        for (; pair + 3 <= pairs; pair += 3) block<Vector, 3>(channel, pair);
      for (; pair < pairs; ++pair) block<Vector, 1>(channel, pair);
    }
  }

  template <class Registers>
  CONEDNN_INLINE void run() const {
    constexpr int most = Registers::sums / filterPoints;
    if (outputs % int64_t(sizeof(typename Registers::Widest) / sizeof(float)) == 0)
      blocks<typename Registers::Widest, most>();
    else
      blocks<Lanes, most>();
  }
};

/// The points of one or two lines of the gradient by a convolution's output, which is never in memory itself: from the output,
/// and from the gradient by the pooled line under these two (null for a line that no window covers, which comes alone).
struct GradientPoints {
  const float *values;
  WindowLine windows;
  int64_t pairs, width;
  Coefficients c;
  float slope;
  const float *pooledGradient;
  float *points[2];  // of the two lines; the second is null where there is none

  template <class Registers>
  CONEDNN_INLINE void run() const {
    const int64_t channels = windows.channels, point = pairs * channels;
    for (int64_t pair = 0; pair < pairs; ++pair) {
      const bool hasWindow = pooledGradient != nullptr && pair < windows.windows;
      const int columns = 2 * pair + 1 < width ? 2 : 1;
      for (int64_t channel = 0; channel < channels; channel += lanes) {
        const float *const window = values + 2 * pair * channels + channel;
        Lanes factor, constant, e = {};
        LaneMask place = {};
        load(factor, c.factor + channel);
        load(constant, c.constant + channel);
        if (hasWindow) {
          Lanes gain, offset, best, x;
          load(gain, c.gain + channel);
          load(offset, c.offset + channel);
          findMaximum(windows, window, lanes, gain, offset, best, x, place);
          load(e, pooledGradient + pair * channels + channel);
          const Lanes below = slope * e;
          e = gain * (best > 0 ? e : below);
        }
        for (int line = 0; line < 2 && points[line] != nullptr; ++line) {
          Lanes y[2] = {};
          for (int column = 0; column < columns; ++column) {
            Lanes x;
            load(x, window + line * windows.rowStride + column * channels);
            y[column] = x * factor + constant;
            const Lanes with = y[column] + e;
            y[column] = hasWindow && place == line * 2 + column ? with : y[column];
          }
          float *const target = points[line] + pair * channels + channel;
          store(target, y[0]);
          store(target + point, y[0] + y[1]);
          store(target + 2 * point, y[0] - y[1]);
          store(target + 3 * point, -y[1]);
        }
      }
    }
  }
};

/// Adds the products of a line's points of the gradient with those of the input, `[point][line][input][output]`.
struct SumFilters {
  const float *points[filterSide];
  const float *gradientPoints;
  int64_t pairs, inputs, outputs;
  float *sums;

  template <class Vector, int count>
  CONEDNN_INLINE void blocks() const {
    for (int64_t channel = 0; channel < outputs; channel += int64_t(sizeof(Vector) / sizeof(float)))
      for (int64_t point = 0; point < filterPoints; ++point)
        for (int64_t input = 0; input < inputs; input += count) {
          Vector totals[filterSide][count];
          float *const target = sums + (point * filterSide * inputs + input) * outputs + channel;
#pragma clang loop unroll(full)
          for (int line = 0; line < filterSide; ++line)
#pragma clang loop unroll(full)
            for (int number = 0; number < count; ++number)
              load(totals[line][number], target + (line * inputs + number) * outputs);
          for (int64_t pair = 0; pair < pairs; ++pair) {
            Vector e;
            load(e, gradientPoints + (point * pairs + pair) * outputs + channel);
            const int64_t at = (point * pairs + pair) * inputs + input;
#pragma clang loop unroll(full)
            for (int line = 0; line < filterSide; ++line)
#pragma clang loop unroll(full)
              for (int number = 0; number < count; ++number) totals[line][number] += e * points[line][at + number];
          }
#pragma clang loop unroll(full)
          for (int line = 0; line < filterSide; ++line)
#pragma clang loop unroll(full)
            for (int number = 0; number < count; ++number)
              store(target + (line * inputs + number) * outputs, totals[line][number]);
        }
  }

  template <class Registers>
  CONEDNN_INLINE void run() const {
    constexpr int count = Registers::sums / filterSide;
    if (outputs % int64_t(sizeof(typename Registers::Widest) / sizeof(float)) == 0)
      blocks<typename Registers::Widest, count>();
    else
      blocks<Lanes, count>();
  }
};

/// A line of the gradient by the padded input, `[2 pairs + 2, inputs]`, from the points of the gradient of up to three lines (null for
/// one that is not there).
struct SpreadLine {
  const float *gradientPoints[filterSide];
  const float *filters;  // `[line][output][point][input]`
  int64_t pairs, inputs, outputs;
  float *line;

  template <class Vector, int count>
  CONEDNN_INLINE void block(int64_t channel, int64_t pair) const {
    Vector sums[filterPoints][count] = {};
    for (int number = 0; number < filterSide; ++number) {
      if (gradientPoints[number] == nullptr) continue;
      const float *const source = gradientPoints[number] + pair * outputs;
      const float *filter = filters + number * outputs * filterPoints * inputs + channel;
      for (int64_t output = 0; output < outputs; ++output) {
#pragma clang loop unroll(full)
        for (int point = 0; point < filterPoints; ++point, filter += inputs) {
          Vector weight;
          load(weight, filter);
          const float *const values = source + point * pairs * outputs + output;
#pragma clang loop unroll(full)
          for (int index = 0; index < count; ++index) sums[point][index] += weight * values[index * outputs];
        }
      }
    }
    for (int index = 0; index < count; ++index) {
      // The first two pixels of a pair are the last two of the pair before.
      float *const target = line + 2 * (pair + index) * inputs + channel;
      const Vector &t0 = sums[0][index], &t1 = sums[1][index], &t2 = sums[2][index], &t3 = sums[3][index];
      Vector before[2];
      load(before[0], target);
      load(before[1], target + inputs);
      store(target, before[0] + t0);
      store(target + inputs, before[1] + (t1 - t2 + t3));
      store(target + 2 * inputs, t1 + t2 - t0);
      store(target + 3 * inputs, -t3);
    }
  }

  template <class Vector, int most>
  CONEDNN_INLINE void blocks() const {
    for (int64_t channel = 0; channel < inputs; channel += int64_t(sizeof(Vector) / sizeof(float))) {
      int64_t pair = 0;
      const Vector zero = {};
      store(line + channel, zero);
      store(line + inputs + channel, zero);
      for (; pair + most <= pairs; pair += most) block<Vector, most>(channel, pair);
      if constexpr (most > 3)
        for (; pair + 3 <= pairs; pair += 3) block<Vector, 3>(channel, pair);
      for (; pair < pairs; ++pair) block<Vector, 1>(channel, pair);
    }
  }

  template <class Registers>
  CONEDNN_INLINE void run() const {
    constexpr int most = Registers::sums / filterPoints;
    if (inputs % int64_t(sizeof(typename Registers::Widest) / sizeof(float)) == 0)
      blocks<typename Registers::Widest, most>();
    else
      blocks<Lanes, most>();
  }
};

}  // namespace conednn
