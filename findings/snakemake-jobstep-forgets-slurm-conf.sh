#!/usr/bin/env bash
# Snakemake 9.27.1 with snakemake-executor-plugin-slurm-jobstep 0.6.1 (PyPI), which starts the command of every job that the
# executor for Slurm submits.
# Behaviour: it hands srun an environment from which it took every SLURM_ variable but a short list that tells the job; SLURM_CONF,
# which names Slurm's configuration file, is not in that list.
# Output seen: SLURM_JOB_ID=7 reaches srun, SLURM_CONF does not.
# One would have guessed: what sbatch --export=ALL brought into the job stays, so that srun finds the cluster that sbatch found.
# Why it matters: where slurm.conf is not at its usual place (a test cluster, two clusters on one login node, a module that sets
# SLURM_CONF) sbatch works and every job then fails with "srun: fatal: Could not establish a configuration source".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check snakemake==9.27.1 \
  snakemake-executor-plugin-slurm-jobstep==0.6.1
cd "$folder"
# A stand-in for srun that writes down what it is given.
mkdir programs
cat >programs/srun <<'SRUN'
#!/usr/bin/env bash
echo "SLURM_CONF=${SLURM_CONF-unset} SLURM_JOB_ID=${SLURM_JOB_ID-unset}" >>seen.txt
touch done.txt
SRUN
chmod +x programs/srun
cat >Snakefile <<'RULE'
rule all:
    output: "done.txt"
    shell: "touch done.txt"
RULE
PATH=$folder/programs:$PATH SLURM_CONF=$folder/slurm.conf SLURM_JOB_ID=7 \
  "$folder/venv/bin/snakemake" --executor slurm-jobstep --jobs 1 all >log.txt 2>&1 || { cat log.txt; exit 1; }
cat seen.txt
[ "$(sort -u seen.txt)" = "SLURM_CONF=unset SLURM_JOB_ID=7" ] || { echo "the behaviour has changed"; exit 1; }
echo "as described"
