// Transposed convolutions as forward convolutions.
//
// Element q of the padded result gets a share from output pixel y under place k of the kernel when q = y * stride + k. So the
// elements with one remainder q % stride (a phase) see only the places of the kernel with that remainder, and are a convolution of
// stride 1 with these places in reverse order. oneDNN's forward convolutions are faster than its transposed ones, and add the bias
// and apply the activation as they write.
#pragma once

#include "COneDNN.h"

namespace conednn {

/// Whether each phase is a convolution that oneDNN takes: it has a place in the kernel, and no padding below 0.
bool hasPhases(const conednn_convolution &shape);

/// inputLike = activation(adjoint(outputLike, weights) + bias), for shapes with phases.
void phasedTransposed(
    const conednn_convolution &shape, const float *outputLike, const float *weights, const float *bias,
    conednn_activation activation, float alpha, float *inputLike);

}  // namespace conednn
