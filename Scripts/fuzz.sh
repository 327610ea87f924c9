#!/usr/bin/env bash
# Fuzzes the readers of files that others make, with libFuzzer and AddressSanitizer: NIfTI, ANALYZE, MGH, safetensors, PNG,
# JPEG, TIFF, recipes, arrays (IDX, MATLAB, NumPy), NumPy's own. Usage: Scripts/fuzz.sh [SECONDS-PER-READER [READER...]] (60 and all by default). Ends with the figures;
# exit code 1 after a crash, a hang (10 s), a leak or an allocation over the cap (96 MiB for inputs of at most 1 KiB); the
# input that did it is kept beside the corpus, in .build-fuzz/corpus. A corpus that is there is gone on from.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-60}
shift || true
readers=("$@")
[ ${#readers[@]} -gt 0 ] || readers=(nifti analyze mgh safetensors png jpeg tiff recipe array numpy)
corpus=.build-fuzz/corpus
mkdir -p "$corpus"

# `swift build --sanitize fuzzer` links libFuzzer's own main beside ours. So code is compiled for coverage, and libFuzzer
# is linked as a library without a main.
clang=$(dirname "$(readlink -f "$(command -v swiftc)")")/clang
runtime=$("$clang" -print-resource-dir)/lib/linux/libclang_rt.fuzzer_no_main-$(uname -m).a
[ -f "$runtime" ] || { echo "This Swift has no libFuzzer ($runtime): fuzzing needs Swift's Linux toolchain." >&2; exit 1; }

echo "Building the readers with libFuzzer and AddressSanitizer in .build-fuzz (minutes the first time)"
MANIKIN_FUZZ=1 swift build -c release --scratch-path .build-fuzz --product manikin-fuzz --sanitize address \
  -Xswiftc -Xfrontend -Xswiftc -sanitize=fuzzer -Xcc -fsanitize=fuzzer-no-link \
  -Xlinker "$runtime" -Xlinker -lstdc++ >"$corpus/build.log" 2>&1 || { tail -20 "$corpus/build.log" >&2; exit 1; }

# Swift's own crash report asks questions on a terminal.
export SWIFT_BACKTRACE=enable=no
failed=0
echo "Fuzzing ${#readers[@]} readers for $seconds s each"
printf '%-12s %12s %10s %12s  %s\n' reader executions per-second peak-MiB result
for reader in "${readers[@]}"; do
  log="$corpus/$reader.log"
  result=sound
  .build-fuzz/release/manikin-fuzz "$reader" "$corpus" -max_total_time="$seconds" -timeout=10 -malloc_limit_mb=96 \
    -rss_limit_mb=1500 -artifact_prefix="$corpus/$reader-" -print_final_stats=1 >"$log" 2>&1 ||
    { result="FAILED, see $log"; failed=1; }
  stat() { sed -n "s/^stat::$1: *//p" "$log" | tail -1; }
  printf '%-12s %12s %10s %12s  %s\n' "$reader" "$(stat number_of_executed_units)" "$(stat average_exec_per_sec)" \
    "$(stat peak_rss_mb)" "$result"
done
exit $failed
