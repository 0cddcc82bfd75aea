"""Sums, means and spreads over a row's values, without missing ones."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any

import numpy as np

from sepal_export.following.cells import BOOL, FLOAT, INT, Cell
from sepal_export.following.kinds import cells_of, is_missing, to, where
from sepal_export.following.objects import side_by_side
from sepal_export.following.ufuncs import of_elements


def total(cells: Sequence[Any], **_: Any) -> Any:
    """The sum, in which booleans count as 0 and 1."""
    numbers = [to(cell, INT) if isinstance(cell, Cell) and cell.kind == BOOL else cell for cell in cells]
    if len(numbers) > 8 and all(isinstance(cell, Cell) and cell.kind == FLOAT for cell in numbers):
        return Cell(side_by_side(numbers).sum(), FLOAT)
    return reduce(lambda a, b: of_elements("add", a, b), numbers)


def present(cells: Sequence[Any]) -> list[Any]:
    """Whether each value is there."""
    return [of_elements("invert", is_missing(cell)) if isinstance(cell, Cell) else cell == cell for cell in cells]


def filled(cells: Sequence[Any], value: float) -> list[Any]:
    return [
        where(is_missing(cell), value, cell) if isinstance(cell, Cell) and cell.kind == FLOAT else cell
        for cell in cells
    ]


def count(cells: Sequence[Any], **_: Any) -> Any:
    return total(present(cells))


def total_present(cells: Sequence[Any], **_: Any) -> Any:
    return total(filled(cells, 0.0))


def product_present(cells: Sequence[Any], **_: Any) -> Any:
    return reduce(lambda a, b: of_elements("multiply", a, b), filled(cells, 1.0))


def mean_present(cells: Sequence[Any], **_: Any) -> Any:
    return of_elements("divide", of_elements("multiply", total_present(cells), 1.0), count(cells))


def variance_present(cells: Sequence[Any], ddof: int = 1, **_: Any) -> Any:
    middle, there = mean_present(cells), count(cells)
    squares = [of_elements("square", of_elements("subtract", cell, middle)) for cell in cells]
    # Infinite numbers have no valid square, but count as present.
    squares = [
        where(is_missing(cell), 0.0, square) if isinstance(cell, Cell) else square
        for cell, square in zip(cells, squares, strict=True)
    ]
    left = of_elements("subtract", there, ddof)
    of_some = of_elements("divide", total(squares), left)
    return where(of_elements("greater", left, 0), of_some, np.nan) if isinstance(left, Cell) else of_some


def deviation_present(cells: Sequence[Any], ddof: int = 1, **_: Any) -> Any:
    return of_elements("sqrt", variance_present(cells, ddof))


def median_present(cells: Sequence[Any], **_: Any) -> Any:
    """Missing values are sorted to the end, and the median is that of the others."""
    cells = cells_of(*cells)
    matrix = side_by_side(cells)
    graph, width = matrix.graph, len(cells)
    ordered = graph.least(graph.where(matrix.isnan(), np.inf, matrix), width)[0]
    there = (~matrix.isnan()).cast(np.float64).sum()
    middles = [
        graph.where(
            there.equals(float(size)), (ordered.columns([(size - 1) // 2]) + ordered.columns([size // 2])) / 2.0, 0.0
        )
        for size in range(1, width + 1)
    ]
    return Cell(graph.where(there.equals(0.0), np.nan, reduce(lambda a, b: a + b, middles)), FLOAT)
