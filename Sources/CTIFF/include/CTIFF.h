// TIFF reading and writing behind one C face: every call of libtiff stays in CTIFF.c.
#pragma once
#include <stddef.h>
#include <stdint.h>

typedef enum {
  manikin_tiff_uint8 = 1,
  manikin_tiff_uint16,
  manikin_tiff_int16,
  manikin_tiff_float32,
} manikin_tiff_type;

// A decoded image: `height` rows of `width` pixels of `channels` (1 grey, 3 red green blue) samples of `type`, in this
// machine's byte order, black the smallest. Release `samples` with manikin_tiff_free.
typedef struct {
  uint32_t width, height;
  int channels;
  manikin_tiff_type type;
  int orientation;    // the tag's value, 1 to 8
  int is_big_endian;  // the file
  void *samples;
  uint32_t pages;     // why decoding failed: more than one; else 0
  int is_cmyk;        // why decoding failed: it stores inks, not light
  int is_unsupported; // why decoding failed: the file may be sound, but is of a kind that is not read
  char message[200];  // why decoding failed
} manikin_tiff_image;

typedef struct {
  uint8_t *bytes;  // release with manikin_tiff_free
  size_t count;
} manikin_tiff_bytes;

// How an image is laid out in a file; zeros are defaults.
typedef struct {
  uint16_t compression;    // libtiff's code; 0: deflate with the horizontal predictor
  uint32_t tile_width, tile_height;  // multiples of 16; 0: strips
  int is_planar;           // a plane for each channel
  int is_bigtiff, is_big_endian;
  int is_min_white;        // samples are stored so that 0 is white
  int orientation;         // 0: none stated
} manikin_tiff_layout;

// Decodes a whole TIFF file of one page from memory: strips or tiles, planes together or apart, of 1, 2, 4, 8 or 16 bits,
// in grey also signed 16 bits or 32-bit floats; grey, palette, red green blue, or JPEG's YCbCr; what libtiff can decompress. Further
// channels (transparency) are ignored. What libtiff warns of while it reads pixels is an error. Samples that would take more
// than `limit` bytes, or more than a file of this size can hold, are refused before memory is taken. With `header_only`,
// `samples` stays NULL. Returns 0, or -1 with a message and nothing to release.
int manikin_tiff_decode(const uint8_t *bytes, size_t count, size_t limit, int header_only, manikin_tiff_image *image);

// Encodes samples of `type`, 1 or 3 channels, without padding between rows. Returns 0, or -1 with nothing to release.
int manikin_tiff_encode(
    const void *samples, uint32_t width, uint32_t height, int channels, manikin_tiff_type type,
    const manikin_tiff_layout *layout, manikin_tiff_bytes *encoded);

void manikin_tiff_free(void *memory);
