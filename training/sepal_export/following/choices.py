"""Chooses between two values by a condition, like pandas' `where`, `mask` and `loc`."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from pandas import Series as Constants

from sepal_export.following.arrays import Array
from sepal_export.following.cells import TIME, Cell, lifted
from sepal_export.following.kinds import where


def cell_of(value: Any) -> Any:
    """The element of a column, or of an array with one element."""
    if is_series(value):
        return value.cell
    if type(value) is Array:
        return value.cells.item()
    if isinstance(value, np.ndarray | Constants) and np.size(value) == 1:
        return np.asarray(value).item()
    return value


def chosen(condition: Any, then: Any, otherwise: Any, *, is_where: bool = False) -> Any:
    """`then` where the condition is true, and `otherwise` elsewhere. With `is_where`, `otherwise` where it is true, and
    `then` elsewhere, as in `otherwise.where(condition, then)` of pandas."""
    condition = cell_of(condition)
    if is_where:
        then, otherwise = otherwise, then
    if not isinstance(condition, Cell):
        return then if condition else otherwise
    from sepal_export.following.scopes import missing_as_text

    if is_missing_time(then, otherwise):
        then = lifted(condition.graph, pd.NaT)
    if is_missing_time(otherwise, then):
        otherwise = lifted(condition.graph, pd.NaT)
    return where(condition, missing_as_text(then, otherwise), missing_as_text(otherwise, then))


def is_missing_time(value: Any, other: Any) -> bool:
    return isinstance(other, Cell) and other.kind == TIME and not isinstance(value, Cell) and pd.isna(value)


def is_series(value: Any) -> bool:
    from sepal_export.following.series import Series

    return isinstance(value, Series)
