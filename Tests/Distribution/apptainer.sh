#!/usr/bin/env bash
# Builds the image of Recipes/cluster/manikin.def with a wheel, and runs it as on a cluster: both as a user who is not root, and the
# runs without a network, from the read-only image. Shows the test section, a whole recipe, a cohort outside the home folder and a plan
# that is worked off in parts. Needs root and debootstrap.
#
#   Tests/Distribution/apptainer.sh dist/manikin-*.whl [recipe]
#
# Debian 12 has no Apptainer, so one of another suite runs in a system of its own (APPTAINER_SUITE, sid by default). The image begins
# with a bare Debian 12, packed as `docker save` packs images, so no registry of images is asked. Both systems are made once, under
# ${ROOTS:-/var/tmp/manikin-chroots}, and used again.
set -euo pipefail

wheel=$(realpath "${1:?the wheel}")
recipe=${2:-quickstart}
definition=$(realpath "$(dirname "$0")/../../Recipes/cluster/manikin.def")
suite=${APPTAINER_SUITE:-sid}
roots=${ROOTS:-/var/tmp/manikin-chroots}
host=$roots/apptainer-$suite
base=$roots/bookworm-base
mkdir -p "$roots"

# bare SUITE FOLDER makes a small system.
bare() {
  rm -rf "$2"
  debootstrap --variant=minbase "$1" "$2" >"$2.log" 2>&1 || { tail -20 "$2.log" >&2; exit 1; }
}

