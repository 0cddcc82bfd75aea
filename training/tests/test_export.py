"""Exports of estimators other than those of the packages in models/."""

import json
import os
import subprocess
import sys
from copy import deepcopy
from pathlib import Path

import jsonschema
import numpy as np
import onnxruntime
import pandas as pd
import pytest
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.compose import make_column_transformer
from sklearn.datasets import load_diabetes, load_digits, load_iris, load_wine
from sklearn.linear_model import LogisticRegression, Perceptron, Ridge
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import KBinsDiscretizer, OneHotEncoder, PowerTransformer, StandardScaler
from sklearn.tree import DecisionTreeClassifier
from xgboost import XGBRegressor

from sepal_export import Column, ConversionError, ParityError, export
from sepal_export.data.classes import name_of
from sepal_export.registry import CONVERTERS, REFUSED, converts

TRAINING = Path(__file__).parents[1]
SCHEMA = json.loads((TRAINING.parent / "models" / "model.schema.json").read_text())
FILES = ["SHA256SUMS", "background.json", "golden.json", "model.json", "model.onnx"]


def export_to(out, estimator, X, y, **overrides):
    """Fits, and exports without metrics. `overrides` replace the other arguments, or add some."""
    arguments = {"name": "example", "version": "1", "out": out, "metrics": False}
    return export(estimator.fit(X, y), X, y, **arguments | overrides)


def scaled(estimator):
    return make_pipeline(StandardScaler(), estimator)


class Shifted(LogisticRegression):
    """A logistic regression whose converter, below, answers something else."""


@pytest.fixture
def a_wrong_converter():
    """Its second probability is larger by 1e-6."""

    @converts("test_export.Shifted")
    def shifted(estimator, table):
        answer = CONVERTERS["sklearn.LogisticRegression"](estimator, table)
        return type(answer)(answer.label, answer.probabilities + np.array([0, 1e-6, 0]), answer.decision)

    yield
    del CONVERTERS["test_export.Shifted"]


def test_a_regressor_answers_values(tmp_path):
    X, y = load_diabetes(return_X_y=True)
    estimator = scaled(Ridge())
    manifest = export_to(tmp_path, estimator, X, y, metrics=True)
    jsonschema.validate(manifest, SCHEMA)
    assert manifest["task"] == "regression"
    assert manifest["outputs"] == {"value": "value"}
    [example] = manifest["examples"]
    assert example["predictions"] == [{"value": pytest.approx(estimator.predict(example["instances"])[0])}]
    assert manifest["parity"]["label_agreement"] is None
    metrics = manifest["metrics"]["values"]
    assert set(metrics) == {"r2", "mean_absolute_error"}
    assert 30 < metrics["mean_absolute_error"]["mean"] < 60


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int64, object])
def test_a_regressor_s_target_has_the_baseline_of_its_training_values(tmp_path, dtype):
    X, y = load_diabetes(return_X_y=True)
    target = export_to(tmp_path, Ridge(), X, y.astype(dtype), target=Column("progression", unit="points"))["target"]
    assert (target["name"], target["unit"]) == ("progression", "points")
    assert target["baseline"] == {
        "min": 25.0,
        "max": 346.0,
        "mean": pytest.approx(152.133, abs=1e-3),
        "std": pytest.approx(77.006, abs=1e-3),
        "deciles": pytest.approx(np.quantile(y, np.linspace(0.1, 0.9, 9))),
    }


def test_a_classifier_s_target_has_no_baseline(tmp_path):
    X, y = load_iris(return_X_y=True)
    assert export_to(tmp_path, LogisticRegression(max_iter=1000), X, y)["target"] == {"name": "target", "unit": None}


@pytest.mark.parametrize(
    ("labels", "classes"),
    [
        (np.array([0, 1, 2]), [0, 1, 2]),
        (np.array([-1, 5, 7], dtype=np.int8), [-1, 5, 7]),
        (np.array([0, 128, 255], dtype=np.uint8), [0, 128, 255]),
        (np.array([0, 1, 2**53 - 1]), [0, 1, 2**53 - 1]),
        (np.array([False, True, True]), [False, True]),
        (np.array([-0.0, 1.0, 2.0]), [0.0, 1.0, 2.0]),
        (np.array(["a", "b", "ç"], dtype=object), ["a", "b", "ç"]),
        (np.array(["0", "1", "__proto__"]), ["0", "1", "__proto__"]),
    ],
)
def test_labels_keep_their_type(tmp_path, labels, classes):
    X, y = load_wine(return_X_y=True)
    manifest = export_to(tmp_path, scaled(LogisticRegression()), X, labels[y])
    jsonschema.validate(manifest, SCHEMA)
    golden = json.loads((tmp_path / "golden.json").read_text())
    for answered in (manifest, json.loads((tmp_path / "model.json").read_text())):
        assert repr(answered["classes"]) == repr(classes)
        assert {repr(example["predictions"][0]["label"]) for example in answered["examples"]} == set(map(repr, classes))
    assert {repr(entry["label"]) for entry in golden["predictions"]} == set(map(repr, classes))
    assert [*golden["predictions"][0]["probabilities"]] == [name_of(value) for value in classes]


