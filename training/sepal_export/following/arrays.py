"""Arrays of numpy whose elements are cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from sepal_export.following.cells import DTYPES, OPERATORS, Cell
from sepal_export.following.kinds import to
from sepal_export.following.objects import dtype_of, filled_with, has_cells, uniform
from sepal_export.following.operators import give_operators, in_place, unary
from sepal_export.following.python_numbers import as_python
from sepal_export.following.refusal import NotFollowed, no_attribute

__all__ = ["Array", "filled_with", "give_operators", "has_cells", "unary", "uniform"]


class Array:
    """`cells` are objects: cells and constants. `rows` is the axis of the rows, which has length one here; None if
    there is no such axis, as in one row of a frame. A `block` [N, W] holds all cells of a matrix together; it is
    divided when a single cell is needed."""

    def __init__(
        self, cells: np.ndarray | None = None, *, rows: int | None = 0, block: Cell | None = None, width: int = 0
    ):
        self._cells = cells
        self.rows = rows
        self._block = block
        self._shape = (1, width) if cells is None else cells.shape

    # numpy and pandas check for this class.
    __class__ = property(lambda self: np.ndarray)

    @property
    def cells(self) -> np.ndarray:
        if self._cells is None:
            value, kind = self._block.value, self._block.kind
            cells = [Cell(value.columns([place]), kind) for place in range(self._shape[1])]
            self._cells = filled_with(cells, self._shape)
        # The cells may be changed from here on.
        self._block = None
        return self._cells

    @property
    def block(self) -> Cell | None:
        return self._block

    @property
    def shape(self) -> tuple[int, ...]:
        return self._shape if self._cells is None else self._cells.shape

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def size(self) -> int:
        return int(np.prod(self.shape))

    @property
    def dtype(self) -> np.dtype:
        return DTYPES[self._block.kind] if self._block is not None else dtype_of(self.cells.ravel().tolist())

    real = property(lambda self: self)

    @property
    def T(self) -> Array:
        return self.transpose()

    def transpose(self, *axes: Any) -> Array:
        order = list(axes[0] if axes and isinstance(axes[0], tuple | list) else axes) or list(range(self.ndim))[::-1]
        return Array(self.cells.transpose(order), rows=None if self.rows is None else order.index(self.rows))

    def __len__(self) -> int:
        return self.shape[0]

    def __iter__(self) -> Iterator[Any]:
        for place in range(len(self)):
            yield self[place]

    def __getitem__(self, key: Any) -> Any:
        from sepal_export.following.indexing import picked

        return picked(self, key)

    def __setitem__(self, key: Any, value: Any) -> None:
        from sepal_export.following.indexing import written

        written(self, key, value)

    def astype(self, dtype: Any, **_: Any) -> Array:
        from sepal_export.following.time_units import in_array

        if self._block is not None:
            return Array(block=in_array(self._block, dtype), width=self.shape[1])
        plain = getattr(dtype, "original", dtype)
        return self.of_each(
            lambda cell: in_array(cell, dtype) if isinstance(cell, Cell) else np.array(cell).astype(plain)[()]
        )

    def of_each(self, function: Callable[[Any], Any]) -> Array:
        cells = [function(cell) for cell in self.cells.ravel().tolist()]
        return Array(filled_with(cells, self.shape), rows=self.rows)

    def reshape(self, *shape: Any, **_: Any) -> Array:
        shape = shape[0] if len(shape) == 1 and isinstance(shape[0], tuple | list) else shape
        made = self.cells.reshape(shape)
        if self.rows is not None and self.size > 1 and made.shape[:1] != (1,):
            raise NotFollowed("it mixes rows and columns in a reshape", "keep the rows as the first axis")
        return Array(made, rows=None if self.rows is None else 0)

    def flatten(self, *_: Any) -> Array:
        return self.copy().reshape(-1)

    def copy(self, *_: Any, **__: Any) -> Array:
        if self._block is not None:
            return Array(block=self._block, width=self.shape[1])
        return Array(self.cells.copy(), rows=self.rows)

    def take_over(self, made: Any) -> None:
        """Takes over the contents of `made`, which has the same shape. Views of this array see the change."""
        if self._block is not None and type(made) is Array and made.block is not None and made.shape == self.shape:
            self._block = to(made.block, self._block.kind)
        else:
            self[...] = made

    def tolist(self) -> list[Any]:
        return self.of_each(as_python).cells.tolist()

    def item(self) -> Any:
        return as_python(self.cells.item())

    def fill(self, value: Any) -> None:
        self[...] = value

    def __matmul__(self, other: Any) -> Any:
        from sepal_export.following.products import product

        return product(self, other)

    def __rmatmul__(self, other: Any) -> Any:
        from sepal_export.following.products import product

        return product(other, self)

    def __bool__(self) -> bool:
        return bool(self.item())

    def __float__(self) -> float:
        return float(self.item())

    def __getattr__(self, name: str) -> Any:
        from sepal_export.following.calls import CALLS
        from sepal_export.following.reductions import METHODS, reduced

        if name in METHODS:
            return lambda *args, **options: reduced(METHODS[name], self, *args, **options)
        if name in CALLS and hasattr(np.ndarray, name):
            return lambda *args, **options: CALLS[name](self, *args, **options)
        if name.startswith("__"):
            raise AttributeError(name)
        raise no_attribute(np.ndarray, name, "an array")

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        from sepal_export.following.ufuncs import applied

        return applied(ufunc, method, inputs, options)

    def __array_function__(self, function: Any, types: Any, args: Any, options: Any) -> Any:
        from sepal_export.following.numpy_calls import called

        return called(function, args, options)

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise NotFollowed(
            "it passes a column to code that needs its values now, and it has values only in a request",
            "make an array of a list of columns first, by np.array([a, b]), and choose among constants with np.select",
        )

    def __pos__(self) -> Any:
        return self.copy()

    def __divmod__(self, other: Any) -> Any:
        return self // other, self % other

    def __rdivmod__(self, other: Any) -> Any:
        return other // self, other % self

    __hash__ = None


give_operators(Array)


for _sign, _name in OPERATORS.items():
    setattr(Array, f"__i{_sign}__", in_place(_name))
for _sign, _name in (("neg", "negative"), ("abs", "absolute"), ("invert", "invert")):
    setattr(Array, f"__{_sign}__", lambda self, name=_name: unary(name, self))
