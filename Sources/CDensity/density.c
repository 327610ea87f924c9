// The density for any processor, and the choice among families.
#include "family.h"

#define LANES 2
#define GROUPS 2
#define NAME(x) x##plain
#include "density_lanes.h"

struct Family {
  const char *name;
  void (*evaluate)(const struct CDensity *, const double *, size_t, double *, double *, double *);
  void (*powers)(double *, size_t);
};

static const struct Family families[] = {
    {"plain", cdensity_evaluate_plain, cdensity_powers_plain},
#ifdef __x86_64__
    {"AVX2", cdensity_evaluate_avx2, cdensity_powers_avx2},
    {"AVX-512", cdensity_evaluate_avx512, cdensity_powers_avx512},
#endif
};

int32_t cdensity_families(void) {
#ifdef __x86_64__
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return 1;
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") ? 3 : 2;
#else
  return 1;
#endif
}

static const struct Family *chosen(int32_t family) {
  return &families[family < 0 ? cdensity_families() - 1 : family];
}

const char *cdensity_family_name(int32_t family) { return chosen(family)->name; }

size_t cdensity_workspace(const struct CDensity *density) {
  return (density->tiles * CDENSITY_TILE + 6 * density->dimension + 1) * CDENSITY_POINTS;
}

void cdensity_evaluate(
    const struct CDensity *density, const double *positions, size_t rows, double *gradient, double *log_density,
    double *workspace, int32_t family) {
  chosen(family)->evaluate(density, positions, rows, gradient, log_density, workspace);
}

void cdensity_powers(double *values, size_t count, int32_t family) { chosen(family)->powers(values, count); }