def test_the_label_of_the_graph_is_a_position(tmp_path):
    X, y = load_wine(return_X_y=True)
    estimator = scaled(LogisticRegression()).fit(X, np.array([7, -1, 3])[y])
    export_to(tmp_path, estimator, X, np.array([7, -1, 3])[y])
    session = onnxruntime.InferenceSession((tmp_path / "model.onnx").read_bytes())
    [label] = session.run(["label"], {"X": X})
    assert (label.dtype, label.shape) == (np.int64, (len(X),))
    np.testing.assert_array_equal(np.array([-1, 3, 7])[label], estimator.predict(X))


def test_examples_are_five_at_most(tmp_path):
    X, y = load_digits(return_X_y=True)
    manifest = export_to(tmp_path, scaled(LogisticRegression(max_iter=1000)), X, y)
    assert len(manifest["classes"]) == 10
    assert [example["predictions"][0]["label"] for example in manifest["examples"]] == [0, 1, 2, 3, 4]


def test_golden_rows_are_two_hundred_at_most(tmp_path):
    X, y = load_diabetes(return_X_y=True)
    export_to(tmp_path, scaled(Ridge()), X, y)
    golden = json.loads((tmp_path / "golden.json").read_text())
    assert len(golden["instances"]) == len(golden["predictions"]) == 200
    assert golden["instances"][:1] == json.loads((tmp_path / "model.json").read_text())["examples"][0]["instances"]
    assert not {tuple(row) for row in golden["instances"]} & set(map(tuple, X.tolist()))


def test_the_proof_has_at_least_twenty_thousand_points(tmp_path):
    X, y = load_iris(return_X_y=True)
    parity = export_to(tmp_path, scaled(LogisticRegression()), X, y)["parity"]
    assert parity["rows"] == sum(parity["points"].values()) >= 20_000
    assert parity["label_agreement"] == 1
    assert parity["mismatches"] == 0
    assert parity["largest_error"] <= 1e-14


def test_an_estimator_is_left_as_it_was(tmp_path):
    X, y = load_wine(return_X_y=True)
    estimator = scaled(LogisticRegression()).fit(X, y)
    before = deepcopy(estimator)
    export(estimator, X, y, name="x", version="1", out=tmp_path)
    np.testing.assert_array_equal(estimator[-1].coef_, before[-1].coef_)
    assert vars(estimator[-1]).keys() == vars(before[-1]).keys()
    assert vars(estimator[0]).keys() == vars(before[0]).keys()


def test_an_export_has_the_same_bytes_in_every_process(tmp_path):
    code = (
        "import sys; from sklearn.datasets import load_wine; from sklearn.ensemble import RandomForestClassifier;"
        "from sepal_export import export; X, y = load_wine(return_X_y=True);"
        "export(RandomForestClassifier(20, random_state=0).fit(X, y), X, y, name='x', version='1', out=sys.argv[1])"
    )
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", code, tmp_path / seed], cwd=TRAINING, env=environment, check=True)
    for file in FILES:
        assert (tmp_path / "1" / file).read_bytes() == (tmp_path / "2" / file).read_bytes()


@pytest.mark.usefixtures("a_wrong_converter")
def test_a_model_that_answers_differently_is_refused_and_nothing_is_written(tmp_path):
    X, y = load_iris(return_X_y=True)
    with pytest.raises(ParityError) as refusal:
        export_to(tmp_path / "package", Shifted(max_iter=500), X, y)
    lines = str(refusal.value).splitlines()
    assert lines[0].startswith("the ONNX model differs from the original on 2")
    assert "0 labels, and scores by up to 1e-06, where 1e-09 is allowed" in lines[0]
    assert lines[1] == "rows | original | onnx | difference | row"
    assert len(lines) == 2 + 20 + 1
    _, original, onnx, difference, row = lines[2].split(" | ")
    assert original.split()[0] == onnx.split()[0]
    assert float(difference) == pytest.approx(1e-6)
    assert len(json.loads(row)) == 4
    assert not (tmp_path / "package").exists()


