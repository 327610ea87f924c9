#include "scratch.h"

#include <algorithm>
#include <cstdlib>
#include <mutex>
#include <new>
#include <vector>

namespace conednn {

namespace {

struct Block {
  void *address;
  size_t size;
};

struct Pool {
  std::mutex mutex;
  std::vector<Block> idle;  // in order of size
};

// Never destroyed: a thread may still return a block while the process ends.
Pool &pool() {
  static Pool &shared = *new Pool;
  return shared;
}

constexpr size_t pageSize = 4096;

}  // namespace

Scratch::Scratch(size_t bytes) {
  if (bytes == 0) return;
  {
    // The smallest block that is large enough; failing that the largest, to be replaced by one that is.
    std::lock_guard<std::mutex> lock(pool().mutex);
    auto &idle = pool().idle;
    if (!idle.empty()) {
      auto found = std::find_if(idle.begin(), idle.end(), [&](const Block &block) { return block.size >= bytes; });
      if (found == idle.end()) --found;
      address = found->address;
      size = found->size;
      idle.erase(found);
    }
  }
  if (size >= bytes) return;
  std::free(address);
  size = (bytes + pageSize - 1) / pageSize * pageSize;
  address = std::aligned_alloc(pageSize, size);
  if (address == nullptr) throw std::bad_alloc();
}

Scratch::~Scratch() {
  if (address == nullptr) return;
  std::lock_guard<std::mutex> lock(pool().mutex);
  auto &idle = pool().idle;
  try {
    idle.insert(
        std::find_if(idle.begin(), idle.end(), [&](const Block &block) { return block.size >= size; }), {address, size});
  } catch (...) {
    std::free(address);
  }
}

void Scratch::releaseIdle() {
  std::lock_guard<std::mutex> lock(pool().mutex);
  for (const Block &block : pool().idle) std::free(block.address);
  pool().idle.clear();
}

}  // namespace conednn
