#include "CJPEG.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// jpeglib.h needs stdio.h before it.
#include <jpeglib.h>

#include <jerror.h>

// What libjpeg's callbacks share. Buffers hang here, outside the frames that longjmp unwinds; the manager is first, so that
// a pointer to it is a pointer to the whole.
typedef struct {
  struct jpeg_error_mgr manager;
  jmp_buf back;
  manikin_jpeg_image *image;
  struct jpeg_progress_mgr progress;
  uint8_t *samples;
  uint8_t *exif;
  size_t exif_count;
} state;

// A sound progressive file has about ten scans; one of thousands takes minutes.
static const int most_scans = 100;

// What a byte of a file can become: a progressive image of one grey, 1 bit for each block of 64 samples, is far below it.
static const size_t greatest_ratio = 1 << 14;

static void on_error(j_common_ptr info) {
  state *s = (state *)info->err;
  if (s->image) {
    char text[JMSG_LENGTH_MAX];
    s->manager.format_message(info, text);
    snprintf(s->image->message, sizeof s->image->message, "%s", text);
    if (s->manager.msg_code == JERR_BAD_PRECISION) s->image->precision = s->manager.msg_parm.i[0];
  }
  longjmp(s->back, 1);
}

// Level -1 is a warning: data are missing, damaged or surplus, and the library would make something up. Two are of no
// consequence for the pixels.
static void on_message(j_common_ptr info, int level) {
  int code = info->err->msg_code;
  if (level < 0 && code != JWRN_ADOBE_XFORM && code != JWRN_JFIF_MAJOR) on_error(info);
}

static void on_output(j_common_ptr info) { (void)info; }

static void fail(state *s, const char *text) {
  snprintf(s->image->message, sizeof s->image->message, "%s", text);
  longjmp(s->back, 1);
}

static void on_progress(j_common_ptr info) {
  if (info->is_decompressor && ((j_decompress_ptr)info)->input_scan_number > most_scans)
    fail((state *)info->err, "it has too many scans");
}

static struct jpeg_error_mgr *handlers(state *s) {
  jpeg_std_error(&s->manager);
  s->manager.error_exit = on_error;
  s->manager.emit_message = on_message;
  s->manager.output_message = on_output;
  return &s->manager;
}

// Copies the EXIF block without its six bytes of a name.
static void keep_exif(state *s, jpeg_saved_marker_ptr marker) {
  static const char name[6] = "Exif\0";
  for (; marker; marker = marker->next) {
    if (marker->marker != JPEG_APP0 + 1 || marker->data_length <= sizeof name) continue;
    if (memcmp(marker->data, name, sizeof name)) continue;
    s->exif_count = marker->data_length - sizeof name;
    s->exif = malloc(s->exif_count);
    if (!s->exif) fail(s, "out of memory");
    memcpy(s->exif, marker->data + sizeof name, s->exif_count);
    return;
  }
}

// Reads the header and, unless only that is wanted, the rows. Errors leave by longjmp to try_decode.
static void decode(
    j_decompress_ptr info, state *s, const uint8_t *bytes, size_t count, size_t limit, int header_only) {
  manikin_jpeg_image *image = s->image;
  jpeg_create_decompress(info);
  s->progress.progress_monitor = on_progress;
  info->progress = &s->progress;
  info->mem->max_memory_to_use = 1L << 30;
  jpeg_mem_src(info, bytes, (unsigned long)count);
  if (!header_only) jpeg_save_markers(info, JPEG_APP0 + 1, 0xFFFF);
  jpeg_read_header(info, TRUE);
  image->width = info->image_width;
  image->height = info->image_height;
  image->channels = info->num_components == 1 ? 1 : 3;
  if (info->data_precision != 8) {
    image->precision = info->data_precision;
    fail(s, "its samples have not 8 bits");
  }
  if (info->num_components == 4) {
    image->is_cmyk = 1;
    fail(s, "it stores inks (CMYK)");
  }
  if (info->num_components != 1 && info->num_components != 3) fail(s, "it has neither one nor three channels");
  if (info->image_width > 32768 || info->image_height > 32768) fail(s, "a side is over 32768 pixels");
  size_t row_bytes = (size_t)image->width * image->channels;
  if (row_bytes > limit / image->height) fail(s, "too many pixels");
  if (row_bytes * image->height / greatest_ratio > count) fail(s, "cut short");
  if (header_only) return;

  keep_exif(s, info->marker_list);
  info->out_color_space = image->channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_start_decompress(info);
  if (info->output_width != image->width || info->output_components != image->channels) fail(s, "unexpected row size");
  s->samples = malloc(row_bytes * image->height);
  if (!s->samples) fail(s, "out of memory");
  while (info->output_scanline < info->output_height) {
    JSAMPROW row = s->samples + info->output_scanline * row_bytes;
    jpeg_read_scanlines(info, &row, 1);
  }
  // Reads on to the end mark, so that a file which lacks it is noticed.
  jpeg_finish_decompress(info);
}

