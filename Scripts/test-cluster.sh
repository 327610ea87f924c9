#!/usr/bin/env bash
# A small experiment by one process and by Snakemake, and the bytes of both. Installs Debian's Snakemake where it is missing and
# may be installed; where it may not, says so and ends well.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v snakemake >/dev/null 2>&1; then
  as_root=()
  [ "$(id -u)" -eq 0 ] || as_root=(sudo -n)
  if command -v apt-get >/dev/null 2>&1 && "${as_root[@]}" true 2>/dev/null; then
    echo "Installing snakemake" >&2
    "${as_root[@]}" apt-get update -qq || true
    DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends snakemake >/dev/null || true
  fi
fi
if ! command -v snakemake >/dev/null 2>&1; then
  echo "Skipped: the test on Snakemake, which is not installed and cannot be here (apt-get install snakemake)." >&2
  exit 0
fi
SPLITS=${SPLITS:-2} EPOCHS=${EPOCHS:-2} STEPS=${STEPS:-600} Tests/Cluster/snakemake.sh
