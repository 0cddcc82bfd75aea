"""Encoders, imputers, selections, wrappers and pipelines of feature_engine, on frames of numbers and strings."""

import numpy as np
import pandas as pd
import pytest
from exactness import check, id_of
from feature_engine import selection
from feature_engine.encoding import (
    CountFrequencyEncoder,
    DecisionTreeEncoder,
    MeanEncoder,
    OneHotEncoder,
    OrdinalEncoder,
    RareLabelEncoder,
    StringSimilarityEncoder,
    WoEEncoder,
)
from feature_engine.imputation import (
    AddMissingIndicator,
    ArbitraryNumberImputer,
    CategoricalImputer,
    DropMissingData,
    EndTailImputer,
    MeanMedianImputer,
    RandomSampleImputer,
)
from feature_engine.pipeline import Pipeline, make_pipeline
from feature_engine.preprocessing import MatchCategories, MatchVariables
from feature_engine.wrappers import SklearnTransformerWrapper
from sklearn import preprocessing as sklearn_preprocessing
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.feature_selection import SelectKBest, f_regression
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from sepal_export import ConversionError
from sepal_export.conversion.convert import to_onnx_model
from sepal_export.data.dataset import read_dataset
from sepal_export.data.predictions import OnnxModel

# feature_engine 1.9.4 calls pandas in ways that pandas 4 will not support, and warns about values that it leaves
# missing. MRMR divides by a correlation, which may be 0.
pytestmark = [
    pytest.mark.filterwarnings("ignore:The inplace keyword"),
    pytest.mark.filterwarnings("ignore:For backward compatibility, 'str'"),
    pytest.mark.filterwarnings("ignore:During the encoding, NaN values"),
    pytest.mark.filterwarnings("ignore:The number of unique categories"),
    pytest.mark.filterwarnings("ignore:(divide by zero|invalid value) encountered in divide"),
]
random = np.random.default_rng(0)
ROWS = 300
FRAME = pd.DataFrame(
    {
        "weight": random.lognormal(1, 0.5, ROWS),
        "colour": random.choice(["red", "green", "blue", "Ünïcødé", "rare"], ROWS, p=[0.3, 0.3, 0.2, 0.18, 0.02]),
        "count": random.integers(0, 5, ROWS),
        "size": random.choice(["S", "L", "XL"], ROWS),
    }
)
GAPS = FRAME.mask(random.random(FRAME.shape) < 0.15).assign(size=FRAME["size"])
y = FRAME["weight"] * 2 + (FRAME["colour"] == "red") * 3 + random.normal(size=ROWS)
labels = (y > y.median()).astype(int)


def tree():
    return DecisionTreeRegressor(max_depth=6, random_state=0)


def boosting():
    return HistGradientBoostingRegressor(max_iter=20)


def refusal(estimator, X):
    estimator.fit(X, y)
    with pytest.raises(ConversionError) as error:
        to_onnx_model(estimator, read_dataset(X, None))
    return str(error.value)


@pytest.mark.parametrize("unseen", ["raise", "ignore", "encode"])
@pytest.mark.parametrize(
    "encoder",
    [
        CountFrequencyEncoder(),
        CountFrequencyEncoder("frequency"),
        DecisionTreeEncoder(random_state=0, fill_value=-1.5),
        MeanEncoder(smoothing="auto"),
        OrdinalEncoder(),
        OrdinalEncoder("arbitrary", variables=["size", "count", "colour"], ignore_format=True),
    ],
    ids=id_of,
)
def test_numbers_for_categories(encoder, unseen):
    parity = check(make_pipeline(encoder.set_params(unseen=unseen), boosting()), FRAME, y)
    assert parity.mismatches == 0
    assert ("unknown categories" in parity.points) == (unseen != "raise")


@pytest.mark.parametrize("unseen", ["raise", "ignore", "encode"])
@pytest.mark.parametrize("encoder", [CountFrequencyEncoder(), MeanEncoder(), OrdinalEncoder("arbitrary")], ids=id_of)
def test_missing_categories(encoder, unseen):
    estimator = make_pipeline(encoder.set_params(unseen=unseen, missing_values="ignore"), boosting())
    if unseen == "raise":
        with pytest.raises(ValueError, match="NaN values were introduced"):
            estimator.fit(GAPS, y)
        return
    parity = check(estimator, GAPS, y)
    assert parity.mismatches == 0
    assert "missing" in parity.points


