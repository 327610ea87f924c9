// Inner loops that are made once for each instruction set, with as many running sums as its registers hold.
#pragma once

#include "engine.h"
#include "lanes.h"

#if defined(__x86_64__) && defined(__linux__)
#define CONEDNN_AVX2 __attribute__((target("avx2,fma")))
#define CONEDNN_AVX512 __attribute__((target("avx512f,avx512bw,avx512cd,avx512dq,avx512vl,avx2,fma")))
#define CONEDNN_AVX512_BFLOAT16 __attribute__((target("avx512bf16,avx512f,avx512bw,avx512cd,avx512dq,avx512vl,avx2,fma")))
#else
#define CONEDNN_AVX2
#define CONEDNN_AVX512
#define CONEDNN_AVX512_BFLOAT16
#endif

namespace conednn {

/// What a loop is told of the registers: the widest vector, and how many of them may hold running sums.
template <class Vector, int count>
struct Registers {
  using Widest = Vector;
  static constexpr int sums = count;
};
using PlainRegisters = Registers<Lanes, 4>;
using AVX2Registers = Registers<Lanes, 12>;
using AVX512Registers = Registers<WideLanes, 24>;

template <class Loop>
CONEDNN_AVX2 void runWithAVX2(const Loop &loop) {
  loop.template run<AVX2Registers>();
}

template <class Loop>
CONEDNN_AVX512 void runWithAVX512(const Loop &loop) {
  loop.template run<AVX512Registers>();
}

/// With AVX-512 and its instructions for bfloat16.
template <class Loop>
CONEDNN_AVX512_BFLOAT16 void runWithBFloat16(const Loop &loop) {
  loop.template run<AVX512Registers>();
}

/// Calls `loop.run<Registers>()`, a template that is always inlined, as it was compiled for this processor (and for what oneDNN was
/// told to make do with).
template <class Loop>
void runOnThisProcessor(const Loop &loop) {
  switch (instructionSet()) {
    case InstructionSet::avx512: return runWithAVX512(loop);
    case InstructionSet::avx2: return runWithAVX2(loop);
    case InstructionSet::plain: return loop.template run<PlainRegisters>();
  }
}

}  // namespace conednn
