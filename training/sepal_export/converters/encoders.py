"""Encoders of categories. The fitted encoder itself is called for each category; the graph has the results as a
table."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Any

import numpy as np
import pandas as pd
from onnx import TensorProto, helper, numpy_helper

from sepal_export.graphs.graph import ML, Value
from sepal_export.graphs.table import Column, Table
from sepal_export.registry import converts

# Values that are surely no category. The encoder treats every unknown category like these.
UNKNOWN = {True: "\N{NULL} unknown", False: 1.2345678901234567e300}


@converts("sklearn.OneHotEncoder")
def one_hot_encoder(encoder: Any, table: Table) -> Table:
    """For each feature, a column per category that is kept, or per group of categories."""
    accepts_unknown = encoder.handle_unknown != "error"
    columns = columns_of(encoder, table)
    made = made_of_each(encoder, encoder._n_features_outs, accepts_unknown=accepts_unknown)
    parts = []
    for column, categories, rare, rows in zip(columns, encoder.categories_, rare_of(encoder), made, strict=True):
        restrict(column, categories, accepts_unknown=accepts_unknown)
        width = rows.shape[1]
        if width:
            place = look_up(column, categories, place_of_one(rows, accepts_unknown=accepts_unknown), rare)
            hot = place.equals(np.arange(width, dtype=np.float64)).cast(np.float64)
            if not accepts_unknown and column.feature is None:
                # A feature's own values are checked before the model runs.
                table.graph.refuse(place.isnan())
            parts.append(hot)
    return Table(matrix=table.graph.concat(parts)) if parts else Table()


def place_of_one(rows: Any, *, accepts_unknown: bool) -> np.ndarray:
    """[C + 1, width] → [C + 1, 1]: the column that is 1; -1 for none, and NaN for a value that is refused."""
    places = np.full((rows.shape[0], 1), -1.0)
    having, column = rows.nonzero()
    places[having, 0] = column
    if not accepts_unknown:
        places[0] = np.nan
    return places


@converts("sklearn.OrdinalEncoder")
def ordinal_encoder(encoder: Any, table: Table) -> Value:
    accepts_unknown = encoder.handle_unknown == "use_encoded_value"
    columns = columns_of(encoder, table)
    made = made_of_each(encoder, [1] * len(columns), accepts_unknown=accepts_unknown)
    parts = []
    for column, categories, rare, codes in zip(columns, encoder.categories_, rare_of(encoder), made, strict=True):
        restrict(column, categories, accepts_unknown=accepts_unknown)
        if not accepts_unknown:
            codes[0] = np.nan
        parts.append(look_up(column, categories, codes, rare))
    return table.graph.concat(parts)


@converts("sklearn.TargetEncoder")
def target_encoder(encoder: Any, table: Table) -> Value:
    """One column per class (just one for two classes, or for a target of numbers), in the order of the features. An
    unknown category gives the target's mean."""
    classes = len(encoder.classes_) if encoder.target_type_ == "multiclass" else 1
    means = np.atleast_1d(encoder.target_mean_)
    parts = []
    for index, (column, categories) in enumerate(zip(columns_of(encoder, table), encoder.categories_, strict=True)):
        encodings = np.stack([encoder.encodings_[index * classes + k] for k in range(classes)], axis=1)
        rows = np.concatenate([means[None, :classes], encodings])
        parts.append(look_up(column, categories, rows))
    return table.graph.concat(parts)


def columns_of(encoder: Any, table: Table) -> list[Column]:
    """The columns to encode. Called before the encoder, because a column may be unusable."""
    return [table.plain_column(index) for index in range(len(encoder.categories_))]


def rare_of(encoder: Any) -> list[Sequence[Any]]:
    """For each feature, the categories that are encoded as one. Each may be too rare to be published."""
    rare = getattr(encoder, "infrequent_categories_", None) or [None] * len(encoder.categories_)
    return [() if values is None else values.tolist() for values in rare]


def restrict(column: Column, categories: np.ndarray, *, accepts_unknown: bool) -> None:
    values = [value for value in categories.tolist() if not is_missing(value)]
    takes_any_bool = len(values) == 2 and all(isinstance(value, bool) for value in values)
    if not accepts_unknown and column.feature is not None and not takes_any_bool:
        column.value.graph.restrict(column.feature, values)


