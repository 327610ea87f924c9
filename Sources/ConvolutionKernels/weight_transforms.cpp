// The weights' side of a tiled convolution; the formulas are in phase_tiles.h.
#include "tile_steps.h"

namespace conednn {

namespace {

// Elements of a line lie `step` apart, points `pointStep`.

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

/// A tap of the kernel that phase (a, b) holds.
CONEDNN_INLINE int64_t tap(const PhasePlane &plane, int a, int b, int u, int v) {
  return (a + u * plane.vertical.stride) * plane.horizontal.kernel + b + v * plane.horizontal.stride;
}

/// Writes the points of the taps that phase (a, b) holds: of one output and 8 input channels for the adjoint, of one input and 8 output
/// channels for the convolution.
template <int down, int across, bool transposed, class Point>
CONEDNN_INLINE void transformWeightsPhase(
    const PhasePlane &plane, const Lanes *taps, int a, int b, int64_t output, int64_t input, int64_t inputs,
    const PointBuffer<Point> &result) {
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
        const int64_t place = plane.slot(point, a, b) * inputs + input;
        store(
            result.at(point) + (transposed ? output * result.row[point] + place : place * result.row[point] + output), f[j]);
      }
  }
}

template <int down, int across>
CONEDNN_INLINE void finishWeightsPhase(
    const PhasePlane &plane, const PointBuffer<float> &products, int a, int b, int64_t row, int64_t channel, int64_t channels,
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

constexpr int mostTaps = 81;

template <int down, int across, class Point>
CONEDNN_INLINE void transformForwardWeights(
    const PhasePlane &plane, const Lanes *taps, int a, int b, int64_t output, int64_t input, int64_t inputs,
    const PointBuffer<Point> &result) {
  transformWeightsPhase<down, across, false>(plane, taps, a, b, output, input, inputs, result);
}

template <int down, int across, class Point>
CONEDNN_INLINE void transformTransposedWeights(
    const PhasePlane &plane, const Lanes *taps, int a, int b, int64_t output, int64_t input, int64_t inputs,
    const PointBuffer<Point> &result) {
  transformWeightsPhase<down, across, true>(plane, taps, a, b, output, input, inputs, result);
}

template <class Point>
CONEDNN_INLINE void weightTiles(
    const PhasePlane &plane, int64_t inputs, int64_t begin, int64_t end, const float *weights, bool transposed,
    const PointBuffer<Point> &result) {
  const int64_t count = plane.vertical.kernel * plane.horizontal.kernel;
  // What lies beside each other in a lane's memory are input channels for the adjoint, output channels for the convolution.
  const int64_t outputStep = transposed ? 1 : lanes, inputStep = transposed ? lanes : 1;
  const int64_t laneStep = transposed ? count : inputs * count;
  Lanes taps[mostTaps];
  for (int64_t output = begin; output < end; output += outputStep)
    for (int64_t input = 0; input < inputs; input += inputStep) {
      const float *const from = weights + (output * inputs + input) * count;
      for (int64_t place = 0; place < count; ++place)
        for (int lane = 0; lane < lanes; ++lane) taps[place][lane] = from[lane * laneStep + place];
      for (int a = 0; a < plane.vertical.phases; ++a)
        for (int b = 0; b < plane.horizontal.phases; ++b)
          if (transposed)
            CONEDNN_BY_PLACES(
                transformTransposedWeights, plane.vertical.places[a], plane.horizontal.places[b],
                (plane, taps, a, b, output, input, inputs, result))
          else
            CONEDNN_BY_PLACES(
                transformForwardWeights, plane.vertical.places[a], plane.horizontal.places[b],
                (plane, taps, a, b, output, input, inputs, result))
    }
}

}  // namespace

#define CONEDNN_DEFINE(Point)                                                                                               \
  CONEDNN_VECTORISED                                                                                                        \
  void transformWeights(                                                                                                    \
      const PhasePlane &plane, int64_t inputs, int64_t begin, int64_t end, const float *weights, bool transposed,           \
      const PointBuffer<Point> &result) {                                                                                   \
    weightTiles(plane, inputs, begin, end, weights, transposed, result);                                                    \
  }
CONEDNN_FOR_RESULTS(CONEDNN_DEFINE)
#undef CONEDNN_DEFINE

CONEDNN_VECTORISED
void finishWeights(
    const PhasePlane &plane, int64_t inputs, int64_t begin, int64_t end, const PointBuffer<float> &products, float *gradient) {
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
