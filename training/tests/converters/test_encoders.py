import numpy as np
import pandas as pd
import pytest
from exactness import check
from sklearn.compose import ColumnTransformer, make_column_selector, make_column_transformer
from sklearn.dummy import DummyRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import FeatureUnion, make_pipeline, make_union
from sklearn.preprocessing import (
    FunctionTransformer,
    KBinsDiscretizer,
    OneHotEncoder,
    OrdinalEncoder,
    StandardScaler,
    TargetEncoder,
)
from sklearn.tree import DecisionTreeClassifier

from sepal_export import ConversionError
from sepal_export.conversion.convert import to_onnx_model
from sepal_export.data.dataset import read_dataset

random = np.random.default_rng(0)
ROWS = 240
labels = random.integers(0, 3, ROWS)
TEXT = pd.DataFrame(
    {
        "colour": random.choice(["red", "green", "blue", "Ünïcødé", "rare"], ROWS, p=[0.3, 0.3, 0.2, 0.18, 0.02]),
        "size": random.choice(["S", "L"], ROWS),
        "only": np.full(ROWS, "one"),
    }
)
MIXED = pd.DataFrame(
    {
        "weight": np.where(random.random(ROWS) < 0.1, np.nan, random.normal(labels)),
        "colour": np.where(random.random(ROWS) < 0.1, None, TEXT["colour"]),
        "count": random.integers(0, 5, ROWS),
        "fresh": random.random(ROWS) < 0.5,
    }
)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"handle_unknown": "ignore"},
        {"drop": "first"},
        {"drop": "if_binary", "handle_unknown": "ignore"},
        {"sparse_output": False},
        {"handle_unknown": "infrequent_if_exist", "min_frequency": 20},
        {"handle_unknown": "warn", "max_categories": 3},
        {"drop": ["blue", "S", "one"]},
        {"handle_unknown": "infrequent_if_exist", "min_frequency": 20, "drop": "first"},
        {"handle_unknown": "ignore", "max_categories": 2, "drop": "if_binary"},
        {"handle_unknown": "ignore", "min_frequency": 0.1, "dtype": bool},
        {"handle_unknown": "ignore", "categories": [["blue", "teal", "rare"], ["L"], ["one", "two"]]},
    ],
    ids=str,
)
def test_one_hot_encoder_of_strings(options):
    parity = check(make_pipeline(OneHotEncoder(**options), DecisionTreeClassifier(random_state=0)), TEXT, labels)
    assert parity.largest_error == 0
    assert ("unknown categories" in parity.points) == (options.get("handle_unknown", "error") != "error")


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"handle_unknown": "use_encoded_value", "unknown_value": -1},
        {"handle_unknown": "use_encoded_value", "unknown_value": np.nan, "min_frequency": 20},
        {"handle_unknown": "use_encoded_value", "unknown_value": 99, "max_categories": 2, "dtype": int},
    ],
    ids=str,
)
def test_ordinal_encoder_of_strings(options):
    estimator = make_pipeline(OrdinalEncoder(**options), SimpleImputer(), DecisionTreeClassifier(random_state=0))
    assert check(estimator, TEXT, labels).largest_error == 0


def lacking(missing, dtype):
    frame = TEXT[["colour"]].astype(object)
    frame.loc[::7, "colour"] = missing
    return frame.astype(dtype)


@pytest.mark.parametrize(
    "encoder",
    [
        OneHotEncoder(handle_unknown="ignore"),
        OneHotEncoder(handle_unknown="infrequent_if_exist", max_categories=3, drop="first"),
        OrdinalEncoder(
            handle_unknown="use_encoded_value", unknown_value=-1, encoded_missing_value=-5, min_frequency=40
        ),
        TargetEncoder(),
    ],
    ids=["one-hot", "infrequent", "ordinal", "target"],
)
@pytest.mark.parametrize(
    ("missing", "dtype"), [(None, object), (np.nan, object), (np.nan, "str"), (np.nan, "category")], ids=str
)
def test_a_missing_string_is_a_category(encoder, missing, dtype):
    """It differs from an unknown category, whatever the type of the column."""
    parity = check(make_pipeline(encoder, DecisionTreeClassifier(random_state=0)), lacking(missing, dtype), labels)
    assert parity.largest_error == 0
    assert {"missing", "unknown categories"} <= parity.points.keys()


def test_an_array_of_strings_and_numbers():
    rows = MIXED.astype(object).to_numpy()
    columns = make_column_transformer((OneHotEncoder(handle_unknown="ignore"), [1, 2, 3]), (SimpleImputer(), [0]))
    assert check(make_pipeline(columns, LogisticRegression()), rows, labels).largest_error <= 1e-14


def test_a_missing_string_is_encoded_as_the_caller_says():
    frame = TEXT[["colour"]].astype(object)
    frame.loc[::7, "colour"] = np.nan
    estimator = make_pipeline(OrdinalEncoder(encoded_missing_value=-5), DecisionTreeClassifier(random_state=0))
    assert check(estimator, frame, labels).largest_error == 0


