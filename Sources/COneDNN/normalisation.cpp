// Batch normalisation. The statistics are our own: oneDNN adds up a channel in one single-precision number, which is 1 % off in the
// variance over 7 million rows.
#include "elementwise.h"
#include "operation.h"
#include "shapes.h"

namespace conednn {

namespace {

using dnnl::memory;
using Flags = dnnl::normalization_flags;

// All rows as one line of one image, which oneDNN's kernels share among threads best.
memory::desc rowsLayout(int64_t rows, int32_t channels) {
  return memory::desc({1, channels, 1, rows}, memory::data_type::f32, memory::format_tag::nhwc);
}

memory::desc channelsLayout(int32_t channels) {
  return memory::desc({channels}, memory::data_type::f32, memory::format_tag::a);
}

OperationKey key(OperationKind kind, int64_t rows, int32_t channels, float epsilon) {
  return OperationKey(
      kind, {static_cast<int32_t>(rows >> 31), static_cast<int32_t>(rows & INT32_MAX), channels, bitsOf(epsilon)});
}

dnnl::batch_normalization_forward::primitive_desc describeForward(
    dnnl::prop_kind kind, int64_t rows, int32_t channels, float epsilon, Flags flags) {
  const memory::desc layout = rowsLayout(rows, channels);
#if DNNL_VERSION_MAJOR >= 3
  return CONEDNN_DESCRIBE(batch_normalization_forward, attributes(), kind, layout, layout, epsilon, flags);
#else
  return CONEDNN_DESCRIBE(batch_normalization_forward, attributes(), kind, layout, epsilon, flags);
#endif
}

/// Takes input, mean, variance, scale, shift, output.
std::shared_ptr<Operation> normalise(int64_t rows, int32_t channels, float epsilon) {
  return OperationCache::shared().operation(key(OperationKind::normalisation, rows, channels, epsilon), [&] {
    const auto description = describeForward(
        dnnl::prop_kind::forward_inference, rows, channels, epsilon,
        Flags::use_global_stats | Flags::use_scale | Flags::use_shift);
    const memory::desc layout = rowsLayout(rows, channels), each = channelsLayout(channels);
    return std::make_shared<Operation>(
        dnnl::batch_normalization_forward(description), description.scratchpad_desc(),
        std::vector<Port>{
            {DNNL_ARG_SRC, Port::input, layout, layout},
            {DNNL_ARG_MEAN, Port::input, each, each},
            {DNNL_ARG_VARIANCE, Port::input, each, each},
            {DNNL_ARG_SCALE, Port::input, each, each},
            {DNNL_ARG_SHIFT, Port::input, each, each},
            {DNNL_ARG_DST, Port::output, layout, layout}},
        description.impl_info_str());
  });
}

/// Takes input, the output's gradient, mean, variance, scale, and the gradients of input, scale and shift.
std::shared_ptr<Operation> normaliseBackward(int64_t rows, int32_t channels, float epsilon) {
  return OperationCache::shared().operation(key(OperationKind::normalisationBackward, rows, channels, epsilon), [&] {
    const Flags flags = Flags::use_scale | Flags::use_shift;
    const auto hint = describeForward(dnnl::prop_kind::forward_training, rows, channels, epsilon, flags);
    const memory::desc layout = rowsLayout(rows, channels), each = channelsLayout(channels);
#if DNNL_VERSION_MAJOR >= 3
    const auto description = CONEDNN_DESCRIBE_WITH_HINT(
        batch_normalization_backward, attributes(), hint, dnnl::prop_kind::backward, layout, layout, layout, epsilon,
        flags);
#else
    const auto description = CONEDNN_DESCRIBE_WITH_HINT(
        batch_normalization_backward, attributes(), hint, dnnl::prop_kind::backward, layout, layout, epsilon, flags);
#endif
    std::vector<Port> ports = {
        {DNNL_ARG_SRC, Port::input, layout, layout},
        {DNNL_ARG_DIFF_DST, Port::input, layout, layout},
        {DNNL_ARG_MEAN, Port::input, each, each},
        {DNNL_ARG_VARIANCE, Port::input, each, each},
        {DNNL_ARG_SCALE, Port::input, each, each},
        {DNNL_ARG_DIFF_SRC, Port::output, layout, layout},
        {DNNL_ARG_DIFF_SCALE, Port::output, each, each},
        {DNNL_ARG_DIFF_SHIFT, Port::output, each, each}};
#if DNNL_VERSION_MAJOR < 3
    ports.push_back({DNNL_ARG_SHIFT, Port::input, each, each});  // asked for, never read
#endif
    return std::make_shared<Operation>(
        dnnl::batch_normalization_backward(description), description.scratchpad_desc(), std::move(ports),
        description.impl_info_str());
  });
}

void checkNormalisation(int64_t rows, int32_t channels, float epsilon) {
  checkRows(rows, channels);
  if (!(epsilon >= 0)) throw BadShape("epsilon must be 0 or more.");
}

}  // namespace

}  // namespace conednn

using namespace conednn;

int conednn_normalisation_forward(
    int64_t rows, int32_t channels, float epsilon, const float *input, const float *scale, const float *shift, float *mean,
    float *variance, float *output) {
  return guarded("conednn_normalisation_forward", [&] {
    checkNormalisation(rows, channels, epsilon);
    momentsOverRows(rows, channels, input, mean, variance);
    normalise(rows, channels, epsilon)->run({input, mean, variance, scale, shift, output});
  });
}

int conednn_normalisation_inference(
    int64_t rows, int32_t channels, float epsilon, const float *input, const float *scale, const float *shift,
    const float *mean, const float *variance, float *output) {
  return guarded("conednn_normalisation_inference", [&] {
    checkNormalisation(rows, channels, epsilon);
    normalise(rows, channels, epsilon)->run({input, mean, variance, scale, shift, output});
  });
}

int conednn_normalisation_backward(
    int64_t rows, int32_t channels, float epsilon, const float *input, const float *output_gradient, const float *scale,
    const float *mean, const float *variance, float *input_gradient, float *scale_gradient, float *shift_gradient) {
  return guarded("conednn_normalisation_backward", [&] {
    checkNormalisation(rows, channels, epsilon);
    const auto operation = normaliseBackward(rows, channels, epsilon);
#if DNNL_VERSION_MAJOR < 3
    operation->run(
        {input, output_gradient, mean, variance, scale, input_gradient, scale_gradient, shift_gradient, scale});
#else
    operation->run({input, output_gradient, mean, variance, scale, input_gradient, scale_gradient, shift_gradient});
#endif
  });
}
