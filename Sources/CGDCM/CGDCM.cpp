#include "CGDCM.h"

#include <gdcm-3.0/gdcmFragment.h>
#include <gdcm-3.0/gdcmImage.h>
#include <gdcm-3.0/gdcmSequenceOfFragments.h>
#include <gdcm-3.0/gdcmTrace.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <limits>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

// Damaged streams can send a decoder into a loop. Its time on a processor is limited: seconds, and one for so many bytes of
// the image besides, many times what a sound one takes. Seconds of any kind are limited too, loosely.
constexpr rlim_t least_time = 2;
constexpr rlim_t bytes_per_second = 1 << 20;
constexpr unsigned patience = 20;

int colours_of(const gdcm::PhotometricInterpretation &photometric) {
  switch (static_cast<gdcm::PhotometricInterpretation::PIType>(photometric)) {
  case gdcm::PhotometricInterpretation::MONOCHROME1:
  case gdcm::PhotometricInterpretation::MONOCHROME2:
    return MANIKIN_GDCM_GREY;
  case gdcm::PhotometricInterpretation::PALETTE_COLOR:
    return MANIKIN_GDCM_PALETTE;
  case gdcm::PhotometricInterpretation::RGB:
  // The decoder of JPEG 2000 undoes these two itself.
  case gdcm::PhotometricInterpretation::YBR_RCT:
  case gdcm::PhotometricInterpretation::YBR_ICT:
    return MANIKIN_GDCM_RGB;
  case gdcm::PhotometricInterpretation::YBR_FULL:
  case gdcm::PhotometricInterpretation::YBR_FULL_422:
    return MANIKIN_GDCM_YBR;
  default:
    return -1;
  }
}

// Whether a buffer of `count` bytes is what GDCM will fill.
bool fits(const gdcm::Image &image, const manikin_gdcm_format &format, size_t count) {
  const uint64_t pixels = uint64_t{format.columns} * format.rows;
  const uint64_t bytes = uint64_t{format.samples} * format.bits_allocated / 8;
  return pixels > 0 && bytes > 0 && pixels <= std::numeric_limits<int32_t>::max() / bytes && pixels * bytes == count &&
         image.GetBufferLength() == count;
}

int decode(const char *transfer_syntax, const char *photometric, manikin_gdcm_format &format, int &colours,
           const uint8_t *codestream, size_t count, uint8_t *target, size_t target_count) {
  if (count == 0 || count > std::numeric_limits<int32_t>::max()) return 1;
  const auto syntax = gdcm::TransferSyntax::GetTSType(transfer_syntax);
  const auto interpretation = gdcm::PhotometricInterpretation::GetPIType(photometric);
  if (syntax == gdcm::TransferSyntax::TS_END || interpretation == gdcm::PhotometricInterpretation::PI_END) return 2;

  gdcm::Image image;
  image.SetTransferSyntax(gdcm::TransferSyntax(syntax));
  image.SetNumberOfDimensions(2);
  image.SetDimension(0, format.columns);
  image.SetDimension(1, format.rows);
  image.SetPixelFormat(gdcm::PixelFormat(format.samples, format.bits_allocated, format.bits_stored, format.high_bit,
                                         format.is_signed));
  image.SetPhotometricInterpretation(gdcm::PhotometricInterpretation(interpretation));
  image.SetPlanarConfiguration(format.planar);
  if (!fits(image, format, target_count)) return 3;

  gdcm::Fragment fragment;
  fragment.SetByteValue(reinterpret_cast<const char *>(codestream), static_cast<uint32_t>(count));
  gdcm::SmartPointer<gdcm::SequenceOfFragments> fragments = new gdcm::SequenceOfFragments;
  fragments->AddFragment(fragment);
  gdcm::DataElement element(gdcm::Tag(0x7fe0, 0x0010), 0, gdcm::VR::OB);
  element.SetValue(*fragments);
  image.SetDataElement(element);

  if (!image.GetBuffer(reinterpret_cast<char *>(target))) return 4;
  const gdcm::PixelFormat &decoded = image.GetPixelFormat();
  if (decoded.GetSamplesPerPixel() != format.samples || decoded.GetBitsAllocated() != format.bits_allocated) return 5;
  format.bits_stored = decoded.GetBitsStored();
  format.high_bit = decoded.GetHighBit();
  format.is_signed = decoded.GetPixelRepresentation();
  format.planar = static_cast<uint16_t>(image.GetPlanarConfiguration());
  colours = colours_of(image.GetPhotometricInterpretation());
  return colours < 0 ? 6 : 0;
}

// What the child hands back; the samples follow it.
struct Answer {
  int code;
  int colours;
  manikin_gdcm_format format;
};

// In the child: no message, no core, an end in time, and signals end it as the system has them do, whatever the parent
// does with them.
void keep_quiet(size_t bytes) {
  const int nowhere = open("/dev/null", O_WRONLY);
  if (nowhere >= 0) {
    dup2(nowhere, STDOUT_FILENO);
    dup2(nowhere, STDERR_FILENO);
  }
  const rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
  for (const int number : {SIGABRT, SIGALRM, SIGBUS, SIGFPE, SIGILL, SIGINT, SIGSEGV, SIGTERM, SIGTRAP, SIGXCPU})
    std::signal(number, SIG_DFL);
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_UNBLOCK, &all, nullptr);
  gdcm::Trace::DebugOff();
  gdcm::Trace::WarningOff();
  gdcm::Trace::ErrorOff();
  const rlim_t seconds = least_time + bytes / bytes_per_second;
  const rlimit time = {seconds, seconds + 1};
  setrlimit(RLIMIT_CPU, &time);
  alarm(static_cast<unsigned>(patience * seconds));
}

// Whether the child came to its end by itself.
bool ended_well(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR) return false;
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

int manikin_gdcm_decode(const char *transfer_syntax, const char *photometric, manikin_gdcm_format *format,
                        int *colours, const uint8_t *codestream, size_t count, uint8_t *target, size_t target_count) {
  const size_t shared = sizeof(Answer) + target_count;
  void *memory = mmap(nullptr, shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return 8;
  auto *answer = static_cast<Answer *>(memory);
  auto *samples = reinterpret_cast<uint8_t *>(answer + 1);
  *answer = {9, -1, *format};
  const pid_t child = fork();
  if (child == 0) {
    keep_quiet(target_count);
    try {
      answer->code = decode(transfer_syntax, photometric, answer->format, answer->colours, codestream, count, samples,
                            target_count);
    } catch (...) {
      answer->code = 7;
    }
    _exit(0);
  }
  const int code = child > 0 && ended_well(child) ? answer->code : 9;
  if (code == 0) {
    *format = answer->format;
    *colours = answer->colours;
    std::memcpy(target, samples, target_count);
  }
  munmap(memory, shared);
  return code;
}
