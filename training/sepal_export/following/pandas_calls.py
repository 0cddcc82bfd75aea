"""pandas' own functions, where one of their arguments holds cells."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from sepal_export.following.arrays import Array, has_cells
from sepal_export.following.cells import FLOAT, TEXT, Cell
from sepal_export.following.dates import to_datetime
from sepal_export.following.elements import ELEMENTS, to, where
from sepal_export.following.frames import Frame, beside, column_of
from sepal_export.following.numpy_calls import array, places_among
from sepal_export.following.refusal import NotFollowed, looks_at_other_rows
from sepal_export.following.series import Row, Series
from sepal_export.following.texts import mapped, source_of
from sepal_export.following.types import as_kind, as_number


def holds_cells(value: Any, depth: int = 3) -> bool:
    """Whether there are cells in it, or in what it is made of."""
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
        made = Frame({(list(columns)[0] if columns is not None else name): data.cell})
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
    """pd.Series: of one value of each row a column, of several those of a row."""
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
    parts = list(objs.values()) if isinstance(objs, dict) else list(objs)
    if axis not in (1, "columns"):
        raise NotFollowed("pd.concat puts rows below each other", "use axis=1")
    keys = options.get("keys")
    if keys is not None:
        return Frame({key: part.cell for key, part in zip(keys, parts, strict=True)})
    made = beside(parts)
    return Frame(dict(enumerate(made.cells.values()))) if options.get("ignore_index") else made


def cut(
    x: Any,
    bins: Any,
    right: bool = True,
    labels: Any = None,
    retbins: bool = False,
    precision: int = 3,
    include_lowest: bool = False,
    duplicates: str = "raise",
    ordered: bool = True,
) -> Any:
    """Into bins whose edges are given."""
    if np.ndim(bins) == 0 or retbins:
        raise looks_at_other_rows("pd.cut with a number of bins")
    if duplicates == "drop":
        bins = np.unique(np.asarray(bins, dtype=np.float64))
    edges = np.asarray(bins, dtype=np.float64)
    cell = x.cell if isinstance(x, Series) else array(x).cells.item()
    value = to(cell, FLOAT)
    place = to(places_among(value, edges, is_right=not right), FLOAT)
    if include_lowest and right:
        place = where(ELEMENTS["equal"](value, edges[0]), 1.0, place)
    if include_lowest and not right:
        place = where(ELEMENTS["equal"](value, edges[-1]), float(len(edges) - 1), place)
    is_inside = ELEMENTS["bitwise_and"](ELEMENTS["greater"](place, 0), ELEMENTS["less"](place, len(edges)))
    is_inside = ELEMENTS["bitwise_and"](is_inside, ELEMENTS["equal"](value, value))
    code = where(is_inside, place - 1.0, np.nan)
    name = x.name if isinstance(x, Series) else None
    if labels is False:
        return Series(code, name)
    if labels is None:
        labels = pd.cut([], edges, right=right, include_lowest=include_lowest, precision=precision).categories
    return Series(Binned(code, list(labels)).labelled, name)


class Binned:
    """What pd.cut answers: a label of each bin, NaN outside of all."""

    def __init__(self, code: Cell, labels: list[Any]) -> None:
        self.code = code
        self.labels = labels

    @property
    def labelled(self) -> Cell:
        graph = self.code.graph
        numbers = [label for label in self.labels if isinstance(label, int | float | np.number)]
        lacks = self.code.value.isnan()
        place = graph.where(lacks, float(len(self.labels)), self.code.value).cast(np.int64).reshape(-1)
        if len(numbers) == len(self.labels):
            table = graph.constant(np.array([*map(float, self.labels), np.nan]))
            return Coded(table.rows(place).reshape(-1, 1), FLOAT, self.code)
        table = graph.constant(np.array([*map(str, self.labels), ""], dtype=object))
        return Coded(table.rows(place).reshape(-1, 1), TEXT, self.code)


class Coded(Cell):
    """Of a bin, and its number."""

    def __init__(self, value: Any, kind: str, code: Cell) -> None:
        super().__init__(value, kind, is_nullable=kind == TEXT)
        self.code = code


def get_dummies(
    data: Any,
    prefix: Any = None,
    prefix_sep: str = "_",
    dummy_na: bool = False,
    columns: Any = None,
    sparse: bool = False,
    drop_first: bool = False,
    dtype: Any = None,
) -> Frame:
    """A column for each string of the training data. Where the original leaves out those that its rows do not hold, it
    answers a row alone otherwise, which was asked before."""
    if dummy_na or drop_first:
        raise looks_at_other_rows("pd.get_dummies with dummy_na or drop_first")
    cells = {data.name: data.cell} if isinstance(data, Series) else data.cells
    coded = [name for name, cell in cells.items() if isinstance(cell, Cell) and cell.kind == TEXT]
    coded = coded if columns is None else list(columns)
    made = {name: cell for name, cell in cells.items() if name not in coded}
    for place, name in enumerate(coded):
        given = prefix[place] if isinstance(prefix, list) else prefix[name] if isinstance(prefix, dict) else prefix
        before = given if given is not None else None if isinstance(data, Series) else name
        for key in source_of(cells[name])[0].keys:
            label = key if before is None else f"{before}{prefix_sep}{key}"
            flag = ELEMENTS["equal"](cells[name], key)
            made[label] = flag if dtype is None else as_kind(flag, dtype)
    return Frame(made)


def to_numeric(arg: Any, errors: str = "raise", **_: Any) -> Any:
    def element(cell: Any) -> Any:
        if not isinstance(cell, Cell) or cell.kind != TEXT:
            return cell
        return mapped(cell, lambda texts: pd.Series([as_number(text, FLOAT) for text in texts], dtype=float))

    return Series(element(arg.cell), arg.name) if isinstance(arg, Series) else element(arg)


def isna(obj: Any) -> Any:
    from sepal_export.following.elements import is_missing

    return is_missing(obj) if isinstance(obj, Cell) else obj.isna() if hasattr(obj, "isna") else CALLED["isnan"](obj)


def notna(obj: Any) -> Any:
    return ELEMENTS["invert"](isna(obj)) if isinstance(obj, Cell) else ~isna(obj)


def to_timedelta(arg: Any, unit: str | None = None, **_: Any) -> Any:
    from sepal_export.following.cells import SPAN
    from sepal_export.following.dates import MICROSECONDS
    from sepal_export.following.ufuncs import of_cells

    scale = MICROSECONDS.get(unit or "ns", 1e-3)
    return of_cells(lambda cell: Cell(to(cell, FLOAT).value * scale, SPAN), arg)


def qcut(*_: Any, **__: Any) -> Any:
    raise looks_at_other_rows("pd.qcut")


def unique(*_: Any, **__: Any) -> Any:
    raise looks_at_other_rows("pd.unique")


from sepal_export.following.numpy_calls import CALLS as CALLED  # noqa: E402

CALLS: dict[str, Callable[..., Any]] = {
    "concat": concat, "cut": cut, "factorize": unique, "get_dummies": get_dummies, "isna": isna, "isnull": isna,
    "merge": unique, "notna": notna, "notnull": notna, "qcut": qcut, "to_datetime": to_datetime,
    "to_numeric": to_numeric, "to_timedelta": to_timedelta, "unique": unique,
}  # fmt: skip
