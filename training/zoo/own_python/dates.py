"""Features of dates, times and distances."""

import math

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin

PARTS = ["year", "month", "day", "hour", "dayofweek", "dayofyear", "quarter"]
OPENED = pd.Timestamp("2015-01-01")


def parts_of(df):
    out = df.drop(columns=["pickup", "dropoff", "vendor"])
    for part in PARTS:
        out[f"pickup_{part}"] = getattr(df["pickup"].dt, part)
    out["month_end"] = df["pickup"].dt.is_month_end.astype(int)
    return out


def on_circle(df, column, period):
    angle = 2 * np.pi * df[column].dt.hour / period
    return pd.DataFrame({"sine": np.sin(angle), "cosine": np.cos(angle)}, index=df.index)


def speed(df):
    minutes = (df["dropoff"] - df["pickup"]).dt.total_seconds() / 60
    flat = np.sqrt((df["to_lat"] - df["from_lat"]) ** 2 + (df["to_lon"] - df["from_lon"]) ** 2)
    return pd.DataFrame({"minutes": minutes, "speed": (flat / minutes).clip(upper=0.05), "seats": df["passengers"]})


def is_rush(times):
    return times.dt.hour.isin([7, 8, 9, 16, 17, 18]) & (times.dt.dayofweek < 5)


def is_night(times):
    return (times.dt.hour >= 22) | (times.dt.hour < 6)


def time_flags(df):
    """Calls helpers that call other helpers."""
    df = df.assign(rush=is_rush(df["pickup"]), night=is_night(df["pickup"]), weekend=df["pickup"].dt.weekday >= 5)
    df["rate"] = rate_of(df)
    return df[["rush", "night", "weekend", "rate", "passengers"]].astype(float)


def rate_of(df):
    return np.where(df["night"], 3.5, np.where(df["rush"], 2.75, base_rate(df["vendor"])))


def base_rate(vendor):
    return np.where(vendor == "A", 2.0, 2.25)


def great_circle(row):
    """The distance of one row in km, with Python's own mathematics."""
    lat1, lat2 = math.radians(row["from_lat"]), math.radians(row["to_lat"])
    dlat, dlon = lat2 - lat1, math.radians(row["to_lon"] - row["from_lon"])
    a = math.sin(dlat / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin(dlon / 2) ** 2
    return 6371 * 2 * math.asin(math.sqrt(a))


def with_distance(df):
    df = df.copy()
    df["km"] = df.apply(great_circle, axis=1)
    return df[["km", "passengers"]]


def days_since(df):
    """The days from OPENED to the signup, or -1 if the signup is unknown."""
    days = (df["signup"] - OPENED).dt.days
    return pd.DataFrame({"days": days.fillna(-1), "known": df["signup"].notna().astype(int), "amount": df["amount"]})


class OrderDates(BaseEstimator, TransformerMixin):
    """Parses the text, and counts the days from the first order of the training data."""

    def __init__(self, column="ordered"):
        self.column = column

    def fit(self, X, y=None):
        self.first_ = pd.to_datetime(X[self.column]).min()
        return self

    def transform(self, X):
        times = pd.to_datetime(X[self.column])
        return X.drop(columns=self.column).assign(
            age=(times - self.first_).dt.days,
            month_sin=np.sin(2 * np.pi * times.dt.month / 12),
            month_cos=np.cos(2 * np.pi * times.dt.month / 12),
            weekend=times.dt.dayofweek.isin([5, 6]).astype(int),
        )
