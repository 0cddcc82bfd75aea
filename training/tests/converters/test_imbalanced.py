import numpy as np
import pandas as pd
import pytest
from exactness import blobs, check
from imblearn import FunctionSampler
from imblearn.ensemble import (
    BalancedBaggingClassifier,
    BalancedRandomForestClassifier,
    EasyEnsembleClassifier,
    RUSBoostClassifier,
)
from imblearn.over_sampling import SMOTE
from imblearn.pipeline import Pipeline
from imblearn.under_sampling import EditedNearestNeighbours, RandomUnderSampler
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import AdaBoostClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier

from sepal_export.training_data.expected import expected_of
from sepal_export.training_data.prepare import names_of

SMALL = {"n_estimators": 4, "random_state": 0}


def imbalanced(classes: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows and labels, in which each class has about half as many rows as the previous one."""
    labels = np.repeat(["a", "b", "c"][:classes], 2 ** np.arange(classes)[::-1])
    X, y = blobs(classes=len(labels))
    return X, labels[y]


def thinned(X, y):
    return X[::2], y[::2]


SAMPLERS = [SMOTE(random_state=0), RandomUnderSampler(random_state=0), EditedNearestNeighbours()]


@pytest.mark.parametrize(
    "sampler",
    [*SAMPLERS, FunctionSampler(func=thinned)],
    ids=lambda sampler: type(sampler).__name__,
)
def test_a_sampler_changes_the_fit_and_no_answer(sampler):
    steps = [("scale", StandardScaler()), ("sample", sampler), ("predict", LogisticRegression())]
    assert check(Pipeline(steps), *imbalanced(2)).largest_error <= 1e-14


def test_a_sampler_of_ones_own():
    class Every3rd(RandomUnderSampler):
        def _fit_resample(self, X, y):
            return X[::3], y[::3]

    steps = [("sample", Every3rd()), ("gap", "passthrough"), ("predict", DecisionTreeClassifier(max_depth=3))]
    assert check(Pipeline(steps), *imbalanced(3)).largest_error == 0


def test_a_sampler_before_encoded_columns():
    X, y = imbalanced(2)
    frame = pd.DataFrame({"size": X[:, 0], "kind": np.where(X[:, 1] > 0, "new", "old")})
    encode = ColumnTransformer([("kind", OneHotEncoder(), ["kind"])], remainder="passthrough")
    # With validate=False, a FunctionSampler does not store the names of the columns.
    sampler = FunctionSampler(func=thinned, validate=False)
    pipeline = Pipeline([("sample", sampler), ("encode", encode), ("predict", LogisticRegression())])
    assert check(pipeline, frame, y).largest_error <= 1e-14
    assert names_of(pipeline) == ["size", "kind"]
    assert [each.categories for each in expected_of(pipeline, 2)[1]] == [("new", "old")]


@pytest.mark.parametrize("classes", [2, 3])
def test_balanced_random_forest(classes):
    assert check(BalancedRandomForestClassifier(**SMALL, max_depth=4), *imbalanced(classes)).largest_error <= 1e-15


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("member", [None, LogisticRegression(max_iter=1000)], ids=str)
def test_balanced_bagging(member, classes):
    estimator = BalancedBaggingClassifier(member, **SMALL, max_features=0.5)
    assert check(estimator, *imbalanced(classes)).largest_error <= 1e-14


@pytest.mark.parametrize("classes", [2, 3])
def test_easy_ensemble(classes):
    estimator = EasyEnsembleClassifier(estimator=AdaBoostClassifier(n_estimators=5, random_state=0), **SMALL)
    assert check(estimator, *imbalanced(classes)).largest_error <= 1e-15


@pytest.mark.parametrize("classes", [2, 3])
def test_rus_boost(classes):
    estimator = RUSBoostClassifier(DecisionTreeClassifier(max_depth=2), **SMALL)
    assert check(estimator, *imbalanced(classes)).largest_error <= 1e-15
