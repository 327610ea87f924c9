#include "CMatIO.h"

#include <limits.h>
#include <matio.h>

// The number of elements; 0 where there are none or it cannot be counted.
static size_t element_count(const matvar_t *variable) {
  size_t count = 1;
  for (int axis = 0; axis < variable->rank; axis++)
    if (__builtin_mul_overflow(count, variable->dims[axis], &count)) return 0;
  return variable->rank > 0 ? count : 0;
}

int manikin_mat_read(const char *path, const char *name, void *target, size_t count, size_t element_bytes) {
  mat_t *file = Mat_Open(path, MAT_ACC_RDONLY);
  if (!file) return 1;
  int result = 2;
  matvar_t *variable = Mat_GetVersion(file) == MAT_FT_MAT5 ? Mat_VarReadInfo(file, name) : NULL;
  if (variable) {
    result = 3;
    if (count > 0 && count <= INT_MAX && element_count(variable) == count && !variable->isComplex &&
        Mat_SizeOfClass(variable->class_type) == element_bytes)
      result = Mat_VarReadDataLinear(file, variable, target, 0, 1, (int)count) ? 4 : 0;
    Mat_VarFree(variable);
  }
  Mat_Close(file);
  return result;
}
