"""Decompositions that find what they make of a row step by step. Each row goes on until its own end."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import digamma

from sepal_export.converters.pairwise import dense
from sepal_export.graph import Value
from sepal_export.registry import converts
from sepal_export.table import Table

EPSILON = float(np.finfo(np.float64).eps)
EULER = 0.577215664901532860606512090082402431
# What scikit-learn's digamma takes for so near to zero that one term is enough, and for large enough for a series.
NEAR_ZERO, LARGE = 1e-6, 6


@converts("sklearn.LatentDirichletAllocation")
def topics(estimator: Any, table: Table) -> Value:
    """The shares of topics of a row of counts. Its update ends with the first change of a row that is small enough."""
    words, count = dense(estimator.exp_dirichlet_component_), len(estimator.components_)
    ones = np.ones(len(words))
    counts = not_negative(table.numbers)
    first = counts.columns([0]) * 0.0
    at_first = np.full((1, count), np.exp(digamma(1.0) - digamma(count)))
    states = [first + np.ones((1, count)), first + at_first, first + 1.0]

    def step(counts: Value, topics: Value, weights: Value, is_active: Value) -> tuple[Value, list[Value]]:
        share = counts / (weights @ words + EPSILON)
        new = weights * (share @ words.T) + float(estimator.doc_topic_prior_)
        total = new @ ones[:, None]
        new_weights = (psi(new) - psi(total)).exp()
        change = (topics - new).abs() @ ones[:, None] / float(count)
        goes_on = is_active > 0.0
        kept = [new.graph.where(goes_on, *pair) for pair in ((new, topics), (new_weights, weights))]
        still = goes_on & (change >= float(estimator.mean_change_tol))
        return any_of(still), [*kept, still.cast(np.float64)]

    found, _, _ = table.graph.repeat(estimator.max_doc_update_iter, step, [counts], states)
    found = found.reshape(-1, count)
    return found / found.sum()


def psi(x: Value) -> Value:
    """The digamma function of what is positive, as scikit-learn has it: by steps of one to where its series holds."""
    graph, y, total = x.graph, x, 0.0
    for _ in range(LARGE):
        is_small = y < float(LARGE)
        total = graph.where(is_small, total - 1.0 / y, total)
        y = graph.where(is_small, y + 1.0, y)
    r = 1.0 / y
    total = total + (y.log() - r * 0.5)
    r = r * r
    series = total - r * (1 / 12 - r * (1 / 120 - r * (1 / 252)))
    return graph.where(x <= NEAR_ZERO, -EULER - 1.0 / x, series)


@converts("sklearn.NMF")
def non_negative_factors(estimator: Any, table: Table) -> Value:
    """Coordinate descent from zero, one component after another. It ends where nothing changes any more, or after the
    original's number of rounds."""
    if estimator.solver != "cd":
        raise NotImplementedError(
            "solver='mu' begins at the mean of all rows that it is given, so that its answer to a row depends on the "
            "rows beside it; use solver='cd' with tol=0"
        )
    if estimator.tol > 0:
        raise NotImplementedError(
            f"tol={estimator.tol} ends its descent by the sum over all rows that it is given, so that its answer to a "
            "row depends on the rows beside it; with tol=0 it does not, which can be set after the fit too"
        )
    if estimator.shuffle:
        raise NotImplementedError("shuffle=True changes the order at random; leave it out")
    components = dense(estimator.components_)
    l1, _, l2, _ = penalties(estimator)
    width = len(components)
    hessian = components @ components.T
    hessian[np.diag_indices(width)] += l2
    projected = not_negative(table.numbers) @ components.T - l1

    def step(projected: Value, weights: Value) -> tuple[Value, list[Value]]:
        graph, new = weights.graph, weights
        for place in np.flatnonzero(np.diag(hessian)):
            gradient = new @ hessian[:, [place]] - projected.columns([place])
            moved = (new - gradient / hessian[place, place]).maximum(0.0)
            new = graph.where(np.arange(width)[None] == place, moved, new)
        return any_of(~new.equals(weights)), [new]

    # NaN stays NaN, and is no end of its own.
    [weights] = table.graph.repeat(estimator.max_iter, step, [projected], [projected * 0.0])
    return weights.reshape(-1, width)


def penalties(estimator: Any) -> tuple[float, ...]:
    """Of the weights and of the components, of absolute values and of squares, for one row."""
    return estimator._compute_regularization(np.empty((1, estimator.components_.shape[1])))


def not_negative(x: Value) -> Value:
    """The original refuses a row with a negative value: NaN makes that no answer here either."""
    return x.graph.where(x < 0.0, np.nan, x)


def any_of(x: Value) -> Value:
    """Whether one element of a boolean [N, W] is true."""
    return x.cast(np.float64).reshape(1, -1).max() > 0.0
