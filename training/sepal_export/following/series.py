"""A column of a pandas frame whose value is a cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd

from sepal_export.following.arrays import Array
from sepal_export.following.casting import Categorized
from sepal_export.following.cells import DTYPES, TIME, Cell
from sepal_export.following.choices import cell_of, chosen
from sepal_export.following.column_values import OfValue
from sepal_export.following.dates import without_calendar
from sepal_export.following.named_operators import NAMED_OPERATORS, named_operator
from sepal_export.following.objects import filled_with
from sepal_export.following.operators import give_operators, unary
from sepal_export.following.python_numbers import as_python
from sepal_export.following.refusal import NotFollowed, looks_at_other_rows, no_attribute

INDEX = pd.RangeIndex(1)
OF_OTHER_ROWS = {
    "all", "any", "autocorr", "corr", "count", "cov", "cummax", "cummin", "cumprod", "cumsum", "describe", "diff",
    "drop_duplicates", "duplicated", "ewm", "expanding", "first_valid_index", "groupby", "head", "hist", "idxmax",
    "idxmin", "interpolate", "is_monotonic_increasing", "is_unique", "kurt", "max", "mean", "median", "min", "mode",
    "nlargest", "nsmallest", "nunique", "pct_change", "prod", "quantile", "rank", "resample", "rolling", "sample",
    "shift", "skew", "sort_index", "sort_values", "std", "sum", "tail", "unique", "value_counts", "var", "hasnans",
}  # fmt: skip
FILLS_FROM_OTHERS = {"ffill", "bfill", "pad", "backfill"}


class Series(OfValue):
    """One column: `cell` is its value in the row, or a constant."""

    def __init__(self, cell: Any, name: Any = None) -> None:
        self.cell = cell
        self.name = name

    __class__ = property(lambda self, original=pd.Series: original)
    index = INDEX
    shape, ndim, size, empty = (1,), 1, 1, False

    def with_cell(self, cell: Any) -> Series:
        return Series(cell, self.name)

    def as_array(self) -> Array:
        return Array(filled_with([self.cell], (1,)), rows=0)

    @property
    def values(self) -> Array:
        return self.as_array()

    array = values

    @property
    def dtype(self) -> Any:
        return DTYPES[self.cell.kind] if isinstance(self.cell, Cell) else np.asarray(self.cell).dtype

    @property
    def str(self) -> Any:
        from sepal_export.following.accessors import Strings

        return Strings(self)

    @property
    def dt(self) -> Any:
        from sepal_export.following.accessors import Times

        return Times(self)

    @property
    def cat(self) -> Any:
        from sepal_export.following.accessors import Categories

        return Categories(self)

    @property
    def loc(self) -> Any:
        from sepal_export.following.places import ByLabel

        return ByLabel(self)

    iloc = at = iat = loc

    def __len__(self) -> int:
        return 1

    def __iter__(self) -> Iterator[Any]:
        yield as_python(self.cell)

    def keys(self) -> pd.Index:
        return INDEX

    def items(self) -> Iterator[tuple[int, Any]]:
        yield 0, as_python(self.cell)

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, int) and key == 0:
            return self.cell
        raise NotFollowed(
            "it leaves out rows by a condition, or picks some", "use where, or np.where, and keep every row"
        )

    def __setitem__(self, key: Any, value: Any) -> None:
        value = value.cell if isinstance(value, Series) else value
        if isinstance(key, slice):
            self.cell = value
            return
        condition = key.cell if isinstance(key, Series) else key.cells.item() if type(key) is Array else key
        self.cell = chosen(condition, value, self.cell)

    def to_numpy(self, dtype: Any = None, *_: Any, **__: Any) -> Array:
        return self.values if dtype is None else self.values.astype(dtype)

    def tolist(self) -> list[Any]:
        return [as_python(self.cell)]

    to_list = tolist

    def item(self) -> Any:
        return self.cell

    def copy(self, *_: Any, **__: Any) -> Series:
        return Series(self.cell, self.name)

    def to_frame(self, name: Any = None) -> Any:
        from sepal_export.following.frames import Frame

        return Frame({(self.name if name is None else name): self.cell})

    def rename(self, name: Any = None, **_: Any) -> Series:
        return Series(self.cell, name if not isinstance(name, dict) else self.name)

    def reset_index(self, *_: Any, drop: bool = False, **__: Any) -> Any:
        if not drop:
            raise NotFollowed("reset_index makes a column of the rows' numbers", "use reset_index(drop=True)")
        return self.copy()

    def squeeze(self, *_: Any) -> Series:
        return self

    def pipe(self, function: Callable[..., Any], *args: Any, **options: Any) -> Any:
        return function(self, *args, **options)

    def __getattr__(self, name: str) -> Any:
        if name in OF_OTHER_ROWS:
            raise looks_at_other_rows(f"{name} of a column")
        if name in FILLS_FROM_OTHERS:
            raise looks_at_other_rows(f"{name} of a column")
        if name in NAMED_OPERATORS:
            return lambda other, *_, **options: named_operator(name, self, other, **options)
        if name.startswith("__"):
            raise AttributeError(name)
        if name in ("codes", "categories") and isinstance(self.cell, Categorized):
            return pd.Index(self.cell.categories) if name == "categories" else Series(self.cell.codes).as_array()
        raise no_attribute(pd.Series, name, "a column")

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        from sepal_export.following.ufuncs import applied

        return applied(ufunc, method, inputs, options)

    def __array_function__(self, function: Any, types: Any, args: Any, options: Any) -> Any:
        from sepal_export.following.numpy_calls import called

        return called(function, args, options)

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise NotFollowed("it passes a column to code that needs its values now, and it has values only in a request")

    def __neg__(self) -> Any:
        return unary("negative", self)

    def __abs__(self) -> Any:
        return unary("absolute", self)

    def __invert__(self) -> Any:
        return unary("invert", self)

    def __bool__(self) -> bool:
        raise ValueError("The truth value of a Series is ambiguous")

    def __float__(self) -> float:
        return float(self.cell)

    def __contains__(self, key: Any) -> bool:
        return key in INDEX

    __hash__ = None


give_operators(Series)


def of_series(element: Callable[..., Any], *operands: Any) -> Series:
    """An operation on columns and single values."""
    cells = [cell_of(operand) for operand in operands]
    if any(isinstance(cell, Cell) and cell.kind == TIME for cell in cells):
        # Beside times, pandas parses a string as a time.
        cells = [pd.Timestamp(cell) if isinstance(cell, str) else without_calendar(cell) for cell in cells]
    names = {operand.name for operand in operands if isinstance(operand, Series)}
    return Series(element(*cells), names.pop() if len(names) == 1 else None)
