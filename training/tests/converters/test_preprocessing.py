import numpy as np
import pandas as pd
import pytest
from exactness import blobs, check
from onnx import TensorProto
from scipy.sparse import csr_array
from scipy.special import expit, logit
from sklearn.compose import make_column_transformer
from sklearn.frozen import FrozenEstimator
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    Binarizer,
    FunctionTransformer,
    KBinsDiscretizer,
    MaxAbsScaler,
    MinMaxScaler,
    Normalizer,
    OneHotEncoder,
    PolynomialFeatures,
    PowerTransformer,
    QuantileTransformer,
    RobustScaler,
    SplineTransformer,
    StandardScaler,
)
from sklearn.tree import DecisionTreeClassifier

from sepal_export import ConversionError
from sepal_export.data.predictions import run
from sepal_export.graphs import functions
from sepal_export.graphs.graph import Graph
from sepal_export.proof import points


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
        MaxAbsScaler(clip=True),
    ],
    ids=str,
)
def test_a_scaler_in_front_of_a_threshold(scaler):
    """Scaled values agree with the threshold to the last bit, with missing values too."""
    steps = [scaler, SimpleImputer(strategy="constant"), Binarizer(threshold=0.1)]
    parity = check(make_pipeline(*steps, DecisionTreeClassifier(random_state=0)), *with_gaps())
    assert parity.largest_error == 0
    assert parity.points["missing"] == 1_000


@pytest.mark.parametrize("norm", ["l1", "l2", "max"])
def test_normalizer(norm):
    X, y = blobs()
    X[0] = 0
    assert check(make_pipeline(Normalizer(norm), LogisticRegression()), X, y).largest_error <= 1e-14


def test_binarizer():
    assert check(make_pipeline(Binarizer(threshold=0.7), LogisticRegression()), *blobs()).largest_error <= 1e-14


@pytest.mark.parametrize("options", [{}, {"interaction_only": True}, {"include_bias": False}, {"degree": (2, 3)}])
def test_polynomial_features(options):
    """Multiplied in another order, products would end up on the other side of the tree's thresholds."""
    estimator = make_pipeline(PolynomialFeatures(**{"degree": 3, **options}), DecisionTreeClassifier(random_state=0))
    assert check(estimator, *blobs()).largest_error == 0


@pytest.mark.parametrize("encode", ["ordinal", "onehot", "onehot-dense"])
@pytest.mark.parametrize("strategy", ["uniform", "kmeans"])
def test_bins(encode, strategy):
    estimator = make_pipeline(KBinsDiscretizer(4, encode=encode, strategy=strategy), LogisticRegression(max_iter=500))
    assert check(estimator, *blobs()).largest_error <= 1e-14


@pytest.mark.parametrize("strategy", ["uniform", "quantile"])
def test_the_edge_of_a_bin_is_its_first_value(strategy):
    """The tree answers another class for each bin, so that a value in the wrong bin is noticed."""
    X, y = np.arange(300.0)[:, None] % 60, np.arange(300) % 60 // 20
    binning = KBinsDiscretizer(3, strategy=strategy, quantile_method="averaged_inverted_cdf", encode="ordinal")
    assert check(make_pipeline(binning, DecisionTreeClassifier()), X, y).largest_error == 0


def test_bins_of_different_numbers():
    X, y = blobs()
    X[:, 1] = 5
    estimator = make_pipeline(KBinsDiscretizer([2, 2, 7, 3], strategy="uniform"), LogisticRegression(max_iter=500))
    with pytest.warns(UserWarning, match="Feature 1 is constant"):
        parity = check(estimator, X, y)
    assert parity.largest_error <= 1e-14


SCALERS = [RobustScaler(), MinMaxScaler(), MinMaxScaler(clip=True), MaxAbsScaler(), PowerTransformer()]
BINS = [KBinsDiscretizer(4, strategy="uniform"), QuantileTransformer(n_quantiles=20)]


@pytest.mark.parametrize("as_frame", [False, True], ids=["array", "frame"])
@pytest.mark.parametrize("transformer", [*SCALERS, *BINS], ids=str)
def test_what_is_learned_from_float32(transformer, as_frame):
    X, y = blobs()
    X = X.astype(np.float32)
    estimator = make_pipeline(transformer, LogisticRegression())
    assert check(estimator, pd.DataFrame(X, columns=list("abcd")) if as_frame else X, y).largest_error <= 1e-12


