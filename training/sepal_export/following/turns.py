"""numpy's functions that repeat, reverse and split the columns of an array."""

from __future__ import annotations

from typing import Any

import numpy as np

from sepal_export.following.arrays import Array
from sepal_export.following.calls import array, call, keeping_rows
from sepal_export.following.refusal import NotFollowed


@call("repeat")
def repeat(a: Any, repeats: Any, axis: int | None = None) -> Array:
    return keeping_rows(lambda cells: np.repeat(cells, repeats, axis=axis), a, axis, "np.repeat")


@call("flip")
def flip(m: Any, axis: int | None = None) -> Array:
    return keeping_rows(lambda cells: np.flip(cells, axis=axis), m, axis, "np.flip")


@call("fliplr")
def fliplr(m: Any) -> Array:
    return flip(m, 1)


@call("roll")
def roll(a: Any, shift: int, axis: int | None = None) -> Array:
    return keeping_rows(lambda cells: np.roll(cells, shift, axis=axis), a, axis, "np.roll")


@call("tile")
def tile(A: Any, reps: Any) -> Array:
    made = array(A)
    if np.shape(reps) != (made.ndim,) or reps[made.rows or 0] != 1:
        raise NotFollowed("np.tile along the rows", "repeat columns: np.tile(X, (1, 2))")
    return Array(np.tile(made.cells, reps), rows=made.rows)


@call("split", "array_split")
def split(ary: Any, indices_or_sections: Any, axis: int = 0) -> list[Array]:
    parts = np.array_split(np.arange(array(ary).shape[axis]), indices_or_sections)
    return [
        keeping_rows(lambda cells, part=part: np.take(cells, part, axis=axis), ary, axis, "np.split") for part in parts
    ]


@call("hsplit")
def hsplit(ary: Any, indices_or_sections: Any) -> list[Array]:
    return split(ary, indices_or_sections, 1)
