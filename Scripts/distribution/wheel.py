"""Makes a pip wheel of a bundle (see bundle.py) and the Python module, reproducibly: equal inputs, equal bytes."""

from __future__ import annotations

import argparse
import base64
import hashlib
import stat
import zipfile
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]

METADATA = """\
Metadata-Version: 2.4
Name: manikin
Version: {version}
Summary: Balance a small, imbalanced set of medical images, and measure whether that helps a classifier.
License-Expression: Apache-2.0
Requires-Python: >=3.9
Provides-Extra: torch
Requires-Dist: torch>=2.0; extra == "torch"
Requires-Dist: safetensors>=0.4; extra == "torch"
Requires-Dist: numpy; extra == "torch"
Provides-Extra: pandas
Requires-Dist: pandas>=1.5; extra == "pandas"
Description-Content-Type: text/markdown

"""
WHEEL = """\
Wheel-Version: 1.0
Generator: manikin
Root-Is-Purelib: false
Tag: py3-none-{platform}
"""
ENTRY_POINTS = """\
[console_scripts]
manikin = manikin._program:main
"""


class Wheel:
    def __init__(self, file: Path) -> None:
        self.archive = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9)
        self.record: list[str] = []

    def add(self, name: str, content: bytes, executable: bool = False) -> None:
        entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.external_attr = (stat.S_IFREG | (0o755 if executable else 0o644)) << 16
        self.archive.writestr(entry, content)
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
        self.record.append(f"{name},sha256={digest},{len(content)}")

    def add_folder(self, folder: Path, name: str) -> None:
        for file in sorted(file for file in folder.rglob("*") if file.is_file()):
            if "__pycache__" not in file.parts:
                place = f"{name}/{file.relative_to(folder).as_posix()}"
                self.add(place, file.read_bytes(), bool(file.stat().st_mode & stat.S_IXUSR))

    def close(self, information: str) -> None:
        name = f"{information}/RECORD"
        self.archive.writestr(
            zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0)), "\n".join(self.record + [f"{name},,", ""]))
        self.archive.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bundle", type=Path)
    parser.add_argument("version")
    parser.add_argument("platform", help="the platform's tag, such as manylinux_2_36_x86_64")
    parser.add_argument("out", type=Path, help="the folder for the wheel")
    options = parser.parse_args()

    file = options.out / f"manikin-{options.version}-py3-none-{options.platform}.whl"
    wheel = Wheel(file)
    wheel.add_folder(SOURCE / "Python/manikin", "manikin")
    wheel.add_folder(options.bundle, "manikin/bundle")
    information = f"manikin-{options.version}.dist-info"
    readme = (SOURCE / "README.md").read_text(encoding="utf-8")
    for name, text in [
        ("METADATA", METADATA.format(version=options.version) + readme),
        ("WHEEL", WHEEL.format(platform=options.platform)),
        ("entry_points.txt", ENTRY_POINTS),
        ("licenses/LICENSE", (SOURCE / "LICENSE").read_text(encoding="utf-8")),
    ]:
        wheel.add(f"{information}/{name}", text.encode())
    wheel.close(information)
    print(file)


if __name__ == "__main__":
    main()
