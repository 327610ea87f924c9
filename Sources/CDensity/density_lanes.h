// The density for one width of vectors. Included once by each family's file, with these defined:
//   LANES      doubles of a vector
//   GROUPS     vectors side by side: LANES * GROUPS points are worked on together
//   NAME(x)    the name of a function of this family
//
// With S, M, l and rho as in VolumeDensity.swift, for points z in the lanes and centroids c one after the other:
//   log W_c = sum_j (-S z^2 + 2 S M z - S M^2) / rho^2, and its largest value m over c and log(l / lambda), both to base 2
//   W_c = 2^(log W_c - m), G_j = l + sum_c W_c S_cj
//   V_c = W_c sum_j S_cj / G_j
//   gradient = (sum_c V_c S_c M_c - z sum_c V_c S_c) / rho^2 - tau l z sum_j 1 / G_j
//
// Each sum is a matrix product in tiles of six rows whose sums stay in registers: 12 vectors of 4 or 24 of 8. Weights lie in
// the second cache; powers, G and V go over them chunk by chunk, so that each chunk is in the first one meanwhile.
// A lane's numbers come in the same order whatever the width, and products are fused with sums where the processor can.

typedef double NAME(Vector) __attribute__((vector_size(8 * LANES)));
typedef uint64_t NAME(Mask) __attribute__((vector_size(8 * LANES)));
#define Vector NAME(Vector)
#define Mask NAME(Mask)
#define POINTS (LANES * GROUPS)
#define FUNCTION(x) NAME(cdensity_##x##_)

static inline __attribute__((always_inline)) Vector NAME(load)(const double *from) {
  Vector value;
  memcpy(&value, from, sizeof value);
  return value;
}

static inline __attribute__((always_inline)) void NAME(store)(double *to, Vector value) { memcpy(to, &value, sizeof value); }

// 2^x for x up to 1023; below -1022 the result is 0 (subnormal results are not formed).
//
// Goals in order of priority: an error below 1 ulp in its range, NaN in gives NaN out, speed.
//
// With n the integer nearest to x and r = x - n, |r| <= 1/2, which is exact, 2^x = 2^n 2^r. Adding 1.5 * 2^52 to x rounds it to
// an integer, and leaves that integer in the low bits of the sum, from where a shift puts it into the exponent. 2^r = 1 + r q(r),
// where q is the polynomial of degree 10 through the Chebyshev nodes, computed with 60 digits: relative error 2.0e-17.
static inline __attribute__((always_inline)) Vector NAME(power)(Vector x) {
  const double magic = 0x1.8p52;
  const Vector shifted = x + magic;
  const Vector r = x - (shifted - magic);
  Vector q = r * 0x1.e9d3fe3952179p-32 + 0x1.e6063f7217bc6p-28;
  q = q * r + 0x1.b524fae627834p-24;
  q = q * r + 0x1.62bfd47773353p-20;
  q = q * r + 0x1.ffcbfc670dcd4p-17;
  q = q * r + 0x1.430913096fd9fp-13;
  q = q * r + 0x1.5d87fe78a5276p-10;
  q = q * r + 0x1.3b2ab6fba1ddap-7;
  q = q * r + 0x1.c6b08d704a0c2p-5;
  q = q * r + 0x1.ebfbdff82c598p-3;
  q = q * r + 0x1.62e42fefa39efp-1;
  const Vector mantissa = 1 + r * q;
  const Mask result = (Mask)mantissa + ((Mask)shifted << 52);
  return (Vector)(result & ~(Mask)(x < -1022.0));
}

void FUNCTION(powers)(double *values, size_t count) {
  for (size_t place = 0; place < count; place += LANES) {
    double part[LANES] = {0};
    const size_t own = count - place < LANES ? count - place : LANES;
    memcpy(part, values + place, own * sizeof(double));
    NAME(store)(part, NAME(power)(NAME(load)(part)));
    memcpy(values + place, part, own * sizeof(double));
  }
}

// Adds to `sums` `[rows][POINTS]`, a tile of ROWS rows, the products of `terms` entries of `left`, ROWS at a time and `stride`
// apart, and of `right` `[terms][POINTS]`.
#define PRODUCT(ROWS)                                                                                                   \
  static inline __attribute__((always_inline)) void NAME(product##ROWS)(                                               \
      const double *left, size_t stride, const double *right, size_t terms, Vector sums[ROWS][GROUPS]) {              \
    for (size_t term = 0; term < terms; ++term) {                                                                      \
      Vector entries[GROUPS];                                                                                          \
      for (int group = 0; group < GROUPS; ++group) entries[group] = NAME(load)(right + term * POINTS + group * LANES); \
      for (int row = 0; row < ROWS; ++row) {                                                                           \
        const double factor = left[term * stride + row];                                                               \
        for (int group = 0; group < GROUPS; ++group) sums[row][group] += factor * entries[group];                      \
      }                                                                                                                \
    }                                                                                                                  \
  }
