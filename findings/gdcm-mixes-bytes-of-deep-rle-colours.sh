#!/usr/bin/env bash
# GDCM (PyPI: python-gdcm 3.2.6) on a colour image of 16 bits that pydicom 3.0.1 compresses as RLE Lossless.
# Behaviour: the planes that RLE keeps one after the other, two for each colour, are put together in the wrong order, so that
# decoded values are not the stored ones; no error is raised. Colours of 8 bits and grey of 16 bits come out right.
# Output seen: the share of values that come out as they were stored is 1.00 for 8-bit colours and 16-bit grey, and 0.00 for
# 16-bit colours.
# One would have guessed: all three alike; pydicom's own decoder gives back what it was given.
# Why it matters: RLE is lossless, so that nobody looks; a reader that falls back on GDCM changes colours without a word.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check python-gdcm==3.2.6 pydicom==3.0.1 numpy==2.1.3
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import gdcm
import numpy as np
from pydicom import dcmread
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, RLELossless, SecondaryCaptureImageStorage

random = np.random.default_rng(0)


def share(name, shape, bits):
    pixels = random.integers(0, 2**bits, size=shape).astype(f"<u{bits // 8}")
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = SecondaryCaptureImageStorage, "1.2.3.4"
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    data.SOPClassUID, data.SOPInstanceUID = SecondaryCaptureImageStorage, "1.2.3.4"
    data.Modality, data.Rows, data.Columns = "OT", shape[0], shape[1]
    data.SamplesPerPixel = 3 if len(shape) == 3 else 1
    data.PhotometricInterpretation = "RGB" if len(shape) == 3 else "MONOCHROME2"
    if len(shape) == 3:
        data.PlanarConfiguration = 0
    data.BitsAllocated = data.BitsStored = bits
    data.HighBit, data.PixelRepresentation = bits - 1, 0
    data.PixelData = pixels.tobytes()
    data["PixelData"].VR = "OW" if bits == 16 else "OB"
    data.compress(RLELossless, generate_instance_uid=False)
    data.save_as(name)
    assert np.array_equal(dcmread(name).pixel_array, pixels)
    reader = gdcm.ImageReader()
    reader.SetFileName(name)
    assert reader.Read()
    image = reader.GetImage()
    decoded = np.frombuffer(image.GetBuffer().encode("utf-8", "surrogateescape"), pixels.dtype)
    if len(shape) == 3 and image.GetPlanarConfiguration() == 1:
        decoded = decoded.reshape(3, *shape[:2]).transpose(1, 2, 0)
    found = float((decoded.reshape(shape) == pixels).mean())
    print(f"{name}: {found:.2f} as stored")
    return found


print("GDCM", gdcm.GDCM_VERSION)
assert share("grey-16", (32, 40), 16) == 1
assert share("colour-8", (32, 40, 3), 8) == 1
assert share("colour-16", (32, 40, 3), 16) < 0.5
PYTHON