@pytest.mark.parametrize(
    "transformer",
    [
        StandardScaler(with_mean=False),
        RobustScaler(with_centering=False),
        MaxAbsScaler(),
        MaxAbsScaler(clip=True),
        Normalizer("max"),
        Binarizer(threshold=0.2),
        PolynomialFeatures(3),
        PolynomialFeatures(4, interaction_only=True),
    ],
    ids=str,
)
def test_sparse_rows(transformer):
    """scikit-learn multiplies sparse rows by the reciprocal of the scale, and orders their products differently."""
    X, y = blobs(columns=3)
    frame = pd.DataFrame(X, columns=list("abc")).assign(colour=np.array(["red", "green"])[np.arange(len(X)) % 2])
    columns = make_column_transformer(
        (OneHotEncoder(handle_unknown="ignore"), ["colour"]), remainder="passthrough", sparse_threshold=1
    )
    binary = Binarizer(threshold=0.1)
    estimator = make_pipeline(columns, transformer, binary, DecisionTreeClassifier(random_state=0))
    assert check(estimator, frame, y).largest_error == 0


def test_power_transformer():
    estimator = make_pipeline(PowerTransformer(), LogisticRegression())
    assert check(estimator, *blobs()).largest_error <= 1e-13


def test_power_transformer_without_scaling():
    estimator = make_pipeline(StandardScaler(), PowerTransformer(standardize=False), LogisticRegression())
    assert check(estimator, *blobs()).largest_error <= 1e-13


def test_power_transformer_of_missing_values():
    estimator = make_pipeline(PowerTransformer(), SimpleImputer(), LogisticRegression())
    parity = check(estimator, *with_gaps())
    assert parity.largest_error <= 1e-12
    assert parity.points["missing"] == 1_000


REACH_INFINITY = [FunctionTransformer(function) for function in (np.log, np.log10, np.log1p, np.log2, np.expm1)]


@pytest.mark.parametrize("transformer", [*REACH_INFINITY, PowerTransformer(method="box-cox")], ids=str)
def test_whole_numbers_of_which_one_is_infinite(transformer):
    """log(0), log1p(-1) and expm1(710) are infinite, and the next step of the original refuses such rows."""
    X = np.arange(300)[:, None] * 2 + 1
    parity = check(make_pipeline(transformer, MaxAbsScaler(), LogisticRegression()), X, np.arange(300) % 2)
    assert parity.largest_error <= 1e-13
    assert parity.points["refused"] == 100


def test_box_cox_refuses_what_is_not_positive():
    parity = check(make_pipeline(PowerTransformer(method="box-cox"), LogisticRegression()), *positive())
    assert parity.largest_error <= 1e-13
    assert parity.points["refused"] == 100


@pytest.mark.parametrize("power", [0.0, 2.0, np.float32(0.3)])
def test_powers_that_are_logarithms_or_of_float32(power):
    X, y = blobs()
    transformer = PowerTransformer(standardize=False).fit(X / np.abs(X).max(axis=0))
    transformer.lambdas_ = np.full(4, power)
    estimator = make_pipeline(MaxAbsScaler(), FrozenEstimator(transformer), LogisticRegression())
    assert check(estimator, X, y).largest_error <= 1e-13


@pytest.mark.parametrize("distribution", ["uniform", "normal"])
@pytest.mark.parametrize("quantiles", [1, 20, 200])
def test_quantile_transformer(distribution, quantiles):
    """Covers equal quantiles, a constant column, and values at and within 1e-7 of the ends of the range."""
    X, y = blobs()
    X[:, 0] = np.round(X[:, 0], 1)
    X[:, 1] = 3
    X[5, 2] = X[:, 2].max() - 5e-8
    transformer = QuantileTransformer(n_quantiles=quantiles, output_distribution=distribution)
    assert check(make_pipeline(transformer, LogisticRegression()), X, y).largest_error <= 1e-13


@pytest.mark.parametrize("distribution", ["uniform", "normal"])
def test_quantiles_of_what_was_constant_in_training(distribution):
    transformer = QuantileTransformer(n_quantiles=5, output_distribution=distribution).fit(np.full((9, 1), 3.0))
    X = np.arange(60)[:, None] % 6
    estimator = make_pipeline(FrozenEstimator(transformer), DecisionTreeClassifier())
    assert check(estimator, X, X[:, 0] > 3).largest_error == 0


def test_quantiles_in_front_of_a_threshold():
    steps = [QuantileTransformer(n_quantiles=50), Binarizer(threshold=0.3)]
    assert check(make_pipeline(*steps, DecisionTreeClassifier(random_state=0)), *blobs()).largest_error == 0


