// Sums and moments of each channel over all rows.
//
// Single precision is enough for a block of rows; blocks are put together in double precision, so that no small number meets a large
// one. Few channels are taken several rows at a time. How the rows are shared depends on the shape alone, not on the threads, and so
// does the result.
#include "elementwise.h"
#include "parallel.h"
#include "scratch.h"
#include "shapes.h"

namespace conednn {

namespace {

/// How the rows are cut up.
struct Blocks {
  Blocks(int64_t rows, int32_t channels)
      : rows(rows),
        channels(channels),
        step(std::max(1, 64 / channels)),
        width(step * channels),
        parts(std::clamp<int64_t>(rows * channels / 65536, 1, std::min<int64_t>(rows, 64))) {}

  int64_t rows, channels;
  int64_t step;   // how many rows make a line of a block
  int64_t width;  // of a line
  int64_t parts;  // each summed by one thread

  static constexpr int64_t lines = 64;  // of a block

  /// Calls `body(first row, number of rows)` for each block of a part.
  template <class Body>
  void forEach(int64_t part, Body &&body) const {
    const int64_t end = rows * (part + 1) / parts;
    for (int64_t row = rows * part / parts; row < end; row += lines * step)
      body(row, std::min(lines * step, end - row));
  }

  /// line[i] = the sum of the elements that fall on i; what a short last line lacks is left out.
  template <class Term>
  void sumLines(const float *values, int64_t count, float *line, Term &&term) const {
    std::fill(line, line + width, 0.f);
    int64_t left = count * channels;
    for (; left >= width; left -= width, values += width)
      for (int64_t index = 0; index < width; ++index) line[index] += term(values[index], index);
    for (int64_t index = 0; index < left; ++index) line[index] += term(values[index], index);
  }
};

}  // namespace

void sumOverRows(int64_t rows, int32_t channels, const float *values, float *sums) {
  const Blocks blocks(rows, channels);
  const size_t totalBytes = Scratch::rounded(sizeof(double) * channels);
  const size_t partBytes = totalBytes + Scratch::rounded(sizeof(float) * blocks.width);
  const Scratch scratch(partBytes * blocks.parts);
  const auto totals = [&](int64_t part) { return static_cast<double *>(scratch.at(partBytes * part)); };
  forEachTask(blocks.parts, [&](int64_t part, int) {
    double *const total = totals(part);
    float *const line = scratch.floats(partBytes * part + totalBytes);
    std::fill(total, total + channels, 0.0);
    blocks.forEach(part, [&](int64_t row, int64_t count) {
      blocks.sumLines(values + row * channels, count, line, [](float value, int64_t) { return value; });
      for (int64_t index = 0; index < blocks.width; ++index) total[index % channels] += line[index];
    });
  });
  for (int32_t channel = 0; channel < channels; ++channel) {
    double sum = 0;
    for (int64_t part = 0; part < blocks.parts; ++part) sum += totals(part)[channel];
    sums[channel] = static_cast<float>(sum);
  }
}

void momentsOverRows(int64_t rows, int32_t channels, const float *values, float *mean, float *variance) {
  // Each block has its own mean m_b and sum of squares about it M_b; blocks of n_a and n_b rows together have
  // M = M_a + M_b + (m_b - m_a)^2 n_a n_b / (n_a + n_b).
  // Source: Chan, Golub, LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances", 1979, Eq. 2.1.
  const Blocks blocks(rows, channels);
  const size_t totalBytes = Scratch::rounded(sizeof(double) * channels);
  const size_t lineBytes = Scratch::rounded(sizeof(float) * blocks.width);
  const size_t partBytes = 4 * totalBytes + 2 * lineBytes;
  const Scratch scratch(partBytes * blocks.parts);
  const auto doubles = [&](int64_t part, int64_t which) {
    return static_cast<double *>(scratch.at(partBytes * part + which * totalBytes));
  };
  const auto merge = [](double &mean, double &squares, double rows, double otherMean, double otherSquares, double otherRows) {
    const double difference = otherMean - mean, all = rows + otherRows;
    mean += difference * otherRows / all;
    squares += otherSquares + difference * difference * rows * otherRows / all;
  };
  forEachTask(blocks.parts, [&](int64_t part, int) {
    double *const means = doubles(part, 0), *const squares = doubles(part, 1);
    double *const blockMeans = doubles(part, 2), *const blockSquares = doubles(part, 3);
    float *const line = scratch.floats(partBytes * part + 4 * totalBytes);
    float *const centre = scratch.floats(partBytes * part + 4 * totalBytes + lineBytes);
    std::fill(means, means + channels, 0.0);
    std::fill(squares, squares + channels, 0.0);
    double seen = 0;
    blocks.forEach(part, [&](int64_t row, int64_t count) {
      const float *const block = values + row * channels;
      blocks.sumLines(block, count, line, [](float value, int64_t) { return value; });
      std::fill(blockMeans, blockMeans + channels, 0.0);
      for (int64_t index = 0; index < blocks.width; ++index) blockMeans[index % channels] += line[index];
      for (int32_t channel = 0; channel < channels; ++channel) blockMeans[channel] /= double(count);
      for (int64_t index = 0; index < blocks.width; ++index)
        centre[index] = static_cast<float>(blockMeans[index % channels]);
      blocks.sumLines(block, count, line, [centre](float value, int64_t index) {
        const float difference = value - centre[index];
        return difference * difference;
      });
      std::fill(blockSquares, blockSquares + channels, 0.0);
      for (int64_t index = 0; index < blocks.width; ++index) blockSquares[index % channels] += line[index];
      for (int32_t channel = 0; channel < channels; ++channel)
        merge(means[channel], squares[channel], seen, blockMeans[channel], blockSquares[channel], double(count));
      seen += double(count);
    });
  });
  for (int32_t channel = 0; channel < channels; ++channel) {
    double total = 0, squares = 0, seen = 0;
    for (int64_t part = 0; part < blocks.parts; ++part) {
      const double count = double(rows * (part + 1) / blocks.parts - rows * part / blocks.parts);
      merge(total, squares, seen, doubles(part, 0)[channel], doubles(part, 1)[channel], count);
      seen += count;
    }
    mean[channel] = static_cast<float>(total);
    variance[channel] = static_cast<float>(squares / double(rows));
  }
}

}  // namespace conednn

int conednn_channel_sum(int64_t rows, int32_t channels, const float *input, float *sums) {
  return conednn::guarded("conednn_channel_sum", [&] {
    conednn::checkRows(rows, channels);
    conednn::sumOverRows(rows, channels, input, sums);
  });
}
