// Max and average pooling.
#include "operation.h"
#include "shapes.h"

namespace conednn {

namespace {

using dnnl::memory;

struct Descriptions {
  memory::desc input, output;
  memory::dims strides, kernel, paddingBefore, paddingAfter;

  explicit Descriptions(const conednn_pooling &shape)
      : input(dense({shape.batch, shape.channels, shape.input_height, shape.input_width})),
        output(dense({shape.batch, shape.channels, shape.output_height, shape.output_width})),
        strides{shape.stride_height, shape.stride_width},
        kernel{shape.kernel_height, shape.kernel_width},
        paddingBefore{shape.padding_top, shape.padding_left},
        paddingAfter{shape.padding_bottom, shape.padding_right} {}

  static memory::desc dense(const memory::dims &dimensions) {
    return memory::desc(dimensions, memory::data_type::f32, memory::format_tag::nhwc);
  }
};

OperationKey key(OperationKind kind, const conednn_pooling &shape, int32_t variant = 0) {
  return OperationKey(
      kind, {shape.batch, shape.channels, shape.input_height, shape.input_width, shape.output_height, shape.output_width,
             shape.kernel_height, shape.kernel_width, shape.stride_height, shape.stride_width, shape.padding_top,
             shape.padding_left, shape.padding_bottom, shape.padding_right, variant});
}

dnnl::pooling_forward::primitive_desc describeForward(
    const Descriptions &d, bool training, dnnl::algorithm algorithm = dnnl::algorithm::pooling_max) {
  const auto kind = training ? dnnl::prop_kind::forward_training : dnnl::prop_kind::forward_inference;
#if DNNL_VERSION_MAJOR >= 3
  return CONEDNN_DESCRIBE(
      pooling_forward, attributes(), kind, algorithm, d.input, d.output, d.strides, d.kernel, memory::dims({0, 0}),
      d.paddingBefore, d.paddingAfter);
#else
  return CONEDNN_DESCRIBE(
      pooling_forward, attributes(), kind, algorithm, d.input, d.output, d.strides, d.kernel, d.paddingBefore,
      d.paddingAfter);
#endif
}

/// Takes input, output, workspace (when training).
std::shared_ptr<Operation> poolForward(const conednn_pooling &shape, bool training) {
  return OperationCache::shared().operation(key(OperationKind::poolingForward, shape, training), [&] {
    const Descriptions d(shape);
    const auto description = describeForward(d, training);
    std::vector<Port> ports = {
        {DNNL_ARG_SRC, Port::input, d.input, d.input}, {DNNL_ARG_DST, Port::output, d.output, d.output}};
    const memory::desc workspace = description.workspace_desc();
    if (training) ports.push_back({DNNL_ARG_WORKSPACE, Port::output, workspace, workspace});
    return std::make_shared<Operation>(
        dnnl::pooling_forward(description), description.scratchpad_desc(), std::move(ports), description.impl_info_str());
  });
}

/// Takes input, output. A variant beside those of the maximum without and with a workspace.
std::shared_ptr<Operation> averageForward(const conednn_pooling &shape) {
  return OperationCache::shared().operation(key(OperationKind::poolingForward, shape, 2), [&] {
    const Descriptions d(shape);
    const auto description = describeForward(d, false, dnnl::algorithm::pooling_avg_include_padding);
    return std::make_shared<Operation>(
        dnnl::pooling_forward(description), description.scratchpad_desc(),
        std::vector<Port>{{DNNL_ARG_SRC, Port::input, d.input, d.input}, {DNNL_ARG_DST, Port::output, d.output, d.output}},
        description.impl_info_str());
  });
}

/// Takes the output's gradient, workspace, the input's gradient.
std::shared_ptr<Operation> poolBackward(const conednn_pooling &shape) {
  return OperationCache::shared().operation(key(OperationKind::poolingBackward, shape), [&] {
    const Descriptions d(shape);
    const auto hint = describeForward(d, true);
#if DNNL_VERSION_MAJOR >= 3
    const auto description = CONEDNN_DESCRIBE_WITH_HINT(
        pooling_backward, attributes(), hint, dnnl::algorithm::pooling_max, d.input, d.output, d.strides, d.kernel,
        memory::dims({0, 0}), d.paddingBefore, d.paddingAfter);
#else
    const auto description = CONEDNN_DESCRIBE_WITH_HINT(
        pooling_backward, attributes(), hint, dnnl::algorithm::pooling_max, d.input, d.output, d.strides, d.kernel,
        d.paddingBefore, d.paddingAfter);
#endif
    const memory::desc workspace = hint.workspace_desc();
    return std::make_shared<Operation>(
        dnnl::pooling_backward(description), description.scratchpad_desc(),
        std::vector<Port>{
            {DNNL_ARG_DIFF_DST, Port::input, d.output, d.output},
            {DNNL_ARG_WORKSPACE, Port::input, workspace, workspace},
            {DNNL_ARG_DIFF_SRC, Port::output, d.input, d.input}},
        description.impl_info_str());
  });
}

}  // namespace

}  // namespace conednn

using namespace conednn;

int conednn_pooling_workspace_size(const conednn_pooling *shape, size_t *bytes) {
  return guarded("conednn_pooling_workspace_size", [&] {
    check(*shape);
    *bytes = poolForward(*shape, true)->portBytes(2);
  });
}

int conednn_pooling_forward(const conednn_pooling *shape, const float *input, float *output, void *workspace) {
  return guarded("conednn_pooling_forward", [&] {
    check(*shape);
    const auto operation = poolForward(*shape, workspace != nullptr);
    if (workspace != nullptr)
      operation->run({input, output, workspace});
    else
      operation->run({input, output});
  });
}

int conednn_pooling_backward(
    const conednn_pooling *shape, const float *output_gradient, const void *workspace, float *input_gradient) {
  return guarded("conednn_pooling_backward", [&] {
    check(*shape);
    poolBackward(*shape)->run({output_gradient, workspace, input_gradient});
  });
}

int conednn_average_pooling_forward(const conednn_pooling *shape, const float *input, float *output) {
  return guarded("conednn_average_pooling_forward", [&] {
    check(*shape);
    averageForward(*shape)->run({input, output});
  });
}
