#include "CPNG.h"

#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// What libpng's callbacks share. Buffers hang here, outside the frames that longjmp unwinds.
typedef struct {
  const uint8_t *input;
  size_t input_count, input_place;
  uint8_t *output;
  size_t output_count, output_capacity;
  void *samples;
  uint8_t *exif;
  size_t exif_count;
  png_bytep *rows;
  char *message;
  size_t message_size;
} state;

static void on_error(png_structp png, png_const_charp text) {
  state *s = png_get_error_ptr(png);
  if (s->message) snprintf(s->message, s->message_size, "%s", text);
  longjmp(png_jmpbuf(png), 1);
}

static void on_warning(png_structp png, png_const_charp text) {
  (void)png;
  (void)text;
}

// png_set_chunk_malloc_max makes a longer chunk an error that libpng only warns of, and it takes the chunk's claimed
// length from the heap all the same. Nothing of a chunk that is read is larger than this; pixels are not taken by libpng.
static const png_alloc_size_t largest_piece = 16u << 20;

static png_voidp on_malloc(png_structp png, png_alloc_size_t count) {
  (void)png;
  return count > largest_piece ? NULL : malloc(count);
}

static void on_free(png_structp png, png_voidp memory) {
  (void)png;
  free(memory);
}

static void on_read(png_structp png, png_bytep target, png_size_t count) {
  state *s = png_get_io_ptr(png);
  if (count > s->input_count - s->input_place) png_error(png, "cut short");
  memcpy(target, s->input + s->input_place, count);
  s->input_place += count;
}

static void on_write(png_structp png, png_bytep source, png_size_t count) {
  state *s = png_get_io_ptr(png);
  if (count > s->output_capacity - s->output_count) {
    size_t capacity = 2 * (s->output_count + count) + 4096;
    uint8_t *larger = realloc(s->output, capacity);
    if (!larger) png_error(png, "out of memory");
    s->output = larger;
    s->output_capacity = capacity;
  }
  memcpy(s->output + s->output_count, source, count);
  s->output_count += count;
}

static void on_flush(png_structp png) { (void)png; }

static int is_little_endian(void) {
  union { uint16_t word; uint8_t byte; } probe = {1};
  return probe.byte;
}

// Copies the EXIF block, wherever in the file it was.
static void keep_exif(png_structp png, png_infop info, state *s) {
#ifdef PNG_eXIf_SUPPORTED
  png_bytep exif = NULL;
  png_uint_32 count = 0;
  if (!png_get_eXIf_1(png, info, &count, &exif) || !exif || !count) return;
  s->exif = malloc(count);
  if (!s->exif) png_error(png, "out of memory");
  memcpy(s->exif, exif, count);
  s->exif_count = count;
#endif
}

