"""numpy's functions for conditions, bins and sets of values."""

from __future__ import annotations

from typing import Any

import numpy as np

from sepal_export.following.calls import array, call
from sepal_export.following.cells import BOOL, FLOAT, INT, TEXT, Cell
from sepal_export.following.comparing import tell_each
from sepal_export.following.elements import ELEMENTS
from sepal_export.following.kinds import is_missing, same_for_all, to, where
from sepal_export.following.refusal import NotFollowed
from sepal_export.following.ufuncs import of_cells, of_elements, plain_or


@call("where")
def where_(condition: Any, *choices: Any) -> Any:
    if not choices:
        raise NotFollowed(
            "np.where(condition) gives positions, not a value for each row",
            "pass the values of both cases: np.where(condition, yes, no)",
        )
    return of_cells(lambda c, a, b: plain_or(where, np.where, c, plain_string(a), plain_string(b)), condition, *choices)


def plain_string(value: Any) -> Any:
    return str(value) if isinstance(value, np.str_) else value


@call("select")
def select(condlist: Any, choicelist: Any, default: Any = 0) -> Any:
    made = default
    for condition, choice in reversed(list(zip(condlist, choicelist, strict=True))):
        made = where_(condition, choice, made)
    return made


@call("isin", "in1d")
def isin(element: Any, test_elements: Any, **options: Any) -> Any:
    def one(value: Any) -> Any:
        return is_among(value, values) if isinstance(value, Cell) else np.isin(value, values)

    # In numpy, NaN is not in any set of values.
    values = [value for value in np.ravel(test_elements).tolist() if value == value]

    made = of_cells(one, element)
    return of_elements("invert", made) if options.get("invert") else made


def is_among(cell: Cell, values: list[Any]) -> Cell:
    """Whether the cell is one of the values. As in pandas, NaN is one of them if they include NaN."""
    if cell.kind != TEXT and len(values) > 3 and all(isinstance(v, int | float | np.number) for v in values):
        return is_among_numbers(cell, np.array(values, dtype=np.float64))
    made = None
    for value in values:
        if value is None or value != value:
            equal = is_missing(cell)
        elif (cell.kind == TEXT) != isinstance(value, str):
            continue
        else:
            equal = ELEMENTS["equal"](cell, value)
        made = equal if made is None else ELEMENTS["bitwise_or"](made, equal)
    return same_for_all(cell, False) if made is None else made


def is_among_numbers(cell: Cell, values: np.ndarray) -> Cell:
    value = to(cell, FLOAT).value
    tell_each(value, values)
    count = value.reshape(0, -1, 1).equals(values).cast(np.float64).sum(2, keepdims=False)
    among = Cell(count > 0.0, BOOL)
    return ELEMENTS["bitwise_or"](among, is_missing(cell)) if np.isnan(values).any() else among


@call("digitize")
def digitize(x: Any, bins: Any, right: bool = False) -> Any:
    edges = np.asarray(bins, dtype=np.float64)
    if (np.diff(edges) < 0).any():
        if (np.diff(edges) > 0).any():
            raise NotFollowed(
                "np.digitize needs bins in ascending or descending order, and these are in neither",
                "sort the bins in ascending order",
            )
        # Like numpy: counts among the reversed edges, and subtracts that from the number of edges.
        rising = of_cells(lambda cell: places_among(cell, edges[::-1], is_right=not right), x)
        return of_elements("subtract", len(edges), rising)
    return of_cells(lambda cell: places_among(cell, edges, is_right=not right), x)


@call("searchsorted")
def searchsorted(a: Any, v: Any, side: str = "left", **_: Any) -> Any:
    return of_cells(lambda cell: places_among(cell, np.asarray(a, dtype=np.float64), is_right=side == "right"), v)


def places_among(cell: Any, edges: np.ndarray, *, is_right: bool) -> Any:
    """How many edges are < the cell, or <= it with `is_right`. For NaN it is all of them, as in numpy."""
    if not isinstance(cell, Cell):
        return np.searchsorted(edges, cell, "right" if is_right else "left")
    value = to(cell, FLOAT).value
    graph = value.graph
    tell_each(value, edges)
    each = value.reshape(0, -1, 1)
    count = ((each >= edges) if is_right else (each > edges)).cast(np.float64).sum(2, keepdims=False)
    if cell.kind == FLOAT:
        count = graph.where(value.isnan(), float(len(edges)), count)
    return Cell(count.cast(np.int64), INT)


@call("interp")
def interp(x: Any, xp: Any, fp: Any, left: Any = None, right: Any = None, **_: Any) -> Any:
    xp, fp = np.asarray(xp, dtype=np.float64), np.asarray(fp, dtype=np.float64)
    slopes = np.diff(fp) / np.diff(xp)

    def element(cell: Any) -> Any:
        if not isinstance(cell, Cell):
            return np.interp(cell, xp, fp, left, right)
        cell = to(cell, FLOAT)
        made = fp[0] if left is None else left
        for start, value, slope in zip(xp[:-1], fp[:-1], slopes, strict=True):
            made = where(ELEMENTS["greater_equal"](cell, start), (cell - start) * slope + value, made)
        made = where(ELEMENTS["greater_equal"](cell, xp[-1]), fp[-1], made)
        beyond = made if right is None else where(ELEMENTS["greater"](cell, xp[-1]), right, made)
        return where(is_missing(cell), np.nan, beyond)

    return of_cells(element, x)


@call("choose")
def choose(a: Any, choices: Any, **_: Any) -> Any:
    made = choices[-1]
    for place in reversed(range(len(choices) - 1)):
        made = where_(of_elements("equal", a, place), choices[place], made)
    return made


@call("take_along_axis")
def take_along_axis(arr: Any, indices: Any, axis: int = -1) -> Any:
    made, places = array(arr), array(indices)
    if made.ndim != 2 or axis not in (1, -1) or made.rows != 0:
        raise NotFollowed("np.take_along_axis along the rows", "use axis=1")
    return choose(places, [made[:, [place]] for place in range(made.shape[1])])


@call("piecewise")
def piecewise(x: Any, condlist: Any, funclist: Any, *args: Any, **options: Any) -> Any:
    values = [function(x, *args, **options) if callable(function) else function for function in funclist]
    default = values.pop() if len(values) > len(condlist) else 0
    made = default
    for condition, value in zip(condlist, values, strict=True):
        made = where_(condition, value, made)
    return made
