"""Indexing of an array, for reading and writing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from sepal_export.following.arrays import Array
from sepal_export.following.broadcasting import as_objects
from sepal_export.following.cells import BOOL, FLOAT, INT, NUMBERS, OPERATORS, Cell, is_plain
from sepal_export.following.kinds import to, where
from sepal_export.following.objects import dtype_of, filled_with, has_cells
from sepal_export.following.python_numbers import as_numpy
from sepal_export.following.refusal import NotFollowed


def is_mask(key: Any) -> bool:
    """Whether a key holds conditions that are only known in a request."""
    parts = key if isinstance(key, tuple) else (key,)
    return any(is_condition(part) for part in parts)


def is_condition(part: Any) -> bool:
    if type(part) is Array:
        return part.size > 0 and has_cells(part.cells)
    return isinstance(part, Cell) or hasattr(part, "cell")


def masked(key: Any, array: Array) -> tuple[np.ndarray, Any]:
    """The conditions of a key, and the rest of the key."""
    if not isinstance(key, tuple):
        return as_objects(key)[0], ...
    mask, *others = key
    if is_condition(mask) and not any(is_condition(part) or np.ndim(part) for part in others):
        return as_objects(mask)[0], (slice(None), *others)
    raise NotFollowed(
        "it picks elements by a condition and another array at once, or by a condition that is not the first part of "
        "the index"
    )


def chosen(condition: Any, then: Any, otherwise: Any) -> Any:
    if not isinstance(condition, Cell):
        return then if condition else otherwise
    return where(condition, then, otherwise)


def plain_key(key: Any) -> Any:
    """The key with plain arrays of positions."""
    if isinstance(key, tuple):
        return tuple(plain_key(part) for part in key)
    if type(key) is Array:
        return key.cells.astype(bool if dtype_of(key.cells.ravel().tolist()).kind == "b" else int)
    return np.asarray(key) if isinstance(key, pd.Index) else key


def rows_after(array: Array, key: Any, picked: np.ndarray) -> int | None:
    """The axis of the rows after indexing with `key`; None if the result has no such axis."""
    if array.rows is None:
        return None
    marks = np.zeros(array.shape, dtype=int)
    # Indexes an array with two rows in place of one. The axis whose length differs is the axis of the rows.
    doubled = np.repeat(marks, 2, axis=array.rows)
    axes = [axis for axis, (a, b) in enumerate(zip(picked.shape, np.shape(doubled[key]), strict=False)) if a != b]
    return axes[0] if axes else None


class Picked:
    """The result of `array[mask]`. It can only be computed with as a whole, and assigned where the mask is true."""

    def __init__(self, mask: np.ndarray, values: Any) -> None:
        self._mask, self._values = mask, values

    def _unless(self, other: Any) -> NotFollowed:
        return NotFollowed("it leaves out rows, or elements, by a condition", "use np.where, and keep every row")

    def _values_for(self, mask: np.ndarray) -> Any:
        if [cell_name(cell) for cell in mask.ravel()] != [cell_name(cell) for cell in self._mask.ravel()]:
            raise self._unless(mask)
        return self._values

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        if method != "__call__" or options or ufunc.nout != 1:
            raise self._unless(ufunc)
        return self._computed(ufunc.__name__, *inputs)

    def _computed(self, name: str, *operands: Any) -> Picked:
        """An operation on the selected elements and constants."""
        from sepal_export.following.ufuncs import ALIASES, of_elements

        values = [operand._values_for(self._mask) if type(operand) is Picked else operand for operand in operands]
        if any(type(operand) is not Picked and not is_plain(operand) for operand in operands):
            raise self._unless(operands)
        return Picked(self._mask, of_elements(ALIASES.get(name, name), *values))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise self._unless(name)

    def __len__(self) -> int:
        raise self._unless("len")

    def __iter__(self) -> Any:
        raise self._unless("iter")

    def __getitem__(self, key: Any) -> Any:
        raise self._unless(key)

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise self._unless("array")

    def __neg__(self) -> Picked:
        return self._computed("negative", self)

    def __abs__(self) -> Picked:
        return self._computed("absolute", self)


def of_picked(name: str, *, is_swapped: bool = False) -> Callable[[Picked, Any], Picked]:
    def method(self: Picked, other: Any) -> Picked:
        return self._computed(name, *((other, self) if is_swapped else (self, other)))

    return method


for _sign, _name in OPERATORS.items():
    setattr(Picked, f"__{_sign}__", of_picked(_name))
    setattr(Picked, f"__r{_sign}__", of_picked(_name, is_swapped=True))


def cell_name(cell: Any) -> Any:
    return cell.value.name if isinstance(cell, Cell) else cell


def written(array: Array, key: Any, value: Any) -> None:
    """`array[key] = value`, converted to the array's type."""
    if type(value) is Picked:
        if not is_mask(key):
            raise value._unless(key)
        value = value._values_for(masked(key, array)[0])
    value = value.cells if type(value) is Array else getattr(value, "cell", value)
    kept = keeping(array.dtype)
    if not is_mask(key):
        array.cells[plain_key(key)] = of_all(kept, value)
        return
    mask, column = masked(key, array)
    targets = np.atleast_1d(array.cells[column])
    masks = np.broadcast_to(mask, targets.shape)
    values = np.broadcast_to(np.asarray(of_all(kept, value), dtype=object), targets.shape)
    for place in np.ndindex(targets.shape):
        targets[place] = chosen(masks[place], values[place], targets[place])
    array.cells[column] = targets if isinstance(array.cells[column], np.ndarray) else targets[0]


def keeping(dtype: np.dtype) -> Callable[[Any], Any]:
    """Converts a number like an assignment into an array of this type: an integer array truncates it."""
    kind = {"b": BOOL, "i": INT, "f": FLOAT}.get(dtype.kind)

    def kept(value: Any) -> Any:
        if kind is None or isinstance(value, str) or (isinstance(value, Cell) and value.kind not in NUMBERS):
            return value
        if isinstance(value, Cell):
            return to(value, kind)
        return np.float64(np.nan) if value is None else dtype.type(value)

    return kept


def of_all(kept: Callable[[Any], Any], value: Any) -> Any:
    if isinstance(value, Cell) or np.ndim(value) == 0:
        return kept(value)
    cells = as_objects(value)[0]
    return filled_with([kept(cell) for cell in cells.ravel().tolist()], cells.shape)


def picked(array: Array, key: Any) -> Any:
    """`array[key]`: a view if numpy returns one, and a Picked if the key holds conditions."""
    if is_mask(key):
        mask, column = masked(key, array)
        return Picked(mask, Array(array.copy()[column].cells, rows=array.rows) if column is ... else array[column])
    elements = array.cells[plain_key(key)]
    if not isinstance(elements, np.ndarray):
        return as_numpy(elements)
    return Array(elements, rows=rows_after(array, plain_key(key), elements))
