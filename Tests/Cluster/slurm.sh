#!/usr/bin/env bash
# One experiment by one process and by Slurm with two virtual nodes on this machine; then the bytes of both. On the way one
# job is ended by scancel, one by its time limit, and one node is drained.
#
#     Tests/Cluster/slurm.sh [MANIKIN]
#
# Root on Debian 12, after: apt-get install slurm-wlm munge.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/experiment.sh"
. "$here/slurm-nodes.sh"
manikin=$(program "${1:-}")
# Classifiers that last long enough for a time limit to find them at work.
export EPOCHS=${EPOCHS:-400}
work=$(mktemp -d)
chmod 755 "$work"
trap 'stop_slurm "$work"; rm -rf "$work"' EXIT
start_slurm "$work"

single "$work/single"
plan "$work/parts" --slurm
cd "$work/parts"
start=$(date +%s)
queue_is_empty() { [ -z "$(squeue --noheader)" ]; }
wait_for_queue() { until queue_is_empty; do sleep 2; done; }
# job ID prints the job and task of a part that is at work.
job_at_work() { squeue --noheader --states=R --name="manikin-$1" --format=%i | head -1; }

bash run.parts/slurm.sh
# 1. A model's training is cancelled.
until job=$(job_at_work train) && [ -n "$job" ] && running run train >/dev/null; do sleep 0.5; done
echo "scancel $job ($(running run train))"
scancel "$job"
# 2. A node is drained: its job ends, and others go to the other node.
scontrol update nodename=n2 state=drain reason=test
sleep 5
sinfo --noheader --Node --format="%N %t"
scontrol update nodename=n2 state=resume
# 3. A job reaches its time limit: Slurm's warning comes a minute before, so at once, and the part goes into the queue again.
until id=$(running run classify) || queue_is_empty; do sleep 0.2; done
list=$(ls -t run.parts/slurm/classify.* | head -1)
if [ -n "$id" ]; then
  task=$(($(grep -nxF "$id" "$list" | cut -d: -f1) - 1))
  job=$(squeue --noheader --array --states=R --name=manikin-classify --format=%i | grep "_$task\$" || true)
  if [ -n "$job" ] && scontrol update jobid="$job" timelimit=1; then
    echo "time limit of $job ($id) set to a minute"
    for _ in $(seq 60); do
      sleep 1
      if squeue --noheader --array --jobs="$job" --states=PD --format=%i 2>/dev/null | grep -q .; then
        scontrol update jobid="$job" timelimit=10 starttime=now
        echo "it is in the queue again"
        break
      fi
    done
  fi
fi
wait_for_queue
"$manikin" status run || true
# What was cancelled, and what waited for it, is submitted again.
for _ in 1 2 3; do
  [ -z "$("$manikin" status run --missing)" ] && break
  bash run.parts/slurm.sh
  wait_for_queue
done
echo "slurm: $(($(date +%s) - start)) s"
told=$(cat run.parts/logs/*.log | grep -c "told to stop" || true)
echo "parts told to stop: $told"
[ "$told" -ge 2 ] || { echo "the time limit found no part at work: give them more to do (EPOCHS)" >&2; exit 1; }
grep -h "Training .* classifier\|told to stop\|is done" "run.parts/logs/$id.log" | tail -4
same "$work/single/run" run
