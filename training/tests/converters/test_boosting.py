import numpy as np
import pytest
from exactness import blobs, check
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.ensemble import (
    AdaBoostClassifier,
    AdaBoostRegressor,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.neighbors import KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor, ExtraTreeClassifier, ExtraTreeRegressor

from sepal_export.estimators import ConversionError

SMALL = {"n_estimators": 8, "random_state": 0}


def numbers() -> tuple[np.ndarray, np.ndarray]:
    X, y = blobs()
    return X, 5 + y + np.abs(X[:, 0]) + 0.01 * X[:, 3]


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize(
    "options",
    [{}, {"init": "zero"}, {"init": DummyClassifier(strategy="prior")}, {"subsample": 0.7, "max_leaf_nodes": 5}],
    ids=str,
)
def test_gradient_boosting_classifier(options, classes):
    assert check(GradientBoostingClassifier(**SMALL, **options), *blobs(classes=classes)).largest_error <= 1e-15


def test_gradient_boosting_by_the_exponential_loss():
    X, y = blobs(classes=2)
    estimator = make_pipeline(StandardScaler(), GradientBoostingClassifier(**SMALL, loss="exponential"))
    assert check(estimator, X, np.array(["no", "yes"])[y]).largest_error <= 1e-15


def test_a_gradient_boosting_score_of_zero_is_the_second_class():
    estimator = GradientBoostingClassifier(n_estimators=1, init="zero", min_samples_leaf=150)
    X, y = np.arange(200.0).reshape(-1, 1), np.arange(200) % 2
    assert check(estimator, X, y).largest_error == 0
    assert estimator.predict(X).tolist() == [1] * 200


@pytest.mark.parametrize(
    "options",
    [
        {"loss": "squared_error"},
        {"loss": "absolute_error"},
        {"loss": "huber"},
        {"loss": "quantile", "alpha": 0.7},
        {"init": "zero"},
        {"init": DummyRegressor(strategy="constant", constant=3.0)},
        {"n_iter_no_change": 2, "n_estimators": 50},
    ],
    ids=str,
)
def test_gradient_boosting_regressor(options):
    assert check(GradientBoostingRegressor(**{**SMALL, **options}), *numbers()).largest_error == 0


def test_gradient_boosting_regressor_after_a_scaler():
    assert check(make_pipeline(StandardScaler(), GradientBoostingRegressor(**SMALL)), *numbers()).largest_error == 0


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize(
    "estimator",
    [None, DecisionTreeClassifier(max_depth=3, min_samples_leaf=5), ExtraTreeClassifier(max_depth=2)],
    ids=str,
)
def test_ada_boost_classifier(estimator, classes):
    assert check(AdaBoostClassifier(estimator, **SMALL), *blobs(classes=classes)).largest_error <= 1e-15


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("member", [LogisticRegression(), RandomForestClassifier(n_estimators=3, max_depth=2)], ids=str)
def test_ada_boost_of_other_classifiers(member, classes):
    X, y = blobs(classes=classes)
    estimator = make_pipeline(StandardScaler(), AdaBoostClassifier(member, n_estimators=4, random_state=0))
    assert check(estimator, X, np.array(["a", "b", "c"])[y]).largest_error <= 1e-15


def test_ada_boost_that_stops_after_a_perfect_member():
    estimator = AdaBoostClassifier(DecisionTreeClassifier(), **SMALL)
    assert check(estimator, *blobs()).largest_error <= 1e-15
    assert len(estimator.estimators_) == 1


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"loss": "square"},
        {"loss": "exponential", "n_estimators": 30},
        {"estimator": ExtraTreeRegressor(max_depth=4)},
    ],
    ids=str,
)
def test_ada_boost_regressor(options):
    estimator = AdaBoostRegressor(**{**SMALL, **options})
    assert check(make_pipeline(StandardScaler(), estimator), *numbers()).largest_error == 0


def test_ada_boost_of_other_regressors():
    member = make_pipeline(StandardScaler(), RandomForestRegressor(n_estimators=3, max_depth=4))
    assert check(AdaBoostRegressor(member, n_estimators=4, random_state=0), *numbers()).largest_error == 0


def test_ada_boost_regressor_on_equal_answers():
    X, y = blobs()
    assert check(AdaBoostRegressor(DecisionTreeRegressor(max_depth=2), **SMALL), X, y // 2).largest_error == 0


def test_ada_boost_regressor_at_half_of_the_weight():
    X, y = numbers()
    estimator = AdaBoostRegressor(n_estimators=4, random_state=0).fit(X, y)
    estimator.estimator_weights_[:] = 1.0
    assert check(FrozenEstimator(estimator), X, y).largest_error == 0


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("first", [LogisticRegression(), DecisionTreeClassifier(max_depth=2)], ids=str)
def test_a_first_classifier(first, classes):
    """The first classifier gets features rounded to float32, and linear ones also compute in float32."""
    estimator = make_pipeline(StandardScaler(), GradientBoostingClassifier(**SMALL, init=first))
    parity = check(estimator, *blobs(classes=classes))
    assert parity.largest_error <= (1e-13 if isinstance(first, DecisionTreeClassifier) else 1e-6)


def test_a_first_classifier_of_exponential_loss():
    estimator = GradientBoostingClassifier(**SMALL, init=DecisionTreeClassifier(max_depth=2), loss="exponential")
    assert check(estimator, *blobs(classes=2)).largest_error <= 1e-15


@pytest.mark.parametrize(
    ("first", "error"), [(LinearRegression(), 1e-6), (RandomForestRegressor(n_estimators=3, max_depth=4), 1e-15)]
)
def test_a_first_regressor(first, error):
    assert check(GradientBoostingRegressor(**SMALL, init=first), *numbers()).largest_error <= error


def test_a_first_classifier_that_draws_lots_is_refused():
    estimator = GradientBoostingClassifier(**SMALL, init=DummyClassifier(strategy="stratified"))
    with pytest.raises(ConversionError, match="DummyClassifier in the step 'init' cannot be exported"):
        check(estimator, *blobs(classes=2))


def test_a_member_is_refused_by_name():
    with pytest.raises(
        ConversionError, match=r"KNeighborsRegressor in the step 'estimator 0' .* use metric='euclidean'"
    ):
        check(AdaBoostRegressor(KNeighborsRegressor(metric="canberra"), **SMALL), *numbers())


def test_ada_boost_of_one_class_is_refused():
    X, y = blobs()
    with pytest.raises(ConversionError, match=r"AdaBoostClassifier .* train it on two or more"):
        check(AdaBoostClassifier(**SMALL), X, 0 * y)
