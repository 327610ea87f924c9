#include "tile_steps.h"

namespace conednn {

namespace {

// The formulas along one axis. Elements of a line lie `step` apart, points too.

template <int places>
CONEDNN_INLINE void inputLine(const Lanes *d, int step, Lanes *v, int pointStep) {
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

template <int mostPlaces>
CONEDNN_INLINE void sourceLine(const Lanes *d, int step, Lanes *v, int pointStep) {
  if constexpr (mostPlaces == 3) v[0] = d[0] - d[2 * step];
  v[pointStep] = d[step] + d[2 * step];
  v[2 * pointStep] = d[2 * step] - d[step];
  v[3 * pointStep] = d[step] - d[3 * step];
}

template <int mostPlaces>
CONEDNN_INLINE void gradientLine(const Lanes *y, int step, Lanes *z, int pointStep) {
  z[0] = y[0];
  z[pointStep] = y[0] + y[step];
  z[2 * pointStep] = y[0] - y[step];
  if constexpr (mostPlaces == 3) z[3 * pointStep] = -y[step];
}

template <int mostPlaces>
CONEDNN_INLINE void outputLine(const Lanes *v, int pointStep, Lanes *y, int step) {
  y[0] = v[0] + v[pointStep] + v[2 * pointStep];
  y[step] = v[pointStep] - v[2 * pointStep];
  if constexpr (mostPlaces == 3) y[step] -= v[3 * pointStep];
}

template <int places>
CONEDNN_INLINE void transposedLine(const Lanes *v, int pointStep, Lanes *y, int step) {
  y[0] = v[pointStep] + v[2 * pointStep];
  if constexpr (places == 3) y[0] += v[0];
  y[step] = v[pointStep] - v[2 * pointStep] - v[3 * pointStep];
}

/// Where a tile lies.
struct Tile {
  int64_t image, down, across;  // the first output's line and column

  CONEDNN_INLINE Tile(const TileGrid &grid, int64_t index) {
    const int64_t perImage = grid.down * grid.across, rest = index % perImage;
    image = index / perImage;
    down = grid.firstDown + rest / grid.across * 2;
    across = grid.firstAcross + rest % grid.across * 2;
  }
};

/// The pixel of an image, or `outside`.
template <class Value>
CONEDNN_INLINE Value *pixel(const ImageSide &side, Value *values, int64_t image, int64_t line, int64_t column, Value *outside) {
  const bool inside = line >= 0 && line < side.height && column >= 0 && column < side.width;
  return inside ? values + ((image * side.height + line) * side.width + column) * side.channels : outside;
}

template <int down, int across, class Source, class Point>
CONEDNN_INLINE void transformInputPhase(
    const PhasePlane &plane, const ImageSide &input, const Tile &tile, const Source *values, int64_t row, int a, int b,
    const Source *zeros, const PointBuffer<Point> &result) {
  const Source *from[down + 1][across + 1];
  Point *to[4][4] = {};
  for (int u = 0; u <= down; ++u)
    for (int v = 0; v <= across; ++v)
      from[u][v] = pixel(
          input, values, tile.image, (tile.down + u) * plane.vertical.stride + a - plane.vertical.padding,
          (tile.across + v) * plane.horizontal.stride + b - plane.horizontal.padding, zeros);
  for (int i = 0; i < 4; ++i)
    for (int j = 0; j < 4; ++j)
      if (takesPart(down, i, false) && takesPart(across, j, false)) {
        const int point = i * 4 + j;
        to[i][j] = result.at(point) + row * result.row[point] + plane.slot(point, a, b) * input.channels;
      }
  for (int64_t channel = 0; channel < input.channels; channel += lanes) {
    Lanes d[down + 1][across + 1], e[4][across + 1], f[4];
    for (int u = 0; u <= down; ++u)
      for (int v = 0; v <= across; ++v) load(d[u][v], from[u][v] + channel);
    for (int v = 0; v <= across; ++v) inputLine<down>(&d[0][v], across + 1, &e[0][v], across + 1);
    for (int i = 0; i < 4; ++i) {
      if (!takesPart(down, i, false)) continue;
      inputLine<across>(e[i], 1, f, 1);
      for (int j = 0; j < 4; ++j)
        if (takesPart(across, j, false)) store(to[i][j] + channel, f[j]);
    }
  }
}

/// The points that a transform of mostPlaces reaches.
constexpr int firstPoint(int mostPlaces, bool transposed) { return transposed && mostPlaces == 2 ? 1 : 0; }
constexpr int endPoint(int mostPlaces, bool transposed) { return !transposed && mostPlaces == 2 ? 3 : 4; }

template <int down, int across, class Source, class Point>
CONEDNN_INLINE void transformGradientTile(
    const ImageSide &output, const Tile &tile, const Source *values, int64_t row, const Source *zeros,
    const PointBuffer<Point> &result) {
  const Source *from[2][2];
  for (int u = 0; u < 2; ++u)
    for (int v = 0; v < 2; ++v) from[u][v] = pixel(output, values, tile.image, tile.down + u, tile.across + v, zeros);
  for (int64_t channel = 0; channel < output.channels; channel += lanes) {
    Lanes y[2][2], e[4][2], z[4];
    for (int u = 0; u < 2; ++u)
      for (int v = 0; v < 2; ++v) load(y[u][v], from[u][v] + channel);
    for (int v = 0; v < 2; ++v) gradientLine<down>(&y[0][v], 2, &e[0][v], 2);
    for (int i = 0; i < endPoint(down, false); ++i) {
      gradientLine<across>(e[i], 1, z, 1);
      for (int j = 0; j < endPoint(across, false); ++j)
        store(result.at(i * 4 + j) + row * result.row[i * 4 + j] + channel, z[j]);
    }
  }
}

template <int down, int across, class Source, class Point>
CONEDNN_INLINE void transformSourceTile(
    const ImageSide &output, const Tile &tile, const Source *values, int64_t row, const Source *zeros,
    const PointBuffer<Point> &result) {
  constexpr int top = firstPoint(down, true), left = firstPoint(across, true);
  const Source *from[4][4];
  for (int u = top; u < 4; ++u)
    for (int v = left; v < 4; ++v)
      from[u][v] = pixel(output, values, tile.image, tile.down - 2 + u, tile.across - 2 + v, zeros);
  for (int64_t channel = 0; channel < output.channels; channel += lanes) {
    Lanes d[4][4], e[4][4], f[4];
    for (int u = top; u < 4; ++u)
      for (int v = left; v < 4; ++v) load(d[u][v], from[u][v] + channel);
    for (int v = left; v < 4; ++v) sourceLine<down>(&d[0][v], 4, &e[0][v], 4);
    for (int i = top; i < 4; ++i) {
      sourceLine<across>(e[i], 1, f, 1);
      for (int j = left; j < 4; ++j) store(result.at(i * 4 + j) + row * result.row[i * 4 + j] + channel, f[j]);
    }
  }
}

CONEDNN_INLINE void finish(Lanes &value, const float *bias, int64_t channel, float slope) {
  if (bias != nullptr) {
    Lanes addend;
    load(addend, bias + channel);
    value += addend;
  }
  // With a slope of 1 both sides are the value.
  const Lanes below = slope * value;
  value = value > 0 ? value : below;
}

template <int down, int across, class Result>
CONEDNN_INLINE void finishForwardTile(
    const ImageSide &output, const Tile &tile, const PointBuffer<float> &products, int64_t row, const float *bias, float slope,
    Result *values) {
  Result *to[2][2];
  for (int u = 0; u < 2; ++u)
    for (int v = 0; v < 2; ++v)
      to[u][v] = pixel<Result>(output, values, tile.image, tile.down + u, tile.across + v, nullptr);
  for (int64_t channel = 0; channel < output.channels; channel += lanes) {
    Lanes m[4][4], e[2][4], y[2];
    for (int i = 0; i < endPoint(down, false); ++i)
      for (int j = 0; j < endPoint(across, false); ++j)
        load(m[i][j], products.at(i * 4 + j) + row * products.row[i * 4 + j] + channel);
    for (int j = 0; j < endPoint(across, false); ++j) outputLine<down>(&m[0][j], 4, &e[0][j], 4);
    for (int u = 0; u < 2; ++u) {
      outputLine<across>(e[u], 1, y, 1);
      for (int v = 0; v < 2; ++v)
        if (to[u][v] != nullptr) {
          finish(y[v], bias, channel, slope);
          store(to[u][v] + channel, y[v]);
        }
    }
  }
}

template <int down, int across, class Result>
CONEDNN_INLINE void finishTransposedPhase(
    const PhasePlane &plane, const ImageSide &input, const Tile &tile, const PointBuffer<float> &products, int64_t row, int a,
    int b, const float *bias, float slope, Result *values) {
  Result *to[2][2];
  const float *from[4][4] = {};
  for (int u = 0; u < 2; ++u)
    for (int v = 0; v < 2; ++v)
      to[u][v] = pixel<Result>(
          input, values, tile.image, (tile.down + u) * plane.vertical.stride + a - plane.vertical.padding,
          (tile.across + v) * plane.horizontal.stride + b - plane.horizontal.padding, nullptr);
  for (int i = 0; i < 4; ++i)
    for (int j = 0; j < 4; ++j)
      if (takesPart(down, i, true) && takesPart(across, j, true)) {
        const int point = i * 4 + j;
        from[i][j] = products.at(point) + row * products.row[point] + plane.slot(point, a, b) * input.channels;
      }
  for (int64_t channel = 0; channel < input.channels; channel += lanes) {
    Lanes m[4][4], e[2][4], y[2];
    for (int i = 0; i < 4; ++i)
      for (int j = 0; j < 4; ++j)
        if (takesPart(down, i, true) && takesPart(across, j, true)) load(m[i][j], from[i][j] + channel);
    for (int j = 0; j < 4; ++j)
      if (takesPart(across, j, true)) transposedLine<down>(&m[0][j], 4, &e[0][j], 4);
    for (int u = 0; u < 2; ++u) {
      transposedLine<across>(e[u], 1, y, 1);
      for (int v = 0; v < 2; ++v)
        if (to[u][v] != nullptr) {
          finish(y[v], bias, channel, slope);
          store(to[u][v] + channel, y[v]);
        }
    }
  }
}

// For each pair of the most places, 2 or 3, the function that is made for it.
#define CONEDNN_BY_MOST_PLACES(function, plane, ...)                             \
  switch ((plane).vertical.mostPlaces * 4 + (plane).horizontal.mostPlaces) {     \
    case 10: function<2, 2> __VA_ARGS__; break;                                  \
    case 11: function<2, 3> __VA_ARGS__; break;                                  \
    case 14: function<3, 2> __VA_ARGS__; break;                                  \
    default: function<3, 3> __VA_ARGS__; break;                                  \
  }

template <class Source, class Point>
CONEDNN_INLINE void inputTiles(
    const PhasePlane &plane, const ImageSide &input, const TileGrid &grid, const Source *values, int64_t first,
    int64_t begin, int64_t end, const Source *zeros, const PointBuffer<Point> &result) {
  for (int64_t index = begin; index < end; ++index) {
    const Tile tile(grid, index);
    for (int a = 0; a < plane.vertical.phases; ++a)
      for (int b = 0; b < plane.horizontal.phases; ++b)
        CONEDNN_BY_PLACES(
            transformInputPhase, plane.vertical.places[a], plane.horizontal.places[b],
            (plane, input, tile, values, index - first, a, b, zeros, result))
  }
}

template <class Source, class Point>
CONEDNN_INLINE void gradientTiles(
    const PhasePlane &plane, const ImageSide &output, const TileGrid &grid, const Source *values, int64_t first,
    int64_t begin, int64_t end, const Source *zeros, const PointBuffer<Point> &result) {
  for (int64_t index = begin; index < end; ++index) {
    const Tile tile(grid, index);
    CONEDNN_BY_MOST_PLACES(transformGradientTile, plane, (output, tile, values, index - first, zeros, result))
  }
}

template <class Source, class Point>
CONEDNN_INLINE void sourceTiles(
    const PhasePlane &plane, const ImageSide &output, const TileGrid &grid, const Source *values, int64_t first,
    int64_t begin, int64_t end, const Source *zeros, const PointBuffer<Point> &result) {
  for (int64_t index = begin; index < end; ++index) {
    const Tile tile(grid, index);
    CONEDNN_BY_MOST_PLACES(transformSourceTile, plane, (output, tile, values, index - first, zeros, result))
  }
}

template <class Result>
CONEDNN_INLINE void forwardTiles(
    const PhasePlane &plane, const ImageSide &output, const TileGrid &grid, const PointBuffer<float> &products,
    int64_t first, int64_t begin, int64_t end, const float *bias, float slope, Result *values) {
  for (int64_t index = begin; index < end; ++index) {
    const Tile tile(grid, index);
    CONEDNN_BY_MOST_PLACES(finishForwardTile, plane, (output, tile, products, index - first, bias, slope, values))
  }
}

template <class Result>
CONEDNN_INLINE void transposedTiles(
    const PhasePlane &plane, const ImageSide &input, const TileGrid &grid, const PointBuffer<float> &products,
    int64_t first, int64_t begin, int64_t end, const float *bias, float slope, Result *values) {
  for (int64_t index = begin; index < end; ++index) {
    const Tile tile(grid, index);
    for (int a = 0; a < plane.vertical.phases; ++a)
      for (int b = 0; b < plane.horizontal.phases; ++b)
        CONEDNN_BY_PLACES(
            finishTransposedPhase, plane.vertical.places[a], plane.horizontal.places[b],
            (plane, input, tile, products, index - first, a, b, bias, slope, values))
  }
}

}  // namespace

#define CONEDNN_DEFINE(Source, Point)                                                                                       \
  CONEDNN_VECTORISED                                                                                                        \
  void transformInput(                                                                                                      \
      const PhasePlane &plane, const ImageSide &input, const TileGrid &grid, const Source *values, int64_t first,           \
      int64_t begin, int64_t end, const Source *zeros, const PointBuffer<Point> &result) {                                  \
    inputTiles(plane, input, grid, values, first, begin, end, zeros, result);                                               \
  }                                                                                                                         \
  CONEDNN_VECTORISED                                                                                                        \
  void transformGradient(                                                                                                   \
      const PhasePlane &plane, const ImageSide &output, const TileGrid &grid, const Source *values, int64_t first,          \
      int64_t begin, int64_t end, const Source *zeros, const PointBuffer<Point> &result) {                                  \
    gradientTiles(plane, output, grid, values, first, begin, end, zeros, result);                                           \
  }                                                                                                                         \
  CONEDNN_VECTORISED                                                                                                        \
  void transformSource(                                                                                                     \
      const PhasePlane &plane, const ImageSide &output, const TileGrid &grid, const Source *values, int64_t first,          \
      int64_t begin, int64_t end, const Source *zeros, const PointBuffer<Point> &result) {                                  \
    sourceTiles(plane, output, grid, values, first, begin, end, zeros, result);                                             \
  }
CONEDNN_FOR_POINTS(CONEDNN_DEFINE)
#undef CONEDNN_DEFINE

#define CONEDNN_DEFINE(Result)                                                                                              \
  CONEDNN_VECTORISED                                                                                                        \
  void finishForward(                                                                                                       \
      const PhasePlane &plane, const ImageSide &output, const TileGrid &grid, const PointBuffer<float> &products,           \
      int64_t first, int64_t begin, int64_t end, const float *bias, float slope, Result *values) {                          \
    forwardTiles(plane, output, grid, products, first, begin, end, bias, slope, values);                                    \
  }                                                                                                                         \
  CONEDNN_VECTORISED                                                                                                        \
  void finishTransposed(                                                                                                    \
      const PhasePlane &plane, const ImageSide &input, const TileGrid &grid, const PointBuffer<float> &products,            \
      int64_t first, int64_t begin, int64_t end, const float *bias, float slope, Result *values) {                          \
    transposedTiles(plane, input, grid, products, first, begin, end, bias, slope, values);                                  \
  }
CONEDNN_FOR_RESULTS(CONEDNN_DEFINE)
#undef CONEDNN_DEFINE

}  // namespace conednn
