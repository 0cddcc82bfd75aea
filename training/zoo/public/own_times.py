"""Python of the user's own: dates, hours and coordinates."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, PolynomialFeatures, StandardScaler

from zoo.public import tables_places
from zoo.public.entry import PYTHON, public


def haversine_vectorized(df, start_lat, start_lon, end_lat, end_lon):
    lat_1_rad, lon_1_rad = np.radians(df[start_lat].astype(float)), np.radians(df[start_lon].astype(float))
    lat_2_rad, lon_2_rad = np.radians(df[end_lat].astype(float)), np.radians(df[end_lon].astype(float))
    dlon_rad, dlat_rad = lon_2_rad - lon_1_rad, lat_2_rad - lat_1_rad
    a = np.sin(dlat_rad / 2.0) ** 2 + np.cos(lat_1_rad) * np.cos(lat_2_rad) * np.sin(dlon_rad / 2.0) ** 2
    return 6371 * 2 * np.arcsin(np.sqrt(a))


class DistanceTransformer(BaseEstimator, TransformerMixin):
    def __init__(
        self,
        start_lat="pickup_latitude",
        start_lon="pickup_longitude",
        end_lat="dropoff_latitude",
        end_lon="dropoff_longitude",
    ):
        self.start_lat = start_lat
        self.start_lon = start_lon
        self.end_lat = end_lat
        self.end_lon = end_lon

    def fit(self, X, y=None):
        return self

    def transform(self, X, y=None):
        distance = haversine_vectorized(X, self.start_lat, self.start_lon, self.end_lat, self.end_lon)
        return pd.DataFrame(distance, columns=["distance"])


class TimeFeaturesEncoder(BaseEstimator, TransformerMixin):
    def __init__(self, time_column, time_zone_name="America/New_York"):
        self.time_column = time_column
        self.time_zone_name = time_zone_name

    def fit(self, X, y=None):
        return self

    def transform(self, X, y=None):
        X_ = X.copy()
        X_.index = pd.to_datetime(X_[self.time_column])
        X_.index = X_.index.tz_convert(self.time_zone_name)
        X_["dow"] = X_.index.weekday
        X_["hour"] = X_.index.hour
        X_["month"] = X_.index.month
        X_["year"] = X_.index.year
        return X_[["dow", "hour", "month", "year"]].reset_index(drop=True)


PLACES = ["pickup_latitude", "pickup_longitude", "dropoff_latitude", "dropoff_longitude"]


# Kanaar/TaxiFareModel and Nicofragon/TaxiFare_project, TaxiFareModel/pipeline.py, of a bootcamp's hundreds: a text in
# UTC, read and converted to New York's time by the pipeline itself.
@public("Taxi fares, time zone and distance", PYTHON, tables_places.taxi_in_utc)
def taxi() -> Any:
    distance = Pipeline([("dist_trans", DistanceTransformer()), ("stdscaler", StandardScaler())])
    time = Pipeline(
        [("time_enc", TimeFeaturesEncoder("pickup_datetime")), ("ohe", OneHotEncoder(handle_unknown="ignore"))]
    )
    columns = ColumnTransformer([("distance", distance, PLACES), ("time", time, ["pickup_datetime"])])
    return Pipeline([("preproc", columns), ("linear_model", LinearRegression())])


def trip_features(df):
    df = df.copy()
    df["distance"] = haversine_vectorized(df, *PLACES)
    df["manhattan"] = (df["pickup_latitude"] - df["dropoff_latitude"]).abs() + abs(
        df["pickup_longitude"] - df["dropoff_longitude"]
    )
    df["hour"] = df["pickup_datetime"].dt.hour
    df["hour_sin"] = np.sin(2 * np.pi * df["hour"] / 24)
    df["hour_cos"] = np.cos(2 * np.pi * df["hour"] / 24)
    df["is_weekend"] = df["pickup_datetime"].dt.dayofweek.isin([5, 6]).astype(int)
    df["rush"] = df["hour"].between(16, 19) & (df["is_weekend"] == 0)
    return df.drop(columns=["pickup_datetime", "hour"])


# Kaggle notebooks on taxi fares and trip durations: one function of datetimes and coordinates, then boosting.
@public("Taxi fares, features of a function", PYTHON, tables_places.taxi)
def taxi_function() -> Any:
    model = HistGradientBoostingRegressor(max_iter=80, random_state=0)
    return make_pipeline(FunctionTransformer(trip_features), model)


def sin_transformer(period):
    return FunctionTransformer(lambda x: np.sin(x / period * 2 * np.pi))


def cos_transformer(period):
    return FunctionTransformer(lambda x: np.cos(x / period * 2 * np.pi))


# scikit-learn's gallery on cyclical features, as taken over in BWallyn/nyc-taxi, data_science/nodes.py.
@public("Bike sharing, sines and cosines", PYTHON, tables_places.bikes)
def bikes() -> Any:
    columns = ColumnTransformer(
        [
            ("categorical", OneHotEncoder(handle_unknown="ignore"), ["weather", "season"]),
            ("month_sin", sin_transformer(12), ["month"]),
            ("month_cos", cos_transformer(12), ["month"]),
            ("hour_sin", sin_transformer(24), ["hour"]),
            ("hour_cos", cos_transformer(24), ["hour"]),
        ],
        remainder=StandardScaler(),
    )
    return make_pipeline(columns, Ridge(alpha=1.0))


def _encode_dates(X):
    X = X.copy()
    X.loc[:, "year"] = X["date"].dt.year
    X.loc[:, "month"] = X["date"].dt.month
    X.loc[:, "day"] = X["date"].dt.day
    X.loc[:, "weekday"] = X["date"].dt.weekday
    X.loc[:, "hour"] = X["date"].dt.hour
    return X.drop(columns=["date"])


# x-datascience-datacamp/datacamp-master, 06_feature_engineering/solutions/04-3-polynomial_features.py.
@public("Bike counters, dates and interactions", PYTHON, tables_places.bike_counters)
def bike_counters() -> Any:
    selector = FunctionTransformer(lambda X: X[["weekday", "hour"]])
    poly = PolynomialFeatures(degree=2, include_bias=False, interaction_only=True)
    return make_pipeline(FunctionTransformer(_encode_dates), selector, OneHotEncoder(), poly, Ridge())
