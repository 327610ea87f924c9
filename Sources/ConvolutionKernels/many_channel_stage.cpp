// A stage whose input has many channels: convolution by minimal filtering along lines (line_filtering.h), batch normalisation, pooling
// and a leaky ReLU.
//
// Forwards, the convolution's output is kept, with its moments taken while a line of it is in the cache; a second pass normalises and
// pools. Backwards (many_channel_gradient.cpp), a first pass makes the sums that the gradients by scale and shift are
// (pooled_normalisation.cpp). A second one goes down each image, makes the points of two lines of the gradient by the convolution's
// output at a time, and from them the gradients by the weights and by a line of the input. So that gradient, as large as the output,
// is never in memory.
//
// Images are cut into parts, and sums of parts are added up in order, by the shape alone.
#include "many_channel_lines.h"
#include "parallel.h"
#include "scratch.h"

namespace conednn {
namespace many_channel_stage {

namespace {

float pointOf(const float *w, int point) {
  switch (point) {
    case 0: return w[0];
    case 1: return (w[0] + w[1] + w[2]) / 2;
    case 2: return (w[0] - w[1] + w[2]) / 2;
    default: return w[2];
  }
}

/// What the lines of the convolution's output are made from.
struct Convolution {
  const PooledConvolution &stage;
  const Sizes &sizes;
  const float *filters, *bias;

  void line(InputLines &input, int64_t y, float *output) const {
    FilterLine work{{}, filters, bias, sizes.pairs, stage.width, stage.inputs, stage.outputs, output};
    input.moveTo(y, work.points);
    runOnThisProcessor(work);
  }
};

/// The mean of each channel of a line, and the squares about it, `[outputs]` each.
struct LineMoments {
  const float *values;
  int64_t width, channels;
  float *means, *squares;

  template <class Registers>
  CONEDNN_INLINE void run() const {
    for (int64_t channel = 0; channel < channels; channel += lanes) {
      Lanes sums[2] = {}, squaresOf[2] = {};
      int64_t x = 0;
      const float *const line = values + channel;
      Lanes value;
      for (; x + 2 <= width; x += 2)
        for (int odd = 0; odd < 2; ++odd) {
          load(value, line + (x + odd) * channels);
          sums[odd] += value;
        }
      if (x < width) {
        load(value, line + x * channels);
        sums[0] += value;
      }
      const Lanes mean = (sums[0] + sums[1]) / float(width);
      for (x = 0; x + 2 <= width; x += 2)
        for (int odd = 0; odd < 2; ++odd) {
          load(value, line + (x + odd) * channels);
          const Lanes difference = value - mean;
          squaresOf[odd] += difference * difference;
        }
      if (x < width) {
        load(value, line + x * channels);
        const Lanes difference = value - mean;
        squaresOf[0] += difference * difference;
      }
      store(means + channel, mean);
      store(squares + channel, squaresOf[0] + squaresOf[1]);
    }
  }
};

/// The moments of lines of equal lengths, put together in double precision.
/// Source: Chan, Golub, LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances", 1979, Eq. 2.1.
struct Moments {
  double *means, *squares;
  int64_t channels;
  double seen = 0;

