"""Finds the training rows nearest to a row, in the same way as scikit-learn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from sepal_export.converters.pairwise import ALMOST_ZERO, dense, unit_points
from sepal_export.converters.search_order import Order, first_kept, order_of_brute_force, order_of_tree
from sepal_export.graphs.compared import MARGIN, MARGIN_OF_FLOAT32, margin_of
from sepal_export.graphs.graph import Value, needed
from sepal_export.graphs.parts import each_row, either

# Integers up to this have squares and sums that float64 holds exactly.
LARGEST_WHOLE = 2**20
# The rounding difference of a sum of F products between two libraries is less than this times F.
BITS = 16 * np.finfo(np.float64).eps
# By the margin at thresholds (see graphs/compared.py): how much a sum from the earlier steps may differ, as a share of
# the lengths.
ROUNDING_BEFORE = {0.0: 0.0, MARGIN: 1e-12, MARGIN_OF_FLOAT32: 1e-6}
SAME = {"l1": "manhattan", "cityblock": "manhattan", "l2": "euclidean", "infinity": "chebyshev", "p": "minkowski"}


@dataclass(frozen=True)
class Search:
    """A search among `points` [S, F]. Point i is row `rows[i]` of the training data. `order` is the order in which the
    original visits points, which decides between equal distances; None if it depends on more than the row. `rounding`
    is how much the original's distances may differ from these, as a share of the squared lengths: 0 if both add up in
    the same order. `rounding_before` is how much the numbers of a row may differ, as a share of the lengths, because of
    the earlier steps."""

    points: np.ndarray
    rows: np.ndarray
    metric: str
    options: dict[str, Any] = field(default_factory=dict)
    order: Order | None = None
    rounding: float = 0.0
    rounding_before: float = 0.0

    def reduced(self, row: Value) -> Value:
        """[F] → [S]: the values that the original compares in place of distances, such as their squares."""
        return DISTANCES[self.metric](self, row)

    def distance(self, reduced: Value) -> Value:
        match self.metric:
            case "euclidean" | "expanded":
                return reduced.sqrt()
            case "minkowski":
                return reduced ** (1.0 / self.options["p"])
            case _:
                return reduced

    def reduced_of(self, distance: float) -> np.float64:
        match self.metric:
            case "euclidean" | "expanded":
                return np.float64(distance) * np.float64(distance)
            case "minkowski":
                return np.float64(distance) ** float(self.options["p"])
            case _:
                return np.float64(distance)

    def is_at(self, row: Value, limit: np.float64) -> Value:
        """[F] → [1] bool: whether a point's distance equals the limit within rounding."""
        return any_of((self.reduced(row) - limit).abs() <= self.margin(row, row.graph.constant(np.array([limit]))))

    def nearest(self, x: Value, count: int, targets: np.ndarray) -> tuple[Value, Value]:
        """[N, F] → the sorted distances [N, count], and the positions of the points, [N, count] int64. Among equally
        distant points with the same `targets` [S, T], any may be chosen."""
        first = np.arange(count)

        def of_row(row: Value) -> list[Value]:
            reduced = self.reduced(row)
            if count == len(self.points):
                least, places = row.graph.least(reduced, count)
                return [self.distance(least), places]
            least, places = row.graph.least(reduced, count + 1)
            if self.order is None:
                return [self.distance(least.rows(first)), places.rows(first)]
            is_tied = least.rows(np.array(count)) <= least.rows(np.array(count - 1))
            values = [row, reduced, least, places]
            [places] = either(is_tied, 1, values, chosen, lambda row, reduced, least, places: [places.rows(first)])
            return [self.distance(least.rows(first)), places]

        def chosen(row: Value, reduced: Value, least: Value, places: Value) -> Sequence[Value]:
            matters = differ(reduced.equals(least.rows(np.array([count]))), targets).reshape()
            return either(
                matters,
                1,
                [row, reduced, places],
                lambda row, reduced, _: [first_kept(self.order, row, reduced, count)],
                lambda row, reduced, places: [places.rows(first)],
            )

        distances, places = each_row(x, [count, count], of_row)
        return distances, places

    def is_in_doubt(self, x: Value, count: int, targets: np.ndarray) -> Value | None:
        """[N, 1] bool: whether points with different `targets` [S, T] are as near as the last of `count`, within
        rounding. Then the original's choice does not depend on the row alone. None if that cannot happen."""
        if count == len(self.points) or (self.order is not None and not self.is_rounded):
            return None

        def of_row(row: Value) -> list[Value]:
            reduced = self.reduced(row)
            least = row.graph.least(reduced, count + 1)[0]
            last = least.rows(np.array([count - 1]))
            margin = self.margin(row, last)
            near = (reduced - last).abs() <= margin
            is_tied = least.rows(np.array([count])) - last <= margin
            if self.rounding_before:
                # Equal points always have equal distances; which leaf comes first also depends on last bits.
                is_tied = is_tied & differ(near, self.alike)
            elif self.order is not None:
                is_tied = is_tied & any_of(near & ~reduced.equals(last))
            return [is_tied & differ(near, targets)]

        return each_row(x, [1], of_row)[0]

    @property
    def alike(self) -> np.ndarray:
        """[S, 1]: one number per group of equal points that the original visits consecutively."""
        leaves = np.zeros(len(self.points)) if self.order is None or self.order.tree is None else self.order.leaf_of
        places = np.column_stack([self.points, np.broadcast_to(leaves, len(self.points))])
        return np.unique(places, axis=0, return_inverse=True)[1].reshape(-1, 1)

    @property
    def is_rounded(self) -> bool:
        """Whether its distances can differ from the original's in their last bits."""
        return bool(self.rounding or self.rounding_before)

    def margin(self, row: Value, reduced: Value) -> Value:
        """[1]: how much reduced distances near `reduced` [1] may differ from the original's."""
        own = reduced * 0.0 + self._margin(row)
        if not self.rounding_before or self.metric == "cosine":
            return own + self.rounding_before
        lengths = row.abs().sum(axis=0) + np.abs(self.points).sum(axis=1).max()
        farther = self.distance(reduced) + lengths * self.rounding_before
        match self.metric:
            case "euclidean" | "expanded":
                return own + (farther * farther - reduced)
            case "minkowski":
                return own + (farther ** float(self.options["p"]) - reduced)
            case _:
                return own + (farther - reduced)

    def _margin(self, row: Value) -> Value | np.ndarray:
        """[1]: the margin from the search's own rounding."""
        match self.metric:
            case _ if not self.rounding:
                return np.zeros(1)
            case "cosine":
                return np.array([self.rounding])
            case "euclidean" | "expanded":
                return ((row * row).sum(axis=0) + np.square(self.points).sum(axis=1).max()) * self.rounding
            case _:
                length = row.abs().sum(axis=0) + np.abs(self.points).sum(axis=1).max()
                return length ** float(self.options.get("p", 1.0)) * self.rounding


