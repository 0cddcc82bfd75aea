"""pandas' functions, if an argument holds cells."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from pandas import CategoricalDtype

from sepal_export.following.arrays import Array
from sepal_export.following.assigned import beside, column_of, distinct
from sepal_export.following.calls import CALLS as OF_NUMPY
from sepal_export.following.calls import array
from sepal_export.following.casting import cast
from sepal_export.following.cells import FLOAT, SPAN, TEXT, TIME, Cell
from sepal_export.following.cuts import cut
from sepal_export.following.dates import to_datetime
from sepal_export.following.dummies import get_dummies
from sepal_export.following.elements import ELEMENTS
from sepal_export.following.frames import Frame
from sepal_export.following.kinds import is_missing, to
from sepal_export.following.objects import has_cells
from sepal_export.following.refusal import NotFollowed, looks_at_other_rows
from sepal_export.following.rows import Row
from sepal_export.following.series import Series
from sepal_export.following.texts import mapped
from sepal_export.following.types import as_number
from sepal_export.following.ufuncs import of_cells


def holds_cells(value: Any, depth: int = 3) -> bool:
    """Whether it is a cell, or contains cells."""
    kind = type(value)
    if kind in (Series, Frame, Row) or isinstance(value, Cell):
        return True
    if kind is Array:
        return True
    if kind in (list, tuple) and depth:
        return any(holds_cells(part, depth - 1) for part in value)
    if kind is dict and depth:
        return any(holds_cells(part, depth - 1) for part in value.values())
    return kind is np.ndarray and value.dtype == object and has_cells(value)


def frame(data: Any = None, index: Any = None, columns: Any = None, dtype: Any = None, copy: Any = None) -> Frame:
    """pd.DataFrame."""
    if data is None:
        made = Frame({} if columns is None else dict.fromkeys(columns, np.nan))
    elif not holds_cells(data) and np.ndim(data) == 0:
        made = Frame(dict.fromkeys(columns, data))
    elif type(data) is Frame:
        made = data.copy() if columns is None else data[list(columns)]
    elif isinstance(data, Series):
        name = data.name if data.name is not None else 0
        made = Frame({(next(iter(columns)) if columns is not None else name): data.cell})
    elif isinstance(data, dict):
        made = Frame({name: column_of(value) for name, value in data.items()})
        made = made if columns is None else made[list(columns)]
    elif isinstance(data, list) and data and all(isinstance(each, dict) or type(each) is Row for each in data):
        made = Frame(dict(data[0].items()))
        made = made if columns is None else made[list(columns)]
    else:
        cells = array(data)
        two = cells if cells.ndim == 2 else cells.reshape(1, -1) if cells.rows is None else cells.reshape(-1, 1)
        if two.shape[0] != 1:
            raise NotFollowed("it makes a frame of several rows")
        names = range(two.shape[1]) if columns is None else list(columns)
        made = Frame(dict(zip(names, two.cells[0].tolist(), strict=True)))
    return made if dtype is None else made.astype(dtype)


def series(data: Any = None, index: Any = None, dtype: Any = None, name: Any = None, copy: Any = None) -> Any:
    """pd.Series: a column if there is one value per row, or a row of several values."""
    if data is None or (not holds_cells(data) and np.ndim(data) == 0 and not isinstance(data, dict)):
        made: Any = Series(np.nan if data is None else data, name)
    elif isinstance(data, Series):
        made = Series(data.cell, data.name if name is None else name)
    elif isinstance(data, dict):
        return Row(dict(data))
    else:
        cells = array(data).cells.ravel().tolist()
        labels = None if index is None else list(index)
        if labels is not None and (len(cells) > 1 or any(isinstance(label, str) for label in labels)):
            return Row(dict(zip(labels, cells, strict=True)))
        if len(cells) != 1:
            return Row(dict(enumerate(cells)))
        made = Series(cells[0], name)
    return made if dtype is None else made.astype(dtype)


def concat(objs: Any, axis: Any = 0, **options: Any) -> Any:
    options = {"keys": list(objs), **options} if isinstance(objs, dict) else options
    parts = list(objs.values()) if isinstance(objs, dict) else list(objs)
    if axis not in (1, "columns"):
        raise NotFollowed("pd.concat puts rows below each other", "use axis=1")
    keys = options.get("keys")
    if keys is not None:
        return Frame(distinct((key, part.cell) for key, part in zip(keys, parts, strict=True)))
    made = beside(parts)
    return Frame(dict(enumerate(made.cells.values()))) if options.get("ignore_index") else made


def to_numeric(arg: Any, errors: str = "raise", **_: Any) -> Any:
    def element(cell: Any) -> Any:
        if isinstance(cell, Cell) and cell.kind in (TIME, SPAN):
            raise NotFollowed("pd.to_numeric of times", "take their parts by .dt, such as .dt.year")
        if not isinstance(cell, Cell) or cell.kind != TEXT:
            return cell
        return mapped(cell, lambda texts: pd.Series([as_number(text, FLOAT) for text in texts], dtype=float))

    return Series(element(arg.cell), arg.name) if isinstance(arg, Series) else element(arg)


def isna(obj: Any) -> Any:
    return is_missing(obj) if isinstance(obj, Cell) else obj.isna() if hasattr(obj, "isna") else OF_NUMPY["isnan"](obj)


def notna(obj: Any) -> Any:
    return ELEMENTS["invert"](isna(obj)) if isinstance(obj, Cell) else ~isna(obj)


def to_timedelta(arg: Any, unit: str | None = None, **_: Any) -> Any:
    scale = pd.to_timedelta(1, unit=unit or "ns") / pd.Timedelta(microseconds=1)
    return of_cells(lambda cell: Cell(to(cell, FLOAT).value * scale, SPAN), arg)


def qcut(*_: Any, **__: Any) -> Any:
    raise looks_at_other_rows("pd.qcut")


def merge(left: Any, right: Any, *args: Any, **options: Any) -> Any:
    if type(left) is not Frame:
        raise NotFollowed(
            "pd.merge begins with a table of constants", "begin with the frame: df.merge(table, how='left')"
        )
    return left.merge(right, *args, **options)


def categorical(values: Any, categories: Any = None, ordered: Any = None, dtype: Any = None, **_: Any) -> Any:
    """pd.Categorical with given categories: a column with codes."""
    given = getattr(dtype, "categories", None) if categories is None else categories
    if given is None:
        raise looks_at_other_rows("pd.Categorical without categories")
    cell = values.cell if isinstance(values, Series) else array(values).cells.item()
    return Series(cast(cell, CategoricalDtype(list(given), ordered=bool(ordered or getattr(dtype, "ordered", 0)))))


def unique(*_: Any, **__: Any) -> Any:
    raise looks_at_other_rows("pd.unique")


def factorize(*_: Any, **__: Any) -> Any:
    raise looks_at_other_rows("pd.factorize")


CALLS: dict[str, Callable[..., Any]] = {
    "Categorical": categorical, "concat": concat, "cut": cut, "factorize": factorize, "get_dummies": get_dummies,
    "isna": isna, "isnull": isna, "merge": merge, "notna": notna, "notnull": notna, "qcut": qcut,
    "to_datetime": to_datetime, "to_numeric": to_numeric, "to_timedelta": to_timedelta, "unique": unique,
}  # fmt: skip
