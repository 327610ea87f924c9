"""Small cohorts of PNG files, and what Manikin writes about them, read by other means than Manikin's."""

import gzip
import struct
import zlib
from pathlib import Path

import numpy


def images(count: int, height: int, width: int, channels: int = 1, seed: int = 0) -> numpy.ndarray:
    """Smooth blobs of 8 bits, `[image, height, width, channel]`, that no flip or turn leaves as they are."""
    random = numpy.random.default_rng(seed)
    rows, columns = numpy.mgrid[0:height, 0:width]
    result = numpy.empty((count, height, width, channels), numpy.uint8)
    for image in range(count):
        for channel in range(channels):
            y, x = random.uniform(0.2, 0.5, 2) * (height, width)
            blob = numpy.exp(-((rows - y) ** 2 / height + (columns - x) ** 2 / (2 * width)))
            result[image, :, :, channel] = 20 + 200 * blob + random.integers(0, 9, (height, width))
    return result


def write_png(file: Path, image: numpy.ndarray) -> None:
    height, width, channels = image.shape

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, {1: 0, 3: 2}[channels], 0, 0, 0)
    lines = b"".join(b"\0" + line.tobytes() for line in image)
    file.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b""))


def write(folder: Path, height: int, width: int, channels: int = 1, count: int = 8) -> Path:
    """Class folders `ill` and `well` of so many images each."""
    for number, name in enumerate(("ill", "well")):
        (folder / name).mkdir(parents=True)
        for person, image in enumerate(images(count, height, width, channels, seed=number)):
            write_png(folder / name / f"person{number}{person:03}.png", image)
    return folder


def scaled(image: numpy.ndarray) -> numpy.ndarray:
    """`[channel, height, width]` from 0 to 1 by the image's own least and greatest value."""
    values = image.astype(numpy.float32).transpose(2, 0, 1)
    return (values - values.min()) / (values.max() - values.min())


def read_nifti(file: Path) -> numpy.ndarray:
    """The stored values of a slice, `[row, column]`, or `[row, column, colour]` for RGB24."""
    content = gzip.decompress(file.read_bytes())
    sizes = struct.unpack_from("<8h", content, 40)
    kind = struct.unpack_from("<h", content, 70)[0]
    start = int(struct.unpack_from("<f", content, 108)[0])
    slope, offset = struct.unpack_from("<2f", content, 112)
    if kind == 128:
        return numpy.frombuffer(content, numpy.uint8, offset=start).reshape(sizes[2], sizes[1], 3)
    assert kind == 16 and (slope, offset) in ((1, 0), (0, 0))
    return numpy.frombuffer(content, "<f4", offset=start).reshape(sizes[2], sizes[1])