def test_weight_of_evidence():
    encoder = WoEEncoder(fill_value=0.01)
    estimator = make_pipeline(encoder, DecisionTreeClassifier(max_depth=6, random_state=0))
    assert check(estimator, FRAME, labels).mismatches == 0


def test_an_unknown_category_that_gets_no_number_is_refused_by_a_model_of_numbers():
    assert check(make_pipeline(MeanEncoder(), LinearRegression()), FRAME, y).points["refused"] > 0
    assert check(make_pipeline(MeanEncoder(), tree()), FRAME, y).mismatches == 0


@pytest.mark.parametrize(
    "encoder",
    [
        OneHotEncoder(),
        OneHotEncoder(drop_last=True),
        OneHotEncoder(top_categories=2),
        OneHotEncoder(drop_last_binary=True, variables=["size", "count"], ignore_format=True),
    ],
    ids=id_of,
)
def test_columns_for_categories(encoder):
    X = FRAME if encoder.variables is None else FRAME.drop(columns="colour")
    assert check(make_pipeline(encoder, tree()), X, y).largest_error == 0


def test_categories_of_pandas():
    X = FRAME.assign(colour=FRAME["colour"].astype("category"), size=FRAME["size"].astype("category"))
    for encoder in (OneHotEncoder(), OrdinalEncoder(unseen="encode"), MeanEncoder(unseen="encode")):
        assert check(make_pipeline(RareLabelEncoder(0.1, 3), encoder, boosting()), X, y).mismatches == 0


@pytest.mark.parametrize("options", [{}, {"max_n_categories": 1, "replace_with": "…"}, {"missing_values": "ignore"}])
def test_rare_categories(options):
    encoder = RareLabelEncoder(tol=0.1, n_categories=2, **options)
    after = OrdinalEncoder("arbitrary", missing_values="ignore", unseen="encode")
    X = GAPS if "missing_values" in options else FRAME
    assert check(make_pipeline(encoder, after, boosting()), X, y).mismatches == 0


def test_rare_numbers():
    encoder = RareLabelEncoder(0.2, 2, variables=["count"], ignore_format=True, replace_with=-1)
    assert check(make_pipeline(encoder, OrdinalEncoder("arbitrary"), tree()), FRAME, y).largest_error == 0
    mixed = make_pipeline(encoder.set_params(replace_with="rare"), OneHotEncoder(), tree())
    assert "its replace_with is a string and the column holds numbers" in refusal(mixed, FRAME)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"missing_values": "raise"},
        {"missing_values": "ignore"},
        {"top_categories": 2},
        {"keywords": {"size": ["M", "aab"]}},
    ],
    ids=str,
)
def test_similar_strings(options):
    X = (FRAME if options.get("missing_values") == "raise" else GAPS.fillna({"weight": 1})).drop(columns="count")
    estimator = make_pipeline(StringSimilarityEncoder(**options), boosting())
    assert check(estimator, X, y).mismatches == 0


def test_strings_that_nobody_has_seen_are_similar_too():
    """Strings of any script, empty and long ones. One with more characters than the graph counts gets no answer."""
    X = FRAME[["colour", "weight"]]
    estimator = make_pipeline(StringSimilarityEncoder(), LinearRegression()).fit(X, y)
    conversion = to_onnx_model(estimator, read_dataset(X, None))
    words = ["", "deer", "ünïcødé", "nan", "<NA>", "r" * 511, "a b\n", "\N{GRINNING FACE}" * 3 + "e", "green red blue"]
    fresh = pd.DataFrame({"colour": words, "weight": np.linspace(0, 3, len(words))})
    rows = read_dataset(fresh, None).rows
    answers = OnnxModel(conversion.content, conversion.dataset, conversion.outputs)
    np.testing.assert_allclose(answers.predict(rows).scores[:, 0], estimator.predict(fresh), rtol=0, atol=1e-9)
    long = read_dataset(fresh.assign(colour="r" * 512), None).rows
    assert np.isnan(answers.predict(long).scores).all()


