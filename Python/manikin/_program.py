"""The program that the wheel carries."""

import os
import sys


def bundled() -> str:
    """The file of the program inside of this package."""
    return os.path.join(os.path.dirname(os.path.abspath(__file__)), "bundle", "bin", "manikin")


def path() -> str:
    """The program to run: what the variable MANIKIN names, else the one in this package, else the one on the PATH."""
    named = os.environ.get("MANIKIN")
    if named:
        return named
    return bundled() if os.path.exists(bundled()) else "manikin"


def main() -> None:
    """Becomes the program; what the shell command `manikin` of the wheel does."""
    program = bundled()
    try:
        os.execv(program, ["manikin", *sys.argv[1:]])
    except OSError as error:
        sys.exit(f"{program} cannot be started ({error.strerror}); install the wheel of manikin again.")
