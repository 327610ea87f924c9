#include "engine.h"

#include "operation.h"
#include "parallel.h"
#include "scratch.h"

namespace conednn {

namespace {
thread_local std::string lastError;
}

const dnnl::engine &engine() {
  static const dnnl::engine processor(dnnl::engine::kind::cpu, 0);
  return processor;
}

dnnl::primitive_attr attributes() {
  dnnl::primitive_attr result;
  result.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  return result;
}

namespace {
/// An instruction set's number has a bit for each that it holds.
bool has(int instructions) { return (static_cast<int>(dnnl_get_effective_cpu_isa()) & instructions) == instructions; }
}  // namespace

bool hasAVX512() { return has(dnnl_cpu_isa_avx512_core); }

InstructionSet instructionSet() {
#if defined(__x86_64__) && defined(__linux__)
  static const InstructionSet found = hasAVX512()                ? InstructionSet::avx512
                                      : has(dnnl_cpu_isa_avx2)   ? InstructionSet::avx2
                                                                 : InstructionSet::plain;
  return found;
#else
  return InstructionSet::plain;
#endif
}

int fail(int code, const char *function, const char *message) noexcept {
  try {
    lastError = std::string(function) + ": " + message;
  } catch (...) {
    lastError.clear();
  }
  return code;
}

}  // namespace conednn

const char *conednn_last_error(void) { return conednn::lastError.c_str(); }

int conednn_version(void) {
  const dnnl_version_t *version = dnnl_version();
  return version->major * 10000 + version->minor * 100 + version->patch;
}

void conednn_set_threads(int threads) { conednn::setThreads(threads); }

int conednn_threads(void) { return conednn::threads(); }

void conednn_release(void) {
  conednn::OperationCache::shared().clear();
  conednn::Scratch::releaseIdle();
}
