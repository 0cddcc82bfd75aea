import numpy as np
import pytest
from exactness import blobs, check
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    Binarizer,
    FunctionTransformer,
    KBinsDiscretizer,
    MaxAbsScaler,
    MinMaxScaler,
    Normalizer,
    PolynomialFeatures,
    PowerTransformer,
    QuantileTransformer,
    RobustScaler,
    StandardScaler,
)
from sklearn.tree import DecisionTreeClassifier

from sepal_export import ConversionError


def positive():
    X, y = blobs()
    return np.abs(X) + 0.1, y


def with_gaps():
    X, y = blobs()
    X[np.random.default_rng(0).random(X.shape) < 0.1] = np.nan
    return X, y


@pytest.mark.parametrize(
    "scaler",
    [
        StandardScaler(),
        StandardScaler(with_mean=False),
        StandardScaler(with_std=False),
        RobustScaler(),
        RobustScaler(with_centering=False),
        RobustScaler(with_scaling=False),
        MinMaxScaler(),
        MinMaxScaler((-1, 3), clip=True),
        MaxAbsScaler(),
    ],
    ids=str,
)
def test_a_scaler_in_front_of_a_forest(scaler):
    """Every threshold is met to the last bit, with missing values too."""
    forest = RandomForestClassifier(5, max_depth=5, random_state=0)
    assert check(make_pipeline(scaler, forest), *with_gaps()).largest_error == 0


@pytest.mark.parametrize("norm", ["l1", "l2", "max"])
def test_normalizer(norm):
    X, y = blobs()
    X[0] = 0
    assert check(make_pipeline(Normalizer(norm), LogisticRegression()), X, y).largest_error <= 1e-14


def test_binarizer():
    assert check(make_pipeline(Binarizer(threshold=0.7), LogisticRegression()), *blobs()).largest_error <= 1e-14


@pytest.mark.parametrize("options", [{}, {"interaction_only": True}, {"include_bias": False}, {"degree": (2, 3)}])
def test_polynomial_features(options):
    """Products in another order would move the thresholds of the tree."""
    estimator = make_pipeline(PolynomialFeatures(**{"degree": 3, **options}), DecisionTreeClassifier(random_state=0))
    assert check(estimator, *blobs()).largest_error == 0


@pytest.mark.parametrize("encode", ["ordinal", "onehot", "onehot-dense"])
@pytest.mark.parametrize("strategy", ["uniform", "kmeans"])
def test_bins(encode, strategy):
    estimator = make_pipeline(KBinsDiscretizer(4, encode=encode, strategy=strategy), LogisticRegression(max_iter=500))
    assert check(estimator, *blobs()).largest_error <= 1e-14


def test_power_transformer():
    estimator = make_pipeline(PowerTransformer(), LogisticRegression())
    assert check(estimator, *blobs()).largest_error <= 1e-11


def test_power_transformer_without_scaling():
    estimator = make_pipeline(StandardScaler(), PowerTransformer(standardize=False), LogisticRegression())
    assert check(estimator, *blobs()).largest_error <= 1e-11


def test_quantile_transformer():
    X, y = blobs()
    X[:, 0] = np.round(X[:, 0], 1)
    estimator = make_pipeline(QuantileTransformer(n_quantiles=20), LogisticRegression())
    assert check(estimator, X, y).largest_error <= 1e-13


@pytest.mark.parametrize("function", [np.abs, np.sin, np.cos, np.square, np.negative])
def test_functions_of_any_number(function):
    estimator = make_pipeline(StandardScaler(), FunctionTransformer(function), LogisticRegression())
    assert check(estimator, *blobs()).largest_error <= 1e-13


@pytest.mark.parametrize("function", [np.log1p, np.sqrt, np.log])
def test_functions_of_positive_numbers(function):
    squared = FunctionTransformer(np.square)
    estimator = make_pipeline(squared, FunctionTransformer(function), StandardScaler(), LogisticRegression())
    assert check(estimator, *positive()).largest_error <= 1e-13


@pytest.mark.parametrize("scale", [1e-12, 1e-4, 1])
def test_logarithm_and_exponential_near_zero(scale):
    X, y = positive()
    X = X / X.max(axis=0) * scale
    steps = [FunctionTransformer(np.square), FunctionTransformer(np.sqrt), FunctionTransformer(np.log1p)]
    estimator = make_pipeline(*steps, FunctionTransformer(np.expm1), StandardScaler(), LogisticRegression())
    assert check(estimator, X, y).largest_error <= 1e-12


@pytest.mark.parametrize(
    ("transformer", "message"),
    [
        (FunctionTransformer(lambda X: X), r"FunctionTransformer in the step .*Python code; use one of"),
        (FunctionTransformer(np.clip, kw_args={"a_min": 0, "a_max": 1}), "Python code; use one of np.absolute"),
        (QuantileTransformer(n_quantiles=9, output_distribution="normal"), "use output_distribution='uniform'"),
    ],
)  # fmt: skip
def test_what_has_no_operator_is_refused(transformer, message):
    with pytest.raises(ConversionError, match=message):
        check(make_pipeline(transformer, DecisionTreeClassifier()), *blobs())


@pytest.mark.parametrize("scaler", [MinMaxScaler(), MaxAbsScaler(), RobustScaler(), StandardScaler()])
def test_a_scaler_fitted_on_float32(scaler):
    X = np.random.default_rng(0).normal(size=(60, 2)).astype(np.float32)
    assert check(make_pipeline(scaler, Ridge()), X, X.sum(axis=1)).largest_error <= 1e-14


@pytest.mark.parametrize("side", [1, -1])
def test_quantiles_of_a_column_of_many_equal_extremes(side):
    X = side * np.maximum(np.random.default_rng(0).normal(size=(60, 2)), 0)
    model = make_pipeline(QuantileTransformer(n_quantiles=10), Ridge())
    assert check(model, X, X.sum(axis=1)).largest_error <= 1e-14
