"""numpy's functions of whole arrays, where one of their arguments holds cells."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from sepal_export.following.arrays import Array, as_objects, filled_with, uniform
from sepal_export.following.cells import FLOAT, INT, TEXT, Cell
from sepal_export.following.elements import ELEMENTS, is_missing, rounded, to, where
from sepal_export.following.reductions import OF_NUMPY, norm, reduced
from sepal_export.following.refusal import NotFollowed, looks_at_other_rows
from sepal_export.following.ufuncs import clip, of_cells, of_elements, plain_or

CALLS: dict[str, Callable[..., Any]] = {}
OF_OTHER_ROWS = {
    "argsort", "bincount", "corrcoef", "cov", "cumprod", "gradient", "histogram", "lexsort", "nanpercentile",
    "nanquantile", "partition", "percentile", "quantile", "roll", "sort", "unique",
}  # fmt: skip


def call(*names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        for name in names:
            CALLS[name] = function
        return function

    return register


def called(function: Any, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
    name = function.__name__
    if name in CALLS:
        return CALLS[name](*args, **options)
    if name in OF_NUMPY:
        return reduction(OF_NUMPY[name], name, *args, **options)
    if name in OF_OTHER_ROWS:
        raise looks_at_other_rows(f"np.{name}")
    raise NotFollowed(f"it calls np.{name}")


def reduction(fold: Any, name: str, operand: Any, axis: Any = None, **options: Any) -> Any:
    """Of frames and columns, pandas' own."""
    method = name.removeprefix("nan").removeprefix("a") if name in ("amax", "amin") else name.removeprefix("nan")
    if hasattr(operand, "as_array"):
        if method in ("std", "var"):
            options.setdefault("ddof", 0)
        return getattr(operand, method)(axis=axis, **options) if axis is not None else getattr(operand, method)()
    return reduced(fold, operand, axis, **options)


def array(operand: Any) -> Array:
    if type(operand) is Array:
        return operand
    cells, rows = as_objects(operand)
    return Array(cells, rows=rows)


@call("array", "asarray", "asanyarray", "ascontiguousarray", "copy")
def as_array(operand: Any, dtype: Any = None, **options: Any) -> Any:
    made = array(operand)
    if made.block is None:
        made = Array(uniform(made.cells.copy()), rows=made.rows)
    return made if dtype is None else made.astype(dtype)


@call("where")
def where_(condition: Any, *choices: Any) -> Any:
    if not choices:
        raise NotFollowed("np.where without two values leaves out rows")
    return of_cells(lambda c, a, b: plain_or(where, np.where, c, plain_string(a), plain_string(b)), condition, *choices)


def plain_string(value: Any) -> Any:
    return str(value) if isinstance(value, np.str_) else value


@call("select")
def select(condlist: Any, choicelist: Any, default: Any = 0) -> Any:
    made = default
    for condition, choice in reversed(list(zip(condlist, choicelist, strict=True))):
        made = where_(condition, choice, made)
    return made


@call("clip")
def clip_(a: Any, a_min: Any = None, a_max: Any = None, *, min: Any = None, max: Any = None, **_: Any) -> Any:
    return clip(a, a_min if a_min is not None else min, a_max if a_max is not None else max)


@call("round", "around")
def round_(a: Any, decimals: int = 0, **_: Any) -> Any:
    return of_cells(lambda cell: plain_or(lambda c: rounded(c, decimals), lambda c: np.round(c, decimals), cell), a)


@call("isnan", "isnull")
def isnan_(a: Any) -> Any:
    return of_cells(lambda cell: plain_or(is_missing, np.isnan, cell), a)


@call("nan_to_num")
def nan_to_num(x: Any, copy: bool = True, nan: float = 0.0, posinf: Any = None, neginf: Any = None) -> Any:
    from sepal_export.converters import functions

    def element(cell: Cell) -> Cell:
        return cell if cell.kind != FLOAT else Cell(functions.nan_to_num(cell.value, nan, posinf, neginf), FLOAT)

    return of_cells(lambda cell: plain_or(element, lambda c: np.nan_to_num(c, True, nan, posinf, neginf), cell), x)


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
    return Array(uniform(np.insert(made.cells, obj, cells, axis=axis)), rows=made.rows)


