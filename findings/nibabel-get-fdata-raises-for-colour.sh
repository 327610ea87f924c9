#!/usr/bin/env bash
# nibabel 5.3.2 with NumPy 2.1.3, NIfTI-1 in colour (datatype 128, RGB24).
# Behaviour: `get_fdata()`, by which nearly every pipeline reads an image, raises an error of NumPy's about promoting
# types, without the word NIfTI, colour or RGB. `dataobj` gives a structured array, whose shape has no axis of channels.
# Output seen: get_fdata: DTypePromotionError; dataobj: shape (4, 3, 2), fields R, G, B.
# One would have guessed: an array of 4 x 3 x 2 x 3 numbers, or an error that says that the image is in colour.
# Why it matters: a colour cohort fails in the first line of a loader that was written for grey ones, with a message that
# points at NumPy.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check nibabel==5.3.2 numpy==2.1.3
"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import sys

import nibabel
import numpy as np

colours = np.zeros((4, 3, 2), dtype=[("R", "u1"), ("G", "u1"), ("B", "u1")])
colours["R"] = 200
nibabel.save(nibabel.Nifti1Image(colours, np.eye(4)), f"{sys.argv[1]}/colour.nii")
image = nibabel.load(f"{sys.argv[1]}/colour.nii")
print("nibabel", nibabel.__version__, "numpy", np.__version__)
try:
    image.get_fdata()
    raised, message = "nothing", ""
except TypeError as error:
    raised, message = type(error).__name__, str(error)
print("get_fdata:", raised, "|", message[:60])
values = np.asarray(image.dataobj)
print("dataobj:", values.shape, values.dtype.names)
assert nibabel.__version__ == "5.3.2"
assert raised == "DTypePromotionError"
assert not any(word in message.lower() for word in ("nifti", "rgb", "colour", "color"))
assert values.shape == (4, 3, 2) and values.dtype.names == ("R", "G", "B")
PYTHON
