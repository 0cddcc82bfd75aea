"""Models that MLflow saved, given as a folder or as one of MLflow's addresses."""

import json

import joblib
import mlflow
import numpy as np
import pytest
import xgboost
import yaml
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression

from sepal_export.__main__ import main
from sepal_export.loading.load import LoadError, load
from sepal_export.loading.mlflow_models import MlflowError, located

X, Y = load_iris(return_X_y=True, as_frame=True)
NAMES = ["sepal_length", "sepal_width", "petal_length", "petal_width"]
X = X.set_axis(NAMES, axis=1)
# The form in which MLflow 3.17 writes a signature.
SIGNATURE = json.dumps([{"type": "double", "name": name, "required": True} for name in NAMES])


@pytest.fixture
def folder(tmp_path):
    """The MLflow folder of a model that was fitted to an array."""
    joblib.dump(LogisticRegression(max_iter=1000).fit(X.to_numpy(), Y), tmp_path / "model.pkl")
    return describe(tmp_path, {"sklearn": {"pickled_model": "model.pkl"}}, signature={"inputs": SIGNATURE})


def describe(folder, flavours, **others):
    (folder / "MLmodel").write_text(yaml.safe_dump({"flavors": {"python_function": {}, **flavours}, **others}))
    return folder


def read(folder):
    return load(folder, warn=lambda text: None)


def export(folder, *options):
    return main([str(folder), "--target", "species", "--name", "iris", *options])


def test_the_signature_names_the_features_and_their_types(folder, monkeypatch):
    monkeypatch.chdir(folder)
    assert export(folder) == 0
    manifest = json.loads((folder / "models/iris/model.json").read_text())
    assert [(each["name"], each["dtype"], each["baseline"]) for each in manifest["features"]] == [
        (name, "float64", None) for name in NAMES
    ]


def test_the_columns_of_a_file_are_those_of_the_signature(folder, monkeypatch):
    """Columns are in the signature's order; one of type double is float64 even if the file holds whole numbers."""
    monkeypatch.chdir(folder)
    rows = X.assign(species=Y, petal_width=np.arange(150) % 3, more=1)
    rows[["more", *NAMES[::-1], "species"]].to_csv("rows.csv", index=False)
    assert export(folder, "--data", "rows.csv", "--no-metrics") == 0
    manifest = json.loads((folder / "models/iris/model.json").read_text())
    assert [each["name"] for each in manifest["features"]] == NAMES
    assert manifest["features"][3]["dtype"] == "float64"
    assert manifest["features"][3]["baseline"]["max"] == 2


def test_the_input_example_names_the_features_where_there_is_no_signature(folder):
    example = {"artifact_path": "input_example.json", "type": "dataframe"}
    (folder / "input_example.json").write_text(json.dumps({"columns": NAMES, "data": [[1, 2, 3, 4]]}))
    describe(folder, {"sklearn": {"pickled_model": "model.pkl"}}, saved_input_example_info=example)
    assert [column.name for column in read(folder).columns] == NAMES
    describe(
        folder, {"sklearn": {"pickled_model": "model.pkl"}}, saved_input_example_info=example | {"type": "ndarray"}
    )
    assert read(folder).columns == ()


def test_a_flavour_of_boosters_is_read(folder):
    model = xgboost.XGBClassifier(n_estimators=2).fit(X, Y)
    model.save_model(folder / "model.ubj")
    describe(folder, {"xgboost": {"data": "model.ubj", "model_class": "xgboost.sklearn.XGBClassifier"}})
    np.testing.assert_array_equal(read(folder).estimator.predict_proba(X), model.predict_proba(X))


@pytest.mark.parametrize(
    ("flavours", "message"),
    [
        (
            {"pytorch": {"data": "x"}},
            "of the flavours python_function, pytorch; those that can be exported are sklearn,",
        ),
        ({"sklearn": {"pickled_model": "../model.pkl"}}, "names the file ../model.pkl, which is not in its folder"),
        ({"sklearn": {"pickled_model": "none.pkl"}}, "none.pkl does not exist"),
    ],
)
def test_a_model_that_is_not_there_is_named(flavours, message, folder):
    with pytest.raises(LoadError, match=message):
        read(describe(folder, flavours))


def test_a_folder_that_describes_nothing_is_refused(folder):
    (folder / "MLmodel").write_text("{")
    with pytest.raises(LoadError, match="is not the description of an MLflow model"):
        read(folder)


@pytest.mark.parametrize("path", ["model.joblib", "models/iris", "runs", "C:/models"])
def test_a_path_is_no_address(path):
    assert str(located(path)) == path


def test_an_address_is_where_mlflow_puts_it(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(mlflow.artifacts, "download_artifacts", lambda artifact_uri: f"{tmp_path}/{artifact_uri[8:]}")
    assert located("models:/iris/1") == tmp_path / "iris/1"


def test_an_address_that_mlflow_does_not_find_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", (tmp_path / "runs").as_uri())
    with pytest.raises(MlflowError, match=r"MLflow does not find runs:/none/model .*set MLFLOW_TRACKING_URI to"):
        located("runs:/none/model")


def test_mlflow_that_is_not_installed_is_asked_for(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(MlflowError, match="pip install mlflow-skinny"):
        located("models:/iris/1")
