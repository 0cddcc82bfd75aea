"""Features of houses."""

from itertools import combinations

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin

EARTH_KM = 6371.0
CITIES = {"la": (34.05, -118.24), "sf": (37.77, -122.42), "sd": (32.72, -117.16)}


def add_ratios(df):
    df = df.copy()
    df["rooms_per_household"] = df["total_rooms"] / df["households"]
    df["bedroom_share"] = df["total_bedrooms"] / df["total_rooms"]
    df["people_per_household"] = df["population"] / df["households"]
    return df


def multiply_pairs(df):
    out = df.copy()
    for first, second in combinations(df.columns, 2):
        out[f"{first}_x_{second}"] = df[first] * df[second]
    return out


def income_band(df):
    edges = [0, 1.5, 3.0, 4.5, 6.0, np.inf]
    df = df.copy()
    df["band"] = pd.cut(df["income"], bins=edges, labels=False)
    return df


def age_label(df):
    """Returns strings, for an encoder that follows."""
    labels = ["new", "middle", "old"]
    return pd.cut(df["house_age"], [-np.inf, 15, 35, np.inf], labels=labels, right=False).astype(str).to_frame()


def ratio_of(top, bottom):
    """Makes a function that divides one column by another."""

    def divide(df):
        return (df[top] / df[bottom]).to_frame(f"{top}_per_{bottom}")

    return divide


def raised(df, column, power=2):
    return df.assign(**{f"{column}_{power}": df[column] ** power})


class RatioAdder(BaseEstimator, TransformerMixin):
    """Adds ratios to an array, whose columns it finds by their positions."""

    def __init__(self, rooms=3, bedrooms=4, households=6, add_bedrooms=True):
        self.rooms = rooms
        self.bedrooms = bedrooms
        self.households = households
        self.add_bedrooms = add_bedrooms

    def fit(self, X, y=None):
        return self

    def transform(self, X):
        per_household = X[:, self.rooms] / X[:, self.households]
        if not self.add_bedrooms:
            return np.c_[X, per_household]
        share = X[:, self.bedrooms] / X[:, self.rooms]
        return np.c_[X, per_household, share]


def haversine(lat1, lon1, lat2, lon2):
    lat1, lon1, lat2, lon2 = map(np.radians, (lat1, lon1, lat2, lon2))
    a = np.sin((lat2 - lat1) / 2) ** 2 + np.cos(lat1) * np.cos(lat2) * np.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * np.arcsin(np.sqrt(a))


class CityDistances(TransformerMixin):
    """The distance to each city, and the smallest of them. It is no BaseEstimator, because nobody clones it."""

    def fit(self, X, y=None):
        return self

    def transform(self, X):
        out = pd.DataFrame(index=X.index)
        for name, (lat, lon) in CITIES.items():
            out[f"km_to_{name}"] = haversine(X["latitude"], X["longitude"], lat, lon)
        out["nearest"] = out.min(axis=1)
        return out.join(X[["income", "house_age"]])


class RegionIncome(BaseEstimator, TransformerMixin):
    """The income divided by the mean of its region, or by the mean of all rows if the region is unknown."""

    def __init__(self, by="coast", value="income"):
        self.by = by
        self.value = value

    def fit(self, X, y=None):
        self.means_ = X.groupby(self.by)[self.value].mean()
        self.overall_ = X[self.value].mean()
        return self

    def transform(self, X):
        X = X.copy()
        mean = X[self.by].map(self.means_).fillna(self.overall_)
        X["relative"] = X[self.value] / mean
        return X.drop(columns=[self.by])