def test_quantiles_of_missing_values():
    estimator = make_pipeline(QuantileTransformer(n_quantiles=50), SimpleImputer(), LogisticRegression())
    parity = check(estimator, *with_gaps())
    assert parity.largest_error <= 1e-14
    assert parity.points["missing"] == 1_000


@pytest.mark.parametrize("extrapolation", ["constant", "linear", "continue", "periodic", "error"])
@pytest.mark.parametrize(
    "options", [{}, {"degree": 1, "include_bias": False}, {"knots": "quantile", "degree": 2}], ids=str
)
def test_splines(extrapolation, options):
    X, y = blobs(columns=3)
    estimator = make_pipeline(SplineTransformer(extrapolation=extrapolation, **options), Ridge())
    if extrapolation == "linear" and options.get("degree") == 1:
        with pytest.raises(ConversionError, match="use extrapolation='continue'"):
            check(estimator, X, y)
        return
    parity = check(estimator, X, y + 0.1 * X[:, 0])
    assert parity.largest_error <= 1e-13
    assert ("refused" in parity.points) == (extrapolation == "error")


def test_straight_lines_beyond_one_feature():
    X, y = blobs(columns=1)
    assert (
        check(make_pipeline(SplineTransformer(degree=1, extrapolation="linear"), Ridge()), X, y).largest_error <= 1e-13
    )


@pytest.mark.parametrize("extrapolation", ["constant", "linear", "continue", "periodic"])
@pytest.mark.parametrize("is_sparse", [False, True])
def test_splines_of_missing_values(extrapolation, is_sparse):
    splines = SplineTransformer(extrapolation=extrapolation, handle_missing="zeros", sparse_output=is_sparse)
    X, y = with_gaps()
    if is_sparse and extrapolation in ("continue", "periodic"):
        with pytest.raises(ConversionError, match="depends on the other rows; use sparse_output=False"):
            check(make_pipeline(splines, Ridge()), X, y)
        return
    parity = check(make_pipeline(splines, Ridge()), X, y)
    assert parity.largest_error <= 1e-13
    assert parity.points["missing"] == 1_000


def test_splines_whose_knots_are_equal():
    X, y = blobs(columns=2)
    X[:, 0] = np.maximum(X[:, 0], np.median(X[:, 0]))
    X[:, 1] = np.minimum(X[:, 1], np.median(X[:, 1]))
    assert check(make_pipeline(SplineTransformer(knots="quantile"), Ridge()), X, y).largest_error <= 1e-13


ANY = [
    np.abs, np.arcsinh, np.cbrt, np.ceil, np.cos, np.degrees, np.exp, np.exp2, np.expm1, np.fabs, np.floor,
    np.isfinite, np.isnan, np.negative, np.positive, np.radians, np.rint, np.sign, np.sin, np.sinh, np.cosh, np.square,
    np.tan, np.tanh, np.trunc, np.deg2rad, np.rad2deg, np.round, np.nan_to_num, expit,
]  # fmt: skip


@pytest.mark.parametrize("function", ANY)
def test_functions_of_any_number(function):
    estimator = make_pipeline(StandardScaler(), FunctionTransformer(function), LogisticRegression(max_iter=500))
    # Near a pole of the tangent, a change of the argument's last bit changes many bits of the answer.
    assert check(estimator, *blobs()).largest_error <= (1e-10 if function is np.tan else 1e-13)


@pytest.mark.parametrize("function", [np.sinh, np.cosh])
def test_what_is_finite_where_its_exponential_is_not(function):
    """Seed 7799 of zoo/random.py."""
    x = np.array([[-710.4], [-100.1], [-99.9], [99.9], [100.1], [709.9], [710.4], [711.0]])
    graph = Graph()
    values = functions.FUNCTIONS[function](graph.input("X", np.float64, 1))
    model = graph.to_model({"y": values}, {"y": (TensorProto.DOUBLE, ["N", 1])})
    [answers] = run(model.SerializeToString())({"X": x})
    with np.errstate(over="ignore"):
        np.testing.assert_allclose(answers, function(x), rtol=1e-12)


