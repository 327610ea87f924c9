// From pixels to the points that filters or gradients multiply; the formulas are in phase_tiles.h.
#include "tile_steps.h"

namespace conednn {

namespace {

// The formulas along one axis. Elements of a line lie `step` apart, points too.

template <int places, class Vector>
CONEDNN_INLINE void inputLine(const Vector *d, int step, Vector *v, int pointStep) {
  if constexpr (places == 1) {
    v[pointStep] = d[step] + d[0];
    v[2 * pointStep] = d[0] - d[step];
  } else {
    v[0] = d[0] - d[2 * step];
    v[pointStep] = d[step] + d[2 * step];
    v[2 * pointStep] = d[2 * step] - d[step];
    if constexpr (places == 3) v[3 * pointStep] = d[step] - d[3 * step];
  }
}

template <int mostPlaces, class Vector>
CONEDNN_INLINE void sourceLine(const Vector *d, int step, Vector *v, int pointStep) {
  if constexpr (mostPlaces == 3) v[0] = d[0] - d[2 * step];
  v[pointStep] = d[step] + d[2 * step];
  v[2 * pointStep] = d[2 * step] - d[step];
  v[3 * pointStep] = d[step] - d[3 * step];
}

template <int mostPlaces, class Vector>
CONEDNN_INLINE void gradientLine(const Vector *y, int step, Vector *z, int pointStep) {
  z[0] = y[0];
  z[pointStep] = y[0] + y[step];
  z[2 * pointStep] = y[0] - y[step];
  if constexpr (mostPlaces == 3) z[3 * pointStep] = -y[step];
}

/// A phase (a, b) of the input, as filters meet it.
template <int down, int across, class Source, class Point>
struct InputPhase {
  using Kept = Point;
  const PhasePlane &plane;
  const ImageSide &input;
  const TileRange &range;
  int a, b;
  const Source *values, *zeros;
  const PointBuffer<Point> &result;

  static constexpr bool takes(int i, int j) { return takesPart(down, i, false) && takesPart(across, j, false); }

  template <class Registers>
  CONEDNN_INLINE void run() const {
    using Vector = typename Registers::Widest;
    const PhaseAxis &vertical = plane.vertical, &horizontal = plane.horizontal;
    PointRow<Point> to;
    for (int i = 0; i < 4; ++i)
      for (int j = 0; j < 4; ++j)
        if (takes(i, j)) to.set(result, i, j, range.row, plane.slot(i * 4 + j, a, b) * input.channels);
    // What the next range of as many tiles reads is fetched meanwhile: its lines lie too far apart for the processor to guess.
    const int64_t ahead = (range.end - range.begin) / range.grid.across * 2 * vertical.stride * input.width * input.channels;
    TileWalk tile(range.grid, range.begin);
    for (int64_t index = range.begin; index < range.end; ++index, tile.next()) {
      const Window<down + 1, across + 1, const Source> from(
          input, values, tile.image, tile.line * vertical.stride + a - vertical.padding,
          tile.column * horizontal.stride + b - horizontal.padding, vertical.stride, horizontal.stride, zeros);
      for (int64_t channel = 0; channel < input.channels; channel += lanesOf<Vector>) {
        Vector d[down + 1][across + 1], e[4][across + 1], f[4];
        for (int u = 0; u <= down; ++u)
          for (int v = 0; v <= across; ++v) {
            load(d[u][v], from.at[u][v] + channel);
            if (u >= down - 1 && v >= across - 1) __builtin_prefetch(from.at[u][v] + channel + ahead, 0, 2);
          }
        for (int v = 0; v <= across; ++v) inputLine<down>(&d[0][v], across + 1, &e[0][v], across + 1);
        for (int i = 0; i < 4; ++i) {
          if (!takesPart(down, i, false)) continue;
          inputLine<across>(e[i], 1, f, 1);
          for (int j = 0; j < 4; ++j)
            if (takes(i, j)) store(to.at[i][j] + channel, f[j]);
        }
      }
      for (int i = 0; i < 4; ++i)
        for (int j = 0; j < 4; ++j)
          if (takes(i, j)) to.at[i][j] += to.step[i][j];
    }
  }
};

template <int down, int across, class Source, class Point>
void transformPhase(
    const PhasePlane &plane, const ImageSide &input, const TileRange &range, int a, int b, const Source *values,
    const Source *zeros, const PointBuffer<Point> &result) {
  runOnChannels(
      input.channels, InputPhase<down, across, Source, Point>{plane, input, range, a, b, values, zeros, result});
}

/// The output's gradient, as the weights' gradient needs it.
template <int down, int across, class Source, class Point>
struct GradientTiles {
  using Kept = Point;
  const ImageSide &output;
  const TileRange &range;
  const Source *values, *zeros;
  const PointBuffer<Point> &result;

