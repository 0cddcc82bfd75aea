"""Matrix products in which one matrix is only known in a request."""

from __future__ import annotations

from typing import Any

import numpy as np

from sepal_export.following.arrays import Array
from sepal_export.following.broadcasting import as_objects
from sepal_export.following.cells import FLOAT, INT, Cell
from sepal_export.following.kinds import cells_of, to
from sepal_export.following.objects import dtype_of, has_cells, side_by_side
from sepal_export.following.ufuncs import of_elements


def product(first: Any, second: Any) -> Any:
    """Like np.dot and `@`: rows [1, W] times a matrix of constants, or two of the same width, row by row."""
    if np.ndim(first) == 0 or np.ndim(second) == 0:
        return of_elements("multiply", first, second)
    a, rows = as_objects(first)
    b, rows_of_second = as_objects(second)
    if not has_cells(b) and a.ndim == 2 and rows == 0:
        weights = np.asarray(second, dtype=np.float64)
        cells = cells_of(*a.ravel().tolist()) if has_cells(a) else a
        made = side_by_side(cells) @ weights.reshape(len(weights), -1)
        is_whole = dtype_of(a.ravel().tolist()).kind in "bi" and np.asarray(second).dtype.kind in "bi"
        cell = to(Cell(made, FLOAT), INT) if is_whole else Cell(made, FLOAT)
        matrix = Array(block=cell, width=1 if weights.ndim == 1 else weights.shape[1])
        return matrix[:, 0] if weights.ndim == 1 else matrix
    made = a @ b
    rows = rows if rows is not None else rows_of_second
    return Array(made, rows=rows) if isinstance(made, np.ndarray) and made.ndim else made


def squared_distances(first: Any, second: Any) -> Cell:
    """[N, K]: from each row to the rows of a matrix of constants, computed like in scikit-learn."""
    others = np.asarray(second, dtype=np.float64)
    x = side_by_side(cells_of(*as_objects(first)[0].ravel().tolist()))
    squares = (x * x).sum() - (x @ others.T) * 2.0 + (others * others).sum(axis=1)[None, :]
    return Cell(x.graph.where(squares < 0.0, 0.0, squares), FLOAT)


def rbf_kernel(X: Any, Y: Any = None, gamma: float | None = None) -> Array:
    """scikit-learn's function of this name."""
    distances = squared_distances(X, Y)
    gamma = 1.0 / np.shape(Y)[1] if gamma is None else gamma
    return Array(block=Cell((distances.value * float(-gamma)).exp(), FLOAT), width=len(Y))


def euclidean_distances(X: Any, Y: Any = None, *, squared: bool = False, **_: Any) -> Array:
    """scikit-learn's function of this name."""
    distances = squared_distances(X, Y)
    made = distances if squared else Cell(distances.value.sqrt(), FLOAT)
    return Array(block=made, width=len(Y))
