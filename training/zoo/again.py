"""Compares a written package with its original on rows in the form that the original takes, such as a frame."""

from __future__ import annotations

from typing import Any

import numpy as np

from sepal_export import Column
from sepal_export.data.dataset import Dataset, Rows, read_dataset
from sepal_export.data.predictions import predictions_of
from sepal_export.proof.verify import Comparison, differ, errors_of, is_finite
from zoo.asked import Package


def compared_fresh(package: Package, X: Any, seed: int) -> tuple[int, Comparison]:
    """Asks package and original for the rows of X. Leaves out rows that the service refuses, and rows whose answer
    by the original depends on chance. Returns the number of rows that were asked, and the comparison."""
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
    """The rows of X, with the features that the package kept, and for each row whether it is asked, as booleans [N]."""
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
    """The rows of X, a table with the same columns as `dataset`. They are read with the types of `dataset`."""
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