@pytest.mark.usefixtures("a_wrong_converter")
def test_a_mismatch_that_is_allowed_is_recorded(tmp_path):
    X, y = load_iris(return_X_y=True)
    manifest = export_to(tmp_path, Shifted(max_iter=500), X, y, allow_mismatch=True)
    jsonschema.validate(manifest, SCHEMA)
    parity = manifest["parity"]
    assert parity["mismatches"] == parity["rows"]
    assert parity["label_agreement"] == 1
    assert parity["largest_error"] == 1e-5
    [given] = json.loads((tmp_path / "model.json").read_text())["examples"][0]["predictions"]
    assert sum(given["probabilities"].values()) == pytest.approx(1 + 1e-6, abs=1e-9)


class Centred(TransformerMixin, BaseEstimator):
    """A transformer of the user's own, whose answer to a row depends on the others."""

    def fit(self, X, y=None):
        self.n_features_in_ = X.shape[1]
        return self

    def transform(self, X):
        return X - X.mean(axis=0)


@pytest.mark.parametrize(
    ("estimator", "message"),
    [
        (make_pipeline(StandardScaler(), KNeighborsClassifier(metric="canberra")),
         r"KNeighborsClassifier in the step 'kneighborsclassifier' cannot be .*: its metric.*use metric='euclidean'"),
        (make_pipeline(FeatureUnion([("centred", Centred())]), StandardScaler(), Perceptron()),
         r"Centred in the step 'featureunion' → 'centred' cannot be exported: .*other"),
        (make_pipeline(StandardScaler()), r"predicts nothing: a classifier, a regressor, .* must come last"),
    ],
)  # fmt: skip
def test_what_cannot_be_exported_is_refused_by_name_and_step(tmp_path, estimator, message):
    X, y = load_iris(return_X_y=True)
    with pytest.raises(ConversionError, match=message):
        export_to(tmp_path / "package", estimator, X, y)
    assert not (tmp_path / "package").exists()


def test_no_class_is_both_exported_and_refused():
    assert not CONVERTERS.keys() & REFUSED.keys()


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ({"name": "../x"}, "the name '../x' cannot be used; expected letters"),
        ({"version": ""}, "the version '' cannot be used"),
        ({"features": ["a"]}, r"X has shape \(150, 4\), but the names are those of 1 feature"),
        ({"features": ["a", "b", "c", "a"]}, "the names of the features must differ"),
        ({"features": [Column("a", dtype="number"), "b", "c", "d"]}, "'a' cannot be of type 'number'; expected one of"),
    ],
)
def test_names_that_cannot_be_used_are_refused(tmp_path, overrides, message):
    X, y = load_iris(return_X_y=True)
    with pytest.raises(ValueError, match=message):
        export_to(tmp_path, scaled(LogisticRegression()), X, y, **overrides)


