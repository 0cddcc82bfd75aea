"""Nearest neighbours: the labels of the nearest training rows, or the mean of their values."""

from __future__ import annotations

from typing import Any

import numpy as np

from sepal_export.converters.search import Search, search_of
from sepal_export.graphs.graph import Value
from sepal_export.graphs.table import Classification, Several, Table
from sepal_export.registry import converts, where

# numpy adds fewer than AT_ONCE values one after another. It adds more values in eight accumulators, and first halves
# sums of more than IN_EIGHTS values.
AT_ONCE, IN_EIGHTS = 8, 128
# Two sums that differ by less than this share may be equal except for rounding.
EQUAL = 1e-12
ADDED_UP = (
    "and the order of an unstable sort decides which is larger after rounding; fit it with weights='uniform', or with "
    f"n_neighbors below {AT_ONCE}"
)
# At least this many training rows are examined, and fewer than twice as many; all rows if there are fewer.
MOST = 2_000
USE_KD_TREE = "fit it with algorithm='kd_tree', which gives the same answers to all rows without this problem"


@converts("sklearn.KNeighborsClassifier")
def nearest_neighbours_classifier(estimator: Any, table: Table) -> Classification | Several:
    targets, search = targets_of(estimator), search_of(estimator, table.numbers)
    places, weights = neighbours(estimator, search, table, np.stack([codes for _, codes in targets], axis=1))
    if weights is not None and estimator.n_neighbors >= AT_ONCE:
        refuse_equal_weights(estimator, targets)
    parts = [
        by_votes(estimator, table, places, weights, np.eye(len(known))[codes[search.rows]]) for known, codes in targets
    ]
    return Several(tuple(parts)) if estimator.outputs_2d_ else parts[0]


def by_votes(
    estimator: Any, table: Table, places: Value, weights: Value | None, votes_of_points: np.ndarray
) -> Classification:
    """The label is the one with the largest total weight, added up as in sklearn.utils.extmath.weighted_mode.
    Probabilities are shares of the weight, added up from the nearest neighbour on. `votes_of_points` are [S, K]."""
    x, classes, count = table.numbers, votes_of_points.shape[1], int(estimator.n_neighbors)
    votes = x.graph.constant(votes_of_points).rows(places)
    if weights is not None:
        votes = votes * weights.reshape(0, -1, 1)
    total = votes.sum(axis=1, keepdims=False)
    most = total if weights is None else sum_as_numpy(votes, count).reshape(-1, classes)
    if weights is not None and count >= AT_ONCE and classes > 1:
        first, second = ((-x.graph.least(-total, 2)[0]).columns([place]) for place in (0, 1))
        # If all weights are 0 or 1, as for a row that equals training rows, their sum is the same in any order.
        is_rounded = (weights * (1.0 - weights)).abs().max() > 0.0
        x.graph.doubt(
            (first - second <= first * EQUAL) & is_rounded,
            f"{where(table, estimator)} cannot be exported: {{}} have two labels of the same weight among their "
            f"neighbours, {ADDED_UP}",
        )
    return Classification(most.argmax(), total / total.sum() + nothing(x))


