"""One row of a frame: its values by the names of the columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd

from sepal_export.following.arrays import Array
from sepal_export.following.cells import COMPARISONS, OPERATORS, Cell
from sepal_export.following.elements import ELEMENTS
from sepal_export.following.kinds import fill, is_missing
from sepal_export.following.named_operators import NAMED_OPERATORS, named_operator
from sepal_export.following.objects import filled_with, uniform
from sepal_export.following.reductions import OF_PANDAS
from sepal_export.following.refusal import no_attribute


class Row:
    """One row of a frame: its values by the names of the columns."""

    def __init__(self, cells: dict[Any, Any]) -> None:
        self._cells = cells
        self.name = 0

    __class__ = property(lambda self, original=pd.Series: original)

    @property
    def index(self) -> pd.Index:
        return pd.Index(list(self._cells))

    @property
    def values(self) -> Array:
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

    def _frame(self) -> Any:
        from sepal_export.following.frames import Frame

        return Frame(self._cells)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name in self._cells:
            return self._cells[name]
        if name in OF_PANDAS:
            return lambda *_, **options: self._frame()._reduced(name, 1, **options).cell
        if name in NAMED_OPERATORS:
            return lambda other, **options: named_operator(name, self, other, **options)
        raise no_attribute(pd.Series, name, "a row")

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        from sepal_export.following.ufuncs import applied

        inputs = tuple(part.values if type(part) is Row else part for part in inputs)
        return applied(ufunc, method, inputs, options)

    def __array_function__(self, function: Any, types: Any, args: Any, options: Any) -> Any:
        from sepal_export.following.numpy_calls import called

        return called(function, args, options)


def with_each(name: str, *, is_swapped: bool = False) -> Callable[[Row, Any], Row]:
    """An operator between a row and another row, or a single value."""

    def method(row: Row, other: Any) -> Row:
        from sepal_export.following.assigned import operand_at
        from sepal_export.following.ufuncs import of_elements

        made = {}
        for place, (label, cell) in enumerate(row.items()):
            pair = (cell, operand_at(other, place, label, len(row)))
            made[label] = of_elements(name, *(reversed(pair) if is_swapped else pair))
        return Row(made)

    return method


for _sign, _name in OPERATORS.items():
    setattr(Row, f"__{_sign}__", with_each(_name))
    setattr(Row, f"__r{_sign}__", with_each(_name, is_swapped=True))
for _sign, _name in COMPARISONS.items():
    setattr(Row, f"__{_sign}__", with_each(_name))
