"""A package that was written, asked for rows that its proof had not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from sepal_export import Column, export
from sepal_export.convert import Conversion, to_onnx_model
from sepal_export.dataset import Dataset, Rows, read_dataset
from sepal_export.points import Points
from sepal_export.predictions import OnnxModel, Predictions, predictions_of
from sepal_export.verify import Comparison, compare, differ, errors_of, is_finite, scale_of
from zoo.data import Data

# Rounding errors of other rows than those of the proof are of the same order, and some of them larger.
DECADE = 10


@dataclass(frozen=True)
class Package:
    """Of an estimator that was fitted to `X`. `points` make rows, and tell those that are answered by chance."""

    estimator: Any
    X: Any
    conversion: Conversion
    model: OnnxModel
    points: Points
    tolerance: float

    def compared(self, rows: Rows) -> Comparison:
        """With what the original answers to the rows as the export writes them for it."""
        return compare(self.estimator, self.model, self.conversion.dataset, "asked", rows, self.scale, self.tolerance)

    def compared_fresh(self, X: Any) -> tuple[int, Comparison]:
        """With what the original answers to a frame or Series like its own, and how many of its rows were asked: those
        that the service takes, and that are not answered by chance."""
        rows, is_asked = self._rows_of(X)
        rows, X = rows.take(is_asked), X[is_asked].reset_index(drop=True)
        actual = self.model.predict(rows)
        expected = predictions_of(self.estimator, X, actual.outputs)
        errors = errors_of(expected.scores, actual.scores, self.scale)
        has_none = ~is_finite(expected) & ~is_finite(actual)
        wrong = ~(errors <= self.tolerance) & ~has_none
        if expected.labels is not None:
            wrong |= differ(expected, actual) & ~has_none
        return len(rows), Comparison("asked", rows, expected, actual, errors, wrong)

    @property
    def scale(self) -> Any:
        return scale_of(predictions_of(self.estimator, self.X))

    def _rows_of(self, X: Any) -> tuple[Rows, np.ndarray]:
        """The rows of X, and which of them [N] are asked."""
        dataset = self.conversion.dataset
        rows = rows_like(read_dataset(self.X, None), X)
        rows = Rows(tuple(rows.columns[index] for index in kept(self.X, dataset)))
        is_asked = np.ones(len(rows), dtype=bool)
        for index, known in self.conversion.known.items():
            is_asked &= np.isin(rows.columns[index].astype(object), np.array([*known, None], dtype=object))
        for by_chance in filter(None, (self.points.doubts, self.points.edges)):
            is_asked &= ~by_chance(rows)
        return rows, is_asked


def package_of(estimator: Any, data: Data, seed: int) -> Package:
    """Exports it, by the seed of the rows that `points` will make. Raises what an export does."""
    with TemporaryDirectory() as folder:
        options = {"name": "again", "version": "1", "out": folder, "metrics": False, "say": lambda _: None}
        manifest = export(estimator, data.X, data.y, **options)
        content = (Path(folder) / "model.onnx").read_bytes()
    conversion = to_onnx_model(estimator, read_dataset(data.X, None))
    points = Points(
        conversion.dataset, conversion.known, doubts=conversion.doubts, rounding=conversion.rounding, seed=seed
    )
    points.find_edges(conversion.outline, conversion.splits)
    model = OnnxModel(content, conversion.dataset, conversion.outputs)
    return Package(estimator, data.X, conversion, model, points, DECADE * manifest["parity"]["tolerance"])


def rows_like(dataset: Dataset, X: Any) -> Rows:
    """The rows of another table of the same columns: a type that its values alone do not tell is the first one's."""
    said = dict(zip(dataset.places, dataset.features, strict=True))
    columns = [
        Column(name, dtype=said[place].dtype, nullable=said[place].nullable) if place in said else Column(name)
        for place, name in enumerate(dataset.names)
    ]
    return read_dataset(X, columns).rows


def kept(X: Any, dataset: Dataset) -> list[int]:
    """Of the features of X, those of a data set of some of them."""
    places = read_dataset(X, None).places
    return [places.index(place) for place in dataset.places]


def first_wrong(compared: Comparison, count: int) -> str:
    """Of the `count` rows that were asked: how many differ, and both answers to the first."""
    row = int(np.flatnonzero(compared.wrong)[0])
    answers: list[Predictions] = [each.take(np.array([row])) for each in (compared.expected, compared.actual)]
    expected, actual = (each.to_json() for each in answers)
    return f"{compared.wrong.sum()} of {count} rows; {expected} and not {actual}"
