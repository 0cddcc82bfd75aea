"""What is picked out of an array, and what is written into it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from sepal_export.following.arrays import Array
from sepal_export.following.broadcasting import as_objects
from sepal_export.following.cells import BOOL, FLOAT, INT, NUMBERS, Cell
from sepal_export.following.kinds import to, where
from sepal_export.following.objects import dtype_of, filled_with, has_cells
from sepal_export.following.python_numbers import as_numpy
from sepal_export.following.refusal import NotFollowed


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
    if is_condition(mask) and not any(is_condition(part) or np.ndim(part) for part in others):
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
    if type(key) is Array:
        return key.cells.astype(bool if dtype_of(key.cells.ravel().tolist()).kind == "b" else int)
    return np.asarray(key) if isinstance(key, pd.Index) else key


def rows_after(array: Array, key: Any, picked: np.ndarray) -> int | None:
    """Which axis is that of the rows, once `key` has picked."""
    if array.rows is None:
        return None
    marks = np.zeros(array.shape, dtype=int)
    # Told by what moves: of two rows in place of one, the axis would be two long.
    doubled = np.repeat(marks, 2, axis=array.rows)
    axes = [axis for axis, (a, b) in enumerate(zip(picked.shape, np.shape(doubled[key]), strict=False)) if a != b]
    return axes[0] if axes else None


def written(array: Array, key: Any, value: Any) -> None:
    """`array[key] = value`, in the array's own type."""
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
    """What becomes of a number that is written into an array of this type: an array of whole numbers cuts it off."""
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
    """`array[key]`: a view of it where numpy makes one."""
    if is_mask(key):
        raise NotFollowed("it leaves out rows, or elements, by a condition", "use np.where, and keep every row")
    elements = array.cells[plain_key(key)]
    if not isinstance(elements, np.ndarray):
        return as_numpy(elements)
    return Array(elements, rows=rows_after(array, plain_key(key), elements))
