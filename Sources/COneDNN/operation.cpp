#include "operation.h"

#include <cstring>

#include "parallel.h"
#include "scratch.h"

namespace conednn {

Operation::Operation(
    const dnnl::primitive &primitive, const dnnl::memory::desc &wantedScratchpad, std::vector<Port> portList,
    std::string implementation)
    : implementation(std::move(implementation)), primitive(primitive), ports(std::move(portList)) {
  // One piece serves the primitive and the reorders, which run one after the other.
  size_t shared = std::max<size_t>(wantedScratchpad.get_size(), 1);
  size_t copies = 0;
  for (const Port &port : ports) {
    Conversion conversion;
    if (port.plain != port.native) {
      const bool input = port.direction == Port::input;
      dnnl::reorder::primitive_desc description(
          engine(), input ? port.plain : port.native, engine(), input ? port.native : port.plain, attributes());
      conversion.reorder = dnnl::reorder(description);
      conversion.offset = copies;
      copies += Scratch::rounded(port.native.get_size());
      shared = std::max(shared, description.scratchpad_desc().get_size());
    }
    conversions.push_back(std::move(conversion));
  }
  for (Conversion &conversion : conversions) conversion.offset += Scratch::rounded(shared);
  scratchBytes = Scratch::rounded(shared) + copies;
  scratchpad = dnnl::memory::desc(
      {static_cast<dnnl::memory::dim>(shared)}, dnnl::memory::data_type::u8, dnnl::memory::format_tag::a);
}

std::unique_ptr<Operation::Binding> Operation::takeBinding() {
  {
    std::lock_guard<std::mutex> lock(mutex);
    if (!idle.empty()) {
      std::unique_ptr<Binding> binding = std::move(idle.back());
      idle.pop_back();
      return binding;
    }
  }
  auto binding = std::make_unique<Binding>();
  binding->stream = dnnl::stream(engine());
  for (size_t index = 0; index < ports.size(); ++index) {
    const Port &port = ports[index];
    binding->natives.emplace_back(port.native, engine(), nullptr);
    binding->plains.push_back(
        conversions[index].reorder ? dnnl::memory(port.plain, engine(), nullptr) : dnnl::memory());
    binding->arguments.push_back({port.argument, binding->natives.back().get()});
  }
  binding->scratchpad = dnnl::memory(scratchpad, engine(), nullptr);
  binding->arguments.push_back({DNNL_ARG_SCRATCHPAD, binding->scratchpad.get()});
  return binding;
}

namespace {

void point(dnnl::memory &memory, const void *address) {
  if (memory.get_data_handle() != address) memory.set_data_handle(const_cast<void *>(address));
}

void execute(const dnnl::primitive &primitive, const dnnl::stream &stream, const dnnl_exec_arg_t *arguments, size_t count) {
  const dnnl_status_t status =
      dnnl_primitive_execute(primitive.get(), stream.get(), static_cast<int>(count), arguments);
  if (status != dnnl_success) throw dnnl::error(status, "oneDNN could not run a primitive.");
}

}  // namespace

void Operation::convert(Binding &binding, size_t port) {
  const bool input = ports[port].direction == Port::input;
  const dnnl_exec_arg_t arguments[] = {
      {DNNL_ARG_FROM, (input ? binding.plains : binding.natives)[port].get()},
      {DNNL_ARG_TO, (input ? binding.natives : binding.plains)[port].get()},
      {DNNL_ARG_SCRATCHPAD, binding.scratchpad.get()}};
  execute(conversions[port].reorder, binding.stream, arguments, 3);
}

void Operation::run(std::initializer_list<const void *> pointers) {
  std::unique_ptr<Binding> binding = takeBinding();
  const Scratch scratch(scratchBytes);
  size_t index = 0;
  for (const void *pointer : pointers) {
    if (conversions[index].reorder) {
      point(binding->plains[index], pointer);
      point(binding->natives[index], scratch.at(conversions[index].offset));
    } else {
      point(binding->natives[index], pointer);
    }
    ++index;
  }
  point(binding->scratchpad, scratch.at(0));

  for (index = 0; index < ports.size(); ++index)
    if (conversions[index].reorder && ports[index].direction == Port::input) convert(*binding, index);
  execute(primitive, binding->stream, binding->arguments.data(), binding->arguments.size());
  for (index = 0; index < ports.size(); ++index)
    if (conversions[index].reorder && ports[index].direction == Port::output) convert(*binding, index);

  std::lock_guard<std::mutex> lock(mutex);
  idle.push_back(std::move(binding));
}

int32_t bitsOf(float number) {
  int32_t bits;
  static_assert(sizeof bits == sizeof number);
  std::memcpy(&bits, &number, sizeof bits);
  return bits;
}

OperationKey::OperationKey(OperationKind kind, std::initializer_list<int32_t> rest) {
  size_t index = 0;
  words[index++] = static_cast<int32_t>(kind);
  words[index++] = threads();
  for (int32_t word : rest) words.at(index++) = word;
}

size_t OperationKey::Hash::operator()(const OperationKey &key) const {
  uint64_t hash = 14695981039346656037u;  // FNV-1a, a word at a time
  for (int32_t word : key.words) hash = (hash ^ static_cast<uint32_t>(word)) * 1099511628211u;
  return static_cast<size_t>(hash);
}

OperationCache &OperationCache::shared() {
  // Never destroyed: a thread may still be computing while the process ends.
  static OperationCache &cache = *new OperationCache;
  return cache;
}

std::shared_ptr<Operation> OperationCache::find(const OperationKey &key) {
  const auto place = places.find(key);
  if (place == places.end()) return nullptr;
  entries.splice(entries.begin(), entries, place->second);
  return entries.front().second;
}

std::shared_ptr<Operation> OperationCache::insert(const OperationKey &key, std::shared_ptr<Operation> operation) {
  entries.emplace_front(key, std::move(operation));
  places[key] = entries.begin();
  if (entries.size() > capacity) {
    places.erase(entries.back().first);
    entries.pop_back();
  }
  return entries.front().second;
}

void OperationCache::clear() {
  std::lock_guard<std::mutex> lock(mutex);
  places.clear();
  entries.clear();
}

}  // namespace conednn
