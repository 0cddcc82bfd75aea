"""Features as the values of B-splines."""

from __future__ import annotations

from typing import Any

import numpy as np

from sepal_export.graphs.graph import Value
from sepal_export.graphs.table import Table
from sepal_export.registry import converts


@converts("sklearn.SplineTransformer")
def spline_transformer(estimator: Any, table: Table) -> Value:
    """For each feature, the values of its B-splines side by side."""
    refuse_splines(estimator)
    knots = np.stack([spline.t for spline in estimator.bsplines_])
    low, high = knots[:, estimator.degree, None], knots[:, -estimator.degree - 1, None]
    x = table.numbers.reshape(0, len(knots), 1)
    values = extrapolated(estimator, x, knots, low, high)
    if estimator.extrapolation == "error":
        x.graph.refuse((table.numbers < low[:, 0]) | (table.numbers > high[:, 0]))
        table.graph.add_splits(table.numbers, np.arange(len(knots)), np.nextafter(low[:, 0], -np.inf))
        table.graph.add_splits(table.numbers, np.arange(len(knots)), high[:, 0])
    values = x.graph.where(x.isnan(), 0.0 if handles_missing(estimator) else np.nan, values)
    width = estimator.bsplines_[0].c.shape[1]
    kept = np.flatnonzero(np.arange(len(knots) * width) % width < width - 1 + estimator.include_bias)
    return values.reshape(0, -1).columns(kept)


def handles_missing(estimator: Any) -> bool:
    """Whether the option handle_missing is set, which exists from scikit-learn 1.8 on."""
    return getattr(estimator, "handle_missing", "error") == "zeros"


def refuse_splines(estimator: Any) -> None:
    degree, extrapolation = estimator.degree, estimator.extrapolation
    if degree == 0 and extrapolation in ("constant", "linear"):
        raise NotImplementedError(
            f"of degree 0, it fails beyond the training range with extrapolation={extrapolation!r}, or answers what no "
            "spline of that degree has there; use extrapolation='continue', by which the outer steps go on"
        )
    if degree == 1 and extrapolation == "linear" and len(estimator.bsplines_) > 1:
        raise NotImplementedError(
            "it extrapolates the straight lines of all features but the first from an inner knot; use "
            "extrapolation='continue', which goes on in straight lines too"
        )
    is_by_call = extrapolation in ("continue", "error", "periodic")
    if estimator.sparse_output and handles_missing(estimator) and is_by_call:
        raise NotImplementedError("what it makes of a missing value depends on the other rows; use sparse_output=False")


def extrapolated(estimator: Any, x: Value, knots: np.ndarray, low: np.ndarray, high: np.ndarray) -> Value:
    """[N, W, 1] → [N, W, splines]. `knots` [W, knots] cover `low` to `high` [W, 1], plus `degree` knots on each
    side."""
    degree = estimator.degree
    match estimator.extrapolation:
        case "continue" | "error":
            return b_splines(x, knots, degree)
        case "periodic":
            values = b_splines(within_period(x, low, high), knots, degree)
            return wrapped(values, width=knots.shape[1] - 2 * degree - 1, degree=degree)
        case "constant":
            return b_splines(x.maximum(low).minimum(high), knots, degree)
        case "linear":
            return b_splines(x.maximum(low).minimum(high), knots, degree) + beyond(estimator, x, low, high)


def b_splines(x: Value, knots: np.ndarray, degree: int) -> Value:
    """[N, W, 1] → [N, W, knots - degree - 1], by de Boor's recursion from the interval between two knots that contains
    x. The first and the last interval of the training range extend beyond it."""
    graph = x.graph
    steps, last = knots.shape[1] - 1, knots.shape[1] - degree - 2
    starts, ends = np.full((2, len(knots), steps), np.inf)
    starts[:, degree : last + 1], ends[:, degree : last + 1] = (
        knots[:, degree : last + 1],
        knots[:, degree + 1 : last + 2],
    )
    starts[:, degree], ends[:, last] = -np.inf, np.inf
    values = ((x >= starts) & (x < ends)).cast(np.float64)
    for order in range(1, degree + 1):
        width = steps - order
        lengths = knots[:, order:] - knots[:, :-order]
        shares = values / np.where(lengths == 0, np.inf, lengths)
        this, following = (shares.rows(graph.constant(np.arange(first, first + width)), axis=2) for first in (0, 1))
        values = this * (x - knots[:, :width]) + following * (knots[:, order + 1 :] - x)
    return values


def within_period(x: Value, low: np.ndarray, high: np.ndarray) -> Value:
    """Reduces x to one period, with the sign of numpy's remainder. ONNX's remainder has the sign of C's."""
    period = high - low
    if np.any(period == 0):
        raise NotImplementedError("one of its features has a single value, which has no period; leave that out")
    rest = x.graph.node("Mod", x - low, period, fmod=1)
    return x.graph.where(rest < 0.0, rest + period, rest) + low


def wrapped(values: Value, width: int, degree: int) -> Value:
    """Adds the last `degree` splines to the first ones, because they are the same splines one period later."""
    graph = values.graph
    first, middle, last = (
        values.rows(graph.constant(np.arange(*ends)), axis=2)
        for ends in ((0, degree), (degree, width), (width, width + degree))
    )
    return graph.concat([first + last, middle], axis=2)


def beyond(estimator: Any, x: Value, low: np.ndarray, high: np.ndarray) -> Value:
    """[N, W, splines]: the linear extrapolation beyond the ends of the range. Only the outer splines have slopes
    there."""
    degree = estimator.degree
    slopes = [
        np.stack([spline(end, nu=1) for spline, end in zip(estimator.bsplines_, ends[:, 0], strict=True)])
        for ends in (low, high)
    ]
    outer = max(degree, 2)
    slopes[0][:, outer:] = 0
    slopes[1][:, :-outer] = 0
    return (x - low).minimum(0.0) * slopes[0] + (x - high).maximum(0.0) * slopes[1]
