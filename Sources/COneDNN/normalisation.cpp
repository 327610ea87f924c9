// Batch normalisation over the rows of `[rows, channels]`.
#include "operation.h"
#include "shapes.h"

#include <cstring>

namespace conednn {

namespace {

using dnnl::memory;
using Tag = memory::format_tag;
using Flags = dnnl::normalization_flags;

/// oneDNN wants an image: the rows are its height.
memory::desc rowsOf(int64_t rows, int32_t channels) {
  return memory::desc({1, channels, rows, 1}, memory::data_type::f32, Tag::nhwc);
}

memory::desc perChannel(int32_t channels) { return memory::desc({channels}, memory::data_type::f32, Tag::a); }

Port given(int argument, const memory::desc &layout) { return {argument, Port::input, layout, layout}; }
Port wanted(int argument, const memory::desc &layout) { return {argument, Port::output, layout, layout}; }

OperationKey key(OperationKind kind, int64_t rows, int32_t channels, float epsilon) {
  int32_t bits = 0;
  std::memcpy(&bits, &epsilon, sizeof bits);
  return OperationKey(kind, {static_cast<int32_t>(rows), static_cast<int32_t>(rows >> 32), channels, bits});
}

dnnl::batch_normalization_forward::primitive_desc describeForward(
    const memory::desc &values, float epsilon, dnnl::prop_kind kind, Flags flags) {
#if DNNL_VERSION_MAJOR >= 3
  return CONEDNN_DESCRIBE(batch_normalization_forward, attributes(), kind, values, values, epsilon, flags);
#else
  return CONEDNN_DESCRIBE(batch_normalization_forward, attributes(), kind, values, epsilon, flags);
#endif
}

std::shared_ptr<Operation> forward(int64_t rows, int32_t channels, float epsilon, bool training) {
  const auto kind = training ? OperationKind::normalisationForward : OperationKind::normalisationInference;
  return OperationCache::shared().operation(key(kind, rows, channels, epsilon), [&] {
    const memory::desc values = rowsOf(rows, channels), row = perChannel(channels);
    const Flags flags = Flags::use_scale | Flags::use_shift;
    const auto description =
        training ? describeForward(values, epsilon, dnnl::prop_kind::forward_training, flags)
                 : describeForward(
                       values, epsilon, dnnl::prop_kind::forward_inference, flags | Flags::use_global_stats);
    const auto statistic = training ? wanted : given;
    return std::make_shared<Operation>(
        dnnl::batch_normalization_forward(description), description.scratchpad_desc(),
        std::vector<Port>{
            given(DNNL_ARG_SRC, values), given(DNNL_ARG_SCALE, row), given(DNNL_ARG_SHIFT, row),
            statistic(DNNL_ARG_MEAN, row), statistic(DNNL_ARG_VARIANCE, row), wanted(DNNL_ARG_DST, values)},
        description.impl_info_str());
  });
}

std::shared_ptr<Operation> backward(int64_t rows, int32_t channels, float epsilon) {
  return OperationCache::shared().operation(key(OperationKind::normalisationBackward, rows, channels, epsilon), [&] {
    const memory::desc values = rowsOf(rows, channels), row = perChannel(channels);
    const Flags flags = Flags::use_scale | Flags::use_shift;
    const auto hint = describeForward(values, epsilon, dnnl::prop_kind::forward_training, flags);
#if DNNL_VERSION_MAJOR >= 3
    const auto description = CONEDNN_DESCRIBE_WITH_HINT(
        batch_normalization_backward, attributes(), hint, dnnl::prop_kind::backward, values, values, values, epsilon, flags);
#else
    const auto description = CONEDNN_DESCRIBE_WITH_HINT(
        batch_normalization_backward, attributes(), hint, dnnl::prop_kind::backward, values, values, epsilon, flags);
#endif
    std::vector<Port> ports = {
        given(DNNL_ARG_SRC, values), given(DNNL_ARG_DIFF_DST, values), given(DNNL_ARG_SCALE, row),
        given(DNNL_ARG_MEAN, row), given(DNNL_ARG_VARIANCE, row), wanted(DNNL_ARG_DIFF_SRC, values),
        wanted(DNNL_ARG_DIFF_SCALE, row), wanted(DNNL_ARG_DIFF_SHIFT, row)};
    // oneDNN 2 asks for the shift, which the derivative does not need; oneDNN 3 refuses it.
#if DNNL_VERSION_MAJOR < 3
    ports.push_back(given(DNNL_ARG_SHIFT, row));
#endif
    return std::make_shared<Operation>(
        dnnl::batch_normalization_backward(description), description.scratchpad_desc(), std::move(ports),
        description.impl_info_str());
  });
}

}  // namespace

}  // namespace conednn

using namespace conednn;

int conednn_normalisation_forward(
    int64_t rows, int32_t channels, float epsilon, const float *input, const float *scale, const float *shift, float *mean,
    float *variance, float *output) {
  return guarded("conednn_normalisation_forward", [&] {
    checkRows(rows, channels);
    forward(rows, channels, epsilon, true)->run({input, scale, shift, mean, variance, output});
  });
}

int conednn_normalisation_inference(
    int64_t rows, int32_t channels, float epsilon, const float *input, const float *scale, const float *shift,
    const float *mean, const float *variance, float *output) {
  return guarded("conednn_normalisation_inference", [&] {
    checkRows(rows, channels);
    forward(rows, channels, epsilon, false)->run({input, scale, shift, mean, variance, output});
  });
}

int conednn_normalisation_backward(
    int64_t rows, int32_t channels, float epsilon, const float *input, const float *output_gradient, const float *scale,
    const float *mean, const float *variance, float *input_gradient, float *scale_gradient, float *shift_gradient) {
  return guarded("conednn_normalisation_backward", [&] {
    checkRows(rows, channels);
    const auto operation = backward(rows, channels, epsilon);
#if DNNL_VERSION_MAJOR >= 3
    operation->run(
        {input, output_gradient, scale, mean, variance, input_gradient, scale_gradient, shift_gradient});
#else
    operation->run(
        {input, output_gradient, scale, mean, variance, input_gradient, scale_gradient, shift_gradient, scale});
#endif
  });
}
