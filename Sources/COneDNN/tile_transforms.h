// The steps of a tiled convolution around its matrix products; the formulas are in phase_tiles.h.
//
// Each works on 8 channels at a time. All buffers of one kind hold point after point: `[point][row][slot * channels + channel]`, where a
// row is a tile or an output channel.
#pragma once

#include "phase_tiles.h"

namespace conednn {

/// Where the points of a buffer lie.
struct PointBuffer {
  float *base;
  int64_t offset[PhasePlane::points];  // of a point
  int64_t width[PhasePlane::points];   // values in a row of a point; 0 when the point is idle
  int64_t row[PhasePlane::points];     // from a row to the next

  float *at(int point) const { return base + offset[point]; }

  /// Lays out `rows` rows of `channels` channels for each point, `depths` as the plane says or one; returns the floats in all.
  /// Points and long rows are staggered by cache lines, so that they do not meet in one set of the cache: a matrix product whose rows
  /// lie a power of two apart takes twice as long.
  int64_t layOut(const PhasePlane &plane, int64_t rows, int64_t channels, bool deep);
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

/// Tiles `begin ..< end` of the input's phases, as filters meet them; row `tile - first`.
void transformInput(
    const PhasePlane &plane, const ImageSide &input, const TileGrid &grid, const float *values, int64_t first, int64_t begin,
    int64_t end, const float *zeros, const PointBuffer &result);

/// Tiles of the output's gradient, as the weights' gradient needs them.
void transformGradient(
    const PhasePlane &plane, const ImageSide &output, const TileGrid &grid, const float *values, int64_t first, int64_t begin,
    int64_t end, const float *zeros, const PointBuffer &result);

/// Tiles of the output, as the transposed convolution needs them.
void transformSource(
    const PhasePlane &plane, const ImageSide &output, const TileGrid &grid, const float *values, int64_t first, int64_t begin,
    int64_t end, const float *zeros, const PointBuffer &result);

/// From products to outputs, with the bias and a (leaky) ReLU of slope `slope`; a slope of 1 is the identity.
void finishForward(
    const PhasePlane &plane, const ImageSide &output, const TileGrid &grid, const PointBuffer &products, int64_t first,
    int64_t begin, int64_t end, const float *bias, float slope, float *values);

/// The same for the transposed convolution, whose outputs are the input's elements.
void finishTransposed(
    const PhasePlane &plane, const ImageSide &input, const TileGrid &grid, const PointBuffer &products, int64_t first,
    int64_t begin, int64_t end, const float *bias, float slope, float *values);

/// The weights `[output][input][kernel]` of output channels `begin ..< end`, as filters; backwards for the transposed convolution.
void transformWeights(
    const PhasePlane &plane, int64_t inputs, int64_t begin, int64_t end, const float *weights, bool transposed,
    const PointBuffer &result);

/// From products to the weights' gradient of output channels `begin ..< end`.
void finishWeights(
    const PhasePlane &plane, int64_t inputs, int64_t begin, int64_t end, const PointBuffer &products, float *gradient);

}  // namespace conednn
