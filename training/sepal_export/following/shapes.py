"""numpy's functions that join arrays, or change their shapes."""

from __future__ import annotations

from typing import Any

import numpy as np

from sepal_export.following.arrays import Array
from sepal_export.following.broadcasting import as_objects
from sepal_export.following.calls import array, call
from sepal_export.following.cells import INT, Cell, lifted
from sepal_export.following.forks import refuse_here
from sepal_export.following.kinds import to
from sepal_export.following.objects import filled_with, uniform
from sepal_export.following.refusal import NotFollowed
from sepal_export.following.ufuncs import of_cells
from sepal_export.following.ufuncs import outer as outer_of


def joined(parts: Any, axis: int) -> Array:
    arrays = [array(part) for part in parts]
    if len(arrays) == 1:
        return arrays[0]
    rows = next((a.rows for a in arrays if a.rows is not None), None)
    if rows is not None and axis == rows and any(a.rows is not None for a in arrays) and len(arrays) > 1:
        raise NotFollowed("it puts rows below each other", "put columns side by side: axis=1")
    return Array(uniform(np.concatenate([a.cells for a in arrays], axis=axis)), rows=rows)


@call("concatenate")
def concatenate(arrays: Any, axis: int = 0, **_: Any) -> Array:
    parts = [array(part) for part in arrays]
    return joined(parts, axis % parts[0].ndim)


@call("hstack")
def hstack(tup: Any, **_: Any) -> Array:
    parts = [array(part) for part in tup]
    return joined(parts, 1 if parts[0].ndim > 1 else 0)


@call("column_stack")
def column_stack(tup: Any) -> Array:
    return joined([part if part.ndim == 2 else part.reshape(-1, 1) for part in map(array, tup)], 1)


@call("vstack", "row_stack")
def vstack(tup: Any, **_: Any) -> Array:
    return stack(tup, axis=0)


@call("stack")
def stack(arrays: Any, axis: int = 0, **_: Any) -> Array:
    parts = [array(part) for part in arrays]
    rows = next((part.rows for part in parts if part.rows is not None), None)
    made = np.stack([part.cells for part in parts], axis=axis)
    axis %= made.ndim
    return Array(uniform(made), rows=None if rows is None else rows + (axis <= rows))


@call("append")
def append(arr: Any, values: Any, axis: int | None = None) -> Array:
    return joined([arr, values], 0 if axis is None else axis)


@call("insert")
def insert(arr: Any, obj: Any, values: Any, axis: int | None = None) -> Array:
    made, (cells, _) = array(arr), as_objects(values)
    if axis is None or axis % made.ndim == made.rows:
        raise NotFollowed("np.insert of rows", "insert columns: axis=1")
    return Array(uniform(np.insert(made.cells, obj, cells, axis=axis)), rows=made.rows)


@call("delete")
def delete(arr: Any, obj: Any, axis: int | None = None) -> Array:
    made = array(arr)
    if axis is None or axis % made.ndim == made.rows:
        raise NotFollowed("np.delete of rows", "delete columns: axis=1")
    return Array(np.delete(made.cells, obj, axis=axis), rows=made.rows)


@call("take")
def take(a: Any, indices: Any, axis: int | None = None, **_: Any) -> Any:
    if type(a) is not Array and not hasattr(a, "as_array") and axis in (None, 0) and np.ndim(a) == 1:
        return of_cells(lambda place: from_constants(np.asarray(a), place), indices)
    if axis is None:
        raise NotFollowed("np.take without axis=", "give it axis=1")
    return array(a)[(slice(None),) * axis + (indices,)]


def from_constants(values: np.ndarray, place: Any) -> Any:
    """`values[place]`. Refuses rows with an invalid position, for which numpy raises an error."""
    if not isinstance(place, Cell):
        return values[place]
    index, count = to(place, INT).value, np.int64(len(values))
    is_none = (index >= count) | (index < -count)
    refuse_here(is_none)
    table = lifted(place.graph, values)
    index = place.graph.where(is_none, np.int64(0), index)
    return Cell(table.value.reshape(-1).rows(index), table.kind)


@call("reshape")
def reshape(a: Any, shape: Any, *_: Any, **__: Any) -> Array:
    return array(a).reshape(shape)


@call("ravel")
def ravel(a: Any, *_: Any, **__: Any) -> Array:
    return array(a).reshape(-1)


@call("squeeze")
def squeeze(a: Any, axis: int | None = None) -> Any:
    made = array(a)
    return made[:, 0] if made.ndim == 2 and made.shape[1] == 1 and axis in (None, 1, -1) else made


@call("transpose")
def transpose(a: Any, axes: Any = None) -> Array:
    return array(a).transpose(*(axes or ()))


@call("expand_dims")
def expand_dims(a: Any, axis: int) -> Array:
    made = array(a)
    axis %= made.ndim + 1
    return Array(np.expand_dims(made.cells, axis), rows=None if made.rows is None else made.rows + (axis <= made.rows))


@call("atleast_2d")
def atleast_2d(*arys: Any) -> Any:
    made = [array(part) for part in arys]
    two = [part if part.ndim > 1 else expand_dims(part, 0) for part in made]
    return two[0] if len(two) == 1 else two


@call("atleast_1d")
def atleast_1d(a: Any) -> Array:
    made = array(a)
    return made if made.ndim else Array(made.cells.reshape(1), rows=made.rows)


def like(value: Any) -> Any:
    def made(a: Any, *args: Any, dtype: Any = None, **options: Any) -> Array:
        given = array(a)
        fill = options.get("fill_value", args[0] if args and value is None else value)
        dtype = args[0] if args and value is not None else dtype
        of_type = given.dtype if dtype is None else np.dtype(getattr(dtype, "original", dtype))
        fill = fill if of_type.kind == "O" or isinstance(fill, Cell) else np.full((), fill, dtype=of_type)[()]
        return Array(filled_with([fill] * given.size, given.shape), rows=given.rows)

    return made


for _name, _value in (("zeros_like", 0.0), ("ones_like", 1.0), ("empty_like", 0.0), ("full_like", None)):
    call(_name)(like(_value))


@call("broadcast_to")
def broadcast_to(a: Any, shape: tuple[int, ...], **_: Any) -> Array:
    made = array(a)
    rows = None if made.rows is None else made.rows + len(shape) - made.ndim
    return Array(np.broadcast_to(made.cells, shape).copy(), rows=rows)


@call("swapaxes")
def swapaxes(a: Any, axis1: int, axis2: int) -> Array:
    made = array(a)
    order = list(range(made.ndim))
    order[axis1], order[axis2] = order[axis2], order[axis1]
    return made.transpose(order)


@call("moveaxis")
def moveaxis(a: Any, source: int, destination: int) -> Array:
    made = array(a)
    order = [axis for axis in range(made.ndim) if axis != source % made.ndim]
    order.insert(destination % made.ndim, source % made.ndim)
    return made.transpose(order)


@call("outer")
def outer(a: Any, b: Any) -> Any:
    return outer_of("multiply", a, b)
