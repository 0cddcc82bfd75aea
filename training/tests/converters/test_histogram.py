import numpy as np
import pandas as pd
import pytest
from exactness import blobs, check
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from sepal_export.estimators import ConversionError

SMALL = {"max_iter": 6, "min_samples_leaf": 5, "random_state": 0}


@pytest.fixture(autouse=True)
def one_thread():
    """Limits fits to one thread, because small fits would mostly wait for threads."""
    with threadpool_limits(1):
        yield


def numbers() -> tuple[np.ndarray, np.ndarray]:
    X, y = blobs()
    return X, 5 + y + np.abs(X[:, 0]) + 0.01 * X[:, 3]


def with_missing(X: np.ndarray) -> np.ndarray:
    X = X.copy()
    X[::7, 0] = X[3::11, 2] = np.nan
    return X


def frame(*, missing: bool = True) -> tuple[pd.DataFrame, np.ndarray]:
    """A frame of two string categories, one with 40 values, a numeric category and a number; and labels."""
    random = np.random.default_rng(0)
    few, many, size = random.integers(0, 3, 400), random.integers(0, 40, 400), random.integers(0, 5, 400)
    number = random.normal(size=400)
    y = (few == 1) + (many % 3 == 0) + (size > 2) * (number > 0)
    X = pd.DataFrame(
        {
            "number": number,
            "few": np.array(["red", "green", "blue"])[few],
            "size": size * 1.5,
            "many": np.array([f"v{value}" for value in range(40)])[many],
        }
    )
    if missing:
        X.loc[::9, "few"] = None
        X.loc[::13, "size"] = np.nan
    return X, y


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize(
    "options", [{}, {"l2_regularization": 1.0, "max_depth": 3}, {"early_stopping": True, "max_iter": 30}], ids=str
)
def test_classifier(options, classes):
    estimator = HistGradientBoostingClassifier(**{**SMALL, **options})
    assert check(estimator, *blobs(classes=classes)).largest_error <= 1e-15


@pytest.mark.parametrize("names", [np.array(["no", "yes"]), np.array([False, True]), np.array([7, -2])], ids=str)
def test_labels_of_any_type(names):
    X, y = blobs(classes=2)
    assert check(HistGradientBoostingClassifier(**SMALL), X, names[y]).largest_error <= 1e-15


def test_a_score_of_zero_is_the_first_class():
    X, y = np.arange(200.0).reshape(-1, 1), np.arange(200) % 2
    estimator = HistGradientBoostingClassifier(max_iter=2, min_samples_leaf=150)
    assert check(estimator, X, y).largest_error == 0
    assert estimator.predict(X).tolist() == [0] * 200


@pytest.mark.parametrize("classes", [2, 3])
def test_missing_values(classes):
    X, y = blobs(classes=classes)
    estimator = make_pipeline(StandardScaler(), HistGradientBoostingClassifier(**SMALL))
    assert check(estimator, with_missing(X), y).largest_error <= 1e-15


@pytest.mark.parametrize(
    "options",
    [
        {"loss": "squared_error"},
        {"loss": "absolute_error"},
        {"loss": "quantile", "quantile": 0.3},
        {"loss": "squared_error", "monotonic_cst": [1, 0, 0, -1], "interaction_cst": "pairwise"},
    ],
    ids=str,
)
def test_regressor(options):
    X, y = numbers()
    assert check(HistGradientBoostingRegressor(**SMALL, **options), with_missing(X), y).largest_error == 0


@pytest.mark.parametrize("loss", ["gamma", "poisson"])
def test_regressor_of_a_logarithm(loss):
    assert check(HistGradientBoostingRegressor(**SMALL, loss=loss), *numbers()).largest_error <= 1e-15


@pytest.mark.parametrize("categories", [[0, 2], [True, False, True, False], [0, 1, 2, 3]], ids=str)
def test_categories_of_numbers(categories):
    random = np.random.default_rng(0)
    X = random.integers(0, [4, 200, 40, 3], (400, 4)).astype(float)
    y = (X[:, 0] == 1) + (X[:, 2] % 3 == 0) + (X[:, 1] > 100)
    X[::9, 0] = np.nan
    estimator = HistGradientBoostingClassifier(**SMALL, categorical_features=categories)
    assert check(estimator, X, y).largest_error <= 1e-15


@pytest.mark.parametrize("missing", [False, True])
def test_categories_of_a_frame(missing):
    X, y = frame(missing=missing)
    estimator = HistGradientBoostingClassifier(**SMALL, categorical_features=["few", "size", "many"])
    assert check(estimator, X, y).largest_error <= 1e-15


@pytest.mark.parametrize("missing", [False, True])
def test_categories_from_dtypes(missing):
    X, y = frame(missing=missing)
    X = X.astype({"few": "category", "many": "category"})
    assert check(HistGradientBoostingRegressor(**SMALL), X, y.astype(float)).largest_error == 0


def test_categories_of_numbers_and_booleans_in_a_frame():
    X, y = frame(missing=False)
    X = X.assign(flag=X["number"] > 0.5, count=(X["size"] * 2).astype(int)).drop(columns="few")
    X = X.astype(dict.fromkeys(("size", "many", "flag", "count"), "category"))
    assert check(HistGradientBoostingClassifier(**SMALL), X, y).largest_error <= 1e-15


def test_one_class_is_refused():
    X, _ = blobs()
    estimator = make_pipeline(StandardScaler(), HistGradientBoostingClassifier())
    message = "HistGradientBoostingClassifier in the step 'histgradientboostingclassifier' .* train it on two or more"
    with pytest.raises(ConversionError, match=message):
        check(estimator, X, np.zeros(len(X)))
