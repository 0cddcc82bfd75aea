"""Class probabilities from pairwise probabilities, by the iteration of libsvm (Wu, Lin and Weng, 2004)."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from sepal_export.graphs.graph import Value
from sepal_export.graphs.parts import repeat

# The least probability of a pair, so that no class becomes impossible.
LEAST = 1e-7
SWEEPS = 100
STOPS_BELOW = 0.005


def coupled(pairs: Value, classes: int) -> Value:
    """[N, pairs] probabilities of each pair's first class → [N, K]. Each row stops when its own largest error is small,
    so that the result does not depend on other rows."""
    graph = pairs.graph
    products = products_of(pairs.maximum(LEAST).minimum(1 - LEAST), classes)
    start = graph.node("Expand", np.full((1, classes), 1.0 / classes), graph.node("Shape", pairs.columns([0])))

    def step(shares: Value, products: Value) -> list[Value]:
        graph = shares.graph
        rows = [products.columns(np.arange(row * classes, (row + 1) * classes)) for row in range(classes)]
        gradient = added([row * shares.columns([place]) for place, row in enumerate(rows)])
        value = added([(shares * gradient).columns([place]) for place in range(classes)])
        errors = (gradient - value).abs()
        is_wrong = errors.max() >= STOPS_BELOW / classes
        improved = swept(shares, gradient, value, rows)
        goes_on = is_wrong.cast(np.float64).max(axis=0).reshape() > 0.0
        return [goes_on, graph.where(is_wrong, improved, shares), products]

    shares, _ = repeat(graph.constant(np.array(True)), [start, products], [], step, times=max(SWEEPS, classes))
    return shares


def swept(shares: Value, gradient: Value, value: Value, rows: list[Value]) -> Value:
    """Changes one share after another so that its own error is zero, and then divides all shares by their new sum."""
    for place, row in enumerate(rows):
        own, its_gradient = row.columns([place]), gradient.columns([place])
        change = (-its_gradient + value) / own
        total = change + 1.0
        is_own = np.eye(len(rows))[[place]]
        value = (value + change * (change * own + its_gradient * 2.0)) / total / total
        gradient = (gradient + change * row) / total
        shares = (shares + change * is_own) / total
    return shares


def products_of(pairs: Value, classes: int) -> Value:
    """[N, K·K]. At (i, j): minus the product of the pairwise probabilities of i and j. At (i, i): the sum of the
    squares of the other classes' probabilities against i."""
    graph = pairs.graph
    both = graph.concat([pairs, 1.0 - pairs, pairs.columns([0]) * 0.0])
    count = classes * (classes - 1) // 2
    place = np.full((classes, classes), 2 * count)
    for pair, (first, second) in enumerate(combinations(range(classes), 2)):
        place[first, second], place[second, first] = pair, count + pair
    against, for_other = both.columns(place.ravel()), both.columns(place.T.ravel())
    squares = added([both.columns(row) * both.columns(row) for row in place])
    own = squares.columns(np.repeat(np.arange(classes), classes)) * np.eye(classes).reshape(1, -1)
    return own - against * for_other


def added(values: list[Value]) -> Value:
    """Adds values one after another."""
    total = values[0]
    for value in values[1:]:
        total = total + value
    return total
