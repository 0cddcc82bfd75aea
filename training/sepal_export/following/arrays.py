"""Arrays of numpy whose elements are cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from typing import Any

import numpy as np
import pandas as pd

from sepal_export.following.cells import COMPARISONS, DTYPES, NUMBERS, OPERATORS, Cell
from sepal_export.following.elements import cells_of, to, where
from sepal_export.following.refusal import NotFollowed, no_attribute
from sepal_export.graph import Value


class Array:
    """`cells` are objects: cells, and constants beside them. The axis `rows` is that of the rows, of which there is one
    here; None where there is no such axis, as in one row of a frame. A `block` [N, W] is all cells of a matrix at
    once; they are taken apart when somebody asks for one of them."""

    def __init__(
        self, cells: np.ndarray | None = None, *, rows: int | None = 0, block: Cell | None = None, width: int = 0
    ):
        self._cells = cells
        self.rows = rows
        self._block = block
        self._shape = (1, width) if cells is None else cells.shape

    # As numpy's and pandas' own functions ask for it.
    __class__ = property(lambda self: np.ndarray)  # type: ignore[assignment]

    @property
    def cells(self) -> np.ndarray:
        if self._cells is None:
            value, kind = self._block.value, self._block.kind
            cells = [Cell(value.columns([place]), kind) for place in range(self._shape[1])]
            self._cells = filled_with(cells, self._shape)
        # They may be changed from here on.
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
        if is_mask(key):
            raise NotFollowed("it leaves out rows, or elements, by a condition", "use np.where, and keep every row")
        picked = self.cells[plain_key(key)]
        if not isinstance(picked, np.ndarray):
            return picked
        return Array(picked, rows=rows_after(self, plain_key(key), picked))

    def __setitem__(self, key: Any, value: Any) -> None:
        value = value.cells if type(value) is Array else getattr(value, "cell", value)
        if not is_mask(key):
            self.cells[plain_key(key)] = value
            return
        mask, column = masked(key, self)
        targets, masks = (
            np.atleast_1d(self.cells[column]),
            np.broadcast_to(mask, np.shape(np.atleast_1d(self.cells[column]))),
        )
        values = np.broadcast_to(np.asarray(value, dtype=object), targets.shape)
        for place in np.ndindex(targets.shape):
            targets[place] = chosen(masks[place], values[place], targets[place])
        self.cells[column] = targets if isinstance(self.cells[column], np.ndarray) else targets[0]

    def astype(self, dtype: Any, **_: Any) -> Array:
        from sepal_export.following.types import as_kind

        if self._block is not None:
            return Array(block=as_kind(self._block, dtype), width=self.shape[1])
        plain = getattr(dtype, "original", dtype)
        return self.of_each(
            lambda cell: as_kind(cell, dtype) if isinstance(cell, Cell) else np.array(cell).astype(plain)[()]
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

    def ravel(self, *_: Any, **__: Any) -> Array:
        return self.reshape(-1)

    flatten = ravel

    def squeeze(self, axis: int | None = None) -> Array:
        if self.ndim == 2 and self.shape[1] == 1 and axis in (None, 1, -1):
            return self[:, 0]
        return self

    def copy(self, *_: Any, **__: Any) -> Array:
        if self._block is not None:
            return Array(block=self._block, width=self.shape[1])
        return Array(self.cells.copy(), rows=self.rows)

    def tolist(self) -> list[Any]:
        return self.cells.tolist()

    def item(self) -> Any:
        return self.cells.item()

    def fill(self, value: Any) -> None:
        self.cells.fill(value)

    def clip(self, min: Any = None, max: Any = None, **_: Any) -> Array:
        from sepal_export.following.ufuncs import clip

        return clip(self, min, max)

    def round(self, decimals: int = 0, **_: Any) -> Array:
        from sepal_export.following.elements import rounded

        return elementwise(lambda cell: rounded(cell, decimals), self)

    def take(self, indices: Any, axis: int | None = None) -> Array:
        return self[(slice(None),) * (axis or 0) + (indices,)]

    def dot(self, other: Any) -> Any:
        from sepal_export.following.products import product

        return product(self, other)

    def __matmul__(self, other: Any) -> Any:
        return self.dot(other)

    def __rmatmul__(self, other: Any) -> Any:
        from sepal_export.following.products import product

        return product(other, self)

    def __bool__(self) -> bool:
        return bool(self.item())

    def __float__(self) -> float:
        return float(self.item())

    def __getattr__(self, name: str) -> Any:
        from sepal_export.following.reductions import METHODS, reduced

        if name in METHODS:
            return lambda *args, **options: reduced(METHODS[name], self, *args, **options)
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
        raise NotFollowed("it hands a column to code that computes with numbers alone")

    def __neg__(self) -> Any:
        return unary("negative", self)

    def __abs__(self) -> Any:
        return unary("absolute", self)

    def __invert__(self) -> Any:
        return unary("invert", self)

    def __pos__(self) -> Any:
        return self

    __hash__ = None  # type: ignore[assignment]


def unary(name: str, operand: Any) -> Any:
    from sepal_export.following.ufuncs import of_elements

    return of_elements(name, operand)


def binary(name: str, *, is_swapped: bool = False) -> Any:
    def method(self: Any, other: Any) -> Any:
        from sepal_export.following.ufuncs import of_elements

        return of_elements(name, *((other, self) if is_swapped else (self, other)))

    return method


def in_place(name: str) -> Any:
    def method(self: Any, other: Any) -> Any:
        from sepal_export.following.ufuncs import of_elements

        self[...] = of_elements(name, self, other)
        return self

    return method


def give_operators(kind: type) -> None:
    for sign, name in OPERATORS.items():
        setattr(kind, f"__{sign}__", binary(name))
        setattr(kind, f"__r{sign}__", binary(name, is_swapped=True))
    for sign, name in COMPARISONS.items():
        setattr(kind, f"__{sign}__", binary(name))


give_operators(Array)
for _sign, _name in OPERATORS.items():
    setattr(Array, f"__i{_sign}__", in_place(_name))


def filled_with(cells: Sequence[Any], shape: tuple[int, ...]) -> np.ndarray:
    """Objects of this shape; numpy must not look into them."""
    array = np.empty(len(cells), dtype=object)
    for place, cell in enumerate(cells):
        array[place] = cell
    return array.reshape(shape)


def dtype_of(cells: Sequence[Any]) -> np.dtype:
    dtypes = {DTYPES[cell.kind] if isinstance(cell, Cell) else np.asarray(cell).dtype for cell in cells}
    return np.result_type(*dtypes) if dtypes and all(dtype.kind in "biuf" for dtype in dtypes) else np.dtype(object)


def uniform(array: np.ndarray) -> np.ndarray:
    """Numbers of one kind, as an array of numpy holds them."""
    kinds = {cell.kind for cell in array.ravel().tolist() if isinstance(cell, Cell)}
    if not kinds or not kinds <= set(NUMBERS):
        return array
    plain = [cell for cell in array.ravel().tolist() if not isinstance(cell, Cell)]
    if any(isinstance(value, str) for value in plain):
        return array
    kinds |= {cells_of(cell_in(array), value)[1].kind for value in plain}
    kind = max(kinds, key=NUMBERS.index)
    cells = [to(cell, kind) if isinstance(cell, Cell) else cell for cell in array.ravel().tolist()]
    return filled_with(cells, array.shape)


def cell_in(array: np.ndarray) -> Cell:
    return next(cell for cell in array.ravel().tolist() if isinstance(cell, Cell))


def as_objects(operand: Any) -> tuple[np.ndarray, int | None]:
    """The elements of an operand, and which axis its rows are."""
    if type(operand) is Array:
        return operand.cells, operand.rows
    if isinstance(operand, Cell):
        return filled_with([operand], ()), None
    if type(operand) is np.ndarray and operand.dtype == object:
        return operand, None
    if hasattr(operand, "as_array"):
        array = operand.as_array()
        return array.cells, array.rows
    if isinstance(operand, list | tuple):
        parts = [as_objects(part) for part in operand]
        if any(has_cells(part) for part, _ in parts):
            rows = next((rows for _, rows in parts if rows is not None), None)
            return np.stack([part for part, _ in parts]), None if rows is None else rows + 1
    values = np.asarray(operand)
    return filled_with(list(values.ravel()), values.shape), None


def has_cells(array: np.ndarray) -> bool:
    return any(isinstance(cell, Cell) for cell in array.ravel().tolist())


def elementwise(element: Callable[..., Any], *operands: Any) -> Any:
    """As numpy broadcasts."""
    together = in_blocks(element, operands)
    if together is not None:
        return together
    parts = [as_objects(operand) for operand in operands]
    shape = np.broadcast_shapes(*(part.shape for part, _ in parts))
    flat = [np.broadcast_to(part, shape).ravel().tolist() for part, _ in parts]
    made = filled_with([element(*cells) for cells in zip(*flat, strict=True)], shape)
    # Of axes that are counted from the last one.
    axes = {rows + len(shape) - part.ndim for part, rows in parts if rows is not None}
    if len(axes) > 1:
        raise NotFollowed("it computes each row with each other", "give one of the two a [:, None] fewer")
    return Array(made, rows=min(axes) if axes else None)


def in_blocks(element: Callable[..., Any], operands: Sequence[Any]) -> Array | None:
    """All columns of matrices at once, where nothing else than numbers stands beside them."""
    widths = {operand.shape[1] for operand in operands if type(operand) is Array and operand.block is not None}
    if len(widths) != 1:
        return None
    [width] = widths
    cells = []
    for operand in operands:
        if type(operand) is Array and operand.block is not None:
            cells.append(operand.block)
        elif isinstance(operand, Cell) or np.ndim(operand) == 0:
            cells.append(operand)
        elif (
            isinstance(operand, np.ndarray) and type(operand) is np.ndarray and operand.shape in ((width,), (1, width))
        ):
            cells.append(operand.reshape(1, width))
        else:
            return None
    made = element(*cells)
    return Array(block=made, width=width)


def is_mask(key: Any) -> bool:
    """Whether a key holds conditions that only a request knows."""
    parts = key if isinstance(key, tuple) else (key,)
    return any(is_condition(part) for part in parts)


def is_condition(part: Any) -> bool:
    if type(part) is Array:
        return part.size > 0 and has_cells(part.cells)
    return isinstance(part, Cell) or hasattr(part, "cell")


def masked(key: Any, array: Array) -> tuple[np.ndarray, Any]:
    """The conditions of a key, and what else it picks."""
    if not isinstance(key, tuple):
        return as_objects(key)[0], ...
    mask, *others = key
    if is_condition(mask) and not any(map(is_condition, others)):
        return as_objects(mask)[0], (slice(None), *others)
    raise NotFollowed("it picks elements by two conditions at once")


def chosen(condition: Any, then: Any, otherwise: Any) -> Any:
    if not isinstance(condition, Cell):
        return then if condition else otherwise
    return where(condition, then, otherwise)


def plain_key(key: Any) -> Any:
    """Without what stands for arrays of positions."""
    if isinstance(key, tuple):
        return tuple(plain_key(part) for part in key)
    return key.cells.astype(int) if type(key) is Array else np.asarray(key) if isinstance(key, pd.Index) else key


def rows_after(array: Array, key: Any, picked: np.ndarray) -> int | None:
    """Which axis is that of the rows, once `key` has picked."""
    if array.rows is None:
        return None
    marks = np.zeros(array.shape, dtype=int)
    # Told by what moves: of two rows in place of one, the axis would be two long.
    doubled = np.repeat(marks, 2, axis=array.rows)
    axes = [axis for axis, (a, b) in enumerate(zip(picked.shape, np.shape(doubled[key]), strict=False)) if a != b]
    return axes[0] if axes else None


def side_by_side(cells: Sequence[Cell]) -> Value:
    """[N, W] float64."""
    graph = cells[0].graph
    return graph.concat([to(cell, "float").value for cell in cells])


def summed(cells: Sequence[Any], element: Callable[[Any, Any], Any]) -> Any:
    return reduce(element, cells)
