// Decoding of one compressed DICOM image behind one C face: every call of GDCM stays in CGDCM.cpp, and neither an
// exception nor a crash leaves it.
#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma clang assume_nonnull begin

// What the header says of the pixels.
typedef struct {
  uint32_t columns;
  uint32_t rows;
  // 1 or 3.
  uint16_t samples;
  // 8, 16 or 32.
  uint16_t bits_allocated;
  // At most bits_allocated; high_bit is less than bits_allocated.
  uint16_t bits_stored;
  uint16_t high_bit;
  uint16_t is_signed;
  // 0: the samples of a pixel stand together; 1: a plane for each.
  uint16_t planar;
} manikin_gdcm_format;

// The colours that decoding left.
enum { MANIKIN_GDCM_GREY = 0, MANIKIN_GDCM_RGB = 1, MANIKIN_GDCM_YBR = 2, MANIKIN_GDCM_PALETTE = 3 };

// Decodes `codestream` (JPEG, JPEG-LS, JPEG 2000 or RLE, all fragments of one frame joined) into `target`, which holds
// exactly columns * rows * samples * bits_allocated / 8 bytes, little-endian.
//
// GDCM and its codecs had memory errors on damaged streams, and Debian builds them with assertions that end the process.
// So the work is done in a child process, which dies alone; its time is limited by the size of the image. Hand over only
// streams whose own header agrees with the format all the same.
//
// On success `format` and `colours` say what the decoded samples are. Returns 0, or another number if GDCM refuses the
// stream or dies of it; `target` is then not to be used.
int manikin_gdcm_decode(const char *transfer_syntax, const char *photometric, manikin_gdcm_format *format,
                        int *colours, const uint8_t *codestream, size_t count, uint8_t *target, size_t target_count);

#pragma clang assume_nonnull end
#ifdef __cplusplus
}
#endif
