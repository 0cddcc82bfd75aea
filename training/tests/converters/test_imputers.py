import numpy as np
import pandas as pd
import pytest
from exactness import blobs, check
from sklearn.compose import make_column_transformer
from sklearn.impute import MissingIndicator, SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import OneHotEncoder
from sklearn.tree import DecisionTreeClassifier

from sepal_export.conversion.convert import to_onnx_model
from sepal_export.data.dataset import read_dataset

random = np.random.default_rng(0)


def gaps(missing=np.nan):
    random = np.random.default_rng(0)
    X, y = blobs()
    X[random.random(X.shape) < 0.15] = missing
    return X, y


def tree():
    return DecisionTreeClassifier(random_state=0, max_depth=6)


@pytest.mark.parametrize("strategy", ["mean", "median", "most_frequent", "constant"])
def test_numbers(strategy):
    assert check(make_pipeline(SimpleImputer(strategy=strategy), tree()), *gaps()).largest_error == 0


def test_a_number_can_mean_that_one_is_missing():
    assert check(make_pipeline(SimpleImputer(missing_values=-1), tree()), *gaps(-1)).largest_error == 0


def test_a_number_that_means_missing_is_no_category():
    """A client may send the number, although the encoder after the imputer does not know it."""
    random = np.random.default_rng(0)
    X, y = random.integers(0, 5, (300, 2)), random.integers(0, 2, 300)
    imputer = SimpleImputer(missing_values=4, strategy="most_frequent")
    estimator = make_pipeline(imputer, OneHotEncoder(), LogisticRegression())
    parity = check(estimator, X, y)
    assert parity.largest_error <= 1e-14
    assert set(to_onnx_model(estimator, read_dataset(X, None)).known) == set()


@pytest.mark.parametrize(
    ("missing", "dtype"), [(None, object), (np.nan, object), (np.nan, "str"), (np.nan, "category")], ids=str
)
def test_strings_in_columns_of_any_type(missing, dtype):
    random = np.random.default_rng(0)
    frame = pd.DataFrame({"a": random.choice(["x", "y", "z"], 300)}, dtype=object)
    frame.loc[::5, "a"] = missing
    imputer = SimpleImputer(missing_values=missing, strategy="constant", fill_value="none")
    estimator = make_pipeline(imputer, OneHotEncoder(handle_unknown="ignore"), LogisticRegression())
    parity = check(estimator, frame.astype(dtype), random.integers(0, 2, 300))
    assert parity.largest_error <= 1e-14
    assert {"missing", "unknown categories"} <= parity.points.keys()


@pytest.mark.parametrize("value", ["", "?"])
def test_a_string_can_mean_that_one_is_missing(value):
    random = np.random.default_rng(0)
    frame = pd.DataFrame({"a": random.choice(["x", "y", value], 300)})
    imputer = SimpleImputer(missing_values=value, strategy="most_frequent")
    estimator = make_pipeline(imputer, OneHotEncoder(handle_unknown="ignore"), LogisticRegression())
    assert check(estimator, frame, random.integers(0, 2, 300)).largest_error <= 1e-14


def test_an_empty_string_is_not_missing_where_no_string_was_missing_in_training():
    """zoo/random.py found this case, with seed 22."""
    random = np.random.default_rng(0)
    frame = pd.DataFrame({"a": random.choice(["", "x", "y"], 300, p=[0.2, 0.4, 0.4])})
    imputer = SimpleImputer(strategy="most_frequent")
    estimator = make_pipeline(imputer, OneHotEncoder(handle_unknown="ignore"), LogisticRegression())
    assert check(estimator, frame, (frame["a"] == "").to_numpy()).largest_error <= 1e-14


@pytest.mark.parametrize("strategy", ["mean", "median", "constant"])
def test_what_is_learned_from_float32(strategy):
    X, y = gaps()
    imputer = SimpleImputer(strategy=strategy, fill_value=0.1 if strategy == "constant" else None)
    estimator = make_pipeline(imputer, LogisticRegression(max_iter=500))
    assert check(estimator, X.astype(np.float32), y).largest_error <= 1e-14


def test_numbers_stay_those_of_their_feature():
    random = np.random.default_rng(0)
    X = np.where(random.random((300, 2)) < 0.1, np.nan, random.integers(0, 3, (300, 2)))
    estimator = make_pipeline(SimpleImputer(strategy="most_frequent"), OneHotEncoder(), LogisticRegression())
    parity = check(estimator, X, random.integers(0, 2, 300))
    assert parity.largest_error <= 1e-14
    assert parity.points["missing"] == 1_000
    assert to_onnx_model(estimator, read_dataset(X, None)).known == {0: [0, 1, 2], 1: [0, 1, 2]}


@pytest.mark.parametrize("keeps", [False, True])
def test_a_column_that_was_empty_in_training(keeps):
    X, y = gaps(-1)
    X[:, 2] = -1
    imputer = SimpleImputer(missing_values=-1, keep_empty_features=keeps)
    estimator = make_pipeline(imputer, tree())
    if keeps:
        assert check(estimator, X, y).largest_error == 0
    else:
        with pytest.warns(UserWarning, match="Skipping features without any observed values"):
            assert check(estimator, X, y).largest_error == 0


@pytest.mark.parametrize("missing", [np.nan, -1])
def test_indicators_stand_behind_the_values(missing):
    estimator = make_pipeline(SimpleImputer(missing_values=missing, add_indicator=True), tree())
    assert check(estimator, *gaps(missing)).largest_error == 0


def test_there_is_no_indicator_of_what_was_never_missing():
    estimator = make_pipeline(SimpleImputer(add_indicator=True), tree())
    assert check(estimator, *blobs()).largest_error == 0


def test_indicators_of_strings_stand_behind_them():
    random = np.random.default_rng(0)
    frame = pd.DataFrame({"a": random.choice(["x", "y"], 300), "b": random.choice(["p", "q"], 300)}).astype(object)
    frame.loc[::5, "a"] = np.nan
    imputer = SimpleImputer(strategy="most_frequent", add_indicator=True)
    columns = make_column_transformer((OneHotEncoder(handle_unknown="ignore"), [0, 1]), remainder="passthrough")
    estimator = make_pipeline(imputer, columns, LogisticRegression())
    assert check(estimator, frame, random.integers(0, 2, 300)).largest_error <= 1e-14


def test_an_indicator_of_nothing_makes_no_columns():
    union = make_union(SimpleImputer(), MissingIndicator())
    assert check(make_pipeline(union, tree()), *blobs()).largest_error == 0


@pytest.mark.parametrize("features", ["missing-only", "all"])
def test_indicators_alone(features):
    X, y = gaps()
    X[:, 1] = np.arange(len(X))
    union = make_union(SimpleImputer(), MissingIndicator(features=features))
    assert check(make_pipeline(union, tree()), X, y).largest_error == 0


@pytest.mark.parametrize("options", [{"strategy": "most_frequent"}, {"strategy": "constant", "fill_value": "none"}])
def test_strings(options):
    random = np.random.default_rng(0)
    frame = pd.DataFrame({"a": random.choice(["x", "y", "z"], 300), "b": random.choice(["p", "q"], 300)}).astype(object)
    frame[random.random(frame.shape) < 0.2] = np.nan
    y = random.integers(0, 2, 300)
    estimator = make_pipeline(SimpleImputer(**options), OneHotEncoder(handle_unknown="ignore"), LogisticRegression())
    parity = check(estimator, frame, y)
    assert parity.largest_error <= 1e-14
    assert parity.points["missing"] == 1_000
