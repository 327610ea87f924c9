#include "library_convolution.h"

#include <exception>

#include "elementwise.h"
#include "parallel.h"
#include "scratch.h"
#include "shapes.h"

namespace conednn {

namespace {

using dnnl::memory;
using Tag = memory::format_tag;

constexpr auto direct = dnnl::algorithm::convolution_direct;

struct Descriptions {
  memory::desc input, weights, anyWeights, output;
  memory::dims strides, paddingBefore, paddingAfter;

  explicit Descriptions(const conednn_convolution &shape)
      : input(dense({shape.batch, shape.input_channels, shape.input_height, shape.input_width}, Tag::nhwc)),
        weights(weightsIn(Tag::oihw, shape)),
        anyWeights(weightsIn(Tag::any, shape)),
        output(dense({shape.batch, shape.output_channels, shape.output_height, shape.output_width}, Tag::nhwc)),
        strides{shape.stride_height, shape.stride_width},
        paddingBefore{shape.padding_top, shape.padding_left},
        paddingAfter{shape.padding_bottom, shape.padding_right} {}

  static memory::desc dense(const memory::dims &dimensions, Tag tag) {
    return memory::desc(dimensions, memory::data_type::f32, tag);
  }
  static memory::desc weightsIn(Tag tag, const conednn_convolution &shape) {
    return dense({shape.output_channels, shape.input_channels, shape.kernel_height, shape.kernel_width}, tag);
  }
  static memory::desc bias(bool wanted, int32_t channels) {
    return wanted ? dense({channels}, Tag::a) : memory::desc();
  }
};

enum Variant : int32_t { withoutBias, withBias };

OperationKey key(
    OperationKind kind, const conednn_convolution &shape, int32_t variant, conednn_activation activation = CONEDNN_IDENTITY,
    float alpha = 0) {
  const int32_t slope = activation == CONEDNN_LEAKY_RELU ? bitsOf(alpha) : 0;
  return OperationKey(
      kind,
      {shape.batch, shape.input_height, shape.input_width, shape.input_channels, shape.output_height, shape.output_width,
       shape.output_channels, shape.kernel_height, shape.kernel_width, shape.stride_height, shape.stride_width,
       shape.padding_top, shape.padding_left, shape.padding_bottom, shape.padding_right, variant, activation, slope});
}

dnnl::convolution_forward::primitive_desc describeForward(
    const Descriptions &d, const memory::desc &bias, const dnnl::primitive_attr &attributes) {
  return CONEDNN_DESCRIBE(
      convolution_forward, attributes, dnnl::prop_kind::forward_training, direct, d.input, d.anyWeights, bias, d.output,
      d.strides, d.paddingBefore, d.paddingAfter);
}

int64_t inputLength(const conednn_convolution &shape) {
  return ConvolutionSizes(shape).inputPixels * shape.input_channels;
}

int64_t outputLength(const conednn_convolution &shape) {
  return ConvolutionSizes(shape).outputPixels * shape.output_channels;
}

/// Into how many parts a batch is divided: by the shape alone.
int64_t shareCount(const conednn_convolution &shape) {
  const ConvolutionSizes sizes(shape);
  constexpr int64_t leastProducts = 1 << 21, mostShares = 16;
  return std::clamp<int64_t>(
      sizes.pixels * sizes.columns * shape.output_channels / leastProducts, 1,
      std::min<int64_t>(mostShares, shape.batch));
}

/// Calls `body(share, first, part)` for each part of the batch, `first` its first image and `part` its shape, on one thread
/// each: what oneDNN plans for several threads may add up in another order. Throws what `body` throws.
template <class Body>
void forEachShare(const conednn_convolution &shape, Body &&body) {
  const int64_t shares = shareCount(shape);
  std::mutex mutex;
  std::exception_ptr failure;
  forEachTask(shares, [&](int64_t share, int) {
    const OneThread oneThread;
    const int64_t first = shape.batch * share / shares;
    conednn_convolution part = shape;
    part.batch = static_cast<int32_t>(shape.batch * (share + 1) / shares - first);
    try {
      body(share, first, part);
    } catch (...) {
      std::lock_guard<std::mutex> lock(mutex);
      failure = std::current_exception();
    }
  });
  if (failure) std::rethrow_exception(failure);
}

}  // namespace

std::shared_ptr<Operation> libraryForward(
    const conednn_convolution &shape, bool bias, conednn_activation activation, float alpha) {
  return OperationCache::shared().operation(key(OperationKind::forward, shape, bias, activation, alpha), [&] {
    const Descriptions d(shape);
    const memory::desc biases = Descriptions::bias(bias, shape.output_channels);
    dnnl::primitive_attr fused = attributes();
    fused.set_post_ops(activationPostOps(activation, alpha));
    const auto description = describeForward(d, biases, fused);
    std::vector<Port> ports = {
        {DNNL_ARG_SRC, Port::input, d.input, description.src_desc()},
        {DNNL_ARG_WEIGHTS, Port::input, d.weights, description.weights_desc()},
        {DNNL_ARG_DST, Port::output, d.output, description.dst_desc()}};
    if (bias) ports.push_back({DNNL_ARG_BIAS, Port::input, biases, biases});
    return std::make_shared<Operation>(
        dnnl::convolution_forward(description), description.scratchpad_desc(), std::move(ports),
        description.impl_info_str());
  });
}

std::shared_ptr<Operation> libraryTransposed(const conednn_convolution &shape) {
  return OperationCache::shared().operation(key(OperationKind::transposed, shape, withoutBias), [&] {
    const Descriptions d(shape);
    const auto hint = describeForward(d, memory::desc(), attributes());
    const auto description = CONEDNN_DESCRIBE_WITH_HINT(
        convolution_backward_data, attributes(), hint, direct, d.input, d.anyWeights, d.output, d.strides, d.paddingBefore,
        d.paddingAfter);
    return std::make_shared<Operation>(
        dnnl::convolution_backward_data(description), description.scratchpad_desc(),
        std::vector<Port>{
            {DNNL_ARG_DIFF_DST, Port::input, d.output, description.diff_dst_desc()},
            {DNNL_ARG_WEIGHTS, Port::input, d.weights, description.weights_desc()},
            {DNNL_ARG_DIFF_SRC, Port::output, d.input, description.diff_src_desc()}},
        description.impl_info_str());
  });
}

std::shared_ptr<Operation> libraryWeightsGradient(const conednn_convolution &shape) {
  return OperationCache::shared().operation(key(OperationKind::weightsGradient, shape, withoutBias), [&] {
    const Descriptions d(shape);
    const auto hint = describeForward(d, memory::desc(), attributes());
    const auto description = CONEDNN_DESCRIBE_WITH_HINT(
        convolution_backward_weights, attributes(), hint, direct, d.input, d.anyWeights, d.output, d.strides, d.paddingBefore,
        d.paddingAfter);
    return std::make_shared<Operation>(
        dnnl::convolution_backward_weights(description), description.scratchpad_desc(),
        std::vector<Port>{
        {DNNL_ARG_SRC, Port::input, d.input, description.src_desc()},
        {DNNL_ARG_DIFF_DST, Port::input, d.output, description.diff_dst_desc()},
        {DNNL_ARG_DIFF_WEIGHTS, Port::output, d.weights, description.diff_weights_desc()}},
        description.impl_info_str());
  });
}

std::shared_ptr<Operation> weightReorder(const conednn_convolution &shape, WeightOrder from, WeightOrder to) {
  const auto tag = [](WeightOrder order) { return order == WeightOrder::plain ? Tag::oihw : Tag::ohwi; };
  return OperationCache::shared().operation(
      OperationKey(
          OperationKind::weightReorder, {shape.output_channels, shape.input_channels, shape.kernel_height,
                                         shape.kernel_width, from == WeightOrder::plain}),
      [&] {
        const memory::desc source = Descriptions::weightsIn(tag(from), shape);
        const memory::desc destination = Descriptions::weightsIn(tag(to), shape);
        const dnnl::reorder::primitive_desc description(engine(), source, engine(), destination, attributes());
        return std::make_shared<Operation>(
            dnnl::reorder(description), description.scratchpad_desc(),
            std::vector<Port>{
                {DNNL_ARG_FROM, Port::input, source, source}, {DNNL_ARG_TO, Port::output, destination, destination}},
            description.impl_info_str());
      });
}

void sharedWeightsGradient(
    const conednn_convolution &shape, const float *input, const float *outputGradient, float *weightsGradient) {
  const ConvolutionSizes sizes(shape);
  const int64_t count = sizes.columns * shape.output_channels;
  const Scratch scratch(sizeof(float) * count * (shareCount(shape) - 1));
  forEachShare(shape, [&](int64_t share, int64_t first, const conednn_convolution &part) {
    float *const partial = share == 0 ? weightsGradient : scratch.floats() + (share - 1) * count;
    libraryWeightsGradient(part)->run(
        {input + first * inputLength(shape), outputGradient + first * outputLength(shape), partial});
  });
  for (int64_t share = 1; share < shareCount(shape); ++share)
    add(count, scratch.floats() + (share - 1) * count, weightsGradient);
}

void sharedTransposed(
    const conednn_convolution &shape, const float *outputLike, const float *weights, float *inputLike) {
  forEachShare(shape, [&](int64_t, int64_t first, const conednn_convolution &part) {
    libraryTransposed(part)->run(
        {outputLike + first * outputLength(shape), weights, inputLike + first * inputLength(shape)});
  });
}

}  // namespace conednn
