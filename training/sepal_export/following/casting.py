"""`astype` of a column to pandas' own types."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sepal_export.following.cells import FLOAT, INT, NUMBERS, SPAN, TEXT, TIME, Cell
from sepal_export.following.choices import chosen
from sepal_export.following.dates import of_unit
from sepal_export.following.elements import ELEMENTS
from sepal_export.following.forks import refuse_here
from sepal_export.following.kinds import to, where
from sepal_export.following.refusal import NotFollowed
from sepal_export.following.types import WIDTHS, as_kind, kind_named, refuse_beyond

OWN_NUMBERS = ("Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "UInt64", "Float64", "boolean")


class Categorized(Cell):
    """One of `categories`, or missing."""

    def __init__(self, cell: Cell, categories: list[Any]) -> None:
        super().__init__(cell.value, cell.kind, is_nullable=cell.kind == TEXT)
        self.is_object = cell.is_object
        self.categories = categories

    @property
    def codes(self) -> Cell:
        """The position of its category; -1 for a missing value."""
        made: Any = -1
        for place, category in enumerate(self.categories):
            made = where(ELEMENTS["equal"](self, category), place, made)
        return made


def categorized(cell: Cell, categories: list[Any]) -> Cell:
    """Values that are not one of the categories become missing."""
    from sepal_export.following.bins import is_among

    if cell.kind not in (*NUMBERS, TEXT):
        raise NotFollowed(f"it makes categories of a {cell.kind}", "compare it with each")
    return Categorized(chosen(is_among(cell, categories), cell, np.nan), categories)


def cast(cell: Cell, dtype: Any) -> Cell:
    if isinstance(dtype, pd.CategoricalDtype) and dtype.categories is not None:
        if dtype.ordered and cell.kind in NUMBERS and not dtype.categories.is_monotonic_increasing:
            raise NotFollowed(
                "its categories are numbers in another order than by size", "map them to their places by a dictionary"
            )
        return categorized(cell, list(dtype.categories))
    if isinstance(dtype, str) and dtype in OWN_NUMBERS:
        return own_number(cell, dtype)
    kind = kind_named(dtype)
    if cell.kind in (TIME, SPAN) and kind in NUMBERS:
        raise NotFollowed(
            "it converts times to numbers, and the result depends on the unit of the column's own type",
            "write (times - pd.Timestamp('1970-01-01')) // pd.Timedelta(seconds=1)",
        )
    if cell.kind == TIME and kind == TIME:
        return of_unit(cell, dtype)
    return as_kind(cell, dtype)


def own_number(cell: Cell, name: str) -> Cell:
    """pandas' nullable numbers compare differently if they are missing, so rows with a missing one are refused."""
    if name == "boolean" or (name == "Float64" and cell.kind != FLOAT):
        return as_kind(cell, {"boolean": "bool", "Float64": "float64"}[name])
    if cell.kind == FLOAT:
        refuse_here(cell.value.isnan())
    if name == "Float64":
        return cell
    if cell.kind == FLOAT:
        # pandas refuses fractions.
        refuse_here(~cell.graph.node("Floor", cell.value).equals(cell.value))
    whole = to(cell, INT)
    if name.lower() in WIDTHS:
        refuse_beyond(whole, name.lower())
    return as_kind(whole, name.lower())
