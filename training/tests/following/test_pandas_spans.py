"""Spans between times as far apart as allowed, for which float64 cannot represent every microsecond."""

import numpy as np
import pandas as pd
import pytest
from exactness import check
from followed_frames import FRESH, followed
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.tree import DecisionTreeRegressor

from sepal_export import ConversionError

FAR = [
    *("1685-01-01", "1685-01-01T00:00:00.000001", "1700-01-01T00:00:00.000001", "1970-01-01"),
    *("2020-05-05T05:05:05.000005", "2254-12-30T23:59:59.999999", "2254-12-31", "2254-12-31T23:59:59.999999"),
]
EXACT = r"""
(X.u - X.t).dt.days
(X.u - X.t).dt.seconds
(X.u - X.t).dt.microseconds
(X.u - X.t).dt.total_seconds()
(X.u - X.t) < pd.Timedelta(days=208175)
(X.u - X.t) <= pd.Timedelta(days=208175)
(X.u - X.t) > pd.Timedelta(days=208175)
(X.u - X.t) >= pd.Timedelta(days=208175)
(X.u - X.t) == pd.Timedelta(days=208175)
(X.u - X.t) != pd.Timedelta(days=208175)
(X.u - X.t) < (X.u - pd.Timestamp('1685-01-01'))
(X.u - X.t) // pd.Timedelta(days=1)
(X.u - X.t) // pd.Timedelta(microseconds=7)
(X.u - X.t) / pd.Timedelta(days=1)
(X.u - X.t) % pd.Timedelta(days=1) / pd.Timedelta(seconds=1)
X.apply(lambda r: (r.u - r.t).days, axis=1)
X.u.map(lambda v: (v - pd.Timestamp('1700-01-01')).days)
""".strip().splitlines()
NARROW = r"""
((X.u - X.t) + pd.Timedelta(days=1)).dt.days
(X.u - X.t).fillna(pd.Timedelta(0)).dt.days
(X.u - X.t).abs().dt.seconds
(X.u - X.t).clip(lower=pd.Timedelta(0)).dt.microseconds
(X.u - X.t).where(X.u > X.t, pd.Timedelta(0)).dt.days
(-(X.u - X.t)).dt.microseconds
((X.u - X.t) + (X.u - X.t)).dt.microseconds
((X.u - X.t) * 3).dt.microseconds
X.t + (X.u - X.t)
X.u - (X.u - X.t)
""".strip().splitlines()


def pairs() -> pd.DataFrame:
    """Rows that pair each time with each other, and one missing time."""
    rows = FRESH.iloc[: len(FAR) ** 2].reset_index(drop=True)
    for name, times in (("t", [a for a in FAR for _ in FAR]), ("u", [b for _ in FAR for b in FAR])):
        rows[name] = pd.to_datetime(pd.Series(times), format="ISO8601").astype("datetime64[us]")
    rows.loc[60, "t"] = pd.NaT
    return rows


@pytest.mark.parametrize("source", EXACT)
def test_each_row_is_answered_as_pandas_answers_it(source):
    got = followed(source, pairs())
    assert got.differences() == []
    assert got.is_taken.all()


@pytest.mark.parametrize("source", NARROW)
def test_rows_whose_span_float64_does_not_hold_are_refused(source):
    got = followed(source, pairs())
    assert got.differences() == []
    assert 20 < got.is_taken.sum() < len(FAR) ** 2


def days_apart(X):
    return (X["u"] - X["t"]).abs().dt.days.to_frame()


def orders(longest: int) -> pd.DataFrame:
    """Rows of two times that are up to `longest` days apart."""
    t = pd.Series(pd.date_range("1900-01-01", periods=300, freq="3h", unit="us"))
    return pd.DataFrame({"t": t, "u": t + pd.to_timedelta(np.linspace(-5, longest, 300).round(), unit="D")})


def test_the_proof_leaves_out_rows_whose_span_float64_does_not_hold():
    X = orders(longest=100)
    check(make_pipeline(FunctionTransformer(days_apart), DecisionTreeRegressor()), X, np.arange(300) % 7)


def test_training_rows_with_such_a_span_are_refused():
    X = orders(longest=120_000)
    estimator = make_pipeline(FunctionTransformer(days_apart), DecisionTreeRegressor())
    told = r"step 'functiontransformer' cannot be exported: .* and \d+ of 300 training rows have a span of more than"
    with pytest.raises(ConversionError, match=told):
        check(estimator, X, np.arange(300) % 7)
