"""numpy's functions of whole arrays, if an argument holds cells."""

from __future__ import annotations

from typing import Any

import numpy as np

from sepal_export.following import bins, orders, shapes, sums, turns
from sepal_export.following.arrays import Array
from sepal_export.following.bins import is_among, places_among
from sepal_export.following.broadcasting import as_objects
from sepal_export.following.calls import CALLS, array, call
from sepal_export.following.cells import FLOAT, Cell
from sepal_export.following.kinds import is_missing
from sepal_export.following.objects import uniform
from sepal_export.following.products import product
from sepal_export.following.reductions import OF_NUMPY, reduced
from sepal_export.following.refusal import NotFollowed, looks_at_other_rows
from sepal_export.following.rounding import rounded
from sepal_export.following.shapes import column_stack, joined
from sepal_export.following.ufuncs import clip, of_cells, of_elements, plain_or
from sepal_export.graphs import functions

# Some of these are imported only to be registered.
__all__ = [
    "CALLS", "OF_NUMPY", "array", "as_array", "bins", "called", "column_stack", "is_among", "joined", "orders",
    "places_among", "shapes", "sums", "turns",
]  # fmt: skip
# Functions whose results usually depend on other rows. Every call with cells is refused.
OF_OTHER_ROWS = {"bincount", "corrcoef", "cov", "histogram", "lexsort", "unique"}


def called(function: Any, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
    return by_name(function.__name__, *args, **options)


def by_name(name: str, *args: Any, **options: Any) -> Any:
    if name in CALLS:
        return CALLS[name](*args, **options)
    if name in OF_NUMPY:
        return reduction(name, *args, **options)
    if name in OF_OTHER_ROWS:
        raise looks_at_other_rows(f"np.{name}")
    raise NotFollowed(f"it calls np.{name}")


def reduction(name: str, a: Any, axis: Any = None, *args: Any, **options: Any) -> Any:
    """Frames and columns use pandas' own method."""
    if args:
        raise NotFollowed(f"np.{name} with arguments that have no name", "name each argument after the axis")
    if not hasattr(a, "as_array"):
        return reduced(OF_NUMPY[name], a, axis, **options)
    method = name.removeprefix("nan")
    method = {"amax": "max", "amin": "min"}.get(method, method)
    if method in ("std", "var"):
        options.setdefault("ddof", 0)
    return getattr(a, method)(axis=axis, **options) if axis is not None else getattr(a, method)()


@call("array", "copy")
def copied(operand: Any, dtype: Any = None, **options: Any) -> Any:
    made = as_array(operand, dtype)
    return made.copy() if made is operand and options.get("copy", True) else made


@call("asarray", "asanyarray", "ascontiguousarray")
def as_array(operand: Any, dtype: Any = None, **_: Any) -> Any:
    """Returns the same array if it already has the type."""
    made = operand if type(operand) is Array else Array(uniform(array(operand).cells.copy()), rows=array(operand).rows)
    return made if dtype is None or made.dtype == getattr(dtype, "original", dtype) else made.astype(dtype)


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
    def element(cell: Cell) -> Cell:
        return cell if cell.kind != FLOAT else Cell(functions.nan_to_num(cell.value, nan, posinf, neginf), FLOAT)

    made = of_cells(lambda cell: plain_or(element, lambda c: np.nan_to_num(c, True, nan, posinf, neginf), cell), x)
    if not copy and type(x) is Array:
        x.take_over(made)
        return x
    return made


@call("dot", "matmul", "inner")
def dot(a: Any, b: Any, **_: Any) -> Any:
    return product(a, b)


@call("sinc")
def sinc(x: Any) -> Any:
    y = of_elements("multiply", np.pi, CALLS["where"](of_elements("equal", x, 0), 1e-20, x))
    return of_elements("divide", of_elements("sin", y), y)


@call("apply_along_axis")
def apply_along_axis(func1d: Any, axis: int, arr: Any, *args: Any, **options: Any) -> Any:
    # Imported late: scopes and frames need numpy's functions, so they come after this module.
    from sepal_export.following.scopes import in_paths

    made = array(arr)
    if axis % made.ndim != 1 or made.ndim != 2:
        raise looks_at_other_rows("np.apply_along_axis along the rows")
    answer = in_paths(lambda: func1d(Array(made.cells[0].copy(), rows=None), *args, **options))
    return as_rows(answer)


def as_rows(answer: Any) -> Array:
    """The result for one row as an array of rows."""
    cells, rows = as_objects(answer)
    return Array(uniform(cells[None, ...]) if rows is None else cells, rows=0)


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
def isclose(a: Any, b: Any, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False) -> Any:
    a, b = of_elements("multiply", a, 1.0), of_elements("multiply", b, 1.0)
    distance = of_elements("absolute", of_elements("subtract", a, b))
    allowed = of_elements("add", atol, of_elements("multiply", rtol, of_elements("absolute", b)))
    is_near = of_elements("logical_and", of_elements("less_equal", distance, allowed), of_elements("isfinite", b))
    made = of_elements("logical_or", is_near, of_elements("equal", a, b))
    if not equal_nan:
        return made
    return of_elements("logical_or", made, of_elements("logical_and", *(of_elements("isnan", part) for part in (a, b))))


@call("conj", "conjugate", "real")
def unchanged(a: Any, *_: Any, **__: Any) -> Any:
    return a


@call("fix")
def fix(x: Any, *_: Any) -> Any:
    return of_elements("trunc", x)


for _name in ("isposinf", "isneginf"):
    call(_name)(lambda x, *_, name=_name: of_elements(name, x))
