#include "tile_transforms.h"

#include <cstring>

namespace conednn {

int64_t PointBuffer::layOut(const PhasePlane &plane, int64_t rows, int64_t channels, bool deep) {
  constexpr int64_t line = 16, stagger = 5 * line;
  int64_t next = 0;
  for (int point = 0; point < PhasePlane::points; ++point) {
    const int64_t depth = plane.depth(point);
    offset[point] = next;
    width[point] = (deep ? depth : depth > 0) * channels;
    row[point] = width[point] % (8 * line) == 0 ? width[point] + line : width[point];
    if (depth > 0) next += (rows * row[point] + line - 1) / line * line + stagger;
  }
  return next;
}

namespace {

// Compiled for AVX2 beside the baseline; the processor chooses when the program loads. What is inlined into them must be a template
// or a function, not a lambda, whose code would be the baseline's.
#if defined(__x86_64__) && defined(__linux__)
#define CONEDNN_VECTORISED __attribute__((target_clones("avx2", "default")))
#else
#define CONEDNN_VECTORISED
#endif
#define CONEDNN_INLINE __attribute__((always_inline)) inline

typedef float Lanes __attribute__((vector_size(32)));
constexpr int lanes = 8;

CONEDNN_INLINE void load(Lanes &value, const float *from) { std::memcpy(&value, from, sizeof(Lanes)); }
CONEDNN_INLINE void store(float *to, const Lanes &value) { std::memcpy(to, &value, sizeof(Lanes)); }

/// Whether a phase with so many places takes part in a point; as in `PhaseAxis`.
constexpr bool takesPart(int places, int point, bool transposed) {
  if (point == 1 || point == 2) return true;
  if (transposed) return point == 3 || places == 3;
  return point == 0 ? places >= 2 : places == 3;
}

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

template <int places, bool transposed>
CONEDNN_INLINE void filterLine(const Lanes *g, int step, Lanes *filter, int pointStep) {
  // Even and odd places make the points 1 and -1; for the adjoint the filter ends at place 2 and runs backwards.
  Lanes even = g[0];
  if constexpr (places == 3) even += g[2 * step];
  Lanes odd = {};
  if constexpr (places >= 2) odd = g[step];
  filter[pointStep] = 0.5f * (even + odd);
  filter[2 * pointStep] = 0.5f * (even - odd);
  if constexpr (transposed) {
    filter[3 * pointStep] = g[0];
    if constexpr (places == 3) filter[0] = g[2 * step];
  } else {
    if constexpr (places >= 2) filter[0] = g[0];
    if constexpr (places == 3) filter[3 * pointStep] = g[2 * step];
  }
}

template <int places>
CONEDNN_INLINE void placesLine(const Lanes *m, int pointStep, Lanes *g, int step) {
  const Lanes even = 0.5f * (m[pointStep] + m[2 * pointStep]);
  g[0] = even;
  if constexpr (places >= 2) {
    g[0] += m[0];
    g[step] = 0.5f * (m[pointStep] - m[2 * pointStep]);
  }
  if constexpr (places == 3) g[2 * step] = even + m[3 * pointStep];
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

template <int down, int across>
CONEDNN_INLINE void transformInputPhase(
    const PhasePlane &plane, const ImageSide &input, const Tile &tile, const float *values, int64_t row, int a, int b,
    const float *zeros, const PointBuffer &result) {
  const float *from[down + 1][across + 1];
  float *to[4][4] = {};
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

template <int down, int across>
CONEDNN_INLINE void transformGradientTile(
    const ImageSide &output, const Tile &tile, const float *values, int64_t row, const float *zeros,
    const PointBuffer &result) {
  const float *from[2][2];
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

template <int down, int across>
CONEDNN_INLINE void transformSourceTile(
    const ImageSide &output, const Tile &tile, const float *values, int64_t row, const float *zeros,
    const PointBuffer &result) {
  constexpr int top = firstPoint(down, true), left = firstPoint(across, true);
  const float *from[4][4];
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

template <int down, int across>
CONEDNN_INLINE void finishForwardTile(
    const ImageSide &output, const Tile &tile, const PointBuffer &products, int64_t row, const float *bias, float slope,
    float *values) {
  float *to[2][2];
  for (int u = 0; u < 2; ++u)
    for (int v = 0; v < 2; ++v)
      to[u][v] = pixel<float>(output, values, tile.image, tile.down + u, tile.across + v, nullptr);
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

template <int down, int across>
CONEDNN_INLINE void finishTransposedPhase(
    const PhasePlane &plane, const ImageSide &input, const Tile &tile, const PointBuffer &products, int64_t row, int a,
    int b, const float *bias, float slope, float *values) {
  float *to[2][2];
  const float *from[4][4] = {};
  for (int u = 0; u < 2; ++u)
    for (int v = 0; v < 2; ++v)
      to[u][v] = pixel<float>(
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

/// A tap of the kernel that phase (a, b) holds.
CONEDNN_INLINE int64_t tap(const PhasePlane &plane, int a, int b, int u, int v) {
  return (a + u * plane.vertical.stride) * plane.horizontal.kernel + b + v * plane.horizontal.stride;
}

template <int down, int across, bool transposed>
CONEDNN_INLINE void transformWeightsPhase(
    const PhasePlane &plane, const Lanes *taps, int a, int b, int64_t row, int64_t channel, int64_t channels,
    const PointBuffer &result) {
  Lanes g[down][across], e[4][across], f[4];
  for (int u = 0; u < down; ++u)
    for (int v = 0; v < across; ++v) g[u][v] = taps[tap(plane, a, b, u, v)];
  for (int v = 0; v < across; ++v) filterLine<down, transposed>(&g[0][v], across, &e[0][v], across);
  for (int i = 0; i < 4; ++i) {
    if (!takesPart(down, i, transposed)) continue;
    filterLine<across, transposed>(e[i], 1, f, 1);
    for (int j = 0; j < 4; ++j)
      if (takesPart(across, j, transposed)) {
        const int point = i * 4 + j;
        store(result.at(point) + row * result.row[point] + plane.slot(point, a, b) * channels + channel, f[j]);
      }
  }
}

template <int down, int across>
CONEDNN_INLINE void finishWeightsPhase(
    const PhasePlane &plane, const PointBuffer &products, int a, int b, int64_t row, int64_t channel, int64_t channels,
    Lanes *taps) {
  Lanes m[4][4], e[down][4], g[across];
  for (int i = 0; i < 4; ++i)
    for (int j = 0; j < 4; ++j)
      if (takesPart(down, i, false) && takesPart(across, j, false)) {
        const int point = i * 4 + j;
        load(
            m[i][j],
            products.at(point) + row * products.row[point] + plane.slot(point, a, b) * channels + channel);
      }
  for (int j = 0; j < 4; ++j)
    if (takesPart(across, j, false)) placesLine<down>(&m[0][j], 4, &e[0][j], 4);
  for (int u = 0; u < down; ++u) {
    placesLine<across>(e[u], 1, g, 1);
    for (int v = 0; v < across; ++v) taps[tap(plane, a, b, u, v)] = g[v];
  }
}

// For each pair of numbers of places, 1 to 3, or 2 to 3: the function that is made for it.
#define CONEDNN_BY_PLACES(function, down, across, ...)        \
  switch ((down) * 4 + (across)) {                            \
    case 5: function<1, 1> __VA_ARGS__; break;                \
    case 6: function<1, 2> __VA_ARGS__; break;                \
    case 7: function<1, 3> __VA_ARGS__; break;                \
    case 9: function<2, 1> __VA_ARGS__; break;                \
    case 10: function<2, 2> __VA_ARGS__; break;               \
    case 11: function<2, 3> __VA_ARGS__; break;               \
    case 13: function<3, 1> __VA_ARGS__; break;               \
    case 14: function<3, 2> __VA_ARGS__; break;               \
    default: function<3, 3> __VA_ARGS__; break;               \
  }
#define CONEDNN_BY_MOST_PLACES(function, plane, ...)                             \
  switch ((plane).vertical.mostPlaces * 4 + (plane).horizontal.mostPlaces) {     \
    case 10: function<2, 2> __VA_ARGS__; break;                                  \
    case 11: function<2, 3> __VA_ARGS__; break;                                  \
    case 14: function<3, 2> __VA_ARGS__; break;                                  \
    default: function<3, 3> __VA_ARGS__; break;                                  \
  }

constexpr int mostTaps = 81;

template <int down, int across>
CONEDNN_INLINE void transformForwardWeights(
    const PhasePlane &plane, const Lanes *taps, int a, int b, int64_t row, int64_t channel, int64_t channels,
    const PointBuffer &result) {
  transformWeightsPhase<down, across, false>(plane, taps, a, b, row, channel, channels, result);
}

template <int down, int across>
CONEDNN_INLINE void transformTransposedWeights(
    const PhasePlane &plane, const Lanes *taps, int a, int b, int64_t row, int64_t channel, int64_t channels,
    const PointBuffer &result) {
  transformWeightsPhase<down, across, true>(plane, taps, a, b, row, channel, channels, result);
}

}  // namespace

CONEDNN_VECTORISED
void transformInput(
    const PhasePlane &plane, const ImageSide &input, const TileGrid &grid, const float *values, int64_t first, int64_t begin,
    int64_t end, const float *zeros, const PointBuffer &result) {
  for (int64_t index = begin; index < end; ++index) {
    const Tile tile(grid, index);
    for (int a = 0; a < plane.vertical.phases; ++a)
      for (int b = 0; b < plane.horizontal.phases; ++b)
        CONEDNN_BY_PLACES(
            transformInputPhase, plane.vertical.places[a], plane.horizontal.places[b],
            (plane, input, tile, values, index - first, a, b, zeros, result))
  }
}

CONEDNN_VECTORISED
void transformGradient(
    const PhasePlane &plane, const ImageSide &output, const TileGrid &grid, const float *values, int64_t first, int64_t begin,
    int64_t end, const float *zeros, const PointBuffer &result) {
  for (int64_t index = begin; index < end; ++index) {
    const Tile tile(grid, index);
    CONEDNN_BY_MOST_PLACES(transformGradientTile, plane, (output, tile, values, index - first, zeros, result))
  }
}

CONEDNN_VECTORISED
void transformSource(
    const PhasePlane &plane, const ImageSide &output, const TileGrid &grid, const float *values, int64_t first, int64_t begin,
    int64_t end, const float *zeros, const PointBuffer &result) {
  for (int64_t index = begin; index < end; ++index) {
    const Tile tile(grid, index);
    CONEDNN_BY_MOST_PLACES(transformSourceTile, plane, (output, tile, values, index - first, zeros, result))
  }
}

CONEDNN_VECTORISED
void finishForward(
    const PhasePlane &plane, const ImageSide &output, const TileGrid &grid, const PointBuffer &products, int64_t first,
    int64_t begin, int64_t end, const float *bias, float slope, float *values) {
  for (int64_t index = begin; index < end; ++index) {
    const Tile tile(grid, index);
    CONEDNN_BY_MOST_PLACES(finishForwardTile, plane, (output, tile, products, index - first, bias, slope, values))
  }
}

CONEDNN_VECTORISED
void finishTransposed(
    const PhasePlane &plane, const ImageSide &input, const TileGrid &grid, const PointBuffer &products, int64_t first,
    int64_t begin, int64_t end, const float *bias, float slope, float *values) {
  for (int64_t index = begin; index < end; ++index) {
    const Tile tile(grid, index);
    for (int a = 0; a < plane.vertical.phases; ++a)
      for (int b = 0; b < plane.horizontal.phases; ++b)
        CONEDNN_BY_PLACES(
            finishTransposedPhase, plane.vertical.places[a], plane.horizontal.places[b],
            (plane, input, tile, products, index - first, a, b, bias, slope, values))
  }
}

CONEDNN_VECTORISED
void transformWeights(
    const PhasePlane &plane, int64_t inputs, int64_t begin, int64_t end, const float *weights, bool transposed,
    const PointBuffer &result) {
  const int64_t count = plane.vertical.kernel * plane.horizontal.kernel;
  Lanes taps[mostTaps];
  for (int64_t output = begin; output < end; ++output)
    for (int64_t channel = 0; channel < inputs; channel += lanes) {
      const float *const from = weights + (output * inputs + channel) * count;
      for (int64_t place = 0; place < count; ++place)
        for (int lane = 0; lane < lanes; ++lane) taps[place][lane] = from[lane * count + place];
      for (int a = 0; a < plane.vertical.phases; ++a)
        for (int b = 0; b < plane.horizontal.phases; ++b)
          if (transposed)
            CONEDNN_BY_PLACES(
                transformTransposedWeights, plane.vertical.places[a], plane.horizontal.places[b],
                (plane, taps, a, b, output, channel, inputs, result))
          else
            CONEDNN_BY_PLACES(
                transformForwardWeights, plane.vertical.places[a], plane.horizontal.places[b],
                (plane, taps, a, b, output, channel, inputs, result))
    }
}

CONEDNN_VECTORISED
void finishWeights(
    const PhasePlane &plane, int64_t inputs, int64_t begin, int64_t end, const PointBuffer &products, float *gradient) {
  const int64_t count = plane.vertical.kernel * plane.horizontal.kernel;
  Lanes taps[mostTaps];
  for (int64_t output = begin; output < end; ++output)
    for (int64_t channel = 0; channel < inputs; channel += lanes) {
      for (int a = 0; a < plane.vertical.phases; ++a)
        for (int b = 0; b < plane.horizontal.phases; ++b)
          CONEDNN_BY_PLACES(
              finishWeightsPhase, plane.vertical.places[a], plane.horizontal.places[b],
              (plane, products, a, b, output, channel, inputs, taps))
      float *const to = gradient + (output * inputs + channel) * count;
      for (int64_t place = 0; place < count; ++place)
        for (int lane = 0; lane < lanes; ++lane) to[lane * count + place] = taps[place][lane];
    }
}

}  // namespace conednn