@pytest.mark.parametrize(
    "imputer",
    [
        MeanMedianImputer("mean"),
        MeanMedianImputer(variables=["count"]),
        ArbitraryNumberImputer(-7),
        ArbitraryNumberImputer(imputer_dict={"count": 9, "weight": -1}),
        EndTailImputer("iqr", "left"),
        EndTailImputer("max"),
    ],
    ids=id_of,
)
def test_numbers_in_place_of_missing_ones(imputer):
    X = GAPS.drop(columns=["colour", "size"])
    for features in (X, X.to_numpy()):
        if isinstance(features, np.ndarray) and imputer.variables:
            imputer.set_params(variables=["x1"])
        if isinstance(features, np.ndarray) and getattr(imputer, "imputer_dict", None):
            imputer.set_params(imputer_dict={"x1": 9})
        assert check(make_pipeline(imputer, boosting()), features, y).mismatches == 0


@pytest.mark.parametrize(
    "imputer",
    [
        CategoricalImputer(),
        CategoricalImputer("frequent", variables=["colour"]),
        CategoricalImputer(fill_value="red"),
        CategoricalImputer("frequent", variables=["count"], ignore_format=True, return_object=True),
    ],
    ids=id_of,
)
def test_categories_in_place_of_missing_ones(imputer):
    X = GAPS.drop(columns="colour") if imputer.variables == ["count"] else GAPS
    estimator = make_pipeline(imputer, OneHotEncoder(variables=["size"]), OrdinalEncoder("arbitrary"), boosting())
    if imputer.variables == ["count"]:
        estimator = make_pipeline(imputer, OneHotEncoder(), boosting())
    assert check(estimator, X, y).mismatches == 0


def test_a_string_in_place_of_a_missing_number_is_refused():
    imputer = CategoricalImputer(variables=["count"], ignore_format=True)
    X = GAPS[["weight", "count"]].astype({"count": object})
    estimator = make_pipeline(imputer, OrdinalEncoder("arbitrary", variables=["count"], ignore_format=True), boosting())
    assert "set fill_value to one of the column's own type" in refusal(estimator, X)


@pytest.mark.parametrize("only", [True, False])
def test_indicators_of_missing_values(only):
    indicator = AddMissingIndicator(missing_only=only)
    estimator = make_pipeline(indicator, CategoricalImputer(), OrdinalEncoder(unseen="encode"), boosting())
    assert check(estimator, GAPS, y).mismatches == 0


def test_rows_that_are_dropped_have_no_answer():
    after = OrdinalEncoder("arbitrary", unseen="encode")
    assert "it drops rows that lack a value" in refusal(make_pipeline(DropMissingData(), after, tree()), GAPS)
    assert check(make_pipeline(DropMissingData(), after, tree()), FRAME, y).largest_error == 0
    estimator = make_pipeline(RandomSampleImputer(random_state=1), OrdinalEncoder("arbitrary"), tree())
    assert "it fills in values that it draws from the training rows" in refusal(estimator, GAPS)


MODEL = DecisionTreeRegressor(max_depth=3, random_state=0)


