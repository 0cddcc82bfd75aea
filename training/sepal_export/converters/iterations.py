"""Decompositions that transform a row by iteration. When a row's iteration ends depends on that row alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.special import digamma

from sepal_export.converters.pairwise import dense
from sepal_export.graphs.graph import Value
from sepal_export.graphs.parts import repeat
from sepal_export.graphs.table import Table
from sepal_export.registry import converts, where

EPSILON = float(np.finfo(np.float64).eps)
# NMF never divides by less than this.
LEAST = float(np.finfo(np.float32).eps)
EULER = 0.577215664901532860606512090082402431
# In scikit-learn's digamma: up to the first, two terms are enough; from the second on, a series is used.
NEAR_ZERO, LARGE = 1e-6, 6


@converts("sklearn.LatentDirichletAllocation")
def topics(estimator: Any, table: Table) -> Value:
    """The shares of topics in a row of counts. A row is updated until an update changes its topics little enough."""
    if estimator.components_.dtype == np.float32:
        raise NotImplementedError(
            "it was fitted to float32, and the rounding to float32 decides when its iteration ends; fit it to float64"
        )
    words, count = dense(estimator.exp_dirichlet_component_), len(estimator.components_)
    ones = np.ones(len(words))
    counts = not_negative(table.numbers)
    first = counts.columns([0]) * 0.0
    at_first = np.full((1, count), np.exp(digamma(1.0) - digamma(count)))
    states = [first + np.ones((1, count)), first + at_first, first + 1.0]

    def step(counts: Value, topics: Value, weights: Value, is_active: Value) -> list[Value]:
        share = counts / (weights @ words + EPSILON)
        new = weights * (share @ words.T) + float(estimator.doc_topic_prior_)
        total = new @ ones[:, None]
        new_weights = (psi(new) - psi(total)).exp()
        change = (topics - new).abs() @ ones[:, None] / float(count)
        goes_on = is_active > 0.0
        kept = [new.graph.where(goes_on, *pair) for pair in ((new, topics), (new_weights, weights))]
        still = goes_on & (change >= float(estimator.mean_change_tol))
        return [any_of(still), counts, *kept, still.cast(np.float64)]

    _, found, _, _ = repeat(
        table.graph.constant(np.bool_(True)), [counts, *states], [], step, times=estimator.max_doc_update_iter
    )
    found = found.reshape(-1, count)
    return found / found.sum()


def psi(x: Value) -> Value:
    """The digamma function of positive numbers, computed like in scikit-learn: by steps of one until its series is
    valid."""
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
    require_own_end(estimator)
    if estimator.solver == "mu":
        return multiplied(estimator, not_negative(table.numbers), estimator.max_iter)
    if estimator.shuffle:
        raise NotImplementedError("shuffle=True changes the order at random; leave it out")
    return descended(estimator, not_negative(table.numbers))


@converts("sklearn.MiniBatchNMF")
def non_negative_factors_by_batches(estimator: Any, table: Table) -> Value:
    """The original accepts negative values. It starts from the mean of all rows that it is given, and its answer to a
    row with a negative value depends on that mean. Such rows are in doubt, and the graph refuses them."""
    require_own_end(estimator)
    reason = "have negative values, whose factors depend on the rows beside them; train it on values from 0 on"
    is_negative = (table.numbers < 0.0).cast(np.float64).max() > 0.0
    table.graph.doubt(is_negative, f"{where(table, estimator)} cannot be exported: {{}} {reason}")
    return multiplied(estimator, not_negative(table.numbers), estimator._transform_max_iter)


def require_own_end(estimator: Any) -> None:
    if estimator.tol > 0:
        raise NotImplementedError(
            f"with tol={estimator.tol}, all rows of a call decide when it stops, so that its answer to a row depends "
            "on the rows beside it; use tol=0, which can be set after the fit too"
        )


def descended(estimator: Any, x: Value) -> Value:
    """Coordinate descent from zero, one component after another. It stops when nothing changes any more, or after the
    original's number of rounds."""
    components = dense(estimator.components_)
    l1, _, l2, _ = penalties(estimator)
    width = len(components)
    hessian = components @ components.T
    hessian[np.diag_indices(width)] += l2
    projected = x @ components.T - l1

    def step(projected: Value, weights: Value) -> list[Value]:
        graph, new = weights.graph, weights
        for place in np.flatnonzero(np.diag(hessian)):
            gradient = new @ hessian[:, [place]] - projected.columns([place])
            moved = (new - gradient / hessian[place, place]).maximum(0.0)
            new = graph.where(np.arange(width)[None] == place, moved, new)
        return [any_of(~new.equals(weights)), projected, new]

    return until_still(step, projected, projected * 0.0, width, estimator.max_iter)


def multiplied(estimator: Any, x: Value, times: int) -> Value:
    """Multiplicative updates. All weights start at the root of the mean of all rows. The first update removes any
    dependence on it: it is a factor of both the weights and what they are divided by."""
    components, loss = dense(estimator.components_), estimator._beta_loss
    if any(penalties(estimator)[::2]):
        raise NotImplementedError(
            "with alpha_W its updates keep something of the mean of all rows that it is given, so that its answer to a "
            "row depends on the rows beside it; use alpha_W=0, or NMF with solver='cd'"
        )
    if loss not in (1, 2):
        raise NotImplementedError(f"beta_loss={estimator.beta_loss!r} has no converter; use 'frobenius'")
    # In the type of the fit, which may be float32.
    fitted = np.asarray(estimator.components_)
    products, total = dense(fitted @ fitted.T), dense(np.sum(fitted, axis=1))[None]

    def step(given: Value, weights: Value) -> list[Value]:
        if loss == 2:
            above, below = given, weights @ products
            below = weights.graph.where(below.equals(0.0), LEAST, below)
        else:
            made = weights @ components
            above = (given / weights.graph.where(made < LEAST, LEAST, made)) @ components.T
            below = np.where(total == 0, LEAST, total)
        new = weights * (above / below)
        return [any_of(~new.equals(weights)), given, new]

    projected = x @ components.T
    given = projected if loss == 2 else x
    return until_still(step, given, projected * 0.0 + 1.0, len(components), times)


def until_still(step: Callable[..., list[Value]], given: Value, start: Value, width: int, times: int) -> Value:
    """The weights [N, width] after `times` steps, or when no row's weights change any more."""
    _, weights = repeat(given.graph.constant(np.bool_(True)), [given, start], [], step, times=times)
    return weights.reshape(-1, width)


def penalties(estimator: Any) -> tuple[float, ...]:
    """The penalties for one row: on the absolute values of weights and of components, then on their squares."""
    return estimator._compute_regularization(np.empty((1, estimator.components_.shape[1])))


def not_negative(x: Value) -> Value:
    """Refuses rows with a negative value, as the original does."""
    x.graph.refuse(x < 0.0)
    return x


def any_of(x: Value) -> Value:
    """Whether any element of a boolean [N, W] is true: a boolean without dimensions."""
    return (x.cast(np.float64).reshape(-1).max(axis=0, keepdims=False)) > 0.0
