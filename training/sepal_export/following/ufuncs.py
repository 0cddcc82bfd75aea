"""numpy's ufuncs for a single cell, and for all classes that hold cells: an array, a column or a frame."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from sepal_export.following.cells import Cell
from sepal_export.following.elements import AS_PANDAS, ELEMENTS, function_named
from sepal_export.following.kinds import where
from sepal_export.following.refusal import NotFollowed

ALIASES = {"true_divide": "divide", "mod": "remainder", "conjugate": "positive"}


def applied(ufunc: Any, method: str, inputs: Sequence[Any], options: dict[str, Any]) -> Any:
    """Applies a numpy ufunc to operands."""
    name = ALIASES.get(ufunc.__name__, ufunc.__name__)
    if method == "reduce":
        from sepal_export.following.reductions import REDUCED, reduced

        if name not in REDUCED:
            raise NotFollowed(f"it reduces by np.{name}")
        return reduced(REDUCED[name], *inputs, **{"axis": 0, **options})
    if name == "matmul":
        from sepal_export.following.products import product

        return product(*inputs)
    if method == "accumulate":
        from sepal_export.following.reductions import accumulated

        return accumulated(name, *inputs, **options)
    if method == "outer":
        return outer(name, *inputs)
    if method != "__call__":
        raise NotFollowed(f"it calls np.{name}.{method}")
    if name == "divmod":
        return of_elements("floor_divide", *inputs), of_elements("remainder", *inputs)
    mask, out = options.get("where", True), options.get("out")
    if name not in ELEMENTS:
        raise NotFollowed(f"it calls {name}")
    if getattr(np, name, ufunc) is not ufunc and ufunc.__name__ not in ALIASES:
        # scipy's functions use 64 bits also for booleans.
        inputs = [of_elements("multiply", part, 1.0) for part in inputs]
    answer = of_elements(name, *inputs)
    if out is None:
        if mask is not True:
            raise NotFollowed(f"np.{name} with where= and without out=", "give it out=np.zeros_like(…)")
        return answer
    [target] = out
    if mask is not True:
        answer = of_cells(lambda m, a, b: plain_or(where, np.where, m, a, b), mask, answer, target)
    target[...] = answer
    return target


def of_elements(name: str, *operands: Any) -> Any:
    """Applies the function with numpy's name. If all operands are constants, numpy computes the result."""
    function = function_named(name)
    element = AS_PANDAS[name] if name in AS_PANDAS and any(map(is_of_pandas, operands)) else ELEMENTS[name]
    return of_cells(lambda *cells: plain_or(element, function, *cells), *operands)


def is_of_pandas(operand: Any) -> bool:
    from sepal_export.following.frames import Frame
    from sepal_export.following.series import Series

    return type(operand) is Frame or isinstance(operand, Series)


def outer(name: str, first: Any, second: Any) -> Any:
    """The outer operation of one number per row and constants."""
    if np.ndim(second) != 1 or getattr(first, "shape", None) != (1,):
        raise NotFollowed(f"np.{name}.outer of other things than a column and constants", "use [:, None]")
    return of_elements(name, first[:, None], np.asarray(second))


def plain_or(element: Callable[..., Any], function: Callable[..., Any], *operands: Any) -> Any:
    if any(isinstance(operand, Cell) for operand in operands):
        return element(*operands)
    return function(*operands)


def of_cells(element: Callable[..., Any], *operands: Any) -> Any:
    """Applies `element` to each element of the operands. The result has the form of the largest operand."""
    from sepal_export.following.arrays import Array
    from sepal_export.following.assigned import of_frames
    from sepal_export.following.broadcasting import elementwise
    from sepal_export.following.frames import Frame
    from sepal_export.following.series import Series, of_series

    if any(type(operand) is Frame for operand in operands):
        return of_frames(element, *operands)
    if any(isinstance(operand, Series) for operand in operands):
        return of_series(element, *operands)
    if any(isinstance(operand, Array) for operand in operands):
        return elementwise(element, *operands)
    if any(isinstance(operand, np.ndarray) and operand.ndim for operand in operands):
        return elementwise(element, *operands)
    return element(*operands)


def clip(x: Any, low: Any = None, high: Any = None) -> Any:
    """NaN stays NaN. In pandas a limit of NaN has no effect; in numpy it makes everything NaN."""
    for limit, name in ((low, "maximum"), (high, "minimum")):
        if limit is not None and not (isinstance(limit, float) and limit != limit and is_of_pandas(x)):
            x = of_elements(name, x, limit)
    return x
