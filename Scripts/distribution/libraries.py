"""Which shared libraries a program needs, and which of them every Linux of the same age has."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

# Of the C and C++ run time, which the platform tag of a wheel promises. All else is bundled.
BASE = re.compile(r"(ld-linux-x86-64|libc|libm|libdl|librt|libpthread|libresolv|libutil|libgcc_s|libstdc\+\+)\.so\.\d+")

# Libraries that are linked and never used, with what is bundled in their place.
UNUSED = {"libcurl.so.4": "no-curl", "libjbig.so.0": "no-jbig"}


def needed(file: Path) -> list[str]:
    """The names that a file says it needs itself."""
    text = subprocess.run(["readelf", "--dynamic", "--wide", file], capture_output=True, text=True, check=True).stdout
    return re.findall(r"\(NEEDED\)\s+Shared library: \[(.+?)\]", text)


def places(file: Path) -> dict[str, Path]:
    """Where this machine's loader finds each library that a file needs, directly or not."""
    text = subprocess.run(["ldd", file], capture_output=True, text=True, check=True).stdout
    missing = re.findall(r"(\S+) => not found", text)
    if missing:
        raise SystemExit(f"{file}: these libraries are not installed here: {', '.join(missing)}")
    return {name: Path(place) for name, place in re.findall(r"(\S+) => (\S+) \(", text)}


def bundled(program: Path) -> dict[str, Path | None]:
    """The libraries that go with a program, by name, each with its file; None for one that is never used."""
    where = places(program)
    result: dict[str, Path | None] = {}
    waiting = needed(program)
    while waiting:
        name = waiting.pop()
        if name in result or BASE.fullmatch(name):
            continue
        result[name] = None if name in UNUSED else where[name].resolve()
        if result[name] is not None:
            waiting += needed(result[name])
    return dict(sorted(result.items()))


def package(file: Path) -> str:
    """The Debian package that a library comes from."""
    # dpkg may know a file by its place before /lib and /usr/lib became one.
    for place in (file, Path("/usr") / file.relative_to("/"), Path("/") / str(file).removeprefix("/usr/")):
        found = subprocess.run(["dpkg-query", "--search", place], capture_output=True, text=True)
        if found.returncode == 0:
            return found.stdout.split(":")[0]
    # An alternative, such as one of several OpenBLAS builds, is a link that resolve() has followed already.
    raise SystemExit(f"{file}: no installed package has this library, so its licence is not known.")
