// Our own parallel loops run on the threads that oneDNN runs on, so that two pools never fight over the cores.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>

extern "C" {
// From the OpenMP runtime that oneDNN uses; its header is not on clang's path.
void omp_set_num_threads(int);
int omp_get_max_threads(void);
int omp_get_thread_num(void);
void GOMP_parallel(void (*)(void *), void *, unsigned, unsigned);
}

namespace conednn {

inline void setThreads(int count) { omp_set_num_threads(std::max(1, count)); }
inline int threads() { return std::max(1, omp_get_max_threads()); }

/// As long as it lives, oneDNN plans and runs on the calling thread alone.
class OneThread {
 public:
  OneThread() : before(omp_get_max_threads()) { omp_set_num_threads(1); }
  ~OneThread() { omp_set_num_threads(before); }
  OneThread(const OneThread &) = delete;
  OneThread &operator=(const OneThread &) = delete;

 private:
  int before;
};

/// Calls `body(task, worker)` for every task in `0 ..< tasks`, in no fixed order, each on one of at most `threads()` workers;
/// `worker` names memory that no other task uses at the time. `body` may not throw.
///
/// oneDNN calls from `body` run on one thread.
template <class Body>
void forEachTask(int64_t tasks, Body &&body) {
  const int workers = static_cast<int>(std::min<int64_t>(threads(), tasks));
  if (workers <= 1) {
    for (int64_t task = 0; task < tasks; ++task) body(task, 0);
    return;
  }
  struct Work {
    Body &body;
    int64_t tasks;
    std::atomic<int64_t> next{0};
  } work{body, tasks};
  GOMP_parallel(
      [](void *pointer) {
        Work &work = *static_cast<Work *>(pointer);
        const int worker = omp_get_thread_num();
        for (int64_t task; (task = work.next.fetch_add(1)) < work.tasks;) work.body(task, worker);
      },
      &work, static_cast<unsigned>(workers), 0);
}

/// Calls `body(begin, end)` on contiguous parts of `0 ..< count` that are at least `grain` long.
template <class Body>
void forEachPart(int64_t count, int64_t grain, Body &&body) {
  const int64_t parts = std::clamp<int64_t>(count / std::max<int64_t>(grain, 1), 1, threads() * int64_t(4));
  forEachTask(parts, [&](int64_t part, int) { body(count * part / parts, count * (part + 1) / parts); });
}

}  // namespace conednn
