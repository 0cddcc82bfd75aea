"""Methods and attributes of a single value, like those of Python, numpy and pandas."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sepal_export.following.cells import FLOAT, INT, SPAN, TEXT, TIME, Cell
from sepal_export.following.forks import refuse_here
from sepal_export.following.kinds import is_missing
from sepal_export.following.refusal import NotFollowed
from sepal_export.text.counts import length_of

# Methods of strings that depend on the string alone.
OF_TEXTS = {
    "capitalize", "casefold", "center", "count", "endswith", "find", "index", "isalnum", "isalpha", "isascii",
    "isdecimal", "isdigit", "islower", "isnumeric", "isspace", "istitle", "isupper", "ljust", "lower", "lstrip",
    "removeprefix", "removesuffix", "replace", "rfind", "rjust", "rstrip", "startswith", "strip", "swapcase", "title",
    "translate", "upper", "zfill",
}  # fmt: skip


def attribute_of(cell: Cell, name: str) -> Any:
    if name.startswith("_"):
        raise AttributeError(name)
    if cell.kind == TEXT and name in OF_TEXTS:
        return lambda *args, **options: of_each(cell, lambda text: getattr(text, name)(*args, **options))
    if cell.kind == TIME:
        from sepal_export.following.dates import of_time

        return of_time(cell, name)
    if cell.kind == SPAN:
        from sepal_export.following.dates import of_span

        return of_span(cell, name)
    if cell.kind != TEXT and name in METHODS:
        return lambda *args, **options: METHODS[name](cell, *args, **options)
    if name == "dtype":
        from sepal_export.following.cells import DTYPES

        return DTYPES[cell.kind]
    raise NotFollowed(f"it uses {name!r} of a single {cell.kind}")


def of_each(cell: Cell, function: Any) -> Cell:
    """Applies a Python function to each string. Rows for which it raises are refused. If it raises for a string that
    the training data does not hold, all strings outside of the training data are refused."""
    from sepal_export.following.sources import accept_only, source_of
    from sepal_export.following.texts import mapped

    source, _ = source_of(cell)
    raised: list[int] = []

    def each(place: int, value: Any) -> Any:
        try:
            return function(value)
        except NotFollowed:
            raise
        except Exception:  # the user's function may raise anything about a string
            raised.append(place)
            return None

    made = mapped(cell, lambda texts: pd.Series([each(*pair) for pair in enumerate(texts.tolist())]))
    if any(place > len(source.keys) for place in raised):
        accept_only(source)
    if len(source.keys) in raised and cell.is_nullable:
        refuse_here(is_missing(cell).value)
    return made


def length(cell: Cell) -> Cell:
    """The number of characters of a string. A missing string is NaN in Python and has no length. So such rows are
    refused, or the whole step if the column is a client's own and may lack strings."""
    if cell.kind != TEXT:
        raise NotFollowed(f"it asks for the length of a {cell.kind}")
    if cell.column is not None and cell.column.feature is not None:
        return Cell(length_of(cell.column).cast(np.int64), INT)
    return of_each(cell, len)


def is_integer(cell: Cell) -> Cell:
    from sepal_export.following.elements import ELEMENTS

    return ELEMENTS["equal"](ELEMENTS["floor"](cell), cell) if cell.kind == FLOAT else ELEMENTS["equal"](cell, cell)


def as_type(cell: Cell, dtype: Any) -> Cell:
    from sepal_export.following.types import as_kind

    return as_kind(cell, dtype)


def rounded(cell: Cell, decimals: int = 0, out: Any = None) -> Cell:
    from sepal_export.following import elements

    return elements.rounded(cell, decimals)


def clipped(cell: Cell, low: Any = None, high: Any = None, out: Any = None) -> Cell:
    from sepal_export.following.ufuncs import clip

    return clip(cell, low, high)


METHODS = {
    "astype": as_type,
    "clip": clipped,
    "item": lambda cell: cell,
    "is_integer": is_integer,
    "round": rounded,
}
