import numpy as np
import pandas as pd
import pytest
from exactness import blobs, check
from sklearn.impute import KNNImputer, MissingIndicator, SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import OneHotEncoder
from sklearn.tree import DecisionTreeClassifier

from sepal_export import ConversionError

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