PRODUCT(6)
PRODUCT(5)
PRODUCT(4)
PRODUCT(3)
PRODUCT(2)
PRODUCT(1)
#undef PRODUCT

// Adds a tile's product to `result` `[rows][POINTS]`.
#define ACCUMULATE(ROWS)                                                                                   \
  static void NAME(accumulate##ROWS)(                                                                      \
      const double *left, size_t stride, const double *right, size_t terms, double *result) {              \
    Vector sums[ROWS][GROUPS];                                                                             \
    for (int row = 0; row < ROWS; ++row)                                                                   \
      for (int group = 0; group < GROUPS; ++group)                                                         \
        sums[row][group] = NAME(load)(result + row * POINTS + group * LANES);                              \
    NAME(product##ROWS)(left, stride, right, terms, sums);                                                 \
    for (int row = 0; row < ROWS; ++row)                                                                   \
      for (int group = 0; group < GROUPS; ++group)                                                         \
        NAME(store)(result + row * POINTS + group * LANES, sums[row][group]);                              \
  }
ACCUMULATE(6)
ACCUMULATE(5)
ACCUMULATE(4)
ACCUMULATE(3)
ACCUMULATE(2)
ACCUMULATE(1)
#undef ACCUMULATE

// Adds to `result` `[columns][POINTS]` the product of the transpose of `left` `[terms][columns]` and of `right`
// `[terms][POINTS]`.
static void NAME(accumulate)(
    const double *left, size_t columns, const double *right, size_t terms, double *result) {
  // Tiles of nearly one size: 16 columns are 6, 5 and 5.
  size_t tiles = (columns + CDENSITY_TILE - 1) / CDENSITY_TILE, column = 0;
  for (; tiles > 0; --tiles) {
    const size_t rows = (columns - column + tiles - 1) / tiles;
    double *part = result + column * POINTS;
    switch (rows) {
      case 6: NAME(accumulate6)(left + column, columns, right, terms, part); break;
      case 5: NAME(accumulate5)(left + column, columns, right, terms, part); break;
      case 4: NAME(accumulate4)(left + column, columns, right, terms, part); break;
      case 3: NAME(accumulate3)(left + column, columns, right, terms, part); break;
      case 2: NAME(accumulate2)(left + column, columns, right, terms, part); break;
      default: NAME(accumulate1)(left + column, columns, right, terms, part); break;
    }
    column += rows;
  }
}

void FUNCTION(evaluate)(
    const struct CDensity *density, const double *positions, size_t rows, double *gradient, double *log_density,
    double *workspace) {
  const size_t d = density->dimension, tiles = density->tiles;
  double *features = workspace;
  double *weights = features + (2 * d + 1) * POINTS;
  double *diagonals = weights + tiles * CDENSITY_TILE * POINTS;
  double *forces = diagonals + d * POINTS;
  double *shifted = forces + 2 * d * POINTS;
  for (size_t first = 0; first < rows; first += POINTS) {
    const size_t own = rows - first < POINTS ? rows - first : POINTS;
    // What is no point is the first one again.
    for (size_t point = 0; point < POINTS; ++point) {
      const double *position = positions + (first + (point < own ? point : 0)) * d;
      for (size_t j = 0; j < d; ++j) features[(d + j) * POINTS + point] = position[j];
    }
    Vector norms[GROUPS];
    for (int group = 0; group < GROUPS; ++group) norms[group] = (Vector){0};
    for (size_t j = 0; j < d; ++j)
      for (int group = 0; group < GROUPS; ++group) {
        double *place = features + (d + j) * POINTS + group * LANES;
        const Vector position = NAME(load)(place), shift = position - density->shift[j];
        norms[group] += position * position;
        NAME(store)(place - d * POINTS, shift * shift * CDENSITY_LOG2E);
        NAME(store)(place, shift * CDENSITY_LOG2E);
        NAME(store)(shifted + j * POINTS + group * LANES, shift);
      }
    // The logarithms of the weights, and the largest of each point.
    Vector floors[GROUPS], largest[GROUPS];
    for (int group = 0; group < GROUPS; ++group) {
      floors[group] = -density->tau * CDENSITY_LOG2E * norms[group];
      largest[group] = density->lambda > 0 ? floors[group] : (Vector){0} - INFINITY;
    }
    for (size_t tile = 0; tile < tiles; ++tile) {
      Vector sums[CDENSITY_TILE][GROUPS];
      const double *exponents = density->exponents + tile * (2 * d + 1) * CDENSITY_TILE;
      for (int row = 0; row < CDENSITY_TILE; ++row)
        for (int group = 0; group < GROUPS; ++group)
          sums[row][group] = (Vector){0} + exponents[2 * d * CDENSITY_TILE + row] * CDENSITY_LOG2E;
      NAME(product6)(exponents, CDENSITY_TILE, features, 2 * d, sums);
      double *target = weights + tile * CDENSITY_TILE * POINTS;
      for (int row = 0; row < CDENSITY_TILE; ++row)
        for (int group = 0; group < GROUPS; ++group) {
          const Vector value = sums[row][group];
          largest[group] = __builtin_elementwise_max(largest[group], value);
          NAME(store)(target + row * POINTS + group * LANES, value);
        }
    }
    // The weights, and G without its floor; a chunk of weights stays in the nearest cache meanwhile.
    memset(diagonals, 0, d * POINTS * sizeof(double));
    for (size_t tile = 0; tile < tiles; tile += CDENSITY_CHUNK) {
      const size_t centroids = (tiles - tile < CDENSITY_CHUNK ? tiles - tile : CDENSITY_CHUNK) * CDENSITY_TILE;
      double *part = weights + tile * CDENSITY_TILE * POINTS;
      for (size_t row = 0; row < centroids; ++row)
        for (int group = 0; group < GROUPS; ++group) {
          double *place = part + row * POINTS + group * LANES;
          NAME(store)(place, NAME(power)(NAME(load)(place) - largest[group]));
        }
      NAME(accumulate)(density->precisions + tile * CDENSITY_TILE * d, d, part, centroids, diagonals);
    }
    Vector pulls[GROUPS];
    for (int group = 0; group < GROUPS; ++group) {
      const Vector floor =
          density->lambda > 0 ? density->lambda * NAME(power)(floors[group] - largest[group]) : (Vector){0};
      Vector inverses = (Vector){0};
      for (size_t j = 0; j < d; ++j) {
        double *place = diagonals + j * POINTS + group * LANES;
        const Vector sum = NAME(load)(place) + floor;
        if (log_density) NAME(store)(forces + j * POINTS + group * LANES, sum);
        NAME(store)(place, 1 / sum);
        inverses += 1 / sum;
      }
      pulls[group] = density->tau * floor * inverses;
    }
    if (log_density)
      for (size_t point = 0; point < own; ++point) {
        double sum = (double)d * (largest[point / LANES][point % LANES] / CDENSITY_LOG2E);
        for (size_t j = 0; j < d; ++j) sum += log(forces[j * POINTS + point]);
        log_density[first + point] = sum / 2;
      }
    // What each centroid pulls with, and the forces.
    memset(forces, 0, 2 * d * POINTS * sizeof(double));
    for (size_t tile = 0; tile < tiles; tile += CDENSITY_CHUNK) {
      const size_t count = tiles - tile < CDENSITY_CHUNK ? tiles - tile : CDENSITY_CHUNK;
      double *part = weights + tile * CDENSITY_TILE * POINTS;
      for (size_t number = 0; number < count; ++number) {
        Vector sums[CDENSITY_TILE][GROUPS];
        for (int row = 0; row < CDENSITY_TILE; ++row)
          for (int group = 0; group < GROUPS; ++group) sums[row][group] = (Vector){0};
        NAME(product6)(density->precision_tiles + (tile + number) * d * CDENSITY_TILE, CDENSITY_TILE, diagonals, d, sums);
        for (int row = 0; row < CDENSITY_TILE; ++row)
          for (int group = 0; group < GROUPS; ++group) {
            double *place = part + (number * CDENSITY_TILE + row) * POINTS + group * LANES;
            NAME(store)(place, NAME(load)(place) * sums[row][group]);
          }
      }
      NAME(accumulate)(density->forces + tile * CDENSITY_TILE * 2 * d, 2 * d, part, count * CDENSITY_TILE, forces);
    }
    for (size_t j = 0; j < d; ++j)
      for (int group = 0; group < GROUPS; ++group) {
        const size_t place = j * POINTS + group * LANES;
        const Vector shift = NAME(load)(shifted + place);
        NAME(store)(
            forces + place, NAME(load)(forces + d * POINTS + place) - shift * NAME(load)(forces + place) -
                                pulls[group] * (shift + density->shift[j]));
      }
    for (size_t point = 0; point < own; ++point)
      for (size_t j = 0; j < d; ++j) gradient[(first + point) * d + j] = forces[j * POINTS + point];
  }
}

#undef POINTS
#undef Mask
#undef Vector
