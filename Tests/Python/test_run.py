"""`manikin.run` on a small cohort."""

import csv
import os
import sys

import cohort
import pytest

import manikin

SETTINGS = {"generator.steps": 2, "evaluation.runs": 1, "generator.latent-dimensions": 2}


def evaluate(folder, **options):
    data = cohort.write(folder / "data", 32, 32, count=20)
    return manikin.run(
        data, out=folder / "run", settings=SETTINGS, splits=2, methods=["original", "smote"], progress=False, **options)


def test_results_are_what_the_folder_holds(tmp_path):
    result = evaluate(tmp_path)
    assert result.folder.resolve() == (tmp_path / "run").resolve()
    assert result.report.is_file() and "original" in result.text
    assert result.verdict and result.answer and result.verdict in result.text
    with open(tmp_path / "run/results.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    scores = result.scores
    assert list(scores.columns) == list(rows[0]) and len(scores) == len(rows) > 10
    assert set(scores["method"]) == {"original", "smote"} and set(scores["split"]) == {1, 2}
    for (_, score), row in zip(scores.iterrows(), rows):
        assert (score["value"] != score["value"]) if row["value"] == "NA" else score["value"] == float(row["value"])
        assert score["class"] == row["class"]
    # Eight test images a split, of one run and two methods.
    assert len(result.predictions) == 2 * 2 * 8
    assert result.predictions["subject"].str.startswith("person").all()


def test_a_refusal_is_the_programs_own_sentence(tmp_path):
    with pytest.raises(manikin.ManikinError, match="nothing.yaml"):
        manikin.run(tmp_path / "nothing.yaml", progress=False)
    with pytest.raises(manikin.ManikinError, match="--colour-me"):
        evaluate(tmp_path, colour_me="rgb")
    assert not (tmp_path / "run").exists()


def test_without_a_program_the_sentence_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("MANIKIN", str(tmp_path / "absent"))
    with pytest.raises(manikin.ManikinError, match="absent cannot be started"):
        manikin.run(os.fspath(tmp_path))


def test_without_pandas_all_else_works(tmp_path, monkeypatch):
    result = evaluate(tmp_path)
    monkeypatch.setitem(sys.modules, "pandas", None)
    assert result.document["methods"]["smote"]
    with pytest.raises(manikin.ManikinError, match="pip install 'manikin\\[pandas\\]'"):
        result.scores
