// With p a patch (the nine pixels under a window), the mean is sum p / n and the covariance sum p p' / n - mean mean'.
//
// Pixel (k, i) of a patch times pixel (k + d, j), summed over a line of windows, is a sum of products of two lines of the image that
// lie d apart, and the window one further down has the same sum as its pixels (k - 1, i) and (k - 1 + d, j). So each pair of lines
// is multiplied once, 27 products a pixel in place of 45.
//
// Sums over a line are made in single precision, all else in double; the pixels are taken from a number near their mean, so that
// little cancels.
#include "patch_moments.h"

#include "instruction_sets.h"
#include "parallel.h"
#include "scratch.h"
#include "shapes.h"

namespace conednn {

namespace {

constexpr int side = 3;

/// sums[i][j] = the sum over x of upper[x + i] lower[x + j], and lineSums[i] of upper[x + i]. Both lines may be read 16 values on.
struct LineProducts {
  int64_t count;
  const float *upper, *lower;
  double (*sums)[side];
  double *lineSums;

  template <class Registers>
  CONEDNN_INLINE void run() const {
    Lanes products[side][side] = {}, totals[side] = {};
    for (int64_t x = 0; x < count; x += lanes) {
      Lanes a[side], b[side];
      for (int i = 0; i < side; ++i) {
        load(a[i], upper + x + i, count - x);
        load(b[i], lower + x + i);
      }
      for (int i = 0; i < side; ++i) {
        totals[i] += a[i];
        for (int j = 0; j < side; ++j) products[i][j] += a[i] * b[j];
      }
    }
    for (int i = 0; i < side; ++i) {
      lineSums[i] = sum(totals[i]);
      for (int j = 0; j < side; ++j) sums[i][j] = sum(products[i][j]);
    }
  }

  CONEDNN_INLINE static double sum(const Lanes &value) {
    return (double(value[0]) + value[4]) + (double(value[1]) + value[5]) + ((double(value[2]) + value[6]) +
           (double(value[3]) + value[7]));
  }
};

/// Sums over the patches of one image, about a centre.
struct PatchSums {
  double values[PatchMoments::taps];
  double products[PatchMoments::taps][PatchMoments::taps];  // of the first pixel with those in its line and below

  void add(const PatchSums &other) {
    for (int tap = 0; tap < PatchMoments::taps; ++tap) {
      values[tap] += other.values[tap];
      for (int second = 0; second < PatchMoments::taps; ++second) products[tap][second] += other.products[tap][second];
    }
  }
};

/// Adds an image. `lines` holds three lines and their paddings, less the centre.
void addImage(const conednn_convolution &shape, const float *image, float centre, float *lines, PatchSums &total) {
  const int64_t paddedWidth = shape.output_width + side - 1, lineLength = paddedWidth + 16;
  const int64_t paddedHeight = shape.output_height + side - 1;
  const auto lineAt = [&](int64_t line) { return lines + line % side * lineLength; };
  const auto fill = [&](int64_t padded) {
    float *const target = lineAt(padded);
    std::fill(target, target + lineLength, -centre);
    const int64_t line = padded - shape.padding_top;
    if (line < 0 || line >= shape.input_height) return;
    const float *const source = image + line * shape.input_width;
    const int64_t covered = std::min<int64_t>(shape.input_width, paddedWidth - shape.padding_left);
    for (int64_t x = 0; x < covered; ++x) target[shape.padding_left + x] = source[x] - centre;
  };
  for (int64_t line = 0; line < side - 1; ++line) fill(line);
  for (int64_t upper = 0; upper < paddedHeight; ++upper) {
    if (upper + side - 1 < paddedHeight) fill(upper + side - 1);
    for (int distance = 0; distance < side && upper + distance < paddedHeight; ++distance) {
      double products[side][side], sums[side];
      runOnThisProcessor(
          LineProducts{shape.output_width, lineAt(upper), lineAt(upper + distance), products, sums});
      // The windows that have `upper` as their line `k` and the other line inside.
      for (int k = 0; k + distance < side; ++k) {
        if (upper - k < 0 || upper - k >= shape.output_height) continue;
        for (int i = 0; i < side; ++i) {
          if (distance == 0) total.values[k * side + i] += sums[i];
          for (int j = 0; j < side; ++j)
            total.products[k * side + i][(k + distance) * side + j] += products[i][j];
        }
      }
    }
  }
}

}  // namespace

PatchMoments patchMoments(const conednn_convolution &shape, const float *input) {
  constexpr int taps = PatchMoments::taps;
  const int64_t pixels = int64_t(shape.input_height) * shape.input_width;
  double first = 0;
  for (int64_t pixel = 0; pixel < pixels; ++pixel) first += input[pixel];
  const float centre = static_cast<float>(first / double(pixels));

  const int64_t parts = std::min<int64_t>(shape.batch, 64);
  const size_t lineBytes = Scratch::rounded(sizeof(float) * side * (shape.output_width + side - 1 + 16));
  const size_t sumBytes = Scratch::rounded(sizeof(PatchSums));
  const Scratch scratch(sumBytes * parts + lineBytes * threads());
  const auto sumsOf = [&](int64_t part) { return static_cast<PatchSums *>(scratch.at(sumBytes * part)); };
  forEachTask(parts, [&](int64_t part, int worker) {
    PatchSums &sums = *sumsOf(part) = PatchSums{};
    float *const lines = scratch.floats(sumBytes * parts + lineBytes * worker);
    for (int64_t image = shape.batch * part / parts; image < shape.batch * (part + 1) / parts; ++image)
      addImage(shape, input + image * pixels, centre, lines, sums);
  });
  PatchSums total = *sumsOf(0);
  for (int64_t part = 1; part < parts; ++part) total.add(*sumsOf(part));

  const double count = double(shape.batch) * shape.output_height * shape.output_width;
  PatchMoments moments;
  for (int tap = 0; tap < taps; ++tap) total.values[tap] /= count;
  for (int tap = 0; tap < taps; ++tap) {
    moments.mean[tap] = total.values[tap] + centre;
    for (int second = 0; second < taps; ++second) {
      const int upper = std::min(tap, second), lower = std::max(tap, second);
      moments.covariance[tap][second] = total.products[upper][lower] / count - total.values[upper] * total.values[lower];
    }
  }
  return moments;
}

}  // namespace conednn
