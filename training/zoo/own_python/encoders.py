"""Encoders as people write them, which learn from the training data."""

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, OneToOneFeatureMixin, TransformerMixin


class FrequencyEncoder(BaseEstimator, TransformerMixin):
    def __init__(self, columns):
        self.columns = columns

    def fit(self, X, y=None):
        self.frequencies_ = {c: X[c].value_counts(normalize=True).to_dict() for c in self.columns}
        return self

    def transform(self, X):
        X = X.copy()
        for column in self.columns:
            X[column] = X[column].map(self.frequencies_[column]).fillna(0.0)
        return X


class RareGrouper(OneToOneFeatureMixin, BaseEstimator, TransformerMixin):
    """Writes `Other` for categories that are rare in the training data, or that it lacks."""

    def __init__(self, share=0.05, name="Other"):
        self.share = share
        self.name = name

    def fit(self, X, y=None):
        self.n_features_in_ = X.shape[1]
        self.feature_names_in_ = np.array(X.columns, dtype=object)
        self.kept_ = {}
        for column in X.columns:
            shares = X[column].value_counts(normalize=True)
            self.kept_[column] = list(shares[shares >= self.share].index)
        return self

    def transform(self, X):
        X = X.copy()
        for column, kept in self.kept_.items():
            X[column] = X[column].where(X[column].isin(kept), self.name)
        return X


class SmoothedMeans(BaseEstimator, TransformerMixin):
    """The target's mean by category. The fewer rows a category has, the closer this is to the mean of all rows."""

    def __init__(self, columns, strength=10.0):
        self.columns = columns
        self.strength = strength

    def fit(self, X, y):
        y = pd.Series(np.asarray(y, dtype=float), index=X.index)
        self.prior_ = y.mean()
        self.maps_ = {}
        for column in self.columns:
            grouped = y.groupby(X[column]).agg(["sum", "count"])
            self.maps_[column] = (grouped["sum"] + self.strength * self.prior_) / (grouped["count"] + self.strength)
        return self

    def transform(self, X):
        out = X.copy()
        for column in self.columns:
            out[f"{column}_mean"] = out.pop(column).map(self.maps_[column]).astype(float).fillna(self.prior_)
        return out


class Dummies(BaseEstimator, TransformerMixin):
    """pandas' dummies, with the same columns as for the training data."""

    def fit(self, X, y=None):
        self.columns_ = pd.get_dummies(X).columns
        return self

    def transform(self, X):
        return pd.get_dummies(X).reindex(columns=self.columns_, fill_value=0)


def as_categories(df):
    return df.astype({"country": "category", "channel": "category"})
