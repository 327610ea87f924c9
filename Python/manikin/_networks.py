"""The layers of each architecture, as Manikin builds them (its Sources/Generators/VAEArchitecture*.swift).

Modules are numbered as in its weight files: every layer and every activation is one module of an `nn.Sequential`.
"""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor, nn


class Residual(nn.Module):
    """What some layers make, added to what reaches them."""

    def __init__(self, *layers: nn.Module) -> None:
        super().__init__()
        self.conv_block = nn.Sequential(*layers)

    def forward(self, values: Tensor) -> Tensor:
        return values + self.conv_block(values)


class Networks:
    """Encoder and decoder for images of one size.

    features: how many values the encoder makes of an image.
    bounds_log_variance: whether log-variances pass through a tanh.
    """

    def __init__(
        self, encoder: list[nn.Module], features: int, decoder: list[nn.Module], bounds_log_variance: bool = False
    ) -> None:
        self.encoder = nn.Sequential(*encoder)
        self.features = features
        self.decoder = nn.Sequential(*decoder)
        self.bounds_log_variance = bounds_log_variance


def compact(height: int, width: int, channels: int, latent: int) -> Networks:
    sizes, widths, encoder = [(height, width)], [channels], []
    for count in (16, 32, 64, 128, 128):
        size = tuple((side - 1) // 2 + 1 for side in sizes[-1])
        if min(size) < 3:
            break
        encoder += [nn.Conv2d(widths[-1], count, 5, 2, 2), nn.ReLU()]
        sizes.append(size)
        widths.append(count)
    features = widths[-1] * sizes[-1][0] * sizes[-1][1]
    decoder = [nn.Linear(latent, features), nn.Unflatten(1, (widths[-1], *sizes[-1]))]
    for stage in reversed(range(len(widths) - 1)):
        extra = tuple(after - (2 * before - 1) for after, before in zip(sizes[stage], sizes[stage + 1]))
        decoder += [
            nn.ConvTranspose2d(widths[stage + 1], widths[stage], 5, 2, 2, output_padding=extra),
            nn.ReLU() if stage else nn.Sigmoid(),
        ]
    return Networks([*encoder, nn.Flatten()], features, decoder)


def oasis(height: int, width: int, channels: int, latent: int) -> Networks:
    encoder, before = [], channels
    for count, padding in ((64, 1), (128, 1), (256, 1), (512, (1, 2)), (1024, 0)):
        encoder += [nn.Conv2d(before, count, 5, 2, padding), nn.ReLU()]
        before = count
    decoder = [nn.Linear(latent, 65_536), nn.Unflatten(1, (1024, 8, 8))]
    for before, count, stride, padding, extra in (
        (1024, 512, (3, 2), (1, 0), 0), (512, 256, 2, (1, 0), 0), (256, 128, 2, 0, 0), (128, 64, 2, 0, 1),
    ):
        decoder += [nn.ConvTranspose2d(before, count, 5, stride, padding, output_padding=extra), nn.ReLU()]
    decoder += [nn.ConvTranspose2d(64, channels, 5, 1, 1), nn.Sigmoid()]
    return Networks([*encoder, nn.Flatten()], 1024 * 4 * 4, decoder, bounds_log_variance=True)


def _down(channels: int, kernel: int, padding: int) -> list[nn.Module]:
    layers, before = [], channels
    for count in (128, 256, 512, 1024):
        layers += [nn.Conv2d(before, count, kernel, 2, padding), nn.BatchNorm2d(count), nn.ReLU()]
        before = count
    return [*layers, nn.Flatten()]


def _up(before: int, count: int, kernel: int, padding: int, extra: int = 0) -> list[nn.Module]:
    return [
        nn.ConvTranspose2d(before, count, kernel, 2, padding, output_padding=extra), nn.BatchNorm2d(count), nn.ReLU()]


def mnist(height: int, width: int, channels: int, latent: int) -> Networks:
    return Networks(
        _down(channels, 4, 1), 1024 * 2 * 2,
        [
            nn.Linear(latent, 65_536), nn.Unflatten(1, (1024, 8, 8)), *_up(1024, 512, 4, 1), *_up(512, 256, 4, 1, 1),
            nn.ConvTranspose2d(256, channels, 4, 1, 2), nn.Sigmoid(),
        ])


def celeba(height: int, width: int, channels: int, latent: int) -> Networks:
    return Networks(
        _down(channels, 5, 2), 1024 * 4 * 4,
        [
            nn.Linear(latent, 65_536), nn.Unflatten(1, (1024, 8, 8)), *_up(1024, 512, 5, 2), *_up(512, 256, 5, 1),
            *_up(256, 128, 5, 2, 1), nn.ConvTranspose2d(128, channels, 5, 1, 1), nn.Sigmoid(),
        ])


def svhn(height: int, width: int, channels: int, latent: int) -> Networks:
    values = height * width * channels
    return Networks(
        [nn.Flatten(), nn.Linear(values, 1000), nn.ReLU(), nn.Linear(1000, 500), nn.ReLU()], 500,
        [
            nn.Linear(latent, 500), nn.ReLU(), nn.Linear(500, 1000), nn.ReLU(), nn.Linear(1000, values), nn.Sigmoid(),
            nn.Unflatten(1, (channels, height, width)),
        ])


def _block() -> Residual:
    return Residual(nn.ReLU(), nn.Conv2d(128, 32, 3, 1, 1), nn.ReLU(), nn.Conv2d(32, 128, 1))


def resnet(height: int, width: int, channels: int, latent: int) -> Networks:
    if height == 32:
        return Networks(
            [
                nn.Conv2d(channels, 64, 4, 2, 1), nn.Conv2d(64, 128, 4, 2, 1), nn.Conv2d(128, 128, 3, 1, 1), _block(),
                _block(), nn.Flatten(),
            ], 128 * 8 * 8,
            [
                nn.Linear(latent, 8192), nn.Unflatten(1, (128, 8, 8)), _block(), _block(),
                nn.ConvTranspose2d(128, 64, 4, 2, 1), nn.ConvTranspose2d(64, channels, 4, 2, 1), nn.Sigmoid(),
            ])
    return Networks(
        [
            nn.Conv2d(channels, 64, 4, 2, 1), nn.Conv2d(64, 128, 4, 2, 1), nn.Conv2d(128, 128, 3, 2, 1),
            nn.Conv2d(128, 128, 3, 2, 1), _block(), _block(), nn.Flatten(),
        ], 128 * 4 * 4,
        [
            nn.Linear(latent, 2048), nn.Unflatten(1, (128, 4, 4)), nn.ConvTranspose2d(128, 128, 3, 2, 1), _block(),
            _block(), nn.ConvTranspose2d(128, 128, 5, 2, 1), nn.Sigmoid(),
            nn.ConvTranspose2d(128, 64, 5, 2, 1, output_padding=1), nn.ConvTranspose2d(64, channels, 4, 2, 1),
            nn.Sigmoid(),
        ])


architectures: dict[str, Callable[[int, int, int, int], Networks]] = {
    "compact": compact, "oasis": oasis, "mnist": mnist, "cifar10": mnist, "svhn": svhn, "celeba": celeba,
    "resnet": resnet,
}
