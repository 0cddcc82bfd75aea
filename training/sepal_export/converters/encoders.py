"""Encoders of categories: a value's position among those known picks a row of what the fitted encoder makes of each."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Any

import numpy as np
import pandas as pd

from sepal_export.graph import ML, Value
from sepal_export.registry import converts
from sepal_export.table import Column, Table

# No category of anybody's: what the encoder makes of it, it makes of every unknown one.
UNKNOWN = {True: "\N{NULL} unknown", False: 1.2345678901234567e300}


@converts("sklearn.OneHotEncoder")
def one_hot_encoder(encoder: Any, table: Table) -> Table:
    return encode(encoder, table, encoder._n_features_outs, accepts_unknown=encoder.handle_unknown != "error")


@converts("sklearn.OrdinalEncoder")
def ordinal_encoder(encoder: Any, table: Table) -> Table:
    widths = [1] * len(encoder.categories_)
    return encode(encoder, table, widths, accepts_unknown=encoder.handle_unknown == "use_encoded_value")


@converts("sklearn.TargetEncoder")
def target_encoder(encoder: Any, table: Table) -> Value:
    """One column for each class beyond two, in the order of the features; an unknown category is the target's mean."""
    classes = len(encoder.classes_) if encoder.target_type_ == "multiclass" else 1
    means = np.atleast_1d(encoder.target_mean_)
    parts = []
    for index, categories in enumerate(encoder.categories_):
        encodings = np.stack([encoder.encodings_[index * classes + k] for k in range(classes)], axis=1)
        rows = np.concatenate([means[None, :classes], encodings])
        parts.append(look_up(table.column(index), categories, rows))
    return table.graph.concat(parts)


def encode(encoder: Any, table: Table, widths: Sequence[int], *, accepts_unknown: bool) -> Table:
    """Columns of `widths` for each feature, side by side; of one category, none may be left."""
    made = made_of_each(encoder, widths, accepts_unknown=accepts_unknown)
    parts = []
    for index, (categories, rows) in enumerate(zip(encoder.categories_, made, strict=True)):
        column = table.column(index)
        if not accepts_unknown and column.feature is not None:
            table.graph.restrict(column.feature, [value for value in plain(categories) if not is_missing(value)])
        if rows.shape[1]:
            parts.append(look_up(column, categories, rows))
    return Table(matrix=table.graph.concat(parts)) if parts else Table()


def made_of_each(encoder: Any, widths: Sequence[int], *, accepts_unknown: bool) -> Iterator[np.ndarray]:
    """For each feature [C + 1, width]: what the encoder makes of an unknown category, then of each known one."""
    kinds = [plain(categories) for categories in encoder.categories_]
    longest = max(map(len, kinds))
    columns = {
        name: [unknown_among(values) if accepts_unknown else values[0], *values, *values[:1] * (longest - len(values))]
        for name, values in zip(names_of(encoder), kinds, strict=True)
    }
    out = transformed(encoder, pd.DataFrame(columns, dtype=object))
    for values, part in zip(kinds, np.split(out, np.cumsum(widths)[:-1], axis=1), strict=True):
        yield part[: len(values) + 1]


def transformed(encoder: Any, rows: pd.DataFrame) -> np.ndarray:
    """By a copy, as the encoder may be set to answer frames or sparse matrices."""
    copy = deepcopy(encoder).set_output(transform="default")
    with warnings.catch_warnings():
        # On unknown categories, which are asked for.
        warnings.simplefilter("ignore", UserWarning)
        out = copy.transform(rows if hasattr(encoder, "feature_names_in_") else rows.to_numpy())
    return np.asarray(out.todense() if hasattr(out, "todense") else out, dtype=np.float64)


def names_of(encoder: Any) -> Sequence[Any]:
    return getattr(encoder, "feature_names_in_", range(len(encoder.categories_)))


def unknown_among(values: Sequence[Any]) -> Any:
    return UNKNOWN[any(isinstance(value, str) for value in values)]


def plain(categories: np.ndarray) -> list[Any]:
    return categories.tolist()


def is_missing(value: Any) -> bool:
    return value is None or value != value


def look_up(column: Column, categories: np.ndarray, rows: np.ndarray) -> Value:
    """[N, 1] → [N, width]: the first of `rows` for an unknown category, and the next ones for each known one."""
    place = place_of_string(column, plain(categories)) if column.is_string else place_of_number(column, categories)
    return column.value.graph.constant(rows.astype(np.float64)).rows(place)


def place_of_string(column: Column, categories: Sequence[Any]) -> Value:
    """[N] int64, from 1; 0 for an unknown one."""
    if sum(map(is_missing, categories)) > 1:
        raise NotImplementedError("it tells None from NaN, and a request can say only that a value is missing")
    keys = ["" if is_missing(value) else value for value in categories]
    if not all(isinstance(key, str) for key in keys):
        raise NotImplementedError("one of its columns holds strings and numbers; make them all strings")
    places = list(range(1, len(keys) + 1))
    found = column.value.graph.node(
        "LabelEncoder", column.value, domain=ML, keys_strings=keys, values_int64s=places, default_int64=0
    )
    return found.reshape(-1)


def place_of_number(column: Column, categories: np.ndarray) -> Value:
    """[N] int64, from 1; 0 for an unknown one. A missing number equals nothing, not even itself."""
    values = [np.nan if is_missing(value) else float(value) for value in plain(categories)]
    graph = column.value.graph
    same = column.value.equals(np.array([values]))
    if np.isnan(values).any():
        same = same | (column.value.isnan() & graph.constant(np.isnan(values)[None]))
    places = np.arange(1, len(values) + 1)[None]
    return graph.node("Mul", same.cast(np.int64), places).sum(keepdims=False)
