"""The forms that training data may have, and rows given back to the original in the same one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import issparse

# What numpy takes for none.
MISSING_TIME = np.iinfo(np.int64).min
# What texts are called that have no name.
TEXT = "text"


@dataclass(frozen=True)
class Form:
    """`table` is an array [N, F], or a frame of pandas. `restore` makes of rows like the table's what the original
    takes. `is_sparse` says that this is a sparse matrix. Of records, `absent` are the columns whose missing values are
    keys that a record does not have; None where there are no records."""

    table: pd.DataFrame | np.ndarray
    restore: Callable[[Any], Any] = lambda rows: rows
    is_sparse: bool = False
    absent: frozenset[int] | None = None


def form_of(X: Any) -> Form:
    """Of an array, a frame of pandas or polars, a sparse matrix or array of scipy, a list of dictionaries, or texts
    alone. Raises ValueError where a record tells a missing key from a missing value."""
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
    """Those of positions, in the form of X."""
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
    """Whether it is one column of strings, and no frame: a Series, an array [N] or a list."""
    if isinstance(X, pd.Series) or (isinstance(X, np.ndarray) and X.ndim == 1):
        return any(isinstance(value, str) for value in X)
    return isinstance(X, list | tuple) and len(X) > 0 and any(isinstance(text, str) for text in X)


def of_texts(X: Any) -> Form:
    """A frame of one column, which is called as the Series is."""
    if isinstance(X, pd.Series):
        name = TEXT if X.name is None else X.name
        return Form(X.rename(name).reset_index(drop=True).to_frame(), lambda rows: rows.iloc[:, 0].rename(X.name))
    frame = pd.DataFrame({TEXT: pd.Series(list(X), dtype=object)})
    return Form(
        frame, lambda rows: np.array(rows[TEXT], dtype=object) if isinstance(X, np.ndarray) else list(rows[TEXT])
    )


def as_texts(X: Any) -> Any:
    """One column [N] of what may be a frame or an array [N, 1]; anything else as it is."""
    if isinstance(X, pd.DataFrame) and X.shape[1] == 1:
        return X.iloc[:, 0]
    return X[:, 0] if isinstance(X, np.ndarray) and X.ndim == 2 and X.shape[1] == 1 else X


def is_polars(X: Any) -> bool:
    return type(X).__module__.partition(".")[0] == "polars" and type(X).__name__ == "DataFrame"


def from_polars(X: Any) -> pd.DataFrame:
    """Without pyarrow, which pandas would need for it. A null is a missing value."""
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
    """Strings and times of the types of the `schema`, and numbers of 64 bits."""
    import polars

    columns = []
    for name, dtype in schema.items():
        values = [None if value is None or value != value else value for value in rows[name].tolist()]
        if str(dtype).startswith("Enum"):
            unseen = {value for value in values if value is not None} - set(dtype.categories)
            dtype = polars.Enum([*dtype.categories, *sorted(unseen)])
        if dtype.is_numeric():
            # Said, as of missing values alone it would be none.
            dtype = polars.Int64 if rows[name].dtype.kind == "i" else polars.Float64
        columns.append(polars.Series(name, values, dtype=dtype))
    return polars.DataFrame(columns)


def of_records(records: Sequence[Mapping[Any, Any]]) -> Form:
    """A column for each key, in the order in which they come."""
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
    # Objects as they are: pandas would make numbers of booleans beside a missing one.
    frame = pd.DataFrame({key: as_column(values) for key, values in columns.items()}, columns=keys)
    return Form(frame, lambda rows: to_records(rows, absent), absent=frozenset(absent))


def is_scalar(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float | np.generic)


def as_column(values: list[Any]) -> pd.Series:
    """Numbers as such, with NaN for a missing one."""
    kinds = {type(value) for value in values if value is not None}
    is_numeric = kinds and all(issubclass(kind, int | float | np.number) and kind is not bool for kind in kinds)
    return pd.Series(values, dtype=None if is_numeric else object)


def as_records(columns: pd.DataFrame) -> list[dict[Any, Any]]:
    """Without the keys of missing values."""
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
