// The steps of a tiled convolution around its matrix products; the formulas are in phase_tiles.h.
//
// Each works on 8 or 16 channels at a time. All buffers of one kind hold point after point: `[point][row][slot * channels + channel]`,
// where a row is a tile or an output channel; the filters of a convolution, `[point][slot * inputs + input][output]`.
#pragma once

#include "bfloat16.h"
#include "phase_tiles.h"

namespace conednn {

/// Where the points of a buffer lie; its values are float or BFloat16.
template <class Value>
struct PointBuffer {
  Value *base;
  int64_t offset[PhasePlane::points];  // of a point
  int64_t width[PhasePlane::points];   // values in a row of a point; 0 when the point is idle
  int64_t row[PhasePlane::points];     // from a row to the next

  Value *at(int point) const { return base + offset[point]; }

  /// Lays out `rows` rows of `channels` channels for each point, `depths` as the plane says or one; returns the bytes in all.
  /// Points and long rows are staggered by cache lines, so that they do not meet in one set of the cache: a matrix product whose rows
  /// lie a power of two apart takes twice as long.
  size_t layOut(const PhasePlane &plane, int64_t rows, int64_t channels, bool deep) {
    return layOut(plane, [&](int64_t) { return rows; }, [&](int64_t depth) { return (deep ? depth : depth > 0) * channels; });
  }

  /// For a convolution's filters, `[point][slot * inputs + input][output]`.
  size_t layOutFilters(const PhasePlane &plane, int64_t inputs, int64_t outputs) {
    return layOut(plane, [&](int64_t depth) { return depth * inputs; }, [&](int64_t) { return outputs; });
  }

 private:
  template <class Rows, class Width>
  size_t layOut(const PhasePlane &plane, Rows &&rows, Width &&widthOf) {
    constexpr int64_t line = 64 / sizeof(Value), stagger = 5 * line;
    int64_t next = 0;
    for (int point = 0; point < PhasePlane::points; ++point) {
      const int64_t depth = plane.depth(point);
      offset[point] = next;
      width[point] = widthOf(depth);
      row[point] = width[point] % (8 * line) == 0 ? width[point] + line : width[point];
      if (depth > 0) next += (rows(depth) * row[point] + line - 1) / line * line + stagger;
    }
    return sizeof(Value) * next;
  }
};

/// An image side of a convolution: `[batch, height, width, channels]`.
struct ImageSide {
  int64_t batch, height, width, channels;
};

/// How the tiles of a batch follow one another: image, line, column.
struct TileGrid {
  int64_t down, across;     // tiles of one image
  int64_t firstDown, firstAcross;  // the first output of the first tile
};

// The functions below are made for these numbers: float throughout, or points in bfloat16, from and to images of either kind.
#define CONEDNN_FOR_POINTS(make) make(float, float) make(float, BFloat16) make(BFloat16, BFloat16)
#define CONEDNN_FOR_RESULTS(make) make(float) make(BFloat16)

#define CONEDNN_DECLARE(Source, Point)                                                                                      \
  /** Tiles `begin ..< end` of the input's phases, as filters meet them; row `tile - first`. */                             \
  void transformInput(                                                                                                      \
      const PhasePlane &plane, const ImageSide &input, const TileGrid &grid, const Source *values, int64_t first,           \
      int64_t begin, int64_t end, const Source *zeros, const PointBuffer<Point> &result);                                   \
  /** Tiles of the output's gradient, as the weights' gradient needs them. */                                               \
  void transformGradient(                                                                                                   \
      const PhasePlane &plane, const ImageSide &output, const TileGrid &grid, const Source *values, int64_t first,          \
      int64_t begin, int64_t end, const Source *zeros, const PointBuffer<Point> &result);                                   \
  /** Tiles of the output, as the transposed convolution needs them. */                                                     \
  void transformSource(                                                                                                     \
      const PhasePlane &plane, const ImageSide &output, const TileGrid &grid, const Source *values, int64_t first,          \
      int64_t begin, int64_t end, const Source *zeros, const PointBuffer<Point> &result);
CONEDNN_FOR_POINTS(CONEDNN_DECLARE)
#undef CONEDNN_DECLARE

#define CONEDNN_DECLARE(Result)                                                                                             \
  /** From products to outputs, with the bias and a (leaky) ReLU of slope `slope`; a slope of 1 is the identity. */         \
  void finishForward(                                                                                                       \
      const PhasePlane &plane, const ImageSide &output, const TileGrid &grid, const PointBuffer<float> &products,           \
      int64_t first, int64_t begin, int64_t end, const float *bias, float slope, Result *values);                           \
  /** The same for the transposed convolution, whose outputs are the input's elements. */                                   \
  void finishTransposed(                                                                                                    \
      const PhasePlane &plane, const ImageSide &input, const TileGrid &grid, const PointBuffer<float> &products,            \
      int64_t first, int64_t begin, int64_t end, const float *bias, float slope, Result *values);                           \
  /** The weights `[output][input][kernel]` of output channels `begin ..< end`, multiples of 8, as filters: in rows of      \
      output channels; for the transposed convolution backwards, in rows of `slot * inputs + input`. */                     \
  void transformWeights(                                                                                                    \
      const PhasePlane &plane, int64_t inputs, int64_t begin, int64_t end, const float *weights, bool transposed,           \
      const PointBuffer<Result> &result);
CONEDNN_FOR_RESULTS(CONEDNN_DECLARE)
#undef CONEDNN_DECLARE

/// From products to the weights' gradient of output channels `begin ..< end`.
void finishWeights(
    const PhasePlane &plane, int64_t inputs, int64_t begin, int64_t end, const PointBuffer<float> &products, float *gradient);

}  // namespace conednn