  template <class Registers>
  CONEDNN_INLINE void run() const {
    using Vector = typename Registers::Widest;
    constexpr int below = endPoint(down, false), right = endPoint(across, false);
    PointRow<Point> to;
    for (int i = 0; i < below; ++i)
      for (int j = 0; j < right; ++j) to.set(result, i, j, range.row, 0);
    TileWalk tile(range.grid, range.begin);
    for (int64_t index = range.begin; index < range.end; ++index, tile.next()) {
      const Window<2, 2, const Source> from(output, values, tile.image, tile.line, tile.column, 1, 1, zeros);
      for (int64_t channel = 0; channel < output.channels; channel += lanesOf<Vector>) {
        Vector y[2][2], e[4][2], z[4];
        for (int u = 0; u < 2; ++u)
          for (int v = 0; v < 2; ++v) load(y[u][v], from.at[u][v] + channel);
        for (int v = 0; v < 2; ++v) gradientLine<down>(&y[0][v], 2, &e[0][v], 2);
        for (int i = 0; i < below; ++i) {
          gradientLine<across>(e[i], 1, z, 1);
          for (int j = 0; j < right; ++j) store(to.at[i][j] + channel, z[j]);
        }
      }
      for (int i = 0; i < below; ++i)
        for (int j = 0; j < right; ++j) to.at[i][j] += to.step[i][j];
    }
  }
};

template <int down, int across, class Source, class Point>
void transformGradientTiles(
    const ImageSide &output, const TileRange &range, const Source *values, const Source *zeros,
    const PointBuffer<Point> &result) {
  runOnChannels(output.channels, GradientTiles<down, across, Source, Point>{output, range, values, zeros, result});
}

/// The output, as the transposed convolution needs it.
template <int down, int across, class Source, class Point>
struct SourceTiles {
  using Kept = Point;
  const ImageSide &output;
  const TileRange &range;
  const Source *values, *zeros;
  const PointBuffer<Point> &result;

  template <class Registers>
  CONEDNN_INLINE void run() const {
    using Vector = typename Registers::Widest;
    constexpr int top = firstPoint(down, true), left = firstPoint(across, true);
    PointRow<Point> to;
    for (int i = top; i < 4; ++i)
      for (int j = left; j < 4; ++j) to.set(result, i, j, range.row, 0);
    TileWalk tile(range.grid, range.begin);
    for (int64_t index = range.begin; index < range.end; ++index, tile.next()) {
      const Window<4 - top, 4 - left, const Source> from(
          output, values, tile.image, tile.line - 2 + top, tile.column - 2 + left, 1, 1, zeros);
      for (int64_t channel = 0; channel < output.channels; channel += lanesOf<Vector>) {
        Vector d[4][4], e[4][4], f[4];
        for (int u = top; u < 4; ++u)
          for (int v = left; v < 4; ++v) load(d[u][v], from.at[u - top][v - left] + channel);
        for (int v = left; v < 4; ++v) sourceLine<down>(&d[0][v], 4, &e[0][v], 4);
        for (int i = top; i < 4; ++i) {
          sourceLine<across>(e[i], 1, f, 1);
          for (int j = left; j < 4; ++j) store(to.at[i][j] + channel, f[j]);
        }
      }
      for (int i = top; i < 4; ++i)
        for (int j = left; j < 4; ++j) to.at[i][j] += to.step[i][j];
    }
  }
};

template <int down, int across, class Source, class Point>
void transformSourceTiles(
    const ImageSide &output, const TileRange &range, const Source *values, const Source *zeros,
    const PointBuffer<Point> &result) {
  runOnChannels(output.channels, SourceTiles<down, across, Source, Point>{output, range, values, zeros, result});
}

}  // namespace

#define CONEDNN_DEFINE(Source, Point)                                                                                       \
  void transformInput(                                                                                                      \
      const PhasePlane &plane, const ImageSide &input, const TileGrid &grid, const Source *values, int64_t first,           \
      int64_t begin, int64_t end, const Source *zeros, const PointBuffer<Point> &result) {                                  \
    const TileRange range{grid, begin, end, begin - first};                                                                 \
    for (int a = 0; a < plane.vertical.phases; ++a)                                                                         \
      for (int b = 0; b < plane.horizontal.phases; ++b)                                                                     \
        CONEDNN_BY_PLACES(                                                                                                  \
            transformPhase, plane.vertical.places[a], plane.horizontal.places[b],                                           \
            (plane, input, range, a, b, values, zeros, result))                                                             \
  }                                                                                                                         \
  void transformGradient(                                                                                                   \
      const PhasePlane &plane, const ImageSide &output, const TileGrid &grid, const Source *values, int64_t first,          \
      int64_t begin, int64_t end, const Source *zeros, const PointBuffer<Point> &result) {                                  \
    const TileRange range{grid, begin, end, begin - first};                                                                 \
    CONEDNN_BY_MOST_PLACES(transformGradientTiles, plane, (output, range, values, zeros, result))                           \
  }                                                                                                                         \
  void transformSource(                                                                                                     \
      const PhasePlane &plane, const ImageSide &output, const TileGrid &grid, const Source *values, int64_t first,          \
      int64_t begin, int64_t end, const Source *zeros, const PointBuffer<Point> &result) {                                  \
    const TileRange range{grid, begin, end, begin - first};                                                                 \
    CONEDNN_BY_MOST_PLACES(transformSourceTiles, plane, (output, range, values, zeros, result))                             \
  }
CONEDNN_FOR_POINTS(CONEDNN_DEFINE)
#undef CONEDNN_DEFINE

}  // namespace conednn
