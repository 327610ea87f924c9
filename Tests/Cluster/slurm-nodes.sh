# Slurm with two virtual nodes of one core on this machine: root on Debian 12, after apt-get install slurm-wlm munge. To be
# sourced.

# start_slurm FOLDER starts what it needs, with its files in FOLDER/slurm.
start_slurm() {
  local work=$1 tool
  export PATH=$PATH:/usr/sbin
  for tool in sbatch slurmctld slurmd munged; do
    command -v $tool >/dev/null || { echo "there is no $tool: apt-get install slurm-wlm munge" >&2; return 77; }
  done
  [ "$(id -u)" = 0 ] || { echo "only root starts Slurm's daemons" >&2; return 77; }
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
  # Snakemake's executor drops every variable of Slurm before it calls srun.
  [ -e /etc/slurm/slurm.conf ] || { mkdir -p /etc/slurm && ln -sf "$SLURM_CONF" /etc/slurm/slurm.conf; }
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
}

# stop_slurm FOLDER ends just that.
stop_slurm() {
  local file
  for file in "$1"/slurm/slurmctld.pid "$1"/slurm/slurmd-n1.pid "$1"/slurm/slurmd-n2.pid "$1/slurm/munged.pid"; do
    [ -f "$file" ] && kill "$(cat "$file")" || true
  done
  if [ "$(readlink /etc/slurm/slurm.conf)" = "$1/slurm/slurm.conf" ]; then rm /etc/slurm/slurm.conf; fi
  sleep 2
}
