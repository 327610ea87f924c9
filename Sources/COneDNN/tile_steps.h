// What the steps around a tiled convolution's products share.
#pragma once

#include "lanes.h"
#include "tile_transforms.h"

namespace conednn {

/// Whether a phase with so many places takes part in a point; as in `PhaseAxis`.
constexpr bool takesPart(int places, int point, bool transposed) {
  if (point == 1 || point == 2) return true;
  if (transposed) return point == 3 || places == 3;
  return point == 0 ? places >= 2 : places == 3;
}

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

}  // namespace conednn
