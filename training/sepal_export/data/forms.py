"""The forms of training data, and how rows are converted back to the same form for the original."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import issparse

# numpy's value for a missing time.
MISSING_TIME = np.iinfo(np.int64).min
# The column's name for texts that have none.
TEXT = "text"


@dataclass(frozen=True)
class Form:
    """`table` is an array [N, F], or a pandas frame. `restore` converts rows of that kind to the form that the original
    takes. `is_sparse` says that this is a sparse matrix. For records, `absent` are the columns whose missing values are
    left out of records; None for other forms."""

    table: pd.DataFrame | np.ndarray
    restore: Callable[[Any], Any] = lambda rows: rows
    is_sparse: bool = False
    absent: frozenset[int] | None = None


def form_of(X: Any) -> Form:
    """The form of an array, a frame of pandas or polars, a sparse matrix or array of scipy, a list of dictionaries, or
    a column of texts. Raises ValueError if records distinguish missing keys from missing values."""
    if isinstance(X, pd.DataFrame):
        return Form(X)
    if is_texts(X):
        return of_texts(X)
    if issparse(X):
        return Form(X.toarray(), type(X), is_sparse=True)
    if is_polars(X):
        return Form(from_polars(X), lambda rows: to_polars(rows, X.schema))
    if is_records(X):
        return of_records(X)
    return Form(np.asarray(X))


def take(X: Any, rows: np.ndarray) -> Any:
    """The rows at these positions, in the form of X."""
    if isinstance(X, pd.DataFrame):
        return X.iloc[rows]
    if issparse(X):
        return type(X)(X.tocsr()[rows])
    if isinstance(X, pd.Series):
        return X.iloc[rows]
    if is_records(X) or (is_texts(X) and not isinstance(X, np.ndarray)):
        return [X[row] for row in rows]
    return X[rows] if is_polars(X) else np.asarray(X)[rows]


def is_records(X: Any) -> bool:
    return isinstance(X, Sequence) and len(X) > 0 and all(isinstance(record, Mapping) for record in X)


def is_texts(X: Any) -> bool:
    """Whether X is a single column of strings and not a frame: a Series, an array [N] or a list."""
    if isinstance(X, pd.Series) or (isinstance(X, np.ndarray) and X.ndim == 1):
        return any(isinstance(value, str) for value in X)
    return isinstance(X, list | tuple) and len(X) > 0 and any(isinstance(text, str) for text in X)


def of_texts(X: Any) -> Form:
    """The form of a column of texts: a frame with one column, named like the Series."""
    if isinstance(X, pd.Series):
        name = TEXT if X.name is None else X.name
        return Form(X.rename(name).reset_index(drop=True).to_frame(), lambda rows: rows.iloc[:, 0].rename(X.name))
    frame = pd.DataFrame({TEXT: pd.Series(list(X), dtype=object)})
    return Form(
        frame, lambda rows: np.array(rows[TEXT], dtype=object) if isinstance(X, np.ndarray) else list(rows[TEXT])
    )


def as_texts(X: Any) -> Any:
    """Converts a frame or array [N, 1] to one column [N]; returns anything else unchanged."""
    if isinstance(X, pd.DataFrame) and X.shape[1] == 1:
        return X.iloc[:, 0]
    return X[:, 0] if isinstance(X, np.ndarray) and X.ndim == 2 and X.shape[1] == 1 else X


def is_polars(X: Any) -> bool:
    return type(X).__module__.partition(".")[0] == "polars" and type(X).__name__ == "DataFrame"


def from_polars(X: Any) -> pd.DataFrame:
    """Converts without pyarrow, which pandas would need. A null becomes a missing value."""
    return pd.DataFrame({name: series_of(X[name]) for name in X.columns}, columns=X.columns)


def series_of(column: Any) -> pd.Series:
    values = column.to_list()
    if column.dtype.is_float():
        return pd.Series(np.array(values, dtype=np.float32 if str(column.dtype) == "Float32" else np.float64))
    if type(column.dtype).__name__ == "Datetime":
        numbers = [MISSING_TIME if number is None else number for number in column.to_physical().to_list()]
        times = pd.Series(np.array(numbers, dtype=np.int64).view(f"datetime64[{column.dtype.time_unit}]"))
        return times.dt.tz_localize("UTC").dt.tz_convert(column.dtype.time_zone) if column.dtype.time_zone else times
    return pd.Series(values, dtype=None if column.dtype.is_integer() else object)


def to_polars(rows: pd.DataFrame, schema: Mapping[str, Any]) -> Any:
    """Converts to polars: strings and times with the types of the `schema`, numbers with 64 bits."""
    import polars

    columns = []
    for name, dtype in schema.items():
        values = [None if value is None or value != value else value for value in rows[name].tolist()]
        if str(dtype).startswith("Enum"):
            unseen = {value for value in values if value is not None} - set(dtype.categories)
            dtype = polars.Enum([*dtype.categories, *sorted(unseen)])
        if dtype.is_numeric():
            # Set explicitly, because a column of only missing values would have no type.
            dtype = polars.Int64 if rows[name].dtype.kind == "i" else polars.Float64
        columns.append(polars.Series(name, values, dtype=dtype))
    return polars.DataFrame(columns)


def of_records(records: Sequence[Mapping[Any, Any]]) -> Form:
    """One column per key, in the order of their first occurrence."""
    keys = list(dict.fromkeys(key for record in records for key in record))
    columns = {key: [record.get(key) for record in records] for key in keys}
    absent = set()
    for place, key in enumerate(keys):
        lacking = sum(key not in record for record in records)
        if lacking:
            absent.add(place)
        if lacking and any(pd.isna(record[key]) for record in records if is_scalar(record.get(key, ()))):
            raise ValueError(
                f"the key {key!r} is left out of {lacking} records, and None or NaN in others, which the original may "
                "tell apart and a client cannot; leave it out in all of them"
            )
    # Objects stay objects, because pandas would choose other types, such as `str` for strings.
    frame = pd.DataFrame({key: as_column(values) for key, values in columns.items()}, columns=keys)
    return Form(frame, lambda rows: to_records(rows, absent), absent=frozenset(absent))


def is_scalar(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float | np.generic)


def as_column(values: list[Any]) -> pd.Series:
    """Numbers as a numeric column with NaN for missing ones; other values as objects."""
    kinds = {type(value) for value in values if value is not None}
    is_numeric = kinds and all(issubclass(kind, int | float | np.number) and kind is not bool for kind in kinds)
    return pd.Series(values, dtype=None if is_numeric else object)


def as_records(columns: pd.DataFrame) -> list[dict[Any, Any]]:
    """Records without the keys of missing values."""
    return to_records(columns, set(range(columns.shape[1])))


def to_records(rows: pd.DataFrame, absent: set[int]) -> list[dict[Any, Any]]:
    columns = [(key, place in absent, rows[key].tolist()) for place, key in enumerate(rows.columns)]
    return [
        {
            key: values[row]
            for key, may_lack, values in columns
            if not (may_lack and (values[row] is None or values[row] != values[row]))
        }
        for row in range(len(rows))
    ]
