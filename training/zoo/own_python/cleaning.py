"""Gaps, outliers, and columns that nobody needs."""

from abc import abstractmethod
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin


class FillMedians(BaseEstimator, TransformerMixin):
    """Fills gaps: in numbers by the median, in strings by the most frequent value."""

    def fit(self, X, y=None):
        numbers = X.select_dtypes("number")
        self.fill_ = {**numbers.median().to_dict(), **X.drop(columns=numbers.columns).mode().iloc[0].to_dict()}
        return self

    def transform(self, X):
        return X.fillna(self.fill_)


class QuantileClipper(BaseEstimator, TransformerMixin):
    def __init__(self, low=0.02, high=0.98):
        self.low = low
        self.high = high

    def fit(self, X, y=None):
        self.lower_ = X.quantile(self.low)
        self.upper_ = X.quantile(self.high)
        return self

    def transform(self, X):
        return X.clip(self.lower_, self.upper_, axis=1)


class Winsorizer(BaseEstimator, TransformerMixin):
    """Clips each column of an array at two percentiles, and writes zeros into gaps."""

    def __init__(self, percent=5):
        self.percent = percent

    def fit(self, X, y=None):
        X = np.asarray(X, dtype=float)
        self.limits_ = [np.nanpercentile(X[:, i], [self.percent, 100 - self.percent]) for i in range(X.shape[1])]
        return self

    def transform(self, X):
        X = np.array(X, dtype=float)
        for i, (low, high) in enumerate(self.limits_):
            X[:, i] = np.clip(X[:, i], low, high)
        return np.nan_to_num(X)


class ColumnTidy(BaseEstimator, TransformerMixin):
    """Drops, renames and orders columns."""

    def __init__(self, drop=(), rename=None):
        self.drop = drop
        self.rename = rename

    def fit(self, X, y=None):
        return self

    def transform(self, X):
        X = X.drop(columns=list(self.drop), errors="ignore").rename(columns=self.rename or {})
        return X[sorted(X.columns)]


class ByType(BaseEstimator, TransformerMixin):
    """The columns of one type."""

    def __init__(self, dtype):
        self.dtype = dtype

    def fit(self, X, y=None):
        self.columns_ = X.select_dtypes(include=self.dtype).columns.tolist()
        return self

    def transform(self, X):
        return X[self.columns_]


class PerColumn(BaseEstimator, TransformerMixin):
    """A base class for transformers that change one column at a time."""

    def fit(self, X, y=None):
        self.names_ = list(X.columns)
        for name in self.names_:
            self.learn(name, X[name].dropna())
        return self

    def transform(self, X):
        return pd.concat([self.change(name, X[name]).rename(name) for name in self.names_], axis=1)

    def learn(self, name, values):
        """Learns nothing, unless a subclass does."""

    @abstractmethod
    def change(self, name, values): ...


class Standardized(PerColumn):
    def fit(self, X, y=None):
        self._moments = {}
        return super().fit(X, y)

    def learn(self, name, values):
        self._moments[name] = (values.mean(), values.std(ddof=0) or 1.0)

    @property
    def means(self):
        return {name: mean for name, (mean, _) in self._moments.items()}

    def change(self, name, values):
        _, deviation = self._moments[name]
        return ((values - self.means[name]) / deviation).fillna(0.0)


class LogOfSkewed(PerColumn):
    """Takes logarithms of columns with a long tail."""

    def fit(self, X, y=None):
        self.skewed_ = [name for name in X.columns if X[name].skew() > 1]
        return super().fit(X, y)

    def change(self, name, values):
        return np.log1p(values.clip(lower=0)) if name in self.skewed_ else values


@dataclass
class Limits:
    spread: float = 1.5
    columns: list = field(default_factory=lambda: ["amount", "quantity"])


class OutlierFlags(BaseEstimator, TransformerMixin):
    """Flags values that are far from the quartiles."""

    def __init__(self, limits=None):
        self.limits = limits

    def fit(self, X, y=None):
        limits = self.limits or Limits()
        quartiles = X[limits.columns].quantile([0.25, 0.75])
        spread = limits.spread * (quartiles.loc[0.75] - quartiles.loc[0.25])
        self.low_, self.high_ = quartiles.loc[0.25] - spread, quartiles.loc[0.75] + spread
        return self

    def transform(self, X):
        flags = {
            f"{name}_outlier": ((X[name] < self.low_[name]) | (X[name] > self.high_[name])).astype(int)
            for name in self.low_.index
        }
        return X[list(self.low_.index)].assign(**flags)


class SafeRatio(BaseEstimator, TransformerMixin):
    def fit(self, X, y=None):
        return self

    @staticmethod
    def divide(top, bottom):
        return (top / bottom).replace([np.inf, -np.inf], np.nan).fillna(0)

    def transform(self, X):
        return X.assign(per_discount=self.divide(X["amount"], X["discount"]))


def summary(df):
    """Summarizes each row: its gaps and its numbers."""
    numbers = df.select_dtypes("number")
    return pd.DataFrame(
        {
            "missing": df.isna().sum(axis=1),
            "sum": numbers.sum(axis=1),
            "mean": numbers.mean(axis=1),
            "max": numbers.max(axis=1),
            "any": numbers.isna().any(axis=1).astype(int),
        }
    )