@call("delete")
def delete(arr: Any, obj: Any, axis: int | None = None) -> Array:
    made = array(arr)
    return Array(np.delete(made.cells, obj, axis=axis), rows=made.rows)


@call("take")
def take(a: Any, indices: Any, axis: int | None = None, **_: Any) -> Any:
    return array(a).take(indices, axis)


@call("reshape")
def reshape(a: Any, shape: Any, *_: Any, **__: Any) -> Array:
    return array(a).reshape(shape)


@call("ravel")
def ravel(a: Any, *_: Any) -> Array:
    return array(a).ravel()


@call("squeeze")
def squeeze(a: Any, axis: int | None = None) -> Any:
    return array(a).squeeze(axis)


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


@call("zeros_like", "ones_like", "empty_like", "full_like")
def like(a: Any, fill_value: Any = 0.0, dtype: Any = None, **_: Any) -> Array:
    made = array(a)
    return Array(filled_with([fill_value] * made.size, made.shape), rows=made.rows)


CALLS["ones_like"] = lambda a, dtype=None, **_: like(a, 1.0)
CALLS["zeros_like"] = CALLS["empty_like"] = lambda a, dtype=None, **_: like(a, 0.0)


@call("dot", "matmul", "inner")
def dot(a: Any, b: Any, **_: Any) -> Any:
    from sepal_export.following.products import product

    return product(a, b)


