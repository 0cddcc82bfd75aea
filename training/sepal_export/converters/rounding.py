"""Estimates how much an original's answers may differ between machines.

A sum whose terms are larger than the sum itself has the rounding errors of its terms, which depend on the order of
addition.
"""

from __future__ import annotations

import numpy as np

from sepal_export.graphs.graph import Value
from sepal_export.graphs.reaching import reaching
from sepal_export.graphs.table import Column

# The most training rows that are examined.
MOST_ROWS = 500
# The same limit as in functions/core/model/consistency.ts: a larger tolerance proves nothing.
MOST = 1e-3
EPSILON = float(np.finfo(np.float64).eps)


def rows_at(x: Value) -> np.ndarray:
    """[N, W]: the values of `x` for the training rows given to the export, without rows that are not finite there."""
    [rows] = reaching([Column(x)])
    rows = rows[np.isfinite(rows).all(axis=1)]
    return rows[np.unique(np.linspace(0, len(rows) - 1, min(len(rows), MOST_ROWS)).astype(int))]


def squared_distances_at(x: Value, points: np.ndarray) -> tuple[np.ndarray, float]:
    """[N, S]: the exact squared distances, and how much ‖x‖² - 2x·point + ‖point‖² may differ from them."""
    rows = rows_at(x)
    squares = np.stack([np.square(rows - point).sum(axis=1) for point in points], axis=1)
    terms = np.square(rows).sum(axis=1).max(initial=0.0) + np.square(points).sum(axis=1).max()
    return squares, EPSILON * (points.shape[1] + 3) * float(terms)


def near_a_center(squares: np.ndarray, error: float) -> float:
    """How much a distance may differ, as a share of the largest, if its square differs by `error`: by the root of the
    error for a distance near zero. The proof finds any larger difference than MOST."""
    largest = np.sqrt(squares.max(initial=0.0))
    return min(float(np.sqrt(error) / largest), MOST) if largest else 0.0
