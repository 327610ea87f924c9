// JPEG reading and writing behind one C face: every call of libjpeg (which reports errors by longjmp) stays in CJPEG.c.
#pragma once
#include <stddef.h>
#include <stdint.h>

// A decoded image: `height` rows of `width` pixels of `channels` (1 grey, 3 red green blue) samples of 8 bits, and the EXIF
// block, NULL if there is none. Release `samples` and `exif` with manikin_jpeg_free.
typedef struct {
  uint32_t width, height;
  int channels;
  uint8_t *samples;
  uint8_t *exif;
  size_t exif_count;
  int is_cmyk;        // why decoding failed: it stores inks, not light
  int precision;      // why decoding failed: samples of another number of bits; else 0
  char message[200];  // why decoding failed
} manikin_jpeg_image;

typedef struct {
  uint8_t *bytes;  // release with manikin_jpeg_free
  size_t count;
} manikin_jpeg_bytes;

// Decodes a whole JPEG file from memory: baseline, progressive, arithmetic coding where the library can. What libjpeg warns
// of and goes on, such as data that end early, is an error. Samples that would take more than `limit` bytes, or more than a
// file of this size can hold, are refused before memory is taken. With `header_only`, `samples` and `exif` stay NULL.
// Returns 0, or -1 with a message and nothing to release.
int manikin_jpeg_decode(const uint8_t *bytes, size_t count, size_t limit, int header_only, manikin_jpeg_image *image);

// Encodes 8-bit samples, 1 or 3 channels, without padding between rows; colours at full resolution (4:4:4). Returns 0, or -1
// with nothing to release.
int manikin_jpeg_encode(
    const uint8_t *samples, uint32_t width, uint32_t height, int channels, int quality, manikin_jpeg_bytes *encoded);

void manikin_jpeg_free(void *memory);
