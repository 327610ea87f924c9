# The experiment of the tests on clusters, and how two folders of it are compared. To be sourced; `manikin` names the
# program.
export OMP_WAIT_POLICY=passive OPENBLAS_NUM_THREADS=1

program() {
  local root
  root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
  local file=${1:-$root/.build/release/manikin}
  [ -x "$file" ] || { echo "there is no program $file: make build" >&2; exit 1; }
  (cd "$(dirname "$file")" && echo "$PWD/$(basename "$file")")
}

recipe() {
  cat <<R
name: cluster
seed: 3
data:
  phantom: {subjects: 40, minority: 15, height: 32, width: 32}
generator: {steps: ${STEPS:-60}}
sampler: {steps: 5}
classifier: {epochs: ${EPOCHS:-4}}
evaluation:
  splits: ${SPLITS:-4}
  runs: 4
  methods: [original, original-matched, mixup, smote, manifold]
  synthetic-per-class: 12
R
}

# single FOLDER makes FOLDER/run by one process.
single() {
  mkdir -p "$1"
  recipe >"$1/recipe.yaml"
  local start
  start=$(date +%s)
  (cd "$1" && "$manikin" run recipe.yaml --out run --quiet >out.txt)
  echo "one process: $(($(date +%s) - start)) s"
}

# plan FOLDER [OPTION...] plans FOLDER/run.
plan() {
  local folder=$1
  shift
  mkdir -p "$folder"
  recipe >"$folder/recipe.yaml"
  (cd "$folder" && "$manikin" plan recipe.yaml --out run --runs-per-part 2 "$@" >plan.tsv)
}

# running RUN [KIND] prints the id of a part at work; fails where there is none.
running() {
  "$manikin" status "$1" --json | python3 -c '
import json, sys
ids = [entry["id"] for entry in json.load(sys.stdin)["running"] if entry["id"].startswith(sys.argv[1])]
print(*ids[:1]); sys.exit(not ids)' "${2:-}"
}

# at_work RUN prints the id and the process of a part at work; fails where there is none.
at_work() {
  "$manikin" status "$1" --json | python3 -c '
import json, sys
parts = [(part["id"], part["process"]) for part in json.load(sys.stdin)["running"]]
print(*(parts or [()])[0]); sys.exit(not parts)'
}

# same RUN RUN fails unless both have the same files with the same bytes, but for the seconds in training.csv.
same() {
  python3 - "$1" "$2" <<'P'
import os
import sys


def contents(root):
    found = {}
    for folder, _, names in os.walk(root):
        for name in names:
            path = os.path.join(folder, name)
            with open(path, "rb") as file:
                data = file.read()
            if name == "training.csv":
                data = b"\n".join(line.rsplit(b",", 1)[0] for line in data.split(b"\n"))
            found[os.path.relpath(path, root)] = data
    return found


one, other = map(contents, sys.argv[1:3])
wrong = sorted(set(one) ^ set(other)) + [path for path in one if path in other and one[path] != other[path]]
if not one or wrong:
    sys.exit(f"these differ: {wrong}" if one else "there is nothing to compare")
print(f"{len(one)} files, the same bytes")
P
}
