"""Compares a written package with its original on rows other than those of the proof."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import numpy as np

from sepal_export import export
from sepal_export.conversion.convert import Conversion, to_onnx_model
from sepal_export.data.dataset import Dataset, Rows
from sepal_export.data.predictions import OnnxModel, predictions_of
from sepal_export.package import export as package
from sepal_export.proof.points import Points
from sepal_export.proof.verify import Comparison, compare, scale_of
from zoo.data import Data

# The tolerance is that of the proof times this factor: some rounding errors on other rows are larger than the proof's.
DECADE = 10


@dataclass(frozen=True)
class Package:
    """`manifest` and `model` are what was written, and `conversion` is the conversion that the model comes from."""

    estimator: Any
    data: Data
    manifest: dict[str, Any]
    model: OnnxModel
    conversion: Conversion

    @property
    def dataset(self) -> Dataset:
        return self.conversion.dataset

    @cached_property
    def scale(self) -> float | np.ndarray:
        return scale_of(predictions_of(self.estimator, self.data.X))

    @property
    def tolerance(self) -> float:
        return DECADE * self.manifest["parity"]["tolerance"]

    def points(self, seed: int) -> Points:
        """A maker of rows, which leaves out rows whose answer by the original depends on chance."""
        known = self.conversion
        maker = Points(self.dataset, known.known, doubts=known.doubts, rounding=known.rounding, seed=seed)
        maker.find_edges(known.outline, known.splits)
        return maker

    def compared(self, rows: Rows) -> Comparison:
        return compare(self.estimator, self.model, self.dataset, "asked", rows, self.scale, self.tolerance)

    def difference(self, rows: Rows) -> str | None:
        """How the answers of package and original differ; None if they agree."""
        compared = self.compared(rows)
        return first_wrong(compared, len(rows)) if compared.wrong.any() else None


def first_wrong(compared: Comparison, count: int) -> str:
    """Of the `count` rows that were asked: how many differ, and both answers to the first."""
    row = int(np.flatnonzero(compared.wrong)[0])
    expected, actual = (each.take(np.array([row])).to_json() for each in (compared.expected, compared.actual))
    return f"{compared.wrong.sum()} of {count} rows; {expected} and not {actual}"


def packaged(estimator: Any, data: Data) -> Package:
    """Exports the estimator, and raises what an export raises. An export returns no Conversion, so this function takes
    the one that the export makes, in place of converting again. The package has no explanations, to save time: python
    -m zoo proves them."""
    kept = []

    def keeping(*arguments: Any) -> Conversion:
        kept.append(to_onnx_model(*arguments))
        return kept[-1]

    with TemporaryDirectory() as folder, patch.object(package, "to_onnx_model", keeping):
        silent = {"say": lambda _: None, "metrics": False, "background": 0}
        options = {"name": "random", "version": "1", "out": folder, **silent}
        manifest = export(estimator, data.X, data.y, **options)
        content = (Path(folder) / "model.onnx").read_bytes()
    (conversion,) = kept
    model = OnnxModel(content, conversion.dataset, conversion.outputs)
    return Package(estimator, data, manifest, model, conversion)
