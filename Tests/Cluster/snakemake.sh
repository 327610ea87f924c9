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
# A part that is seen at work is killed (SIGKILL) and must be tried again. It may end between the look and the signal: then
# another one is caught, until Snakemake says that it tries one again.
touch log.txt
(
  until grep -q "Trying to restart job" log.txt; do
    if caught=$(at_work run) && read -r id process <<<"$caught" && kill -KILL "$process" 2>/dev/null; then
      echo "killed $id, process $process"
      sleep 1
    fi
    sleep 0.05
  done
) >"$work/killer.txt" 2>&1 &
killer=$!
start=$(date +%s)
MANIKIN=$manikin "$snakemake" --snakefile "$here/../../Recipes/cluster/Snakefile" \
  --profile "$here/../../Recipes/cluster/profile" --config run=run --cores 2 >log.txt 2>&1 || { tail -40 log.txt; exit 1; }
echo "snakemake: $(($(date +%s) - start)) s"
kill "$killer" 2>/dev/null || true
wait "$killer" 2>/dev/null || true
killer=
cat "$work/killer.txt"
again=$(grep -c "Trying to restart job" log.txt) || { echo "no part was caught at work: give them more to do (STEPS)" >&2; exit 1; }
echo "parts tried again: $again"
same "$work/single/run" run
# Nothing is left to do.
"$snakemake" --snakefile "$here/../../Recipes/cluster/Snakefile" --profile "$here/../../Recipes/cluster/profile" \
  --config run=run --cores 2 >again.txt 2>&1
grep "Nothing to be done" again.txt
