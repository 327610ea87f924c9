// The density of a Riemannian metric's volume and its gradient, for many points at once (see VolumeDensity.swift).
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Centroids go in tiles of so many; the last one is filled up with centroids of weight 0.
#define CDENSITY_TILE 6
// Points that are worked on together, at most.
#define CDENSITY_POINTS 32

// A metric, with S its inverse variances and M its centroids less `shift`, as `[centroid, dimension]`.
struct CDensity {
  size_t dimension;
  size_t tiles;
  double lambda;
  double tau;
  // `[dimension]`
  const double *shift;
  // (-S, 2 S * M, -sum_j S M^2) / rho^2, as `[tile][2 dimension + 1][CDENSITY_TILE]`; -1e30 at the end of what fills up.
  const double *exponents;
  // S, as `[centroid][dimension]` and as `[tile][dimension][CDENSITY_TILE]`.
  const double *precisions;
  const double *precision_tiles;
  // (S, S * M) / rho^2, as `[centroid][2 dimension]`.
  const double *forces;
};

// How many families of processors there is code for here, the plainest first. All that can multiply and add at once give the
// same bytes.
int32_t cdensity_families(void);
// The name of one, such as "AVX2".
const char *cdensity_family_name(int32_t family);

// Doubles that `cdensity_evaluate` needs to work in.
size_t cdensity_workspace(const struct CDensity *density);

// The gradient of log sqrt(det G) at positions `[rows][dimension]`, and its value unless `log_density` is null.
//
// `family` is a number below `cdensity_families()`, or -1 for the best.
void cdensity_evaluate(
    const struct CDensity *density, const double *positions, size_t rows, double *gradient, double *log_density,
    double *workspace, int32_t family);

// 2^x in place, for x up to 1023; 0 below -1022.
void cdensity_powers(double *values, size_t count, int32_t family);

#ifdef __cplusplus
}
#endif
