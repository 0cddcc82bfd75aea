"""Columns, and scikit-learn estimators, that several examples of zoo/own_python use."""

from __future__ import annotations

from typing import Any

from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.ensemble import (
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

from zoo.own_python.frames import HOUSES, ORDERS, PEOPLE

SEED = {"random_state": 0}
DISTRICTS = HOUSES.only("total_rooms", "total_bedrooms", "population", "households", "income", "house_age")
PASSENGERS = PEOPLE.only("age", "fare", "siblings", "parents", "cabin_class", "sex")
COUNTED = PEOPLE.only("fare", "siblings", "parents", "cabin_class").complete()
SOLD = ORDERS.only("amount", "quantity", "discount").complete()
SHOP = ORDERS.only("amount", "quantity", "country", "channel").complete()


def step(function: Any, **options: Any) -> FunctionTransformer:
    return FunctionTransformer(function, **options)


def forest() -> RandomForestClassifier:
    return RandomForestClassifier(10, max_depth=6, **SEED)


def forest_of_values() -> RandomForestRegressor:
    return RandomForestRegressor(10, max_depth=6, **SEED)


def boosted(**options: Any) -> HistGradientBoostingClassifier:
    return HistGradientBoostingClassifier(max_iter=20, **options, **SEED)


def boosted_values() -> HistGradientBoostingRegressor:
    return HistGradientBoostingRegressor(max_iter=20, **SEED)


def logistic() -> LogisticRegression:
    return LogisticRegression(max_iter=300)


def one_hot() -> OneHotEncoder:
    return OneHotEncoder(handle_unknown="ignore", sparse_output=False)


def words_and_numbers() -> Any:
    """One-hot encodes the strings of a frame. Imputes and scales its numbers and booleans."""
    words = make_column_selector(dtype_exclude=["number", "bool"])
    scaled = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    return make_column_transformer((one_hot(), words), (scaled, make_column_selector(dtype_include=["number", "bool"])))
