// How a strided convolution falls apart into phases, and the phases into tiles of two outputs, along one axis.
//
// Phase r of a convolution of stride s holds the places r, r + s, r + 2 s ... of the kernel and the elements of the input that they see:
// a convolution of stride 1 with n_r = 1, 2 or 3 places. Two neighbouring outputs of it take n_r + 1 products instead of 2 n_r: with a
// filter g and inputs d,
//
//     y_0 = d_0 g_0 + d_1 g_1 + d_2 g_2        v_0 = d_0 - d_2   G_0 = g_0                  y_0 = v_0 G_0 + v_1 G_1 + v_2 G_2
//     y_1 = d_1 g_0 + d_2 g_1 + d_3 g_2        v_1 = d_1 + d_2   G_1 = (g_0 + g_1 + g_2)/2  y_1 = v_1 G_1 - v_2 G_2 - v_3 G_3
//                                              v_2 = d_2 - d_1   G_2 = (g_0 - g_1 + g_2)/2
//                                              v_3 = d_1 - d_3   G_3 = g_2
//
// so a point i = 0 ... 3 is idle where G_i is 0 for every filter of the phase, and all phases share the step from products to outputs.
// Source: Winograd, "Arithmetic complexity of computations", 1980, F(2, 3); Lavin and Gray, "Fast algorithms for convolutional neural
// networks", CVPR 2016. That it applies to the phases of a strided convolution follows from its linearity.
#pragma once

#include <algorithm>
#include <cstdint>

namespace conednn {

/// One axis of a convolution, cut into phases.
struct PhaseAxis {
  static constexpr int mostPhases = 3, points = 4;

  int64_t stride, kernel, padding;
  int phases;              // min(stride, kernel)
  int places[mostPhases];  // n_r, at least 1
  int mostPlaces;
  /// Which phases a point takes part in; `slot[i][r]` is the phase's number among them, or -1.
  int slot[points][mostPhases];
  int active[points];  // how many phases

  /// - transposed: for the adjoint in the input, whose filters run backwards and end at place 2.
  PhaseAxis(int64_t kernel, int64_t stride, int64_t padding, bool transposed)
      : stride(stride), kernel(kernel), padding(padding), phases(int(std::min(stride, kernel))), mostPlaces(0) {
    for (int r = 0; r < phases; ++r) {
      places[r] = int((kernel - r + stride - 1) / stride);
      mostPlaces = std::max(mostPlaces, places[r]);
    }
    for (int point = 0; point < points; ++point) {
      active[point] = 0;
      for (int r = 0; r < phases; ++r) slot[point][r] = isActive(point, r, transposed) ? active[point]++ : -1;
    }
  }

  /// The number of products of all phases for two outputs.
  int products() const { return active[0] + active[1] + active[2] + active[3]; }

 private:
  bool isActive(int point, int r, bool transposed) const {
    if (point == 1 || point == 2) return true;
    if (transposed) return point == 3 || places[r] == 3;
    return point == 0 ? places[r] >= 2 : places[r] == 3;
  }
};

/// Both axes: the points are pairs, 16 at most.
struct PhasePlane {
  PhaseAxis vertical, horizontal;
  static constexpr int points = PhaseAxis::points * PhaseAxis::points;

  /// How many pairs of phases share a point.
  int depth(int point) const { return vertical.active[point / 4] * horizontal.active[point % 4]; }
  /// The sum of the depths before a point; of all for `points`.
  int depthBefore(int point) const {
    int sum = 0;
    for (int other = 0; other < point; ++other) sum += depth(other);
    return sum;
  }
  /// The number of a pair of phases among those of a point, or -1.
  int slot(int point, int a, int b) const {
    const int down = vertical.slot[point / 4][a], across = horizontal.slot[point % 4][b];
    return down < 0 || across < 0 ? -1 : down * horizontal.active[point % 4] + across;
  }
};

}  // namespace conednn
