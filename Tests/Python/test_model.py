"""`manikin.load` beside what the program itself encodes and decodes."""

import json
import subprocess
import sys

import cohort
import numpy
import pytest
import torch
from safetensors.numpy import load_file

import manikin

SIZES = {
    "compact": (37, 50), "oasis": (208, 176), "mnist": (32, 32), "cifar10": (32, 32), "svhn": (32, 32),
    "celeba": (64, 64), "resnet": (64, 64),
}
KINDS = ["ae", "rae", "rae-l2", "rae-gp", "rae-sn", "wae", "vamp", "iwae", "hvae", "rhvae", "aae", "vaegan", "two-stage"]


def train(command, folder, size, *options, channels=1, share="none"):
    """The folder of the models of two classes after two steps, so that no weight or statistic is its first one."""
    data = cohort.write(folder / "data", *size, channels)
    command(
        "train", data, "--out", folder / "trained", "--steps", 2, "--latent-dimensions", 3, "--share", share, "--quiet",
        *options)
    return folder / "trained" / "models"


def difference(value, expected):
    """The largest difference, over the largest expected value."""
    assert value.shape == expected.shape
    return numpy.abs(value - expected).max() / numpy.abs(expected).max()


def training_images(folder, model):
    """Of the class, in the order of the codes."""
    names = model.card["trainingImages"]
    number = ("ill", "well").index(model.card["className"])
    made = cohort.images(8, *model.shape[1:], model.shape[0], seed=number)
    return torch.from_numpy(numpy.stack([cohort.scaled(made[int(name.split("person")[1][1:4])]) for name in names]))


def encoding_differs(folder, model):
    """By how much means and log-variances differ from those that the program wrote."""
    codes = load_file(folder / "trained/models" / model.card["className"] / "codes.safetensors")
    with torch.no_grad():
        mean, log_variance = model.encode(training_images(folder, model))
    differences = [difference(mean.numpy(), codes["posterior_mean"])]
    assert (log_variance is None) == ("posterior_log_variance" not in codes)
    if log_variance is not None:
        differences.append(difference(log_variance.numpy(), codes["posterior_log_variance"]))
    return max(differences)


def decoding_differs(folder, model, command):
    """By how much decoded points differ from the images that the program wrote of them."""
    out = folder / "between"
    command("interpolate", folder / "trained/models" / model.card["className"], 1, 2, "--steps", 3, "--out", out)
    written = json.loads((out / "interpolation.json").read_text())
    worst = 0.0
    for curve in written["curves"]:
        with torch.no_grad():
            images = model.decode(torch.tensor(curve["points"], dtype=torch.float32)).numpy()
        for image, file in zip(images, curve["files"]):
            stored = cohort.read_nifti(out / file)
            # Colours are stored with 8 bits.
            stored = stored.astype(numpy.float32) / 255 if stored.ndim == 3 else stored[..., None]
            worst = max(worst, difference(image.transpose(1, 2, 0), stored))
    return worst


@pytest.mark.parametrize("architecture", SIZES)
def test_every_architecture_says_what_the_program_says(architecture, command, tmp_path):
    models = train(command, tmp_path, SIZES[architecture], "--architecture", architecture)
    model = manikin.load(models / "ill")
    assert isinstance(model, torch.nn.Module) and not model.training
    assert encoding_differs(tmp_path, model) < 1e-5
    assert decoding_differs(tmp_path, model, command) < 1e-5


@pytest.mark.parametrize("kind", KINDS)
def test_every_plain_kind_of_model_encodes_as_the_program(kind, command, tmp_path):
    model = manikin.load(train(command, tmp_path, (32, 32), "--model", kind), "well")
    assert model.card["className"] == "well"
    assert encoding_differs(tmp_path, model) < 1e-5


@pytest.mark.parametrize("architecture", ["compact", "resnet", "svhn"])
def test_colours(architecture, command, tmp_path):
    models = train(command, tmp_path, (32, 32), "--architecture", architecture, channels=3)
    model = manikin.load(models, "ill")
    assert model.shape == (3, 32, 32)
    assert encoding_differs(tmp_path, model) < 1e-5
    # Of 255 steps of light, half a step.
    assert decoding_differs(tmp_path, model, command) < 0.51 / 255 / 0.3


def test_the_comparison_notices_a_model_that_is_slightly_wrong(command, tmp_path):
    model = manikin.load(train(command, tmp_path, (208, 176), "--architecture", "oasis"), "ill")
    assert encoding_differs(tmp_path, model) < 1e-5
    model._bounds_log_variance = False
    assert encoding_differs(tmp_path, model) > 1e-5
    with torch.no_grad():
        model.decoder[-2].bias += 1e-4
    assert decoding_differs(tmp_path, model, command) > 1e-5


def test_spectral_norms_are_divided_out(command, tmp_path):
    models = train(command, tmp_path, (32, 32), "--model", "rae-sn")
    weights = load_file(models / "ill" / "weights.safetensors")
    weight = manikin.load(models, "ill").state_dict()["decoder.0.weight"].numpy()
    left, right = (weights[f"decoder.0.weight_{side}"] for side in "uv")
    norm = left @ weights["decoder.0.weight"].reshape(len(left), -1) @ right
    assert abs(norm - 1) > 1e-3
    assert difference(weight * norm, weights["decoder.0.weight"]) < 1e-6


@pytest.mark.parametrize("kind", ["vae-nf", "vae-iaf"])
def test_a_decoder_that_reads_other_codes_is_refused(kind, command, tmp_path):
    models = train(command, tmp_path, (32, 32), "--model", kind)
    with pytest.raises(manikin.ManikinError, match=f"the decoder of a {kind} reads codes that flows have moved"):
        manikin.load(models, "ill")


def test_what_is_wrong_is_said(command, tmp_path):
    models = train(command, tmp_path, (32, 32), share="all")
    with pytest.raises(manikin.ManikinError, match="several models; give class_name one of ill, well"):
        manikin.load(models)
    with pytest.raises(manikin.ManikinError, match="no model of class 'dead'"):
        manikin.load(models, "dead")
    with pytest.raises(manikin.ManikinError, match="there is no model"):
        manikin.load(tmp_path / "nowhere")
    (tmp_path / "run/splits/01").mkdir(parents=True)
    (tmp_path / "run/splits/01/models").symlink_to(models)
    with pytest.raises(manikin.ManikinError, match="several splits; name one, such as .*/run/splits/01"):
        manikin.load(tmp_path / "run")
    assert manikin.load(tmp_path / "run/splits/01", "ill").card["className"] == "ill"
    model = manikin.load(models, "ill")
    with pytest.raises(manikin.ManikinError, match="shape \\[1, 32, 32\\]"):
        model.encode(torch.zeros(2, 32, 32, 1))
    with pytest.raises(manikin.ManikinError, match="codes of shape \\[n, 3\\]"):
        model.decode(torch.zeros(2, 4))
    weights = models / "ill" / "weights.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    with pytest.raises(manikin.ManikinError, match="weights.safetensors: the weights are not those"):
        manikin.load(models, "ill")
    (models / "well" / "model.json").write_text("[]")
    with pytest.raises(manikin.ManikinError, match="model.json: this is no model of Manikin"):
        manikin.load(models, "well")


def test_nothing_large_is_imported_before_it_is_asked_for():
    script = "import manikin, sys; print([name for name in ('torch', 'numpy', 'pandas') if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True).stdout == "[]\n"
