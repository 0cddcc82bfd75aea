"""Classifiers that were trained on rows with and without a label."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.utils.extmath import row_norms

from sepal_export.converters.nearest import nothing
from sepal_export.converters.pairwise import dense
from sepal_export.converters.rounding import squared_distances_at
from sepal_export.converters.search import search_of
from sepal_export.graphs.graph import Value
from sepal_export.graphs.table import Classification, Table
from sepal_export.registry import convert, converts, where


@converts("sklearn.SelfTrainingClassifier")
def self_training(estimator: Any, table: Table) -> Classification:
    return convert(estimator.estimator_, table)


@converts("sklearn.LabelPropagation", "sklearn.LabelSpreading")
def label_propagation(estimator: Any, table: Table) -> Classification:
    """The mean of the training rows' labels: of all rows weighted by closeness, or of the nearest."""
    match estimator.kernel:
        case "rbf":
            sums = weighted_sums(estimator, table.numbers)
        case "knn":
            sums = sums_of_nearest(estimator, table)
        case _:
            raise NotImplementedError("its kernel is Python code; use kernel='rbf' or kernel='knn'")
    probabilities = sums / sums.sum()
    return Classification(probabilities.argmax(), probabilities)


def weighted_sums(estimator: Any, x: Value) -> Value:
    """[N, K]."""
    points = dense(estimator.X_)
    x.graph.expect_rounding(float(estimator.gamma) * squared_distances_at(x, points)[1])
    # Added up in the order in which scikit-learn computes distances from its points to the row. This order decides ties
    # midway between two points.
    distances = (x @ points.T * -2.0 + row_norms(points, squared=True) + (x * x).sum()).maximum(0.0)
    weights = (distances * -float(estimator.gamma)).exp()
    return weights @ distributions_of(estimator)


def sums_of_nearest(estimator: Any, table: Table) -> Value:
    """[N, K]."""
    x, count = table.numbers, int(estimator.n_neighbors)
    search = search_of(estimator.nn_fit, x)
    distributions = distributions_of(estimator)[search.rows]
    in_doubt = search.is_in_doubt(x, count, distributions)
    if in_doubt is not None:
        reason = (
            f"have neighbours with different labels at the distance of neighbour number {count}, to within rounding "
            "errors, so that the original's choice among them differs between machines; use kernel='rbf'"
        )
        x.graph.doubt(in_doubt, f"{where(table, estimator)} cannot be exported: {{}} {reason}")
    _, places = search.nearest(x, count, distributions)
    return x.graph.constant(distributions).rows(places).sum(axis=1, keepdims=False) + nothing(x)


def distributions_of(estimator: Any) -> np.ndarray:
    """[S, K]: the share of each class in a training row."""
    return np.asarray(estimator.label_distributions_, dtype=np.float64)
