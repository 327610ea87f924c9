// A primitive that is ready to run on the caller's pointers, and the cache that keeps it.
#pragma once

#include <array>
#include <functional>
#include <initializer_list>
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "engine.h"

namespace conednn {

/// One argument of a primitive: in the caller's layout and in the one that the primitive chose.
struct Port {
  enum Direction { input, output };
  int argument;  // DNNL_ARG_...
  Direction direction;
  dnnl::memory::desc plain;
  dnnl::memory::desc native;
};

/// A primitive with the reorders around it.
class Operation {
 public:
  /// `implementation` is oneDNN's name for the kernel it chose.
  Operation(
      const dnnl::primitive &primitive, const dnnl::memory::desc &scratchpad, std::vector<Port> ports,
      std::string implementation);

  /// Runs on the calling thread's OpenMP threads; `pointers` come in the order of the ports. Many threads may run it at once.
  void run(std::initializer_list<const void *> pointers);

  /// The size of the caller's side of a port.
  size_t portBytes(size_t port) const { return ports[port].plain.get_size(); }

  const std::string implementation;

 private:
  // The memory objects of one run at a time: oneDNN keeps the pointers in them.
  struct Binding {
    dnnl::stream stream;
    std::vector<dnnl::memory> natives, plains;
    dnnl::memory scratchpad;
    std::vector<dnnl_exec_arg_t> arguments;
  };
  struct Conversion {
    dnnl::primitive reorder;  // empty when the two layouts are one
    size_t offset = 0;        // of the native copy in scratch memory
  };

  std::unique_ptr<Binding> takeBinding();
  void convert(Binding &binding, size_t port);

  dnnl::primitive primitive;
  dnnl::memory::desc scratchpad;  // bytes, enough for the primitive and for each reorder
  std::vector<Port> ports;
  std::vector<Conversion> conversions;
  size_t scratchBytes = 0;
  std::mutex mutex;
  std::vector<std::unique_ptr<Binding>> idle;
};

enum class OperationKind : int32_t {
  forward,
  transposed,
  weightsGradient,
  weightReorder,
  activation,
  poolingForward,
  poolingBackward,
  normalisation,
  normalisationBackward,
  product,
};

/// A number's bits, to be part of a key.
int32_t bitsOf(float number);

/// What an operation was made for. The number of threads belongs to it: oneDNN plans for the threads it sees.
struct OperationKey {
  std::array<int32_t, 20> words{};
  bool operator==(const OperationKey &other) const { return words == other.words; }

  OperationKey(OperationKind kind, std::initializer_list<int32_t> rest);

  struct Hash {
    size_t operator()(const OperationKey &key) const;
  };
};

/// The operations most recently used.
class OperationCache {
 public:
  static OperationCache &shared();

  /// The operation kept under `key`, or what `make` makes.
  template <class Make>
  std::shared_ptr<Operation> operation(const OperationKey &key, Make &&make) {
    std::lock_guard<std::mutex> lock(mutex);
    if (std::shared_ptr<Operation> found = find(key)) return found;
    return insert(key, make());
  }

  void clear();

 private:
  static constexpr size_t capacity = 1024;
  using Entry = std::pair<OperationKey, std::shared_ptr<Operation>>;

  std::shared_ptr<Operation> find(const OperationKey &key);
  std::shared_ptr<Operation> insert(const OperationKey &key, std::shared_ptr<Operation> operation);

  std::mutex mutex;
  std::list<Entry> entries;  // the most recently used first
  std::unordered_map<OperationKey, std::list<Entry>::iterator, OperationKey::Hash> places;
};

}  // namespace conednn
