"""How alike rows are: distances and kernels between N rows and S points that a model keeps, [N, S]."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.sparse import issparse

from sepal_export.converters.rounding import squared_distances_at
from sepal_export.graph import Value

# Of one row that differences from points take at once; more of them are taken a few features at a time.
MAX_DIFFERENCES = 4096
# What scikit-learn does not divide by.
ALMOST_ZERO = 10 * np.finfo(np.float64).eps


def dense(matrix: Any) -> np.ndarray:
    """In float64; what was fitted on sparse rows may be sparse itself."""
    return np.asarray(matrix.toarray() if issparse(matrix) else matrix, dtype=np.float64)


def squared_distances(x: Value, points: np.ndarray) -> Value:
    """The squares of the differences, added up: exact where rows are near each other."""
    return sum_of_differences(x, points, lambda difference: difference * difference)


def manhattan_distances(x: Value, points: np.ndarray) -> Value:
    return sum_of_differences(x, points, Value.abs)


def sum_of_differences(x: Value, points: np.ndarray, function: Callable[[Value], Value]) -> Value:
    """Feature after feature, as scipy.spatial.distance does, so that rows in the middle between two points are as far
    from the one as from the other, to the last bit."""
    count, features = points.shape
    width = max(1, MAX_DIFFERENCES // count)
    total = None
    for start in range(0, features, width):
        columns = np.arange(start, min(start + width, features))
        difference = x.columns(columns).reshape(-1, len(columns), 1) - points.T[np.newaxis, columns]
        terms = function(difference)
        total = (terms if total is None else x.graph.concat([total, terms])).sum()
    return total.reshape(-1, count)


def expanded_squared_distances(x: Value, points: np.ndarray) -> Value:
    """‖x‖² - 2x·point + ‖point‖², added up as sklearn.metrics does, which loses digits where rows are near each other
    and is kept from falling below zero."""
    products = x @ points.T * -2.0
    return (products + (x * x).sum() + (points * points).sum(axis=1)).maximum(0.0)


def kernel(
    x: Value,
    points: np.ndarray,
    metric: Any,
    gamma: float | None,
    coef0: float | None,
    degree: float | None,
    *,
    is_sparse: bool = False,
) -> Value:
    """As sklearn.metrics.pairwise_kernels, whose defaults stand in for None. Of sparse rows, it makes unit rows of
    those too that are next to nothing."""
    gamma = 1.0 / points.shape[1] if gamma is None else float(gamma)
    coef0 = 1.0 if coef0 is None else float(coef0)
    match metric:
        case "linear":
            return x @ points.T
        case "poly" | "polynomial":
            return (x @ points.T * gamma + coef0) ** (3.0 if degree is None else float(degree))
        case "rbf":
            # What follows may weigh it.
            x.graph.expect_rounding(10 * gamma * squared_distances_at(x, points)[1])
            return (expanded_squared_distances(x, points) * -gamma).exp()
        case "laplacian":
            return (manhattan_distances(x, points) * -gamma).exp()
        case "sigmoid":
            return x.graph.node("Tanh", x @ points.T * gamma + coef0)
        case "cosine":
            least = 0.0 if is_sparse else ALMOST_ZERO
            return unit_rows(x, least) @ unit_points(points, least).T
        case _:
            kernel = f"kernel={metric!r}" if isinstance(metric, str) else "its kernel is Python code, which"
            raise NotImplementedError(f"{kernel} has no converter; use kernel='rbf'")


def unit_rows(x: Value, least: float = ALMOST_ZERO) -> Value:
    norm = (x * x).sum().sqrt()
    return x / x.graph.where(norm.equals(0.0) if least == 0.0 else norm < least, 1.0, norm)


def unit_points(points: np.ndarray, least: float = ALMOST_ZERO) -> np.ndarray:
    norm = np.sqrt((points * points).sum(axis=1, keepdims=True))
    return points / np.where((norm == 0.0) | (norm < least), 1.0, norm)
