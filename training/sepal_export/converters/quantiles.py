"""QuantileTransformer: replaces a feature by its share in the training data, or by the normal distribution's value at
that share."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.stats import norm

from sepal_export.converters.preprocessing import double, limit
from sepal_export.converters.tree_ensemble import Mode, Tree, tree_ensemble
from sepal_export.graphs.graph import Value
from sepal_export.graphs.table import Table
from sepal_export.registry import converts

# QuantileTransformer treats values this close to an end of the training range like that end.
BOUNDS_THRESHOLD = 1e-7

# Coefficients of Cephes' rational functions for the inverse normal distribution, the highest power first.
TAIL = 0.13533528323661269189
ROOT_OF_TAU = 2.50662827463100050242
CENTRE_ABOVE = (
    -59.9633501014107895267, 98.0010754185999661536, -56.6762857469070293439, 13.9312609387279679503,
    -1.23916583867381258016,
)  # fmt: skip
CENTRE_BELOW = (
    1.0, 1.95448858338141759834, 4.67627912898881538453, 86.3602421390890590575, -225.462687854119370527,
    200.260212380060660359, -82.0372256168333339912, 15.9056225126211695515, -1.18331621121330003142,
)  # fmt: skip
TAIL_ABOVE = (
    4.05544892305962419923, 31.5251094599893866154, 57.1628192246421288162, 44.0805073893200834700,
    14.6849561928858024014, 2.18663306850790267539, -0.140256079171354495875, -0.0350424626827848203418,
    -0.000857456785154685413611,
)  # fmt: skip
TAIL_BELOW = (
    1.0, 15.7799883256466749731, 45.3907635128879210584, 41.3172038254672030440, 15.0425385692907503408,
    2.50464946208309415979, -0.142182922854787788574, -0.0380806407691578277194, -0.000933259480895457427372,
)  # fmt: skip


@converts("sklearn.QuantileTransformer")
def quantile_transformer(estimator: Any, table: Table) -> Value:
    x, quantiles = table.numbers, double(estimator.quantiles_)
    share = quantile_of(x, quantiles, estimator.references_)
    if estimator.output_distribution == "normal":
        share = normal_quantile_of(x, share, quantiles[0], quantiles[-1])
    return of_sparse_rows(x, share) if table.is_sparse else share


def of_sparse_rows(x: Value, answer: Value) -> Value:
    """Zeros, which a sparse matrix leaves out, stay zero. Negative numbers are refused."""
    if x.graph.stores_zeros:
        raise NotImplementedError(
            "it changes a zero that its sparse rows store, and leaves one that they do not store as it is, and the "
            "model cannot tell these zeros apart; fit it after DictVectorizer(sparse=False)"
        )
    x.graph.refuse(x < 0.0)
    return x.graph.where(x.equals(0.0), 0.0, answer)


def quantile_of(x: Value, quantiles: np.ndarray, references: np.ndarray) -> Value:
    """[N, W]: the mean of interpolating upwards and downwards. The two differ where quantiles [Q, W] are equal."""
    graph = x.graph
    tables = [steps_of(column, references) for column in quantiles.T]
    # One tree per column, so that columns do not depend on each other.
    leaves = [leaf_of(x.columns([index]), search_tree(starts)) for index, (starts, _) in enumerate(tables)]
    counts = [len(starts) + 1 for starts, _ in tables]
    place = graph.concat(leaves) + np.cumsum([0, *counts[:-1]])
    slope, low, up, high, down, at_low = (
        graph.constant(np.concatenate(entries)).rows(place) for entries in zip(*(t for _, t in tables), strict=True)
    )
    between = ((slope * (x - low) + up) - (slope * (high - x) - down)) * 0.5
    return graph.where(x.equals(low), at_low, between)


def steps_of(quantiles: np.ndarray, references: np.ndarray) -> tuple[np.ndarray, tuple[np.ndarray, ...]]:
    """Returns the S different quantiles, in ascending order. They divide the numbers into S + 1 intervals. Also returns
    six arrays [S + 1] with a number for each interval: the slope; the start; the last reference of the start; the end;
    the first reference of the end; the answer at the start."""
    starts, first, counts = np.unique(quantiles, return_index=True, return_counts=True)
    lowest, highest = references[first], references[first + counts - 1]
    slope = np.concatenate([[0.0], (lowest[1:] - highest[:-1]) / np.diff(starts), [0.0]])
    at_start = (highest + lowest) * 0.5
    at_start[-1] = 1.0
    at_start[0] = 0.0
    before, behind = np.append(0, np.arange(len(starts))), np.append(np.arange(len(starts)), -1)
    up, down = highest[before], lowest[behind]
    up[0], down[-1] = references[0], references[-1]
    return starts, (slope, starts[before], up, starts[behind], down, at_start[before])


def leaf_of(x: Value, tree: Tree) -> Value:
    """[N, 1] → [N, 1] int64: the number of the leaf that a row ends in."""
    leaves = np.arange(np.count_nonzero(tree.is_leaf))
    return tree_ensemble(x, [tree], leaves, np.zeros_like(leaves), 1, Mode.LT, np.float64).cast(np.int64)


def search_tree(starts: np.ndarray) -> Tree:
    """A balanced tree. Leaf k is for values with k of the sorted `starts` at or below them."""
    count = len(starts)
    size = 2 * count + 1
    threshold, left, right = np.zeros(size), np.full(size, -1), np.full(size, -1)
    splits = iter(range(count))

    def grow_over(first: int, last: int) -> int:
        if first == last:
            return count + first
        node, middle = next(splits), (first + last) // 2
        threshold[node] = starts[middle]
        left[node], right[node] = grow_over(first, middle), grow_over(middle + 1, last)
        return node

    grow_over(0, count)
    return Tree(np.zeros(size, dtype=int), threshold, left, right, np.zeros(size))


def normal_quantile_of(x: Value, share: Value, lowest: np.ndarray, highest: np.ndarray) -> Value:
    """[N, W], limited to the finite bounds that the original sets for values at the ends of the training range."""
    graph = x.graph
    above, below = x + BOUNDS_THRESHOLD, x - BOUNDS_THRESHOLD
    columns = np.arange(len(lowest))
    graph.add_splits(below, columns, np.nextafter(lowest, -np.inf))
    graph.add_splits(above, columns, highest)
    bound = BOUNDS_THRESHOLD - np.spacing(1)
    least, most = float(norm.ppf(bound)), float(norm.ppf(1 - bound))
    return graph.where(below < lowest, least, graph.where(above > highest, most, limit(ndtri(share), least, most)))


def ndtri(share: Value) -> Value:
    """The inverse normal distribution for shares between 1e-13 and 1 - 1e-13, by the rational functions of Cephes,
    which scipy uses too."""
    graph = share.graph
    is_high = share > 1 - TAIL
    tail = graph.where(is_high, 1.0 - share, share)
    middle = share - 0.5
    square = middle * middle
    inner = middle + middle * (square * polynomial(square, *CENTRE_ABOVE) / polynomial(square, *CENTRE_BELOW))
    size = (tail.log() * -2.0).sqrt()
    inverse = 1.0 / size
    outer = inverse * polynomial(inverse, *TAIL_ABOVE) / polynomial(inverse, *TAIL_BELOW)
    outer = size - size.log() / size - outer
    return graph.where(tail > TAIL, inner * ROOT_OF_TAU, graph.where(is_high, outer, -outer))


def polynomial(x: Value, first: float, second: float, *rest: float) -> Value:
    """Evaluates a polynomial by Horner's rule; the highest power comes first."""
    total = x * first + second if first != 1 else x + second
    for coefficient in rest:
        total = total * x + coefficient
    return total
