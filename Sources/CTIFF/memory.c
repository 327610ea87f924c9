#include "memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int note(manikin_tiff_memory *m, const char *format, va_list arguments) {
  if (!m->has_failed && m->message) vsnprintf(m->message, m->message_size, format, arguments);
  m->has_failed = 1;
  return -1;
}

int manikin_tiff_fail(manikin_tiff_memory *m, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int result = note(m, format, arguments);
  va_end(arguments);
  return result;
}

// A result other than 0 keeps libtiff from printing.
static int on_error(TIFF *tiff, void *data, const char *module, const char *format, va_list arguments) {
  (void)tiff;
  (void)module;
  note(data, format, arguments);
  return 1;
}

static int on_warning(TIFF *tiff, void *data, const char *module, const char *format, va_list arguments) {
  (void)tiff;
  (void)module;
  manikin_tiff_memory *m = data;
  // That LZW codes are of the old style says nothing of what they hold.
  if (m->is_strict && !strstr(format, "ld-style LZW")) note(m, format, arguments);
  return 1;
}

static tmsize_t on_read(thandle_t handle, void *target, tmsize_t count) {
  manikin_tiff_memory *m = handle;
  const uint8_t *source = m->input ? m->input : m->output;
  if (m->place >= m->count || count <= 0) return 0;
  size_t found = m->count - m->place < (size_t)count ? m->count - m->place : (size_t)count;
  memcpy(target, source + m->place, found);
  m->place += found;
  return (tmsize_t)found;
}

static tmsize_t on_write(thandle_t handle, void *source, tmsize_t count) {
  manikin_tiff_memory *m = handle;
  if (m->input || count < 0 || m->place > SIZE_MAX / 4 - (size_t)count) return 0;
  size_t end = m->place + (size_t)count;
  if (end > m->capacity) {
    size_t capacity = 2 * end + 4096;
    uint8_t *larger = realloc(m->output, capacity);
    if (!larger) return 0;
    memset(larger + m->capacity, 0, capacity - m->capacity);
    m->output = larger;
    m->capacity = capacity;
  }
  memcpy(m->output + m->place, source, (size_t)count);
  m->place = end;
  if (end > m->count) m->count = end;
  return count;
}

static toff_t on_seek(thandle_t handle, toff_t offset, int whence) {
  manikin_tiff_memory *m = handle;
  if (whence == SEEK_CUR) offset += m->place;
  if (whence == SEEK_END) offset += m->count;
  m->place = offset > SIZE_MAX / 4 ? SIZE_MAX / 4 : (size_t)offset;
  return m->place;
}

static int on_close(thandle_t handle) {
  (void)handle;
  return 0;
}

static toff_t on_size(thandle_t handle) { return ((manikin_tiff_memory *)handle)->count; }

static int on_map(thandle_t handle, void **base, toff_t *size) {
  manikin_tiff_memory *m = handle;
  if (!m->input) return 0;
  *base = (void *)m->input;
  *size = m->count;
  return 1;
}

static void on_unmap(thandle_t handle, void *base, toff_t size) {
  (void)handle;
  (void)base;
  (void)size;
}

TIFF *manikin_tiff_open(manikin_tiff_memory *m, const char *mode) {
  TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
  if (!options) return NULL;
  TIFFOpenOptionsSetErrorHandlerExtR(options, on_error, m);
  TIFFOpenOptionsSetWarningHandlerExtR(options, on_warning, m);
  TIFFOpenOptionsSetMaxSingleMemAlloc(options, (tmsize_t)64 << 20);
  TIFF *tiff = TIFFClientOpenExt(
      "image", mode, m, on_read, on_write, on_seek, on_close, on_size, on_map, on_unmap, options);
  TIFFOpenOptionsFree(options);
  return tiff;
}
