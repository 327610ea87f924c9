#include "tiled_convolution.h"

#include <type_traits>

#include "elementwise.h"
#include "lanes.h"
#include "matrix_product.h"
#include "shapes.h"
#include "tile_blocks.h"

namespace conednn {

namespace {

PhasePlane planeOf(const conednn_convolution &shape, bool transposed) {
  return {
      PhaseAxis(shape.kernel_height, shape.stride_height, shape.padding_top, transposed),
      PhaseAxis(shape.kernel_width, shape.stride_width, shape.padding_left, transposed)};
}

bool hasTiles(int64_t kernel, int64_t stride) {
  return stride <= PhaseAxis::mostPhases && kernel > stride && kernel <= 3 * stride;
}

ImageSide inputOf(const conednn_convolution &shape) {
  return {shape.batch, shape.input_height, shape.input_width, shape.input_channels};
}

ImageSide outputOf(const conednn_convolution &shape) {
  return {shape.batch, shape.output_height, shape.output_width, shape.output_channels};
}

/// Two outputs down and across to a tile.
TileGrid gridOf(const conednn_convolution &shape) {
  return {dividedUp(shape.output_height, 2), dividedUp(shape.output_width, 2), 0, 0};
}

/// Two elements of each phase down and across to a tile; the elements of the input from `padding / stride` on.
TileGrid transposedGridOf(const conednn_convolution &shape) {
  const auto first = [](int64_t padding, int64_t stride) { return padding / stride; };
  const auto tiles = [&](int64_t length, int64_t padding, int64_t stride) {
    return dividedUp((length - 1 + padding) / stride + 1 - first(padding, stride), 2);
  };
  return {
      tiles(shape.input_height, shape.padding_top, shape.stride_height),
      tiles(shape.input_width, shape.padding_left, shape.stride_width),
      first(shape.padding_top, shape.stride_height), first(shape.padding_left, shape.stride_width)};
}

float slopeOf(conednn_activation activation, float alpha) {
  switch (activation) {
    case CONEDNN_RELU: return 0;
    case CONEDNN_LEAKY_RELU: return alpha;
    default: return 1;
  }
}

}  // namespace

bool hasTiles(const conednn_convolution &shape) {
  return hasTiles(shape.kernel_height, shape.stride_height) && hasTiles(shape.kernel_width, shape.stride_width) &&
         shape.input_channels % 8 == 0 && shape.output_channels % 8 == 0;
}

bool prefersTiles(const conednn_convolution &shape) {
  constexpr int64_t leastTiles = 64;
  const TileGrid grid = gridOf(shape);
  return hasTiles(shape) && shape.kernel_height >= 4 && shape.kernel_width >= 4 && shape.input_channels >= 16 &&
         shape.output_channels >= 16 && shape.batch * grid.down * grid.across >= leastTiles;
}

template <class Point, class Source, class Result>
void tiledForward(
    const conednn_convolution &shape, const Source *input, const float *weights, const float *bias,
    conednn_activation activation, float alpha, Result *output) {
  const PhasePlane plane = planeOf(shape, false);
  const TileGrid grid = gridOf(shape);
  const int64_t inputs = shape.input_channels, outputs = shape.output_channels;
  const int64_t inputValues = plane.depthBefore(PhasePlane::points) * inputs, outputValues = PhasePlane::points * outputs;

  TileMemory<Point> memory;
  memory.filterBytes = Scratch::rounded(memory.filters.layOutFilters(plane, inputs, outputs));
  const TileBlocks blocks(
      shape.batch * grid.down * grid.across, inputValues + outputValues,
      sizeof(Point) * inputValues + sizeof(float) * outputValues, memory.filterBytes);
  memory.pointBytes = Scratch::rounded(memory.points.layOut(plane, blocks.most, inputs, true));
  memory.productBytes = Scratch::rounded(memory.products.layOut(plane, blocks.most, outputs, false));
  const size_t bytes = memory.filterBytes + memory.workerBytes() * blocks.workers();
  const Scratch scratch(bytes + sizeof(Source) * inputs);
  memory.filters.base = static_cast<Point *>(scratch.at(0));
  memory.place(scratch, 0);
  Source *const zeros = static_cast<Source *>(scratch.at(bytes));
  std::fill(zeros, zeros + inputs, Source{});
  forEachPart(outputs / lanes, 1, [&](int64_t begin, int64_t end) {
    transformWeights(plane, inputs, begin * lanes, end * lanes, weights, false, memory.filters);
  });

  MatrixProducts products;
  workOff(
      blocks, outputs, memory, scratch,
      [&](const TileMemory<Point> &own, int64_t first, int64_t begin, int64_t end) {
        transformInput(plane, inputOf(shape), grid, input, first, begin, end, zeros, own.points);
      },
      [&](const TileMemory<Point> &own, int point, Part rows, Part columns) {
        products.multiply(
            MatrixProducts::plain, MatrixProducts::plain, rows.count(), columns.count(), own.points.width[point],
            own.points.at(point) + rows.begin * own.points.row[point], own.points.row[point],
            own.filters.at(point) + columns.begin, own.filters.row[point], 0,
            own.products.at(point) + rows.begin * own.products.row[point] + columns.begin, own.products.row[point]);
      },
      [&](const TileMemory<Point> &own, int64_t first, int64_t begin, int64_t end) {
        finishForward(
            plane, outputOf(shape), grid, own.products, first, begin, end, bias, slopeOf(activation, alpha), output);
      });
  products.check();
  if constexpr (std::is_same_v<Result, float>)
    if (needsExponential(activation))
      addBiasAndActivate(ConvolutionSizes(shape).pixels, outputs, nullptr, activation, alpha, output);
}

template <class Point, class Source, class Result>
void tiledTransposed(
    const conednn_convolution &shape, const Source *outputLike, const float *weights, const float *bias,
    conednn_activation activation, float alpha, Result *inputLike) {
  const PhasePlane plane = planeOf(shape, true);
  const TileGrid grid = transposedGridOf(shape);
  const int64_t inputs = shape.input_channels, outputs = shape.output_channels;
  const int64_t inputValues = plane.depthBefore(PhasePlane::points) * inputs, outputValues = PhasePlane::points * outputs;

  TileMemory<Point> memory;
  memory.filterBytes = Scratch::rounded(memory.filters.layOut(plane, outputs, inputs, true));
  const TileBlocks blocks(
      shape.batch * grid.down * grid.across, inputValues + outputValues,
      sizeof(float) * inputValues + sizeof(Point) * outputValues, memory.filterBytes);
  memory.pointBytes = Scratch::rounded(memory.points.layOut(plane, blocks.most, outputs, false));
  memory.productBytes = Scratch::rounded(memory.products.layOut(plane, blocks.most, inputs, true));
  const size_t bytes = memory.filterBytes + memory.workerBytes() * blocks.workers();
  const Scratch scratch(bytes + sizeof(Source) * outputs);
  memory.filters.base = static_cast<Point *>(scratch.at(0));
  memory.place(scratch, 0);
  Source *const zeros = static_cast<Source *>(scratch.at(bytes));
  std::fill(zeros, zeros + outputs, Source{});
  forEachPart(outputs, 4, [&](int64_t begin, int64_t end) {
    transformWeights(plane, inputs, begin, end, weights, true, memory.filters);
  });

  MatrixProducts products;
  workOff(
      blocks, 2 * inputs, memory, scratch,
      [&](const TileMemory<Point> &own, int64_t first, int64_t begin, int64_t end) {
        transformSource(plane, outputOf(shape), grid, outputLike, first, begin, end, zeros, own.points);
      },
      [&](const TileMemory<Point> &own, int point, Part rows, Part columns) {
        products.multiply(
            MatrixProducts::plain, MatrixProducts::plain, rows.count(), columns.count(), outputs,
            own.points.at(point) + rows.begin * own.points.row[point], own.points.row[point],
            own.filters.at(point) + columns.begin, own.filters.row[point], 0,
            own.products.at(point) + rows.begin * own.products.row[point] + columns.begin, own.products.row[point]);
      },
      [&](const TileMemory<Point> &own, int64_t first, int64_t begin, int64_t end) {
        finishTransposed(
            plane, inputOf(shape), grid, own.products, first, begin, end, bias, slopeOf(activation, alpha), inputLike);
      });
  products.check();
  if constexpr (std::is_same_v<Result, float>)
    if (needsExponential(activation))
      addBiasAndActivate(
          shape.batch * ConvolutionSizes(shape).inputPixels, inputs, nullptr, activation, alpha, inputLike);
}

template <class Point, class Source, class Gradient>
void tiledWeightsGradient(
    const conednn_convolution &shape, const Source *input, const Gradient *outputGradient, float *weightsGradient) {
  const PhasePlane plane = planeOf(shape, false);
  const TileGrid grid = gridOf(shape);
  const int64_t inputs = shape.input_channels, outputs = shape.output_channels;
  const int64_t tiles = shape.batch * grid.down * grid.across;
  const int64_t depths = plane.depthBefore(PhasePlane::points);
  const int64_t rows = tilesAtOnce(tiles, depths * inputs + PhasePlane::points * outputs);

  PointBuffer<Point> points, gradients;
  PointBuffer<float> products;
  const size_t pointBytes = Scratch::rounded(points.layOut(plane, rows, inputs, true));
  const size_t gradientBytes = Scratch::rounded(gradients.layOut(plane, rows, outputs, false));
  const size_t productBytes = Scratch::rounded(products.layOut(plane, outputs, inputs, true));
  const Scratch scratch(pointBytes + gradientBytes + productBytes + sizeof(float) * std::max(inputs, outputs));
  points.base = static_cast<Point *>(scratch.at(0));
  gradients.base = static_cast<Point *>(scratch.at(pointBytes));
  products.base = scratch.floats(pointBytes + gradientBytes);
  float *const zeros = scratch.floats(pointBytes + gradientBytes + productBytes);
  std::fill(zeros, zeros + std::max(inputs, outputs), 0.f);

  MatrixProducts multiply;
  const PointTasks tasks(outputs, 2 * inputs);
  for (int64_t first = 0; first < tiles; first += rows) {
    const int64_t count = std::min(rows, tiles - first);
    forEachPart(count, 8, [&](int64_t begin, int64_t end) {
      transformInput(
          plane, inputOf(shape), grid, input, first, first + begin, first + end, reinterpret_cast<const Source *>(zeros),
          points);
      transformGradient(
          plane, outputOf(shape), grid, outputGradient, first, first + begin, first + end,
          reinterpret_cast<const Gradient *>(zeros), gradients);
    });
    forEachTask(tasks.count(), [&](int64_t task, int) {
      const int point = int(task % PhasePlane::points);
      const int64_t columns = points.width[point];
      const Part row(outputs, tasks.rowParts, task / PhasePlane::points % tasks.rowParts);
      const Part column(columns, tasks.columnParts, task / PhasePlane::points / tasks.rowParts);
      if (column.count() == 0 || row.count() == 0) return;
      multiply.multiply(
          MatrixProducts::transposed, MatrixProducts::plain, row.count(), column.count(), count,
          gradients.at(point) + row.begin, gradients.row[point], points.at(point) + column.begin, points.row[point],
          first == 0 ? 0.f : 1.f, products.at(point) + row.begin * products.row[point] + column.begin,
          products.row[point]);
    });
  }
  multiply.check();
  forEachPart(outputs, 4, [&](int64_t begin, int64_t end) {
    finishWeights(plane, inputs, begin, end, products, weightsGradient);
  });
}

#define CONEDNN_INSTANTIATE(Point, Source, Result)                                                                          \
  template void tiledForward<Point>(                                                                                        \
      const conednn_convolution &, const Source *, const float *, const float *, conednn_activation, float, Result *);      \
  template void tiledTransposed<Point>(                                                                                     \
      const conednn_convolution &, const Source *, const float *, const float *, conednn_activation, float, Result *);      \
  template void tiledWeightsGradient<Point>(const conednn_convolution &, const Source *, const Result *, float *);
CONEDNN_INSTANTIATE(float, float, float)
CONEDNN_INSTANTIATE(BFloat16, float, float)
CONEDNN_INSTANTIATE(BFloat16, float, BFloat16)
CONEDNN_INSTANTIATE(BFloat16, BFloat16, float)
CONEDNN_INSTANTIATE(BFloat16, BFloat16, BFloat16)

}  // namespace conednn
