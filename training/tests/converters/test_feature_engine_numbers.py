"""feature_engine's transformers of numbers, each followed by a step that gets the changed frame."""

import numpy as np
import pandas as pd
import pytest
from exactness import check, check_rows, id_of
from feature_engine.creation import CyclicalFeatures, GeoDistanceFeatures, MathFeatures, RelativeFeatures
from feature_engine.discretisation import (
    ArbitraryDiscretiser,
    DecisionTreeDiscretiser,
    EqualFrequencyDiscretiser,
    EqualWidthDiscretiser,
    GeometricWidthDiscretiser,
)
from feature_engine.encoding import OneHotEncoder, OrdinalEncoder
from feature_engine.outliers import ArbitraryOutlierCapper, OutlierTrimmer, Winsorizer
from feature_engine.pipeline import make_pipeline
from feature_engine.scaling import MeanNormalizationScaler
from feature_engine.transformation import (
    ArcSinhTransformer,
    ArcsinTransformer,
    BoxCoxTransformer,
    LogCpTransformer,
    LogTransformer,
    PowerTransformer,
    ReciprocalTransformer,
    YeoJohnsonTransformer,
)
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import LinearRegression
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeRegressor

from sepal_export import ConversionError
from sepal_export.conversion.convert import to_onnx_model
from sepal_export.data.dataset import read_dataset

# feature_engine 1.9.4 calls pandas in ways that pandas 4 will not support.
pytestmark = pytest.mark.filterwarnings("ignore:The inplace keyword")
random = np.random.default_rng(0)
ROWS = 300
NUMBERS = pd.DataFrame(
    {
        "weight": random.lognormal(1, 0.5, ROWS),
        "height": random.normal(0, 2, ROWS),
        "count": random.integers(1, 6, ROWS),
        "share": random.random(ROWS),
    }
)
GAPS = NUMBERS[["weight", "height", "share"]].mask(random.random((ROWS, 3)) < 0.15)
y = NUMBERS["weight"] * 2 + NUMBERS["height"] ** 2 + NUMBERS["count"] + random.normal(size=ROWS)
labels = (y > y.median()).astype(int)


def tree():
    return DecisionTreeRegressor(max_depth=6, random_state=0)


def boosting():
    return HistGradientBoostingRegressor(max_iter=20)


@pytest.mark.parametrize(
    "transformer",
    [
        ArcSinhTransformer(loc=1, scale=2.5),
        ArcsinTransformer(variables=["share"]),
        BoxCoxTransformer(variables=["weight", "share"]),
        LogCpTransformer(variables=["weight", "height"]),
        LogCpTransformer(C={"weight": 3, "count": 1}, base="10"),
        LogCpTransformer(variables=["weight"], C=2),
        LogTransformer(variables=["weight", "count"]),
        LogTransformer(variables=["share"], base="10"),
        MeanNormalizationScaler(),
        MeanNormalizationScaler(variables=["height"]),
        PowerTransformer(variables=["weight", "count"], exp=1.3),
        ReciprocalTransformer(variables=["weight"]),
        YeoJohnsonTransformer(),
        Winsorizer(capping_method="iqr", tail="both", fold=1, add_indicators=True),
        Winsorizer(capping_method="quantiles", tail="left", variables=["height"], add_indicators=True),
        Winsorizer(capping_method="mad", tail="right", add_indicators=True),
        ArbitraryOutlierCapper(max_capping_dict={"weight": 4, "height": 1}, min_capping_dict={"height": -1}),
        CyclicalFeatures(variables=["count", "height"]),
        CyclicalFeatures(max_values={"share": 1}, drop_original=True),
    ],
    ids=id_of,
)
def test_functions_of_numbers(transformer):
    for predictor in (tree(), make_pipeline(StandardScaler(), LinearRegression())):
        assert check(make_pipeline(transformer, predictor), NUMBERS, y).mismatches == 0


@pytest.mark.parametrize("transformer", [LogTransformer(["height"]), ArcsinTransformer(["height"])], ids=id_of)
def test_rows_that_the_original_refuses_have_no_answer(transformer):
    random = np.random.default_rng(0)
    X = NUMBERS.assign(height=random.random(ROWS) * 0.98 + 0.01)
    parity = check(make_pipeline(transformer, LinearRegression()), X, y)
    assert parity.points["refused"] > 0


@pytest.mark.parametrize("boundaries", [False, True])
@pytest.mark.parametrize(
    "discretiser",
    [
        EqualWidthDiscretiser(bins=5),
        EqualFrequencyDiscretiser(q=4, variables=["weight", "height"]),
        GeometricWidthDiscretiser(bins=4, variables=["weight"]),
        ArbitraryDiscretiser({"weight": [0, 2, 4, np.inf], "count": [1, 2, 4, 5]}, errors="raise"),
        DecisionTreeDiscretiser(variables=["weight", "height"], bin_output="bin_number", precision=2, random_state=0),
    ],
    ids=id_of,
)
def test_bins(discretiser, boundaries):
    if not isinstance(discretiser, DecisionTreeDiscretiser):
        discretiser.set_params(return_boundaries=boundaries)
    elif boundaries:
        discretiser.set_params(bin_output="boundaries")
    encoder = [OneHotEncoder()] if boundaries else []
    assert check(make_pipeline(discretiser, *encoder, tree()), NUMBERS, y).largest_error == 0


def test_what_is_in_no_bin_is_missing():
    discretiser = ArbitraryDiscretiser({"weight": [1, 2, 3, 4], "height": [-2, 0, 2]})
    with pytest.warns(UserWarning, match="NaN values were introduced"):
        assert check(make_pipeline(discretiser, boosting()), NUMBERS, y).mismatches == 0


