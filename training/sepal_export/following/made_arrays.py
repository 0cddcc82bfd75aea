"""Replaces np.zeros, np.ones, np.empty and np.full by arrays that may hold cells, and np.c_ and np.r_ for cells."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from sepal_export.following import numpy_calls
from sepal_export.following.arrays import Array
from sepal_export.following.cells import Cell
from sepal_export.following.objects import filled_with
from sepal_export.following.pandas_calls import holds_cells
from sepal_export.following.standing import plain


def filled(value: float) -> Callable[..., Any]:
    """The replacement of np.zeros and similar functions, which creates an array of `value` into which cells may be
    written. If `value` is None, as for np.full, the caller gives the value."""

    def made(shape: Any, *args: Any, **options: Any) -> Any:
        given = args[0] if value is None and args else options.get("fill_value", value)
        sizes = tuple(shape) if np.iterable(shape) else (shape,)
        dtype = options.get("dtype") or (args[:1] or [None])[0] if value is not None else options.get("dtype")
        given = given if dtype is None or isinstance(given, Cell) else np.full((), given, dtype=plain(dtype))[()]
        return Array(filled_with([given] * int(np.prod(sizes)), sizes), rows=0 if sizes[:1] == (1,) else None)

    return made


class SideBySide:
    """np.c_, and np.r_ along the first axis."""

    def __init__(self, original: Any) -> None:
        self.original = original

    def __getitem__(self, key: Any) -> Any:
        parts = key if isinstance(key, tuple) else (key,)
        if not holds_cells(list(parts)):
            return self.original[key]
        if type(self.original).__name__ == "RClass":
            return numpy_calls.joined(parts, 0)
        return numpy_calls.column_stack([as_column(part) for part in parts])


def as_column(part: Any) -> Any:
    made = numpy_calls.array(part)
    return made if made.ndim else Array(made.cells.reshape(1), rows=0)
