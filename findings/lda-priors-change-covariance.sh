#!/usr/bin/env bash
# scikit-learn 1.7.2, LinearDiscriminantAnalysis.
# Behaviour: with solver "lsqr" or "eigen", `priors` weights the class covariances in the pooled covariance, so equal
# priors turn the discriminant and do not just move its threshold. With solver "svd" the direction stays, but the
# `covariance_` that it stores moves all the same: it is not the one that it classifies by.
# Output seen: equal priors move the covariance by 0.695 (relative) with all three; the direction by 5.33 degrees with
# "lsqr" and "eigen", by 0.00 with "svd".
# One would have guessed: priors enter the intercept alone, and the covariance pools all samples alike.
# Why it matters: with 12 patients beside 48, priors=[0.5, 0.5] gives a covariance half of which comes from the 12.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check scikit-learn==1.7.2 numpy==2.1.3
"$folder/venv/bin/python" - <<'PYTHON'
import numpy as np
import sklearn
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

random = np.random.default_rng(0)
labels = np.repeat([0, 1], [12, 48])
samples = random.normal(size=(60, 6)) * np.where(labels == 0, 2.0, 1.0)[:, None] + 0.5 * labels[:, None]


def fitted(solver, priors):
    model = LinearDiscriminantAnalysis(solver=solver, priors=priors, store_covariance=True)
    return model.fit(samples, labels)


def moved(solver):
    own, equal = fitted(solver, None), fitted(solver, [0.5, 0.5])
    covariance = np.linalg.norm(equal.covariance_ - own.covariance_) / np.linalg.norm(own.covariance_)
    first, second = own.coef_[0], equal.coef_[0]
    cosine = first @ second / np.linalg.norm(first) / np.linalg.norm(second)
    return covariance, np.degrees(np.arccos(min(1, cosine)))


print("scikit-learn", sklearn.__version__)
result = {solver: moved(solver) for solver in ("lsqr", "eigen", "svd")}
for solver, (covariance, angle) in result.items():
    print(f"{solver}: equal priors move the covariance by {covariance:.3f}, the direction by {angle:.2f} degrees")
assert sklearn.__version__ == "1.7.2"
assert all(round(covariance, 3) == 0.695 for covariance, _ in result.values())
assert all(round(result[solver][1], 2) == 5.33 for solver in ("lsqr", "eigen"))
assert result["svd"][1] < 0.01
PYTHON
