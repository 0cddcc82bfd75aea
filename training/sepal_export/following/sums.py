"""numpy's norms, differences, cumulative sums, polynomials and averages over the columns of an array."""

from __future__ import annotations

from typing import Any

import numpy as np

from sepal_export.following.arrays import Array
from sepal_export.following.calls import CALLS, array, call
from sepal_export.following.reductions import OF_NUMPY, accumulated, norm, reduced
from sepal_export.following.refusal import NotFollowed, looks_at_other_rows
from sepal_export.following.ufuncs import of_elements


@call("norm")
def norm_(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    sizes = of_elements("absolute", of_elements("multiply", x, 1.0))
    if ord in (1, np.inf, -np.inf):
        return reduced(OF_NUMPY[{1: "sum", np.inf: "max", -np.inf: "min"}[ord]], sizes, axis, keepdims=keepdims)
    if ord not in (None, 2):
        raise NotFollowed(f"np.linalg.norm with ord={ord!r}", "write it with np.sum and **")
    return reduced(norm, sizes, axis, keepdims=keepdims)


@call("diff")
def diff(a: Any, n: int = 1, axis: int = -1, **_: Any) -> Array:
    made = array(a)
    if axis % made.ndim == made.rows:
        raise looks_at_other_rows("np.diff along the rows")
    for _time in range(n):
        cells = np.moveaxis(made.cells, axis, -1)
        after, before = (np.moveaxis(part, -1, axis) for part in (cells[..., 1:], cells[..., :-1]))
        name = "not_equal" if made.dtype == bool else "subtract"
        made = of_elements(name, Array(after, rows=made.rows), Array(before, rows=made.rows))
    return made


@call("cumsum")
def cumsum(a: Any, axis: int | None = None, **_: Any) -> Array:
    made = array(a)
    return accumulated("add", made.astype(int) if made.dtype == bool else made, axis)


@call("nancumsum")
def nancumsum(a: Any, axis: int | None = None, **_: Any) -> Array:
    return cumsum(nan_to_num_missing(a), axis)


def nan_to_num_missing(a: Any) -> Any:
    return CALLS["where"](of_elements("isnan", a), 0, a)


@call("cumprod")
def cumprod(a: Any, axis: int | None = None, **_: Any) -> Array:
    made = array(a)
    return accumulated("multiply", made.astype(int) if made.dtype == bool else made, axis)


@call("ptp")
def ptp(a: Any, axis: Any = None, **options: Any) -> Any:
    largest, smallest = (reduced(OF_NUMPY[name], a, axis, **options) for name in ("max", "min"))
    return of_elements("subtract", largest, smallest)


@call("polyval")
def polyval(p: Any, x: Any) -> Any:
    made = 0
    for coefficient in np.asarray(p).tolist():
        made = of_elements("add", of_elements("multiply", made, x), coefficient)
    return made


@call("average")
def average(a: Any, axis: Any = None, weights: Any = None, **_: Any) -> Any:
    if weights is None:
        return reduced(OF_NUMPY["mean"], a, axis)
    products = of_elements("multiply", array(a), np.asarray(weights, dtype=np.float64))
    return of_elements("divide", reduced(OF_NUMPY["sum"], products, axis), float(np.sum(weights)))
