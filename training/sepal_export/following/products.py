"""Products of matrices of which one only a request has."""

from __future__ import annotations

from typing import Any

import numpy as np

from sepal_export.following.arrays import Array, as_objects, has_cells, side_by_side
from sepal_export.following.cells import FLOAT, Cell
from sepal_export.following.elements import cells_of
from sepal_export.following.reductions import total


def product(first: Any, second: Any) -> Any:
    """As np.dot and `@` have it: of rows [1, W] and a matrix of constants, or of two of the same width, row by row."""
    a, rows = as_objects(first)
    b, rows_of_second = as_objects(second)
    if not has_cells(b) and a.ndim == 2 and rows == 0:
        weights = np.asarray(second, dtype=np.float64)
        cells = cells_of(*a.ravel().tolist()) if has_cells(a) else a
        made = side_by_side(cells) @ weights.reshape(len(weights), -1)
        matrix = Array(block=Cell(made, FLOAT), width=1 if weights.ndim == 1 else weights.shape[1])
        return matrix[:, 0] if weights.ndim == 1 else matrix
    made = a @ b if a.ndim and b.ndim else total([a.item() * b.item()])
    rows = rows if rows is not None else rows_of_second
    return Array(made, rows=rows) if isinstance(made, np.ndarray) and made.ndim else made
