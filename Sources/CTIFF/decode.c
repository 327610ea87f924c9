#include "CTIFF.h"
#include "memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// What the file says of its pixels.
typedef struct {
  TIFF *tiff;
  manikin_tiff_memory *memory;
  manikin_tiff_image *image;
  uint32_t width, height;
  uint16_t bits, samples, format, photometric, compression, planar;
  int bytes;                                     // of an output sample
  uint32_t chunk_width, chunk_height;            // of a tile, or of a strip
  size_t chunk_row_bytes;                        // stored
  uint16_t *red, *green, *blue;                  // of a palette
  int palette_shift;
} picture;

// Of what the library can decompress; a byte of a file becomes at most this many. 0: not read.
static size_t greatest_ratio(uint16_t compression) {
  switch (compression) {
    case COMPRESSION_NONE: return 1;
    case COMPRESSION_PACKBITS: return 128;
    case COMPRESSION_DEFLATE:
    case COMPRESSION_ADOBE_DEFLATE: return 1100;
    case COMPRESSION_LZW: return 4096;
    case COMPRESSION_JPEG: return 1 << 14;
    case COMPRESSION_ZSTD:
    case COMPRESSION_LZMA:
    case COMPRESSION_CCITTRLE:
    case COMPRESSION_CCITTFAX3:
    case COMPRESSION_CCITTFAX4: return 1 << 16;
    default: return 0;
  }
}

static int unsupported(picture *p, const char *format, unsigned value) {
  p->image->is_unsupported = 1;
  return manikin_tiff_fail(p->memory, format, value);
}

// Pages, leaving out smaller copies of the same image and masks of it; stops above a thousand.
static int count_pages(picture *p) {
  uint32_t pages = 0;
  for (uint32_t index = 0; index <= 1000; index++) {
    uint32_t kind = 0;
    TIFFGetFieldDefaulted(p->tiff, TIFFTAG_SUBFILETYPE, &kind);
    if (index == 0 || !(kind & (FILETYPE_REDUCEDIMAGE | FILETYPE_MASK))) pages++;
    if (TIFFLastDirectory(p->tiff)) break;
    if (!TIFFReadDirectory(p->tiff)) return manikin_tiff_fail(p->memory, "a page's directory is damaged");
  }
  if (!TIFFSetDirectory(p->tiff, 0)) return manikin_tiff_fail(p->memory, "its directory is damaged");
  // ImageJ writes large stacks with one directory, and says how many images follow each other.
  char *description = NULL;
  if (TIFFGetField(p->tiff, TIFFTAG_IMAGEDESCRIPTION, &description) && description
      && !strncmp(description, "ImageJ=", 7)) {
    const char *images = strstr(description, "\nimages=");
    long count = images ? strtol(images + 8, NULL, 10) : 1;
    if (count > 1 && count < UINT32_MAX && (uint32_t)count > pages) pages = (uint32_t)count;
  }
  if (pages == 1) return 0;
  p->image->pages = pages;
  return unsupported(p, "it has %u pages", pages);
}

// How many samples of a pixel are light; 0 for what is not read.
static int light_samples(picture *p) {
  switch (p->photometric) {
    case PHOTOMETRIC_MINISBLACK:
    case PHOTOMETRIC_MINISWHITE:
    case PHOTOMETRIC_PALETTE: return 1;
    case PHOTOMETRIC_RGB: return 3;
    case PHOTOMETRIC_YCBCR:
      if (p->compression == COMPRESSION_JPEG && p->planar == PLANARCONFIG_CONTIG) return 3;
  }
  return 0;
}

static int read_palette(picture *p) {
  if (!TIFFGetField(p->tiff, TIFFTAG_COLORMAP, &p->red, &p->green, &p->blue))
    return manikin_tiff_fail(p->memory, "its palette is missing");
  // Colours have 16 bits; some writers fill in 8.
  for (int index = 0; index < 1 << p->bits; index++)
    if (p->red[index] > 255 || p->green[index] > 255 || p->blue[index] > 255) p->palette_shift = 8;
  return 0;
}

static int read_type(picture *p) {
  int is_unsigned = p->format == SAMPLEFORMAT_UINT || p->format == SAMPLEFORMAT_VOID;
  int is_grey = p->photometric == PHOTOMETRIC_MINISBLACK;
  int is_packed = p->bits == 1 || p->bits == 2 || p->bits == 4;
  if (is_unsigned && (p->bits == 8 || (is_packed && p->samples == 1))) p->image->type = manikin_tiff_uint8;
  else if (is_unsigned && p->bits == 16 && p->photometric != PHOTOMETRIC_PALETTE) p->image->type = manikin_tiff_uint16;
  else if (p->format == SAMPLEFORMAT_INT && p->bits == 16 && is_grey) p->image->type = manikin_tiff_int16;
  else if (p->format == SAMPLEFORMAT_IEEEFP && p->bits == 32 && is_grey) p->image->type = manikin_tiff_float32;
  if (!p->image->type)
    return unsupported(
        p, is_unsigned ? "its samples have %u bits" : "its samples are signed numbers or floats of %u bits", p->bits);
  p->bytes = p->image->type == manikin_tiff_uint8 ? 1 : p->image->type == manikin_tiff_float32 ? 4 : 2;
  return 0;
}

