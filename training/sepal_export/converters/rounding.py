"""How far the answers of an original may be from those of the same original on another machine.

A sum whose terms are larger than itself has the rounding errors of its terms, and these depend on the order in which
they are added.
"""

from __future__ import annotations

import numpy as np

from sepal_export.graph import Value
from sepal_export.reaching import reaching
from sepal_export.table import Column

# Of the training rows that are looked at.
MOST_ROWS = 500
# As functions/core/model/consistency.ts has it: a larger tolerance proves nothing.
MOST = 1e-3
EPSILON = float(np.finfo(np.float64).eps)


def rows_at(x: Value) -> np.ndarray:
    """[N, W]: of the training rows that the export was given, those that are finite where they are `x`."""
    [rows] = reaching([Column(x)])
    rows = rows[np.isfinite(rows).all(axis=1)]
    return rows[np.unique(np.linspace(0, len(rows) - 1, min(len(rows), MOST_ROWS)).astype(int))]


def squared_distances_at(x: Value, points: np.ndarray) -> tuple[np.ndarray, float]:
    """[N, S], exactly, and how far ‖x‖² - 2x·point + ‖point‖² may be from it."""
    rows = rows_at(x)
    squares = np.stack([np.square(rows - point).sum(axis=1) for point in points], axis=1)
    terms = np.square(rows).sum(axis=1).max(initial=0.0) + np.square(points).sum(axis=1).max()
    return squares, EPSILON * (points.shape[1] + 3) * float(terms)


def near_a_center(squares: np.ndarray, error: float) -> float:
    """How far a distance may be, as a share of the largest, where its square is off by `error`: the root of it, where
    the distance itself is next to nothing. Any more than MOST is for the proof to find."""
    largest = np.sqrt(squares.max(initial=0.0))
    return min(float(np.sqrt(error) / largest), MOST) if largest else 0.0
