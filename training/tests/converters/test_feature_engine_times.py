"""feature_engine's transformers of times."""

import numpy as np
import pandas as pd
import pytest
from exactness import check
from feature_engine.datetime import DatetimeFeatures, DatetimeOrdinal, DatetimeSubtraction
from feature_engine.imputation import AddMissingIndicator
from feature_engine.pipeline import make_pipeline
from feature_engine.selection import DropFeatures
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.tree import DecisionTreeRegressor

from sepal_export import ConversionError
from sepal_export.conversion.convert import to_onnx_model
from sepal_export.data.dataset import read_dataset

# feature_engine 1.9.4 calls pandas in ways that pandas 4 will not support.
pytestmark = [
    pytest.mark.filterwarnings("ignore:The inplace keyword"),
    pytest.mark.filterwarnings("ignore:Series.dt.day"),
]
random = np.random.default_rng(0)
ROWS = 300
SECONDS = random.integers(0, 10 * 365 * 86_400, (ROWS, 2))
TIMES = pd.DataFrame(
    {
        "start": pd.Timestamp("2019-01-01") + pd.to_timedelta(SECONDS[:, 0], unit="s"),
        "weight": random.normal(size=ROWS),
        "end": pd.Timestamp("2020-02-28") + pd.to_timedelta(SECONDS[:, 1], unit="s"),
    }
)
GAPS = TIMES.assign(start=TIMES["start"].mask(random.random(ROWS) < 0.15))
y = TIMES["start"].dt.month + TIMES["weight"] + (TIMES["end"] - TIMES["start"]).dt.days / 1000
# The features that can be computed with missing times. The week and the days in the month cannot.
OF_GAPS = [
    "month", "quarter", "semester", "year", "day_of_week", "day_of_month", "day_of_year", "weekend", "month_start",
    "month_end", "quarter_start", "quarter_end", "year_start", "year_end", "leap_year", "hour", "minute", "second",
]  # fmt: skip


def tree():
    return DecisionTreeRegressor(max_depth=6, random_state=0)


def boosting():
    return HistGradientBoostingRegressor(max_iter=20)


@pytest.mark.parametrize(
    "transformer",
    [
        DatetimeFeatures(),
        DatetimeFeatures(features_to_extract="all"),
        DatetimeFeatures(variables=["end"], features_to_extract=["week", "weekend", "semester"]),
        DatetimeOrdinal(),
        DatetimeOrdinal(start_date="2018-06-01"),
    ],
    ids=["default", "all", "of one column", "ordinal", "ordinal since"],
)
def test_parts_of_times(transformer):
    after = [] if transformer.variables is None else [DropFeatures(["start"])]
    assert check(make_pipeline(transformer, *after, tree()), TIMES, y).largest_error == 0


def test_times_of_one_zone():
    X = TIMES.assign(start=TIMES["start"].dt.tz_localize("UTC")).drop(columns="end")
    assert check(make_pipeline(DatetimeFeatures(), tree()), X, y).largest_error == 0


def test_parts_of_missing_times():
    transformer = DatetimeFeatures(features_to_extract=OF_GAPS, missing_values="ignore")
    parity = check(make_pipeline(AddMissingIndicator(), transformer, boosting()), GAPS, y)
    assert parity.mismatches == 0
    assert "missing" in parity.points


@pytest.mark.parametrize("unit", ["D", "h", "W", "M", "Y", "s", "ns"])
def test_time_between_times(unit):
    subtraction = DatetimeSubtraction(["end"], ["start"], output_unit=unit, drop_original=True)
    for X in (TIMES, GAPS):
        assert check(make_pipeline(subtraction, boosting()), X, y).mismatches == 0


def test_strings_that_are_times_are_refused():
    X = TIMES.assign(start=TIMES["start"].dt.strftime("%Y-%m-%d")).drop(columns="end")
    estimator = make_pipeline(DatetimeFeatures(format="%Y-%m-%d"), tree()).fit(X, y)
    with pytest.raises(ConversionError, match=r"make times of them by pd\.to_datetime before the fit"):
        to_onnx_model(estimator, read_dataset(X, None))