// What the directory says, checked; sizes are held against the limits.
static int read_header(picture *p, size_t count, size_t limit) {
  TIFF *tiff = p->tiff;
  if (!TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &p->width) || !TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &p->height)
      || !p->width || !p->height)
    return manikin_tiff_fail(p->memory, "it does not say its size");
  if (!TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &p->photometric))
    return manikin_tiff_fail(p->memory, "it does not say what its samples are");
  uint16_t orientation = 1, extra_count = 0, *extra = NULL;
  uint32_t depth = 1;
  TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &p->bits);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &p->samples);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLEFORMAT, &p->format);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &p->compression);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &p->planar);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_ORIENTATION, &orientation);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_EXTRASAMPLES, &extra_count, &extra);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_IMAGEDEPTH, &depth);
  manikin_tiff_image *image = p->image;
  image->width = p->width;
  image->height = p->height;
  image->orientation = orientation >= 1 && orientation <= 8 ? orientation : 1;
  image->is_big_endian = TIFFIsBigEndian(tiff);

  size_t ratio = greatest_ratio(p->compression);
  if (!ratio) return unsupported(p, "it is compressed in a way that is not read (code %u)", p->compression);
  if (depth > 1) return unsupported(p, "it is a volume of %u planes", depth);
  if (p->photometric == PHOTOMETRIC_SEPARATED) {
    image->is_cmyk = 1;
    return unsupported(p, "it stores inks (CMYK, code %u)", p->photometric);
  }
  int light = light_samples(p);
  if (!light) return unsupported(p, "its colours are of a kind that is not read (code %u)", p->photometric);
  if (p->samples < light) return manikin_tiff_fail(p->memory, "it has too few channels");
  int is_transparency = p->samples == light + 1 && extra_count == 1
      && (extra[0] == EXTRASAMPLE_ASSOCALPHA || extra[0] == EXTRASAMPLE_UNASSALPHA);
  if (p->samples != light && !is_transparency)
    return unsupported(p, "it has %u channels, more than its colours and transparency", p->samples);
  if (read_type(p)) return -1;
  if (p->photometric == PHOTOMETRIC_PALETTE && read_palette(p)) return -1;
  image->channels = p->photometric == PHOTOMETRIC_PALETTE ? 3 : light;
  if (p->photometric == PHOTOMETRIC_YCBCR) TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);

  if (p->width > 32768 || p->height > 32768) return manikin_tiff_fail(p->memory, "a side is over 32768 pixels");
  size_t row_bytes = (size_t)p->width * image->channels * p->bytes;
  if (row_bytes > limit / p->height) return manikin_tiff_fail(p->memory, "too many pixels");
  size_t stored = ((size_t)p->width * p->samples * p->bits + 7) / 8 * p->height;
  if (stored / ratio > count || row_bytes * p->height >> 16 > count) return manikin_tiff_fail(p->memory, "cut short");
  return 0;
}

// Where the pixels lie: the size of a tile or strip, and that the library sees it alike.
static int read_layout(picture *p, size_t count, size_t limit) {
  int is_tiled = TIFFIsTiled(p->tiff);
  p->chunk_width = p->width;
  p->chunk_height = p->height;
  if (is_tiled) {
    if (!TIFFGetField(p->tiff, TIFFTAG_TILEWIDTH, &p->chunk_width)
        || !TIFFGetField(p->tiff, TIFFTAG_TILELENGTH, &p->chunk_height) || !p->chunk_width || !p->chunk_height)
      return manikin_tiff_fail(p->memory, "it does not say the size of its tiles");
  } else {
    uint32_t rows = p->height;
    TIFFGetFieldDefaulted(p->tiff, TIFFTAG_ROWSPERSTRIP, &rows);
    if (!rows) return manikin_tiff_fail(p->memory, "its strips have no rows");
    if (rows < p->height) p->chunk_height = rows;
  }
  if (p->chunk_width > 65536 || p->chunk_height > 65536) return manikin_tiff_fail(p->memory, "its tiles are too large");
  uint32_t samples = p->planar == PLANARCONFIG_SEPARATE ? 1 : p->samples;
  p->chunk_row_bytes = ((size_t)p->chunk_width * samples * p->bits + 7) / 8;
  uint64_t seen = is_tiled ? TIFFTileRowSize64(p->tiff) : TIFFScanlineSize64(p->tiff);
  if (seen != p->chunk_row_bytes) return manikin_tiff_fail(p->memory, "unexpected row size");
  size_t chunk = p->chunk_row_bytes * p->chunk_height;
  if (chunk > limit || chunk >> 16 > count) return manikin_tiff_fail(p->memory, "its tiles are too large");
  return 0;
}

