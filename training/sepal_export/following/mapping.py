"""A function, or a dictionary, of each value of a column."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from sepal_export.following.cells import BOOL, FLOAT, TEXT, Cell, lifted
from sepal_export.following.elements import ELEMENTS, is_missing, where
from sepal_export.following.refusal import NotFollowed
from sepal_export.following.scalars import of_each
from sepal_export.following.texts import mapped


def mapped_by(cell: Any, arg: Any, *, ignores_missing: bool = False) -> Any:
    """As Series.map: by a dictionary, a column of pandas, or a function."""
    if not isinstance(cell, Cell):
        return pd.Series([cell]).map(arg).iloc[0]
    if callable(arg) and not isinstance(arg, Mapping):
        made = applied(cell, arg)
        return where(is_missing(cell), np.nan, made) if ignores_missing and cell.kind == FLOAT else made
    if cell.kind == TEXT:
        return mapped(cell, lambda texts: texts.map(arg), named=list(arg.keys()))
    keys = list(arg.keys())
    if hasattr(arg, "__missing__") or len(keys) == 0:
        raise NotFollowed("it maps numbers by a dictionary that makes what it lacks", "use a plain dictionary")
    return by_keys(cell, keys, [arg[key] for key in keys], None)


def by_keys(cell: Cell, keys: list[Any], values: list[Any], otherwise: Any) -> Cell:
    """The value of the key that the number is; `otherwise` a cell, or a missing value."""
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
    """A function of Python, of each value. Of strings it is asked for each; of numbers it is followed."""
    from sepal_export.following.scopes import in_paths

    if not isinstance(cell, Cell):
        return function(cell)
    return of_each(cell, function) if cell.kind == TEXT else in_paths(lambda: function(cell))


def replaced(cell: Any, to_replace: Any, value: Any, *, regex: Any = False) -> Any:
    """As Series.replace."""
    if not isinstance(cell, Cell):
        return cell
    if cell.kind == TEXT:
        named = list(to_replace) if isinstance(to_replace, list | dict) else [to_replace]
        pattern = bool(regex)
        options = {"regex": regex} if pattern else {}
        made = lambda texts: (
            texts.replace(to_replace, value, **options) if value is not None else texts.replace(to_replace, **options)
        )  # noqa: E731
        return replaced_texts(cell, made, None if pattern else named)
    if isinstance(to_replace, Mapping):
        pairs = list(to_replace.items())
    else:
        olds = list(to_replace) if isinstance(to_replace, list | tuple | np.ndarray) else [to_replace]
        news = list(value) if isinstance(value, list | tuple | np.ndarray) else [value] * len(olds)
        pairs = list(zip(olds, news, strict=True))
    made = cell
    for old, new in pairs:
        if isinstance(old, str):
            continue
        is_old = is_missing(cell) if old is None or old is pd.NA or old != old else ELEMENTS["equal"](cell, old)
        if cell.kind == BOOL and not isinstance(new, bool):
            made = ELEMENTS["add"](made, 0) if isinstance(made, Cell) and made.kind == BOOL else made
        made = where(is_old, np.nan if new is None else new, made)
    return made


def replaced_texts(cell: Cell, function: Callable[[pd.Series], pd.Series], named: list[Any] | None) -> Cell:
    """A string that is not named stays what it is: the table keeps each, so that only known ones can be told. Where no
    named one is a string, nothing changes but what is missing."""
    if named is not None and not any(isinstance(name, str) for name in named):
        made = function(pd.Series([np.nan], dtype=object)).iloc[0]
        return cell if pd.isna(made) else where(is_missing(cell), made, cell)
    if named is not None:
        made = cell
        for name in named:
            if isinstance(name, str):
                new = function(pd.Series([name], dtype=object)).iloc[0]
                if not isinstance(new, str):
                    return mapped(cell, function)
                made = where(ELEMENTS["equal"](cell, name), new, made)
        return Cell(made.value, TEXT, is_nullable=cell.is_nullable)
    return mapped(cell, function)


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
        # numpy answers an array, of a column too.
        return made.as_array() if hasattr(made, "as_array") else made
