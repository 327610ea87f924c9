#!/usr/bin/env bash
# One experiment by one process and by Snakemake on Slurm with two virtual nodes on this machine: each part is a job of its
# own. One is cancelled and tried again. Then the bytes of both.
#
#     Tests/Cluster/snakemake-slurm.sh SNAKEMAKE [MANIKIN]
#
# Root on Debian 12, after: apt-get install slurm-wlm munge; SNAKEMAKE is version 8 or newer with
# snakemake-executor-plugin-slurm.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/experiment.sh"
. "$here/slurm-nodes.sh"
snakemake=$(command -v "${1:?name the program snakemake}") || { echo "there is no $1" >&2; exit 77; }
manikin=$(program "${2:-}")
work=$(mktemp -d)
chmod 755 "$work"
trap 'stop_slurm "$work"; rm -rf "$work"' EXIT
start_slurm "$work"

single "$work/single"
plan "$work/snakemake"
cd "$work/snakemake"
touch log.txt
(
  until job=$(squeue --noheader --states=R --format=%i | head -1) && [ -n "$job" ] && id=$(running run) && scancel "$job"; do
    sleep 0.2
  done
  echo "scancel $job, while $id was at work"
) >killer.txt 2>&1 &
killer=$!
start=$(date +%s)
MANIKIN=$manikin "$snakemake" --snakefile "$here/../../Recipes/cluster/Snakefile" \
  --profile "$here/../../Recipes/cluster/profile" --config run=run --executor slurm --jobs 4 --slurm-no-account \
  --slurm-status-command squeue --slurm-init-seconds-before-status-checks 5 \
  --default-resources slurm_partition=main >log.txt 2>&1 || { tail -30 log.txt; tail -n 20 .snakemake/slurm_logs/*/*/*.log; kill "$killer" 2>/dev/null; exit 1; }
kill "$killer" 2>/dev/null || true
echo "snakemake $("$snakemake" --version) on slurm: $(($(date +%s) - start)) s"
cat killer.txt
again=$(grep -c "Trying to restart job" log.txt) || { echo "no job was cancelled at work" >&2; exit 1; }
echo "parts tried again: $again"
same "$work/single/run" run
