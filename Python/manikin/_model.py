"""A model that Manikin trained, as a PyTorch module."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from ._errors import ManikinError, missing
from ._networks import architectures

# Models whose codes pass through flows before the decoder reads them.
_TRANSFORMED = ("vae-nf", "vae-iaf")
# Models whose codes are points, without a variance.
_POINTS = ("ae", "rae", "rae-l2", "rae-gp", "rae-sn", "wae")


class Model(nn.Module):
    """Encoder, heads and decoder of one class's model, or of one that several classes share.

    card: what `model.json` says: class, sizes, how images were prepared.
    """

    def __init__(self, card: dict[str, Any]) -> None:
        super().__init__()
        self.card = card
        self.shape = (card.get("channels") or 1, card["height"], card["width"])
        channels, height, width = self.shape
        self.latent_dimensions: int = card["latentDimensions"]
        networks = architectures[card["architecture"]](height, width, channels, self.latent_dimensions)
        self.encoder = networks.encoder
        self.mean = nn.Linear(networks.features, self.latent_dimensions)
        self.log_variance = None if _kind(card) in _POINTS else nn.Linear(networks.features, self.latent_dimensions)
        self.decoder = networks.decoder
        self._bounds_log_variance = networks.bounds_log_variance

    def encode(self, images: Tensor) -> tuple[Tensor, Tensor | None]:
        """The posterior's mean and log-variance, `[image, latent dimension]` each; None for the latter if codes are points.

        images: `[image, channel, height, width]`, each scaled to [0, 1] as `card["preprocessing"]` says.
        """
        if tuple(images.shape[1:]) != self.shape:
            raise ManikinError(
                f"This model encodes images of shape {list(self.shape)} (channel, height, width), "
                f"not {list(images.shape[1:])}; bring them to it first.")
        features = self.encoder(images)
        if self.log_variance is None:
            return self.mean(features), None
        log_variance = self.log_variance(features)
        return self.mean(features), torch.tanh(log_variance) if self._bounds_log_variance else log_variance

    def decode(self, codes: Tensor) -> Tensor:
        """The image of each code, `[image, channel, height, width]`, values in (0, 1).

        codes: `[image, latent dimension]`.
        """
        if codes.dim() != 2 or codes.shape[1] != self.latent_dimensions:
            raise ManikinError(
                f"This model decodes codes of shape [n, {self.latent_dimensions}], not {list(codes.shape)}.")
        return self.decoder(codes)

    def forward(self, images: Tensor) -> Tensor:
        """Images decoded from the means of their posteriors."""
        return self.decode(self.encode(images)[0])


def _kind(card: dict[str, Any]) -> str:
    return card.get("kind") or "vae"


def load(folder: str | os.PathLike[str], class_name: str | None) -> Model:
    place = _model_folder(Path(folder), class_name)
    card = _card(place / "model.json")
    if _kind(card) in _TRANSFORMED:
        raise ManikinError(
            f"{place}: the decoder of a {_kind(card)} reads codes that flows have moved, not those of the encoder, "
            "so it is no plain encoder and decoder; load a model of another kind.")
    if card["architecture"] not in architectures:
        raise ManikinError(f"{place}: the architecture '{card['architecture']}' is not known; upgrade this package.")
    model = Model(card)
    _load_weights(model, place / "weights.safetensors")
    return model.eval()


def _model_folder(folder: Path, class_name: str | None) -> Path:
    """The folder with `model.json` that is meant."""
    if (folder / "model.json").is_file() and class_name is None:
        return folder
    root = folder / "models" if (folder / "models").is_dir() else folder
    names = sorted(file.parent.name for file in root.glob("*/model.json"))
    if class_name in names or (class_name is None and len(names) == 1):
        return root / (class_name or names[0])
    splits = sorted(file.parent.name for file in folder.glob("splits/*/models"))
    if not names and splits:
        raise ManikinError(
            f"{folder}: this run has models of several splits; name one, such as {folder}/splits/{splits[0]}.")
    if not names:
        raise ManikinError(f"{folder}: there is no model of Manikin here; name a folder such as RUN/models/CLASS.")
    raise ManikinError(
        f"{folder}: " + (f"no model of class '{class_name}'" if class_name else "several models")
        + f"; give class_name one of {', '.join(names)}.")


def _card(file: Path) -> dict[str, Any]:
    try:
        card = json.loads(file.read_text(encoding="utf-8"))
        sizes = [card[name] for name in ("height", "width", "latentDimensions")] + [card.get("channels") or 1]
        if all(type(size) is int and size > 0 for size in sizes) and isinstance(card["architecture"], str):
            return card
    except OSError as error:
        raise ManikinError(f"{file} cannot be read ({error.strerror}).") from None
    except (ValueError, KeyError, TypeError):
        pass
    raise ManikinError(f"{file}: this is no model of Manikin; train it again.")


def _load_weights(model: Model, file: Path) -> None:
    try:
        from safetensors.torch import load as read
    except ImportError:
        raise missing("safetensors", "torch") from None
    try:
        content = file.read_bytes()
    except OSError as error:
        raise ManikinError(f"{file} cannot be read ({error.strerror}).") from None
    if hashlib.sha256(content).hexdigest() != model.card.get("digest"):
        raise ManikinError(f"{file}: the weights are not those that model.json names; train the model again.")
    entries = read(content)
    _divide_by_norms(entries)
    wanted = model.state_dict()
    for name, target in wanted.items():
        if name not in entries or entries[name].shape != target.shape:
            raise ManikinError(f"{file}: '{name}' is missing or misshapen; train the model again.")
    model.load_state_dict({name: entries[name] for name in wanted})


def _divide_by_norms(entries: dict[str, Tensor]) -> None:
    """Divides each layer that has singular vectors beside it by u^T W v, as the decoder of a rae-sn is."""
    for name in [name for name in entries if f"{name}_u" in entries]:
        weight = entries[name]
        left, right = (entries[f"{name}_{side}"].double() for side in "uv")
        entries[name] = (weight.double() / (left @ weight.double().flatten(1) @ right)).float()
