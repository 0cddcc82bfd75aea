from contextlib import nullcontext

import numpy as np
import pytest
from exactness import blobs, check
from sklearn.ensemble import (
    AdaBoostRegressor,
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    GradientBoostingClassifier,
    IsolationForest,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor, ExtraTreeClassifier, ExtraTreeRegressor

from sepal_export.conversion.convert import to_onnx_model
from sepal_export.data.dataset import read_dataset
from sepal_export.data.predictions import run

SMALL = {"n_estimators": 7, "random_state": 0}
CLASSIFIERS = [
    DecisionTreeClassifier(random_state=0),
    DecisionTreeClassifier(max_depth=3, criterion="entropy"),
    ExtraTreeClassifier(random_state=0),
    RandomForestClassifier(**SMALL),
    RandomForestClassifier(**SMALL, min_samples_leaf=4, class_weight={0: 0.3, 1: 1.7}),
    ExtraTreesClassifier(**SMALL, max_depth=4),
]
REGRESSORS = [
    DecisionTreeRegressor(random_state=0),
    ExtraTreeRegressor(max_leaf_nodes=20, random_state=0),
    RandomForestRegressor(**SMALL),
    RandomForestRegressor(**SMALL, criterion="absolute_error"),
    ExtraTreesRegressor(**SMALL, min_samples_leaf=3, criterion="poisson"),
    RandomForestRegressor(**SMALL, max_leaf_nodes=20, monotonic_cst=[1, 0, 0, -1]),
]


def numbers(rows: int = 300) -> tuple[np.ndarray, np.ndarray]:
    X, y = blobs(rows)
    return X, 5 + y + np.abs(X[:, 0]) + 0.01 * X[:, 3]


def with_missing(X: np.ndarray) -> np.ndarray:
    X = X.copy()
    X[::7, 0] = X[3::11, 2] = np.nan
    return X


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("estimator", CLASSIFIERS, ids=str)
def test_classifiers(estimator, classes):
    assert check(estimator, *blobs(classes=classes)).largest_error == 0


@pytest.mark.parametrize("estimator", REGRESSORS, ids=str)
def test_regressors(estimator):
    assert check(estimator, *numbers()).largest_error == 0


@pytest.mark.parametrize("forest", [RandomForestClassifier(**SMALL), ExtraTreesClassifier(**SMALL, min_samples_leaf=3)])
def test_after_a_scaler_features_are_rounded_only_when_they_are_compared(forest):
    assert check(make_pipeline(StandardScaler(), forest), *blobs()).largest_error == 0


def test_regressor_after_a_scaler():
    assert check(make_pipeline(StandardScaler(), RandomForestRegressor(**SMALL)), *numbers()).largest_error == 0


@pytest.mark.parametrize("estimator", [DecisionTreeClassifier(), RandomForestClassifier(**SMALL, max_depth=5)], ids=str)
def test_missing_values_in_classification(estimator):
    X, y = blobs()
    assert check(estimator, with_missing(X), y).largest_error == 0


@pytest.mark.parametrize("estimator", [ExtraTreeRegressor(random_state=0), RandomForestRegressor(**SMALL)], ids=str)
def test_missing_values_in_regression(estimator):
    X, y = numbers()
    assert check(estimator, with_missing(X), y).largest_error == 0


@pytest.mark.parametrize("names", [np.array(["no", "yes"]), np.array([False, True]), np.array([7, -2])], ids=str)
def test_labels_of_any_type(names):
    X, y = blobs(classes=2)
    assert check(RandomForestClassifier(**SMALL, max_depth=4), X, names[y]).label_agreement == 1


def test_jobs_do_not_change_the_order_of_the_sum():
    forest = RandomForestClassifier(n_estimators=60, min_samples_leaf=3, random_state=0, n_jobs=2)
    assert check(forest, *blobs()).largest_error == 0


def test_whole_numbers_lie_on_the_thresholds():
    random = np.random.default_rng(0)
    X = random.integers(0, 4, (300, 3))
    assert check(RandomForestClassifier(**SMALL), X, X.sum(axis=1) % 3).largest_error == 0


def test_trees_without_a_split():
    X, y = blobs(classes=2)
    assert check(RandomForestClassifier(**SMALL, min_samples_leaf=100), X, y).largest_error == 0
    assert check(DecisionTreeRegressor(max_depth=1, min_samples_leaf=200), X, y.astype(float)).largest_error == 0


@pytest.mark.parametrize("estimator", [DecisionTreeRegressor(max_depth=4), *REGRESSORS[:3], REGRESSORS[-2]], ids=str)
def test_regressors_of_several_targets(estimator):
    X, y = numbers()
    model = make_pipeline(StandardScaler(), estimator)
    assert check(model, X, np.stack([y, 40 * X[:, 1] + 700, np.abs(X[:, 3])], axis=1)).largest_error == 0


@pytest.mark.parametrize("estimator", [*CLASSIFIERS[:4], CLASSIFIERS[-1]], ids=str)
@pytest.mark.parametrize("names", [np.array(["a", "b", "c"]), np.array([0, 1, 7])], ids=["strings", "numbers"])
def test_classifiers_of_several_targets(estimator, names):
    X, y = blobs()
    parity = check(estimator, X, np.stack([names[y], names[(X[:, 0] > 0) * 1], names[y // 2 * 2]], axis=1))
    assert (parity.label_agreement, parity.largest_error) == (1, 0)


def test_a_target_of_one_class_beside_others():
    X, y = blobs()
    for model in (CLASSIFIERS[0], CLASSIFIERS[3]):
        assert check(model, X, np.stack([np.ones_like(y), y], axis=1)).label_agreement == 1


@pytest.mark.parametrize(
    "estimator",
    [DecisionTreeClassifier(), DecisionTreeRegressor(), RandomForestClassifier(3), ExtraTreesRegressor(3),
     RandomForestClassifier(9, max_depth=2), GradientBoostingClassifier(n_estimators=3),
     AdaBoostRegressor(n_estimators=3), IsolationForest(n_estimators=3)],
    ids=str,
)  # fmt: skip
@pytest.mark.filterwarnings("ignore:overflow encountered in cast:RuntimeWarning")
def test_what_is_too_large_for_float32_has_an_answer_where_the_original_has_one(estimator):
    X, y = blobs(rows=100)
    largest = np.nextafter(2.0**128 - 2.0**103, 0.0)
    rows = np.tile(X[:1], (6, 1))
    rows[[1, 2, 3, 4, 5], [0, 3, 0, 3, 2]] = largest, -largest, 2.0**128 - 2.0**103, -(2.0**128) + 2.0**103, 1e300
    answers = run(to_onnx_model(estimator.fit(X, y), read_dataset(X, None)).model.SerializeToString())
    is_answered = np.isfinite(answers({"X": rows})[-1]).all(axis=1)
    for row, expected in zip(rows, is_answered, strict=True):
        with nullcontext() if expected else pytest.raises(ValueError, match="too large for dtype"):
            estimator.predict(row[np.newaxis])
