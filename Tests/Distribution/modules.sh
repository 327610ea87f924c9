#!/usr/bin/env bash
# Loads Manikin's tarball by the module file, with Lmod or environment-modules, whichever is installed (Debian has both, one at a
# time: apt-get install lmod, apt-get install environment-modules).
#
#   Tests/Distribution/modules.sh dist/manikin-*.tar.gz
set -euo pipefail

tarball=$(realpath "${1:?the tarball}")
recipes=$(cd "$(dirname "$0")/../../Recipes/cluster" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tar xzf "$tarball" -C "$work"
version=$(basename "$work"/manikin-* | sed 's/^manikin-//')
mkdir -p "$work/modulefiles/manikin"

shopt -s nullglob
lmod=(/usr/share/lmod/*/init/bash)
tcl=(/usr/share/modules/init/bash)
if [ ${#lmod[@]} -gt 0 ]; then
  system=Lmod start=${lmod[0]}
  cp "$recipes/modulefile.lua" "$work/modulefiles/manikin/$version.lua"
elif [ ${#tcl[@]} -gt 0 ]; then
  system=environment-modules start=${tcl[0]}
  cp "$recipes/modulefile.tcl" "$work/modulefiles/manikin/$version"
else
  echo "Neither Lmod nor environment-modules is installed." >&2
  exit 1
fi

# Without network, in a shell that knows nothing else.
unshare --map-root-user --net env -i HOME="$work" PATH=/usr/bin:/bin MANIKIN_SOFTWARE="$work" bash -euc '
  set +eu; . "$0"; set -e
  module use "$1/modulefiles"
  module load manikin
  [ "$(command -v manikin)" = "$MANIKIN_SOFTWARE/manikin-$2/bin/manikin" ]
  [ "$(manikin --version)" = "$2" ]
  [ "$MANIKIN" = "$(command -v manikin)" ]
  manikin recipe quickstart | grep -q "name: quickstart"
  cd "$HOME"
  manikin phantom made --subjects 6 --minority 2 --quiet >/dev/null
  manikin inspect made --quiet >/dev/null
  module unload manikin
  ! command -v manikin
  export MANIKIN_SOFTWARE=/nowhere
  module load manikin 2>message.txt || true
  ! command -v manikin
  grep -q "/nowhere/manikin-$2/bin/manikin" <(tr -d "\n" <message.txt)
' "$start" "$work" "$version"
echo "$system: loaded, ran and unloaded manikin $version; a missing folder is named"