@pytest.mark.parametrize("function", [np.arctanh, np.arccosh, logit])
def test_functions_of_a_part_of_the_numbers(function):
    """The original refuses rows outside the function's domain, and rows in which it is infinite."""
    X, y = blobs()
    X = (X - X.min(axis=0)) / np.ptp(X, axis=0) * 0.8 + (1.1 if function is np.arccosh else 0.1)
    parity = check(make_pipeline(FunctionTransformer(function), LogisticRegression()), X, y)
    assert parity.largest_error <= 1e-13
    assert "refused" in parity.points


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (np.clip, {"a_min": -0.5, "a_max": 1}),
        (np.clip, {"a_min": None, "a_max": 1.5}),
        (np.clip, {"min": -1}),
        (np.nan_to_num, {"nan": -3.5}),
        (np.round, {"decimals": 2}),
        (np.round, {"decimals": -1}),
    ],
)
def test_functions_with_arguments(function, arguments):
    X, y = with_gaps() if function is np.nan_to_num else blobs()
    model = make_pipeline(StandardScaler(), FunctionTransformer(function, kw_args=arguments), LogisticRegression())
    assert check(model, X, y).largest_error <= 1e-13


@pytest.mark.parametrize("function", [np.log, np.log10, np.log1p, np.log2, np.reciprocal, np.sqrt])
def test_functions_of_positive_numbers(function):
    """The next step of the original refuses rows for which the function is not finite."""
    X, y = positive()
    frame = pd.DataFrame(X, columns=list("abcd"))
    if function is not np.reciprocal:
        frame["count"] = np.arange(len(X)) % 9 + 1
    parity = check(make_pipeline(FunctionTransformer(function), StandardScaler(), LogisticRegression()), frame, y)
    assert parity.largest_error <= 1e-13
    assert ("refused" in parity.points) == (function is not np.reciprocal)
    assert parity.rows >= points.MIN_POINTS


@pytest.mark.parametrize("scale", [1e-300, 1e-12, 1e-4, 1])
def test_logarithm_and_exponential_near_zero(scale):
    """The scaler enlarges small values to the range from 0 to 1, so that lost digits would show."""
    X, y = positive()
    X = X / X.max(axis=0) * scale
    steps = [FunctionTransformer(np.log1p), FunctionTransformer(np.expm1), MinMaxScaler()]
    assert check(make_pipeline(*steps, LogisticRegression()), X, y).largest_error <= 1e-13


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (np.round, {"decimals": 1, "out": None}),
        (np.square, {"dtype": float, "where": True}),
        (np.clip, {"a_min": 1.0, "a_max": np.array([2.0, 3.0, 4.0, 5.0])}),
    ],
    ids=["round", "square", "clip"],
)
def test_arguments_that_no_converter_knows_are_followed(function, arguments):
    X, y = positive()
    step = FunctionTransformer(function, kw_args=arguments)
    estimator = make_pipeline(step, StandardScaler(), LogisticRegression())
    assert check(estimator, X, y).largest_error <= 1e-13


def test_functions_that_change_nothing():
    estimator = make_pipeline(FunctionTransformer(), FunctionTransformer(None), DecisionTreeClassifier(random_state=0))
    assert check(estimator, *blobs()).largest_error == 0


@pytest.mark.parametrize(
    ("transformer", "message"),
    [
        (
            FunctionTransformer(lambda X: X - X.mean(axis=0)),
            r"FunctionTransformer in the step 'functiontransformer' cannot be exported: .*other",
        ),
        (SplineTransformer(degree=0), "SplineTransformer in the step .*use extrapolation='continue'"),
    ],
    ids=["lambda", "steps"],
)
def test_what_has_no_operator_is_refused(transformer, message):
    with pytest.raises(ConversionError, match=message):
        check(make_pipeline(StandardScaler(), transformer, LogisticRegression()), *blobs())


def test_a_period_of_no_length_is_refused():
    X, y = blobs()
    X[:, 0] = 1
    with pytest.raises(ConversionError, match="a single value, which has no period; leave that out"):
        check(make_pipeline(SplineTransformer(extrapolation="periodic"), LogisticRegression()), X, y)


@pytest.mark.parametrize("distribution", ["uniform", "normal"])
def test_quantiles_of_sparse_rows_leave_zeros_as_they_are(distribution):
    """Seed 5320 of zoo/random.py. Negative numbers are refused."""
    X = np.maximum(np.random.default_rng(0).normal(size=(200, 3)), 0.0)
    quantiles = QuantileTransformer(n_quantiles=20, output_distribution=distribution)
    assert check(make_pipeline(quantiles, LogisticRegression()), csr_array(X), X[:, 0] > 0.3).largest_error <= 1e-14
