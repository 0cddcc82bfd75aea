"""Rows as sums of few atoms of a dictionary."""

from __future__ import annotations

from typing import Any

import numpy as np

from sepal_export.converters.pairwise import dense
from sepal_export.graphs.graph import Value
from sepal_export.graphs.table import Table
from sepal_export.registry import converts

EPSILON = float(np.finfo(np.float64).eps)
# The most atoms in the sum of one row. Each further one adds nodes that choose it and recompute all weights.
MOST_ATOMS = 16


@converts("sklearn.DictionaryLearning", "sklearn.MiniBatchDictionaryLearning")
def learned_dictionary(estimator: Any, table: Table) -> Value:
    return encode(estimator, dense(estimator.components_), table.numbers)


@converts("sklearn.SparseCoder")
def given_dictionary(estimator: Any, table: Table) -> Value:
    return encode(estimator, dense(estimator.dictionary), table.numbers)


def encode(estimator: Any, atoms: np.ndarray, x: Value) -> Value:
    """[N, F] by atoms [K, F] → [N, K], or [N, 2K] where the signs are split."""
    products = x @ atoms.T
    match estimator.transform_algorithm:
        case "threshold":
            code = soft_threshold(products, threshold_of(estimator))
            code = code.maximum(0.0) if estimator.positive_code else code
        case "omp":
            count = estimator.transform_n_nonzero_coefs
            code = pursuit(products, atoms @ atoms.T, int(count or min(max(atoms.shape[1] / 10, 1), len(atoms))))
        case other:
            raise NotImplementedError(
                f"transform_algorithm={other!r} takes as many steps as a row needs, and has no converter; use "
                "transform_algorithm='omp' or 'threshold'"
            )
    return x.graph.concat([code.maximum(0.0), -code.minimum(0.0)]) if estimator.split_sign else code


def threshold_of(estimator: Any) -> float:
    alpha = estimator.transform_alpha
    alpha = getattr(estimator, "alpha", None) if alpha is None else alpha
    return 1.0 if alpha is None else float(alpha)


def soft_threshold(products: Value, threshold: float) -> Value:
    return products.graph.node("Sign", products) * (products.abs() - threshold).maximum(0.0)


def pursuit(products: Value, gram: np.ndarray, count: int) -> Value:
    """Orthogonal matching pursuit: chooses the atom that explains most of the residual until there are `count`, and
    computes the weights of all chosen atoms by a growing Cholesky decomposition. A row stops if no atom explains
    anything, or only atoms that depend on earlier ones do."""
    if count > MOST_ATOMS:
        raise NotImplementedError(
            f"transform_n_nonzero_coefs={count} makes too large a graph; use {MOST_ATOMS} at most"
        )
    graph, atoms = products.graph, len(gram)
    left, goes_on, lower, chosen, weights = products, None, [], [], []
    for step in range(count):
        place = left.abs().argmax()
        is_chosen = place.reshape(-1, 1).equals(np.arange(atoms))
        gain = of(left, is_chosen)
        may = gain * gain >= EPSILON
        for _, other, _ in chosen:
            may = may & ~(other & is_chosen).cast(np.float64).max().cast(np.bool_)
        row = solve_lower(lower, [of(gram_row, is_chosen) for _, _, gram_row in chosen])
        rest = graph.constant(np.diag(gram).copy()).rows(place).reshape(-1, 1)
        if row:
            rest = rest - sum_of([value * value for value in row])
            may = may & (rest > EPSILON)
        goes_on = may if goes_on is None else goes_on & may
        lower.append([*row, rest.sqrt()])
        chosen.append((place, is_chosen, graph.constant(gram).rows(place)))
        found = solve_upper(lower, solve_lower(lower, [of(products, mask) for _, mask, _ in chosen]))
        before = [*weights, None]
        weights = [
            graph.where(goes_on, new, 0.0 if old is None else old) for new, old in zip(found, before, strict=True)
        ]
        if step + 1 < count:
            left = products - sum_of([w * gram_row for w, (_, _, gram_row) in zip(weights, chosen, strict=True)])
    return sum_of([graph.where(mask, w, 0.0) for w, (_, mask, _) in zip(weights, chosen, strict=True)])


def of(values: Value, mask: Value) -> Value:
    """[N, K], with a mask that is true once per row → [N, 1]."""
    return values.graph.where(mask, values, 0.0).sum()


def sum_of(values: list[Value]) -> Value:
    total = values[0]
    for value in values[1:]:
        total = total + value
    return total


def solve_lower(lower: list[list[Value]], right: list[Value]) -> list[Value]:
    """Solves L x = right by forward substitution. Row i of L has its i + 1 nonzero values, each [N, 1]."""
    x: list[Value] = []
    for row, value in zip(lower, right, strict=True):
        for factor, known in zip(row, x, strict=False):
            value = value - factor * known
        x.append(value / row[-1])
    return x


def solve_upper(lower: list[list[Value]], right: list[Value]) -> list[Value]:
    """Solves Lᵀ x = right by backward substitution."""
    x: list[Value] = [None] * len(right)
    for i in reversed(range(len(right))):
        value = right[i]
        for j in range(i + 1, len(right)):
            value = value - lower[j][i] * x[j]
        x[i] = value / lower[i][i]
    return x
