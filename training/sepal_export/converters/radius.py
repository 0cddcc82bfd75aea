"""Neighbours within a radius: the labels of all training rows that are close enough, or the mean of their values."""

from __future__ import annotations

from typing import Any

import numpy as np

from sepal_export.converters.nearest import USE_KD_TREE, nothing, require_weights, targets_of
from sepal_export.converters.search import Search, any_of, search_of
from sepal_export.graphs.graph import Value
from sepal_export.graphs.parts import each_row
from sepal_export.graphs.table import Classification, Several, Table
from sepal_export.registry import converts, where


@converts("sklearn.RadiusNeighborsClassifier")
def radius_classifier(estimator: Any, table: Table) -> Classification | Several:
    targets, search = targets_of(estimator), search_of(estimator, table.numbers)
    shares = np.concatenate([np.eye(len(known))[codes] for known, codes in targets], axis=1)
    total, _ = sums_within(estimator, search, table, shares[search.rows])
    ends = np.cumsum([len(known) for known, _ in targets])
    parts = [
        by_shares(table.numbers, total.columns(np.arange(end - len(known), end)), outlier_of(estimator, known, place))
        for place, ((known, _), end) in enumerate(zip(targets, ends, strict=True))
    ]
    return Several(tuple(parts)) if estimator.outputs_2d_ else parts[0]


def outlier_of(estimator: Any, known: np.ndarray, place: int) -> np.ndarray:
    """[K]: the probabilities for a row without neighbours; NaN if the original refuses it."""
    if estimator.outlier_label_ is None:
        return np.full(len(known), np.nan)
    is_label = known == estimator.outlier_label_[place]
    if not is_label.any():
        raise NotImplementedError(
            f"outlier_label={estimator.outlier_label!r} is not one of its classes, and a model answers one of these; "
            "use outlier_label='most_frequent', or leave it out, and a row without neighbours is refused"
        )
    return is_label.astype(np.float64)


def by_shares(x: Value, total: Value, alone: np.ndarray) -> Classification:
    sum_of_all = total.sum()
    probabilities = x.graph.where(sum_of_all.equals(0.0), alone.reshape(1, -1), total / sum_of_all)
    return Classification(probabilities.argmax(), probabilities + nothing(x))


@converts("sklearn.RadiusNeighborsRegressor")
def radius_regressor(estimator: Any, table: Table) -> Value:
    y, search = np.asarray(estimator._y), search_of(estimator, table.numbers)
    values = y.reshape(len(y), -1)
    if y.dtype == np.float32:
        table.graph.loosen(1e-6)
    total, weight = sums_within(estimator, search, table, values.astype(np.float64)[search.rows])
    with np.errstate(invalid="ignore"):
        # scikit-learn fills with NaN; for integers, with the smallest one.
        alone = np.full_like(values[:1], np.nan).astype(np.float64)
    return table.graph.where(weight.equals(0.0), alone, total / weight) + nothing(table.numbers)


def sums_within(estimator: Any, search: Search, table: Table, values: np.ndarray) -> tuple[Value, Value]:
    """[N, T]: the sums of the points' `values` [S, T] within the radius, times their weights; and [N, 1]: the sum of
    the weights."""
    is_weighted, x = require_weights(estimator, search), table.numbers
    limit = search.reduced_of(float(estimator.radius))
    if search.is_rounded:
        has_tree = search.metric != "cosine" and not search.rounding_before
        out = f"{USE_KD_TREE}, or choose a radius" if has_tree else "choose a radius"
        reason = (
            "lie at its radius from a training row to within rounding errors, so that whether the original counts it "
            f"differs between machines; {out} that no two rows have as their distance"
        )
        in_doubt = each_row(x, [1], lambda row: [search.is_at(row, limit)])[0]
        x.graph.doubt(in_doubt, f"{where(table, estimator)} cannot be exported: {{}} {reason}")

    def of_row(row: Value) -> list[Value]:
        reduced = search.reduced(row)
        weights = (reduced <= limit).cast(np.float64)
        if is_weighted:
            distances = search.distance(reduced)
            is_here = distances.equals(0.0).cast(np.float64)
            near = row.graph.where(weights > 0.0, 1.0 / distances, 0.0)
            weights = row.graph.where(any_of(is_here > 0.0), is_here, near)
        return [weights.reshape(1, -1) @ values, weights.sum(axis=0)]

    total, weight = each_row(x, [values.shape[1], 1], of_row)
    return total, weight