# As a file of `docker save`: a description, and the system as one layer without device nodes.
if [ ! -e "$base.tar" ]; then
  bare bookworm "$base"
  rm -f "$base"/var/cache/apt/archives/*.deb
  python3 - "$base" "$base.part" <<'PYTHON'
import hashlib, json, sys, tarfile, tempfile
from pathlib import Path

tree, target = map(Path, sys.argv[1:])
with tempfile.TemporaryDirectory(dir=target.parent) as folder:
    files = {name: Path(folder) / name for name in ("manifest.json", "config.json", "layer.tar")}
    with tarfile.open(files["layer.tar"], "w") as layer:
        layer.add(tree, arcname=".", filter=lambda entry: None if entry.isdev() else entry)
    digest = hashlib.sha256(files["layer.tar"].read_bytes()).hexdigest()
    files["config.json"].write_text(json.dumps({
        "architecture": "amd64", "os": "linux",
        "config": {"Env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"], "Cmd": ["bash"]},
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{digest}"]}}))
    files["manifest.json"].write_text(json.dumps([
        {"Config": "config.json", "RepoTags": ["debian:bookworm"], "Layers": ["layer.tar"]}]))
    with tarfile.open(target, "w") as image:
        for name, file in files.items():
            image.add(file, arcname=name)
PYTHON
  mv "$base.part" "$base.tar"
fi

if [ ! -e "$host.made" ]; then
  bare "$suite" "$host"
  # Without apt-get update: debootstrap leaves its lists.
  unshare --mount bash -euc '
    mount -t proc proc "$0/proc"
    DEBIAN_FRONTEND=noninteractive TMPDIR=/tmp chroot "$0" apt-get install -y --no-install-recommends apptainer squashfuse
  ' "$host" >>"$host.log" 2>&1 || { tail -20 "$host.log" >&2; exit 1; }
  # With a range of ids of its own, as useradd gives to every person, a user may be root of an image that is being built.
  chroot "$host" useradd --create-home someone
  echo "127.0.0.1 localhost" >"$host/etc/hosts"
  touch "$host.made"
fi
cp /etc/resolv.conf "$host/etc/resolv.conf"
rm -rf "$host/home/someone" "$host/data"
owner=(-o "$(chroot "$host" id -u someone)" -g "$(chroot "$host" id -g someone)")
install -d "${owner[@]}" "$host/home/someone" "$host/data"
install -m 644 "$wheel" "$definition" "$host/home/someone/"
ln -f "$base.tar" "$host/home/someone/bookworm.tar" || cp "$base.tar" "$host/home/someone/bookworm.tar"

cat >"$host/home/someone/build.sh" <<'END_BUILD'
set -euo pipefail
cd
. /etc/os-release
echo "$PRETTY_NAME: $(apptainer --version), $(whoami)"
start=$(date +%s)
apptainer build --build-arg BOOTSTRAP=docker-archive --build-arg BASE=bookworm.tar manikin.sif manikin.def >build.log 2>&1 || {
  tail -20 build.log >&2
  exit 1
}
echo "built in $(($(date +%s) - start)) s, $(du --block-size=1M manikin.sif | cut -f1) MiB"
END_BUILD

cat >"$host/home/someone/run.sh" <<'END_RUN'
set -euo pipefail
cd
echo "running without root ($(whoami)), $(ls /sys/class/net | grep -cv '^lo$' || true) networks"
apptainer --quiet test manikin.sif >test.txt
echo "test section: manikin $(head -1 test.txt)"
[ "$(apptainer --quiet exec manikin.sif touch /opt/manikin/file 2>&1 | grep -c 'Read-only file system')" = 1 ]
# What a scheduler starts: a script of two lines, with a folder outside the home folder.
printf '#!/bin/sh\nexec apptainer --quiet run --bind /data "%s/manikin.sif" "$@"\n' "$PWD" >manikin
chmod +x manikin
./manikin phantom /data/cohort --subjects 24 --minority 8 --size 32x32 --quiet
small=(--methods original,smote --splits 2 --runs 2 --synthetic-per-class 12 --set classifier.epochs=2)
./manikin evaluate /data/cohort "${small[@]}" --steps 20 --out single --quiet >/dev/null
./manikin plan /data/cohort "${small[@]}" --steps 20 --out run --quiet >/dev/null
for kind in train draw judge,classify gather; do
  ./manikin status run --missing --kind $kind | xargs -P 2 -I{} ./manikin work run --part {} --quiet
done
[ -s run/report.html ]
diff --recursive --brief --exclude training.csv single run
echo "evaluate, and the same in parts: $(find run -type f | wc -l) files, the same bytes but for seconds"

start=$(date +%s)
apptainer --quiet run manikin.sif run "$1" >table.txt
end=$(date +%s)
cat table.txt
[ -s "manikin-runs/$1/report.html" ]
grep -q '^manifold ' table.txt
echo "$1 from the image: $((end - start)) s"
END_RUN

# entered COMMAND [unshare's options] runs a command of someone's in the system, which becomes the root of a name space of its own:
# within a mere chroot, users may not make the name spaces that Apptainer needs.
entered() {
  local command=$1
  shift
  unshare --mount "$@" bash -euc '
    cd "$0"
    mount --bind . .
    cd "$0"
    mount -t proc proc proc
    mount -t sysfs sysfs sys
    mount -t tmpfs tmpfs dev
    mount -t tmpfs -o mode=1777 tmpfs tmp
    for device in null:1:3 zero:1:5 full:1:7 random:1:8 urandom:1:9 tty:5:0 fuse:10:229; do
      IFS=: read -r name major minor <<<"$device"
      mknod --mode=666 "dev/$name" c "$major" "$minor"
    done
    ln -s /proc/self/fd dev/fd
    for number in 0:stdin 1:stdout 2:stderr; do ln -s "/proc/self/fd/${number%:*}" "dev/${number#*:}"; done
    mkdir -p dev/pts dev/shm outside
    mount -t devpts -o newinstance,ptmxmode=666 devpts dev/pts
    ln -s pts/ptmx dev/ptmx
    chmod 1777 dev/shm
    pivot_root . outside
    exec chroot . bash -euc "umount --lazy /outside; rmdir /outside; exec su - someone -c \"$1\""' "$host" "$command"
}
entered "bash build.sh"
entered "bash run.sh $recipe" --net
