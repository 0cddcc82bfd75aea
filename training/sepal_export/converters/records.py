"""Transformers of records, which are dictionaries of numbers and strings."""

from __future__ import annotations

from typing import Any

import numpy as np

from sepal_export.converters.encoders import look_up
from sepal_export.graph import Value
from sepal_export.registry import converts
from sepal_export.table import Column, Table

# More columns than that are written for each row, nearly all of them zeros.
MOST_HASHED = 2**14


@converts("sklearn.DictVectorizer")
def dict_vectorizer(vectorizer: Any, table: Table) -> Table:
    """A column for each number, and for each string of a key. Keys and strings of which its fit saw none make none."""
    parts: dict[int, Value] = {}
    for column in columns_of(table):
        name = column.key.name
        if not column.is_string:
            if name in vectorizer.vocabulary_:
                add(parts, vectorizer.vocabulary_[name], number_of(column))
            continue
        start = f"{name}{vectorizer.separator}"
        strings = [text.removeprefix(start) for text in vectorizer.vocabulary_ if str(text).startswith(start)]
        if strings:
            place = look_up(column, np.array(strings, dtype=object), np.arange(-1.0, len(strings))[:, None])
            for index, text in enumerate(strings):
                add(parts, vectorizer.vocabulary_[start + text], place.equals(float(index)).cast(np.float64))
    zero = 0.0 * next(iter(parts.values()))
    matrix = table.graph.concat([parts.get(place, zero) for place in range(len(vectorizer.vocabulary_))])
    return Table(matrix=rounded(matrix, vectorizer.dtype), is_sparse=vectorizer.sparse)


def add(parts: dict[int, Value], place: int, value: Value) -> None:
    if place in parts:
        raise NotImplementedError("two of its keys make one column: a number, and a string of another key; rename one")
    parts[place] = value


@converts("sklearn.FeatureHasher")
def feature_hasher(hasher: Any, table: Table) -> Table:
    """Each key and each string is added to one column, or taken from it. Which one that is of a string that was not in
    the training data, only the hash can say: such a string is refused."""
    if hasher.input_type != "dict":
        raise NotImplementedError(
            f"input_type={hasher.input_type!r} takes lists of any length, which are no rows of features; use "
            "input_type='dict'"
        )
    if hasher.n_features > MOST_HASHED:
        raise NotImplementedError(
            f"n_features={hasher.n_features} columns would be written for each row, nearly all of them zeros; use "
            f"n_features={MOST_HASHED} at most"
        )
    columns = columns_of(table)
    numbers, parts = [column for column in columns if not column.is_string], []
    if numbers:
        signs = hashed(hasher, [{column.key.name: 1.0} for column in numbers])
        parts.append(table.graph.concat([number_of(column) for column in numbers]) @ signs)
    for column in columns:
        if column.is_string:
            strings = list(column.key.seen)
            column.value.graph.restrict(column.feature, strings)
            rows = hashed(hasher, [{column.key.name: text} for text in strings])
            known = np.concatenate([np.zeros((1, hasher.n_features)), rows])
            parts.append(look_up(column, np.array(strings, dtype=object), known))
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return Table(matrix=rounded(total, hasher.dtype), is_sparse=True)


def hashed(hasher: Any, records: list[dict[str, Any]]) -> np.ndarray:
    """[len(records), n_features]"""
    return hasher.transform(records).toarray().astype(np.float64)


def columns_of(table: Table) -> list[Column]:
    return [table.column(index) for index in range(len(table.features))]


def number_of(column: Column) -> Value:
    """A key that a record does not have is a zero."""
    value = column.value
    return value.graph.where(value.isnan(), 0.0, value) if column.key.may_be_absent else value


def rounded(matrix: Value, dtype: Any) -> Value:
    """What follows float32 computes in it."""
    match np.dtype(dtype):
        case np.float64:
            return matrix
        case np.float32:
            matrix.graph.loosen(1e-6)
            return matrix.cast(np.float32).cast(np.float64)
        case np.int64:
            return matrix.graph.where(matrix.isnan(), np.nan, matrix.cast(np.int64).cast(np.float64))
        case _:
            raise NotImplementedError(f"dtype={dtype!r} has no converter; use np.float64")