def made_of_each(encoder: Any, widths: Sequence[int], *, accepts_unknown: bool) -> Iterator[Any]:
    """For each feature [C + 1, width]: the output for an unknown category, and then for each known one."""
    kinds = [categories.tolist() for categories in encoder.categories_]
    longest = max(map(len, kinds))
    columns = {
        name: [unknown_among(values) if accepts_unknown else values[0], *values, *values[:1] * (longest - len(values))]
        for name, values in zip(names_of(encoder), kinds, strict=True)
    }
    out = transformed(encoder, pd.DataFrame(columns, dtype=object))
    ends = np.cumsum(widths)
    for values, width, end in zip(kinds, widths, ends, strict=True):
        yield out[: len(values) + 1, end - width : end]


def transformed(encoder: Any, rows: pd.DataFrame) -> Any:
    """Transforms with a copy, because the encoder may be set to return frames, or dense matrices with a column per
    category."""
    copy = deepcopy(encoder).set_output(transform="default")
    if hasattr(copy, "sparse_output"):
        copy.sparse_output = True
    with warnings.catch_warnings():
        # Silences the warning about unknown categories, which are intended here.
        warnings.simplefilter("ignore", UserWarning)
        out = copy.transform(rows if hasattr(encoder, "feature_names_in_") else rows.to_numpy())
    return out.tocsc() if hasattr(out, "tocsc") else out.astype(np.float64)


def names_of(encoder: Any) -> Sequence[Any]:
    return getattr(encoder, "feature_names_in_", range(len(encoder.categories_)))


def unknown_among(values: Sequence[Any]) -> Any:
    return UNKNOWN[any(isinstance(value, str) for value in values)]


def is_missing(value: Any) -> bool:
    return value is None or value != value


def look_up(column: Column, categories: np.ndarray, rows: np.ndarray, rare: Sequence[Any] = ()) -> Value:
    """[N, 1] → [N, width]: the first of `rows` for an unknown category, the following ones for the known ones. A
    category that is `rare` and encoded like an unknown one is left out of the graph."""
    unknown, known = rows[:1], rows[1:]
    if len(rare):
        is_named = ~np.isin(categories, rare) | (known != unknown).any(axis=1)
        # The operator needs at least one.
        is_named[0] |= not is_named.any()
        categories, known = categories[is_named], known[is_named]
    if rows.shape[1] == 1:
        return label(column, categories, np.concatenate([unknown, known])[:, 0], rare)
    rows = np.concatenate([unknown, known]).astype(np.float64)
    place = label(column, categories, np.arange(len(rows)), rare).cast(np.int64).reshape(-1)
    return column.value.graph.constant(rows).rows(place)


def label(column: Column, categories: np.ndarray, values: np.ndarray, rare: Sequence[Any]) -> Value:
    """[N, 1] → [N, 1]: the first of `values` [C + 1] for an unknown category."""
    values, graph = values.astype(np.float64), column.value.graph
    encoded = graph.node(
        "LabelEncoder",
        column.value,
        domain=ML,
        keys_tensor=keys_of(column, categories.tolist()),
        values_tensor=numpy_helper.from_array(values[1:]),
        default_tensor=numpy_helper.from_array(values[:1]),
    )
    if column.is_string and not column.is_derived:
        graph.tell_apart(encoded, [text for text in categories.tolist() if not is_missing(text) and text not in rare])
    return encoded


def keys_of(column: Column, categories: Sequence[Any]) -> TensorProto:
    """The categories in the graph's form: a missing string is "", a missing number NaN, and True is 1."""
    if sum(map(is_missing, categories)) > 1:
        raise NotImplementedError(
            "it tells None from NaN, and a request can say only that a value is missing; make them one in training"
        )
    present = [value for value in categories if not is_missing(value)]
    if any(isinstance(value, str) != column.is_string for value in present):
        raise NotImplementedError("one of its columns holds strings and numbers; make them all strings")
    if not column.is_string:
        numbers = [np.nan if is_missing(value) else float(value) for value in categories]
        return numpy_helper.from_array(np.array(numbers))
    texts = ["" if is_missing(value) else value for value in categories]
    return helper.make_tensor("keys", TensorProto.STRING, [len(texts)], [text.encode() for text in texts])
