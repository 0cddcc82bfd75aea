import numpy as np
import pandas as pd
import pytest
from exactness import blobs, check
from sklearn.compose import make_column_transformer
from sklearn.impute import KNNImputer, MissingIndicator, SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import OneHotEncoder
from sklearn.tree import DecisionTreeClassifier

from sepal_export import ConversionError, export

random = np.random.default_rng(0)


def gaps(missing=np.nan):
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


def test_indicators_stand_behind_the_values():
    assert check(make_pipeline(SimpleImputer(add_indicator=True), tree()), *gaps()).largest_error == 0


@pytest.mark.parametrize("features", ["missing-only", "all"])
def test_indicators_alone(features):
    X, y = gaps()
    X[:, 1] = np.arange(len(X))
    union = make_union(SimpleImputer(), MissingIndicator(features=features))
    assert check(make_pipeline(union, tree()), X, y).largest_error == 0


@pytest.mark.parametrize("options", [{"strategy": "most_frequent"}, {"strategy": "constant", "fill_value": "none"}])
def test_strings(options):
    frame = pd.DataFrame({"a": random.choice(["x", "y", "z"], 300), "b": random.choice(["p", "q"], 300)}).astype(object)
    frame[random.random(frame.shape) < 0.2] = np.nan
    y = random.integers(0, 2, 300)
    estimator = make_pipeline(SimpleImputer(**options), OneHotEncoder(handle_unknown="ignore"), LogisticRegression())
    parity = check(estimator, frame, y)
    assert parity.largest_error <= 1e-14
    assert parity.points["missing"] == 1_000


def test_neighbours_are_refused_with_what_to_use_instead():
    with pytest.raises(ConversionError, match=r"KNNImputer in the step 'knnimputer' .*use SimpleImputer"):
        check(make_pipeline(KNNImputer(), tree()), *gaps())


@pytest.mark.parametrize("missing", [np.nan, None, pd.NA])
@pytest.mark.parametrize("mark", [np.nan, None])
@pytest.mark.parametrize("strategy", ["most_frequent", "constant"])
def test_none_and_nan_are_two_things_to_an_imputer_of_one(missing, mark, strategy):
    frame = pd.DataFrame({"a": random.choice(["x", "y", "z", mark], 300)}, dtype=object)
    y = random.integers(0, 2, 300)
    imputer = SimpleImputer(missing_values=missing, strategy=strategy)
    assert check(make_pipeline(imputer, OneHotEncoder(), LogisticRegression()), frame, y).largest_error <= 1e-14


def test_a_string_in_a_column_of_numbers_is_refused():
    X = np.array([["a", 1.0], ["b", 2.0], ["a", 3.0]] * 10, dtype=object)
    columns = make_column_transformer((SimpleImputer(strategy="constant"), [1]), remainder="drop")
    with pytest.raises(ConversionError, match="fills a column of numbers with 'missing_value'; give it a number"):
        check(make_pipeline(columns, tree()), X, [0, 1, 0] * 10)


def test_a_category_that_only_an_imputer_takes_cannot_be_sent():
    frame = pd.DataFrame({"a": ["x", "y", "?"] * 20})
    imputer = SimpleImputer(missing_values="?", strategy="most_frequent")
    model = make_pipeline(imputer, OneHotEncoder(), LogisticRegression()).fit(frame, [0, 1, 1] * 20)
    with pytest.raises(ConversionError, match="'a' holds '\\?', which is no category of its encoder"):
        export(model, frame, [0, 1, 1] * 20, name="a", version="1", out="nowhere")


def test_an_empty_string_is_a_string_where_none_is_missing():
    frame = pd.DataFrame({"a": ["", "x", "y"] * 20})
    imputer = make_union(
        make_pipeline(SimpleImputer(strategy="constant"), OneHotEncoder()), MissingIndicator(features="all")
    )
    assert check(make_pipeline(imputer, LogisticRegression()), frame, [0, 1, 1] * 20).largest_error <= 1e-14