def test_bins_of_whole_numbers_are_categories_of_the_next_step():
    discretiser = EqualWidthDiscretiser(bins=4, return_object=True, variables=["weight", "height"])
    assert check(make_pipeline(discretiser, OrdinalEncoder(unseen="encode"), tree()), NUMBERS, y).largest_error == 0


@pytest.mark.parametrize("options", [{}, {"precision": 1}], ids=str)
def test_predictions_of_trees_in_place_of_numbers(options):
    discretiser = DecisionTreeDiscretiser(random_state=0, **options)
    assert check(make_pipeline(discretiser, tree()), NUMBERS, y).largest_error == 0
    discretiser = DecisionTreeDiscretiser(regression=False, scoring="roc_auc", random_state=0, **options)
    assert check(make_pipeline(discretiser, LinearRegression()), NUMBERS, labels).mismatches == 0


@pytest.mark.parametrize("missing", ["raise", "ignore"])
@pytest.mark.parametrize(
    "functions",
    [
        ["sum", "mean", "min", "max", "prod", "std", "var", "median", "sem", "nunique", "count"],
        [np.sum, np.mean, np.min, np.max, np.prod, np.std, np.var, np.median],
        "mean",
        np.std,
    ],
    ids=["named", "of numpy", "one", "one of numpy"],
)
def test_math_features(functions, missing):
    X = NUMBERS if missing == "raise" else GAPS
    names = None if isinstance(functions, list) else ["new"]
    transformer = MathFeatures(list(X.columns), functions, names, missing, drop_original=missing == "raise")
    estimator = make_pipeline(transformer, boosting())
    if functions == "mean" or (isinstance(functions, list) and "sum" in functions):
        assert check(estimator, X, y).mismatches == 0
    else:
        # Only the training rows, because pandas calls numpy once for each row.
        check_rows(estimator, X, y, within=1e-12)


def test_math_features_of_whole_numbers():
    random = np.random.default_rng(0)
    X = pd.DataFrame(random.integers(-3, 4, (ROWS, 4)), columns=list("abcd"))
    transformer = MathFeatures(["d", "a", "c"], ["prod", "nunique", "median"])
    assert check(make_pipeline(transformer, LinearRegression()), X, y).mismatches == 0


def test_a_function_of_python_is_refused():
    def spread(row):
        return row.max() - row.min()

    estimator = make_pipeline(MathFeatures(["weight", "height"], [spread, "sum"]), LinearRegression()).fit(NUMBERS, y)
    with pytest.raises(ConversionError, match=r"'spread' has no converter; use one of 'count'"):
        to_onnx_model(estimator, read_dataset(NUMBERS, None))


@pytest.mark.parametrize("fill", [None, -1])
@pytest.mark.parametrize("drop", [False, True])
def test_relative_features(fill, drop):
    random = np.random.default_rng(0)
    X = NUMBERS.assign(least=random.integers(1, 3, ROWS))
    transformer = RelativeFeatures(
        ["weight", "count"],
        ["share", "least"],
        ["add", "sub", "mul", "div", "truediv", "pow"],
        fill,
        drop_original=drop,
    )
    parity = check(make_pipeline(transformer, LinearRegression()), X, y)
    assert parity.mismatches == 0
    assert ("refused" in parity.points) or fill is not None


def test_relative_features_of_columns_with_gaps():
    transformer = RelativeFeatures(["weight", "height"], ["share"], ["add", "mul", "div", "floordiv", "mod"], 7)
    assert check(make_pipeline(transformer, boosting()), GAPS, y).mismatches == 0


@pytest.mark.parametrize("operation", ["floordiv", "mod", "div", "mul", "sub"])
def test_relative_features_of_whole_numbers(operation):
    random = np.random.default_rng(0)
    X = pd.DataFrame(random.integers(-9, 10, (ROWS, 3)), columns=list("abc"))
    transformer = RelativeFeatures(["a", "b"], ["c"], [operation], fill_value=0.5)
    assert check(make_pipeline(transformer, tree()), X, y).largest_error == 0


def test_powers_of_whole_numbers_that_are_fractions_are_refused():
    random = np.random.default_rng(0)
    X = pd.DataFrame({"a": random.integers(1, 6, ROWS), "b": random.integers(0, 3, ROWS)})
    transformer = RelativeFeatures(["a"], ["b"], ["pow"])
    assert check(make_pipeline(transformer, LinearRegression()), X, y).points["refused"] > 0


@pytest.mark.parametrize("method", ["haversine", "euclidean", "manhattan"])
@pytest.mark.parametrize("unit", ["km", "feet"])
def test_distances(method, unit):
    random = np.random.default_rng(0)
    X = pd.DataFrame(
        {"a": random.uniform(30, 60, ROWS), "b": random.uniform(-30, 60, ROWS)}
        | {"c": random.uniform(-50, 60, ROWS), "d": random.uniform(-100, 90, ROWS)}
    )
    transformer = GeoDistanceFeatures("a", "b", "c", "d", method=method, output_unit=unit, drop_original=unit == "km")
    assert check(make_pipeline(transformer, LinearRegression()), X, y).mismatches == 0


def test_an_array_has_columns_of_its_own_names():
    estimator = make_pipeline(LogTransformer(variables=["x0", "x2"]), tree())
    assert check(estimator, NUMBERS.to_numpy(), y).mismatches == 0


def test_a_step_that_drops_rows_is_refused():
    estimator = make_pipeline(OutlierTrimmer(), LinearRegression()).fit(NUMBERS, y)
    with pytest.raises(ConversionError, match="it drops rows, which then get no answer"):
        to_onnx_model(estimator, read_dataset(NUMBERS, None))
