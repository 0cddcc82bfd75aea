"""Features that depend on more than the row, such as other rows, the time or a file: none of them can be served."""

import itertools
import os
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin

CALLS = itertools.count(1)


def centred(X):
    return X - X.mean(axis=0)


def ranked(df):
    return df.assign(rank=df["amount"].rank(pct=True))


def filled_by_groups(df):
    mean = df.groupby("cabin_class")["age"].transform("mean")
    return df.assign(age=df["age"].fillna(mean))[["age", "fare"]]


def with_previous(df):
    return df.assign(change=df["amount"] - df["amount"].shift(1).fillna(0))


def running_total(df):
    return df.assign(total=df["amount"].cumsum())


def jittered(X):
    return X + np.random.normal(scale=0.5, size=X.shape)


def years_until_now(df):
    years = (datetime.now() - df["signup"]).dt.total_seconds() / (365.25 * 86_400)
    return df[["amount"]].assign(years=years)


def days_until_today(df):
    return df[["amount"]].assign(days=(pd.Timestamp.today().normalize() - df["signup"]).dt.days)


def with_prices(df):
    prices = pd.read_csv(Path(__file__).with_name("prices.csv")).set_index("channel")["price"]
    return df[["amount"]].assign(paid=df["amount"] * df["channel"].map(prices).fillna(1.0))


def by_call(df):
    return df.assign(batch=df["amount"] * (1 + next(CALLS) / 10))


def shares_of_all(df):
    return df.assign(share=df["amount"] / len(df))


def ordered(df):
    return df.sort_values("amount")


def in_currency(df):
    return df.assign(converted=df["amount"] * float(os.environ.get("SHOP_EXCHANGE_RATE", "1.1")))


class DropNegative(BaseEstimator, TransformerMixin):
    """Drops rows, which nobody has noticed, because all amounts of the training data are positive."""

    def fit(self, X, y=None):
        return self

    def transform(self, X):
        return X[X["amount"] > 0]


class RunningMean(BaseEstimator, TransformerMixin):
    """Changes its mean with every call of transform."""

    def fit(self, X, y=None):
        self.mean_ = X["amount"].mean()
        return self

    def transform(self, X):
        self.mean_ = 0.9 * self.mean_ + 0.1 * X["amount"].mean()
        return X.assign(above=X["amount"] - self.mean_)
