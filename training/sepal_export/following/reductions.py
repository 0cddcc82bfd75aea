"""Reductions over cells of a row: sums, means and extremes, like in numpy and in pandas."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

import numpy as np

from sepal_export.following.arrays import Array
from sepal_export.following.broadcasting import as_objects
from sepal_export.following.cells import FLOAT, INT, Cell
from sepal_export.following.comparing import is_true
from sepal_export.following.gaps import (
    count,
    deviation_present,
    mean_present,
    median_present,
    product_present,
    total,
    total_present,
    variance_present,
)
from sepal_export.following.kinds import cells_of
from sepal_export.following.objects import filled_with, side_by_side
from sepal_export.following.refusal import NotFollowed, looks_at_other_rows
from sepal_export.following.ufuncs import of_elements

Fold = Callable[..., Any]


def folded(name: str) -> Fold:
    return lambda cells, **_: reduce(lambda a, b: of_elements(name, a, b), cells)


def mean(cells: Sequence[Any], **_: Any) -> Any:
    return of_elements("divide", total(cells), float(len(cells)))


def variance(cells: Sequence[Any], ddof: int = 0, **_: Any) -> Any:
    middle = mean(cells)
    squares = [of_elements("square", of_elements("subtract", cell, middle)) for cell in cells]
    return of_elements("divide", total(squares), float(len(cells) - ddof))


def deviation(cells: Sequence[Any], ddof: int = 0, **_: Any) -> Any:
    return of_elements("sqrt", variance(cells, ddof))


def median(cells: Sequence[Any], **_: Any) -> Any:
    cells = cells_of(*cells) if any(isinstance(cell, Cell) for cell in cells) else cells
    matrix = side_by_side(cells)
    count = len(cells)
    ordered = matrix.graph.least(matrix, count)[0]
    low, high = (ordered.columns([place]) for place in ((count - 1) // 2, count // 2))
    lacks = matrix.isnan().cast(np.float64).max() > 0.0
    return Cell(matrix.graph.where(lacks, np.nan, (low + high) / 2.0), FLOAT)


def every(cells: Sequence[Any], **_: Any) -> Any:
    return reduce(lambda a, b: of_elements("logical_and", a, b), map(truth, cells))


def some(cells: Sequence[Any], **_: Any) -> Any:
    return reduce(lambda a, b: of_elements("logical_or", a, b), map(truth, cells))


def truth(value: Any) -> Any:
    return is_true(value) if isinstance(value, Cell) else bool(value)


def nonzero(cells: Sequence[Any], **_: Any) -> Any:
    return total([truth(cell) for cell in cells])


def first_of(name: str) -> Fold:
    """The position of the largest, or smallest, value."""

    def fold(cells: Sequence[Any], **_: Any) -> Cell:
        cells = cells_of(*cells)
        matrix = side_by_side(cells)
        signed = matrix if name == "argmax" else -matrix
        if any(cell.kind == FLOAT for cell in cells):
            # If there is a NaN, the first one is the result.
            lacks = matrix.isnan().cast(np.float64)
            signed = matrix.graph.where(lacks.max() > 0.0, lacks, signed)
        return Cell(signed.argmax().reshape(-1, 1), INT)

    return fold


def norm(cells: Sequence[Any], **_: Any) -> Any:
    return of_elements("sqrt", total([of_elements("square", of_elements("absolute", cell)) for cell in cells]))


METHODS: dict[str, Fold] = {
    "all": every, "any": some, "argmax": first_of("argmax"), "argmin": first_of("argmin"), "max": folded("maximum"),
    "mean": mean, "min": folded("minimum"), "prod": folded("multiply"), "std": deviation, "sum": total, "var": variance,
}  # fmt: skip
OF_NUMPY: dict[str, Fold] = {
    **METHODS, "amax": METHODS["max"], "amin": METHODS["min"], "count_nonzero": nonzero, "median": median,
    "nanmax": folded("fmax"), "nanmean": mean_present, "nanmedian": median_present, "nanmin": folded("fmin"),
    "nanprod": product_present, "nansum": total_present,
    "nanstd": lambda cells, ddof=0, **_: deviation_present(cells, ddof),
    "nanvar": lambda cells, ddof=0, **_: variance_present(cells, ddof),
}  # fmt: skip
# Reductions for which pandas skips missing values.
OF_PANDAS: dict[str, Fold] = {
    "all": every, "any": some, "count": count, "max": folded("fmax"), "mean": mean_present, "median": median_present,
    "min": folded("fmin"), "prod": product_present, "product": product_present, "std": deviation_present,
    "sum": total_present, "var": variance_present,
}  # fmt: skip
REDUCED = {
    "add": total, "logical_and": every, "logical_or": some, "maximum": folded("maximum"),
    "minimum": folded("minimum"), "multiply": folded("multiply"),
}  # fmt: skip


def reduced(
    fold: Fold, operand: Any, axis: Any = None, dtype: Any = None, *, keepdims: Any = False, **options: Any
) -> Any:
    """Reduces along an axis other than that of the rows."""
    refuse_others(options)
    options = {name: value for name, value in options.items() if name == "ddof"}
    cells, rows = as_objects(operand)
    cells = cells if dtype is None else Array(cells, rows=rows).astype(dtype).cells
    axes = range(cells.ndim) if axis is None else [one % cells.ndim for one in np.atleast_1d(axis)]
    if rows is not None and rows in axes:
        raise looks_at_other_rows(
            "what it computes of a whole array" if axis is None else "what it computes along axis 0"
        )
    kept = [place for place in range(cells.ndim) if place not in axes]
    moved = cells.transpose([*kept, *axes])
    sizes = moved.shape[: len(kept)]
    lines = moved.reshape(int(np.prod(sizes)), -1)
    made = filled_with([fold(line.tolist(), **options) for line in lines], sizes)
    if keepdims is True:
        return Array(np.expand_dims(made, tuple(axes)), rows=rows)
    return Array(made, rows=None if rows is None else kept.index(rows)) if made.ndim else made.item()


def refuse_others(options: dict[str, Any]) -> None:
    """Refuses arguments of numpy's and pandas' reductions that would change the result."""
    for name in ("initial", "where", "out", "weights", "correction", "mean", "method", "interpolation"):
        if name in options and options[name] is not None and options[name] is not True:
            raise NotFollowed(f"it reduces with {name}=", "compute that before, such as np.where(…).sum(axis=1)")


def accumulated(name: str, operand: Any, axis: int | None = 0, **_: Any) -> Array:
    """A cumulative operation."""
    cells, rows = as_objects(operand)
    if axis is None or axis % cells.ndim == rows:
        raise looks_at_other_rows(f"np.{name} along the rows")
    lines = np.moveaxis(cells.copy(), axis, -1)
    for place in range(1, lines.shape[-1]):
        both = (Array(lines[..., at], rows=None) for at in (place - 1, place))
        lines[..., place] = as_objects(of_elements(name, *both))[0]
    return Array(np.moveaxis(lines, -1, axis), rows=rows)
