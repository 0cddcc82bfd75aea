"""Steps as users write them, in a file of their own, because refusals name the file and the line of a step."""

import datetime
import math
import os
import random

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin

RATES = {"a": 1.5, "b": 2.5}
CALLS = []


def less_the_mean(X):
    return X - X.mean()


def with_ranks(X):
    return X.assign(rank=X["x"].rank())


def with_noise(X):
    return X + np.random.normal(size=X.shape)


def with_noise_rarely(X):
    return X.assign(x=[value if value < 1e9 else random.random() for value in X["x"]])


def years_until_now(X):
    return X.assign(age=datetime.datetime.now().year - X["n"])


def from_a_file(X):
    with open(__file__) as file:
        return X * float(len(file.read()) > 0)


def from_the_environment(X):
    return X * float("NO_SUCH_VARIABLE" not in os.environ)


def from_all_of_the_environment(X):
    return X * float("NO_SUCH_VARIABLE" not in list(os.environ))


def from_the_size_of_the_environment(X):
    return X * float(len(os.environ) > 0)


def into_the_environment(X):
    os.environ["NO_SUCH_VARIABLE"] = "1"
    return X


def counting(X):
    CALLS.append(len(X))
    return X * len(CALLS)


def by_two(X):
    return X * 2 if len(X) == 2 else X


def positive(X):
    return X[X["x"] > 0]


def steps_of(value):
    if value > 1:
        return 1
    if value > 0:
        return value
    return 0 if value > -1 else math.floor(value)


def in_steps(X):
    return X.assign(x=X["x"].apply(steps_of))


def rarely(X):
    return X.assign(x=[2 * value if value > 1e12 and value < 0 else value for value in X["x"]])


def roots(X):
    return X.assign(x=X["x"].apply(math.sqrt))


def rated(X):
    return pd.DataFrame({"rate": [RATES[letter] for letter in X["letter"]], "x": X["x"]})


def hourly(X):
    return pd.DataFrame({"sin": np.sin(2 * np.pi * X["time"].dt.hour / 24), "x": X["x"]})


class Remembers(BaseEstimator, TransformerMixin):
    def fit(self, X, y=None):
        self.seen_ = 0
        return self

    def transform(self, X):
        self.seen_ += len(X)
        return X


class Scaled(BaseEstimator, TransformerMixin):
    """Scales by a scaler of scikit-learn that it fits itself, and adds the absolute values."""

    def __init__(self, scaler):
        self.scaler = scaler

    def fit(self, X, y=None):
        self.scaler_ = self.scaler.fit(X)
        return self

    def transform(self, X):
        return np.hstack([self.scaler_.transform(X), np.abs(self.scaler_.transform(X))])


class Beyond(BaseEstimator, TransformerMixin):
    """Its condition names a number that lies far beyond all rows."""

    def fit(self, X, y=None):
        return self

    def transform(self, X):
        return np.array([[level_of(x)] for x in X["x"]])


def level_of(x):
    if x >= 54_321:
        return math.floor(x)
    return min(x, 3)


class ByIdentity(BaseEstimator, TransformerMixin):
    def fit(self, X, y=None):
        return self

    def transform(self, X):
        return np.array([[1.0 if (x > 0) is True else 0.0] for x in X["x"]])


def in_steps_from_missing(X):
    """Whole numbers are never missing, so no row takes the path of a missing one."""
    return X.apply(level_if_present, axis=1).to_frame()


def level_if_present(row):
    if pd.isna(row["n"]):
        return -1
    return row["n"] if row["x"] < 0 else row["x"]


def between_near_numbers(X):
    return np.array([[level_near(x * 3 - 1)] for x in X["x"]])


def level_near(x):
    if x < 7:
        return x
    return 5.0 if x < 7.00002 else 9.0


def in_steps_of_a_constant(X):
    """Whole numbers are never NaN, so each row has the step of 10."""
    constant = np.where(np.isnan((X[:, 1] != 100).astype(int)), X[:, 0], 10)
    is_low = np.isin(np.digitize(constant, [0.0, 7.0]), [0.0, 1.0])
    return np.where(is_low, np.vectorize(falling, otypes=[float])(X[:, 0]), 3).reshape(-1, 1)


def falling(x):
    """No row gets the -1 of the last line."""
    if x <= 0:
        return math.exp(-abs(x))
    elif x < 1.0 and x >= -1:
        return -x
    return 1 if x > 0 else -1


def beside_a_computed_constant(X):
    """Whole numbers are never NaN, so each row has the step of 10."""
    return pd.DataFrame({"step": np.digitize(X["x"].where(X["n"].isna(), 10), [0.0, 7.0]), "x": X["x"]})


def sum_beside_a_computed_constant(X):
    step = np.digitize(np.where(np.isnan(X[:, 1].astype(int)), X[:, 0], 10), [0.0, 7.0])
    return np.column_stack([step, X[:, 0]]).sum(axis=1, keepdims=True)