@call("norm")
def norm_(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    if ord not in (None, 2):
        raise NotFollowed(f"np.linalg.norm with ord={ord!r}")
    return reduced(norm, x, axis, keepdims=keepdims)


@call("isin", "in1d")
def isin(element: Any, test_elements: Any, **options: Any) -> Any:
    def one(value: Any) -> Any:
        return is_among(value, list(test_elements)) if isinstance(value, Cell) else np.isin(value, test_elements)

    made = of_cells(one, element)
    return of_elements("invert", made) if options.get("invert") else made


def is_among(cell: Cell, values: list[Any]) -> Cell:
    """Whether it is one of them. NaN is among those that hold one, in pandas."""
    made = None
    for value in values:
        if value is None or value != value:
            equal = is_missing(cell)
        elif (cell.kind == TEXT) != isinstance(value, str):
            continue
        else:
            equal = ELEMENTS["equal"](cell, value)
        made = equal if made is None else ELEMENTS["bitwise_or"](made, equal)
    return ELEMENTS["not_equal"](cell, cell) if made is None else made


@call("digitize")
def digitize(x: Any, bins: Any, right: bool = False) -> Any:
    edges = np.asarray(bins, dtype=np.float64)
    if (np.diff(edges) < 0).any():
        raise NotFollowed("np.digitize with bins that fall", "give it bins that rise")
    return of_cells(lambda cell: places_among(cell, edges, is_right=not right), x)


@call("searchsorted")
def searchsorted(a: Any, v: Any, side: str = "left", **_: Any) -> Any:
    return of_cells(lambda cell: places_among(cell, np.asarray(a, dtype=np.float64), is_right=side == "right"), v)


def places_among(cell: Any, edges: np.ndarray, *, is_right: bool) -> Any:
    """How many of the edges are below, or not above where the right side is meant; all of them for NaN, as numpy sorts
    it last."""
    if not isinstance(cell, Cell):
        return np.searchsorted(edges, cell, "right" if is_right else "left")
    value = to(cell, FLOAT).value
    graph, row = value.graph, edges.reshape(1, -1)
    graph.add_splits(value, np.zeros(len(edges), dtype=int), edges)
    is_beyond = (value >= row) if is_right else (value > row)
    count = graph.where(value.isnan(), float(len(edges)), is_beyond.cast(np.float64).sum())
    return Cell(count.cast(np.int64), INT)


@call("interp")
def interp(x: Any, xp: Any, fp: Any, left: Any = None, right: Any = None, **_: Any) -> Any:
    xp, fp = np.asarray(xp, dtype=np.float64), np.asarray(fp, dtype=np.float64)
    slopes = np.diff(fp) / np.diff(xp)

    def element(cell: Any) -> Any:
        if not isinstance(cell, Cell):
            return np.interp(cell, xp, fp, left, right)
        made = fp[0] if left is None else left
        for start, value, slope in zip(xp[:-1], fp[:-1], slopes, strict=True):
            made = where(ELEMENTS["greater_equal"](cell, start), (cell - start) * slope + value, made)
        made = where(ELEMENTS["greater_equal"](cell, xp[-1]), fp[-1], made)
        beyond = made if right is None else where(ELEMENTS["greater"](cell, xp[-1]), right, made)
        return where(is_missing(cell), np.nan, beyond)

    return of_cells(element, x)


@call("diff")
def diff(a: Any, n: int = 1, axis: int = -1, **_: Any) -> Array:
    made = array(a)
    if axis % made.ndim == made.rows:
        raise looks_at_other_rows("np.diff along the rows")
    after, before = made[..., 1:], made[..., :-1]
    return (
        of_elements("subtract", after, before) if n == 1 else diff(of_elements("subtract", after, before), n - 1, axis)
    )


@call("cumsum")
def cumsum(a: Any, axis: int | None = None, **_: Any) -> Array:
    made = array(a)
    if axis is None or axis % made.ndim == made.rows:
        raise looks_at_other_rows("np.cumsum along the rows")
    cells = np.moveaxis(made.cells.copy(), axis, -1)
    for place in range(1, cells.shape[-1]):
        cells[..., place] = of_elements(
            "add", Array(cells[..., place - 1], rows=None), Array(cells[..., place], rows=None)
        ).cells
    return Array(np.moveaxis(cells, -1, axis), rows=made.rows)


@call("polyval")
def polyval(p: Any, x: Any) -> Any:
    made = 0.0
    for coefficient in np.asarray(p).tolist():
        made = of_elements("add", of_elements("multiply", made, x), coefficient)
    return made


@call("piecewise")
def piecewise(x: Any, condlist: Any, funclist: Any, *args: Any, **options: Any) -> Any:
    values = [function(x, *args, **options) if callable(function) else function for function in funclist]
    default = values.pop() if len(values) > len(condlist) else 0
    made = default
    for condition, value in zip(condlist, values, strict=True):
        made = where_(condition, value, made)
    return made


@call("apply_along_axis")
def apply_along_axis(func1d: Any, axis: int, arr: Any, *args: Any, **options: Any) -> Any:
    from sepal_export.following.scopes import in_paths

    made = array(arr)
    if axis % made.ndim != 1 or made.ndim != 2:
        raise looks_at_other_rows("np.apply_along_axis along the rows")
    answer = in_paths(lambda: func1d(Array(made.cells[0].copy(), rows=None), *args, **options))
    return as_rows(answer)


def as_rows(answer: Any) -> Array:
    """What was answered for one row, as an array of rows."""
    cells, rows = as_objects(answer)
    return Array(uniform(cells[None, ...]) if rows is None else cells, rows=0)


@call("average")
def average(a: Any, axis: Any = None, weights: Any = None, **_: Any) -> Any:
    if weights is None:
        return reduced(OF_NUMPY["mean"], a, axis)
    products = of_elements("multiply", array(a), np.asarray(weights, dtype=np.float64))
    return of_elements("divide", reduced(OF_NUMPY["sum"], products, axis), float(np.sum(weights)))


@call("shape")
def shape(a: Any) -> tuple[int, ...]:
    return a.shape


@call("ndim")
def ndim(a: Any) -> int:
    return a.ndim


@call("size")
def size(a: Any, axis: int | None = None) -> int:
    return a.size if axis is None else a.shape[axis]


@call("isclose")
def isclose(a: Any, b: Any, rtol: float = 1e-05, atol: float = 1e-08, **_: Any) -> Any:
    distance = of_elements("absolute", of_elements("subtract", a, b))
    allowed = of_elements("add", atol, of_elements("multiply", rtol, of_elements("absolute", b)))
    return of_elements("less_equal", distance, allowed)


@call("real", "nan_safe", "broadcast_arrays")
def unchanged(a: Any, *_: Any, **__: Any) -> Any:
    return a