@pytest.mark.parametrize("encoder", [OneHotEncoder(handle_unknown="ignore"), OrdinalEncoder()], ids=str)
def test_numbers_are_categories_too(encoder):
    frame = MIXED[["count", "fresh"]]
    assert check(make_pipeline(encoder, DecisionTreeClassifier(random_state=0)), frame, labels).largest_error == 0


def test_a_missing_number_is_a_category():
    random = np.random.default_rng(0)
    frame = pd.DataFrame({"grade": np.where(random.random(ROWS) < 0.2, np.nan, random.integers(0, 4, ROWS))})
    estimator = make_pipeline(OneHotEncoder(handle_unknown="ignore"), DecisionTreeClassifier(random_state=0))
    assert check(estimator, frame, labels).largest_error == 0


@pytest.mark.parametrize("dtype", [object, "category", "Int64", "int8", "float32"])
@pytest.mark.parametrize("encoder", [OneHotEncoder(), OrdinalEncoder(), TargetEncoder()], ids=str)
def test_numbers_in_columns_of_other_types(encoder, dtype):
    frame = MIXED[["count"]].astype(dtype)
    assert check(make_pipeline(encoder, DecisionTreeClassifier(random_state=0)), frame, labels).largest_error == 0


def test_a_thousand_categories_take_little_room():
    frame = pd.DataFrame({"code": [f"code {number}" for number in range(1_000)]})
    estimator = make_pipeline(OneHotEncoder(handle_unknown="ignore"), LogisticRegression())
    y = np.arange(1_000) % 2
    assert check(estimator, frame, y).largest_error <= 1e-14
    assert to_onnx_model(estimator, read_dataset(frame, None)).model.ByteSize() < 50_000


@pytest.mark.parametrize(
    "derived",
    [KBinsDiscretizer(3, encode="ordinal", strategy="uniform"), OrdinalEncoder(), FunctionTransformer(np.square)],
    ids=str,
)
@pytest.mark.parametrize("encoder", [OneHotEncoder(), OrdinalEncoder()], ids=str)
def test_what_is_derived_from_a_feature_is_encoded_or_refused(derived, encoder):
    """An unknown category of a feature is a client's error; in a derived column, the row has no answer."""
    estimator = make_pipeline(derived, encoder, LogisticRegression())
    parity = check(estimator, MIXED[["count"]], labels)
    assert parity.largest_error <= 1e-14
    assert ("refused" in parity.points) == isinstance(derived, FunctionTransformer)


@pytest.mark.parametrize("y", [labels, labels > 0, np.where(labels > 1, "b", "a")], ids=["three", "bool", "strings"])
def test_target_encoder(y):
    estimator = make_pipeline(TargetEncoder(), DecisionTreeClassifier(random_state=0))
    assert check(estimator, TEXT, y).largest_error == 0


def test_target_encoder_of_a_value():
    random = np.random.default_rng(0)
    estimator = make_pipeline(TargetEncoder(target_type="continuous"), Ridge())
    assert check(estimator, TEXT, labels * 1.7 + random.normal(size=ROWS)).largest_error <= 1e-13


