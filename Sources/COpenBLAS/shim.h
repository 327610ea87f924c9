// OpenBLAS: matrix products from cblas.h, and the LAPACK factorisations that Debian's package exports
// without a header of its own (column-major, 32-bit integers, Fortran calling convention).
#pragma once
#include <cblas.h>

/// Cholesky factorisation of a symmetric positive definite matrix. info > 0: the leading minor of that order is not
/// positive definite.
extern void dpotrf_(const char *uplo, const int *n, double *a, const int *lda, int *info);
/// Solves A X = B with the factor that dpotrf_ left in `a`.
extern void dpotrs_(const char *uplo, const int *n, const int *nrhs, const double *a, const int *lda, double *b,
                    const int *ldb, int *info);
/// Eigenvalues (ascending, in `w`) and, with jobz "V", eigenvectors (columns of `a`) of a symmetric matrix.
extern void dsyev_(const char *jobz, const char *uplo, const int *n, double *a, const int *lda, double *w, double *work,
                   const int *lwork, int *info);
