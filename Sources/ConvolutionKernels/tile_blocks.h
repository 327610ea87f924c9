// How the tiles of a convolution are shared among threads. How the work is cut depends on the shape alone.
#pragma once

#include "parallel.h"
#include "scratch.h"
#include "tile_transforms.h"

namespace conednn {

inline int64_t dividedUp(int64_t value, int64_t divisor) { return (value + divisor - 1) / divisor; }

/// How many tiles are worked on at once: as many as leave their points in the cache, and enough for the products.
inline int64_t tilesAtOnce(int64_t tiles, int64_t valuesPerTile) {
  constexpr int64_t cachedValues = 1024 * 1024, leastTiles = 256;
  const int64_t most = std::max(leastTiles, cachedValues / valuesPerTile);
  return dividedUp(tiles, dividedUp(tiles, most));
}

/// The work on a buffer's points, cut along rows and columns so that there is enough for all threads. How it is cut depends on the
/// shape alone.
struct PointTasks {
  int64_t rowParts, columnParts;

  PointTasks(int64_t rows, int64_t columns)
      : rowParts(std::max<int64_t>(1, rows / 512)), columnParts(std::max<int64_t>(1, columns / 256)) {}

  int64_t count() const { return PhasePlane::points * rowParts * columnParts; }
};

struct Part {
  int64_t begin, end;
  Part(int64_t count, int64_t parts, int64_t index)
      : begin(count * index / parts / 8 * 8), end(index + 1 == parts ? count : count * (index + 1) / parts / 8 * 8) {}
  explicit Part(int64_t count) : begin(0), end(count) {}
  int64_t count() const { return end - begin; }
};

/// How the tiles of a batch are worked off: in blocks, each on one thread, whose points and products stay in that core's own cache; or,
/// where the filters would have to be read again from memory for each block, or there are few blocks, in rounds that all threads
/// share. The results are the same.
struct TileBlocks {
  bool isOwn;
  int64_t tiles, count, most;

  /// - values: of points and products of a tile.
  TileBlocks(int64_t tiles, int64_t values, size_t bytes, size_t filterBytes) : tiles(tiles) {
    constexpr size_t cachedBytes = 512 * 1024, cachedFilters = 4 * 1024 * 1024;
    constexpr int64_t leastTiles = 112, unit = 4;
    const int64_t wanted = dividedUp(tiles, std::max<int64_t>(leastTiles, cachedBytes / bytes));
    isOwn = filterBytes <= cachedFilters && wanted >= unit;
    count = isOwn ? dividedUp(wanted, unit) * unit : dividedUp(tiles, tilesAtOnce(tiles, values));
    most = isOwn ? dividedUp(tiles, count) : tilesAtOnce(tiles, values);
  }

  int64_t begin(int64_t block) const { return isOwn ? tiles * block / count : std::min(tiles, most * block); }
  int64_t workers() const { return isOwn ? std::min<int64_t>(threads(), count) : 1; }
};

/// Where the filters of a forward or transposed convolution lie, and the points and products of tiles: those of `blocks.workers()`.
template <class Point>
struct TileMemory {
  PointBuffer<Point> filters, points;
  PointBuffer<float> products;
  size_t filterBytes, pointBytes, productBytes;

  size_t workerBytes() const { return pointBytes + productBytes; }

  void place(const Scratch &scratch, int64_t worker) {
    const size_t start = filterBytes + workerBytes() * worker;
    points.base = static_cast<Point *>(scratch.at(start));
    products.base = scratch.floats(start + pointBytes);
  }
};

/// Calls for all tiles `read(memory, first, begin, end)`, which makes points of tiles `begin ..< end` in the rows from
/// `begin - first` on; `multiply(memory, point, rows, columns)`; and `write(memory, first, begin, end)`.
///
/// - columns: the most that a point's products have.
template <class Point, class Read, class Multiply, class Write>
void workOff(
    const TileBlocks &blocks, int64_t columns, const TileMemory<Point> &memory, const Scratch &scratch, Read &&read,
    Multiply &&multiply, Write &&write) {
  if (blocks.isOwn) {
    // A thread gets blocks that follow each other, so that what it fetches ahead is its own.
    const int64_t runs = std::min<int64_t>(blocks.count, 16);
    forEachTask(runs, [&](int64_t run, int worker) {
      TileMemory<Point> own = memory;
      own.place(scratch, worker);
      for (int64_t block = blocks.count * run / runs; block < blocks.count * (run + 1) / runs; ++block) {
        const int64_t first = blocks.begin(block), end = blocks.begin(block + 1);
        read(own, first, first, end);
        for (int point = 0; point < PhasePlane::points; ++point)
          if (own.products.width[point] > 0) multiply(own, point, Part(end - first), Part(own.products.width[point]));
        write(own, first, first, end);
      }
    });
    return;
  }
  const PointTasks tasks(blocks.most, columns);
  for (int64_t block = 0; block < blocks.count; ++block) {
    const int64_t first = blocks.begin(block), count = blocks.begin(block + 1) - first;
    forEachPart(count, 8, [&](int64_t begin, int64_t end) { read(memory, first, first + begin, first + end); });
    forEachTask(tasks.count(), [&](int64_t task, int) {
      const int point = int(task % PhasePlane::points);
      const Part rows(count, tasks.rowParts, task / PhasePlane::points % tasks.rowParts);
      const Part part(memory.products.width[point], tasks.columnParts, task / PhasePlane::points / tasks.rowParts);
      if (rows.count() > 0 && part.count() > 0) multiply(memory, point, rows, part);
    });
    forEachPart(count, 8, [&](int64_t begin, int64_t end) { write(memory, first, first + begin, first + end); });
  }
}

}  // namespace conednn
