// libtiff on bytes in memory, with its messages kept instead of printed.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <tiffio.h>

typedef struct {
  const uint8_t *input;  // NULL while writing
  uint8_t *output;
  size_t count, capacity, place;
  int is_strict;  // whether a warning counts as an error
  int has_failed;
  char *message;
  size_t message_size;
} manikin_tiff_memory;

// Notes the first reason. Returns -1.
int manikin_tiff_fail(manikin_tiff_memory *memory, const char *format, ...);

// NULL with a message if it is no TIFF file.
TIFF *manikin_tiff_open(manikin_tiff_memory *memory, const char *mode);
