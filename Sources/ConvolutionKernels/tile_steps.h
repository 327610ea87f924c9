// What the steps around a tiled convolution's products share.
#pragma once

#include <type_traits>

#include "instruction_sets.h"
#include "tile_transforms.h"

namespace conednn {

/// Whether a phase with so many places takes part in a point; as in `PhaseAxis`.
constexpr bool takesPart(int places, int point, bool transposed) {
  if (point == 1 || point == 2) return true;
  if (transposed) return point == 3 || places == 3;
  return point == 0 ? places >= 2 : places == 3;
}

/// The points that a transform of all phases reaches, where the most places are 2 or 3.
constexpr int firstPoint(int mostPlaces, bool transposed) { return transposed && mostPlaces == 2 ? 1 : 0; }
constexpr int endPoint(int mostPlaces, bool transposed) { return !transposed && mostPlaces == 2 ? 3 : 4; }

// For each pair of numbers of places, 1 to 3: the function that is made for it.
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

// For each pair of the most places, 2 or 3, the function that is made for it.
#define CONEDNN_BY_MOST_PLACES(function, plane, ...)                             \
  switch ((plane).vertical.mostPlaces * 4 + (plane).horizontal.mostPlaces) {     \
    case 10: function<2, 2> __VA_ARGS__; break;                                  \
    case 11: function<2, 3> __VA_ARGS__; break;                                  \
    case 14: function<3, 2> __VA_ARGS__; break;                                  \
    default: function<3, 3> __VA_ARGS__; break;                                  \
  }

/// How many numbers a vector holds.
template <class Vector>
constexpr int64_t lanesOf = sizeof(Vector) / sizeof(float);

/// Runs a loop over a multiple of 8 channels with the widest vectors that divide them. `Loop::Kept` is what it writes: bfloat16 only
/// where the processor multiplies it, so with AVX-512.
template <class Loop>
void runOnChannels(int64_t channels, const Loop &loop) {
  constexpr bool halves = std::is_same_v<typename Loop::Kept, BFloat16>;
  if (instructionSet() == InstructionSet::avx512 && channels % lanesOf<WideLanes> == 0) {
    if constexpr (halves)
      runWithBFloat16(loop);
    else
      runWithAVX512(loop);
    return;
  }
  if constexpr (!halves)
    if (instructionSet() != InstructionSet::plain) return runWithAVX2(loop);
  loop.template run<PlainRegisters>();
}

/// Which tiles a step works on, and the row of a buffer that the first of them has.
struct TileRange {
  const TileGrid &grid;
  int64_t begin, end, row;
};

/// Goes from tile to tile.
struct TileWalk {
  int64_t image, line, column;  // the first output's

  CONEDNN_INLINE TileWalk(const TileGrid &grid, int64_t index) : grid(grid) {
    const int64_t rest = index % (grid.down * grid.across);
    image = index / (grid.down * grid.across);
    line = grid.firstDown + rest / grid.across * 2;
    column = grid.firstAcross + rest % grid.across * 2;
  }

  CONEDNN_INLINE void next() {
    column += 2;
    if (column < grid.firstAcross + 2 * grid.across) return;
    column = grid.firstAcross;
    line += 2;
    if (line < grid.firstDown + 2 * grid.down) return;
    line = grid.firstDown;
    ++image;
  }

 private:
  const TileGrid &grid;
};

/// Pixels of an image that lie `lineStep` and `columnStep` apart, from one on.
template <int down, int across, class Value>
struct Window {
  Value *at[down][across];

  /// - outside: what stands for a pixel outside the image.
  CONEDNN_INLINE Window(
      const ImageSide &side, Value *values, int64_t image, int64_t line, int64_t column, int64_t lineStep,
      int64_t columnStep, Value *outside) {
    const int64_t lastLine = line + (down - 1) * lineStep, lastColumn = column + (across - 1) * columnStep;
    if (line >= 0 && lastLine < side.height && column >= 0 && lastColumn < side.width) {
      Value *pixel = values + ((image * side.height + line) * side.width + column) * side.channels;
      const int64_t toLine = lineStep * side.width * side.channels, toColumn = columnStep * side.channels;
      for (int u = 0; u < down; ++u)
        for (int v = 0; v < across; ++v) at[u][v] = pixel + u * toLine + v * toColumn;
      return;
    }
    for (int u = 0; u < down; ++u)
      for (int v = 0; v < across; ++v) {
        const int64_t y = line + u * lineStep, x = column + v * columnStep;
        const bool inside = y >= 0 && y < side.height && x >= 0 && x < side.width;
        at[u][v] = inside ? values + ((image * side.height + y) * side.width + x) * side.channels : outside;
      }
  }
};

/// A row of points; those that a step does not use are not set.
template <class Value>
struct PointRow {
  Value *at[4][4];
  int64_t step[4][4];

  CONEDNN_INLINE void set(const PointBuffer<Value> &buffer, int i, int j, int64_t row, int64_t first) {
    const int point = i * 4 + j;
    step[i][j] = buffer.row[point];
    at[i][j] = buffer.at(point) + row * buffer.row[point] + first;
  }
};

}  // namespace conednn
