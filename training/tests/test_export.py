"""The library on estimators other than the one that ships."""

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from sklearn.datasets import load_diabetes, load_digits, load_iris, load_wine
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.neighbors import NearestCentroid
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sepal_export import Column, ConversionError, ParityError, export
from sepal_export.predictions import OnnxModel, Predictions, predictions_of
from sepal_export.verify import TOLERANCE, round_up_to_decade, verify, with_float32_neighbours

TRAINING = Path(__file__).parents[1]
SCHEMA = json.loads((TRAINING.parent / "models" / "model.schema.json").read_text())


def export_to(out, estimator, X, y, **overrides):
    """Fits and exports with the least that `export` needs."""
    arguments = {
        "name": "example",
        "version": "1",
        "description": "",
        "features": [Column(f"x{column}") for column in range(X.shape[1])],
        "target": Column("y"),
        "out": out,
    }
    return export(estimator.fit(X, y), X, y, **arguments | overrides)


def test_a_regressor_answers_values(tmp_path):
    X, y = load_diabetes(return_X_y=True)
    estimator = make_pipeline(StandardScaler(), Ridge())
    manifest = export_to(tmp_path, estimator, X, y)
    jsonschema.validate(manifest, SCHEMA)
    assert manifest["task"] == "regression"
    assert manifest["outputs"] == {"value": "variable"}
    assert manifest["examples"][0]["predictions"] == [{"value": estimator.predict(X[:1])[0]}]
    assert manifest["parity"]["label_agreement"] is None
    metrics = manifest["metrics"]["values"]
    assert set(metrics) == {"r2", "mean_absolute_error"}
    assert 30 < metrics["mean_absolute_error"]["mean"] < 60


def test_integer_labels_become_strings(tmp_path):
    X, y = load_wine(return_X_y=True)
    manifest = export_to(tmp_path, make_pipeline(StandardScaler(), LogisticRegression()), X, y)
    jsonschema.validate(manifest, SCHEMA)
    assert manifest["classes"] == ["0", "1", "2"]
    assert {example["predictions"][0]["label"] for example in manifest["examples"]} == {"0", "1", "2"}


def test_a_model_that_answers_differently_is_refused_and_nothing_is_written(tmp_path):
    # The converter's double graph of a two-class LDA has other probabilities than scikit-learn, without any error.
    X, y = load_iris(return_X_y=True)
    two_classes = y < 2
    with pytest.raises(ParityError) as refusal:
        export_to(tmp_path / "package", LinearDiscriminantAnalysis(), X[two_classes, :1], y[two_classes])
    lines = str(refusal.value).splitlines()
    assert lines[0].startswith("the ONNX model differs from the original on ")
    assert lines[1] == "original | onnx | largest difference | row"
    assert len(lines) == 2 + 20 + 1
    original, onnx, difference, row = lines[2].split(" | ")
    assert original == onnx == "0"
    assert float(difference) > 1e-5
    assert len(json.loads(row)) == 1
    assert not (tmp_path / "package").exists()


def test_a_feature_without_a_name_is_refused(tmp_path):
    X, y = load_iris(return_X_y=True)
    with pytest.raises(ValueError, match=r"X has shape \(150, 4\), and 1 features are named"):
        export_to(tmp_path, make_pipeline(StandardScaler(), LogisticRegression()), X, y, features=[Column("x0")])


def test_rows_that_are_no_matrix_are_refused(tmp_path):
    X, y = load_iris(return_X_y=True)
    estimator = make_pipeline(StandardScaler(), LogisticRegression()).fit(X, y)
    arguments = {"name": "x", "version": "1", "description": "", "target": Column("y"), "out": tmp_path}
    with pytest.raises(ValueError, match=r"X has shape \(4,\), and 4 features are named"):
        export(estimator, X[0], y, features=[Column(f"x{column}") for column in range(4)], **arguments)


def test_float32_rows_are_exported_as_the_float64_that_they_are(tmp_path):
    X, y = load_iris(return_X_y=True)
    manifest = export_to(tmp_path, make_pipeline(StandardScaler(), LogisticRegression()), X.astype(np.float32), y)
    assert manifest["inputs"][0]["dtype"] == "float64"


