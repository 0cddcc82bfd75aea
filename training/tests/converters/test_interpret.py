import numpy as np
import pandas as pd
import pytest
from exactness import blobs, check
from interpret.glassbox import (
    ClassificationTree,
    ExplainableBoostingClassifier,
    ExplainableBoostingRegressor,
    LinearRegression,
    LogisticRegression,
    RegressionTree,
)
from interpret.privacy import DPExplainableBoostingClassifier, DPExplainableBoostingRegressor
from sklearn.frozen import FrozenEstimator

from sepal_export import ConversionError
from sepal_export.conversion.convert import to_onnx_model
from sepal_export.data.dataset import read_dataset

# interpret warns about missing values in its plots, and about the privacy of bounds that it takes from the data.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")

SMALL = {"outer_bags": 2, "max_rounds": 40, "n_jobs": 1, "random_state": 0}


def mixed(classes: int = 2) -> tuple[pd.DataFrame, np.ndarray]:
    """A frame with columns of every kind, some with gaps, and its labels."""
    random = np.random.default_rng(0)
    X, y = blobs(classes=classes)
    frame = pd.DataFrame(X[:, :2], columns=["size", "weight"])
    frame["rooms"] = random.integers(0, 4, len(y))
    frame["is_new"] = random.random(len(y)) > 0.5
    frame["kind"] = random.choice(["flat", "house", "1", "1.0"], len(y))
    frame["colour"] = pd.Categorical(random.choice(["red", "blue"], len(y)))
    frame.loc[::9, "size"] = np.nan
    frame.loc[::7, "kind"] = None
    return frame, np.array(["a", "b", "c"])[y]


@pytest.mark.parametrize("classes", [2, 3])
def test_classes_by_columns_of_every_kind(classes):
    estimator = ExplainableBoostingClassifier(**SMALL, interactions=3 if classes == 2 else 0)
    assert check(estimator, *mixed(classes)).largest_error <= 1e-15


@pytest.mark.parametrize("interactions", [0, 0.95, [(0, 1), (1, 2, 3)]], ids=str)
def test_a_value_by_terms_of_several_features(interactions):
    X, y = blobs()
    estimator = ExplainableBoostingRegressor(**SMALL, interactions=interactions)
    assert check(estimator, X, y + X[:, 1] * X[:, 2]).largest_error == 0


def test_a_value_by_its_logarithm():
    X, y = blobs()
    estimator = ExplainableBoostingRegressor(**SMALL, objective="poisson_deviance")
    assert check(estimator, X, y).largest_error <= 1e-15


@pytest.mark.parametrize("kinds", [["nominal"] * 2, [["0", "0.5", "1", "2", "1e+16"], "continuous"]], ids=str)
def test_numbers_that_are_categories(kinds):
    """interpret names the categories as numpy prints the numbers."""
    random = np.random.default_rng(0)
    X = np.stack([random.choice([-0.0, 0.5, 1, 2, 1e16], 300), random.integers(0, 3, 300)], axis=1)
    y = (X[:, 1] + random.normal(size=300) > 1).astype(int)
    estimator = ExplainableBoostingClassifier(**SMALL, feature_types=kinds)
    assert check(estimator, X, y).largest_error <= 1e-15
    assert "1e+16" in estimator.bins_[0][0]


def test_removed_terms_take_their_features_along():
    X, y = mixed()
    estimator = ExplainableBoostingClassifier(**SMALL, interactions=0).fit(X, y)
    estimator.remove_terms(["size", "kind"])
    assert check(FrozenEstimator(estimator), X, y).largest_error <= 1e-15
    features = to_onnx_model(estimator, read_dataset(X, None)).dataset.features
    assert [feature.name for feature in features] == ["weight", "rooms", "is_new", "colour"]


def test_private_ones():
    X, y = blobs(classes=2)
    bounds = [(low, high) for low, high in zip(X.min(axis=0), X.max(axis=0), strict=True)]
    options = {"feature_types": ["continuous"] * 4, "privacy_bounds": bounds, "random_state": 0, "max_rounds": 40}
    assert check(DPExplainableBoostingClassifier(**options), X, y).largest_error <= 1e-15
    regressor = DPExplainableBoostingRegressor(**options, privacy_target_min=0, privacy_target_max=1)
    assert check(regressor, X, y).largest_error == 0


def test_strings_that_it_reads_as_numbers_are_refused():
    X, y = mixed()
    with pytest.raises(ConversionError, match=r"ExplainableBoostingClassifier .* the strings of 'weight' as numbers"):
        check(ExplainableBoostingClassifier(**SMALL), X.assign(weight=X["weight"].astype(str)), y)


@pytest.mark.parametrize(
    "estimator",
    [ClassificationTree(), LinearRegression(), LogisticRegression(), RegressionTree()],
    ids=lambda estimator: type(estimator).__name__,
)
def test_wrappers_of_models_of_scikit_learn(estimator):
    assert check(estimator, *blobs()).largest_error <= 1e-14


def test_a_wrapper_of_categories_is_refused():
    X, y = blobs()
    X[:, 0] = X[:, 0] > 0
    with pytest.raises(ConversionError, match=r"LogisticRegression .* encode these columns by OneHotEncoder"):
        check(LogisticRegression(feature_types=["nominal"] + ["continuous"] * 3), X, y)