def test_numbers_whose_deviation_is_infinite_are_refused_by_name(tmp_path):
    X, y = load_diabetes(return_X_y=True)
    with pytest.raises(
        ValueError, match=r"^the values of 'target' are too large \(3.46e\+202\): scale them before the"
    ):
        export_to(tmp_path, Ridge(), X, y * 1e200, metrics=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("scale", [1e-8, 1e10])
def test_a_regressor_is_judged_by_the_scale_of_its_values(tmp_path, scale):
    X, y = load_diabetes(return_X_y=True)
    manifest = export_to(tmp_path, scaled(Ridge()), X, y * scale)
    assert manifest["parity"]["largest_error"] < 1e-12
    assert manifest["parity"]["scale"] == pytest.approx(250 * scale, rel=0.3)


def test_a_frame_of_numbers_keeps_its_types(tmp_path):
    random = np.random.default_rng(0)
    X = pd.DataFrame(
        {
            "single": random.normal(size=80).astype(np.float32),
            "double": random.normal(size=80),
            "whole": random.integers(0, 9, 80),
            "flag": random.random(80) < 0.5,
        }
    )
    manifest = export_to(tmp_path, LogisticRegression(), X, random.integers(0, 2, 80))
    jsonschema.validate(manifest, SCHEMA)
    assert [(feature["name"], feature["dtype"]) for feature in manifest["features"]] == [
        ("single", "float32"), ("double", "float64"), ("whole", "int64"), ("flag", "bool")
    ]  # fmt: skip
    assert manifest["inputs"] == [{"name": "X", "dtype": "float64", "shape": [None, 4]}]
    [[single, _, whole, flag]] = manifest["examples"][0]["instances"]
    assert single == float(np.float32(single))
    assert type(whole) is int
    assert type(flag) is bool


def test_a_column_of_whole_numbers_takes_fractions_where_the_caller_says_so(tmp_path):
    X = np.arange(40).reshape(20, 2)
    features = [Column("a", dtype="float64", unit="kg"), "b"]
    manifest = export_to(tmp_path, Ridge(), X, X[:, 0] * 2.0, features=features)
    assert [feature["dtype"] for feature in manifest["features"]] == ["float64", "int64"]
    assert [feature["unit"] for feature in manifest["features"]] == ["kg", None]


def test_no_database_of_onnxruntime_is_left_in_the_home_folder(tmp_path):
    environment = {**os.environ, "HOME": str(tmp_path)}
    subprocess.run([sys.executable, "diabetes.py", tmp_path / "package"], cwd=TRAINING, env=environment, check=True)
    assert "package" in {path.name for path in tmp_path.iterdir()}
    assert not list(tmp_path.rglob("*.db*")) and not list(tmp_path.rglob("*onnx*runtime*"))


@pytest.mark.parametrize("name", ["label", "probabilities", "value", "v0", "c0", "compared", "__proto__", "input 0"])
def test_a_feature_may_be_called_as_a_tensor_of_the_graph(name, tmp_path):
    frame = pd.DataFrame({"a": ["x", "y", "z"] * 20, name: np.arange(60.0)})
    encode = make_column_transformer((OneHotEncoder(), ["a"]), (KBinsDiscretizer(2), [name]))
    manifest = export_to(tmp_path, make_pipeline(encode, LogisticRegression()), frame, [0, 1, 1] * 20)
    assert [feature["name"] for feature in manifest["features"]] == ["a", name]
    assert [entry["name"] for entry in manifest["inputs"]] == ["a", "input 1"]


def test_one_class_is_refused(tmp_path):
    with pytest.raises(ConversionError, match="trained on one class, 7; train it on two or more"):
        export_to(tmp_path, DecisionTreeClassifier(), np.ones((5, 2)), np.full(5, 7))


@pytest.mark.parametrize(
    ("X", "y", "message"),
    [
        (np.ones((4, 3)), [0, 1, 0, 1], "LogisticRegression does not answer the rows of X .X has 3 features.*; fit it"),
        (np.full((4, 2), np.nan), [0, 1, 0, 1], "'x0' has no values"),
        (np.array([[1, np.nan], [1, 2]]), [0, 1], "does not answer the rows of X .Input X contains NaN"),
        (np.ones((4, 2)), 1, r"y has shape \(\), but X has 4 rows"),
        (np.ones((4, 2)), [0, 1], r"y has shape \(2,\), but X has 4 rows"),
        (np.ones((4, 2)), [0, 1, 0, np.nan], "y lacks 1 value"),
        (np.ones((4, 2)), [0, 1, 0, np.inf], "y holds 1 infinite values"),
    ],
)
def test_what_the_estimator_was_not_fitted_on(X, y, message, tmp_path):
    estimator = LogisticRegression().fit(np.eye(2), [0, 1])
    with pytest.raises(ValueError, match=message):
        export(estimator, X, y, name="a", version="1", out=tmp_path)


def test_an_estimator_that_is_not_fitted(tmp_path):
    with pytest.raises(ValueError, match=r"does not answer the rows of X .*not fitted yet.*; fit it"):
        export(LogisticRegression(), np.eye(2), [0, 1], name="a", version="1", out=tmp_path)


def test_the_original_may_refuse_rows_beyond_its_training(tmp_path):
    """The proof replaces refused rows by others, so that it still holds 20,000."""
    X = np.random.default_rng(0).exponential(size=(60, 2)) + 0.1
    manifest = export_to(tmp_path, make_pipeline(PowerTransformer("box-cox"), Ridge()), X, X.sum(axis=1))
    points = manifest["parity"]["points"]
    assert points.pop("refused") == 100
    assert sum(points.values()) >= 20_000


def test_several_values_of_one_target(tmp_path):
    """The data holds no quantiles, so they can be neither measured nor compared with a baseline."""
    X, y = load_diabetes(return_X_y=True)
    model = XGBRegressor(n_estimators=3, n_jobs=1, objective="reg:quantileerror", quantile_alpha=[0.1, 0.9])
    manifest = export_to(tmp_path, model, X, y, metrics=True, target=["low", "high"])
    assert [(target["name"], target["baseline"]) for target in manifest["targets"]] == [("low", None), ("high", None)]
    assert manifest["metrics"]["protocol"] == "not measured: it answers several values to one target"
    jsonschema.validate(manifest, SCHEMA)


def test_one_column_of_the_target_is_not_that_of_two(tmp_path):
    X, y = load_diabetes(return_X_y=True)
    two = Ridge().fit(X, np.stack([y, -y], axis=1))
    with pytest.raises(ValueError, match="y has 1 column, but the estimator predicts 2"):
        export(two, X, y, name="two", version="1", out=tmp_path / "package", say=lambda _: None)