def differ(chosen: Value, targets: np.ndarray) -> Value:
    """[S] bool → [1] bool: whether the chosen points have different `targets` [S, T]."""
    graph, of_target = chosen.graph, np.asarray(targets, dtype=np.float64).T
    highest = graph.where(chosen, of_target, -np.inf).max(axis=1)
    lowest = -graph.where(chosen, -of_target, -np.inf).max(axis=1)
    return any_of((highest > lowest).reshape(-1))


def any_of(is_true: Value) -> Value:
    """[S] bool → [1] bool."""
    return is_true.cast(np.float64).max(axis=0) > 0.0


def search_of(estimator: Any, x: Value) -> Search:
    """The search of a fitted neighbours estimator, for rows `x`. Raises NotImplementedError if its distances have no
    converter."""
    search = fitted_search(estimator)
    return replace(search, rounding_before=ROUNDING_BEFORE[margin_of(needed(x.graph.nodes, {x.name}))])


def fitted_search(estimator: Any) -> Search:
    metric = SAME.get(estimator.effective_metric_, estimator.effective_metric_)
    options = {name: value for name, value in estimator.effective_metric_params_.items() if value is not None}
    if metric not in ("euclidean", "manhattan", "chebyshev", "minkowski", "cosine") or set(options) - {"p", "w"}:
        name = estimator.effective_metric_
        raise NotImplementedError(
            f"its metric {repr(name) if isinstance(name, str) else 'is Python code, which'} has no converter; use "
            "metric='euclidean', 'manhattan', 'chebyshev', 'minkowski' or 'cosine'"
        )
    if estimator._fit_method == "brute":
        return brute_force(estimator._fit_X, metric, options)
    data, rows, _, _ = estimator._tree.get_arrays()
    order = order_of_tree(estimator._tree, estimator._fit_method, metric, options)
    # A ball tree skips a ball if a bound says that no point in it is near enough. The bound is rounded, so that the
    # tree may miss a point that is nearer by less than the rounding error.
    rounding = BITS * (len(data[0]) + 3) if estimator._fit_method == "ball_tree" else 0.0
    return Search(np.asarray(data)[rows], np.asarray(rows), metric, options, order, rounding)


