// PNG reading and writing behind one C face: every call of libpng (which reports errors by longjmp) stays in CPNG.c.
#pragma once
#include <stddef.h>
#include <stdint.h>

// A decoded image: `height` rows of `width` pixels of `channels` (1 grey, 3 red green blue) samples of `bits` (8 or
// 16, in this machine's byte order), and the EXIF block, NULL if there is none. Release `samples` and `exif` with
// manikin_png_free.
typedef struct {
  uint32_t width, height;
  int channels, bits;
  void *samples;
  uint8_t *exif;
  size_t exif_count;
  char message[128];  // why decoding failed
} manikin_png_image;

typedef struct {
  uint8_t *bytes;  // release with manikin_png_free
  size_t count;
} manikin_png_bytes;

// Decodes a whole PNG file from memory. Samples that would take more than `limit` bytes are refused. With
// `header_only`, `samples` and `exif` stay NULL. Returns 0, or -1 with a message and nothing to release.
int manikin_png_decode(const uint8_t *bytes, size_t count, size_t limit, int header_only, manikin_png_image *image);

// Encodes samples of 8 or 16 bits (in this machine's byte order), 1 or 3 channels, without padding between rows. Returns 0,
// or -1 with nothing to release.
int manikin_png_encode(
    const uint8_t *samples, uint32_t width, uint32_t height, int channels, int bits, manikin_png_bytes *encoded);

void manikin_png_free(void *memory);