def refuse_equal_weights(estimator: Any, targets: list[tuple[np.ndarray, np.ndarray]]) -> None:
    """Refuses the training data if two labels of a target have the same total weight around some training row. numpy
    adds the weights in the order of an unstable sort, and the last bit of a sum decides which of the labels has more.
    Neighbours that equal the row are left out."""
    count = int(estimator.n_neighbors)
    rows = estimator._fit_X[:: max(1, len(targets[0][1]) // MOST)]
    distances, places = estimator.kneighbors(rows, min(4 * count, estimator.n_samples_fit_))
    is_other = (distances > 0.0) & (np.cumsum(distances > 0.0, axis=1) <= count)
    weights = np.where(is_other, 1.0 / np.where(is_other, distances, 1.0), 0.0)[:, :, np.newaxis]
    for known, codes in targets:
        if len(known) < 2:
            continue
        totals = np.sort((np.eye(len(known))[codes[places]] * weights).sum(axis=1), axis=1)
        first, second = totals[:, -1], totals[:, -2]
        equal = np.count_nonzero((first > 0.0) & (first - second <= first * EQUAL))
        if equal:
            raise NotImplementedError(
                f"{equal:,} of {len(rows):,} training rows have two labels of the same weight among their neighbours, "
                f"{ADDED_UP}"
            )


@converts("sklearn.KNeighborsRegressor")
def nearest_neighbours_regressor(estimator: Any, table: Table) -> Value:
    y = np.asarray(estimator._y)
    values = y.reshape(len(y), -1).astype(np.float64)
    if y.dtype == np.float32:
        table.graph.loosen(1e-6)
    x, search = table.numbers, search_of(estimator, table.numbers)
    places, weights = neighbours(estimator, search, table, values)
    near = x.graph.constant(values[search.rows]).rows(places)
    if weights is None:
        return near.sum(axis=1, keepdims=False) / float(estimator.n_neighbors) + nothing(x)
    return (near * weights.reshape(0, -1, 1)).sum(axis=1, keepdims=False) / weights.sum() + nothing(x)


def targets_of(estimator: Any) -> list[tuple[np.ndarray, np.ndarray]]:
    """By target: its classes, and the position of each training row's class."""
    codes = np.asarray(estimator._y)
    if not estimator.outputs_2d_:
        return [(estimator.classes_, codes.reshape(-1))]
    return [(classes, codes[:, target]) for target, classes in enumerate(estimator.classes_)]


def neighbours(estimator: Any, search: Search, table: Table, targets: np.ndarray) -> tuple[Value, Value | None]:
    """The positions [N, k] of the nearest points of `search`, and their weights [N, k]; None if all weights are
    equal."""
    x, count = table.numbers, int(estimator.n_neighbors)
    is_weighted = require_weights(estimator, search)
    targets = targets[search.rows]
    in_doubt = search.is_in_doubt(x, count, targets)
    if in_doubt is not None:
        x.graph.doubt(in_doubt, f"{where(table, estimator)} cannot be exported: {{}} {doubt_about(estimator, search)}")
    distances, places = search.nearest(x, count, targets)
    return places, inverse(distances) if is_weighted else None


def require_weights(estimator: Any, search: Search) -> bool:
    """Whether closer neighbours have more weight."""
    match estimator.weights:
        case "uniform" | None:
            return False
        case "distance":
            if search.metric in ("expanded", "cosine"):
                out = USE_KD_TREE if search.metric == "expanded" else "fit it with weights='uniform'"
                raise NotImplementedError(
                    "weights='distance' divides by distances, and between a row and an equal training row, brute force "
                    f"finds nothing but a rounding error, which differs between machines; {out}"
                )
            return True
        case _:
            raise NotImplementedError("its weights are Python code; use weights='uniform' or weights='distance'")


def doubt_about(estimator: Any, search: Search) -> str:
    out = way_out(estimator, search)
    return (
        "have neighbours with different labels, values or densities at the distance of neighbour number "
        f"{estimator.n_neighbors}, to within rounding errors, so that the original's choice among them differs between "
        f"machines and numbers of threads; {out}"
    )


def way_out(estimator: Any, search: Search) -> str:
    """Advice for a search whose choice among equally near points is in doubt."""
    if search.rounding_before:
        return "leave out rows that the steps before it make alike, or use another estimator"
    if search.metric == "cosine":
        return "leave out rows that point in the same direction as another, or use another estimator"
    # The option's name in Isomap and LocallyLinearEmbedding.
    option = "neighbors_algorithm" if hasattr(estimator, "nbrs_") else "algorithm"
    return f"fit it with {option}='kd_tree', which gives the same answers to all rows without this problem"


def inverse(distances: Value) -> Value:
    """[N, k] weights. If some distances are 0, only these neighbours count."""
    weights = 1.0 / distances
    is_here = weights.equals(np.inf).cast(np.float64)
    return weights.graph.where(is_here.max() > 0.0, is_here, weights)


def nothing(x: Value) -> Value:
    """[N, 1]: 0, or NaN for a row with a missing or infinite number, which the original refuses."""
    return (x * 0.0).abs().max()


def sum_as_numpy(values: Value, count: int) -> Value:
    """[N, count, K] → [N, 1, K], in numpy's order of addition for contiguous numbers."""

    def part(start: int, stop: int) -> Value:
        return values.rows(values.graph.constant(np.arange(start, stop)), axis=1)

    def total(start: int, stop: int) -> Value:
        length = stop - start
        if length < AT_ONCE:
            return part(start, stop).sum(axis=1)
        if length > IN_EIGHTS:
            middle = start + length // 2 - (length // 2) % AT_ONCE
            return total(start, middle) + total(middle, stop)
        whole = start + length - length % AT_ONCE
        lanes = [part(place, place + AT_ONCE) for place in range(start, whole, AT_ONCE)]
        sums = lanes[0]
        for lane in lanes[1:]:
            sums = sums + lane
        sums = halves(sums)
        for place in range(whole, stop):
            sums = sums + part(place, place + 1)
        return sums

    return total(0, count)


def halves(eight: Value) -> Value:
    """[N, 8, K] → [N, 1, K]: ((0 + 1) + (2 + 3)) + ((4 + 5) + (6 + 7))."""
    for width in (8, 4, 2):
        even, odd = (eight.rows(eight.graph.constant(np.arange(start, width, 2)), axis=1) for start in (0, 1))
        eight = even + odd
    return eight
