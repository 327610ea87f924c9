#!/usr/bin/env bash
# Tests the Python module against a built manikin, in an environment with PyTorch, which takes some gigabytes once.
#   Tests/Python/run.sh [the program]
set -euo pipefail
cd "$(dirname "$0")/../.."

MANIKIN=$(realpath "${1:-.build/release/manikin}")
environment=${MANIKIN_PYTHON:-.build-python}
[ -x "$environment/bin/pytest" ] || {
  python3 -m venv "$environment"
  "$environment/bin/pip" --quiet install torch safetensors numpy pandas pytest
}
export MANIKIN PYTHONPATH=$PWD/Python PYTHONDONTWRITEBYTECODE=1 OMP_NUM_THREADS=1 OMP_WAIT_POLICY=passive
exec "$environment/bin/pytest" -q -p no:cacheprovider Tests/Python
