// From a tiled convolution's products to its pixels; the formulas are in phase_tiles.h.
#include "tile_steps.h"

namespace conednn {

namespace {

// The formulas along one axis. Elements of a line lie `step` apart, points `pointStep`.

template <int mostPlaces, class Vector>
CONEDNN_INLINE void outputLine(const Vector *v, int pointStep, Vector *y, int step) {
  y[0] = v[0] + v[pointStep] + v[2 * pointStep];
  y[step] = v[pointStep] - v[2 * pointStep];
  if constexpr (mostPlaces == 3) y[step] -= v[3 * pointStep];
}

template <int places, class Vector>
CONEDNN_INLINE void transposedLine(const Vector *v, int pointStep, Vector *y, int step) {
  y[0] = v[pointStep] + v[2 * pointStep];
  if constexpr (places == 3) y[0] += v[0];
  y[step] = v[pointStep] - v[2 * pointStep] - v[3 * pointStep];
}

/// Adds the bias, and multiplies what is not positive by the slope.
template <class Vector>
CONEDNN_INLINE void finish(Vector &value, const float *bias, int64_t channel, float slope) {
  if (bias != nullptr) {
    Vector addend;
    load(addend, bias + channel);
    value += addend;
  }
  // With a slope of 1 both sides are the value.
  const Vector below = slope * value;
  value = value > 0 ? value : below;
}

template <int down, int across, class Result>
struct ForwardTiles {
  using Kept = Result;
  const ImageSide &output;
  const TileRange &range;
  const PointBuffer<float> &products;
  const float *bias;
  float slope;
  Result *values;

  template <class Registers>
  CONEDNN_INLINE void run() const {
    using Vector = typename Registers::Widest;
    constexpr int below = endPoint(down, false), right = endPoint(across, false);
    PointRow<float> from;
    for (int i = 0; i < below; ++i)
      for (int j = 0; j < right; ++j) from.set(products, i, j, range.row, 0);
    TileWalk tile(range.grid, range.begin);
    for (int64_t index = range.begin; index < range.end; ++index, tile.next()) {
      const Window<2, 2, Result> to(
          output, values, tile.image, tile.line, tile.column, 1, 1, static_cast<Result *>(nullptr));
      for (int64_t channel = 0; channel < output.channels; channel += lanesOf<Vector>) {
        Vector m[4][4], e[2][4], y[2];
        for (int i = 0; i < below; ++i)
          for (int j = 0; j < right; ++j) load(m[i][j], from.at[i][j] + channel);
        for (int j = 0; j < right; ++j) outputLine<down>(&m[0][j], 4, &e[0][j], 4);
        for (int u = 0; u < 2; ++u) {
          outputLine<across>(e[u], 1, y, 1);
          for (int v = 0; v < 2; ++v)
            if (to.at[u][v] != nullptr) {
              finish(y[v], bias, channel, slope);
              store(to.at[u][v] + channel, y[v]);
            }
        }
      }
      for (int i = 0; i < below; ++i)
        for (int j = 0; j < right; ++j) from.at[i][j] += from.step[i][j];
    }
  }
};

template <int down, int across, class Result>
void finishForwardTiles(
    const ImageSide &output, const TileRange &range, const PointBuffer<float> &products, const float *bias, float slope,
    Result *values) {
  runOnChannels(output.channels, ForwardTiles<down, across, Result>{output, range, products, bias, slope, values});
}

/// A phase (a, b) of the transposed convolution, whose outputs are the elements of the convolution's input.
template <int down, int across, class Result>
struct TransposedPhase {
  using Kept = Result;
  const PhasePlane &plane;
  const ImageSide &input;
  const TileRange &range;
  int a, b;
  const PointBuffer<float> &products;
  const float *bias;
  float slope;
  Result *values;

  static constexpr bool takes(int i, int j) { return takesPart(down, i, true) && takesPart(across, j, true); }

  template <class Registers>
  CONEDNN_INLINE void run() const {
    using Vector = typename Registers::Widest;
    const PhaseAxis &vertical = plane.vertical, &horizontal = plane.horizontal;
    PointRow<float> from;
    for (int i = 0; i < 4; ++i)
      for (int j = 0; j < 4; ++j)
        if (takes(i, j)) from.set(products, i, j, range.row, plane.slot(i * 4 + j, a, b) * input.channels);
    TileWalk tile(range.grid, range.begin);
    for (int64_t index = range.begin; index < range.end; ++index, tile.next()) {
      const Window<2, 2, Result> to(
          input, values, tile.image, tile.line * vertical.stride + a - vertical.padding,
          tile.column * horizontal.stride + b - horizontal.padding, vertical.stride, horizontal.stride,
          static_cast<Result *>(nullptr));
      for (int64_t channel = 0; channel < input.channels; channel += lanesOf<Vector>) {
        Vector m[4][4], e[2][4], y[2];
        for (int i = 0; i < 4; ++i)
          for (int j = 0; j < 4; ++j)
            if (takes(i, j)) load(m[i][j], from.at[i][j] + channel);
        for (int j = 0; j < 4; ++j)
          if (takesPart(across, j, true)) transposedLine<down>(&m[0][j], 4, &e[0][j], 4);
        for (int u = 0; u < 2; ++u) {
          transposedLine<across>(e[u], 1, y, 1);
          for (int v = 0; v < 2; ++v)
            if (to.at[u][v] != nullptr) {
              finish(y[v], bias, channel, slope);
              store(to.at[u][v] + channel, y[v]);
            }
        }
      }
      for (int i = 0; i < 4; ++i)
        for (int j = 0; j < 4; ++j)
          if (takes(i, j)) from.at[i][j] += from.step[i][j];
    }
  }
};

template <int down, int across, class Result>
void finishTransposedPhase(
    const PhasePlane &plane, const ImageSide &input, const TileRange &range, int a, int b,
    const PointBuffer<float> &products, const float *bias, float slope, Result *values) {
  runOnChannels(
      input.channels,
      TransposedPhase<down, across, Result>{plane, input, range, a, b, products, bias, slope, values});
}

}  // namespace

#define CONEDNN_DEFINE(Result)                                                                                              \
  void finishForward(                                                                                                       \
      const PhasePlane &plane, const ImageSide &output, const TileGrid &grid, const PointBuffer<float> &products,           \
      int64_t first, int64_t begin, int64_t end, const float *bias, float slope, Result *values) {                          \
    const TileRange range{grid, begin, end, begin - first};                                                                 \
    CONEDNN_BY_MOST_PLACES(finishForwardTiles, plane, (output, range, products, bias, slope, values))                       \
  }                                                                                                                         \
  void finishTransposed(                                                                                                    \
      const PhasePlane &plane, const ImageSide &input, const TileGrid &grid, const PointBuffer<float> &products,            \
      int64_t first, int64_t begin, int64_t end, const float *bias, float slope, Result *values) {                          \
    const TileRange range{grid, begin, end, begin - first};                                                                 \
    for (int a = 0; a < plane.vertical.phases; ++a)                                                                         \
      for (int b = 0; b < plane.horizontal.phases; ++b)                                                                     \
        CONEDNN_BY_PLACES(                                                                                                  \
            finishTransposedPhase, plane.vertical.places[a], plane.horizontal.places[b],                                    \
            (plane, input, range, a, b, products, bias, slope, values))                                                     \
  }
CONEDNN_FOR_RESULTS(CONEDNN_DEFINE)
#undef CONEDNN_DEFINE

}  // namespace conednn
