"""The mistakes that model.json reports: confusion, precision and recall of a classifier; residuals of a regressor."""

import json

import jsonschema
import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import confusion_matrix, precision_score, recall_score
from sklearn.model_selection import KFold, StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC
from test_export import SCHEMA

from sepal_export import export
from sepal_export.data.outputs import CLASSIFICATION, OUTLIERS, Outputs
from sepal_export.data.predictions import Predictions
from sepal_export.evaluation.cross_validation import cross_validate
from sepal_export.evaluation.evaluate import on_holdout
from sepal_export.evaluation.mistakes import mistakes_of

FOLDS = StratifiedKFold(5, shuffle=True, random_state=0)


def scaled(estimator):
    return make_pipeline(StandardScaler(), estimator)


def test_the_confusion_is_that_of_rows_that_were_held_out():
    X, y = load_iris(return_X_y=True)
    mistakes = cross_validate(scaled(LogisticRegression()), X, y).metrics.mistakes
    held_out = cross_val_predict(scaled(LogisticRegression()), X, y, cv=FOLDS)
    assert mistakes == {"confusion": {"counts": confusion_matrix(y, held_out).tolist()}}


def test_of_two_classes_thresholds_are_told():
    X, y = load_breast_cancer(return_X_y=True)
    names = np.array(["malignant", "benign"])[y]
    mistakes = cross_validate(scaled(LogisticRegression()), X, names).metrics.mistakes
    [*probabilities] = cross_val_predict(scaled(LogisticRegression()), X, names, cv=FOLDS, method="predict_proba")[:, 1]
    thresholds = mistakes["thresholds"]
    assert [each["threshold"] for each in thresholds] == [round(step * 0.05, 2) for step in range(1, 20)]
    for each in thresholds:
        taken = np.array(probabilities) >= each["threshold"]
        assert each["share"] == round(taken.mean(), 4)
        # Precision and recall are those of the second class.
        assert each["precision"] == round(precision_score(names == "malignant", taken), 4)
        assert each["recall"] == round(recall_score(names == "malignant", taken), 4)
    assert mistakes["confusion"]["counts"][1][1] == round(thresholds[9]["recall"] * (names == "malignant").sum())


def test_residuals_are_actual_values_above_predicted_ones():
    X, y = load_diabetes(return_X_y=True)
    residuals = cross_validate(Ridge(), X, y).metrics.mistakes["residuals"]
    off = y - cross_val_predict(Ridge(), X, y, cv=KFold(5, shuffle=True, random_state=0))
    assert residuals["mean"] == pytest.approx(off.mean(), abs=1e-4)
    assert residuals["std"] == pytest.approx(off.std(), abs=1e-4)
    assert residuals["deciles"] == pytest.approx(np.quantile(off, np.linspace(0.1, 0.9, 9)), abs=1e-4)


def test_small_residuals_keep_their_digits():
    X, y = load_diabetes(return_X_y=True)
    large, small = (cross_validate(Ridge(), X, y * scale).metrics.mistakes["residuals"] for scale in (1, 1e-6))
    assert small["deciles"] == pytest.approx(np.array(large["deciles"]) * 1e-6, rel=1e-2)


def test_without_probabilities_there_are_no_thresholds():
    X, y = load_breast_cancer(return_X_y=True)
    assert list(cross_validate(scaled(LinearSVC()), X, y).metrics.mistakes) == ["confusion"]


def test_holdout_rows_may_lack_a_class():
    X, y = load_breast_cancer(return_X_y=True)
    estimator = scaled(LogisticRegression()).fit(X, y)
    only_first = np.flatnonzero(y == 0)[:20]
    mistakes = on_holdout(estimator, X[only_first], y[only_first]).metrics.mistakes
    assert mistakes["confusion"]["counts"][1] == [0, 0]
    assert mistakes["thresholds"][0]["recall"] is None
    assert mistakes["thresholds"][18]["precision"] in (None, 0.0)


def test_several_targets_many_classes_and_outliers_have_none():
    X, _ = load_iris(return_X_y=True)
    assert cross_validate(Ridge(), X, X[:, :2]).metrics.mistakes == {}
    labels = np.arange(51)
    many = Outputs(CLASSIFICATION, (tuple(range(51)),), "probabilities", 51)
    assert mistakes_of(Predictions(np.eye(51), labels, many), labels) == {}
    outliers = Outputs(OUTLIERS, (("inlier", "outlier"),), "score", 1)
    assert mistakes_of(Predictions(np.zeros((2, 1)), np.array([0, 1]), outliers), labels[:2]) == {}


@pytest.mark.parametrize("load", [load_breast_cancer, load_diabetes])
def test_model_json_holds_them(tmp_path, load):
    X, y = load(return_X_y=True)
    estimator = scaled(Ridge() if load is load_diabetes else LogisticRegression()).fit(X, y)
    manifest = export(estimator, X, y, name="example", version="1", out=tmp_path, background=0, say=lambda _: None)
    jsonschema.validate(manifest, SCHEMA)
    metrics = json.loads((tmp_path / "model.json").read_text())["metrics"]
    wanted = {"residuals"} if load is load_diabetes else {"confusion", "thresholds"}
    assert metrics.keys() == {"protocol", "values"} | wanted
