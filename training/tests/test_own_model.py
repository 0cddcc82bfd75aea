"""Runs the commands of docs/own-model.md: one export for each file format."""

import re
import shlex
from pathlib import Path

import joblib
import lightgbm
import mlflow
import numpy as np
import pytest
import skops.io
import xgboost
from catboost import CatBoostClassifier
from skl2onnx import to_onnx
from sklearn.datasets import load_wine
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sepal_export.__main__ import main

PAGE = (Path(__file__).parents[2] / "docs" / "own-model.md").read_text("utf-8")
LINES = list(dict.fromkeys(re.findall(r"^sepal export (.* --name wine)$", PAGE, re.MULTILINE)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with a model of the wine data in every file format, and its rows."""
    folder = tmp_path_factory.mktemp("wine")
    wine = load_wine(as_frame=True).frame.rename(columns={"target": "cultivar"})
    X, y = wine.drop(columns="cultivar"), wine["cultivar"]
    wine.to_csv(folder / "wine.csv", index=False)
    X.to_csv(folder / "wine-unlabelled.csv", index=False)
    pipeline = make_pipeline(StandardScaler(), LogisticRegression()).fit(X, y)
    joblib.dump(pipeline, folder / "wine.joblib")
    skops.io.dump(pipeline, folder / "wine.skops")
    mlflow.sklearn.save_model(pipeline, folder / "mlflow-wine", pip_requirements=[], serialization_format="skops")
    onnx = to_onnx(pipeline, X.to_numpy(np.float32)[:1])
    (folder / "wine.onnx").write_bytes(onnx.SerializeToString())
    boosted = xgboost.XGBClassifier(n_estimators=3).fit(X, y)
    boosted.save_model(folder / "wine.json")
    boosted.save_model(folder / "wine.ubj")
    joblib.dump(boosted.get_booster(), folder / "wine.pkl")
    options = {"objective": "multiclass", "num_class": 3, "verbose": -1}
    lightgbm.train(options, lightgbm.Dataset(X, y), 3).save_model(folder / "wine.txt")
    CatBoostClassifier(iterations=3, verbose=0, allow_writing_files=False).fit(X, y).save_model(folder / "wine.cbm")
    return folder


def test_the_page_has_the_commands_for_every_file_format():
    files = {line.split()[0] for line in LINES}
    assert files == {f"wine.{form}" for form in ("cbm", "joblib", "json", "onnx", "pkl", "skops", "txt", "ubj")} | {
        "mlflow-wine"
    }
    assert all(f"sepal export {line}\nnpm start -- --model wine\n" in PAGE for line in LINES)


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("line", LINES)
def test_the_command_exports_a_package(line, folder, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(folder)
    assert main([*shlex.split(line), "--out", str(tmp_path / "wine")]) == 0, capsys.readouterr().err
    assert (tmp_path / "wine" / "SHA256SUMS").exists()
