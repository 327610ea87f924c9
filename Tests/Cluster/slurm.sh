#!/usr/bin/env bash
# One experiment by one process and by Slurm with two virtual nodes on this machine; then the bytes of both. On the way one
# job is ended by scancel, one by its time limit, and one node is drained. With SNAKEMAKE in the environment (a program,
# version 8 or newer, with snakemake-executor-plugin-slurm), once more through its executor.
#
#     Tests/Cluster/slurm.sh [MANIKIN]
#
# Root on Debian 12, after: apt-get install slurm-wlm munge. Starts what it needs, and ends just that.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/experiment.sh"
for tool in sbatch slurmctld slurmd munged; do
  PATH=$PATH:/usr/sbin command -v $tool >/dev/null || { echo "there is no $tool: apt-get install slurm-wlm munge" >&2; exit 77; }
done
[ "$(id -u)" = 0 ] || { echo "only root starts Slurm's daemons" >&2; exit 77; }
export PATH=$PATH:/usr/sbin
manikin=$(program "${1:-}")
# Classifiers that last long enough for a time limit to find them at work.
export EPOCHS=${EPOCHS:-400}
work=$(mktemp -d)
chmod 755 "$work"

mkdir -p "$work"/slurm/{state,spool-n1,spool-n2} /run/munge
chown munge:munge /run/munge
if [ ! -f /etc/munge/munge.key ]; then
  head -c 1024 /dev/urandom >/etc/munge/munge.key
  chown munge:munge /etc/munge/munge.key
  chmod 400 /etc/munge/munge.key
fi
cat >"$work/slurm/slurm.conf" <<C
ClusterName=test
SlurmctldHost=localhost
SlurmUser=root
AuthType=auth/munge
StateSaveLocation=$work/slurm/state
SlurmdSpoolDir=$work/slurm/spool-%n
SlurmctldPidFile=$work/slurm/slurmctld.pid
SlurmdPidFile=$work/slurm/slurmd-%n.pid
SlurmctldLogFile=$work/slurm/slurmctld.log
SlurmdLogFile=$work/slurm/slurmd-%n.log
SlurmctldPort=16917
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SchedulerType=sched/backfill
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
MpiDefault=none
NodeName=n1 NodeHostname=localhost NodeAddr=127.0.0.1 Port=17101 CPUs=1 RealMemory=4000
NodeName=n2 NodeHostname=localhost NodeAddr=127.0.0.1 Port=17102 CPUs=1 RealMemory=4000
PartitionName=main Nodes=n1,n2 Default=YES MaxTime=600 State=UP
C
export SLURM_CONF="$work/slurm/slurm.conf"
stop() {
  local file
  for file in "$work"/slurm/slurmctld.pid "$work"/slurm/slurmd-n1.pid "$work"/slurm/slurmd-n2.pid "$work/slurm/munged.pid"; do
    [ -f "$file" ] && kill "$(cat "$file")" || true
  done
  sleep 2
  rm -rf "$work"
}
trap stop EXIT
if [ ! -S /run/munge/munge.socket.2 ]; then
  touch "$work/slurm/munged.pid"
  chown munge:munge "$work/slurm/munged.pid" "$work/slurm"
  su -s /bin/bash munge -c "/usr/sbin/munged --pid-file=$work/slurm/munged.pid"
  sleep 1
fi
slurmctld
sleep 2
slurmd -N n1
slurmd -N n2
sleep 3
sinfo

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
[ -n "${SNAKEMAKE:-}" ] || exit 0

# 4. Snakemake submits each part as a job of its own; one is cancelled and tried again.
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
MANIKIN=$manikin "$SNAKEMAKE" --snakefile "$here/../../Recipes/cluster/Snakefile" \
  --profile "$here/../../Recipes/cluster/profile" --config run=run --executor slurm --jobs 4 --slurm-no-account \
  --slurm-status-command squeue --slurm-init-seconds-before-status-checks 5 \
  --default-resources slurm_partition=main >log.txt 2>&1 || { tail -60 log.txt; kill "$killer" 2>/dev/null; exit 1; }
kill "$killer" 2>/dev/null || true
echo "snakemake $("$SNAKEMAKE" --version) on slurm: $(($(date +%s) - start)) s"
cat killer.txt
again=$(grep -c "Trying to restart job" log.txt) || { echo "no job was cancelled at work" >&2; exit 1; }
echo "parts tried again: $again"
same "$work/single/run" run
