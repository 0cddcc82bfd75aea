"""Distances and kernels between N rows and S points that a model stores: [N, S]."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.sparse import issparse

from sepal_export.converters.rounding import squared_distances_at
from sepal_export.graphs.graph import Value

# The most differences of one row that are computed at once; more are computed a few features at a time.
MAX_DIFFERENCES = 4096
# scikit-learn does not divide by numbers below this.
ALMOST_ZERO = 10 * np.finfo(np.float64).eps


def dense(matrix: Any) -> np.ndarray:
    """Converts to a dense float64 matrix. An estimator fitted on sparse rows may store a sparse one."""
    return np.asarray(matrix.toarray() if issparse(matrix) else matrix, dtype=np.float64)


def squared_distances(x: Value, points: np.ndarray) -> Value:
    """The sum of squared differences. Unlike expanded_squared_distances, it loses no digits if a row is close to a
    point."""
    return sum_of_differences(x, points, lambda difference: difference * difference)


def manhattan_distances(x: Value, points: np.ndarray) -> Value:
    return sum_of_differences(x, points, Value.abs)


def sum_of_differences(x: Value, points: np.ndarray, function: Callable[[Value], Value]) -> Value:
    """Adds feature after feature, like scipy.spatial.distance, so that rows midway between two points have equal
    distances to the last bit."""
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
    """‖x‖² - 2x·point + ‖point‖², added up like in sklearn.metrics. It loses digits if a row is close to a point.
    Negative results become 0."""
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
    """Like sklearn.metrics.pairwise_kernels; None means its defaults. For sparse rows, rows of nearly zero length are
    normalized too."""
    gamma = 1.0 / points.shape[1] if gamma is None else float(gamma)
    coef0 = 1.0 if coef0 is None else float(coef0)
    match metric:
        case "linear":
            return x @ points.T
        case "poly" | "polynomial":
            return (x @ points.T * gamma + coef0) ** (3.0 if degree is None else float(degree))
        case "rbf":
            # The estimator that uses the kernel may multiply its rounding error, so ten times that error is expected.
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
