// Convolutions by oneDNN's own primitives.
#pragma once

#include "operation.h"

namespace conednn {

/// Takes input, weights, bias (when there is one), output.
std::shared_ptr<Operation> libraryForward(
    const conednn_convolution &shape, bool bias, conednn_activation activation, float alpha);

/// Takes the output's gradient, weights, the input's gradient.
std::shared_ptr<Operation> libraryTransposed(const conednn_convolution &shape);

/// Takes input, the output's gradient, the weights' gradient. It could sum the bias's gradient too, at 2 to 4 times the time.
std::shared_ptr<Operation> libraryWeightsGradient(const conednn_convolution &shape);

/// The order of a kernel's elements in memory: PyTorch's `[O, I, kh, kw]`, or `[O, kh, kw, I]`, in which all that a window covers in
/// one row of an image lies together.
enum class WeightOrder { plain, channelsLast };

/// Takes weights in one order and weights in the other.
std::shared_ptr<Operation> weightReorder(const conednn_convolution &shape, WeightOrder from, WeightOrder to);

/// The weights' gradient by oneDNN's kernel, from shares of the images that depend on the shape alone, each on one thread: the kernel
/// itself adds up in an order that depends on how many threads it has.
void sharedWeightsGradient(
    const conednn_convolution &shape, const float *input, const float *outputGradient, float *weightsGradient);

/// The transposed convolution by oneDNN's kernel, from the same shares, for the same reason: with AVX2 its sums over channels depend
/// on how many threads it has.
void sharedTransposed(
    const conednn_convolution &shape, const float *outputLike, const float *weights, float *inputLike);

}  // namespace conednn
