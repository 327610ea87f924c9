#include "elementwise.h"

#include <cstring>
#include <limits>

#include "parallel.h"
#include "scratch.h"
#include "shapes.h"

namespace conednn {

namespace {

dnnl::algorithm algorithm(conednn_activation activation) {
  switch (activation) {
    case CONEDNN_SIGMOID: return dnnl::algorithm::eltwise_logistic;
    case CONEDNN_TANH: return dnnl::algorithm::eltwise_tanh;
    default: return dnnl::algorithm::eltwise_relu;
  }
}

/// One row of the elementwise work; `slope` is what negative values are multiplied with.
void finishRow(int64_t count, const float *bias, float slope, float *values) {
  for (int64_t index = 0; index < count; ++index) {
    const float value = values[index] + bias[index];
    values[index] = value > 0 ? value : slope * value;
  }
}

void addRow(int64_t count, const float *bias, float *values) {
  for (int64_t index = 0; index < count; ++index) values[index] += bias[index];
}

/// Applies a sigmoid or a tanh with oneDNN's kernel.
void activateByLibrary(int64_t count, conednn_activation activation, float *values) {
  using dnnl::memory;
  const int32_t high = static_cast<int32_t>(count >> 31), low = static_cast<int32_t>(count & INT32_MAX);
  const auto operation =
      OperationCache::shared().operation(OperationKey(OperationKind::activation, {high, low, activation}), [&] {
        const memory::desc layout({count}, memory::data_type::f32, memory::format_tag::a);
#if DNNL_VERSION_MAJOR >= 3
        const auto description = CONEDNN_DESCRIBE(
            eltwise_forward, attributes(), dnnl::prop_kind::forward_inference, algorithm(activation), layout, layout, 0.f,
            0.f);
#else
        const auto description = CONEDNN_DESCRIBE(
            eltwise_forward, attributes(), dnnl::prop_kind::forward_inference, algorithm(activation), layout, 0.f, 0.f);
#endif
        return std::make_shared<Operation>(
            dnnl::eltwise_forward(description), description.scratchpad_desc(),
            std::vector<Port>{
                {DNNL_ARG_SRC, Port::input, layout, layout}, {DNNL_ARG_DST, Port::output, layout, layout}},
            description.impl_info_str());
      });
  operation->run({values, values});
}

}  // namespace

bool needsExponential(conednn_activation activation) {
  return activation == CONEDNN_SIGMOID || activation == CONEDNN_TANH;
}

void add(int64_t count, const float *addends, float *sums) {
  for (int64_t index = 0; index < count; ++index) sums[index] += addends[index];
}

void addOnAllThreads(int64_t count, const float *addends, float *sums) {
  forEachPart(count, 65536, [&](int64_t begin, int64_t end) { add(end - begin, addends + begin, sums + begin); });
}

dnnl::post_ops activationPostOps(conednn_activation activation, float alpha) {
  dnnl::post_ops result;
  if (activation == CONEDNN_IDENTITY) return result;
  const float slope = activation == CONEDNN_LEAKY_RELU ? alpha : 0.f;
#if DNNL_VERSION_MAJOR >= 3
  result.append_eltwise(algorithm(activation), slope, 0.f);
#else
  result.append_eltwise(1.f, algorithm(activation), slope, 0.f);
#endif
  return result;
}

void addBiasAndRectify(
    int64_t rows, int32_t channels, const float *bias, conednn_activation activation, float alpha, float *values) {
  const bool rectify = activation == CONEDNN_RELU || activation == CONEDNN_LEAKY_RELU;
  const float slope = activation == CONEDNN_LEAKY_RELU ? alpha : 0.f;
  if (bias == nullptr && !rectify) return;
  // Few channels are taken many rows at a time, from a bias that is repeated.
  constexpr int32_t repeatedLength = 512;
  float repeated[repeatedLength];
  int64_t step = 1;
  if (bias == nullptr || channels <= repeatedLength / 2) {
    step = std::max(1, repeatedLength / channels);
    if (bias == nullptr && channels > repeatedLength) {
      // No bias: the rows are one long row.
      rows = rows * channels;
      channels = 1;
      step = repeatedLength;
    }
    for (int64_t index = 0; index < step * channels; ++index)
      repeated[index] = bias == nullptr ? 0.f : bias[index % channels];
    bias = repeated;
  }
  for (int64_t row = 0; row < rows; row += step) {
    const int64_t count = std::min(step, rows - row) * channels;
    if (rectify)
      finishRow(count, bias, slope, values + row * channels);
    else
      addRow(count, bias, values + row * channels);
  }
}

void addBiasAndActivate(
    int64_t rows, int32_t channels, const float *bias, conednn_activation activation, float alpha, float *values) {
  const bool exponential = needsExponential(activation);
  if (bias != nullptr || !exponential)
    forEachPart(rows, 16384 / channels, [&](int64_t begin, int64_t end) {
      addBiasAndRectify(
          end - begin, channels, bias, exponential ? CONEDNN_IDENTITY : activation, alpha, values + begin * channels);
    });
  if (exponential) activateByLibrary(rows * channels, activation, values);
}

}  // namespace conednn
