import warnings

import numpy as np
import pytest
from exactness import blobs, check
from sklearn.gaussian_process import GaussianProcessClassifier, GaussianProcessRegressor
from sklearn.gaussian_process.kernels import (
    RBF,
    ConstantKernel,
    DotProduct,
    ExpSineSquared,
    Matern,
    PairwiseKernel,
    RationalQuadratic,
    WhiteKernel,
)
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sepal_export import ConversionError
from sepal_export.converters.gaussian_processes import rounding

NAMES = np.array(["a", "b", "c"])
KERNELS = [
    None,
    RBF() + WhiteKernel(),
    2.0 * RBF([1.0, 2.0, 3.0]) + WhiteKernel(),
    *[Matern(nu=nu) + WhiteKernel() for nu in (0.5, 1.5, 2.5, np.inf)],
    RationalQuadratic(alpha=2.0) + WhiteKernel(),
    DotProduct() ** 2 + WhiteKernel(),
    RBF() * DotProduct() + ConstantKernel(),
]
pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


def waves(rows=60, columns=3, seed=0):
    random = np.random.default_rng(seed)
    X = random.uniform(-3, 3, (rows, columns))
    return X, np.sin(X).sum(axis=1) * 10 + 5 + random.normal(size=rows)


@pytest.mark.parametrize("kernel", [*KERNELS, PairwiseKernel(gamma=0.1, metric="rbf") + WhiteKernel()], ids=str)
def test_regression(kernel):
    model = GaussianProcessRegressor(kernel, alpha=1e-3, normalize_y=True)
    assert check(make_pipeline(StandardScaler(), model), *waves()).largest_error <= 1e-11


def test_regression_without_a_scaler():
    X, y = waves()
    model = GaussianProcessRegressor(ConstantKernel() * RBF([1.0] * 3) + WhiteKernel())
    assert check(model, X * [1, 10, 100], y).largest_error <= 1e-13


def test_regression_on_what_repeats():
    X, y = waves(columns=1)
    assert check(GaussianProcessRegressor(ExpSineSquared(1, 5), alpha=1.0), X, y).largest_error <= 1e-13


def test_regression_without_noise_states_the_rounding_of_the_original():
    X, _ = waves(rows=150, columns=2)
    parity = check(GaussianProcessRegressor(1.0 * RBF()), X, np.sin(X[:, 0]) * np.cos(X[:, 1]))
    assert 1e-9 < parity.tolerance < 1e-7
    assert parity.largest_error <= 1e-8


def test_regression_whose_answers_are_rounding_is_refused_with_advice_that_works():
    X = np.linspace(0, 1, 60)[:, None]
    y = np.sin(7 * X[:, 0]) + np.random.default_rng(0).normal(size=60) * 0.1
    with pytest.raises(ConversionError, match="larger alpha, such as 1e-8"):
        check(GaussianProcessRegressor(RBF(0.5), alpha=1e-12, optimizer=None), X, y)
    assert check(GaussianProcessRegressor(RBF(0.5), alpha=1e-8, optimizer=None), X, y).tolerance < 1e-6
    assert check(GaussianProcessRegressor(RBF(0.5) + WhiteKernel(), optimizer=None), X, y).tolerance < 1e-6


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("kernel", KERNELS, ids=str)
def test_classification(classes, kernel):
    X, y = blobs(rows=50, columns=3, classes=classes)
    model = make_pipeline(StandardScaler(), GaussianProcessClassifier(kernel, optimizer=None))
    assert check(model, X, NAMES[y]).largest_error <= 1e-10


def test_classification_with_a_fitted_kernel_and_booleans():
    X, y = blobs(rows=80, classes=2)
    assert check(GaussianProcessClassifier(1.0 * RBF([1.0] * 4)), X, y == 1).largest_error <= 1e-10


def test_rows_in_the_middle_between_distant_rows_are_ties():
    """A row in the middle is equally far from two training rows, and the others are too far to matter."""
    X, y = blobs(rows=100, classes=2)
    assert check(GaussianProcessClassifier(1.0 * Matern(nu=1.5)), X, y).largest_error <= 1e-10


@pytest.mark.parametrize(
    ("model", "way_out"),
    [
        (GaussianProcessRegressor(Matern(nu=0.7)), "a Matern kernel of nu=0.7 has no converter; use nu=0.5"),
        (GaussianProcessRegressor(PairwiseKernel(metric="chi2")), "kernel='chi2' has no converter"),
        (GaussianProcessClassifier(PairwiseKernel(metric="rbf")), "PairwiseKernel has no converter in a classifier"),
    ],
    ids=["nu", "chi-squared", "pairwise"],
)
def test_refusals(model, way_out):
    X, y = blobs(rows=40)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(np.abs(X), y)
    model.fit = lambda X, y: model
    with pytest.raises(ConversionError, match=f"{type(model).__name__} cannot be exported: .*{way_out}"):
        check(model, np.abs(X), y)


def test_a_kernel_of_ones_own_is_refused():
    class Own(RBF):
        pass

    with pytest.raises(ConversionError, match="its kernel Own has no converter; use RBF or Matern"):
        check(GaussianProcessRegressor(Own() + WhiteKernel()), *waves())


@pytest.mark.parametrize("normalize_y", [False, True])
def test_several_targets(normalize_y):
    X, y = waves()
    model = GaussianProcessRegressor(alpha=1.0, normalize_y=normalize_y)
    assert check(model, X, np.stack([y, 3 - 40 * y], axis=1)).largest_error <= 1e-12


def test_the_rounding_is_that_of_the_target_with_most_of_it():
    X, y = waves()
    noise = np.random.default_rng(0).normal(size=len(y))
    alone, both = (
        GaussianProcessRegressor(RBF(5), optimizer=None).fit(X, values)
        for values in (noise, np.stack([noise, 1e6 * y], axis=1))
    )
    assert rounding(both) == pytest.approx(rounding(alone), rel=0.1)


def test_classification_between_pairs_of_classes():
    X, y = blobs(60)
    assert (
        check(
            make_pipeline(StandardScaler(), GaussianProcessClassifier(multi_class="one_vs_one")), X, y
        ).label_agreement
        == 1
    )
