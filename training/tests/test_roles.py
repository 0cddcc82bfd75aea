"""docs/exact-export.md says which classes can be exported, and where in a pipeline: each is tried there."""

from __future__ import annotations

import inspect
import re
import warnings
from typing import Any

import numpy as np
import pytest
from sklearn.base import is_regressor
from sklearn.datasets import load_breast_cancer, load_diabetes
from sklearn.linear_model import LogisticRegression, Ridge
from test_packages import TRAINING

from sepal_export.convert import to_onnx_model
from sepal_export.dataset import read_dataset
from sepal_export.registry import REFUSED, ConversionError
from zoo import compare, roles
from zoo.entries import ENTRIES

DOCS = TRAINING.parent / "docs"
LOGISTIC, RIDGE = LogisticRegression(max_iter=50), Ridge()
# Of classes that cannot be made without, or take long, or fit no small data with their defaults.
OPTIONS: dict[str, dict[str, Any]] = {
    "CatBoostClassifier": {"iterations": 3, "verbose": False, "allow_writing_files": False},
    "CatBoostRegressor": {"iterations": 3, "verbose": False, "allow_writing_files": False},
    "CCA": {"n_components": 1},
    "DPExplainableBoostingClassifier": {"max_rounds": 5, "n_jobs": 1},
    "DPExplainableBoostingRegressor": {"max_rounds": 5, "n_jobs": 1},
    "EasyEnsembleClassifier": {"n_estimators": 2},
    "ExplainableBoostingClassifier": {"max_rounds": 5, "outer_bags": 1, "n_jobs": 1},
    "ExplainableBoostingRegressor": {"max_rounds": 5, "outer_bags": 1, "n_jobs": 1},
    "GaussianRandomProjection": {"n_components": 2},
    "HistGradientBoostingClassifier": {"max_iter": 5},
    "HistGradientBoostingRegressor": {"max_iter": 5},
    "LGBMClassifier": {"verbose": -1},
    "LGBMRegressor": {"verbose": -1},
    "LogisticRegressionCV": {"Cs": 2, "max_iter": 20},
    "NGBClassifier": {"n_estimators": 3, "verbose": False},
    "NGBRegressor": {"n_estimators": 3, "verbose": False},
    "NGBSurvival": {"n_estimators": 3, "verbose": False},
    "PLSCanonical": {"n_components": 1},
    "SparseRandomProjection": {"n_components": 2},
    "StackingClassifier": {"estimators": [("a", LOGISTIC), ("b", LogisticRegression(C=2))]},
    "StackingRegressor": {"estimators": [("a", RIDGE), ("b", Ridge(2))]},
    "VotingClassifier": {"estimators": [("a", LOGISTIC), ("b", LogisticRegression(C=2))]},
    "VotingRegressor": {"estimators": [("a", RIDGE), ("b", Ridge(2))]},
}
PARTS = {
    "estimator": LOGISTIC,
    "param_distributions": {"C": [0.5, 1, 2]},
    "param_grid": {"C": [1, 2]},
    "steps": [("last", LOGISTIC)],
    "transformer_list": [("a", "passthrough")],
    "transformers": [("a", "passthrough", [0])],
}


def fitted(name: str) -> tuple[Any, np.ndarray]:
    """An instance of a class and the positive numbers that it was fitted to."""
    kind = roles.class_of(name)
    options = OPTIONS.get(kind.__name__, {})
    required = [
        key for key, one in inspect.signature(kind).parameters.items() if one.default is inspect.Parameter.empty
    ]
    estimator = kind(**{key: PARTS[key] for key in required if key in PARTS and key not in options}, **options)
    regresses = is_regressor(estimator)
    X, y = load_diabetes(return_X_y=True) if regresses else load_breast_cancer(return_X_y=True)
    X = np.abs(X[:100, : 1 if kind.__name__ == "IsotonicRegression" else 4]) * (100 if regresses else 1)
    if kind.__name__ == "MissingIndicator":
        X[::7, 1] = np.nan
    if kind.__name__ == "FrozenEstimator":
        LOGISTIC.fit(X, y[:100])
    if kind.__name__ == "NGBSurvival":
        # It is told what happened, and what did not until then.
        return estimator.fit(X, y[:100] + 1.0, np.arange(100) % 3 > 0), X
    return estimator.fit(X, y[:100]), X


def export(name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        estimator, X = fitted(name)
        to_onnx_model(estimator, read_dataset(X, None))


def test_the_documented_lists_are_those_of_the_converters():
    page = (DOCS / "exact-export.md").read_text("utf-8")
    assert compare.between("estimators", compare.estimators(), page) == page


@pytest.mark.parametrize("name", sorted(roles.predictors()))
def test_what_may_be_exported_alone_is(name):
    export(name)


@pytest.mark.parametrize("name", sorted(roles.UNCALIBRATED))
def test_what_has_no_probabilities_is_told_to_get_some(name):
    with pytest.raises(ConversionError, match="wrap it in CalibratedClassifierCV"):
        export(name)


@pytest.mark.parametrize("name", sorted(roles.transformers() - roles.predictors()))
def test_what_only_changes_rows_is_refused_alone(name):
    with pytest.raises(ConversionError, match="a classifier or a regressor must come last"):
        export(name)


def test_every_estimator_of_the_zoo_is_known():
    page = (DOCS / "zoo.md").read_text("utf-8")
    names = roles.predictors() | roles.UNCALIBRATED | roles.transformers() | REFUSED.keys()
    known = {name.partition(".")[2] for name in names}
    named = {name for entry in ENTRIES for name in re.findall(r"\b[A-Z]\w*(?:Classifier|Regressor)\b", entry.name)}
    assert {entry.name for entry in ENTRIES if f"| {entry.name} |" not in page} == set()
    assert named <= known
