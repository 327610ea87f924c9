// Reading of one numeric array of a MATLAB level-5 file behind one C face: every call of libmatio stays in CMatIO.c.
#pragma once
#include <stddef.h>

#pragma clang assume_nonnull begin

// Reads the real, full numeric array `name` into `target`, its elements in the file's order (the first index runs fastest).
//
// libmatio has a history of memory errors on files that are not what they say. Hand it only files whose every element was
// checked before: sizes within the file, whole zlib streams, nothing but numeric arrays.
//
// `count` is how many elements there must be and `element_bytes` how large each is in memory (of the array's class, not of
// what the file stores it as). Returns 0, or another number when the file has no such array; `target` is then not to be used.
int manikin_mat_read(const char *path, const char *name, void *target, size_t count, size_t element_bytes);

#pragma clang assume_nonnull end
