"""Lays a built manikin out so that it runs anywhere: program, libraries, recipes and licences in one folder.

    bin/manikin            finds ../lib/manikin by its run path
    lib/manikin/*.so.N     find each other by theirs
    share/manikin/Recipes  what `manikin run quickstart` looks for
    share/doc/manikin      our licence and those of every library
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
from pathlib import Path

import libraries

SOURCE = Path(__file__).resolve().parents[2]


def command(*words: str | Path) -> None:
    subprocess.run(words, check=True)


def stand_in(name: str, target: Path) -> None:
    """Compiles the library that fails in place of one that is never used."""
    source = Path(__file__).with_name(libraries.UNUSED[name] + ".c")
    versions = source.with_suffix(".map")
    command(
        shutil.which("cc") or "clang", "-shared", "-fPIC", "-O1", f"-Wl,-soname,{name}",
        *([f"-Wl,--version-script={versions}"] if versions.exists() else []), "-o", target, source)


def icu_licence(program: Path) -> Path:
    """The licence of the release of ICU that is linked into the program, which its symbols name."""
    releases = {name.decode() for name in re.findall(rb"icu_([0-9]{2})", program.read_bytes())}
    folder = Path(__file__).with_name("licences")
    files = [folder / f"icu-{release}.txt" for release in sorted(releases)]
    if len(files) != 1 or not files[0].exists():
        raise SystemExit(
            f"the program holds ICU {', '.join(sorted(releases)) or 'of no known release'}: put the LICENSE of that release's "
            f"sources into {folder} as icu-RELEASE.txt")
    return files[0]


def licences(packages: set[str], target: Path, swift: Path, program: Path) -> None:
    shutil.copy(SOURCE / "LICENSE", target.parent / "LICENSE")
    for name in sorted(packages):
        (target / name).mkdir(parents=True)
        shutil.copy(Path("/usr/share/doc") / name / "copyright", target / name / "copyright")
    (target / "swift").mkdir()
    shutil.copy(swift, target / "swift" / "LICENSE.txt")
    # Swift's Foundation holds ICU and its data, and the toolchain has no copy of their licence.
    (target / "icu").mkdir()
    shutil.copy(icu_licence(program), target / "icu" / "LICENSE")
    # Sources that are linked into the program.
    for checkout in sorted((SOURCE / ".build-dist/checkouts").iterdir()):
        for file in checkout.glob("LICEN[CS]E*"):
            (target / checkout.name).mkdir(exist_ok=True)
            shutil.copy(file, target / checkout.name / file.name)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=Path, help="the built manikin")
    parser.add_argument("target", type=Path, help="the folder to make; one that is there is replaced")
    parser.add_argument("--patchelf", default="patchelf", help="the program that sets run paths")
    options = parser.parse_args()

    target: Path = options.target
    shutil.rmtree(target, ignore_errors=True)
    folders = {name: target / name for name in ("bin", "lib/manikin", "share/manikin", "share/doc/manikin")}
    for folder in folders.values():
        folder.mkdir(parents=True)

    program = folders["bin"] / "manikin"
    shutil.copy(options.program, program)
    command("strip", "--strip-all", program)
    command(options.patchelf, "--set-rpath", "$ORIGIN/../lib/manikin", program)

    found = libraries.bundled(options.program)
    for name, file in found.items():
        copy = folders["lib/manikin"] / name
        if file is None:
            stand_in(name, copy)
        else:
            shutil.copy(file, copy)
            copy.chmod(0o644)
        command("strip", "--strip-unneeded", copy)
        command(options.patchelf, "--set-rpath", "$ORIGIN", copy)

    recipes = folders["share/manikin"] / "Recipes"
    shutil.copytree(SOURCE / "Recipes", recipes)
    swift = Path(shutil.which("swift")).resolve().parents[1] / "share/swift/LICENSE.txt"
    licences(
        {libraries.package(file) for file in found.values() if file}, folders["share/doc/manikin"] / "licences", swift,
        options.program)
    shutil.copy(SOURCE / "README.md", folders["share/doc/manikin"])
    shutil.copytree(SOURCE / "Documentation", folders["share/doc/manikin"] / "Documentation")
    print(f"{target}: {len(found)} libraries")


if __name__ == "__main__":
    main()
