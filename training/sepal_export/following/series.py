"""A column of a frame of pandas, and one row of it, whose values are cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd

from sepal_export.following.arrays import Array, filled_with, give_operators, unary
from sepal_export.following.cells import DTYPES, TIME, Cell, lifted
from sepal_export.following.elements import ELEMENTS, fill, is_missing, rounded, where
from sepal_export.following.reductions import OF_PANDAS
from sepal_export.following.refusal import NotFollowed, looks_at_other_rows, no_attribute
from sepal_export.following.ufuncs import clip, of_elements

INDEX = pd.RangeIndex(1)
OF_OTHER_ROWS = {
    "all", "any", "autocorr", "corr", "count", "cov", "cummax", "cummin", "cumprod", "cumsum", "describe", "diff",
    "drop_duplicates", "duplicated", "ewm", "expanding", "first_valid_index", "groupby", "head", "hist", "idxmax",
    "idxmin", "interpolate", "is_monotonic_increasing", "is_unique", "kurt", "max", "mean", "median", "min", "mode",
    "nlargest", "nsmallest", "nunique", "pct_change", "prod", "quantile", "rank", "resample", "rolling", "sample",
    "shift", "skew", "sort_index", "sort_values", "std", "sum", "tail", "unique", "value_counts", "var", "hasnans",
}  # fmt: skip
FILLS_FROM_OTHERS = {"ffill", "bfill", "pad", "backfill"}


class Series:
    """One column: `cell` is its value in the row, or a constant."""

    def __init__(self, cell: Any, name: Any = None) -> None:
        self.cell = cell
        self.name = name

    __class__ = property(lambda self: pd.Series)  # type: ignore[assignment]
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
        yield self.cell

    def keys(self) -> pd.Index:
        return INDEX

    def items(self) -> Iterator[tuple[int, Any]]:
        yield 0, self.cell

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
        return [self.cell]

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

    def astype(self, dtype: Any, *_: Any, **__: Any) -> Series:
        from sepal_export.following.types import as_kind

        cell = self.cell if isinstance(self.cell, Cell) else self.cell
        return self.with_cell(as_kind(cell, dtype) if isinstance(cell, Cell) else np.array(cell).astype(dtype)[()])

    def fillna(self, value: Any = None, *, method: Any = None, inplace: bool = False, **_: Any) -> Any:
        if method is not None or value is None:
            raise looks_at_other_rows("fillna with a method")
        value = value.cell if isinstance(value, Series) else value
        made = fill(self.cell, value) if isinstance(self.cell, Cell) else self.cell
        return self._in_place(made, inplace)

    def _in_place(self, cell: Any, inplace: bool) -> Any:
        if not inplace:
            return self.with_cell(cell)
        self.cell = cell
        return None

    def isna(self) -> Series:
        return self.with_cell(is_missing(self.cell) if isinstance(self.cell, Cell) else pd.isna(self.cell))

    isnull = isna

    def notna(self) -> Series:
        return ~self.isna()

    notnull = notna

    def where(self, condition: Any, other: Any = np.nan, *, inplace: bool = False, **_: Any) -> Any:
        condition = condition(self) if callable(condition) else condition
        other = other(self) if callable(other) else other
        return self._in_place(chosen(cell_of(condition), cell_of(other), self.cell, is_where=True), inplace)

    def mask(self, condition: Any, other: Any = np.nan, *, inplace: bool = False, **_: Any) -> Any:
        condition = condition(self) if callable(condition) else condition
        other = other(self) if callable(other) else other
        return self._in_place(chosen(cell_of(condition), cell_of(other), self.cell), inplace)

    def clip(self, lower: Any = None, upper: Any = None, **options: Any) -> Series:
        lower = options.get("min", lower)
        return self.with_cell(clip(self.cell, cell_of(lower), cell_of(options.get("max", upper))))

    def round(self, decimals: int = 0, *_: Any, **__: Any) -> Series:
        return self.with_cell(
            rounded(self.cell, decimals) if isinstance(self.cell, Cell) else np.round(self.cell, decimals)
        )

    def abs(self) -> Series:
        return unary("absolute", self)

    def between(self, left: Any, right: Any, inclusive: str = "both") -> Series:
        low = "greater_equal" if inclusive in ("both", "left") else "greater"
        high = "less_equal" if inclusive in ("both", "right") else "less"
        return of_elements("bitwise_and", of_elements(low, self, left), of_elements(high, self, right))

    def isin(self, values: Any) -> Series:
        from sepal_export.following.numpy_calls import is_among

        return self.with_cell(is_among(self.cell, list(values)))

    def map(self, arg: Any, na_action: Any = None, **_: Any) -> Series:
        from sepal_export.following.mapping import mapped_by

        return self.with_cell(mapped_by(self.cell, arg, ignores_missing=na_action == "ignore"))

    def apply(self, func: Any, convert_dtype: Any = True, args: tuple[Any, ...] = (), **options: Any) -> Any:
        if isinstance(func, np.ufunc):
            return func(self)
        from sepal_export.following.mapping import applied

        return self.with_cell(applied(self.cell, lambda value: func(value, *args, **options)))

    def transform(self, func: Any, *args: Any, **options: Any) -> Any:
        return self.apply(func, args=args, **options) if not isinstance(func, str) else getattr(self, func)()

    def replace(
        self, to_replace: Any = None, value: Any = None, *, inplace: bool = False, regex: Any = False, **_: Any
    ) -> Any:
        from sepal_export.following.mapping import replaced

        return self._in_place(replaced(self.cell, to_replace, value, regex=regex), inplace)

    def combine_first(self, other: Any) -> Series:
        return self.fillna(other)

    def divide(self, other: Any, **_: Any) -> Any:
        return of_elements("divide", self, other)

    def __getattr__(self, name: str) -> Any:
        if name in OF_OTHER_ROWS:
            raise looks_at_other_rows(f"{name} of a column")
        if name in FILLS_FROM_OTHERS:
            raise looks_at_other_rows(f"{name} of a column")
        if name in NAMED_OPERATORS:
            return lambda other, *_, **options: named_operator(name, self, other, **options)
        if name.startswith("__"):
            raise AttributeError(name)
        raise no_attribute(pd.Series, name, "a column")

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        from sepal_export.following.ufuncs import applied

        return applied(ufunc, method, inputs, options)

    def __array_function__(self, function: Any, types: Any, args: Any, options: Any) -> Any:
        from sepal_export.following.numpy_calls import called

        return called(function, args, options)

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise NotFollowed("it hands a column to code that computes with numbers alone")

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

    __hash__ = None  # type: ignore[assignment]


give_operators(Series)

NAMED_OPERATORS = {
    "add": "add", "sub": "subtract", "subtract": "subtract", "mul": "multiply", "multiply": "multiply", "div": "divide",
    "truediv": "divide", "floordiv": "floor_divide", "mod": "remainder", "pow": "power", "lt": "less",
    "le": "less_equal", "gt": "greater", "ge": "greater_equal", "eq": "equal", "ne": "not_equal",
    "radd": "add", "rsub": "subtract", "rmul": "multiply", "rdiv": "divide", "rtruediv": "divide", "rpow": "power",
}  # fmt: skip


def named_operator(name: str, first: Any, second: Any, *, fill_value: Any = None, axis: Any = None, **_: Any) -> Any:
    """`a.add(b, fill_value=0)`: where one of two lacks a value, it has that one."""
    if fill_value is not None:
        first = first.fillna(fill_value)
        second = second.fillna(fill_value) if hasattr(second, "fillna") else second
    pair = (second, first) if name.startswith("r") else (first, second)
    return of_elements(NAMED_OPERATORS[name], *pair)


def cell_of(value: Any) -> Any:
    """Of a column, or an array of one element, that element."""
    if isinstance(value, Series):
        return value.cell
    if type(value) is Array:
        return value.cells.item()
    if isinstance(value, np.ndarray | pd.Series) and np.size(value) == 1:
        return np.asarray(value).item()
    return value


def chosen(condition: Any, then: Any, otherwise: Any, *, is_where: bool = False) -> Any:
    """`then` where the condition holds; the other way round for Series.where."""
    condition = cell_of(condition)
    if is_where:
        then, otherwise = otherwise, then
    if not isinstance(condition, Cell):
        return then if condition else otherwise
    from sepal_export.following.scopes import missing_as_text

    if is_missing_time(then, otherwise):
        then = lifted(condition.graph, pd.NaT)
    return where(condition, missing_as_text(then, otherwise), missing_as_text(otherwise, then))


def is_missing_time(value: Any, other: Any) -> bool:
    return isinstance(other, Cell) and other.kind == TIME and not isinstance(value, Cell) and pd.isna(value)


def of_series(element: Callable[..., Any], *operands: Any) -> Series:
    """Of columns, and single values beside them."""
    cells = [cell_of(operand) for operand in operands]
    names = {operand.name for operand in operands if isinstance(operand, Series)}
    return Series(element(*cells), names.pop() if len(names) == 1 else None)


class Row:
    """One row of a frame: its values by the names of the columns."""

    def __init__(self, cells: dict[Any, Any]) -> None:
        self._cells = cells
        self.name = 0

    __class__ = property(lambda self: pd.Series)  # type: ignore[assignment]

    @property
    def index(self) -> pd.Index:
        return pd.Index(list(self._cells))

    @property
    def values(self) -> Array:
        from sepal_export.following.arrays import uniform

        return Array(uniform(filled_with(list(self._cells.values()), (len(self._cells),))), rows=None)

    def as_array(self) -> Array:
        return self.values

    def to_numpy(self, *_: Any, **__: Any) -> Array:
        return self.values

    def tolist(self) -> list[Any]:
        return list(self._cells.values())

    def to_dict(self) -> dict[Any, Any]:
        return dict(self._cells)

    _asdict = to_dict

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, list | pd.Index | np.ndarray):
            return Row({name: self._cells[name] for name in key})
        if key not in self._cells and isinstance(key, int):
            return self.tolist()[key]
        return self._cells[key]

    @property
    def loc(self) -> Row:
        return self

    @property
    def iloc(self) -> Any:
        return self.values

    def __setitem__(self, key: Any, value: Any) -> None:
        self._cells[key] = value

    def get(self, key: Any, default: Any = None) -> Any:
        return self._cells.get(key, default)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.tolist())

    def __len__(self) -> int:
        return len(self._cells)

    def __contains__(self, key: Any) -> bool:
        return key in self._cells

    def keys(self) -> pd.Index:
        return self.index

    def items(self) -> Any:
        return self._cells.items()

    def copy(self, *_: Any, **__: Any) -> Row:
        return Row(dict(self._cells))

    def of_each(self, function: Callable[[Any], Any]) -> Row:
        return Row({name: function(cell) for name, cell in self._cells.items()})

    def isna(self) -> Row:
        return self.of_each(lambda cell: is_missing(cell) if isinstance(cell, Cell) else pd.isna(cell))

    isnull = isna

    def notna(self) -> Row:
        return self.of_each(
            lambda cell: ELEMENTS["invert"](is_missing(cell)) if isinstance(cell, Cell) else pd.notna(cell)
        )

    def fillna(self, value: Any) -> Row:
        return self.of_each(lambda cell: fill(cell, value) if isinstance(cell, Cell) else cell)

    def apply(self, function: Any) -> Row:
        return self.of_each(function)

    def astype(self, dtype: Any) -> Row:
        return Row(dict(zip(self._cells, self.values.astype(dtype).tolist(), strict=True)))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name in self._cells:
            return self._cells[name]
        if name in OF_PANDAS:
            fold = OF_PANDAS[name]
            return lambda *_, **options: fold(self.tolist(), **{k: v for k, v in options.items() if k == "ddof"})
        raise no_attribute(pd.Series, name, "a row")

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        from sepal_export.following.ufuncs import applied

        inputs = tuple(part.values if type(part) is Row else part for part in inputs)
        return applied(ufunc, method, inputs, options)

    def __array_function__(self, function: Any, types: Any, args: Any, options: Any) -> Any:
        from sepal_export.following.numpy_calls import called

        return called(function, args, options)


give_operators(Row)
