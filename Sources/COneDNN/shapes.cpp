#include "shapes.h"

#include <initializer_list>

namespace conednn {

namespace {

struct Size {
  const char *name;
  int64_t value;
};

void checkAtLeast(int64_t least, std::initializer_list<Size> sizes) {
  for (const Size &size : sizes)
    if (size.value < least)
      throw BadShape(
          std::string(size.name) + " is " + std::to_string(size.value) + " but must be at least " + std::to_string(least) +
          ".");
}

/// Refuses a tensor whose bytes could not be counted safely.
void checkElements(const char *name, std::initializer_list<int64_t> dimensions) {
  constexpr int64_t limit = int64_t(1) << 40;
  int64_t elements = 1;
  for (int64_t dimension : dimensions)
    if (__builtin_mul_overflow(elements, dimension, &elements) || elements > limit)
      throw BadShape(std::string("the ") + name + " has more than 2^40 elements.");
}

struct Axis {
  const char *name;
  int64_t input, kernel, stride, before, after, output;
};

void checkWindows(const Axis &axis) {
  const int64_t room = axis.input + axis.before + axis.after - axis.kernel;
  if (axis.input + axis.before + axis.after > INT32_MAX)
    throw BadShape(std::string("input_") + axis.name + " with its padding does not fit 31 bits.");
  if (room < 0)
    throw BadShape(
        std::string("kernel_") + axis.name + " is " + std::to_string(axis.kernel) + " but the padded input is only " +
        std::to_string(room + axis.kernel) + ".");
  const int64_t expected = room / axis.stride + 1;
  if (axis.output != expected)
    throw BadShape(
        std::string("output_") + axis.name + " is " + std::to_string(axis.output) + " but an input of " +
        std::to_string(axis.input) + " with paddings " + std::to_string(axis.before) + " and " +
        std::to_string(axis.after) + ", kernel " + std::to_string(axis.kernel) + " and stride " +
        std::to_string(axis.stride) + " gives " + std::to_string(expected) + ".");
}

/// What convolution and pooling have in common.
template <class Shape>
void checkPlane(const Shape &shape) {
  checkAtLeast(
      1, {{"batch", shape.batch},
          {"input_height", shape.input_height},
          {"input_width", shape.input_width},
          {"output_height", shape.output_height},
          {"output_width", shape.output_width},
          {"kernel_height", shape.kernel_height},
          {"kernel_width", shape.kernel_width},
          {"stride_height", shape.stride_height},
          {"stride_width", shape.stride_width}});
  checkAtLeast(
      0, {{"padding_top", shape.padding_top},
          {"padding_left", shape.padding_left},
          {"padding_bottom", shape.padding_bottom},
          {"padding_right", shape.padding_right}});
  checkWindows(
      {"height", shape.input_height, shape.kernel_height, shape.stride_height, shape.padding_top, shape.padding_bottom,
       shape.output_height});
  checkWindows(
      {"width", shape.input_width, shape.kernel_width, shape.stride_width, shape.padding_left, shape.padding_right,
       shape.output_width});
}

void checkPaddingBelowKernel(const char *name, int64_t padding, int64_t kernel) {
  if (padding >= kernel)
    throw BadShape(
        std::string(name) + " is " + std::to_string(padding) + " but must be smaller than the kernel, " +
        std::to_string(kernel) + ", so that every window holds an element.");
}

}  // namespace

void check(const conednn_convolution &shape) {
  checkAtLeast(1, {{"input_channels", shape.input_channels}, {"output_channels", shape.output_channels}});
  checkPlane(shape);
  checkElements("input", {shape.batch, shape.input_height, shape.input_width, shape.input_channels});
  checkElements("output", {shape.batch, shape.output_height, shape.output_width, shape.output_channels});
  checkElements("weights tensor", {shape.output_channels, shape.input_channels, shape.kernel_height, shape.kernel_width});
}

void check(const conednn_pooling &shape) {
  checkAtLeast(1, {{"channels", shape.channels}});
  checkPlane(shape);
  checkPaddingBelowKernel("padding_top", shape.padding_top, shape.kernel_height);
  checkPaddingBelowKernel("padding_bottom", shape.padding_bottom, shape.kernel_height);
  checkPaddingBelowKernel("padding_left", shape.padding_left, shape.kernel_width);
  checkPaddingBelowKernel("padding_right", shape.padding_right, shape.kernel_width);
  checkElements("input", {shape.batch, shape.input_height, shape.input_width, shape.channels});
  checkElements("output", {shape.batch, shape.output_height, shape.output_width, shape.channels});
}

void checkRows(int64_t rows, int32_t channels) {
  checkAtLeast(1, {{"rows", rows}, {"channels", channels}});
  checkElements("input", {rows, channels});
}

void check(conednn_activation activation) {
  const int value = static_cast<int>(activation);
  if (value < CONEDNN_IDENTITY || value > CONEDNN_TANH)
    throw BadShape("activation is " + std::to_string(value) + " but must be one of conednn_activation.");
}

}  // namespace conednn
