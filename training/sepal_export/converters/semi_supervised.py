"""Classifiers that were trained on rows with and without a label."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.utils.extmath import row_norms

from sepal_export.converters.pairwise import dense
from sepal_export.registry import convert, converts
from sepal_export.table import Classification, Table


@converts("sklearn.SelfTrainingClassifier")
def self_training(estimator: Any, table: Table) -> Classification:
    return convert(estimator.estimator_, table)


@converts("sklearn.LabelPropagation", "sklearn.LabelSpreading")
def label_propagation(estimator: Any, table: Table) -> Classification:
    """Means of the training rows' labels, weighted by how near they are."""
    if estimator.kernel != "rbf":
        kernel = repr(estimator.kernel) if isinstance(estimator.kernel, str) else "of Python code"
        raise NotImplementedError(f"its kernel {kernel} has no converter; use kernel='rbf'")
    x, points = table.numbers, dense(estimator.X_)
    # Added up in the order that scikit-learn has for distances from its points to the row.
    distances = (x @ points.T * -2.0 + row_norms(points, squared=True) + (x * x).sum()).maximum(0.0)
    weights = (distances * -float(estimator.gamma)).exp()
    sums = weights @ np.asarray(estimator.label_distributions_, dtype=np.float64)
    probabilities = sums / sums.sum()
    return Classification(probabilities.argmax(), probabilities)