// setjmp lives in a function that changes none of its own variables, so none can be lost by longjmp.
static int try_decode(
    j_decompress_ptr info, state *s, const uint8_t *bytes, size_t count, size_t limit, int header_only) {
  if (setjmp(s->back)) return -1;
  decode(info, s, bytes, count, limit, header_only);
  return 0;
}

int manikin_jpeg_decode(const uint8_t *bytes, size_t count, size_t limit, int header_only, manikin_jpeg_image *image) {
  memset(image, 0, sizeof *image);
  if (count < 3 || bytes[0] != 0xFF || bytes[1] != 0xD8 || bytes[2] != 0xFF) {
    snprintf(image->message, sizeof image->message, "it does not start with JPEG's mark");
    return -1;
  }
  state s = {.image = image};
  struct jpeg_decompress_struct info;
  memset(&info, 0, sizeof info);
  info.err = handlers(&s);
  int result = try_decode(&info, &s, bytes, count, limit, header_only);
  jpeg_destroy_decompress(&info);
  if (result) {
    free(s.samples);
    free(s.exif);
    return -1;
  }
  image->samples = s.samples;
  image->exif = s.exif;
  image->exif_count = s.exif_count;
  return 0;
}

typedef struct {
  unsigned char *bytes;
  unsigned long count;
} target;

static void encode(
    j_compress_ptr info, target *t, const uint8_t *samples, uint32_t width, uint32_t height, int channels, int quality) {
  jpeg_create_compress(info);
  jpeg_mem_dest(info, &t->bytes, &t->count);
  info->image_width = width;
  info->image_height = height;
  info->input_components = channels;
  info->in_color_space = channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_set_defaults(info);
  jpeg_set_quality(info, quality, TRUE);
  info->optimize_coding = TRUE;
  info->comp_info[0].h_samp_factor = info->comp_info[0].v_samp_factor = 1;
  jpeg_start_compress(info, TRUE);
  while (info->next_scanline < height) {
    JSAMPROW row = (JSAMPROW)samples + (size_t)info->next_scanline * width * channels;
    jpeg_write_scanlines(info, &row, 1);
  }
  jpeg_finish_compress(info);
}

static int try_encode(
    j_compress_ptr info, state *s, target *t, const uint8_t *samples, uint32_t width, uint32_t height, int channels,
    int quality) {
  if (setjmp(s->back)) return -1;
  encode(info, t, samples, width, height, channels, quality);
  return 0;
}

int manikin_jpeg_encode(
    const uint8_t *samples, uint32_t width, uint32_t height, int channels, int quality, manikin_jpeg_bytes *encoded) {
  *encoded = (manikin_jpeg_bytes){0};
  state s = {0};
  target t = {0};
  struct jpeg_compress_struct info;
  memset(&info, 0, sizeof info);
  info.err = handlers(&s);
  int result = try_encode(&info, &s, &t, samples, width, height, channels, quality);
  jpeg_destroy_compress(&info);
  // After an error the library may have freed what it last named here; it fails for want of memory only.
  if (result) return -1;
  encoded->bytes = t.bytes;
  encoded->count = t.count;
  return 0;
}

void manikin_jpeg_free(void *memory) { free(memory); }
