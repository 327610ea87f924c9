#!/usr/bin/env bash
# SimpleITK 2.4.1 and nibabel 5.3.2, NIfTI-1 in colour (datatype 128, RGB24).
# Behaviour: SimpleITK reads a colour NIfTI with its three components, but writes it back as another kind of file: five
# axes, the components on the last, datatype 2 (uint8) and the intent code of a vector (1007). Reading and writing once
# turns a colour image of 4 x 3 x 2 voxels into an array of 4 x 3 x 2 x 1 x 3 for every other reader.
# Output seen: before 128 (4, 3, 2) intent 0; after 2 (4, 3, 2, 1, 3) intent 1007, with the same values.
# One would have guessed: an image that is read and written again keeps its datatype.
# Why it matters: a cohort that passed through an ITK tool on its way is no longer found to be in colour by its datatype.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check SimpleITK==2.4.1 nibabel==5.3.2 numpy==2.1.3
"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import sys

import nibabel
import numpy as np
import SimpleITK

folder = sys.argv[1]
colours = np.zeros((4, 3, 2), dtype=[("R", "u1"), ("G", "u1"), ("B", "u1")])
colours["R"], colours["G"], colours["B"] = 200, 100, np.arange(24).reshape(4, 3, 2)
nibabel.save(nibabel.Nifti1Image(colours, np.diag([1.0, 1, 1, 1])), f"{folder}/before.nii")

image = SimpleITK.ReadImage(f"{folder}/before.nii")
SimpleITK.WriteImage(image, f"{folder}/after.nii")


def kind(name):
    header = nibabel.load(f"{folder}/{name}.nii").header
    return int(header["datatype"]), header.get_data_shape(), int(header["intent_code"])


print("SimpleITK", SimpleITK.__version__)
print("components read:", image.GetNumberOfComponentsPerPixel(), image.GetPixelIDTypeAsString())
print("before", *kind("before"))
print("after", *kind("after"))
assert image.GetNumberOfComponentsPerPixel() == 3
assert kind("before") == (128, (4, 3, 2), 0)
assert kind("after") == (2, (4, 3, 2, 1, 3), 1007)
values = np.asarray(nibabel.load(f"{folder}/after.nii").dataobj)
assert (values[:, :, :, 0, 2] == colours["B"]).all() and (values[..., 0] == 200).all()
PYTHON
