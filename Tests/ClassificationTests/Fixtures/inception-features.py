"""Writes inception-features.json beside it: what torchvision's inception_v3 makes of a few made-up images with made-up weights.

    python inception-features.py [WEIGHTS.safetensors]

Needs torch, torchvision and numpy; safetensors too where the weights are wanted in a file. InceptionTests.swift makes the
same weights and images by the same formulas.
"""

import json
import pathlib
import sys

import numpy
import torch
import torchvision


def uniform(name, count):
    """Numbers in [0, 1) from a name: FNV-1a, then a mixing of each index."""
    seed = 0x811C9DC5
    for byte in name.encode():
        seed = (seed ^ byte) * 0x01000193 & 0xFFFFFFFF
    mask = numpy.uint64(0xFFFFFFFF)
    x = (numpy.uint64(seed) + numpy.arange(count, dtype=numpy.uint64) * numpy.uint64(2654435761)) & mask
    for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B)):
        x ^= x >> numpy.uint64(shift)
        x = x * numpy.uint64(factor) & mask
    x ^= x >> numpy.uint64(16)
    return x.astype(numpy.float64) / 2**32


def weights(name, shape):
    u = uniform(name, int(numpy.prod(shape)))
    if name.endswith("conv.weight"):
        values = (2 * u - 1) * numpy.sqrt(6 / numpy.prod(shape[1:]))
    elif name.endswith(("bn.weight", "running_var")):
        values = 0.5 + u
    else:
        values = 0.2 * (2 * u - 1)
    return torch.from_numpy(values.astype(numpy.float32).reshape(shape))


network = torchvision.models.inception_v3(weights=None, init_weights=False, aux_logits=False, transform_input=False)
state = network.state_dict()
for name, value in state.items():
    if not name.startswith("fc.") and value.dtype == torch.float32:
        state[name] = weights(name, tuple(value.shape))
network.load_state_dict(state)
network.fc = torch.nn.Identity()
network.eval()


def features(channels, height, width, side):
    pixels = uniform(f"image {channels}", height * width * channels).astype(numpy.float32)
    image = torch.from_numpy(pixels).reshape(1, height, width, channels).permute(0, 3, 1, 2).expand(1, 3, height, width)
    resized = torch.nn.functional.interpolate(image, size=(side, side), mode="bilinear", align_corners=False)
    with torch.no_grad():
        return network(2 * resized - 1)[0].double().tolist()


cases = []
for channels, height, width, side in ((3, 40, 33, 107), (1, 130, 128, 107), (3, 20, 20, 75), (1, 64, 80, 299)):
    values = features(channels, height, width, side)
    cases.append({
        "channels": channels, "height": height, "width": width, "side": side,
        "mean": sum(values) / len(values), "every128": values[::128],
    })
place = pathlib.Path(__file__).with_name("inception-features.json")
place.write_text(json.dumps(cases, indent=1) + "\n")

if len(sys.argv) > 1:
    from safetensors.torch import save_file

    save_file({name: value.contiguous() for name, value in state.items()}, sys.argv[1])
