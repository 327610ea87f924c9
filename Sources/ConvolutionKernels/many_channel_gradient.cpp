// The way back of a stage with many channels; see many_channel_stage.cpp.
#include "many_channel_lines.h"
#include "parallel.h"
#include "scratch.h"

namespace conednn {
namespace many_channel_stage {

namespace {

/// What one part of the images needs on the way back.
struct BackwardPart {
  const PooledConvolution &stage;
  const Sizes &sizes;
  const Coefficients &c;
  const float *filters, *zeros;
  float *memory;   // of the worker
  double *totals;  // of the part, as SumFilters has them

  /// Adds an image to `totals`, and makes its gradient unless that is null.
  void image(const float *input, const float *values, const float *outputGradient, float *inputGradient) const {
    float *const inputMemory = memory, *const gradientMemory = memory + ring * sizes.inputLine;
    float *const sums = gradientMemory + ring * sizes.gradientLine, *const line = sums + sizes.filters;
    std::fill(sums, sums + sizes.filters, 0.f);
    InputLines lines(stage, sizes, input, zeros, inputMemory);
    const auto gradientAt = [&](int64_t y) -> float * {
      return y < 0 || y >= stage.height ? nullptr : gradientMemory + y % ring * sizes.gradientLine;
    };
    const conednn_pooling pooling = poolingOf(stage);
    for (int64_t y = 0; y < stage.height + filterSide - 1; ++y) {
      if (y < stage.height) {
        if (y % 2 == 0) {
          const int64_t window = y / 2;
          const bool isCovered = window < stage.windowsDown;
          runOnThisProcessor(
              GradientPoints{
                  values + y * sizes.outputLine, WindowLine(pooling), sizes.pairs, stage.width, c, stage.slope,
                  isCovered ? outputGradient + window * stage.lineLength : nullptr, {gradientAt(y), gradientAt(y + 1)}});
        }
        SumFilters work{{}, gradientAt(y), sizes.pairs, stage.inputs, stage.outputs, sums};
        lines.moveTo(y, work.points);
        runOnThisProcessor(work);
      }
      const int64_t target = y - stage.shape.padding_top;
      if (inputGradient == nullptr || target < 0 || target >= stage.shape.input_height) continue;
      runOnThisProcessor(
          SpreadLine{
              {gradientAt(y), gradientAt(y - 1), gradientAt(y - 2)}, filters, sizes.pairs, stage.inputs, stage.outputs, line});
      store(line, inputGradient + target * stage.shape.input_width * stage.inputs);
    }
    for (int64_t index = 0; index < sizes.filters; ++index) totals[index] += sums[index];
    // Lines that no window of the kernel covers.
    if (inputGradient == nullptr) return;
    for (int64_t y = stage.height + filterSide - 1 - stage.shape.padding_top; y < stage.shape.input_height; ++y)
      std::fill_n(
          inputGradient + y * stage.shape.input_width * stage.inputs, stage.shape.input_width * stage.inputs, 0.f);
  }

  /// From a padded line to one of the input.
  void store(const float *line, float *target) const {
    const int64_t padding = stage.shape.padding_left, width = stage.shape.input_width;
    const int64_t columns = std::min(width, 2 * sizes.pairs + 2 - padding);
    std::copy_n(line + padding * stage.inputs, columns * stage.inputs, target);
    std::fill(target + columns * stage.inputs, target + width * stage.inputs, 0.f);
  }
};

}  // namespace

void backward(
    const PooledConvolution &stage, const float *input, const float *outputGradient, const StageWeights &given,
    const void *kept, const StageGradients &gradients) {
  const Sizes sizes(stage);
  const int64_t parts = stage.parts(), coefficientCount = Coefficients::rows * paddedToLanes(stage.outputs);
  const size_t sharedBytes = Scratch::rounded(sizeof(float) * (sizes.filters + stage.inputs + coefficientCount));
  const size_t totalBytes = Scratch::rounded(sizeof(double) * sizes.filters);
  const size_t workerBytes = Scratch::rounded(
      sizeof(float) * (ring * (sizes.inputLine + sizes.gradientLine) + sizes.filters + (2 * sizes.pairs + 2) * stage.inputs));
  const Scratch scratch(sharedBytes + totalBytes * parts + workerBytes * threads());
  float *const filters = scratch.floats(), *const zeros = filters + sizes.filters;
  std::fill(zeros, zeros + stage.inputs, 0.f);
  transformWeights(stage, given.weights, true, filters);
  const float *const values = static_cast<const float *>(kept);
  const Coefficients c = gradientCoefficients(
      poolingOf(stage), stage.epsilon, stage.slope, values, outputGradient, given.scale, given.shift, given.mean,
      given.variance, zeros + stage.inputs, gradients.scale, gradients.shift);
  const auto totalsOf = [&](int64_t part) { return static_cast<double *>(scratch.at(sharedBytes + totalBytes * part)); };
  forEachTask(parts, [&](int64_t part, int worker) {
    float *const memory = scratch.floats(sharedBytes + totalBytes * parts + workerBytes * worker);
    const BackwardPart work{stage, sizes, c, filters, zeros, memory, totalsOf(part)};
    std::fill(work.totals, work.totals + sizes.filters, 0.0);
    for (int64_t image = stage.batch * part / parts; image < stage.batch * (part + 1) / parts; ++image)
      work.image(
          input + image * stage.imageLength, values + image * stage.height * sizes.outputLine,
          outputGradient + image * stage.resultLength,
          gradients.input == nullptr ? nullptr : gradients.input + image * stage.imageLength);
  });
  double *const totals = totalsOf(0);
  for (int64_t part = 1; part < parts; ++part)
    for (int64_t index = 0; index < sizes.filters; ++index) totals[index] += totalsOf(part)[index];
  const int64_t point = filterSide * stage.inputs * stage.outputs;
  for (int64_t output = 0; output < stage.outputs; ++output)
    for (int64_t input = 0; input < stage.inputs; ++input)
      for (int64_t line = 0; line < filterSide; ++line) {
        const double *const sums = totals + (line * stage.inputs + input) * stage.outputs + output;
        float *const target = gradients.weights + ((output * stage.inputs + input) * filterSide + line) * filterSide;
        const double half = (sums[point] + sums[2 * point]) / 2;
        target[0] = static_cast<float>(sums[0] + half);
        target[1] = static_cast<float>((sums[point] - sums[2 * point]) / 2);
        target[2] = static_cast<float>(half + sums[3 * point]);
      }
}

}  // namespace many_channel_stage
}  // namespace conednn
