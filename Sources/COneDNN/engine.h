// What every file of the shim needs: the engine, the two versions of oneDNN, failures as codes, threads.
#pragma once

#include <exception>
#include <new>
#include <stdexcept>
#include <string>

#include "COneDNN.h"
#include "oneapi/dnnl/dnnl.hpp"

// Primitive descriptors are made in one step in oneDNN 3 and in two before; the arguments are the same.
#if DNNL_VERSION_MAJOR >= 3
#define CONEDNN_DESCRIBE(OPERATION, ATTRIBUTES, ...) \
  dnnl::OPERATION::primitive_desc(conednn::engine(), __VA_ARGS__, ATTRIBUTES)
#define CONEDNN_DESCRIBE_WITH_HINT(OPERATION, ATTRIBUTES, HINT, ...) \
  dnnl::OPERATION::primitive_desc(conednn::engine(), __VA_ARGS__, HINT, ATTRIBUTES)
#else
#define CONEDNN_DESCRIBE(OPERATION, ATTRIBUTES, ...) \
  dnnl::OPERATION::primitive_desc(dnnl::OPERATION::desc(__VA_ARGS__), ATTRIBUTES, conednn::engine())
#define CONEDNN_DESCRIBE_WITH_HINT(OPERATION, ATTRIBUTES, HINT, ...) \
  dnnl::OPERATION::primitive_desc(dnnl::OPERATION::desc(__VA_ARGS__), ATTRIBUTES, conednn::engine(), HINT)
#endif

namespace conednn {

/// The processor, as oneDNN sees it.
const dnnl::engine &engine();

/// Primitives take their scratch memory from us: the library's own belongs to the thread that made the primitive.
dnnl::primitive_attr attributes();

/// Whether oneDNN's kernels use AVX-512.
bool hasAVX512();

/// What our own inner loops may use; oneDNN's kernels use it, too.
enum class InstructionSet { plain, avx2, avx512 };
InstructionSet instructionSet();

/// A shape that a function refuses.
struct BadShape : std::invalid_argument {
  using std::invalid_argument::invalid_argument;
};

/// Keeps the message for `conednn_last_error` and returns the code.
int fail(int code, const char *function, const char *message) noexcept;

/// Runs `body` and turns what it throws into a code and a message.
template <class Body>
int guarded(const char *function, Body &&body) noexcept {
  try {
    body();
    return CONEDNN_OK;
  } catch (const BadShape &error) {
    return fail(CONEDNN_BAD_SHAPE, function, error.what());
  } catch (const std::bad_alloc &) {
    return fail(CONEDNN_OUT_OF_MEMORY, function, "there is not enough memory.");
  } catch (const dnnl::error &error) {
    const int code = error.status == dnnl_out_of_memory ? CONEDNN_OUT_OF_MEMORY : CONEDNN_FAILED;
    return fail(code, function, error.what());
  } catch (const std::exception &error) {
    return fail(CONEDNN_FAILED, function, error.what());
  }
}

}  // namespace conednn
