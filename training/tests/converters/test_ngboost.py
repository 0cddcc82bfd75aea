import numpy as np
import pytest
from exactness import blobs, check
from ngboost import NGBClassifier, NGBRegressor, NGBSurvival
from ngboost.distns import (
    Bernoulli,
    Cauchy,
    Exponential,
    Gamma,
    HalfNormal,
    Laplace,
    LogNormal,
    Normal,
    NormalFixedVar,
    Poisson,
    TFixedDf,
    Weibull,
    k_categorical,
)
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeRegressor

from sepal_export import ConversionError

SMALL = {"n_estimators": 12, "learning_rate": 0.1, "random_state": 0, "verbose": False}


def counts() -> tuple[np.ndarray, np.ndarray]:
    X, y = blobs()
    return X, 1.0 + y + np.floor(np.abs(X[:, 3]) / 100)


@pytest.mark.parametrize(
    "distribution",
    [Normal, NormalFixedVar, LogNormal, Exponential, Laplace, Poisson, Gamma, HalfNormal, TFixedDf],
    ids=lambda distribution: distribution.__name__,
)
def test_the_mean_of_a_distribution(distribution):
    assert check(NGBRegressor(Dist=distribution, **SMALL), *counts()).largest_error <= 1e-15


@pytest.mark.parametrize(
    "options",
    [{"col_sample": 0.5}, {"minibatch_frac": 0.5}, {"natural_gradient": False}, {"n_estimators": 30, "tol": 0.3}],
    ids=str,
)
def test_rounds_of_a_part_of_the_rows_and_columns(options):
    estimator = make_pipeline(StandardScaler(), NGBRegressor(**{**SMALL, **options}))
    assert check(estimator, *counts()).largest_error <= 1e-15


def test_missing_values():
    X, y = counts()
    X[::7, 1] = np.nan
    assert check(NGBRegressor(**SMALL), X, y).largest_error == 0


@pytest.mark.parametrize("base", [Ridge(), [Ridge(), DecisionTreeRegressor(max_depth=2)]], ids=str)
def test_learners_that_are_no_trees(base):
    estimator = make_pipeline(StandardScaler(), NGBRegressor(Base=base, **SMALL))
    assert check(estimator, *counts()).largest_error <= 1e-14


@pytest.mark.parametrize("distribution", [Bernoulli, k_categorical(3)], ids=["two", "three"])
def test_classes(distribution):
    X, y = blobs(classes=distribution.n_params + 1)
    labels = np.array(["a", "b", "c"])[y]
    assert check(NGBClassifier(Dist=distribution, **SMALL), X, labels).largest_error <= 1e-15


@pytest.mark.parametrize("distribution", [LogNormal, Exponential], ids=lambda distribution: distribution.__name__)
def test_survival(distribution):
    X, y = counts()
    estimator = NGBSurvival(Dist=distribution, **SMALL).fit(X, y, np.arange(len(y)) % 3 > 0)
    assert check(FrozenEstimator(estimator), X, y).largest_error <= 1e-15


def test_the_scale_of_a_distribution_may_leave_no_mean():
    """The scale is an exponential. For some rows it underflows to 0 or overflows, and then the mean is NaN."""
    X, y = counts()
    estimator = NGBRegressor(**SMALL).fit(X, y)
    estimator.base_models[0][1].tree_.value[:] *= 5e4
    with np.errstate(all="ignore"):
        assert np.isnan(estimator.predict(X)).any()
        check(FrozenEstimator(estimator), X, y)


@pytest.mark.parametrize("distribution", [Cauchy, Weibull], ids=lambda distribution: distribution.__name__)
def test_a_distribution_is_refused_by_name(distribution):
    with pytest.raises(ConversionError, match=f"NGBRegressor .* {distribution.__name__} has no converter; use one of"):
        check(NGBRegressor(Dist=distribution, **SMALL), *counts())