def test_examples_are_five_at_most(tmp_path):
    X, y = load_digits(return_X_y=True)
    manifest = export_to(tmp_path, make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000)), X, y)
    assert len(manifest["classes"]) == 10
    assert [example["predictions"][0]["label"] for example in manifest["examples"]] == ["0", "1", "2", "3", "4"]


class Altered:
    """A model that answers what the original does, but for one row: the one that is equal to `row`."""

    def __init__(self, estimator, row, change):
        self.estimator, self.row, self.change = estimator, row, change

    def predict(self, X):
        answers = predictions_of(self.estimator, X)
        scores, labels = answers.scores.copy(), answers.labels.copy()
        self.change(scores, labels, np.flatnonzero((self.row == X).all(axis=1))[0])
        return Predictions(scores=scores, labels=labels)


def shift(scores, _labels, row):
    scores[row, 0] += 2 * TOLERANCE


def blank(scores, _labels, row):
    scores[row, 0] = np.nan


def relabel(_scores, labels, row):
    labels[row] = "x"


@pytest.mark.parametrize("change", [shift, blank, relabel])
@pytest.mark.parametrize("point", [0, 150, 300, 599])
def test_one_row_that_differs_is_refused(change, point):
    """A training row, its rounding to float32 and the neighbour to each side."""
    X, y = load_iris(return_X_y=True)
    estimator = make_pipeline(StandardScaler(), LogisticRegression()).fit(X, y)
    row = with_float32_neighbours(X)[point]
    with pytest.raises(ParityError) as refusal:
        verify(estimator, Altered(estimator, row, change), X)
    assert str(row.tolist()) in str(refusal.value)


def test_the_largest_error_of_any_row_is_recorded():
    X, y = load_iris(return_X_y=True)
    estimator = make_pipeline(StandardScaler(), LogisticRegression()).fit(X, y)

    def change(scores, _labels, row):
        scores[row, 0] += 2e-7

    assert verify(estimator, Altered(estimator, X[0], change), X).largest_error == 1e-6


@pytest.mark.parametrize("scale", [1e-8, 1e10])
def test_a_regressor_is_judged_by_the_scale_of_its_values(tmp_path, scale):
    X, y = load_diabetes(return_X_y=True)
    estimator = make_pipeline(StandardScaler(), Ridge())
    manifest = export_to(tmp_path, estimator, X, y * scale)
    assert manifest["parity"]["largest_error"] < 1e-9
    other = make_pipeline(StandardScaler(), Ridge()).fit(X, y[::-1] * scale)
    with pytest.raises(ParityError):
        verify(other, OnnxModel((tmp_path / "model.onnx").read_bytes()), X)


def test_an_estimator_without_an_onnx_model_is_refused_by_name(tmp_path):
    X, y = load_iris(return_X_y=True)
    with pytest.raises(ConversionError, match="NearestCentroid"):
        export_to(tmp_path / "package", NearestCentroid(), X, y)
    assert not (tmp_path / "package").exists()


def test_no_database_of_onnxruntime_is_left_in_the_home_folder(tmp_path):
    environment = {**os.environ, "HOME": str(tmp_path)}
    subprocess.run([sys.executable, "iris.py", tmp_path / "package"], cwd=TRAINING, env=environment, check=True)
    assert [path.name for path in tmp_path.iterdir()] == ["package"]


def test_float32_neighbours_are_a_step_to_each_side():
    points = with_float32_neighbours(np.array([[0.1]]))
    assert points[0] == 0.1
    assert points[1] == np.float32(0.1)
    assert points[2] < points[1] < points[3]
    assert np.float32(points[3]) - np.float32(points[1]) == np.spacing(np.float32(0.1))


@pytest.mark.parametrize(("error", "rounded"), [(0, 0), (2.2e-16, 1e-15), (9e-7, 1e-6), (1.5, 10)])
def test_an_error_is_rounded_up_to_a_power_of_ten(error, rounded):
    assert round_up_to_decade(error) == rounded
