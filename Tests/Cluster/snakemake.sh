#!/usr/bin/env bash
# One experiment by one process and by Snakemake with two jobs, one of which is killed; then the bytes of both.
#
#     Tests/Cluster/snakemake.sh [SNAKEMAKE] [MANIKIN]
#
# SNAKEMAKE is a program (default: snakemake; 7.21 of Debian and 9 of PyPI are what it was tested with), MANIKIN another
# (default: .build/release/manikin).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/experiment.sh"
snakemake=$(command -v "${1:-snakemake}") || { echo "there is no Snakemake: apt-get install snakemake" >&2; exit 77; }
manikin=$(program "${2:-}")
work=$(mktemp -d)
killer=
trap '[ -z "$killer" ] || kill "$killer" 2>/dev/null || true; rm -rf "$work"' EXIT
"$snakemake" --version
single "$work/single"

plan "$work/parts"
cd "$work/parts"
# A part that is killed (SIGKILL) is tried again.
(
  until id=$(running run); do sleep 0.2; done
  process=$("$manikin" status run --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["running"][0]["process"])')
  echo "killing $id, process $process"
  kill -KILL "$process"
) >"$work/killer.txt" 2>&1 &
killer=$!
start=$(date +%s)
MANIKIN=$manikin "$snakemake" --snakefile "$here/../../Recipes/cluster/Snakefile" \
  --profile "$here/../../Recipes/cluster/profile" --config run=run --cores 2 >log.txt 2>&1 || { tail -40 log.txt; exit 1; }
echo "snakemake: $(($(date +%s) - start)) s"
wait "$killer" || true
killer=
cat "$work/killer.txt"
grep -c "Trying to restart job" log.txt | sed 's/^/parts tried again: /'
same "$work/single/run" run
# Nothing is left to do.
"$snakemake" --snakefile "$here/../../Recipes/cluster/Snakefile" --profile "$here/../../Recipes/cluster/profile" \
  --config run=run --cores 2 >again.txt 2>&1
grep "Nothing to be done" again.txt