  template <class Number>
  void add(const Number *otherMeans, const Number *otherSquares, double count) {
    const double share = count / (seen + count), cross = seen * share;
    for (int64_t channel = 0; channel < channels; ++channel) {
      const double difference = otherMeans[channel] - means[channel];
      means[channel] += difference * share;
      squares[channel] += otherSquares[channel] + difference * difference * cross;
    }
    seen += count;
  }
};

}  // namespace

void transformWeights(const PooledConvolution &stage, const float *weights, bool forGradient, float *filters) {
  for (int64_t output = 0; output < stage.outputs; ++output)
    for (int64_t input = 0; input < stage.inputs; ++input)
      for (int64_t line = 0; line < filterSide; ++line)
        for (int point = 0; point < filterPoints; ++point) {
          const int64_t outer = forGradient ? output : input, inner = forGradient ? input : output;
          const int64_t outers = forGradient ? stage.outputs : stage.inputs, inners = forGradient ? stage.inputs : stage.outputs;
          filters[((line * outers + outer) * filterPoints + point) * inners + inner] =
              pointOf(weights + ((output * stage.inputs + input) * filterSide + line) * filterSide, point);
        }
}

conednn_pooling poolingOf(const PooledConvolution &stage) {
  const auto size = [](int64_t value) { return static_cast<int32_t>(value); };
  return {
      size(stage.batch), size(stage.outputs), size(stage.height), size(stage.width), size(stage.windowsDown),
      size(stage.windowsAcross), 2, 2, 2, 2, 0, 0, 0, 0};
}

bool takes(const PooledConvolution &stage) {
  const conednn_convolution &shape = stage.shape;
  constexpr int64_t most = 128;
  return shape.kernel_height == filterSide && shape.kernel_width == filterSide && shape.stride_height == 1 &&
         shape.stride_width == 1 && shape.input_channels % lanes == 0 && shape.output_channels % lanes == 0 &&
         shape.input_channels <= most && shape.output_channels <= most;
}

size_t keptBytes(const PooledConvolution &stage) {
  return sizeof(float) * stage.batch * stage.height * stage.width * stage.outputs;
}

void forward(
    const PooledConvolution &stage, const float *input, const StageWeights &given, float *mean, float *variance,
    float *output, void *kept) {
  const Sizes sizes(stage);
  const int64_t parts = stage.parts(), channels = stage.outputs;
  const size_t sharedBytes = Scratch::rounded(sizeof(float) * (sizes.filters + stage.inputs));
  const size_t momentBytes = Scratch::rounded(2 * sizeof(double) * channels);
  const size_t workerBytes = Scratch::rounded(sizeof(float) * (ring * sizes.inputLine + 2 * channels));
  const Scratch scratch(sharedBytes + momentBytes * parts + workerBytes * threads());
  float *const filters = scratch.floats(), *const zeros = filters + sizes.filters;
  std::fill(zeros, zeros + stage.inputs, 0.f);
  transformWeights(stage, given.weights, false, filters);
  const Convolution convolution{stage, sizes, filters, given.bias};
  float *const values = static_cast<float *>(kept);
  const auto momentsOf = [&](int64_t part) {
    double *const means = static_cast<double *>(scratch.at(sharedBytes + momentBytes * part));
    return Moments{means, means + channels, channels};
  };
  const auto firstOf = [&](int64_t part) { return stage.batch * part / parts; };
  forEachTask(parts, [&](int64_t part, int worker) {
    float *const memory = scratch.floats(sharedBytes + momentBytes * parts + workerBytes * worker);
    float *const means = memory + ring * sizes.inputLine, *const squares = means + channels;
    Moments moments = momentsOf(part);
    std::fill(moments.means, moments.means + 2 * channels, 0.0);
    for (int64_t image = firstOf(part); image < firstOf(part + 1); ++image) {
      InputLines lines(stage, sizes, input + image * stage.imageLength, zeros, memory);
      for (int64_t y = 0; y < stage.height; ++y) {
        float *const line = values + (image * stage.height + y) * sizes.outputLine;
        convolution.line(lines, y, line);
        runOnThisProcessor(LineMoments{line, stage.width, channels, means, squares});
        moments.add(means, squares, double(stage.width));
      }
    }
  });
  Moments total = momentsOf(0);
  total.seen = double(firstOf(1)) * double(stage.height * stage.width);
  for (int64_t part = 1; part < parts; ++part) {
    const Moments other = momentsOf(part);
    total.add(other.means, other.squares, double(firstOf(part + 1) - firstOf(part)) * double(stage.height * stage.width));
  }
  for (int64_t channel = 0; channel < channels; ++channel) {
    mean[channel] = static_cast<float>(total.means[channel]);
    variance[channel] = static_cast<float>(total.squares[channel] / stage.rows());
  }
  pool(poolingOf(stage), stage.epsilon, stage.slope, values, given.scale, given.shift, mean, variance, output);
}

void apply(const PooledConvolution &stage, const float *input, const StageWeights &given, float *output) {
  const Sizes sizes(stage);
  const int64_t coefficientCount = Coefficients::rows * paddedToLanes(stage.outputs);
  const size_t sharedBytes = Scratch::rounded(sizeof(float) * (sizes.filters + stage.inputs + coefficientCount));
  const size_t workerBytes = Scratch::rounded(sizeof(float) * (ring * sizes.inputLine + 2 * sizes.outputLine));
  const Scratch scratch(sharedBytes + workerBytes * threads());
  float *const filters = scratch.floats(), *const zeros = filters + sizes.filters;
  std::fill(zeros, zeros + stage.inputs, 0.f);
  transformWeights(stage, given.weights, false, filters);
  const Coefficients c = coefficients(
      stage.outputs, stage.epsilon, given.scale, given.shift, given.mean, given.variance, zeros + stage.inputs);
  const Convolution convolution{stage, sizes, filters, given.bias};
  const WindowLine windows(poolingOf(stage));
  forEachTask(stage.batch, [&](int64_t image, int worker) {
    float *const memory = scratch.floats(sharedBytes + workerBytes * worker);
    float *const pair = memory + ring * sizes.inputLine;
    InputLines lines(stage, sizes, input + image * stage.imageLength, zeros, memory);
    for (int64_t y = 0; y < stage.windowsDown; ++y) {
      for (int64_t line = 0; line < 2; ++line) convolution.line(lines, 2 * y + line, pair + line * sizes.outputLine);
      poolLine(windows, c, stage.slope, pair, output + image * stage.resultLength + y * stage.lineLength);
    }
  });
}

}  // namespace many_channel_stage
}  // namespace conednn
