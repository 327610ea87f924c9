"""Manikin for notebooks: its models as PyTorch modules, its experiments as data frames.

    model = manikin.load("RUN/models/AD")            # a torch.nn.Module
    mean, log_variance = model.encode(images)        # images: [image, channel, height, width], from 0 to 1
    images = model.decode(mean)

    result = manikin.run("DATA", out="RUN")          # what `manikin evaluate DATA --out RUN` does
    result.scores                                    # a pandas.DataFrame

PyTorch, NumPy and pandas are imported only by what needs them.
"""

from __future__ import annotations

import os
import typing

from ._errors import ManikinError
from ._run import Result, run

if typing.TYPE_CHECKING:
    from ._model import Model

__all__ = ["ManikinError", "Result", "load", "run"]


def load(folder: str | os.PathLike[str], class_name: str | None = None) -> Model:
    """The model in a folder that Manikin wrote, as a `torch.nn.Module` ready to use (in evaluation mode, on the CPU).

    folder: a model's own folder, such as `RUN/models/AD`; or a run's, or that of `manikin train`, with several classes.
    class_name: which of several classes.

    Raises ManikinError if there is no such model, its files are damaged, or its decoder does not read what its encoder says.
    """
    try:
        import torch  # noqa: F401
    except ImportError:
        from ._errors import missing

        raise missing("torch", "torch") from None
    from ._model import load as load_model

    return load_model(folder, class_name)