@pytest.mark.parametrize(
    "selector",
    [
        selection.DropConstantFeatures(tol=0.7),
        selection.DropCorrelatedFeatures(threshold=0.7),
        selection.DropDuplicateFeatures(),
        selection.DropFeatures(["b", "e"]),
        selection.DropHighPSIFeatures(threshold=0.01),
        selection.MRMR(max_features=2, regression=True, random_state=0),
        selection.ProbeFeatureSelection(DecisionTreeRegressor(random_state=0), scoring="r2"),
        selection.RecursiveFeatureAddition(MODEL, scoring="r2"),
        selection.RecursiveFeatureElimination(MODEL, scoring="r2"),
        selection.SelectByInformationValue(variables=["d", "g"], threshold=0.1),
        selection.SelectByShuffling(MODEL, scoring="r2", random_state=0),
        selection.SelectBySingleFeaturePerformance(MODEL, scoring="r2", threshold=0.01),
        selection.SelectByTargetMeanPerformance(scoring="r2", regression=True, threshold=0.01),
        selection.SmartCorrelatedSelection(threshold=0.7),
    ],
    ids=lambda selector: type(selector).__name__,
)
def test_selections(selector):
    random = np.random.default_rng(0)
    X = pd.DataFrame(random.normal(size=(ROWS, 3)), columns=list("abc")).assign(d=1.0)
    X = X.assign(e=X["a"] * 2 + 0.1 * X["b"], f=X["a"], g=random.choice(["x", "y"], ROWS))
    target = X["a"] * 3 + X["c"] + random.normal(size=ROWS) * 0.1
    predictor = LinearRegression()
    if isinstance(selector, selection.SelectByInformationValue):
        target, predictor = (target > 0).astype(int), DecisionTreeClassifier(max_depth=4, random_state=0)
        X = X.assign(d=random.choice(["u", "v"], ROWS), g=np.where(X["a"] + random.normal(size=ROWS) > 0, "x", "y"))
    numbers = OrdinalEncoder("arbitrary", unseen="encode")
    of_strings = (selection.DropFeatures, selection.DropDuplicateFeatures, selection.SelectByInformationValue)
    steps = [selector, numbers] if isinstance(selector, of_strings) else [numbers, selector]
    estimator = make_pipeline(*steps, predictor)
    assert check(estimator, X, target).mismatches == 0
    assert len(selector.features_to_drop_) > 0


@pytest.mark.parametrize(
    "wrapped",
    [
        sklearn_preprocessing.StandardScaler(),
        sklearn_preprocessing.PolynomialFeatures(2),
        sklearn_preprocessing.KBinsDiscretizer(4, encode="ordinal", quantile_method="averaged_inverted_cdf"),
        SelectKBest(f_regression, k=1),
        sklearn_preprocessing.FunctionTransformer(np.log1p),
    ],
    ids=id_of,
)
def test_wrapped_transformers(wrapped):
    wrapper = SklearnTransformerWrapper(wrapped, variables=["count", "weight"])
    estimator = make_pipeline(wrapper, OrdinalEncoder("arbitrary", unseen="encode"), LinearRegression())
    assert check(estimator, FRAME, y).mismatches == 0


@pytest.mark.parametrize(
    "wrapped",
    [
        sklearn_preprocessing.OneHotEncoder(sparse_output=False, handle_unknown="ignore"),
        sklearn_preprocessing.OrdinalEncoder(),
    ],
    ids=id_of,
)
def test_wrapped_encoders(wrapped):
    wrapper = SklearnTransformerWrapper(wrapped, variables=["size", "colour"])
    assert check(make_pipeline(wrapper, tree()), FRAME, y).largest_error == 0


def test_wrapped_imputer():
    wrapper = SklearnTransformerWrapper(SimpleImputer(strategy="most_frequent"))
    estimator = make_pipeline(wrapper, OrdinalEncoder("arbitrary", unseen="encode"), boosting())
    assert check(estimator, GAPS, y).mismatches == 0


@pytest.mark.parametrize("missing", ["raise", "ignore"])
def test_matched_categories(missing):
    matching = MatchCategories(missing_values=missing)
    after = OrdinalEncoder("arbitrary", missing_values="ignore", unseen="encode")
    X = FRAME if missing == "raise" else GAPS
    parity = check(make_pipeline(matching, after, boosting()), X, y)
    assert parity.mismatches == 0
    assert ("unknown categories" in parity.points) == (missing == "ignore")


@pytest.mark.parametrize("dtypes", [False, True])
def test_matched_variables(dtypes):
    X = FRAME.assign(colour=FRAME["colour"].astype("category"))
    after = OrdinalEncoder("arbitrary", missing_values="ignore", unseen="encode")
    matching = MatchVariables(match_dtypes=dtypes, verbose=False)
    assert check(make_pipeline(matching, after, boosting()), X, y).mismatches == 0


def test_a_pipeline_within_a_column_transformer():
    inner = Pipeline([("fill", CategoricalImputer()), ("encode", OneHotEncoder())])
    columns = make_column_transformer((inner, ["size", "colour"]), (MeanMedianImputer(), ["weight"]))
    assert check(make_pipeline(columns, tree()), GAPS, y).largest_error == 0
