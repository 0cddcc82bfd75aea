"""Draws rows from what a fitted estimator knows about its columns, if the rows of its fit are not available."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from sepal_export.data.dataset import Column
from sepal_export.data.forms import TEXT, as_texts
from sepal_export.data.predictions import refusal
from sepal_export.estimators import class_name, estimators_in
from sepal_export.originals.onnx_models import onnx_in
from sepal_export.text.made import drawn_texts
from sepal_export.training_data.expected import Expected, expected_of
from sepal_export.training_data.prepare import names_of, takes_texts
from sepal_export.training_data.told import Told, numbers_told

ROWS = 2_000
# How far values go beyond the known ones, as a share of their range.
MARGIN = 0.1
# For a column about which nothing is known.
ANYWHERE = np.array([-3.0, 0.0, 3.0])
SOME_YEARS = ("2000-01-01", "2040-01-01")
# In a nullable column, every how many rows a value is missing.
LACKS = 20
KINDS = {"int64": np.int64, "bool": bool, "float32": np.float32, "float64": np.float64}


def draw(estimator: Any, columns: Sequence[Column | str] | None, *, seed: int = 0) -> tuple[Any, list[Column]]:
    """Draws rows in the estimator's form (a frame if it knows names, else an array). Also returns the description of
    each column. Categories are those that the estimator stores. No number comes from the training data, except by
    chance. Raises ValueError if the estimator knows no names and `columns` has none, if it stores none of its
    categories, or if it does not answer such rows."""
    for part in estimators_in(estimator):
        if class_name(part).startswith("catboost.") and part.get_cat_feature_indices():
            raise ValueError(
                f"{type(part).__name__} stores only hashes of its categories, which do not show the categories; give "
                "the rows of its fit"
            )
        if class_name(part) == "category_encoders.HashingEncoder":
            raise ValueError("HashingEncoder keeps none of its categories; give the rows of its fit")
    known = names_of(estimator)
    columns = columns_of(estimator, columns, known)
    found = expected_of(estimator, len(columns))
    told = {id(each.estimator): numbers_told(each.estimator) for some in found.values() for each in some}
    names, refused = known or [column.name for column in columns], None
    # Estimators that take logarithms refuse negative numbers.
    for signed in (True, False):
        random = np.random.default_rng(seed)
        series = [
            drawn_column(column, found.get(index, []), told, random, signed=signed).rename(name)
            for index, (column, name) in enumerate(zip(columns, names, strict=True))
        ]
        frame = pd.concat(series, axis=1)
        if not takes_texts(estimator):
            frame = with_gaps(estimator, frame, columns, found, known is None)
        X = as_texts(frame) if takes_texts(estimator) else as_taken(frame, known is None)
        again = refusal(estimator, X)
        if again is None:
            return X, columns
        refused = refused or again
    raise ValueError(
        f"{type(estimator).__name__} does not answer rows that were made from what it stores about its columns "
        f"({refused}); give the rows of its fit"
    )


def columns_of(estimator: Any, columns: Sequence[Column | str] | None, known: list[str] | None) -> list[Column]:
    if columns:
        return [column if isinstance(column, Column) else Column(column) for column in columns]
    if known is None:
        if takes_texts(estimator):
            return [Column(TEXT)]
        width = getattr(estimator, "n_features_in_", None)
        raise ValueError(
            f"{type(estimator).__name__} was fitted to {width or 'some'} columns without names; name them, or give the "
            "rows of its fit"
        )
    return [Column(name) for name in known]


def drawn_column(
    column: Column, expected: Sequence[Expected], told: dict[int, Told], random: np.random.Generator, *, signed: bool
) -> pd.Series:
    """[ROWS] values: the known categories, all equally often, or values of the column's type. Numbers lie between the
    known ones, and a few beyond; without their signs unless `signed`."""
    for each in expected:
        if each.is_text:
            return pd.Series(drawn_texts(each.estimator, random, ROWS), dtype=object)
        present = [value for value in each.categories or () if not (value is None or value != value)]
        if present:
            values = pd.Series([present[place] for place in random.permutation(np.arange(ROWS) % len(present))])
            return values.astype(pd.CategoricalDtype(present)) if each.is_pandas else values
    if column.dtype == "string":
        return pd.Series(["some text"] * ROWS)
    if column.dtype == "bool":
        return pd.Series(random.permutation(np.arange(ROWS) % 2 == 0))
    if column.dtype == "timestamp":
        # Times of the same type as those that pandas reads from texts, without a time zone.
        first, last = pd.to_datetime(pd.Series(SOME_YEARS))
        return pd.Series(first + random.random(ROWS) * (last - first)).dt.floor("s")
    values = random.permutation(spread(told_of(expected, told)))
    values = values if signed else np.abs(values)
    if column.dtype == "int64":
        values = np.round(values)
    return pd.Series(values.astype(KINDS[column.dtype or "float64"]))


def told_of(expected: Sequence[Expected], told: dict[int, Told]) -> np.ndarray:
    numbers = [told[id(each.estimator)].get(each.index, []) for each in expected if each.is_number]
    values = np.unique(np.concatenate([np.empty(0), *(np.asarray(some, dtype=np.float64) for some in numbers)]))
    values = values[np.isfinite(values)]
    return values if len(values) else ANYWHERE


def spread(told: np.ndarray) -> np.ndarray:
    """[ROWS] values between the known ones, equally many between any two neighbours, and a few beyond."""
    low, high = told[0], told[-1]
    margin = MARGIN * (high - low) or max(1.0, abs(low))
    marks = np.concatenate([[low - margin], told, [high + margin]])
    # The values never equal a known one, which may be a real person's value.
    shares = (np.arange(ROWS) + 0.5) / ROWS * (1 - 1e-6)
    return np.interp(shares, np.linspace(0, 1, len(marks)), marks)


def with_gaps(
    estimator: Any, frame: pd.DataFrame, columns: Sequence[Column], found: dict[int, list[Expected]], is_array: bool
) -> pd.DataFrame:
    """Adds missing values to numeric and time columns if the estimator answers rows with a missing value there, and to
    columns of categories if it learned a missing one."""
    frame = frame.copy()
    for index, column in enumerate(columns):
        values = frame.iloc[:, index]
        lacks = np.arange(ROWS) % LACKS == index % LACKS
        # An ONNX model does not refuse missing values, and may answer NaN for them.
        if column.nullable is False or onnx_in(estimator) or column.dtype in ("int64", "bool", "string"):
            continue
        if pd.api.types.is_float_dtype(values) or column.dtype == "timestamp":
            gap = values.where(~lacks)
            tried = frame.iloc[:LACKS].assign(**{str(values.name): gap.iloc[:LACKS]})
            if refusal(estimator, as_taken(tried[frame.columns], is_array)) is None:
                frame[values.name] = gap
        else:
            marks = [
                mark for each in found.get(index, []) for mark in each.categories or () if mark is None or mark != mark
            ]
            if marks:
                frame[values.name] = values.where(
                    ~lacks, None if isinstance(values.dtype, pd.CategoricalDtype) else marks[0]
                )
    return frame


def as_taken(frame: pd.DataFrame, is_array: bool) -> Any:
    if not is_array:
        return frame
    is_numeric = all(map(pd.api.types.is_numeric_dtype, frame.dtypes))
    return frame.to_numpy(dtype=np.float64 if is_numeric else object)
