"""The values that each estimator expects in each column, as the export finds them."""

import numpy as np
import pandas as pd
import pytest
from lightgbm import LGBMClassifier
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import make_column_transformer
from sklearn.ensemble import BaggingClassifier, HistGradientBoostingClassifier, StackingClassifier, VotingClassifier
from sklearn.feature_selection import VarianceThreshold
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, OrdinalEncoder, StandardScaler, TargetEncoder
from xgboost import XGBClassifier

from sepal_export.training_data.expected import Expected, expected_of

FRAME = pd.DataFrame({"size": [1.0, 2.0, np.nan, 3.0] * 10, "city": ["a", "b", "b", "a"] * 10, "n": [1, 2, 3, 4] * 10})
LABELS = [0, 1] * 20
NUMBER, FILLED = Expected(), Expected(fills_missing=True)
CITY = Expected(("a", "b"), accepts_unknown=False)
USUAL = {0: [FILLED], 1: [CITY], 2: [NUMBER]}


def impute():
    return SimpleImputer(strategy="most_frequent")


def by_column(*parts):
    parts = parts or [(make_pipeline(impute(), StandardScaler()), ["size"]), (OneHotEncoder(), ["city"])]
    return make_column_transformer(*parts, remainder="drop" if len(parts) == 1 else "passthrough")


def pipeline(*steps):
    return make_pipeline(*(steps or [by_column()]), LogisticRegression())


@pytest.mark.parametrize(
    ("estimator", "expected"),
    [
        (pipeline(), USUAL),
        (GridSearchCV(pipeline(), {"logisticregression__C": [1.0]}), USUAL),
        (CalibratedClassifierCV(pipeline(), ensemble=False), USUAL),
        (VotingClassifier([("a", pipeline())]), USUAL),
        (StackingClassifier([("a", pipeline())]), USUAL),
        (pipeline(impute(), by_column((OneHotEncoder(), [1]))),
         {1: [Expected(("a", "b"), accepts_unknown=False, fills_missing=True)]}),
        (pipeline(make_union(by_column((OneHotEncoder(), ["city"])), by_column((VarianceThreshold(), ["n"])))),
         {1: [CITY], 2: [NUMBER]}),
        (pipeline(by_column((OneHotEncoder(categories=[["a"]], handle_unknown="ignore"), ["city"]))),
         {1: [Expected(("a",), is_chosen=True)]}),
        (pipeline(by_column((TargetEncoder(), ["city"]))), {1: [Expected(("a", "b"))]}),
        (pipeline(by_column((FunctionTransformer(), ["n"]))), {2: [NUMBER]}),
        (pipeline(by_column((FunctionTransformer(np.log), ["n"]))), {2: [NUMBER]}),
        (pipeline(by_column((FunctionTransformer(lambda frame: frame), ["n"]))), {}),
        (pipeline(by_column((SimpleImputer(add_indicator=True), ["size"]))), {}),
        (pipeline(by_column(("passthrough", ["n"]))), {2: [NUMBER]}),
        (pipeline(by_column((make_pipeline(SimpleImputer(missing_values="b", strategy="most_frequent"),
                                           OneHotEncoder()), ["city"]))), {}),
    ],
)  # fmt: skip
def test_columns_are_followed_to_what_takes_them(estimator, expected):
    assert expected_of(estimator.fit(FRAME, LABELS), 3) == expected


def test_the_estimators_of_a_bag_that_get_other_columns_say_nothing():
    numbers = FRAME[["n", "n"]].set_axis(["a", "b"], axis=1)
    whole = BaggingClassifier(LogisticRegression(), n_estimators=1).fit(numbers, LABELS)
    part = BaggingClassifier(LogisticRegression(), n_estimators=1, max_features=1).fit(numbers, LABELS)
    assert expected_of(whole, 2) == {0: [NUMBER], 1: [NUMBER]}
    assert expected_of(part, 2) == {}


@pytest.mark.parametrize(
    "estimator", [LGBMClassifier(n_estimators=2, verbose=-1), HistGradientBoostingClassifier(max_iter=2)]
)
def test_boosters_know_which_columns_were_categories(estimator):
    frame = FRAME.astype({"city": "category"})
    found = expected_of(estimator.fit(frame, LABELS), 3)
    assert [found[0], found[2]] == [[NUMBER], [NUMBER]]
    [city] = found[1]
    assert city.is_pandas
    assert city.categories[:2] == ("a", "b")


def test_an_encoder_that_accepts_other_categories_is_told():
    encoder = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
    found = expected_of(make_pipeline(encoder, LogisticRegression()).fit(FRAME[["n"]], LABELS), 1)
    assert found == {0: [Expected((1, 2, 3, 4))]}


def test_categories_of_xgboost():
    """The categories are those of the training frame, and the columns of numbers stay numbers."""
    frame = FRAME.astype({"city": "category"})
    model = XGBClassifier(n_estimators=2, n_jobs=1, enable_categorical=True).fit(frame, LABELS)
    found = expected_of(model, 3)
    assert found[0] == found[2] == [NUMBER]
    [city] = found[1]
    assert city.categories[:2] == ("a", "b")
    assert city.is_pandas
    assert not city.accepts_unknown
