#!/usr/bin/env bash
# Shows that the wheel works where neither Swift nor any library of Manikin's is: in a small Debian or Ubuntu made by
# debootstrap, without network, as a user who is not root and whose home is empty. Needs root and debootstrap.
#
#   Tests/Distribution/chroot.sh bookworm dist/manikin-*.whl [recipe]
#   DEBOOTSTRAP_OPTIONS="--components=main,universe --keyring=FILE" Tests/Distribution/chroot.sh noble dist/manikin-*.whl
#
# The system is made once, under ${ROOTS:-/var/tmp/manikin-chroots}, and used again.
set -euo pipefail

suite=${1:?which Debian or Ubuntu, such as bookworm}
wheel=$(realpath "${2:?the wheel}")
recipe=${3:-quickstart}
roots=${ROOTS:-/var/tmp/manikin-chroots}
root=$roots/$suite

if [ ! -e "$root.made" ]; then
  mkdir -p "$roots"
  # Ubuntu's suites that are newer than debootstrap are made as the older ones are.
  scripts=/usr/share/debootstrap
  if [ ! -e "$scripts/scripts/$suite" ]; then
    rm -rf "$roots/debootstrap"
    cp -r "$scripts" "$roots/debootstrap"
    scripts=$roots/debootstrap
    ln -s gutsy "$scripts/scripts/$suite"
  fi
  rm -rf "$root"
  # shellcheck disable=SC2086
  DEBOOTSTRAP_DIR=$scripts debootstrap --variant=minbase --include=python3,python3-pip,python3-venv \
    ${DEBOOTSTRAP_OPTIONS:-} "$suite" "$root" >"$root.log" 2>&1 || { tail -20 "$root.log" >&2; exit 1; }
  chroot "$root" useradd --create-home someone
  touch "$root.made"
fi
rm -rf "$root/home/someone"
install -d -o "$(chroot "$root" id -u someone)" -g "$(chroot "$root" id -g someone)" "$root/home/someone"
install -m 644 "$wheel" "$root/home/someone/"

cat >"$root/home/someone/first-report.sh" <<'END'
set -euo pipefail
cd
. /etc/os-release
echo "$PRETTY_NAME: $(whoami), home with $(ls -A | wc -l) files, $(ls /sys/class/net 2>/dev/null | grep -cv '^lo$' || true) networks"
! command -v swift >/dev/null || { echo "there is a Swift here" >&2; exit 1; }
python3 -m venv environment
start=$(date +%s.%N)
environment/bin/pip install --quiet --disable-pip-version-check --no-index ./manikin-*.whl
installed=$(date +%s.%N)
mkdir elsewhere && cd elsewhere
../environment/bin/manikin run "$1" >table.txt
end=$(date +%s.%N)
cat table.txt
[ -s "manikin-runs/$1/report.html" ]
grep -q '^manifold ' table.txt
# Nothing of it may need a library of the system beyond the C and C++ run time.
[ -z "$(LD_TRACE_LOADED_OBJECTS=1 ../environment/lib/python3*/site-packages/manikin/bundle/bin/manikin | grep 'not found')" ]
python3 - "$start" "$installed" "$end" <<'PYTHON'
import sys
start, installed, end = map(float, sys.argv[1:])
print(f"pip install {installed - start:.1f} s, to the first report {end - start:.1f} s")
PYTHON
END

# Mounts and the network's absence belong to this command alone.
unshare --mount --net bash -euc '
  mount -t proc proc "$0/proc"
  mount -t tmpfs tmpfs "$0/dev"
  for device in null zero random urandom; do
    touch "$0/dev/$device"
    mount --bind "/dev/$device" "$0/dev/$device"
  done
  exec chroot "$0" su - someone -c "bash first-report.sh $1"' "$root" "$recipe"
