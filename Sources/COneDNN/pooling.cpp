// Max pooling, which remembers the place of each maximum in a workspace.
#include "operation.h"
#include "shapes.h"

namespace conednn {

namespace {

using dnnl::memory;
using Tag = memory::format_tag;

struct PoolingDescriptions {
  memory::desc input, output;
  memory::dims strides, kernel, dilation{0, 0}, paddingBefore, paddingAfter;

  explicit PoolingDescriptions(const conednn_pooling &shape)
      : input({shape.batch, shape.channels, shape.input_height, shape.input_width}, memory::data_type::f32, Tag::nhwc),
        output({shape.batch, shape.channels, shape.output_height, shape.output_width}, memory::data_type::f32, Tag::nhwc),
        strides{shape.stride_height, shape.stride_width},
        kernel{shape.kernel_height, shape.kernel_width},
        paddingBefore{shape.padding_top, shape.padding_left},
        paddingAfter{shape.padding_bottom, shape.padding_right} {}
};

// oneDNN 3 takes a dilation more.
#if DNNL_VERSION_MAJOR >= 3
#define CONEDNN_WINDOW(d) (d).strides, (d).kernel, (d).dilation, (d).paddingBefore, (d).paddingAfter
#else
#define CONEDNN_WINDOW(d) (d).strides, (d).kernel, (d).paddingBefore, (d).paddingAfter
#endif

OperationKey key(OperationKind kind, const conednn_pooling &shape) {
  return OperationKey(
      kind, {shape.batch, shape.channels, shape.input_height, shape.input_width, shape.output_height, shape.output_width,
             shape.kernel_height, shape.kernel_width, shape.stride_height, shape.stride_width, shape.padding_top,
             shape.padding_left, shape.padding_bottom, shape.padding_right});
}

dnnl::pooling_forward::primitive_desc describeForward(const PoolingDescriptions &d, dnnl::prop_kind kind) {
  return CONEDNN_DESCRIBE(
      pooling_forward, attributes(), kind, dnnl::algorithm::pooling_max, d.input, d.output, CONEDNN_WINDOW(d));
}

std::shared_ptr<Operation> forward(const conednn_pooling &shape, bool training) {
  const auto kind = training ? OperationKind::poolingForward : OperationKind::poolingInference;
  return OperationCache::shared().operation(key(kind, shape), [&] {
    const PoolingDescriptions d(shape);
    const auto description =
        describeForward(d, training ? dnnl::prop_kind::forward_training : dnnl::prop_kind::forward_inference);
    std::vector<Port> ports = {
        {DNNL_ARG_SRC, Port::input, d.input, d.input}, {DNNL_ARG_DST, Port::output, d.output, d.output}};
    if (training) {
      const memory::desc workspace = description.workspace_desc();
      ports.push_back({DNNL_ARG_WORKSPACE, Port::output, workspace, workspace});
    }
    return std::make_shared<Operation>(
        dnnl::pooling_forward(description), description.scratchpad_desc(), std::move(ports), description.impl_info_str());
  });
}

std::shared_ptr<Operation> backward(const conednn_pooling &shape) {
  return OperationCache::shared().operation(key(OperationKind::poolingBackward, shape), [&] {
    const PoolingDescriptions d(shape);
    const auto hint = describeForward(d, dnnl::prop_kind::forward_training);
    const auto description = CONEDNN_DESCRIBE_WITH_HINT(
        pooling_backward, attributes(), hint, dnnl::algorithm::pooling_max, d.input, d.output, CONEDNN_WINDOW(d));
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
    *bytes =
        describeForward(PoolingDescriptions(*shape), dnnl::prop_kind::forward_training).workspace_desc().get_size();
  });
}

int conednn_pooling_forward(const conednn_pooling *shape, const float *input, float *output, void *workspace) {
  return guarded("conednn_pooling_forward", [&] {
    check(*shape);
    const auto operation = forward(*shape, workspace != nullptr);
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
    backward(*shape)->run({output_gradient, workspace, input_gradient});
  });
}
