"""Columns that feature_engine computes: sine and cosine waves, and distances on the earth."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sepal_export.converters.feature_engine.frames import Frame
from sepal_export.following.angles import arcsin
from sepal_export.graphs.functions import FUNCTIONS, of_few
from sepal_export.graphs.graph import Value
from sepal_export.graphs.table import Table
from sepal_export.registry import converts

KM_PER_DEGREE = 111.0
# The widest range of integers, from the smallest to the largest, for which a lookup table is small.
FEW = 400
# The earth's radius in each unit. The names and values are feature_engine's.
RADIUS = {"km": 6371.0, "miles": 3958.8, "meters": 6_371_000.0, "feet": 20_902_231.0}


@converts("feature_engine.CyclicalFeatures")
def cyclical_features(estimator: Any, table: Table) -> Table:
    frame = Frame(estimator, table)
    frame.require(estimator.variables_, finite=True)
    for name in estimator.variables_:
        numbers, turn = frame.numbers([name]), float(2.0 * np.pi / estimator.max_values_[name])
        keys = few_of(table.original[name])
        for function in (np.sin, np.cos):
            made = FUNCTIONS[function](numbers * turn)
            made = made if keys is None else of_few(numbers, keys, function(keys * turn), made)
            frame.put([f"{name}_{function.__name__}"], made)
    if estimator.drop_original:
        frame.drop(estimator.variables_)
    return frame.table()


def few_of(values: pd.Series) -> np.ndarray | None:
    """All integers from the smallest to the largest value of a column. None if it has values that are not integers, has
    no values, or spans too many integers."""
    numbers = values.dropna().to_numpy(dtype=np.float64)
    if not len(numbers) or (numbers != np.rint(numbers)).any() or np.ptp(numbers) > FEW:
        return None
    return np.arange(numbers.min(), numbers.max() + 1)


@converts("feature_engine.GeoDistanceFeatures")
def geo_distance_features(estimator: Any, table: Table) -> Table:
    frame = Frame(estimator, table)
    frame.require(estimator.variables_)
    places = [frame.numbers([name]) for name in (estimator.lat1, estimator.lon1, estimator.lat2, estimator.lon2)]
    distance = {"haversine": haversine, "euclidean": euclidean, "manhattan": manhattan}[estimator.method]
    frame.put([estimator.output_col], distance(*places, RADIUS[estimator.output_unit]))
    if estimator.drop_original:
        frame.drop(estimator.variables_)
    return frame.table()


def haversine(latitude: Value, longitude: Value, other_latitude: Value, other_longitude: Value, radius: float) -> Value:
    latitude, longitude, other_latitude, other_longitude = (
        degrees * (np.pi / 180) for degrees in (latitude, longitude, other_latitude, other_longitude)
    )
    up, along = sine((other_latitude - latitude) / 2.0), sine((other_longitude - longitude) / 2.0)
    a = up * up + cosine(latitude) * cosine(other_latitude) * (along * along)
    return (arcsin(a.sqrt()) * 2.0) * radius


def euclidean(latitude: Value, longitude: Value, other_latitude: Value, other_longitude: Value, radius: float) -> Value:
    up = (other_latitude - latitude) * KM_PER_DEGREE
    along = (other_longitude - longitude) * KM_PER_DEGREE
    return (up * up + along * along).sqrt() * (radius / RADIUS["km"])


def manhattan(latitude: Value, longitude: Value, other_latitude: Value, other_longitude: Value, radius: float) -> Value:
    up, along = (other_latitude - latitude).abs(), (other_longitude - longitude).abs()
    return ((up + along) * KM_PER_DEGREE) * (radius / RADIUS["km"])


def sine(angle: Value) -> Value:
    return angle.graph.node("Sin", angle)


def cosine(angle: Value) -> Value:
    return angle.graph.node("Cos", angle)
