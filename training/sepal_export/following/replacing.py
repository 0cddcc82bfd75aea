"""`replace` of a column."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from sepal_export.following.cells import BOOL, TEXT, Cell
from sepal_export.following.elements import ELEMENTS
from sepal_export.following.kinds import is_missing, where
from sepal_export.following.texts import mapped


def replaced(cell: Any, to_replace: Any, value: Any, *, regex: Any = False) -> Any:
    """Like Series.replace."""
    if not isinstance(cell, Cell):
        return cell
    if cell.kind == TEXT:
        named = list(to_replace) if isinstance(to_replace, list | dict) else [to_replace]
        given = () if value is None else (value,)
        named = None if regex else named
        return replaced_texts(cell, lambda texts: texts.replace(to_replace, *given, regex=bool(regex)), named)
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
    """Replaces strings. `named` are the only strings that change; None if these are not known, as for a regular
    expression. If all of `named` become strings, the graph compares with each, and accepts any other string. Otherwise
    a table has the results (see texts.py). If no string is named, only missing values change."""
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