// Reads the header and, unless only that is wanted, the rows. Errors leave by longjmp to try_decode.
static void decode(png_structp png, png_infop info, state *s, size_t limit, int header_only, manikin_png_image *image) {
  png_set_read_fn(png, s, on_read);
  png_set_user_limits(png, 32768, 32768);
  png_set_chunk_malloc_max(png, 8u << 20);
  png_set_chunk_cache_max(png, 64);
  png_read_info(png, info);

  size_t stored_row_bytes = png_get_rowbytes(png, info);
  int color = png_get_color_type(png, info);
  int depth = png_get_bit_depth(png, info);
  image->width = png_get_image_width(png, info);
  image->height = png_get_image_height(png, info);
  image->bits = depth == 16 ? 16 : 8;
  image->channels = (color & PNG_COLOR_MASK_COLOR) ? 3 : 1;
  if (header_only) return;

  if (color == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(png);
  if (color == PNG_COLOR_TYPE_GRAY && depth < 8) png_set_expand_gray_1_2_4_to_8(png);
  png_set_strip_alpha(png);
  if (depth == 16 && is_little_endian()) png_set_swap(png);
  png_set_interlace_handling(png);
  png_read_update_info(png, info);

  size_t row_bytes = (size_t)image->width * image->channels * (image->bits / 8);
  if (png_get_rowbytes(png, info) != row_bytes) png_error(png, "unexpected row size");
  if (row_bytes > limit / image->height) png_error(png, "too many pixels");
  // Deflate makes at most 1032 bytes of one; an image that the file cannot hold is refused before memory is taken.
  if (stored_row_bytes * image->height / 1032 > s->input_count) png_error(png, "cut short");
  s->samples = malloc(row_bytes * image->height);
  s->rows = malloc(sizeof(png_bytep) * image->height);
  if (!s->samples || !s->rows) png_error(png, "out of memory");
  for (uint32_t row = 0; row < image->height; row++) s->rows[row] = (png_bytep)s->samples + row * row_bytes;
  png_read_image(png, s->rows);
  png_read_end(png, info);
  keep_exif(png, info, s);
}

// setjmp lives in a function that changes none of its own variables, so none can be lost by longjmp.
static int try_decode(png_structp png, png_infop info, state *s, size_t limit, int header_only, manikin_png_image *image) {
  if (setjmp(png_jmpbuf(png))) return -1;
  decode(png, info, s, limit, header_only, image);
  return 0;
}

int manikin_png_decode(const uint8_t *bytes, size_t count, size_t limit, int header_only, manikin_png_image *image) {
  memset(image, 0, sizeof *image);
  state s = {.input = bytes, .input_count = count, .message = image->message, .message_size = sizeof image->message};
  if (count < 8 || png_sig_cmp(bytes, 0, 8)) {
    snprintf(image->message, sizeof image->message, "it does not start with PNG's signature");
    return -1;
  }
  png_structp png =
      png_create_read_struct_2(PNG_LIBPNG_VER_STRING, &s, on_error, on_warning, NULL, on_malloc, on_free);
  png_infop info = png ? png_create_info_struct(png) : NULL;
  int result = info ? try_decode(png, info, &s, limit, header_only, image) : -1;
  if (png) png_destroy_read_struct(&png, info ? &info : NULL, NULL);
  free(s.rows);
  if (result) {
    free(s.samples);
    free(s.exif);
    if (!image->message[0]) snprintf(image->message, sizeof image->message, "out of memory");
    return -1;
  }
  image->samples = s.samples;
  image->exif = s.exif;
  image->exif_count = s.exif_count;
  return 0;
}

static void encode(
    png_structp png, png_infop info, state *s, const uint8_t *samples, uint32_t width, uint32_t height, int channels,
    int bits) {
  png_set_write_fn(png, s, on_write, on_flush);
  png_set_IHDR(
      png, info, width, height, bits, channels == 3 ? PNG_COLOR_TYPE_RGB : PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE,
      PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_write_info(png, info);
  if (bits == 16 && is_little_endian()) png_set_swap(png);
  size_t row_bytes = (size_t)width * channels * (bits / 8);
  for (uint32_t row = 0; row < height; row++) png_write_row(png, samples + row * row_bytes);
  png_write_end(png, NULL);
}

static int try_encode(
    png_structp png, png_infop info, state *s, const uint8_t *samples, uint32_t width, uint32_t height, int channels,
    int bits) {
  if (setjmp(png_jmpbuf(png))) return -1;
  encode(png, info, s, samples, width, height, channels, bits);
  return 0;
}

int manikin_png_encode(
    const uint8_t *samples, uint32_t width, uint32_t height, int channels, int bits, manikin_png_bytes *encoded) {
  *encoded = (manikin_png_bytes){0};
  state s = {0};
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &s, on_error, on_warning);
  png_infop info = png ? png_create_info_struct(png) : NULL;
  int result = info ? try_encode(png, info, &s, samples, width, height, channels, bits) : -1;
  if (png) png_destroy_write_struct(&png, info ? &info : NULL);
  if (result) {
    free(s.output);
    return -1;
  }
  encoded->bytes = s.output;
  encoded->count = s.output_count;
  return 0;
}

void manikin_png_free(void *memory) { free(memory); }
