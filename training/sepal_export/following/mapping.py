"""Maps each value of a column by a function or a dictionary."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from sepal_export.following.cells import BOOL, INT, TEXT, TIME, Cell, lifted
from sepal_export.following.choices import chosen
from sepal_export.following.dates import is_nullable
from sepal_export.following.elements import ELEMENTS
from sepal_export.following.forks import refuse_here
from sepal_export.following.kinds import is_missing, where
from sepal_export.following.python_numbers import as_python
from sepal_export.following.refusal import NotFollowed
from sepal_export.following.scalars import of_each
from sepal_export.following.texts import mapped


def mapped_by(cell: Any, arg: Any, *, ignores_missing: bool = False) -> Any:
    """Like Series.map, by a dictionary, a pandas Series or a function."""
    if not isinstance(cell, Cell):
        return pd.Series([cell]).map(arg).iloc[0]
    if callable(arg) and not isinstance(arg, Mapping):
        return unless_missing(cell, applied(cell, arg)) if ignores_missing else applied(cell, arg)
    if cell.kind == TEXT:
        return mapped(cell, lambda texts: texts.map(arg), named=list(arg.keys()))
    if hasattr(arg, "__missing__"):
        raise NotFollowed("it maps numbers by a dictionary that adds missing keys itself", "use a plain dictionary")
    pairs = dict(arg.items())
    return by_keys(cell, *keys_for(cell, pairs), None)


def unless_missing(cell: Cell, made: Any) -> Any:
    """Like na_action="ignore"."""
    return made if cell.kind in (BOOL, INT) else chosen(is_missing(cell), np.nan, made)


def keys_for(cell: Cell, pairs: dict[Any, Any]) -> tuple[list[Any], list[Any]]:
    """The keys of a dictionary among which a value of the cell's kind is looked up, and their values. pandas does not
    find booleans among numbers, nor numbers among booleans, unless there are also strings."""
    flags = [isinstance(key, bool | np.bool_) for key in pairs]
    others = [not isinstance(key, bool | np.bool_ | int | float | np.number) for key in pairs]
    if any(key is None or key is pd.NA for key in pairs):
        raise NotFollowed("it maps None", "fill what is missing by fillna")
    if any(flags) and not all(flags):
        raise NotFollowed("it maps flags and numbers by one dictionary", "give each column a dictionary of its own")
    finds = any(others) or all(is_flag == (cell.kind == BOOL) for is_flag in flags)
    values = list(pairs.values())
    if any(isinstance(v, str) for v in values) and not all(isinstance(v, str | Cell) or pd.isna(v) for v in values):
        raise NotFollowed("it maps some numbers to strings and others to numbers", "map all to the one or the other")
    return (list(pairs), values) if finds else ([], [])


def by_keys(cell: Cell, keys: list[Any], values: list[Any], otherwise: Any) -> Cell:
    """The value of the key that equals the number; else `otherwise`, a cell or a missing value."""
    texts = [value for value in values if isinstance(value, str)]
    if texts:
        missing = Cell(cell.graph.constant(np.array([[""]], dtype=object)), TEXT, is_nullable=True)
    made = otherwise if otherwise is not None else missing if texts else np.nan
    for key, value in zip(keys, values, strict=True):
        if isinstance(key, str):
            continue
        is_key = is_missing(cell) if key is None or key != key else ELEMENTS["equal"](cell, key)
        if texts and not isinstance(value, str | Cell):
            value = missing
        made = where(is_key, float(value) if isinstance(value, int) and not isinstance(value, bool) else value, made)
    return made if isinstance(made, Cell) else lifted(cell.graph, made)


def applied(cell: Any, function: Callable[[Any], Any]) -> Any:
    """Applies a Python function to each value. The function is called for each known string, and followed for
    numbers."""
    from sepal_export.following.scopes import in_paths

    if not isinstance(cell, Cell):
        return function(cell)
    if cell.kind == TEXT:
        return of_each(cell, function)
    made = in_paths(lambda: function(as_python(cell)))
    if cell.kind == TIME and is_nullable(cell):
        # The function may test `value is pd.NaT`, which is never true for a cell.
        return where_missing(cell, function, made)
    return made


def where_missing(cell: Cell, function: Callable[[Any], Any], made: Any) -> Any:
    lacks = is_missing(cell)
    try:
        of_missing = function(pd.NaT)
    except Exception:  # the user's function may raise anything
        refuse_here(lacks.value)
        return made
    return chosen(lacks, of_missing, made)


class Vectorized:
    """np.vectorize."""

    def __init__(self, pyfunc: Callable[..., Any], *args: Any, **options: Any) -> None:
        self.function = pyfunc

    def __call__(self, *operands: Any) -> Any:
        from sepal_export.following.scopes import in_paths
        from sepal_export.following.ufuncs import of_cells

        def element(*cells: Any) -> Any:
            if len(cells) == 1:
                return applied(cells[0], self.function)
            return in_paths(lambda: self.function(*cells))

        made = of_cells(element, *operands)
        # numpy returns an array even for a column.
        return made.as_array() if hasattr(made, "as_array") else made
