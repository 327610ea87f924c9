#!/usr/bin/env bash
# dcm2niix 1.0.20260724 (PyPI) on an MR series that pydicom 3.0.1 writes.
# Behaviour: slices of photometric interpretation MONOCHROME1, where 0 is white, become a NIfTI volume with the stored numbers
# unchanged, and nothing in the output or in the BIDS sidecar says so.
# Output seen: of two series that differ in this one element, the volumes have equal voxels; "MONOCHROME" occurs nowhere.
# One would have guessed: NIfTI has no such element, so that the values are turned, or a word is said, or the sidecar holds it.
# Why it matters: of two series of one patient that look alike in every viewer one comes out as a negative, and a network that is
# trained on both learns which scanner software wrote the file.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check dcm2niix==1.0.20260724 pydicom==3.0.1 nibabel==5.3.2 numpy==2.1.3
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import os
import subprocess
import sys

import nibabel
import numpy as np
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, MRImageStorage

PIXELS = np.tile(np.arange(16, dtype="<u2") * 100, (16, 1))


def converted(interpretation):
    folder = interpretation.lower()
    os.makedirs(f"{folder}/in")
    for number in range(6):
        meta = FileMetaDataset()
        meta.MediaStorageSOPClassUID = MRImageStorage
        meta.MediaStorageSOPInstanceUID = f"1.2.3.4.{number + 1}"
        meta.TransferSyntaxUID = ExplicitVRLittleEndian
        data = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
        data.SOPClassUID, data.SOPInstanceUID = MRImageStorage, meta.MediaStorageSOPInstanceUID
        data.StudyInstanceUID, data.SeriesInstanceUID = "1.2.3", "1.2.3.4"
        data.Modality, data.SeriesNumber, data.InstanceNumber = "MR", 1, number + 1
        data.ImageOrientationPatient, data.ImagePositionPatient = [1, 0, 0, 0, 1, 0], [0, 0, 2.0 * number]
        data.PixelSpacing, data.SliceThickness = [1, 1], 2
        data.Rows = data.Columns = 16
        data.SamplesPerPixel, data.PhotometricInterpretation = 1, interpretation
        data.BitsAllocated, data.BitsStored, data.HighBit, data.PixelRepresentation = 16, 12, 11, 0
        data.PixelData = PIXELS.tobytes()
        data.save_as(f"{folder}/in/{number}.dcm")
    tool = os.path.join(os.path.dirname(sys.executable), "dcm2niix")
    text = subprocess.run(
        [tool, "-b", "y", "-f", "x", "-o", folder, f"{folder}/in"], check=True, capture_output=True, text=True).stdout
    sidecar = open(f"{folder}/x.json").read()
    return np.asarray(nibabel.load(f"{folder}/x.nii").dataobj), text.replace(f"{folder}/", "") + sidecar


usual, _ = converted("MONOCHROME2")
turned, said = converted("MONOCHROME1")
print(said.splitlines()[0])
print("values", turned.min(), "to", turned.max(), "| equal to MONOCHROME2:", np.array_equal(usual, turned))
assert "v1.0.20260724" in said
assert turned.min() == 0 and turned.max() == 1500 and np.array_equal(usual, turned)
assert "monochrome" not in said.lower() and "photometric" not in said.lower()
PYTHON