STRINGS = make_column_selector(dtype_include=["object", "string"])
NUMBERS = make_column_selector(dtype_exclude=["object", "string"])
numeric = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
textual = make_pipeline(SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore"))


@pytest.mark.parametrize(
    "columns",
    [
        make_column_transformer((numeric, NUMBERS), (textual, STRINGS)),
        make_column_transformer((numeric, ["weight"]), (textual, ["colour"]), remainder="passthrough"),
        make_column_transformer((numeric, [0, 2]), (textual, [1])),
        make_column_transformer((textual, ["colour"]), ("drop", ["count"]), remainder=SimpleImputer()),
        ColumnTransformer([("n", numeric, NUMBERS), ("t", textual, STRINGS)], transformer_weights={"n": 0.3}),
        make_union(make_column_transformer((numeric, NUMBERS)), make_column_transformer((textual, STRINGS))),
    ],
    ids=["selectors", "passthrough", "positions", "drop", "weights", "union"],
)  # fmt: skip
def test_a_table_of_mixed_columns(columns):
    parity = check(make_pipeline(columns, LogisticRegression(max_iter=500)), MIXED, labels)
    assert parity.largest_error <= 1e-13
    assert {"missing", "unknown categories"} <= parity.points.keys()


def test_a_pipeline_that_passes_frames_on():
    dense = make_pipeline(
        SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    )
    columns = make_column_transformer((numeric, NUMBERS), (dense, STRINGS)).set_output(transform="pandas")
    assert check(make_pipeline(columns, LogisticRegression(max_iter=500)), MIXED, labels).largest_error <= 1e-13


def test_strings_pass_beside_numbers_to_the_next_step():
    first = make_column_transformer(
        (SimpleImputer(), ["weight"]), (SimpleImputer(strategy="most_frequent"), ["colour"]), remainder="passthrough"
    )
    second = make_column_transformer((OneHotEncoder(), [1, 2]), remainder=StandardScaler())
    estimator = make_pipeline(first, second, LogisticRegression())
    assert check(estimator, MIXED, labels).largest_error <= 1e-14
    assert to_onnx_model(estimator, read_dataset(MIXED, None)).known.keys() == {1, 2}


def test_numbers_keep_their_features_to_the_next_step():
    frame = MIXED[["weight", "count"]]
    first = make_column_transformer((SimpleImputer(), ["weight"]), remainder="passthrough")
    second = make_column_transformer((OneHotEncoder(), [1]), remainder="passthrough")
    estimator = make_pipeline(first, second, LogisticRegression()).fit(frame, labels)
    assert to_onnx_model(estimator, read_dataset(frame, None)).known == {1: [0, 1, 2, 3, 4]}


def test_nested_columns_of_a_frame_that_stays_one():
    dense = make_pipeline(
        SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    )
    inner = ColumnTransformer([("s", dense, ["colour"]), ("n", numeric, ["weight"])], verbose_feature_names_out=False)
    union = FeatureUnion(
        [("all", inner), ("flag", ColumnTransformer([("f", "passthrough", ["fresh", "count"])]))],
        transformer_weights={"flag": 0.5},
    )
    estimator = make_pipeline(union, LogisticRegression(max_iter=500)).set_output(transform="pandas")
    assert check(estimator, MIXED, labels).largest_error <= 1e-13


@pytest.mark.parametrize("threshold", [0.0, 1.0])
def test_dense_and_sparse_tables_of_mixed_columns(threshold):
    columns = ColumnTransformer(
        [("n", numeric, NUMBERS), ("t", textual, STRINGS)], sparse_threshold=threshold, verbose_feature_names_out=False
    )
    assert check(make_pipeline(columns, LogisticRegression(max_iter=500)), MIXED, labels).largest_error <= 1e-13


def known_of(encoder, frame=MIXED):
    columns = make_column_transformer(
        (make_pipeline(SimpleImputer(strategy="most_frequent"), encoder), ["colour", "count"]),
    )
    estimator = make_pipeline(columns, DecisionTreeClassifier(random_state=0)).fit(frame, labels)
    return to_onnx_model(estimator, read_dataset(frame, None)).known


def test_an_encoder_that_refuses_unknown_categories_says_which_it_knows():
    assert known_of(OneHotEncoder()) == {0: sorted(set(TEXT["colour"])), 1: [0, 1, 2, 3, 4]}
    assert known_of(OneHotEncoder(handle_unknown="ignore")) == {}


def test_a_boolean_has_no_other_categories():
    estimator = make_pipeline(OneHotEncoder(), DecisionTreeClassifier(random_state=0)).fit(MIXED[["fresh"]], labels)
    assert to_onnx_model(estimator, read_dataset(MIXED[["fresh"]], None)).known == {}


def test_missing_values_of_two_kinds_are_refused():
    frame = TEXT[["colour"]].astype(object)
    frame.loc[::7, "colour"] = None
    frame.loc[1::7, "colour"] = np.nan
    with pytest.raises(ValueError, match="None and NaN for missing values"):
        check(make_pipeline(OneHotEncoder(), DecisionTreeClassifier(random_state=0)), frame, labels)


def test_strings_that_reach_what_takes_numbers_are_refused():
    columns = make_column_transformer((OneHotEncoder(), ["colour"]))
    estimator = make_pipeline(columns, LogisticRegression()).fit(TEXT, labels)
    estimator.steps[0] = ("columntransformer", StandardScaler())
    with pytest.raises(
        ConversionError, match=r"StandardScaler in the step 'columntransformer' .*takes numbers, and strings"
    ):
        to_onnx_model(estimator, read_dataset(TEXT, None))


def test_an_encoder_that_leaves_no_column():
    frame = pd.DataFrame({"a": ["x"] * 60, "b": np.arange(60.0)})
    encoder = OneHotEncoder(drop="first", handle_unknown="ignore")
    columns = make_column_transformer((encoder, ["a"]), remainder="passthrough")
    assert check(make_pipeline(columns, Ridge()), frame, np.arange(60.0)).largest_error <= 1e-14
    with pytest.raises(ConversionError, match="none of the columns is left"):
        check(make_pipeline(encoder, DummyRegressor()), frame[["a"]], np.arange(60.0))


def test_an_unknown_value_of_a_categorical_column():
    frame = pd.DataFrame({"a": pd.Categorical(["x", "y", "z"] * 20)})
    encode = make_pipeline(SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore"))
    parity = check(make_pipeline(encode, Ridge()), frame, np.arange(60.0))
    assert parity.points["unknown categories"] == 1_000
