// What every family's file needs, and their functions.
#pragma once

#include <math.h>
#include <string.h>

#include "include/CDensity.h"

// Tiles of centroids whose weights are in the nearest cache at a time.
#define CDENSITY_CHUNK 16
// log2 e, by which logarithms become those to base 2.
#define CDENSITY_LOG2E 0x1.71547652b82fep0

#define CDENSITY_DECLARE(family)                                                                                        \
  void cdensity_evaluate_##family(                                                                                      \
      const struct CDensity *density, const double *positions, size_t rows, double *gradient, double *log_density,      \
      double *workspace);                                                                                               \
  void cdensity_powers_##family(double *values, size_t count);

CDENSITY_DECLARE(plain)
#ifdef __x86_64__
CDENSITY_DECLARE(avx2)
CDENSITY_DECLARE(avx512)
#endif