def brute_force(fitted: Any, metric: str, options: dict[str, Any]) -> Search:
    """Brute force visits rows in their order as long as a single thread has all of them. For rows that are not float64,
    it sorts some of the distances, and the order of equal ones depends on the CPU."""
    points = dense(fitted)
    rows = np.arange(len(points))
    order = order_of_brute_force(points) if getattr(fitted, "dtype", None) == np.float64 else None
    match metric:
        case "euclidean":
            is_whole = np.array_equal(points, np.rint(points)) and np.abs(points).max() <= LARGEST_WHOLE
            if not is_whole:
                return Search(points, rows, "expanded", options, None, BITS * (points.shape[1] + 3))
            # A client's row that is not of integers can have rounded distances, even from these points.
            return Search(points, rows, "expanded", options, order, BITS * (points.shape[1] + 3))
        case "cosine":
            return Search(points, rows, metric, options, None, BITS * (points.shape[1] + 3))
        case _:
            return Search(points, rows, metric, options, order)


def differences(search: Search, row: Value) -> Value:
    """[F, S]."""
    return row.reshape(-1, 1) - np.ascontiguousarray(search.points.T)


def squared(search: Search, row: Value) -> Value:
    difference = differences(search, row)
    return (difference * difference).sum(axis=0, keepdims=False)


def expanded(search: Search, row: Value) -> Value:
    """‖x‖² - 2x·point + ‖point‖², like scikit-learn's brute force."""
    products = row.reshape(1, -1) @ np.ascontiguousarray(search.points.T) * -2.0
    squares = (row * row).sum(axis=0) + products + np.square(search.points).sum(axis=1)
    return squares.maximum(0.0).reshape(-1)


def powers(search: Search, row: Value) -> Value:
    # One exponent per point. A single exponent of 2 or 3 would be computed as a product, not as a power like in the
    # original.
    terms = differences(search, row).abs() ** np.full((1, len(search.points)), float(search.options["p"]))
    if "w" in search.options:
        terms = terms * np.asarray(search.options["w"], dtype=np.float64).reshape(-1, 1)
    return terms.sum(axis=0, keepdims=False)


def cosine(search: Search, row: Value) -> Value:
    norm = (row * row).sum(axis=0).sqrt()
    unit = row / row.graph.where(norm < ALMOST_ZERO, 1.0, norm)
    products = unit.reshape(1, -1) @ np.ascontiguousarray(unit_points(search.points).T)
    return (1.0 - products).clip(0.0, 2.0).reshape(-1)


DISTANCES: dict[str, Callable[[Search, Value], Value]] = {
    "euclidean": squared,
    "expanded": expanded,
    "manhattan": lambda search, row: differences(search, row).abs().sum(axis=0, keepdims=False),
    "chebyshev": lambda search, row: differences(search, row).abs().max(axis=0, keepdims=False),
    "minkowski": powers,
    "cosine": cosine,
}
