"""Compares a written package with its original on rows that have the form that the original takes."""

from __future__ import annotations

from typing import Any

import numpy as np

from sepal_export import Column
from sepal_export.data.dataset import Dataset, Rows, read_dataset
from sepal_export.data.predictions import predictions_of
from sepal_export.proof.verify import Comparison, differ, errors_of, is_finite
from zoo.asked import Package


def compared_fresh(package: Package, X: Any, seed: int) -> tuple[int, Comparison]:
    """The number of rows of X that were asked, and the comparison with the original's answers. Left out are rows
    that the service refuses, and rows that the original answers by chance."""
    rows, is_asked = rows_of(package, X, seed)
    rows, X = rows.take(is_asked), X[is_asked].reset_index(drop=True)
    actual = package.model.predict(rows)
    expected = predictions_of(package.estimator, X, actual.outputs)
    errors = errors_of(expected.scores, actual.scores, package.scale)
    has_none = ~is_finite(expected) & ~is_finite(actual)
    wrong = ~(errors <= package.tolerance) & ~has_none
    if expected.labels is not None:
        wrong |= differ(expected, actual) & ~has_none
    return len(rows), Comparison("asked", rows, expected, actual, errors, wrong)


def rows_of(package: Package, X: Any, seed: int) -> tuple[Rows, np.ndarray]:
    """The rows of X, and whether each [N] is asked."""
    rows = rows_like(read_dataset(package.data.X, None), X)
    rows = Rows(tuple(rows.columns[index] for index in kept(package.data.X, package.dataset)))
    is_asked = np.ones(len(rows), dtype=bool)
    for index, known in package.conversion.known.items():
        is_asked &= np.isin(rows.columns[index].astype(object), np.array([*known, None], dtype=object))
    maker = package.points(seed)
    for by_chance in filter(None, (maker.doubts, maker.edges)):
        is_asked &= ~by_chance(rows)
    return rows, is_asked


def rows_like(dataset: Dataset, X: Any) -> Rows:
    """The rows of X, another table with the columns of `dataset`, whose types it takes over."""
    said = dict(zip(dataset.places, dataset.features, strict=True))
    columns = [
        Column(name, dtype=said[place].dtype, nullable=said[place].nullable) if place in said else Column(name)
        for place, name in enumerate(dataset.names)
    ]
    return read_dataset(X, columns).rows


def kept(X: Any, dataset: Dataset) -> list[int]:
    """The positions, among the features of X, of the features that `dataset` kept."""
    places = read_dataset(X, None).places
    return [places.index(place) for place in dataset.places]
