"""Transformers of records (dictionaries of numbers and strings)."""

from __future__ import annotations

from typing import Any

import numpy as np

from sepal_export.converters.encoders import look_up
from sepal_export.graphs.graph import Value
from sepal_export.graphs.table import Column, Table
from sepal_export.registry import converts

# With more columns than this, a row would consist almost only of zeros.
MOST_HASHED = 2**14


@converts("sklearn.DictVectorizer")
def dict_vectorizer(vectorizer: Any, table: Table) -> Table:
    """A column per numeric key, and per string of a key. Keys and strings that the fit did not see have no column."""
    parts: dict[int, Value] = {}
    for column in columns_of(table):
        name = column.key.name
        start = f"{name}{vectorizer.separator}"
        strings = [text.removeprefix(start) for text in vectorizer.vocabulary_ if str(text).startswith(start)]
        require_kind(column, is_number=name in vectorizer.vocabulary_, is_string=bool(strings))
        if not column.is_string:
            if name in vectorizer.vocabulary_:
                table.graph.stores_zeros |= vectorizer.sparse
                add(parts, vectorizer.vocabulary_[name], number_of(column))
        elif strings:
            place = look_up(column, np.array(strings, dtype=object), np.arange(-1.0, len(strings))[:, None])
            for index, text in enumerate(strings):
                add(parts, vectorizer.vocabulary_[start + text], place.equals(float(index)).cast(np.float64))
    zero = 0.0 * next(iter(parts.values()))
    matrix = table.graph.concat([parts.get(place, zero) for place in range(len(vectorizer.vocabulary_))])
    return Table(matrix=rounded(matrix, vectorizer.dtype), is_sparse=vectorizer.sparse)


def require_kind(column: Column, *, is_number: bool, is_string: bool) -> None:
    """Checks that the vectorizer saw this kind of values under the key. It silently skips values of the other kind."""
    kinds = {True: ("strings", "numbers"), False: ("numbers", "strings")}[column.is_string]
    knows, others = (is_string, is_number) if column.is_string else (is_number, is_string)
    if others and not knows:
        raise NotImplementedError(
            f"the key {column.key.name!r} holds {kinds[0]}, and it was fitted to {kinds[1]} there; give the rows as "
            "fit got them"
        )


def add(parts: dict[int, Value], place: int, value: Value) -> None:
    if place in parts:
        raise NotImplementedError("two of its keys make one column: a number, and a string of another key; rename one")
    parts[place] = value


@converts("sklearn.FeatureHasher")
def feature_hasher(hasher: Any, table: Table) -> Table:
    """Each key and each string is added to one column, or subtracted from it; a hash chooses the column and the sign.
    The graph cannot compute the hash: it has a table of the strings in the training data, and refuses other strings."""
    if hasher.input_type != "dict":
        raise NotImplementedError(
            f"input_type={hasher.input_type!r} takes lists of any length, which are not rows of features; use "
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
        signs = hasher.transform([{column.key.name: 1.0} for column in numbers]).toarray().astype(np.float64)
        parts.append(table.graph.concat([number_of(column) for column in numbers]) @ signs)
    for column in columns:
        if column.is_string:
            strings = list(column.key.seen)
            column.value.graph.restrict(column.feature, strings)
            parts.append(hashed_strings(hasher, column, strings))
    # Additions and subtractions can cancel to a zero that is stored.
    table.graph.stores_zeros = True
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return Table(matrix=rounded(total, hasher.dtype), is_sparse=True)


def hashed_strings(hasher: Any, column: Column, strings: list[str]) -> Value:
    """[N, n_features]: 1 or -1 at the position of the row's string. The graph stores positions and signs."""
    rows = hasher.transform([{column.key.name: text} for text in strings]).tocoo()
    places, signs = np.full((len(strings) + 1, 1), -1.0), np.zeros((len(strings) + 1, 1))
    places[rows.row + 1, 0], signs[rows.row + 1, 0] = rows.col, rows.data
    place, sign = (look_up(column, np.array(strings, dtype=object), values) for values in (places, signs))
    return place.equals(np.arange(hasher.n_features, dtype=np.float64)).cast(np.float64) * sign


def columns_of(table: Table) -> list[Column]:
    return [table.column(index) for index in range(len(table.features))]


def number_of(column: Column) -> Value:
    """A missing key counts as zero."""
    value = column.value
    return value.graph.where(value.isnan(), 0.0, value) if column.key.may_be_absent else value


def rounded(matrix: Value, dtype: Any) -> Value:
    """Converts to the vectorizer's dtype: rounds to float32, in which later steps then compute, or truncates to
    integers."""
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
