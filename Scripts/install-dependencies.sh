#!/usr/bin/env bash
# Installs the system libraries that Manikin links, where they are missing. Debian and Ubuntu: apt, with sudo when not
# root. macOS: says what to install with brew.
set -euo pipefail

if ! command -v swift >/dev/null 2>&1; then
  echo "Swift is not installed: the README says how to get Swift 6.1 or newer." >&2
  exit 1
fi

if [ "$(uname)" = Darwin ]; then
  missing=()
  for package in onednn openblas libpng jpeg-turbo libtiff libmatio libzip nifti_clib openssl@3 pkg-config; do
    brew list "$package" >/dev/null 2>&1 || missing+=("$package")
  done
  if [ ${#missing[@]} -gt 0 ]; then
    echo "Install these first: brew install ${missing[*]}" >&2
    exit 1
  fi
  exit 0
fi

# Ubuntu and newer Debian call oneDNN's headers libdnnl-dev too; niftilib's are split in two packages.
packages=(libdnnl-dev libopenblas-dev libniftiio-dev libnifti2-dev libznz-dev libpng-dev libjpeg-dev libtiff-dev libmatio-dev libzip-dev
  libssl-dev zlib1g-dev pkg-config)
missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q '^install ok installed' || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null 2>&1 || {
    echo "Not root and no sudo: have an administrator run: apt-get install ${missing[*]}" >&2
    exit 1
  }
  as_root=(sudo)
fi
echo "Installing ${missing[*]}" >&2
"${as_root[@]}" apt-get update -qq
DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
