#!/usr/bin/env bash
# scikit-learn 1.7.2, LinearDiscriminantAnalysis(solver="lsqr").
# Behaviour: shrinkage="auto" and covariance_estimator=LedoitWolf() are two different estimators. The first standardises
# the columns of each class by itself, shrinks the correlation of each towards the identity, and scales back; the second
# shrinks each class's covariance as it is. Neither shrinks the pooled covariance.
# Output seen: on columns of different scale the two covariances differ by 0.41 (relative), and the standardised
# estimate, computed by hand, meets the first exactly.
# One would have guessed: "auto" is the estimator of Ledoit and Wolf (2004), as the documentation names it, so that both
# spellings agree.
# Why it matters: principal components have scales from large to small, so that an implementation which shrinks the
# pooled covariance cannot be checked against either number for number.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check scikit-learn==1.7.2 numpy==2.1.3
"$folder/venv/bin/python" - <<'PYTHON'
import numpy as np
import sklearn
from sklearn.covariance import LedoitWolf, ledoit_wolf
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

random = np.random.default_rng(0)
labels = np.repeat([0, 1], [12, 48])
samples = (random.normal(size=(60, 40)) + 0.5 * labels[:, None]) * np.geomspace(1, 100, 40)


def covariance(**options):
    return LinearDiscriminantAnalysis(solver="lsqr", **options).fit(samples, labels).covariance_


def distance(first, second):
    return np.linalg.norm(first - second) / np.linalg.norm(second)


def standardised(rows):
    scale = rows.std(axis=0)
    shrunk, _ = ledoit_wolf((rows - rows.mean(axis=0)) / scale)
    return scale[:, None] * shrunk * scale


automatic = covariance(shrinkage="auto")
named = covariance(covariance_estimator=LedoitWolf())
by_hand = sum(share * standardised(samples[labels == name]) for name, share in ((0, 0.2), (1, 0.8)))
print("scikit-learn", sklearn.__version__)
print(f"automatic against named: {distance(automatic, named):.2f}")
print(f"automatic against standardised by hand: {distance(automatic, by_hand):.1e}")
assert sklearn.__version__ == "1.7.2"
assert round(distance(automatic, named), 2) == 0.41
assert distance(automatic, by_hand) < 1e-10
PYTHON