// Copies a stored row's samples of one output channel (or of all, for a palette) to an output row.
static void copy_row(const picture *p, const uint8_t *row, uint32_t columns, int stride, int first, int channel,
                     uint8_t *target) {
  int channels = p->image->channels;
  int is_inverted = p->photometric == PHOTOMETRIC_MINISWHITE;
  for (uint32_t column = 0; column < columns; column++) {
    size_t place = (size_t)column * stride + first;
    uint8_t *sample = target + ((size_t)column * channels + channel) * p->bytes;
    if (p->bits > 8) {
      memcpy(sample, row + place * p->bytes, p->bytes);
      if (is_inverted) {
        uint16_t value;
        memcpy(&value, sample, sizeof value);
        value = 65535 - value;
        memcpy(sample, &value, sizeof value);
      }
      continue;
    }
    size_t bit = place * p->bits;
    unsigned value = row[bit / 8] >> (8 - p->bits - bit % 8) & ((1u << p->bits) - 1);
    if (p->red) {
      sample[0] = (uint8_t)(p->red[value] >> p->palette_shift);
      sample[1] = (uint8_t)(p->green[value] >> p->palette_shift);
      sample[2] = (uint8_t)(p->blue[value] >> p->palette_shift);
      continue;
    }
    value *= 255 / ((1u << p->bits) - 1);
    *sample = (uint8_t)(is_inverted ? 255 - value : value);
  }
}

// Reads one tile or strip, and copies what of it lies in the image.
static int read_chunk(picture *p, uint8_t *buffer, uint32_t x, uint32_t y, uint16_t plane) {
  int is_tiled = TIFFIsTiled(p->tiff);
  uint32_t rows = p->height - y < p->chunk_height ? p->height - y : p->chunk_height;
  uint32_t columns = p->width - x < p->chunk_width ? p->width - x : p->chunk_width;
  tmsize_t wanted = (tmsize_t)(p->chunk_row_bytes * (is_tiled ? p->chunk_height : rows));
  tmsize_t found = is_tiled
      ? TIFFReadEncodedTile(p->tiff, TIFFComputeTile(p->tiff, x, y, 0, plane), buffer, wanted)
      : TIFFReadEncodedStrip(p->tiff, TIFFComputeStrip(p->tiff, y, plane), buffer, wanted);
  if (p->memory->has_failed) return -1;
  if (found != wanted) return manikin_tiff_fail(p->memory, "cut short");
  int channels = p->image->channels;
  int is_separate = p->planar == PLANARCONFIG_SEPARATE;
  int copied = p->red || is_separate ? 1 : channels;
  for (uint32_t row = 0; row < rows; row++) {
    uint8_t *target = (uint8_t *)p->image->samples + ((size_t)(y + row) * p->width + x) * channels * p->bytes;
    for (int channel = 0; channel < copied; channel++)
      copy_row(
          p, buffer + row * p->chunk_row_bytes, columns, is_separate ? 1 : p->samples, channel,
          is_separate ? plane : channel, target);
  }
  return 0;
}

static int read_pixels(picture *p) {
  size_t total = (size_t)p->width * p->height * p->image->channels * p->bytes;
  p->image->samples = malloc(total);
  // Zeros, so that no decompressor that stops early shows what was there before.
  uint8_t *buffer = calloc(p->chunk_height, p->chunk_row_bytes);
  int result = p->image->samples && buffer ? 0 : manikin_tiff_fail(p->memory, "out of memory");
  int is_separate = p->planar == PLANARCONFIG_SEPARATE;
  uint16_t planes = is_separate ? (p->red ? 1 : (uint16_t)p->image->channels) : 1;
  p->memory->is_strict = 1;
  for (uint16_t plane = 0; !result && plane < planes; plane++)
    for (uint64_t y = 0; !result && y < p->height; y += p->chunk_height)
      for (uint64_t x = 0; !result && x < p->width; x += p->chunk_width)
        result = read_chunk(p, buffer, (uint32_t)x, (uint32_t)y, plane);
  free(buffer);
  return result;
}

int manikin_tiff_decode(const uint8_t *bytes, size_t count, size_t limit, int header_only, manikin_tiff_image *image) {
  memset(image, 0, sizeof *image);
  manikin_tiff_memory memory = {
      .input = bytes, .count = count, .message = image->message, .message_size = sizeof image->message};
  TIFF *tiff = count < 8 ? NULL : manikin_tiff_open(&memory, "r");
  picture p = {.tiff = tiff, .memory = &memory, .image = image};
  int result = !tiff || memory.has_failed ? -1 : 0;
  if (!result) result = count_pages(&p);
  if (!result) result = read_header(&p, count, limit);
  if (!result) result = read_layout(&p, count, limit);
  if (!result && !header_only) result = read_pixels(&p);
  if (memory.has_failed) result = -1;
  if (tiff) TIFFClose(tiff);
  if (result) {
    free(image->samples);
    image->samples = NULL;
    if (!image->message[0]) snprintf(image->message, sizeof image->message, "it has no sound directory");
    return -1;
  }
  return 0;
}

void manikin_tiff_free(void *memory) { free(memory); }
