import os
import subprocess

import pytest


@pytest.fixture
def command(tmp_path):
    """Runs the program in an empty folder; what it prints."""

    def start(*words: object) -> str:
        done = subprocess.run(
            [os.environ["MANIKIN"], *map(str, words)], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return start
