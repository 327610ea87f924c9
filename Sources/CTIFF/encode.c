#include "CTIFF.h"
#include "memory.h"

#include <stdlib.h>
#include <string.h>

// The samples to be written, and how.
typedef struct {
  TIFF *tiff;
  const uint8_t *samples;
  uint32_t width, height;
  int channels, bytes;
  const manikin_tiff_layout *layout;
} drawing;

static int set_tags(const drawing *d, manikin_tiff_type type) {
  TIFF *tiff = d->tiff;
  const manikin_tiff_layout *layout = d->layout;
  uint16_t compression = layout->compression ? layout->compression : COMPRESSION_ADOBE_DEFLATE;
  int is_float = type == manikin_tiff_float32;
  int photometric = d->channels == 3    ? PHOTOMETRIC_RGB
      : layout->is_min_white            ? PHOTOMETRIC_MINISWHITE
                                        : PHOTOMETRIC_MINISBLACK;
  int has_predictor =
      !is_float && (compression == COMPRESSION_ADOBE_DEFLATE || compression == COMPRESSION_LZW || compression == COMPRESSION_ZSTD);
  int is_sound = TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, d->width) && TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, d->height)
      && TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 8 * d->bytes)
      && TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, d->channels)
      && TIFFSetField(
             tiff, TIFFTAG_SAMPLEFORMAT,
             is_float                       ? SAMPLEFORMAT_IEEEFP
                 : type == manikin_tiff_int16 ? SAMPLEFORMAT_INT
                                              : SAMPLEFORMAT_UINT)
      && TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, photometric) && TIFFSetField(tiff, TIFFTAG_COMPRESSION, compression)
      && TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, layout->is_planar ? PLANARCONFIG_SEPARATE : PLANARCONFIG_CONTIG);
  if (is_sound && has_predictor) is_sound = TIFFSetField(tiff, TIFFTAG_PREDICTOR, PREDICTOR_HORIZONTAL);
  if (is_sound && layout->orientation) is_sound = TIFFSetField(tiff, TIFFTAG_ORIENTATION, layout->orientation);
  if (is_sound && layout->tile_width)
    return TIFFSetField(tiff, TIFFTAG_TILEWIDTH, layout->tile_width)
        && TIFFSetField(tiff, TIFFTAG_TILELENGTH, layout->tile_height);
  return is_sound && TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, TIFFDefaultStripSize(tiff, 0));
}

// A copy of the part of the image that a tile or strip holds, of one plane or all, with zeros outside; the library changes
// what it is given.
static void fill(const drawing *d, uint8_t *buffer, uint32_t x, uint32_t y, uint32_t columns, uint32_t rows, int plane) {
  int stored = d->layout->is_planar ? 1 : d->channels;
  memset(buffer, 0, (size_t)columns * rows * stored * d->bytes);
  for (uint32_t row = 0; row < rows && y + row < d->height; row++)
    for (uint32_t column = 0; column < columns && x + column < d->width; column++)
      for (int channel = 0; channel < stored; channel++) {
        int from = d->layout->is_planar ? plane : channel;
        uint8_t *target = buffer + (((size_t)row * columns + column) * stored + channel) * d->bytes;
        memcpy(
            target, d->samples + (((size_t)(y + row) * d->width + x + column) * d->channels + from) * d->bytes, d->bytes);
        for (int byte = 0; d->layout->is_min_white && byte < d->bytes; byte++) target[byte] ^= 0xFF;
      }
}

static int write_chunks(const drawing *d) {
  uint32_t rows = d->layout->tile_height, columns = d->layout->tile_width;
  int is_tiled = columns > 0;
  if (!is_tiled) {
    columns = d->width;
    TIFFGetField(d->tiff, TIFFTAG_ROWSPERSTRIP, &rows);
    if (rows > d->height) rows = d->height;
  }
  int stored = d->layout->is_planar ? 1 : d->channels;
  size_t row_bytes = (size_t)columns * stored * d->bytes;
  uint8_t *buffer = malloc(row_bytes * rows);
  int result = buffer ? 0 : -1;
  for (int plane = 0; plane < (d->layout->is_planar ? d->channels : 1); plane++)
    for (uint32_t y = 0; !result && y < d->height; y += rows)
      for (uint32_t x = 0; !result && x < d->width; x += columns) {
        uint32_t kept = is_tiled || d->height - y > rows ? rows : d->height - y;
        fill(d, buffer, x, y, columns, kept, plane);
        tmsize_t count = (tmsize_t)(row_bytes * kept);
        tmsize_t written = is_tiled
            ? TIFFWriteEncodedTile(d->tiff, TIFFComputeTile(d->tiff, x, y, 0, (uint16_t)plane), buffer, count)
            : TIFFWriteEncodedStrip(d->tiff, TIFFComputeStrip(d->tiff, y, (uint16_t)plane), buffer, count);
        if (written != count) result = -1;
      }
  free(buffer);
  return result;
}

int manikin_tiff_encode(
    const void *samples, uint32_t width, uint32_t height, int channels, manikin_tiff_type type,
    const manikin_tiff_layout *layout, manikin_tiff_bytes *encoded) {
  *encoded = (manikin_tiff_bytes){0};
  manikin_tiff_memory memory = {0};
  char mode[5] = "w";
  strcat(mode, layout->is_big_endian ? "b" : "l");
  if (layout->is_bigtiff) strcat(mode, "8");
  TIFF *tiff = manikin_tiff_open(&memory, mode);
  drawing d = {
      .tiff = tiff, .samples = samples, .width = width, .height = height, .channels = channels,
      .bytes = type == manikin_tiff_uint8 ? 1 : type == manikin_tiff_float32 ? 4 : 2, .layout = layout};
  int result = tiff && set_tags(&d, type) ? write_chunks(&d) : -1;
  if (tiff) TIFFClose(tiff);
  if (result || memory.has_failed) {
    free(memory.output);
    return -1;
  }
  encoded->bytes = memory.output;
  encoded->count = memory.count;
  return 0;
}
