"""Experiments from a notebook: starts the program and hands back what it wrote."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import typing
from functools import cached_property
from pathlib import Path
from typing import Any

from . import _program
from ._errors import ManikinError, missing

if typing.TYPE_CHECKING:
    import pandas


class Result:
    """A finished run.

    folder: the run folder.
    report: the report to open in a browser.
    text: the table and the answer, as the program prints them.
    """

    def __init__(self, folder: Path, report: Path, text: str) -> None:
        self.folder, self.report, self.text = folder, report, text

    @cached_property
    def document(self) -> dict[str, Any]:
        """What `results.json` says."""
        return json.loads(self._file("results.json").read_text(encoding="utf-8"))

    @property
    def verdict(self) -> str:
        """In a few words."""
        return self.document["verdict"]

    @property
    def answer(self) -> str:
        """In a sentence or two, with numbers."""
        return self.document["answer"]

    @cached_property
    def scores(self) -> pandas.DataFrame:
        """Every score: split, run, method, class, metric, value."""
        return self._table("results.csv", missing_in="value")

    @cached_property
    def predictions(self) -> pandas.DataFrame:
        """What every classifier said of every test image."""
        return self._table("predictions.csv")

    def _file(self, name: str) -> Path:
        file = self.folder / name
        if not file.is_file():
            raise ManikinError(f"{file} is not there: this run has no scores of its own; look at {self.report}.")
        return file

    def _table(self, name: str, missing_in: str | None = None) -> pandas.DataFrame:
        try:
            import pandas
        except ImportError:
            raise missing("pandas", "pandas") from None
        # A class may be called NA; only a score can be missing. Ids such as 007 stay text.
        texts = {column: str for column in ("method", "class", "metric", "subject", "image")}
        return pandas.read_csv(
            self._file(name), keep_default_na=False, na_values={missing_in: ["NA"]} if missing_in else {}, dtype=texts)

    def __repr__(self) -> str:
        return f"<manikin.Result {self.folder}>\n{self.text}"


def run(
    recipe_or_data: str | os.PathLike[str], out: str | os.PathLike[str] | None = None, *,
    settings: dict[str, Any] | None = None, progress: bool = True, **options: Any,
) -> Result:
    """Runs an experiment: `manikin evaluate DATA` for a folder of images, else `manikin run RECIPE`.

    recipe_or_data: a folder of images; a recipe, `table.yaml`; or the name of one that comes with Manikin, `quickstart`.
    out: the run folder (default: manikin-runs/NAME). A run that is there is gone on with.
    settings: any keys of a recipe, such as {"generator.steps": 800}.
    progress: whether to show what the program says on the way.
    options: options of the command, `splits=10` for `--splits 10`, `allow_leaks=True` for `--allow-leaks`.

    Raises ManikinError with the program's own message if it fails. An interrupted run can be gone on with.
    """
    place = os.fspath(recipe_or_data)
    words = ["evaluate" if os.path.isdir(place) else "run", place]
    if out is not None:
        words += ["--out", os.fspath(out)]
    for key, value in (settings or {}).items():
        words += ["--set", f"{key}={_text(value)}"]
    for name, value in options.items():
        option = "--" + name.replace("_", "-")
        if value is True:
            words.append(option)
        elif value is not None and value is not False:
            words += [option, _text(value)]
    text, said = _start([_program.path(), *words], progress)
    reports = re.findall(r"^Open the report: (.+)$", said, re.MULTILINE)
    if not reports:
        raise ManikinError(f"manikin {' '.join(words)} named no report; this package and the program do not fit.")
    report = Path(reports[-1])
    return Result(report.parent, report, text)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(map(_text, value)) if isinstance(value, (list, tuple)) else str(value)


def _start(words: list[str], progress: bool) -> tuple[str, str]:
    """What the program printed, and what it said on the way, which is shown line by line."""
    import tempfile

    with tempfile.TemporaryFile("w+", encoding="utf-8") as printed:
        try:
            process = subprocess.Popen(
                words, stdin=subprocess.DEVNULL, stdout=printed, stderr=subprocess.PIPE, text=True, encoding="utf-8")
        except OSError as error:
            raise ManikinError(
                f"{words[0]} cannot be started ({error.strerror}); install the wheel of manikin, or set MANIKIN."
            ) from None
        said: list[str] = []
        try:
            for line in process.stderr:
                said.append(line)
                if progress:
                    print(line, end="", file=sys.stderr, flush=True)
            code = process.wait()
        except BaseException:
            # The keyboard's interrupt may reach a notebook alone. What is finished is kept.
            process.terminate()
            process.wait()
            raise
        finally:
            process.stderr.close()
        if code != 0:
            raise ManikinError("".join(said[-20:]).strip() or f"manikin ended with code {code}")
        printed.seek(0)
        return printed.read(), "".join(said)
