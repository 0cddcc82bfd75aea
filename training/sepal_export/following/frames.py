"""A frame of pandas whose columns hold cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd

from sepal_export.following.arrays import Array
from sepal_export.following.assigned import Tuple, column_of, columns_of, distinct, dtype_of, of_frames
from sepal_export.following.cells import Cell
from sepal_export.following.choices import cell_of
from sepal_export.following.expressions import evaluated
from sepal_export.following.frame_columns import OfColumns
from sepal_export.following.frame_values import OfValues
from sepal_export.following.named_operators import NAMED_OPERATORS, named_operator
from sepal_export.following.objects import filled_with, uniform
from sepal_export.following.operators import give_operators
from sepal_export.following.python_numbers import as_numpy, as_python
from sepal_export.following.reductions import OF_PANDAS
from sepal_export.following.refusal import NotFollowed, looks_at_other_rows, no_attribute
from sepal_export.following.rows import Row
from sepal_export.following.series import INDEX, OF_OTHER_ROWS, Series

# Methods that a frame applies to each of its columns.
BY_COLUMN = {
    "abs", "astype", "clip", "isna", "isnull", "notna", "notnull", "round", "transform",
}  # fmt: skip
AXIS_FIRST = {"cummax", "cummin", "cumprod", "cumsum", "idxmax", "idxmin", "kurt", "mode", "nunique", "rank", "skew"}
ROWS_CHANGE = {
    "dropna", "explode", "head", "melt", "nlargest", "pivot", "pivot_table", "query", "sample", "sort_index",
    "sort_values", "stack", "tail", "unstack",
}  # fmt: skip


class Frame(OfColumns, OfValues):
    """`cells` are the values (or constants) of the single row by column name, in the columns' order."""

    def __init__(self, cells: dict[Any, Any]) -> None:
        self.__dict__["cells"] = dict(cells)

    __class__ = property(lambda self, original=pd.DataFrame: original)
    index = INDEX
    ndim, empty = 2, False
    # pandas reads this attribute, which its DataFrame has too: if a Series or an Index is on the left of an operator
    # and a Frame on the right, pandas lets this class compute the result.
    __pandas_priority__ = 4000

    @property
    def columns(self) -> pd.Index:
        return pd.Index(list(self.cells))

    @property
    def shape(self) -> tuple[int, int]:
        return 1, len(self.cells)

    @property
    def size(self) -> int:
        return len(self.cells)

    @property
    def dtypes(self) -> pd.Series:
        return pd.Series({name: dtype_of(cell) for name, cell in self.cells.items()}, dtype=object)

    @property
    def values(self) -> Array:
        return self.as_array()

    @property
    def T(self) -> Any:
        raise NotFollowed("it transposes a frame", "use axis=1")

    @property
    def loc(self) -> Any:
        from sepal_export.following.places import ByLabel

        return ByLabel(self)

    at = loc

    @property
    def iloc(self) -> Any:
        from sepal_export.following.places import ByPosition

        return ByPosition(self)

    iat = iloc

    def as_array(self) -> Array:
        return Array(uniform(filled_with(list(self.cells.values()), self.shape)), rows=0)

    def to_numpy(self, dtype: Any = None, *_: Any, **__: Any) -> Array:
        return self.values if dtype is None else self.values.astype(dtype)

    def __len__(self) -> int:
        return 1

    def __iter__(self) -> Iterator[Any]:
        return iter(list(self.cells))

    def __contains__(self, name: Any) -> bool:
        return name in self.cells

    def keys(self) -> pd.Index:
        return self.columns

    def items(self) -> Iterator[tuple[Any, Series]]:
        for name, cell in list(self.cells.items()):
            yield name, Series(cell, name)

    def iterrows(self) -> Iterator[tuple[int, Row]]:
        yield 0, self.row()

    def itertuples(self, index: bool = True, name: str = "Pandas") -> Iterator[Any]:
        yield Tuple({**({"Index": 0} if index else {}), **{name: as_python(cell) for name, cell in self.cells.items()}})

    def row(self) -> Row:
        """The row like in pandas, where the numbers of a row share one kind."""
        cells = uniform(filled_with(list(self.cells.values()), (len(self.cells),))).tolist()
        kinds = {cell.kind if isinstance(cell, Cell) else type(cell) for cell in cells}
        # If all values of the row have one type, its elements behave like numpy's numbers, else like Python's.
        taken = as_numpy if len(kinds) == 1 else as_python
        return Row(dict(zip(self.cells, map(taken, cells), strict=True)))

    def to_dict(self, orient: str = "dict", **_: Any) -> Any:
        if orient != "records":
            raise NotFollowed(f"to_dict with orient={orient!r}", "use orient='records'")
        return [dict(self.cells)]

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, list | pd.Index | np.ndarray) and type(key) is not Array:
            keys = list(key)
            if keys and all(isinstance(each, bool | np.bool_) for each in keys):
                return self.loc[:, keys]
            return Frame(distinct((name, self._named(name)) for name in keys))
        if isinstance(key, slice):
            if key == slice(None):
                return self.copy()
            raise looks_at_other_rows("a slice of rows")
        if isinstance(key, Cell | Series | Array | Frame):
            raise NotFollowed("it leaves out rows by a condition", "use where, or np.where, and keep every row")
        return Series(self._named(key), key)

    def _named(self, name: Any) -> Any:
        if name not in self.cells:
            raise KeyError(name)
        return self.cells[name]

    def __setitem__(self, key: Any, value: Any) -> None:
        if type(key) is Frame:
            for name, condition in key.items():
                self.loc[condition, name] = value
            return
        if isinstance(key, Series | Array) and not isinstance(cell_of(key), str):
            self.loc[key, :] = value
            return
        if isinstance(key, list | pd.Index | np.ndarray):
            for name, cell in zip(key, columns_of(value, len(key)), strict=True):
                self.cells[name] = cell
            return
        self.cells[key] = column_of(value)

    def __delitem__(self, key: Any) -> None:
        del self.cells[key]

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "columns":
            cells = list(self.cells.values())
            self.__dict__["cells"] = distinct(zip(list(value), cells, strict=True))
        elif name in self.cells:
            self.cells[name] = column_of(value)
        elif name not in ("index", "attrs"):
            raise NotFollowed(f"it sets {name!r} of a frame", "write frame['name'] = …")

    def copy(self, *_: Any, **__: Any) -> Frame:
        made = Frame(self.cells)
        made.__dict__["dummies"] = self.__dict__.get("dummies", ())
        return made

    def pipe(self, function: Callable[..., Any], *args: Any, **options: Any) -> Any:
        return function(self, *args, **options)

    def eval(self, expr: str, *_: Any, **__: Any) -> Any:
        return evaluated(expr, dict(self.items()))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name in self.cells:
            return self[name]
        if name in OF_PANDAS:
            return lambda *args, **options: self._reduced(name, *args, **options)
        if name in NAMED_OPERATORS:
            return lambda other, *args, **options: named_operator(name, self, other, **options)
        if name in BY_COLUMN:
            return lambda *args, **options: Frame({n: getattr(s, name)(*args, **options).cell for n, s in self.items()})
        if name in ROWS_CHANGE:
            raise NotFollowed(f"{name} changes which rows there are, or their order", "keep every row in its place")
        if name in OF_OTHER_ROWS or name in ("ffill", "bfill"):
            return lambda *args, **options: self._of_rows(name, *args, **options)
        raise no_attribute(pd.DataFrame, name, "a frame")

    def _of_rows(self, name: str, *args: Any, axis: Any = 0, **options: Any) -> Any:
        # Only these methods take the axis as their first argument.
        first = args[0] if args and name in AXIS_FIRST else axis
        if first in (1, "columns") or (name == "quantile" and 1 in args[1:]):
            from sepal_export.following.along_rows import along_row

            return along_row(self, name, options)
        raise looks_at_other_rows(f"{name} of a frame")

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        from sepal_export.following.ufuncs import applied

        return applied(ufunc, method, inputs, options)

    def __array_function__(self, function: Any, types: Any, args: Any, options: Any) -> Any:
        from sepal_export.following.numpy_calls import called

        return called(function, args, options)

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise NotFollowed("it passes a frame to code that needs its values now, and it has values only in a request")

    def __neg__(self) -> Any:
        return of_frames(lambda cell: -cell, self)

    def __abs__(self) -> Any:
        return of_frames(abs, self)

    def __invert__(self) -> Any:
        return Frame({name: (~column).cell for name, column in self.items()})

    def __bool__(self) -> bool:
        raise ValueError("The truth value of a DataFrame is ambiguous")

    __hash__ = None


give_operators(Frame)
